"""A small layer around today, so that every role's home has something that waits. It lies years after the pilot
season and touches none of its figures.

Where a deed takes a day, the deed itself is done (`pairing.services`, `tasks.services`), with its audit rows and
notices; what it stamps with the present moment gets its own day afterwards.
"""

import datetime
import uuid

from django.db import models
from django.utils import timezone

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.models import StatusChange
from kumppani.home.demo import work
from kumppani.home.demo.book import at, working_day
from kumppani.home.demo.organisations import COUNTY, Payers
from kumppani.home.demo.pairs import DAYS, Pairing, Plan
from kumppani.home.demo.partners import Partners
from kumppani.home.demo.people import Cast
from kumppani.home.demo.reviews import Asked, everybody, look_back
from kumppani.notices.models import Notice
from pairing import services as pairing
from pairing.models import (
    AcknowledgedHow,
    ContactWay,
    Funding,
    MeetingKind,
    Moment,
    Party,
    PlaceKind,
    RequestBy,
    RequestRoute,
)
from pairing.states import MeetingStatus


class Present:
    """What is going on now."""

    def __init__(
        self, day: datetime.date, book: Pairing, payers: Payers, cast: Cast, partners: Partners
    ) -> None:
        self.today = day
        self.loading_since = timezone.now()
        self.book = book
        self.payers = payers
        self.cast = cast
        self.partners = partners
        self.county = payers.named(COUNTY)
        self.staff = cast.coordinator
        self.satu = cast.workers["Satu"]
        self.mikael = cast.workers["Mikael"]
        # (kind, record): the notices that somebody has not read yet.
        self.unread: set[tuple[str, uuid.UUID]] = set()

    def ago(self, days: int) -> datetime.date:
        """The working day about so many days back."""
        return working_day(self.today - DAYS * days, forward=False)

    def in_(self, days: int) -> datetime.date:
        """The working day about so many days ahead."""
        return working_day(self.today + DAYS * days, forward=True)

    def happened(self, days_ago: int, record: models.Model, **times: datetime.datetime) -> None:
        """What has just been done to the record was done on an earlier day: its moves, and its making if it is new."""
        moment = at(self.ago(days_ago), 10)
        StatusChange.objects.filter(object_id=record.pk, at__gte=self.loading_since).update(at=moment)
        rows = type(record)._base_manager.filter(pk=record.pk)
        rows.filter(created_at__gte=self.loading_since).update(created_at=moment)
        rows.update(updated_at=moment, **times)

    def play(self) -> None:
        self._active()
        self._look_back()
        self._acquainting()
        self._decided()
        self._request()
        work.go_on(self)
        self._looks()
        # Who has acted since has read the notice, too.
        read = [
            notice.pk for notice in Notice.objects.all() if (notice.kind, notice.object_id) not in self.unread
        ]
        Notice.objects.filter(pk__in=read).update(read_at=timezone.now())

    def _active(self) -> None:
        """Two active relationships: one with the next meeting agreed and one not yet logged, one about to run out."""
        jenna = self.book.whole_way(
            Plan(
                parent="Jenna",
                partner="Aino",
                worker=self.satu,
                organisation=self.county,
                grant=self.payers.present,
                started=self.ago(70),
                valid_to=self.in_(110),
                area="Turku",
                contact=(ContactWay.PHONE, "040 000 0201"),
            ),
            self.partners.by_name,
        )
        self.book.meetings(jenna, [self.ago(days) for days in (63, 52, 45, 31, 24, 12)])
        self.book.meetings(jenna, [self.ago(38)], MeetingStatus.CANCELLED)
        self.book.meetings(jenna, [self.ago(3)], MeetingStatus.PLANNED)
        aino = self.cast.acting("Aino", Role.PARTNER)
        (planned,) = pairing.plan_meeting(
            relationship=jenna.relationship,
            by=aino,
            date=self.in_(2),
            starts_at=datetime.time(17, 0),
            kind=MeetingKind.PEER,
            place=PlaceKind.CAFE,
        )
        self.happened(3, planned)
        petra = self.book.whole_way(
            Plan(
                parent="Petra",
                partner="Kaisa",
                worker=self.mikael,
                organisation=self.county,
                grant=None,
                started=self.ago(150),
                valid_to=self.in_(20),
                language="sv",
                asked_by=RequestBy.PARENT,
                route=RequestRoute.PARTNER,
                area="Kaarina",
                paper=True,
            ),
            self.partners.by_name,
        )
        self.book.meetings(petra, [self.ago(days) for days in (140, 126, 105, 91, 77, 56, 42, 28, 9)])
        self.book.meetings(petra, [self.ago(64)], MeetingStatus.NO_SHOW)
        kaisa = self.cast.acting("Kaisa", Role.PARTNER)
        (next_one,) = pairing.plan_meeting(
            relationship=petra.relationship,
            by=kaisa,
            date=self.in_(6),
            starts_at=datetime.time(13, 0),
            kind=MeetingKind.PEER,
            place=PlaceKind.OUTDOORS,
        )
        self.happened(9, next_one)
        self.unread |= {("meeting_planned", planned.pk), ("meeting_planned", next_one.pk)}
        self.jenna, self.petra = jenna.relationship, petra.relationship

    def _look_back(self) -> None:
        """Each has looked back once. Jenna's social worker has not answered yet; Petra's closing meeting is near."""
        screen = AcknowledgedHow.SCREEN
        reviewed, twice = self.ago(24), everybody(parent=screen)
        del twice[Party.WORKER]
        look_back(
            self.jenna,
            "fi",
            [
                Asked(Moment.START, self.jenna.started_on, how=everybody(parent=screen)),
                Asked(Moment.REVIEW, reviewed, further=1, how=twice),
            ],
            [(reviewed, [0, -1])],
        )
        first, second = self.ago(100), self.ago(30)
        look_back(
            self.petra,
            "sv",
            [
                Asked(Moment.START, self.petra.started_on, how=everybody(parent=AcknowledgedHow.PAPER)),
                Asked(Moment.REVIEW, first, further=1, how=everybody(parent=AcknowledgedHow.PAPER)),
                Asked(Moment.REVIEW, second, further=2, how=everybody(parent=AcknowledgedHow.PAPER)),
            ],
            [(first, [-1, -1]), (second, [1, 0])],
        )

    def _new_request(self, name: str, worker, days_ago: int, **facts):
        actor = self.cast.decider(worker)
        parent = self.book.parent(name, worker, self.ago(days_ago), facts.pop("language", "fi"))
        record(actor, Action.CREATE, parent)
        request = pairing.record_request(
            by=actor,
            social_worker=worker,
            parent=parent,
            parent_agrees=True,
            on=self.ago(days_ago),
            **facts,
        )
        self.happened(days_ago, request)
        return request

    def _pair(self, request, partner: str, days_ago: int):
        relationship = pairing.propose_pair(
            request=request, partner=self.partners.named(partner), by=self.staff, on=self.ago(days_ago)
        )
        self.happened(days_ago, relationship)
        self.happened(days_ago, request)
        return relationship

    def _yes(self, relationship, party: str, by, days_ago: int) -> None:
        answer = pairing.answer_pair(
            relationship=relationship, party=party, yes=True, by=by, on=self.ago(days_ago)
        )
        self.happened(days_ago, answer)
        self.happened(days_ago, relationship)

    def _acquainting(self) -> None:
        """The parent has said yes; Leo has not answered yet."""
        request = self._new_request("Tiia", self.satu, 13, asked_by=RequestBy.TOGETHER, area="Turku")
        relationship = self._pair(request, "Leo", 6)
        self._yes(relationship, Party.PARENT, self.cast.decider(self.satu), 1)
        self.unread.add(("pair_answer", relationship.pk))

    def _decided(self) -> None:
        """The decision is made; the start meeting is still to be held."""
        request = self._new_request(
            "Niko",
            self.satu,
            24,
            asked_by=RequestBy.WORKER,
            route=RequestRoute.PARTNER,
            chosen_partner=self.partners.named("Aino"),
            area="Turku",
        )
        relationship = self._pair(request, "Aino", 17)
        worker = self.cast.decider(self.satu)
        aino = self.cast.acting("Aino", Role.PARTNER)
        self._yes(relationship, Party.PARTNER, aino, 10)
        self._yes(relationship, Party.PARENT, worker, 9)
        relationship.refresh_from_db()
        decision = pairing.record_decision(
            relationship=relationship,
            by=worker,
            is_positive=True,
            made_on=self.ago(4),
            reference=f"KEKSITTY {self.today.year}/1",
            legal_ground=self.book.ground,
            valid_from=self.ago(4),
            valid_to=self.in_(180),
            funding=Funding.GRANT,
            grant=self.payers.present,
        )
        self.happened(4, decision)
        self.happened(4, relationship)
        self.unread.add(("decision_made", relationship.pk))

    def _request(self) -> None:
        """One request waits for a partner."""
        request = self._new_request("Mira", self.mikael, 6, asked_by=RequestBy.TOGETHER, area="Kaarina")
        self.unread.add(("request_waiting", request.pk))

    def _looks(self) -> None:
        """Who has looked at the parents' data: what "who has used my data" shows from the first day on."""
        for relationship in (self.jenna, self.petra):
            partner = self.cast.acting(relationship.partner.first_name, Role.PARTNER)
            record(self.cast.decider(relationship.social_worker), Action.VIEW, relationship)
            record(self.staff, Action.VIEW, relationship.parent)
            record(partner, Action.VIEW, relationship)
