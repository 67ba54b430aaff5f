"""Writing a relationship's whole way down, in the order in which R1 lets it become active.

The triggers look at every row we write: decision, start meeting, agreement, goals and three acknowledgements stand
before the relationship is active, exactly as in life.
"""

import datetime
from dataclasses import dataclass, field

from kumppani.accounts.actor import Actor
from kumppani.accounts.roles import Role
from kumppani.home.demo.book import History, at, case_code, demo_id, working_days, write
from kumppani.home.demo.people import Cast
from kumppani.organisations.models import Grant, Organisation
from pairing.models import (
    AcknowledgedHow,
    Acknowledgement,
    Agreement,
    BenefitArea,
    ContactRequest,
    ContactWay,
    Decision,
    ExperiencePartner,
    Funding,
    Goal,
    GuideKind,
    GuideText,
    LegalGround,
    Meeting,
    MeetingKind,
    PairAnswer,
    Parent,
    Party,
    PlaceKind,
    Relationship,
    RequestBy,
    RequestRoute,
    SocialWorker,
    StartMeeting,
)
from pairing.states import MeetingStatus, RelationshipStatus, RequestStatus

GOALS = {
    "fi": [
        (BenefitArea.PEER_SUPPORT, "Että joku tietää, miltä tämä tuntuu."),
        (BenefitArea.MEETINGS, "Saan palaverissa sanottua oman asiani."),
        (BenefitArea.COOPERATION, "Uskallan soittaa sosiaalityöntekijälle itse."),
        (BenefitArea.OPENNESS, "Ettei minun tarvitse hävetä."),
        (BenefitArea.SERVICES, "Tiedän, kuka auttaa missäkin asiassa."),
        (BenefitArea.PARENTHOOD, "Jaksan arjessa ja luotan itseeni vanhempana."),
    ],
    "sv": [
        (BenefitArea.PEER_SUPPORT, "Att någon vet hur det här känns."),
        (BenefitArea.MEETINGS, "Att jag får min sak sagd på mötena."),
        (BenefitArea.COOPERATION, "Att jag vågar ringa socialarbetaren själv."),
        (BenefitArea.OPENNESS, "Att jag inte behöver skämmas."),
        (BenefitArea.SERVICES, "Att jag vet vem som hjälper med vad."),
        (BenefitArea.PARENTHOOD, "Att jag orkar i vardagen och litar på mig själv som förälder."),
    ],
}
TOLD = {
    "fi": "Vain se, kuinka monta kertaa on tavattu. Muusta puhutaan yhdessä.",
    "sv": "Bara hur många gånger vi har träffats. Om annat talar vi tillsammans.",
}
CONTACT_WAYS = {
    "fi": "Tekstiviestillä, arkisin kello 9–20. Soitetaan, jos sovitaan niin.",
    "sv": "Med textmeddelande, vardagar klockan 9–20. Vi ringer om vi har kommit överens om det.",
}
CANCELLING = {
    "fi": "Viestillä edellisenä päivänä. Jos jotakin tulee äkkiä, heti kun voi.",
    "sv": "Med ett meddelande dagen innan. Om något kommer emellan, genast när man kan.",
}

# What meetings are like, in turns: (kind, place, minutes).
MEETINGS = [
    (MeetingKind.PEER, PlaceKind.CAFE, 90),
    (MeetingKind.PEER, PlaceKind.OUTDOORS, 60),
    (MeetingKind.CALL, PlaceKind.REMOTE, 45),
    (MeetingKind.PEER, PlaceKind.HOME, 120),
    (MeetingKind.ACCOMPANIED, PlaceKind.OFFICE, 75),
    (MeetingKind.PEER, PlaceKind.CAFE, 90),
    (MeetingKind.PEER, PlaceKind.OTHER, 60),
    (MeetingKind.THREE_PARTY, PlaceKind.OFFICE, 60),
]
TIMES = [datetime.time(17, 0), datetime.time(10, 30), datetime.time(13, 0), datetime.time(18, 0)]
DAYS = datetime.timedelta(days=1)


