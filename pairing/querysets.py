"""Who may see what of the people and the relationships: the whole secrecy of the room on one page (domain 2.2).

* Staff co-ordinate: they see all of it.
* A social worker sees own clients and their relationships – of the meetings only counts, never the rows.
* A partner sees own relationships while they are open, and nothing of them afterwards.
* A parent sees own data, always.
* Trainers and administrators see nothing here.
"""

from typing import ClassVar

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q

from kumppani.core.querysets import VisibleQuerySet
from pairing.states import OPEN, RequestStatus


def _model(name: str):
    """A model of this room; models.py imports this file, not the other way round."""
    return apps.get_model("pairing", name)


def of_worker(actor, path: str = "") -> dict:
    """The clients a social worker has in the organisation acted for: who changes employer leaves them behind."""
    return {
        f"{path}social_worker__user_id": actor.user_id,
        f"{path}social_worker__organisation_id": actor.organisation_id,
    }


class _OfRelationship(VisibleQuerySet):
    """Rows that belong to a relationship; `path` leads there."""

    path: ClassVar[str] = ""

    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        return self.filter(**of_worker(actor, self.path))

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


class PairAnswerQuerySet(_OfRelationship):
    path = "relationship__"


class DecisionQuerySet(_OfRelationship):
    path = "relationship__"


class StartMeetingQuerySet(_OfRelationship):
    path = "relationship__"


class AgreementQuerySet(_OfRelationship):
    path = "relationship__"


class AcknowledgementQuerySet(_OfRelationship):
    path = "agreement__relationship__"


class GoalQuerySet(_OfRelationship):
    path = "agreement__relationship__"


class MeetingQuerySet(_OfRelationship):
    path = "relationship__"

    def _for_social_worker(self, actor):
        """Counts only (domain 2.2): what is told to the worker is agreed in the start meeting."""
        return self.none()

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
        return self.filter(**of_worker(actor))

    def _for_parent(self, actor):
        return self.filter(parent__user_id=actor.user_id)

    def waiting(self):
        """The queue: the longest waiting first."""
        return self.filter(status=RequestStatus.WAITING).order_by("received_on", "id")


class ParentQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        return self.filter(**of_worker(actor))

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
            | Exists(_model("Relationship").objects.filter(partner=OuterRef("pk"), **of_worker(actor)))
        )

    def _for_parent(self, actor):
        """One's own partner."""
        return self.filter(
            Exists(
                _model("Relationship").objects.filter(partner=OuterRef("pk"), parent__user_id=actor.user_id)
            )
        )

    def ready(self):
        """Completed training and the current version of both texts accepted (R3)."""
        texts = _model("CommitmentText").objects.current()
        ready = self.filter(enrolment__completed_on__isnull=False)
        for kind in ("principles", "undertaking"):
            ready = ready.filter(
                Exists(
                    _model("Commitment").objects.filter(
                        partner=OuterRef("pk"), text__in=[text.pk for text in texts if text.kind == kind]
                    )
                )
            )
        return ready

    def with_open_count(self):
        """`open_relationships`: how many relationships are open now, against the partner's own limit."""
        return self.annotate(
            open_relationships=Count(
                "relationships", filter=Q(relationships__status__in=[s.value for s in OPEN]), distinct=True
            )
        )

    def with_readiness(self):
        """With what `readiness()` looks at."""
        return self.select_related("enrolment").prefetch_related("commitments")


class SocialWorkerQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_social_worker(self, actor):
        return self.filter(user_id=actor.user_id, organisation_id=actor.organisation_id)

    def _for_partner(self, actor):
        return self.filter(
            relationships__partner__user_id=actor.user_id, relationships__status__in=[s.value for s in OPEN]
        ).distinct()

    def _for_parent(self, actor):
        return self.filter(relationships__parent__user_id=actor.user_id).distinct()


class CommitmentTextQuerySet(VisibleQuerySet):
    """The texts are for everybody to read (B16)."""

    def _all(self, actor):
        return self

    _for_staff = _for_social_worker = _for_partner = _for_parent = _all

    def current(self):
        """The newest published version of each kind, at most one a kind."""
        newest: dict[str, object] = {}
        for text in self.order_by("kind", "number"):
            newest[text.kind] = text
        return list(newest.values())

    def newest(self, on=None):
        """As `current()`, but left to the database; with `on`, those that were the newest on that day."""
        published = {} if on is None else {"published_on__lte": on}
        newer = self.model.objects.filter(kind=OuterRef("kind"), number__gt=OuterRef("number"), **published)
        return self.filter(~Exists(newer), **published)


class CommitmentQuerySet(VisibleQuerySet):
    def _for_staff(self, actor):
        return self

    def _for_partner(self, actor):
        return self.filter(partner__user_id=actor.user_id)


class LegalGroundQuerySet(VisibleQuerySet):
    """Data without persons."""

    def _all(self, actor):
        return self

    _for_staff = _for_social_worker = _all

    def in_use(self):
        """Those to choose from."""
        return self.filter(is_active=True)
