"""Who may see what of the people and the relationships: the whole secrecy of the room on one page (domain 2.2).

* Staff co-ordinate: they see all of it.
* A social worker sees own clients and their relationships – of the meetings only counts, never the rows.
* A partner sees own relationships while they are open, and nothing of them afterwards.
* A parent sees own data, always.
* What each of the three answers about the other two: see `AssessmentAnswerQuerySet`.
* Worries and grievances: see `ConcernRecordQuerySet` and `IncidentQuerySet`.
* Trainers and administrators see nothing here.
* A visitor, which on the public pages is everybody, sees the partners of the directory and the texts for all.
"""

from typing import ClassVar

from django.apps import apps
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce, Least

from kumppani.core.dates import ONE_DAY, today
from kumppani.core.querysets import VisibleQuerySet
from pairing.states import OPEN, RelationshipStatus, RequestStatus


def _model(name: str):
    """A model of this room; models.py imports this file, not the other way round."""
    return apps.get_model("pairing", name)


def of_worker(actor, path: str = "") -> Q:
    """The clients a social worker has in the organisation acted for, and those she or he substitutes for today.

    Who changes employer leaves them behind; a substitution opens and closes by its dates.
    """
    return Q(**{f"{path}social_worker__in": _model("SocialWorker").objects.acting_for(actor)})


class _OfRelationship(VisibleQuerySet):
    """Rows that belong to a relationship; `path` leads there."""

    path: ClassVar[str] = ""

    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        return self.filter(of_worker(actor, self.path))

    def _for_partner(self, actor):
        return self.filter(
            **{
                f"{self.path}partner__user_id": actor.user_id,
                f"{self.path}status__in": [s.value for s in OPEN],
            }
        )

    def _for_parent(self, actor):
        return self.filter(**{f"{self.path}parent__user_id": actor.user_id})


class RelationshipQuerySet(_OfRelationship):
    def open(self):
        """Those whose two people are still in it, or on the way into it."""
        return self.filter(status__in=[s.value for s in OPEN])

    def running(self):
        """Started and not ended."""
        return self.filter(status__in=["active", "paused"])

    def with_decided_on(self):
        """`decided_on`: the date of the newest positive decision."""
        decisions = _model("Decision").objects.filter(relationship=OuterRef("pk"), is_positive=True)
        return self.annotate(decided_on=Subquery(decisions.order_by("-made_on").values("made_on")[:1]))

    def with_final_day(self):
        """`agreed_end` of the agreement in force, `valid_to` of the decisions; `final_day` is the earlier of the two.

        The same as the record's own `last_day()`, for many.
        """
        agreements = _model("Agreement").objects.filter(relationship=OuterRef("pk"), agreed_on__isnull=False)
        decisions = _model("Decision").objects.filter(relationship=OuterRef("pk"), is_positive=True)
        return self.annotate(
            agreed_end=Subquery(agreements.order_by("-number").values("ends_on")[:1]),
            valid_to=Subquery(decisions.order_by("-valid_to").values("valid_to")[:1]),
        ).annotate(final_day=Least("agreed_end", "valid_to"))

    def active_between(self, first, last):
        """Those active on at least one day of the period (domain 1.3). Getting acquainted never counts (R4)."""
        return self.filter(started_on__isnull=False, started_on__lte=last).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=first)
        )

    def with_people(self):
        """With what almost every page shows of them."""
        return self.select_related("parent", "partner", "social_worker__user", "organisation", "request")

    def with_start(self):
        """With all that R1 asks for, in a fixed number of queries."""
        return self.select_related("start_meeting").prefetch_related(
            "answers", "decisions__legal_ground", "agreements__goals", "agreements__acknowledgements"
        )

    def with_meeting_counts(self):
        """`held_meetings`: how many meetings have been held."""
        return self.annotate(held_meetings=Count("meetings", filter=Q(meetings__status="held")))

    def unanswered_since(self, day):
        """Proposed on that day or before; the partner has not answered and has not met the parent either.

        After settings.PAIR_ANSWER_DAYS the partner is reminded, after PAIR_NEXT_DAYS the next one is asked (5.4).
        """
        answers = _model("PairAnswer").objects.filter(relationship=OuterRef("pk"), party="partner")
        met = _model("AcquaintanceMeeting").objects.filter(relationship=OuterRef("pk"))
        return self.filter(
            ~Exists(answers), ~Exists(met), status=RelationshipStatus.ACQUAINTING, proposed_on__lte=day
        )