def weekday_before(day: datetime.date, days: int) -> datetime.date:
    """A working day about so many days earlier."""
    return working_days(day - DAYS * (days + 7), day - DAYS * days)[-1]


@dataclass
class Plan:
    """A relationship as it shall be. `started` and `ended` are the days, None where it has not come so far."""

    parent: str
    partner: str
    worker: SocialWorker
    organisation: Organisation
    grant: Grant | None  # the project's grant, or None when the organiser pays
    started: datetime.date
    ended: datetime.date | None = None
    valid_to: datetime.date | None = None
    language: str = "fi"
    asked_by: RequestBy = RequestBy.TOGETHER
    route: RequestRoute = RequestRoute.STAFF
    area: str = ""
    contact: tuple[ContactWay, str] = (ContactWay.THROUGH_WORKER, "")
    paper: bool = False  # one of the three acknowledged on paper
    first_try: tuple[str, datetime.date] | None = None  # a partner with whom it did not come about


@dataclass
class Pair:
    """What has been written of a relationship, for its meetings to hold on to."""

    relationship: Relationship
    goals: list[Goal] = field(default_factory=list)
    turn: int = 0
    taken: set[datetime.date] = field(default_factory=set)  # days on which the two have something already

    def free_day(self, day: datetime.date) -> datetime.date:
        """This day, or the next one that is free."""
        while day in self.taken:
            day += DAYS
        self.taken.add(day)
        return day


