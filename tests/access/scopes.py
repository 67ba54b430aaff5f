"""Who may see which rows, written down a second time, by hand: a test that reads the rule it tests is a mirror.

`SEES[model][person]` gives a question about one row. A person who is not named sees none of them.
"""

from collections.abc import Callable

from kumppani.accounts.models import Invitation, RoleGrant, User
from kumppani.notices.models import Notice
from kumppani.organisations.models import Grant, Organisation
from pairing.models import (
    Acknowledgement,
    AcquaintanceMeeting,
    Agreement,
    Assessment,
    AssessmentAnswer,
    AssessmentRound,
    Candidate,
    Closing,
    Commitment,
    CommitmentText,
    ConcernRecord,
    ContactPoint,
    ContactRequest,
    Decision,
    DirectoryConsent,
    Exclusion,
    ExperiencePartner,
    Feedback,
    Goal,
    GoalScore,
    GuideText,
    HandOver,
    Incident,
    LegalGround,
    Meeting,
    MeetingCorrection,
    MeetingEcho,
    PairAnswer,
    Parent,
    Pause,
    Relationship,
    Review,
    SocialWorker,
    StartMeeting,
    Substitution,
    Supervision,
    SupervisionPresence,
    TalkWish,
    Topic,
    Wish,
)
from tasks.models import (
    Assignment,
    AssignmentKind,
    Correction,
    CriminalRecordNote,
    Fee,
    FeeRule,
    MediaHit,
    MeetingTerms,
    Order,
    OrdererFeedback,
    OrderLink,
    OutreachEvent,
    Participation,
    PartnerTerms,
    PaymentBatch,
    PaymentRow,
    TravelClaim,
    TravelRate,
)
from tests.personas import People
from training.models import ApplicantLink, Attendance, Cohort, CohortFeedback, Enrolment, Session, Trainer
from training.states import IN_COHORT

STAFF = ("staff", "other_staff")
WORKERS = ("worker", "other_worker")
PARTNERS = ("partner", "other_partner", "former_partner")
PARENTS = ("parent", "other_parent")
TRAINERS = ("trainer", "other_trainer")
ADMINISTRATOR = ("administrator",)

ON_THE_WAY = ("acquainting", "proposed", "decided", "opened", "active", "paused")

Question = Callable[[object], bool]


def relationships_of(people: People) -> dict[str, set]:
    """Whose relationships are whose, by name."""
    own, foreign = people.own, people.foreign
    mine = {getattr(own, name).pk for name in ON_THE_WAY}
    theirs = {getattr(foreign, name).pk for name in ON_THE_WAY}
    return {
        "worker": mine | {own.ended.pk},
        "other_worker": theirs,
        "partner": mine,  # ended: closed to the former partner, never open to the present one
        "other_partner": theirs,
        "parent": {own.active.pk, own.ended.pk},
        "other_parent": {foreign.active.pk},
    }