class PairAnswerQuerySet(_OfRelationship):
    path = "relationship__"


class DecisionQuerySet(_OfRelationship):
    path = "relationship__"


class StartMeetingQuerySet(_OfRelationship):
    path = "relationship__"


class AgreementQuerySet(_OfRelationship):
    path = "relationship__"

    def open(self):
        """Those that still wait to be accepted."""
        return self.filter(agreed_on__isnull=True, withdrawn_on__isnull=True)

    def waiting_for(self, actor):
        """Those that this actor, as one of the three, has still to say yes or no to: whole, and not accepted yet."""
        party = {"social_worker": "worker", "partner": "partner", "parent": "parent"}.get(actor.role)
        if party is None:
            return self.none()
        given = _model("Acknowledgement").objects.filter(
            agreement=OuterRef("pk"), revision=OuterRef("revision"), party=party
        )
        rules = _model("GuideText").objects.filter(kind="ground_rules", published_on__lte=today())
        return (
            self.visible_to(actor)
            .open()
            .filter(~Exists(given), Exists(_model("Goal").objects.filter(agreement=OuterRef("pk"))))
            .filter(starts_on__isnull=False, ends_on__isnull=False, meetings_per_month__isnull=False)
            .filter(Q(ground_rules__isnull=False) | ~Exists(rules))
            .filter(
                Q(kind="start", relationship__status="decided")
                & Q(
                    relationship__start_meeting__worker_present=True,
                    relationship__start_meeting__partner_present=True,
                    relationship__start_meeting__parent_present=True,
                )
                | Q(relationship__status__in=["active", "paused"])
            )
        )


class AcknowledgementQuerySet(_OfRelationship):
    path = "agreement__relationship__"


class GoalQuerySet(_OfRelationship):
    path = "agreement__relationship__"


class MeetingQuerySet(_OfRelationship):
    path = "relationship__"

    def _for_social_worker(self, actor):
        """Counts only (domain 2.2): what is told to the worker is agreed in the start meeting."""
        return self.none()

    def of_ended(self, actor):
        """Those of a partner's own ended relationships: for a travel claim that comes late, and by their day alone."""
        if actor.role != "partner":
            return self.none()
        own = self.filter(relationship__partner__user_id=actor.user_id)
        return own.filter(relationship__status=RelationshipStatus.ENDED)

    def unlogged(self, before):
        """Planned for a day before `before`, and nobody has said what became of them."""
        return self.filter(status="planned", date__lt=before)

    def held(self):
        """Those that took place."""
        return self.filter(status="held")

    def planned(self):
        """Those still to come, or waiting to be logged."""
        return self.filter(status="planned")


class ContactRequestQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        return self.filter(of_worker(actor))

    def _for_parent(self, actor):
        return self.filter(parent__user_id=actor.user_id)

    def waiting(self):
        """The queue: the longest waiting first."""
        return self.filter(status=RequestStatus.WAITING).order_by("received_on", "id")


class ParentQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        return self.filter(of_worker(actor))

    def _for_partner(self, actor):
        """Only while a relationship with this parent is open."""
        return self.filter(
            Exists(
                _model("Relationship").objects.filter(
                    parent=OuterRef("pk"), partner__user_id=actor.user_id, status__in=[s.value for s in OPEN]
                )
            )
        )

    def _for_parent(self, actor):
        return self.filter(user_id=actor.user_id)


class ExperiencePartnerQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(user_id=actor.user_id)

    def _for_social_worker(self, actor):
        """Those who are available to be chosen (A31), and those of own clients."""
        return self.filter(
            Q(is_available=True)
            | Exists(_model("Relationship").objects.filter(of_worker(actor), partner=OuterRef("pk")))
        )

    def _for_parent(self, actor):
        """One's own partner."""
        return self.filter(
            Exists(
                _model("Relationship").objects.filter(partner=OuterRef("pk"), parent__user_id=actor.user_id)
            )
        )

    def _for_visitor(self, actor):
        """Whom strangers may find; of each only what `public_facts()` tells."""
        return self.in_directory()

    def staying(self):
        """Those who are neither leaving nor gone; whoever has a break is among them."""
        return self.filter(leaving_on__isnull=True)

    def ready(self, texts=None):
        """Completed training, and of both texts the version in force, or a newer one, accepted (R3).

        `texts`: `CommitmentText.objects.enough()`, when they have been looked up before.
        """
        ready = self.filter(enrolment__completed_on__isnull=False)
        for kind in ("principles", "undertaking"):
            if texts is None:
                enough = _model("CommitmentText").objects.enough().filter(kind=kind).values("pk")
            else:
                enough = [text.pk for text in texts if text.kind == kind]
            made = _model("Commitment").objects.filter(partner=OuterRef("pk"), text__in=enough)
            ready = ready.filter(Exists(made))
        return ready

    def in_directory(self):
        """Those whom strangers may find: ready, available, and with consent to show at least one field (A35)."""
        consents = _model("DirectoryConsent").objects.open().filter(partner=OuterRef("pk"))
        return self.ready().filter(Exists(consents), is_available=True)

    def with_public_facts(self):
        """With what `public_facts()` looks at, in a fixed number of queries."""
        return self.prefetch_related(
            Prefetch("consents", _model("DirectoryConsent").objects.open()), "topics"
        )

    def showing(self, field: str):
        """Those who let this field of the directory be shown."""
        consents = _model("DirectoryConsent").objects.open().filter(partner=OuterRef("pk"), field=field)
        return self.filter(Exists(consents))

    def with_open_count(self):
        """`open_relationships`: how many relationships are open now, against the partner's own limit."""
        counted = (
            _model("Relationship")
            .objects.open()
            .filter(partner=OuterRef("pk"))
            .order_by()
            .values("partner")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(open_relationships=Coalesce(Subquery(counted), 0))

    def with_supervision(self, on=None):
        """`last_supervised` and `next_supervision`: the day of the last time present, and of the next one agreed on.

        `supervision_since`: the day from which the next one is reckoned.
        """
        presences = _model("SupervisionPresence").objects.filter(partner=OuterRef("pk"))
        day = "supervision__date"
        return self.annotate(
            last_supervised=Subquery(presences.present().order_by(f"-{day}").values(day)[:1]),
            next_supervision=Subquery(presences.coming(on or today()).order_by(day).values(day)[:1]),
        ).annotate(supervision_since=Coalesce("last_supervised", "taken_in_on"))

    def with_week(self, on=None):
        """`held_in_week`: meetings of the last seven days; `planned_in_week`: those planned for the next seven."""
        on = on or today()
        meetings = _model("Meeting").objects.filter(relationship__partner=OuterRef("pk"))

        def number(rows):
            counted = rows.order_by().values("relationship__partner").annotate(number=Count("pk"))
            return Coalesce(Subquery(counted.values("number")), 0)

        return self.annotate(
            held_in_week=number(meetings.held().filter(date__gt=on - 7 * ONE_DAY, date__lte=on)),
            planned_in_week=number(meetings.planned().filter(date__gte=on, date__lt=on + 7 * ONE_DAY)),
        )

    def with_open_talk(self):
        """`talk_pk` and `talk_asked`: the wish to talk that nobody has answered yet."""
        wishes = _model("TalkWish").objects.filter(partner=OuterRef("pk")).open()
        return self.annotate(
            talk_pk=Subquery(wishes.values("pk")[:1]), talk_asked=Subquery(wishes.values("asked_at")[:1])
        )

    def to_care_for(self, texts=None):
        """Those at work, and those who are having a break: everybody who is here."""
        here = self.filter(left_on__isnull=True)
        return here.filter(Q(pk__in=self.model.objects.in_work(texts).values("pk")) | Q(is_available=False))

    def in_work(self, texts=None):
        """Those who are ready and available, and those who have something open whatever else."""
        pair = _model("Relationship").objects.open().filter(partner=OuterRef("pk"))
        ready = self.model.objects.ready(texts).filter(is_available=True)
        return self.filter(Q(pk__in=ready.values("pk")) | Exists(pair))

    def with_readiness(self):
        """With what `readiness()` looks at."""
        return self.select_related("enrolment").prefetch_related("commitments")


class SocialWorkerQuerySet(VisibleQuerySet):
    def acting_for(self, actor):
        """The actor's own record in the organisation acted for, and those the actor substitutes for today."""
        standing_in = (
            _model("Substitution")
            .objects.running_on(today())
            .filter(
                social_worker=OuterRef("pk"),
                substitute__user_id=actor.user_id,
                substitute__organisation_id=actor.organisation_id,
            )
        )
        return self.filter(organisation_id=actor.organisation_id).filter(
            Q(user_id=actor.user_id) | Exists(standing_in)
        )

    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        """Oneself and the colleagues: one of them may be a substitute or get a parent handed over."""
        return self.filter(organisation_id=actor.organisation_id)

    def _for_partner(self, actor):
        return self.filter(
            relationships__partner__user_id=actor.user_id, relationships__status__in=[s.value for s in OPEN]
        ).distinct()

    def _for_parent(self, actor):
        return self.filter(relationships__parent__user_id=actor.user_id).distinct()


class SubstitutionQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        """Those in which the actor is one of the two."""
        return self.filter(social_worker__organisation_id=actor.organisation_id).filter(
            Q(social_worker__user_id=actor.user_id) | Q(substitute__user_id=actor.user_id)
        )

    def running_on(self, day):
        """Those that hold on this day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def not_over(self, day):
        """Those that hold on this day, or begin later."""
        return self.filter(ends_on__gte=day)


class TopicQuerySet(VisibleQuerySet):
    """Data without persons."""

    def _all(self, actor):
        return self

    _for_staff = _for_social_worker = _for_partner = _for_parent = _for_administrator = _all

    def _for_visitor(self, actor):
        return self.in_use()

    def in_use(self):
        """Those to choose from."""
        return self.filter(is_active=True)


class DirectoryConsentQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(partner__user_id=actor.user_id)

    def open(self):
        """Given and not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class ExclusionQuerySet(VisibleQuerySet):
    """Tells of a partner's own past: the staff, and of areas the partner, know."""

    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(partner__user_id=actor.user_id).exclude(area="")


class CandidateQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def waiting(self):
        """Those who have not been asked, in the staff's order."""
        return self.filter(asked_on__isnull=True).order_by("position", "id")


class CommitmentTextQuerySet(VisibleQuerySet):
    """The texts are for everybody to read (B16)."""

    def _all(self, actor):
        return self

    _for_staff = _for_social_worker = _for_partner = _for_parent = _for_administrator = _for_visitor = _all

    def _without_newer(self, **newer):
        """Those of which there is no newer one of the same kind with these facts."""
        others = self.model.objects.filter(kind=OuterRef("kind"), number__gt=OuterRef("number"), **newer)
        return self.filter(~Exists(others))

    def published(self, on=None):
        """Those that could be read on that day (today)."""
        return self.filter(published_on__lte=on or today())

    def asked(self, on=None):
        """The newest of each kind: what partners are asked to accept."""
        return self.published(on)._without_newer(published_on__lte=on or today())

    def enough(self, on=None):
        """Those of which one accepted is enough to be ready on that day (R3): the one in force, and any newer one."""
        return self.published(on)._without_newer(required_from__lte=on or today())

    def in_force(self, on=None):
        """The newest of each kind that is needed already, at most one a kind."""
        return self.filter(required_from__lte=on or today())._without_newer(required_from__lte=on or today())


class CommitmentQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(partner__user_id=actor.user_id)


class LegalGroundQuerySet(VisibleQuerySet):
    """Data without persons."""

    def _all(self, actor):
        return self

    _for_staff = _for_social_worker = _for_administrator = _all

    def in_use(self):
        """Those to choose from."""
        return self.filter(is_active=True)


class AcquaintanceMeetingQuerySet(_OfRelationship):
    path = "relationship__"

    def _for_social_worker(self, actor):
        """As with meetings: counts only."""
        return self.none()


class PauseQuerySet(_OfRelationship):
    path = "relationship__"

    def running(self):
        """Those that are not over."""
        return self.filter(over_on__isnull=True)


class WishQuerySet(_OfRelationship):
    path = "relationship__"

    def _for_partner(self, actor):
        """One's own: what the parent wishes is between the parent, the social worker and the staff."""
        return super()._for_partner(actor).filter(party="partner")

    def _for_parent(self, actor):
        return super()._for_parent(actor).filter(party="parent")

    def open(self):
        """Those nobody has handled yet."""
        return self.filter(handled_on__isnull=True)


class HandOverQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        return self.filter(of_worker(actor, "parent__"))

    def _for_parent(self, actor):
        return self.filter(parent__user_id=actor.user_id)


class GuideTextQuerySet(VisibleQuerySet):
    """For everybody to read."""

    def _all(self, actor):
        return self

    _for_staff = _for_social_worker = _for_partner = _for_parent = _for_administrator = _all

    def current(self, kind: str):
        """The newest published version of this kind, or None."""
        return self.filter(kind=kind, published_on__lte=today()).order_by("-number").first()


class MeetingCorrectionQuerySet(_OfRelationship):
    path = "meeting__relationship__"

    def _for_social_worker(self, actor):
        """As with meetings."""
        return self.none()


class MeetingEchoQuerySet(VisibleQuerySet):
    """The parent's own answer; the staff see it, the partner does not."""

    def _for_staff(self, actor):
        return self

    def _for_parent(self, actor):
        return self.filter(meeting__relationship__parent__user_id=actor.user_id)


class TalkWishQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(partner__user_id=actor.user_id)

    def open(self):
        """Those nobody has called about yet, the oldest first."""
        return self.filter(handled_at__isnull=True).order_by("asked_at", "id")


class ReviewQuerySet(_OfRelationship):
    path = "relationship__"

    def open(self):
        """Not held yet: of each relationship at most one."""
        return self.filter(held_on__isnull=True)

    def due(self, on):
        """Not held, and due by this day, while the relationship runs."""
        return self.open().filter(due_on__lte=on, relationship__status__in=["active", "paused"])


class GoalScoreQuerySet(_OfRelationship):
    path = "review__relationship__"


class AssessmentRoundQuerySet(_OfRelationship):
    path = "relationship__"

    def newest(self):
        """Of each relationship the last time the three were asked: nobody is sent back to what was asked before."""
        later = self.model.objects.filter(relationship=OuterRef("relationship")).filter(
            Q(opened_on__gt=OuterRef("opened_on"))
            | Q(opened_on=OuterRef("opened_on"), created_at__gt=OuterRef("created_at"))
        )
        return self.filter(~Exists(later))

    def missing(self, party: str):
        """Those that this party has not answered."""
        return self.filter(~Exists(_model("Assessment").objects.filter(round=OuterRef("pk"), party=party)))

    def with_given(self):
        """With when and how each party has answered, `parent_at`, `parent_how` and so on, in the same query."""
        rounds = self
        for party in ("parent", "partner", "worker"):
            rounds = rounds.annotate(
                **{f"by_{party}": FilteredRelation("assessments", condition=Q(assessments__party=party))}
            ).annotate(
                **{f"{party}_at": F(f"by_{party}__answered_at"), f"{party}_how": F(f"by_{party}__how")}
            )
        return rounds

    def waiting_for(self, actor):
        """Those that wait for this actor's own answers."""
        party = {"social_worker": "worker", "partner": "partner", "parent": "parent"}.get(actor.role)
        return self.visible_to(actor).newest().missing(party) if party else self.none()


class AssessmentQuerySet(_OfRelationship):
    """That somebody has answered is for all three to see."""

    path = "round__relationship__"


class AssessmentAnswerQuerySet(_OfRelationship):
    """Nobody sees another's answers before the own are given; the partner never sees the parent's trust in the partner.

    The staff, who answer nothing themselves, see them all.
    """

    path = "assessment__round__relationship__"

    def _after_own(self, party: str):
        own = _model("Assessment").objects.filter(round=OuterRef("assessment__round"), party=party)
        return self.filter(Exists(own))

    def _for_social_worker(self, actor):
        return super()._for_social_worker(actor)._after_own("worker")

    def _for_partner(self, actor):
        return (
            super()
            ._for_partner(actor)
            ._after_own("partner")
            .exclude(assessment__party="parent", item="trust_partner")
        )

    def _for_parent(self, actor):
        return super()._for_parent(actor)._after_own("parent")


class ClosingQuerySet(_OfRelationship):
    path = "relationship__"


class FeedbackQuerySet(VisibleQuerySet):
    """Each sees the own; the staff see all. The partner's outlives the access: its page names nobody."""

    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        return self.filter(of_worker(actor, "relationship__"), party="worker")

    def _for_partner(self, actor):
        return self.filter(relationship__partner__user_id=actor.user_id, party="partner")

    def _for_parent(self, actor):
        return self.filter(relationship__parent__user_id=actor.user_id, party="parent")

    def waiting(self):
        """Asked and not answered."""
        return self.filter(answered_on__isnull=True)


class ContactPointQuerySet(VisibleQuerySet):
    """Public numbers of authorities."""

    def _all(self, actor):
        return self

    _for_staff = _for_social_worker = _for_partner = _for_parent = _for_administrator = _all

    def in_use(self):
        """Those to show."""
        return self.filter(is_active=True)


class ConcernRecordQuerySet(_OfRelationship):
    """That a notification was made: the staff, the parent's social worker, and the partner who recorded it.

    Not the parent through the app: whether the family is told is for the one who makes it and the authority (2.7).
    """

    path = "relationship__"

    def _for_partner(self, actor):
        return super()._for_partner(actor).filter(recorded_by_id=actor.user_id)

    def _for_parent(self, actor):
        return self.none()


class IncidentQuerySet(VisibleQuerySet):
    """The staff, and whoever raised it. Never whom it may be about."""

    def _for_staff(self, actor):
        return self

    def _own(self, actor):
        return self.filter(raised_by_id=actor.user_id, raised_as=actor.role)

    _for_social_worker = _for_partner = _for_parent = _own

    def open(self):
        """Those that still want something done."""
        return self.filter(status__in=["new", "handling"])


def is_overdue_for_supervision(on, every) -> Q:
    """Of `with_supervision(on)`: the next time was due before this day, and none is agreed on within `every`.

    `every`: a timedelta. The same as `Care.is_overdue`, for many.
    """
    return Q(supervision_since__lt=on - every) & (
        Q(next_supervision__isnull=True) | Q(next_supervision__gt=on + every)
    )


class SupervisionQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        """The facts of those times to which the partner has been invited; never who else is."""
        own = _model("SupervisionPresence").objects.filter(
            supervision=OuterRef("pk"), partner__user_id=actor.user_id
        )
        return self.filter(Exists(own))

    def coming(self, on):
        """Those of this day and later that have not been called off."""
        return self.filter(date__gte=on, is_cancelled=False)

    def to_mark(self, before):
        """Those of days before `before` of which nobody has said about everybody whether she or he was there."""
        open_ones = _model("SupervisionPresence").objects.filter(supervision=OuterRef("pk"), state="invited")
        return self.filter(Exists(open_ones), date__lt=before, is_cancelled=False)

    def with_presence_counts(self):
        """`invited`: how many have been asked; `known`: of how many it has been said; `present`: who was there."""
        return self.annotate(
            invited=Count("presences"),
            present=Count("presences", filter=Q(presences__state="present")),
            known=Count("presences", filter=~Q(presences__state="invited")),
        )


class SupervisionPresenceQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(partner__user_id=actor.user_id)

    def present(self):
        """Those who were there."""
        return self.filter(state="present", supervision__is_cancelled=False)

    def coming(self, on):
        """Invited to a time on this day or later."""
        return self.filter(state="invited", supervision__date__gte=on, supervision__is_cancelled=False)