class Pairing:
    """Writes parents, requests, relationships and meetings."""

    def __init__(self, cast: Cast, ground: LegalGround) -> None:
        self.cast = cast
        self.ground = ground
        self.ground_rules = GuideText.objects.current(GuideKind.GROUND_RULES)
        self.history = History()
        self.pairs: dict[str, Pair] = {}
        self.count = 0

    # --- people and requests -------------------------------------------------------------------------------
    def parent(
        self,
        name: str,
        worker: SocialWorker,
        since: datetime.date,
        language: str = "fi",
        contact: tuple[ContactWay, str] = (ContactWay.THROUGH_WORKER, ""),
    ) -> Parent:
        """A parent, recorded with the first request; with an account if the cast has one of this name."""
        user = self.cast.users.get(name)
        parent = Parent(
            pk=demo_id("parent", name),
            first_name=name,
            case_code=case_code(name),
            contact_way=contact[0],
            contact=contact[1],
            language=language,
            social_worker=worker,
            user=user,
            created_at=at(since),
        )
        write([parent])
        if user is not None:
            user.grant_role(Role.PARENT, by=self.cast.coordinator)
        return parent

    def request(
        self,
        parent: Parent,
        on: datetime.date,
        *,
        asked_by: str = RequestBy.WORKER,
        route: str = RequestRoute.STAFF,
        chosen: ExperiencePartner | None = None,
        area: str = "",
        status: str = RequestStatus.WAITING,
    ) -> ContactRequest:
        """A contact request in the state it has reached; who calls adds how it got there."""
        request = ContactRequest(
            pk=demo_id("request", parent.first_name, on),
            parent=parent,
            social_worker=parent.social_worker,
            by=asked_by,
            route=route,
            chosen_partner=chosen,
            area=area,
            parent_agrees=True,
            received_on=on,
            status=status,
            created_at=at(on),
        )
        write([request])
        return request

    # --- the way of a pair ---------------------------------------------------------------------------------
    def propose(
        self,
        request: ContactRequest,
        partner: ExperiencePartner,
        organisation: Organisation,
        on: datetime.date,
        status: str = RelationshipStatus.ACQUAINTING,
    ) -> Relationship:
        """A pair: the two are getting acquainted, or it has led nowhere."""
        relationship = Relationship(
            pk=demo_id("relationship", request.pk, partner.pk),
            request=request,
            parent=request.parent,
            partner=partner,
            social_worker=request.social_worker,
            organisation=organisation,
            proposed_on=on,
            status=status,
            created_at=at(on, 10),
        )
        write([relationship])
        self.history.add(
            request, (RequestStatus.WAITING, RequestStatus.MATCHED, at(on, 10), self.cast.coordinator)
        )
        return relationship

    def answers(self, relationship: Relationship, **given: tuple[bool, datetime.date]) -> None:
        """What the two have said: partner=(yes, day), parent=(yes, day)."""
        write(
            PairAnswer(
                pk=demo_id("answer", relationship.pk, party),
                relationship=relationship,
                party=party,
                yes=yes,
                answered_on=day,
                recorded_by=self.cast.coordinator.user,
                created_at=at(day, 14),
            )
            for party, (yes, day) in given.items()
        )

    def no_match(
        self,
        request: ContactRequest,
        partner: ExperiencePartner,
        organisation: Organisation,
        on: datetime.date,
    ) -> None:
        """The parent says no after getting acquainted; the request waits on (R6)."""
        said = on + DAYS * 10
        relationship = self.propose(request, partner, organisation, on, RelationshipStatus.NO_MATCH)
        self.answers(relationship, partner=(True, on + DAYS * 7), parent=(False, said))
        by = self.cast.coordinator
        self.history.add(
            relationship,
            (RelationshipStatus.ACQUAINTING, RelationshipStatus.NO_MATCH, at(said, 14), by),
        )
        self.history.add(request, (RequestStatus.MATCHED, RequestStatus.WAITING, at(said, 14), by))

    def decide(
        self,
        relationship: Relationship,
        on: datetime.date,
        *,
        positive: bool = True,
        valid_from: datetime.date | None = None,
        valid_to: datetime.date | None = None,
        grant: Grant | None = None,
    ) -> None:
        """The social worker's decision (B27)."""
        self.count += 1
        write(
            [
                Decision(
                    pk=demo_id("decision", relationship.pk),
                    relationship=relationship,
                    is_positive=positive,
                    made_on=on,
                    maker=relationship.social_worker,
                    organisation=relationship.organisation,
                    reference=f"KEKSITTY {on.year}/{self.count:03}",
                    legal_ground=self.ground,
                    valid_from=valid_from,
                    valid_to=valid_to,
                    funding="" if not positive else Funding.GRANT if grant else Funding.ORGANISER,
                    grant=grant if positive else None,
                    created_at=at(on, 11),
                )
            ]
        )

    def whole_way(self, plan: Plan, partners: dict[str, ExperiencePartner]) -> Pair:
        """From the request to the active relationship, and to its end if it has one."""
        S = RelationshipStatus
        partner = partners[plan.partner]
        proposed, agreed, decided = (weekday_before(plan.started, days) for days in (18, 12, 5))
        asked = weekday_before(
            plan.first_try[1] if plan.first_try else plan.started, 8 if plan.first_try else 26
        )
        parent = self.parent(plan.parent, plan.worker, asked, plan.language, plan.contact)
        request = self.request(
            parent,
            asked,
            asked_by=plan.asked_by,
            route=plan.route,
            chosen=partner if plan.route == RequestRoute.PARTNER else None,
            area=plan.area,
            status=RequestStatus.MATCHED,
        )
        if plan.first_try:
            self.no_match(request, partners[plan.first_try[0]], plan.organisation, plan.first_try[1])
        relationship = self.propose(request, partner, plan.organisation, proposed)
        self.answers(relationship, partner=(True, agreed - DAYS), parent=(True, agreed))
        valid_to = plan.valid_to or plan.started + DAYS * 182
        self.decide(relationship, decided, valid_from=decided, valid_to=valid_to, grant=plan.grant)
        goals = self._start_meeting(relationship, plan, valid_to)
        # Only now: the database asks for all of the above.
        relationship.status = S.ACTIVE
        relationship.started_on = relationship.active_since = plan.started
        relationship.save(update_fields=["status", "started_on", "active_since"])
        worker, staff = self.cast.decider(plan.worker), self.cast.coordinator
        self.history.add(
            relationship,
            (S.ACQUAINTING, S.PROPOSED, at(agreed, 14), staff),
            (S.PROPOSED, S.DECIDED, at(decided, 11), worker),
            (S.DECIDED, S.ACTIVE, at(plan.started, 15), worker),
        )
        if plan.ended:
            relationship.status = S.ENDED
            relationship.ended_on = plan.ended
            relationship.save(update_fields=["status", "ended_on"])
            self.history.add(relationship, (S.ACTIVE, S.ENDED, at(plan.ended, 16), worker))
        pair = Pair(relationship, goals, turn=len(self.pairs))
        self.pairs[plan.parent] = pair
        return pair

    def _start_meeting(self, relationship: Relationship, plan: Plan, valid_to: datetime.date) -> list[Goal]:
        day = plan.started
        write(
            [
                StartMeeting(
                    pk=demo_id("start meeting", relationship.pk),
                    relationship=relationship,
                    worker_present=True,
                    partner_present=True,
                    parent_present=True,
                    held_on=day,
                    opened_by=plan.worker.user,
                    created_at=at(day, 14),
                )
            ]
        )
        agreement = Agreement(
            pk=demo_id("agreement", relationship.pk),
            relationship=relationship,
            starts_on=day,
            ends_on=valid_to,
            meetings_per_month=3 if len(self.pairs) % 2 else 2,
            told_to_worker=TOLD[plan.language],
            contact_ways=CONTACT_WAYS[plan.language],
            cancelling=CANCELLING[plan.language],
            allows_notes=len(self.pairs) % 3 == 2,
            ground_rules=self.ground_rules,
            created_at=at(day, 14),
        )
        write([agreement])
        words = GOALS[plan.language]
        chosen = [words[len(self.pairs) % len(words)], words[(len(self.pairs) + 2) % len(words)]]
        goals = [
            Goal(
                pk=demo_id("goal", agreement.pk, position),
                agreement=agreement,
                words=text,
                area=area,
                position=position,
                created_at=at(day, 14),
            )
            for position, (area, text) in enumerate(chosen, start=1)
        ]
        write(goals)
        Acknowledgement.objects.bulk_create(
            Acknowledgement(
                pk=demo_id("acknowledgement", agreement.pk, party),
                agreement=agreement,
                party=party,
                revision=agreement.revision,
                how=AcknowledgedHow.PAPER if plan.paper and party == Party.PARENT else AcknowledgedHow.SCREEN,
                at=at(day, 15),
                recorded_by=plan.worker.user,
            )
            for party in Party
        )
        # In force, now that all three stand there.
        Agreement.objects.filter(pk=agreement.pk).update(agreed_on=day)
        return goals

    # --- meetings ------------------------------------------------------------------------------------------
    def meetings(
        self, pair: Pair, days: list[datetime.date], status: str = MeetingStatus.HELD
    ) -> list[Meeting]:
        """Meetings of one relationship in one state; kinds, places and lengths take turns."""
        partner = pair.relationship.partner
        rows = []
        for day in map(pair.free_day, days):
            kind, place, minutes = MEETINGS[pair.turn % len(MEETINGS)]
            held = status == MeetingStatus.HELD
            rows.append(
                Meeting(
                    pk=demo_id("meeting", pair.relationship.pk, day, status),
                    relationship=pair.relationship,
                    date=day,
                    starts_at=TIMES[pair.turn % len(TIMES)],
                    kind=kind,
                    place=place,
                    minutes=minutes if held else None,
                    status=status,
                    logged_by=partner.user,
                    created_at=at(day, 19) if held else at(day - DAYS * 5, 19),
                )
            )
            pair.turn += 1
        write(rows)
        if status == MeetingStatus.HELD:
            link = Meeting.goals.through
            link.objects.bulk_create(
                link(meeting=row, goal=pair.goals[number % len(pair.goals)])
                for number, row in enumerate(rows)
            )
        if status in (MeetingStatus.CANCELLED, MeetingStatus.NO_SHOW):
            by = Actor(user=partner.user, role=Role.PARTNER)
            for row in rows:
                self.history.add(row, (MeetingStatus.PLANNED, status, at(row.date, 18), by))
        return rows
