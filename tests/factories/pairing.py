"""The three people and their relationship.

`relationship_in(status)` builds one that stands in a given state with all that this state rests on: an active one has
a decision, a held start meeting, an agreement with a goal and three acknowledgements – the database refuses less (R1).
"""

import datetime

import factory
from factory.django import DjangoModelFactory

from kumppani.core.dates import today
from pairing.models import (
    ITEMS_OF,
    Acknowledgement,
    AcquaintanceMeeting,
    Agreement,
    Assessment,
    AssessmentAnswer,
    AssessmentRound,
    Candidate,
    Closing,
    Commitment,
    CommitmentKind,
    CommitmentText,
    ConcernRecord,
    ContactPoint,
    ContactRequest,
    Decision,
    DirectoryConsent,
    DirectoryField,
    Exclusion,
    ExperiencePartner,
    Feedback,
    Goal,
    GoalScore,
    GuideKind,
    GuideText,
    HandOver,
    Incident,
    LegalGround,
    Meeting,
    MeetingCorrection,
    MeetingEcho,
    PairAnswer,
    Parent,
    Party,
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
from pairing.states import MeetingStatus, RelationshipStatus, RequestStatus
from tests.factories.accounts import user_in_role
from tests.factories.organisations import GrantFactory, OrganisationFactory, days
from tests.factories.training import EnrolmentFactory


class SocialWorkerFactory(DjangoModelFactory):
    """A social worker with an account and the role."""

    class Meta:
        model = SocialWorker

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.LazyAttribute(lambda o: user_in_role("social_worker", organisation=o.organisation))
    unit = "Perheiden palvelut"


class CommitmentTextFactory(DjangoModelFactory):
    class Meta:
        model = CommitmentText

    kind = CommitmentKind.PRINCIPLES
    number = factory.Sequence(lambda n: n + 1)
    published_on = days(-300)
    required_from = factory.SelfAttribute("published_on")
    text_fi = "Kohtaan toisen ihmisen tasavertaisena."
    text_sv = "Jag möter den andra som jämlike."
    text_en = "I meet the other person as an equal."


class SubstitutionFactory(DjangoModelFactory):
    """A colleague of the same organisation stands in from tomorrow, for a week."""

    class Meta:
        model = Substitution

    social_worker = factory.SubFactory(SocialWorkerFactory)
    substitute = factory.SubFactory(
        SocialWorkerFactory, organisation=factory.SelfAttribute("..social_worker.organisation")
    )
    starts_on = days(1)
    ends_on = days(8)


class GuideTextFactory(DjangoModelFactory):
    """The ground rules; `kind="concern"` for the page about worries."""

    class Meta:
        model = GuideText

    kind = GuideKind.GROUND_RULES
    number = factory.Sequence(lambda n: n + 1)
    published_on = days(-300)
    text_fi = "Tapaamme tasavertaisina."
    text_sv = "Vi möts som jämlikar."
    text_en = "We meet as equals."


class ExperiencePartnerFactory(DjangoModelFactory):
    """A partner with the training behind; `make_ready(partner)` adds the two commitments."""

    class Meta:
        model = ExperiencePartner

    enrolment = factory.SubFactory(EnrolmentFactory, completed=True)
    first_name = factory.SelfAttribute("enrolment.first_name")
    last_name = factory.SelfAttribute("enrolment.last_name")
    speaks_fi = True
    area = "Esimerkkilä"
    taken_in_on = days(-30)


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment

    partner = factory.SubFactory(ExperiencePartnerFactory)
    text = factory.SubFactory(CommitmentTextFactory)
    made_on = days(-20)


class ParentFactory(DjangoModelFactory):
    """A parent without an account."""

    class Meta:
        model = Parent

    first_name = factory.Sequence(lambda n: f"Vanhempi{n:06}")
    contact_way = "phone"
    contact = "040 000 0000"
    language = "fi"
    social_worker = factory.SubFactory(SocialWorkerFactory)
    case_code = factory.Sequence(lambda n: f"K-T{n:06}")


class HandOverFactory(DjangoModelFactory):
    """The parent has come from another social worker."""

    class Meta:
        model = HandOver

    parent = factory.SubFactory(ParentFactory)
    to_worker = factory.SelfAttribute("parent.social_worker")
    from_worker = factory.SubFactory(
        SocialWorkerFactory, organisation=factory.SelfAttribute("..to_worker.organisation")
    )
    handed_over_on = days(-40)


class ContactRequestFactory(DjangoModelFactory):
    """A waiting request to the project staff."""

    class Meta:
        model = ContactRequest

    parent = factory.SubFactory(ParentFactory)
    social_worker = factory.SelfAttribute("parent.social_worker")
    by = "together"
    route = "staff"
    area = "Esimerkkilä"
    parent_agrees = True
    received_on = days(-10)


class RelationshipFactory(DjangoModelFactory):
    """Two people getting acquainted."""

    class Meta:
        model = Relationship

    request = factory.SubFactory(ContactRequestFactory, status=RequestStatus.MATCHED)
    parent = factory.SelfAttribute("request.parent")
    social_worker = factory.SelfAttribute("request.social_worker")
    organisation = factory.SelfAttribute("social_worker.organisation")
    partner = factory.SubFactory(ExperiencePartnerFactory)
    proposed_on = days(-9)


class PairAnswerFactory(DjangoModelFactory):
    class Meta:
        model = PairAnswer

    relationship = factory.SubFactory(RelationshipFactory)
    party = Party.PARTNER
    yes = True
    answered_on = days(-8)


class LegalGroundFactory(DjangoModelFactory):
    class Meta:
        model = LegalGround

    code = factory.Sequence(lambda n: f"laki-{n:06}")
    name_fi = "Avohuollon tukitoimi"
    name_sv = "Stödåtgärd inom öppenvården"
    name_en = "Support in open care"


class DecisionFactory(DjangoModelFactory):
    """A positive decision for half a year, paid by the organiser."""

    class Meta:
        model = Decision

    relationship = factory.SubFactory(RelationshipFactory)
    is_positive = True
    made_on = days(-7)
    maker = factory.SelfAttribute("relationship.social_worker")
    organisation = factory.SelfAttribute("relationship.organisation")
    reference = factory.Sequence(lambda n: f"P-{n:06}")
    legal_ground = factory.SubFactory(LegalGroundFactory)
    valid_from = days(-7)
    valid_to = days(180)
    funding = "organiser"


class StartMeetingFactory(DjangoModelFactory):
    """Opened, not held."""

    class Meta:
        model = StartMeeting

    relationship = factory.SubFactory(RelationshipFactory)


class AgreementFactory(DjangoModelFactory):
    """Duration and scope are agreed; no goal yet."""

    class Meta:
        model = Agreement

    relationship = factory.SubFactory(RelationshipFactory)
    starts_on = days(-6)
    ends_on = days(170)
    meetings_per_month = 2
    told_to_worker = "Tapaamisten määrä"


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    agreement = factory.SubFactory(AgreementFactory)
    words = factory.Sequence(lambda n: f"Uskallan puhua {n:06}")
    area = "openness"


class AcknowledgementFactory(DjangoModelFactory):
    class Meta:
        model = Acknowledgement

    agreement = factory.SubFactory(AgreementFactory)
    party = Party.WORKER
    revision = factory.SelfAttribute("agreement.revision")
    how = "screen"


class MeetingFactory(DjangoModelFactory):
    """A held meeting of an hour; `planned=True` for one to come."""

    class Meta:
        model = Meeting

    class Params:
        planned = factory.Trait(status=MeetingStatus.PLANNED, date=days(3), minutes=None)

    relationship = factory.LazyFunction(lambda: relationship_in("active"))
    date = factory.LazyFunction(today)
    kind = "peer"
    place = "cafe"
    minutes = 60
    status = MeetingStatus.HELD


class AcquaintanceMeetingFactory(DjangoModelFactory):
    """The two had a coffee, a week before anything was decided."""

    class Meta:
        model = AcquaintanceMeeting

    relationship = factory.SubFactory(RelationshipFactory)
    date = days(-2)
    minutes = 45
    place = "cafe"


class CandidateFactory(DjangoModelFactory):
    """Somebody who is asked when the one before says no."""

    class Meta:
        model = Candidate

    request = factory.SubFactory(ContactRequestFactory)
    partner = factory.SubFactory(ExperiencePartnerFactory)
    position = 1


class ExclusionFactory(DjangoModelFactory):
    """The partner and the parent belong to one family."""

    class Meta:
        model = Exclusion

    partner = factory.SubFactory(ExperiencePartnerFactory)
    kind = "family"


class MeetingCorrectionFactory(DjangoModelFactory):
    class Meta:
        model = MeetingCorrection

    meeting = factory.SubFactory(MeetingFactory)
    date = factory.SelfAttribute("meeting.date")
    kind = "peer"
    place = "home"
    minutes = 30


class MeetingEchoFactory(DjangoModelFactory):
    class Meta:
        model = MeetingEcho

    meeting = factory.SubFactory(MeetingFactory)
    value = 3


class TalkWishFactory(DjangoModelFactory):
    class Meta:
        model = TalkWish

    partner = factory.SubFactory(ExperiencePartnerFactory)


class ContactPointFactory(DjangoModelFactory):
    class Meta:
        model = ContactPoint

    name_fi = factory.Sequence(lambda n: f"Esimerkin hyvinvointialue {n:06}")
    name_sv = "Exempels välfärdsområde"
    name_en = "Example county"
    phone = "02 000 0000"


class ConcernRecordFactory(DjangoModelFactory):
    """A notification was made by phone."""

    class Meta:
        model = ConcernRecord

    relationship = factory.LazyFunction(lambda: relationship_in("active"))
    notification_made = True
    contact_point = factory.SubFactory(ContactPointFactory)
    channel = "phone"


class IncidentFactory(DjangoModelFactory):
    """A grievance nobody has taken yet. `answered=True`: it has an owner and an answer."""

    class Meta:
        model = Incident

    class Params:
        answered = factory.Trait(
            status="answered",
            owner=factory.LazyFunction(lambda: user_in_role("staff")),
            answer="Asia on selvitetty.",
            answered_on=days(-1),
        )

    kind = "grievance"
    raised_as = "parent"
    words = "Tapaamista ei perutettu ajoissa."


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic
        django_get_or_create = ("code",)

    kind = "theme"
    code = factory.Sequence(lambda n: f"aihe-{n:06}")
    name_fi = "Nuoren kanssa"
    name_sv = "Med en tonåring"
    name_en = "With a teenager"


class DirectoryConsentFactory(DjangoModelFactory):
    """Others may see the first name."""

    class Meta:
        model = DirectoryConsent

    partner = factory.SubFactory(ExperiencePartnerFactory)
    field = DirectoryField.FIRST_NAME


class PublicRequestFactory(DjangoModelFactory):
    """By the public form. A worker and a parent together; `from_parent=True`, `from_worker=True`: one of them alone."""

    class Meta:
        model = ContactRequest

    class Params:
        from_parent = factory.Trait(by="parent", worker_name="", worker_organisation="", worker_contact="")
        from_worker = factory.Trait(
            by="worker", parent_name="", parent_contact="", language="", area="", parent_agrees=False
        )

    is_public = True
    by = "together"
    worker_name = "Työntekijä"
    worker_organisation = "Perheiden palvelut"
    worker_contact = "tyo@esimerkki.example"
    parent_name = "Jonna"
    parent_contact = "040 000 0000"
    language = "fi"
    area = "Esimerkkilä"
    parent_agrees = True
    received_on = days(-2)


def show(partner: ExperiencePartner, *fields: str) -> ExperiencePartner:
    """Others may see these fields of the partner; without fields, all of them."""
    for field in fields or DirectoryField.values:
        DirectoryConsentFactory(partner=partner, field=field)
    return partner


class ReviewFactory(DjangoModelFactory):
    """Due in a month. `held=True`: held yesterday, and they go on as agreed."""

    class Meta:
        model = Review

    class Params:
        held = factory.Trait(due_on=days(-2), held_on=days(-1), outcome="go_on")

    relationship = factory.LazyFunction(lambda: relationship_in("active"))
    due_on = days(30)


class GoalScoreFactory(DjangoModelFactory):
    """A goal that has come as far as expected."""

    class Meta:
        model = GoalScore

    review = factory.SubFactory(ReviewFactory, held=True)
    goal = factory.LazyAttribute(lambda o: o.review.relationship.agreement_in_force().goals.first())
    score = 0


class AssessmentRoundFactory(DjangoModelFactory):
    """The three have been asked at the start."""

    class Meta:
        model = AssessmentRound

    relationship = factory.LazyFunction(lambda: relationship_in("active"))
    moment = "start"
    opened_on = factory.LazyFunction(today)


class AssessmentFactory(DjangoModelFactory):
    """One party's answers; each item got the same step. `answers` says another step, or None for no answers."""

    class Meta:
        model = Assessment
        skip_postgeneration_save = True

    round = factory.SubFactory(AssessmentRoundFactory)
    party = Party.PARENT
    how = "sign_in"

    @factory.post_generation
    def answers(self, create, step, **kwargs):
        if create:
            AssessmentAnswer.objects.bulk_create(
                AssessmentAnswer(assessment=self, item=item, value=step or 3) for item in ITEMS_OF[self.party]
            )


class PauseFactory(DjangoModelFactory):
    """A break that is over; `running=True` for one that goes on."""

    class Meta:
        model = Pause

    class Params:
        running = factory.Trait(over_on=None)

    relationship = factory.SubFactory(RelationshipFactory)
    starts_on = days(-4)
    over_on = days(-2)
    asked_by = "parent"


class WishFactory(DjangoModelFactory):
    """A wish that nobody has talked about yet."""

    class Meta:
        model = Wish

    relationship = factory.SubFactory(RelationshipFactory)
    party = Party.PARENT
    kind = "change"


class ClosingFactory(DjangoModelFactory):
    class Meta:
        model = Closing

    relationship = factory.LazyFunction(lambda: relationship_in("ended"))
    ended_by = "time"
    next_support = "Perhekeskuksen ryhmä"


class FeedbackFactory(DjangoModelFactory):
    """Asked; `answered=True` for one that was given."""

    class Meta:
        model = Feedback

    class Params:
        answered = factory.Trait(
            answered_on=days(0), grade=4, words="Sain puhua rauhassa", quote_consent=True
        )

    relationship = factory.LazyFunction(lambda: relationship_in("ended"))
    party = Party.PARENT
    asked_on = days(-1)


class SupervisionFactory(DjangoModelFactory):
    """A group in five days; `partners=[…]` are invited, `held=True` was a week ago and everybody was there."""

    class Meta:
        model = Supervision
        skip_postgeneration_save = True

    class Params:
        held = factory.Trait(date=days(-7))

    kind = "group"
    date = days(5)
    starts_at = datetime.time(17, 0)
    minutes = 90
    leader = "Työnohjaaja Tiina"
    place = "Kokoushuone Koivu"

    @factory.post_generation
    def partners(self, create, partners, **kwargs):
        state = "present" if self.date < today() else "invited"
        for partner in partners or []:
            SupervisionPresenceFactory(supervision=self, partner=partner, state=kwargs.get("state", state))


class SupervisionPresenceFactory(DjangoModelFactory):
    class Meta:
        model = SupervisionPresence

    supervision = factory.SubFactory(SupervisionFactory)
    partner = factory.SubFactory(ExperiencePartnerFactory)


def make_ready(partner: ExperiencePartner) -> ExperiencePartner:
    """Both texts accepted in their current version (R3)."""
    current = {text.kind: text for text in CommitmentText.objects.in_force()}
    for kind in CommitmentKind:
        text = current.get(kind) or CommitmentTextFactory(kind=kind)
        CommitmentFactory(partner=partner, text=text)
    return partner


def ready_partner(**fields) -> ExperiencePartner:
    """A partner who may be proposed."""
    return make_ready(ExperiencePartnerFactory(**fields))


def decide(relationship: Relationship, on: datetime.date, *, days_valid: int = 180, **facts) -> Decision:
    """A positive decision from `on`."""
    return DecisionFactory(
        relationship=relationship,
        made_on=on,
        valid_from=on,
        valid_to=on + datetime.timedelta(days=days_valid),
        **facts,
    )


def hold_start_meeting(relationship: Relationship, on: datetime.date) -> Agreement:
    """The three were there, agreed on duration, scope and a goal, and each acknowledged."""
    StartMeetingFactory(
        relationship=relationship, held_on=on, worker_present=True, partner_present=True, parent_present=True
    )
    agreement = AgreementFactory(
        relationship=relationship, starts_on=on, ends_on=on + datetime.timedelta(days=170)
    )
    GoalFactory(agreement=agreement)
    return agree(agreement, on=on)


def agree(agreement: Agreement, *, on: datetime.date | None = None) -> Agreement:
    """All three accept the agreement as it stands: from then on it is in force."""
    for party in Party:
        AcknowledgementFactory(agreement=agreement, party=party)
    Agreement.objects.filter(pk=agreement.pk).update(agreed_on=on or today())
    agreement.refresh_from_db()
    return agreement


def activate(relationship: Relationship, *, on: datetime.date | None = None) -> Relationship:
    """Everything R1 asks for, then active from `on` (the default is five days ago)."""
    on = on or today() - datetime.timedelta(days=5)
    decide(relationship, on)
    hold_start_meeting(relationship, on)
    return _set(relationship, RelationshipStatus.ACTIVE, started_on=on, active_since=on)


def _set(relationship: Relationship, status: str, **fields) -> Relationship:
    Relationship.objects.filter(pk=relationship.pk).update(status=status, **fields)
    relationship.refresh_from_db()
    return relationship


def relationship_in(status: str, *, on: datetime.date | None = None, ended_on=None, **fields) -> Relationship:
    """A relationship in a state, with all that the state rests on.

    `on`: the day it became active. `ended_on`: the day it ended. Other fields are `RelationshipFactory`'s.
    """
    relationship = RelationshipFactory(**fields)
    status = RelationshipStatus(status)
    if status in (RelationshipStatus.ACQUAINTING, RelationshipStatus.NO_MATCH):
        return _set(relationship, status)
    for party in (Party.PARTNER, Party.PARENT):
        PairAnswerFactory(relationship=relationship, party=party)
    if status in (RelationshipStatus.PROPOSED, RelationshipStatus.DECLINED):
        return _set(relationship, status)
    if status == RelationshipStatus.REFUSED:
        DecisionFactory(
            relationship=relationship, is_positive=False, valid_from=None, valid_to=None, funding=""
        )
        return _set(relationship, status)
    if status == RelationshipStatus.DECIDED:
        decide(relationship, today() - datetime.timedelta(days=1))
        return _set(relationship, status)
    activate(relationship, on=on)
    if status == RelationshipStatus.ENDED:
        return _set(relationship, status, ended_on=ended_on or today())
    if status == RelationshipStatus.PAUSED:
        return _set(relationship, status)
    return relationship


def grant_paid(**fields) -> dict:
    """Facts of a decision that the grant pays."""
    return {"funding": "grant", "grant": GrantFactory(), **fields}