def sees(people: People) -> dict[type, dict[str, Question]]:
    """For every model: what each person sees of it."""
    everything: Question = lambda row: True  # noqa: E731
    related = relationships_of(people)
    own, foreign = people.own, people.foreign
    user = {person.name: person.user and person.user.pk for person in people.everybody()}
    partner = {
        "partner": own.partner.pk,
        "other_partner": foreign.partner.pk,
        "former_partner": own.former_partner.pk,
    }
    cohort = {"trainer": own.cohort.pk, "other_trainer": foreign.cohort.pk}
    worker = {"worker": own.worker.pk, "other_worker": foreign.worker.pk}
    office = {"worker": own.organisation.pk, "other_worker": foreign.organisation.pk}
    parent = {"parent": own.parent.pk, "other_parent": foreign.parent.pk}

    def each(names, make) -> dict[str, Question]:
        return {name: make(name) for name in names}

    def all_for(*groups) -> dict[str, Question]:
        return {name: everything for group in groups for name in group}

    def works_as_social_worker(row) -> bool:
        held = row.role == "social_worker" and row.ended_at is None
        return held and row.user.is_active and row.organisation_id is not None

    def teaches(row) -> bool:
        return row.role == "trainer" and row.ended_at is None and row.user.is_active

    def of_relationship(find) -> dict[str, Question]:
        return all_for(STAFF) | each(related, lambda name: lambda row: find(row) in related[name])

    def rows_of(name: str) -> list[Relationship]:
        return [row for row in Relationship.objects.all() if row.pk in related.get(name, ())]

    def reached(name: str, field: str) -> Question:
        found = {getattr(row, field) for row in rows_of(name)}
        return lambda row: row.pk in found

    def of_partner(find) -> dict[str, Question]:
        return all_for(STAFF) | each(PARTNERS, lambda name: lambda row: find(row) == partner[name])

    def settled_for(name: str) -> Question:
        """Terms of the own relationships, and of the grants of their positive decisions."""
        grants = {
            decision.grant_id
            for row in rows_of(name)
            for decision in row.decisions.all()
            if decision.is_positive and decision.grant_id
        }
        return lambda row: row.relationship_id in related.get(name, ()) or row.of_grant_id in grants

    meetings = of_relationship(lambda row: row.relationship_id)
    corrections = of_relationship(lambda row: row.meeting.relationship_id)
    for name in WORKERS:  # counts only, never the rows (domain 2.2)
        del meetings[name], corrections[name]
    everybody_signed_in = [name for name in user if name not in ("anonymous", "nobody", "deactivated")]

    return {
        # floor
        Organisation: all_for(STAFF, WORKERS, PARTNERS, TRAINERS, ADMINISTRATOR),
        Grant: all_for(STAFF, WORKERS, TRAINERS, ADMINISTRATOR),
        User: all_for(ADMINISTRATOR)
        | each(
            [name for name in everybody_signed_in if name != "administrator"],
            lambda name: lambda row: row.pk == user[name],
        ),
        # The staff hand parents over to social workers, a social worker names a colleague.
        RoleGrant: all_for(ADMINISTRATOR)
        | each(STAFF, lambda name: lambda row: works_as_social_worker(row) or teaches(row))
        | each(
            WORKERS,
            lambda name: lambda row: works_as_social_worker(row) and row.organisation_id == office[name],
        ),
        Invitation: all_for(ADMINISTRATOR),
        Notice: each(everybody_signed_in, lambda name: lambda row: row.recipient_id == user[name]),
        # training
        Cohort: all_for(STAFF) | each(TRAINERS, lambda name: lambda row: row.pk == cohort[name]),
        Session: all_for(STAFF) | each(TRAINERS, lambda name: lambda row: row.cohort_id == cohort[name]),
        Trainer: all_for(STAFF)
        | each(TRAINERS, lambda name: lambda row: row.sessions.filter(cohort_id=cohort[name]).exists()),
        Enrolment: all_for(STAFF)
        | each(
            TRAINERS,
            lambda name: lambda row: row.cohort_id == cohort[name] and row.status in IN_COHORT,
        ),
        ApplicantLink: all_for(STAFF),
        CohortFeedback: all_for(STAFF)
        | each(TRAINERS, lambda name: lambda row: row.cohort_id == cohort[name]),
        Attendance: all_for(STAFF)
        | each(TRAINERS, lambda name: lambda row: row.enrolment.cohort_id == cohort[name]),
        # pairing
        Relationship: of_relationship(lambda row: row.pk),
        PairAnswer: of_relationship(lambda row: row.relationship_id),
        Decision: of_relationship(lambda row: row.relationship_id),
        StartMeeting: of_relationship(lambda row: row.relationship_id),
        Agreement: of_relationship(lambda row: row.relationship_id),
        Acknowledgement: of_relationship(lambda row: row.agreement.relationship_id),
        Goal: of_relationship(lambda row: row.agreement.relationship_id),
        Meeting: meetings,
        AcquaintanceMeeting: meetings,
        MeetingCorrection: corrections,
        MeetingEcho: all_for(STAFF)
        | each(PARENTS, lambda name: lambda row: row.meeting.relationship_id in related[name]),
        TalkWish: of_partner(lambda row: row.partner_id),
        # The facts of the own times; never who else is invited.
        Supervision: all_for(STAFF)
        | each(PARTNERS, lambda name: lambda row: row.presences.filter(partner_id=partner[name]).exists()),
        SupervisionPresence: of_partner(lambda row: row.partner_id),
        Candidate: all_for(STAFF),
        Exclusion: all_for(STAFF)
        | each(PARTNERS, lambda name: lambda row: row.partner_id == partner[name] and row.area != ""),
        Pause: of_relationship(lambda row: row.relationship_id),
        # What one of the two wishes is not for the other to read.
        Wish: all_for(STAFF)
        | each(WORKERS, lambda name: lambda row: row.relationship_id in related[name])
        | each(
            ("partner", "other_partner", *PARENTS),
            lambda name: (
                lambda row: row.relationship_id in related[name] and row.party == name.removeprefix("other_")
            ),
        ),
        # After the end: the partner sees nothing but the own feedback.
        Closing: all_for(STAFF)
        | each((*WORKERS, *PARENTS), lambda name: lambda row: row.relationship_id in related[name]),
        Feedback: all_for(STAFF)
        | each(
            (*WORKERS, *PARENTS),
            lambda name: (
                lambda row: row.relationship_id in related[name] and row.party == name.removeprefix("other_")
            ),
        )
        | {
            "former_partner": lambda row: (
                row.party == "partner" and row.relationship.partner_id == partner["former_partner"]
            )
        },
        Review: of_relationship(lambda row: row.relationship_id),
        GoalScore: of_relationship(lambda row: row.review.relationship_id),
        AssessmentRound: of_relationship(lambda row: row.relationship_id),
        Assessment: of_relationship(lambda row: row.round.relationship_id),
        # Only after one's own; the partner never what the parent says about trust in the partner.
        AssessmentAnswer: all_for(STAFF)
        | each(
            related,
            lambda name: (
                lambda row: (
                    row.assessment.round.relationship_id in related[name]
                    and row.assessment.round.assessments.filter(party=name.removeprefix("other_")).exists()
                    and (name.removeprefix("other_"), row.assessment.party, row.item)
                    != ("partner", "parent", "trust_partner")
                )
            ),
        ),
        Parent: all_for(STAFF)
        | each(WORKERS, lambda name: lambda row: row.social_worker_id == worker[name])
        | each(PARTNERS, lambda name: reached(name, "parent_id"))
        | each(PARENTS, lambda name: lambda row: row.pk == parent[name]),
        ContactRequest: all_for(STAFF)
        | each(WORKERS, lambda name: lambda row: row.social_worker_id == worker[name])
        | each(PARENTS, lambda name: lambda row: row.parent_id == parent[name]),
        ExperiencePartner: of_partner(lambda row: row.pk)
        | each(WORKERS, lambda name: lambda row: row.is_available)
        | each(PARENTS, lambda name: reached(name, "partner_id")),
        SocialWorker: all_for(STAFF)
        | each(WORKERS, lambda name: lambda row: row.organisation_id == office[name])
        | each((*PARTNERS, *PARENTS), lambda name: reached(name, "social_worker_id")),
        Substitution: all_for(STAFF)
        | each(WORKERS, lambda name: lambda row: worker[name] in (row.social_worker_id, row.substitute_id)),
        HandOver: all_for(STAFF)
        | each(WORKERS, lambda name: lambda row: row.parent.social_worker_id == worker[name])
        | each(PARENTS, lambda name: lambda row: row.parent_id == parent[name]),
        GuideText: all_for(STAFF, WORKERS, PARTNERS, PARENTS, ADMINISTRATOR),
        CommitmentText: all_for(STAFF, WORKERS, PARTNERS, PARENTS, ADMINISTRATOR),
        Commitment: of_partner(lambda row: row.partner_id),
        DirectoryConsent: of_partner(lambda row: row.partner_id),
        LegalGround: all_for(STAFF, WORKERS, ADMINISTRATOR),
        ContactPoint: all_for(STAFF, WORKERS, PARTNERS, PARENTS, ADMINISTRATOR),
        Topic: all_for(STAFF, WORKERS, PARTNERS, PARENTS, ADMINISTRATOR),
        ConcernRecord: all_for(STAFF)
        | each(WORKERS, lambda name: lambda row: row.relationship_id in related[name])
        | each(
            ("partner", "other_partner"),
            lambda name: (
                lambda row: row.relationship_id in related[name] and row.recorded_by_id == user[name]
            ),
        ),
        Incident: all_for(STAFF)
        | each(
            (*WORKERS, *PARTNERS, *PARENTS),
            lambda name: lambda row: row.raised_by_id == user[name],
        ),
        # tasks
        AssignmentKind: all_for(STAFF, PARTNERS, ADMINISTRATOR),
        Assignment: all_for(STAFF)
        | each(
            PARTNERS,
            lambda name: lambda row: row.participations.filter(partner_id=partner[name]).exists(),
        ),
        Participation: of_partner(lambda row: row.partner_id),
        FeeRule: all_for(STAFF, ADMINISTRATOR),
        TravelClaim: all_for(STAFF)
        | each(PARTNERS, lambda name: lambda row: row.partner_id == partner[name]),
        TravelRate: all_for(STAFF, PARTNERS, ADMINISTRATOR),
        Fee: of_partner(lambda row: row.partner_id),
        Correction: of_partner(lambda row: row.partner_id),
        Order: all_for(STAFF),
        OrderLink: all_for(STAFF),
        # Those who did the work read what was thought of it.
        OrdererFeedback: all_for(STAFF)
        | each(
            PARTNERS,
            lambda name: (
                lambda row: row.assignment.participations.filter(
                    partner_id=partner[name], status="done"
                ).exists()
            ),
        ),
        OutreachEvent: all_for(STAFF)
        | each(PARTNERS, lambda name: lambda row: row.partners.filter(pk=partner[name]).exists()),
        MediaHit: all_for(STAFF),
        PaymentBatch: all_for(STAFF),
        PaymentRow: all_for(STAFF),
        PartnerTerms: of_partner(lambda row: row.partner_id),
        CriminalRecordNote: of_partner(lambda row: row.partner_id),
        MeetingTerms: all_for(STAFF) | each(PARTNERS, settled_for),
    }
