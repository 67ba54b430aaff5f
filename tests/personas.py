"""The people of the tests: each role with an insider and an outsider of the same role.

One invented family of records lies in the middle. The parent had a relationship that ended (with the former partner)
and has an active one now (with the partner); other parents of the same social worker stand at the earlier steps. Next
to it lies the same again that belongs to the outsiders: when a test says "nothing leaks", something could.
"""

from dataclasses import dataclass, field
from datetime import time, timedelta
from types import SimpleNamespace

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from kumppani.accounts.actor import Actor, actor_for
from kumppani.accounts.middleware import SESSION_ROLE
from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from pairing.states import RequestStatus
from tests.factories.accounts import InvitationFactory, UserFactory, user_in_role
from tests.factories.notices import NoticeFactory
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import (
    AcquaintanceMeetingFactory,
    AgreementFactory,
    AssessmentFactory,
    AssessmentRoundFactory,
    CandidateFactory,
    ClosingFactory,
    CommitmentTextFactory,
    ConcernRecordFactory,
    ContactPointFactory,
    ContactRequestFactory,
    ExclusionFactory,
    ExperiencePartnerFactory,
    FeedbackFactory,
    GoalFactory,
    GoalScoreFactory,
    GuideTextFactory,
    HandOverFactory,
    IncidentFactory,
    LegalGroundFactory,
    MeetingCorrectionFactory,
    MeetingEchoFactory,
    MeetingFactory,
    ParentFactory,
    PauseFactory,
    PublicRequestFactory,
    ReviewFactory,
    SocialWorkerFactory,
    StartMeetingFactory,
    SubstitutionFactory,
    SupervisionFactory,
    TalkWishFactory,
    TopicFactory,
    WishFactory,
    make_ready,
    ready_partner,
    relationship_in,
    show,
)
from tests.factories.tasks import (
    AssignmentFactory,
    AssignmentKindFactory,
    CorrectionFactory,
    CriminalRecordNoteFactory,
    FeeFactory,
    FeeRuleFactory,
    MediaHitFactory,
    MeetingTermsFactory,
    OrdererFeedbackFactory,
    OrderFactory,
    OrderLinkFactory,
    OutreachEventFactory,
    ParticipationFactory,
    PartnerTermsFactory,
    TravelClaimFactory,
    TravelRateFactory,
    sealed_batch,
)
from tests.factories.training import (
    ApplicantLinkFactory,
    AttendanceFactory,
    CohortFactory,
    CohortFeedbackFactory,
    EnrolmentFactory,
    SessionFactory,
    TrainerFactory,
)
from training.states import EnrolmentStatus


@dataclass
class Person:
    """A user in a role. `user` is None for a stranger who is not signed in."""

    name: str
    user: object | None = None
    role: str = ""

    @property
    def actor(self) -> Actor | None:
        """The actor the service sees, or None."""
        return actor_for(self.user, self.role) if self.user is not None else None

    def client(self, **options) -> Client:
        """A browser in which this person is signed in, in this role."""
        client = Client(**options)
        if self.user is not None:
            client.force_login(self.user)
            session = client.session
            session[SESSION_ROLE] = self.role
            session.save()
        return client

    def __str__(self) -> str:
        return self.name


@dataclass
class People:
    """All of them, by name, and the records around them (`people.own`, `people.foreign`)."""

    staff: Person
    other_staff: Person
    worker: Person
    other_worker: Person
    partner: Person
    other_partner: Person
    former_partner: Person
    parent: Person
    other_parent: Person
    trainer: Person
    other_trainer: Person
    administrator: Person
    nobody: Person
    deactivated: Person
    anonymous: Person
    # Records by name: `own` belongs to the insiders, `foreign` to the outsiders.
    own: SimpleNamespace = field(default_factory=SimpleNamespace)
    foreign: SimpleNamespace = field(default_factory=SimpleNamespace)
    common: SimpleNamespace = field(default_factory=SimpleNamespace)
    # Accounts to keep, and one-purpose links in all their states.
    accounts: SimpleNamespace = field(default_factory=SimpleNamespace)
    link: SimpleNamespace = field(default_factory=SimpleNamespace)
    # Orders behind one-purpose links, by the same names as the links.
    ordered: SimpleNamespace = field(default_factory=SimpleNamespace)
    # People behind one-purpose links of the training, by the same names as the links.
    applied: SimpleNamespace = field(default_factory=SimpleNamespace)
    # Public ids of partners in the directory, and of cohorts that one can apply to.
    public: SimpleNamespace = field(default_factory=SimpleNamespace)

    def everybody(self) -> list[Person]:
        """All persons, the stranger too."""
        return [value for value in vars(self).values() if isinstance(value, Person)]

    def client_for(self, person: "Person | str") -> Client:
        """A browser in which this person is signed in."""
        return (getattr(self, person) if isinstance(person, str) else person).client()

    def parent_of(self, relationship) -> Person:
        """The parent of one of the relationships, as a person."""
        return Person("parent", relationship.parent.user, "parent")


def build_people() -> People:
    """Build the whole family. Two hundred rows: quick enough to do it for each test."""
    staff, other_staff = user_in_role("staff", first_name="Sanna"), user_in_role("staff", first_name="Oona")
    organisation, other_organisation = OrganisationFactory(), OrganisationFactory()
    common = SimpleNamespace(
        principles=CommitmentTextFactory(kind="principles", number=1),
        undertaking=CommitmentTextFactory(kind="undertaking", number=1),
        legal_ground=LegalGroundFactory(),
        co_ordinator=OrganisationFactory(kind="coordinator"),
        grant=GrantFactory(),
        kind=AssignmentKindFactory(),
        # Who approves what is paid, and makes the batches.
        approver=other_staff,
        # Belongs to nobody in particular: somebody to take in, and a ready partner without an account.
        taken_in=ready_partner(),
        on_a_break=ready_partner(is_available=False),
        idle=ready_partner(taken_in_on=today() - timedelta(days=200)),
        leaving=ready_partner(is_available=False, leaving_on=today() - timedelta(days=9)),
        left=ready_partner(
            is_available=False, leaving_on=today() - timedelta(days=60), left_on=today() - timedelta(days=30)
        ),
        # Work with children for which the law demands that the extract is seen, and the same for which it may be.
        child_kind=AssignmentKindFactory(with_minors=True, engagement="paid_long"),
        other_child_kind=AssignmentKindFactory(with_minors=True),
    )
    common.ground_rules, common.guide = GuideTextFactory(), GuideTextFactory(kind="concern")
    common.contact_point = ContactPointFactory()
    common.topic = TopicFactory()
    common.life_phase = TopicFactory(kind="life_phase")
    common.old_topic = TopicFactory(is_active=False)
    common.public_request = PublicRequestFactory()
    show(common.on_a_break)
    common.fee_rule = FeeRuleFactory(kind=common.kind)
    common.media_hit = MediaHitFactory(url="https://sanomat.example/juttu")
    # One rate that the journeys are reckoned with, and one with which nothing has been reckoned yet.
    common.travel_rate, common.loose_rate = TravelRateFactory(), TravelRateFactory(kind="full", amount=50)

    trainer_user, other_trainer_user = (
        user_in_role("trainer", first_name="Tuula"),
        user_in_role("trainer", first_name="Timo"),
    )
    own_cohort, foreign_cohort = _cohort(trainer_user), _cohort(other_trainer_user)

    worker = SocialWorkerFactory(organisation=organisation)
    other_worker = SocialWorkerFactory(organisation=other_organisation)
    partner = _partner(own_cohort, "Paula")
    former_partner = _partner(own_cohort, "Raija")
    other_partner = _partner(foreign_cohort, "Olli")

    own = _records(worker, partner, own_cohort, common, former=former_partner)
    foreign = _records(other_worker, other_partner, foreign_cohort, common)

    deactivated = user_in_role("staff", first_name="Dora", is_active=True)
    people = People(
        staff=Person("staff", staff, "staff"),
        other_staff=Person("other_staff", other_staff, "staff"),
        worker=Person("worker", worker.user, "social_worker"),
        other_worker=Person("other_worker", other_worker.user, "social_worker"),
        partner=Person("partner", partner.user, "partner"),
        other_partner=Person("other_partner", other_partner.user, "partner"),
        former_partner=Person("former_partner", former_partner.user, "partner"),
        parent=Person("parent", own.parent.user, "parent"),
        other_parent=Person("other_parent", foreign.parent.user, "parent"),
        trainer=Person("trainer", trainer_user, "trainer"),
        other_trainer=Person("other_trainer", other_trainer_user, "trainer"),
        administrator=Person(
            "administrator", user_in_role("administrator", first_name="Aatos"), "administrator"
        ),
        nobody=Person("nobody", UserFactory(first_name="Niilo"), ""),
        deactivated=DeactivatedPerson("deactivated", deactivated, "staff"),
        anonymous=Person("anonymous"),
        own=own,
        foreign=foreign,
        common=common,
    )
    own.former_partner = former_partner
    people.public = _in_public(partner, other_partner, common)
    for person, kind, about in (
        (people.staff, "request_waiting", own.request),
        (people.other_staff, "request_waiting", own.request),
        (people.worker, "decision_wanted", own.proposed),
        (people.parent, "meeting_planned", own.planned_meeting),
    ):
        NoticeFactory(recipient=person.user, role=person.role, kind=kind, about=about)
    people.accounts = _accounts(people.administrator.user, worker.user)
    people.link = _links(people.administrator.user)
    people.ordered = _links_to_orders(people.link, own)
    people.applied = _links_of_applicants(people.link, own)
    people.public.open_cohort, people.public.closed_cohort = own.open_cohort.pk, own.cohort.pk
    return people


class DeactivatedPerson(Person):
    """Signed in, then deactivated: the session is live, the user is not."""

    @property
    def actor(self) -> None:
        return None

    def client(self, **options) -> Client:
        client = super().client(**options)
        get_user_model().objects.filter(pk=self.user.pk).update(is_active=False)
        return client


def _in_public(partner, other_partner, common) -> SimpleNamespace:
    """What strangers may find: one who shows everything, one who shows the first name only, and one who hides."""
    for each in (partner, other_partner):
        each.introduction = "Kävelen mielelläni"
        each.save(update_fields=["introduction"])
        each.topics.set([common.topic, common.life_phase, common.old_topic])
    show(partner)
    show(other_partner, "first_name")
    return SimpleNamespace(
        shown=partner.public_id, named=other_partner.public_id, hidden=common.taken_in.public_id
    )


def _accounts(administrator, somebody) -> SimpleNamespace:
    """What an administrator keeps."""
    invited = InvitationFactory(invited_by=administrator, user__first_name="Iiris").user
    return SimpleNamespace(
        somebody=somebody,
        invited=invited,
        closed=user_in_role("staff", first_name="Kerttu", is_active=False),
        role=somebody.grants.get(),
    )


def _links(administrator) -> SimpleNamespace:
    """Links to choose a password by, in every state, and links to reset one."""

    def link(**fields) -> str:
        return InvitationFactory(invited_by=administrator, **fields).make_token()

    forgetful = user_in_role("staff", first_name="Mirja")
    uid = user_pk_to_url_str(forgetful)
    return SimpleNamespace(
        valid=link(),
        expired=link(expires_at=timezone.now() - timedelta(minutes=1)),
        revoked=link(revoked_at=timezone.now()),
        used=link(used_at=timezone.now()),
        closed=link(user=user_in_role("staff", is_active=False)),
        unknown="there-never-was-such-a-link",
        reset=(uid, default_token_generator.make_token(forgetful)),
        reset_unknown=(uid, "abcdef-0123456789abcdef0123456789abcdef"),
    )


def _links_to_orders(link: SimpleNamespace, own: SimpleNamespace) -> SimpleNamespace:
    """Links to orders in all their states, written into `link`; returns the orders by the same names."""
    orders = SimpleNamespace(
        order_valid=own.order,
        order_to_agree=own.taken_order,
        order_agreed=own.agreed_order,
        order_done=own.done_order,
        order_reviewed=own.reviewed_order,
        order_declined=own.declined_order,
        order_expired=own.order,
        order_revoked=own.order,
        order_elsewhere=own.order,
    )
    states = {
        "order_expired": {"expires_at": timezone.now() - timedelta(minutes=1)},
        "order_revoked": {"revoked_at": timezone.now()},
        "order_elsewhere": {"sent_to": "entinen@esimerkki.example"},
    }
    for name, order in vars(orders).items():
        setattr(link, name, OrderLinkFactory(order=order, **states.get(name, {})).make_token())
    link.order_unknown = "there-never-was-such-an-order"
    return orders


def _applicants() -> SimpleNamespace:
    """A cohort that is open for applications, and somebody in every state on the way to it."""
    cohort = CohortFactory(recruiting=True, place="Turku ja verkko", about="Tapaamme tiistaisin.")
    SessionFactory(
        cohort=cohort, date=cohort.starts_on, starts_at=time(9), ends_at=time(15), changed_on=today()
    )

    def applicant(status: str, **facts):
        return EnrolmentFactory(cohort=cohort, applied=True, **{"status": status, **facts})

    ended = {"answered_on": today(), "ended_on": today()}
    soon = timezone.now() + timedelta(days=3)
    return SimpleNamespace(
        open_cohort=cohort,
        applicant=applicant("applied", phone="040 123 4567"),
        invited_applicant=applicant("applied", interview_at=soon, interview_place="Kirjasto"),
        reserve_applicant=applicant("reserve"),
        accepted_applicant=applicant("accepted", answered_on=today()),
        rejected_applicant=applicant("rejected", **ended),
        withdrawn_applicant=applicant("withdrawn", ended_on=today()),
        # Told on the telephone: no address, so no letters.
        phoned_applicant=applicant("applied", email="", phone="040 765 4321"),
    )


def _links_of_applicants(link: SimpleNamespace, own: SimpleNamespace) -> SimpleNamespace:
    """Links of applicants in all their states, written into `link`; returns the people by the same names."""
    people = SimpleNamespace(
        applicant_valid=own.applicant,
        applicant_invited=own.invited_applicant,
        applicant_reserve=own.reserve_applicant,
        applicant_accepted=own.accepted_applicant,
        applicant_rejected=own.rejected_applicant,
        applicant_withdrawn=own.withdrawn_applicant,
        applicant_expired=own.applicant,
        applicant_revoked=own.applicant,
        applicant_elsewhere=own.applicant,
        # Asked how the training was; the second has said it.
        applicant_asked=own.completed,
        applicant_answered=own.partner.enrolment,
    )
    states = {
        "applicant_asked": {"letter": "feedback"},
        "applicant_answered": {"letter": "feedback", "is_used": True},
        "applicant_expired": {"expires_at": timezone.now() - timedelta(minutes=1)},
        "applicant_revoked": {"revoked_at": timezone.now()},
        "applicant_elsewhere": {"sent_to": "entinen@esimerkki.example"},
    }
    for name, person in vars(people).items():
        made = ApplicantLinkFactory(enrolment=person, **states.get(name, {}))
        setattr(link, name, made.make_token())
        if name == "applicant_valid":
            own.applicant_link = made
    link.applicant_unknown = "there-never-was-such-an-application"
    return people


def _cohort(trainer_user) -> SimpleNamespace:
    """A cohort with a session, its trainer, somebody attending and somebody who has completed."""
    cohort = CohortFactory()
    trainer = TrainerFactory(user=trainer_user)
    co_trainer = TrainerFactory()  # from outside, without an account
    session = SessionFactory(cohort=cohort, trainers=[trainer, co_trainer])
    coming_session, called_off_session = (
        SessionFactory(
            cohort=cohort,
            date=today() + timedelta(days=33 + number),
            starts_at=time(9),
            ends_at=time(15),
            room="Ryhmätila Kuusama",
            link="https://tapaaminen.example/koulutus",
            trainers=[trainer, co_trainer],
            is_cancelled=bool(number),
        )
        for number in range(2)
    )
    attending = EnrolmentFactory(cohort=cohort)
    attendance = AttendanceFactory(session=session, enrolment=attending)
    absence = AttendanceFactory(session=session, enrolment=EnrolmentFactory(cohort=cohort), hours=0)
    completed = EnrolmentFactory(cohort=cohort, completed=True)
    AttendanceFactory(session=session, enrolment=completed)
    for _five in range(5):
        CohortFeedbackFactory(cohort=cohort, words="Parasta oli ryhmä")
    return SimpleNamespace(
        cohort=cohort,
        planned_cohort=CohortFactory(
            status="planned",
            starts_on=today() + timedelta(days=90),
            ends_on=today() + timedelta(days=240),
            place="Lahtela, osin verkossa",
            about="Tapaamme tiistaisin kello 9–15.",
        ),
        coming_session=coming_session,
        called_off_session=called_off_session,
        trainer=trainer,
        co_trainer=co_trainer,
        session=session,
        attending=attending,
        applied=EnrolmentFactory(cohort=cohort, status=EnrolmentStatus.APPLIED),
        attendance=attendance,
        absence=absence,
        completed=completed,
        **vars(_applicants()),
    )


def _partner(cohort, first_name: str):
    """A ready partner with an account."""
    return make_ready(
        ExperiencePartnerFactory(
            enrolment=EnrolmentFactory(cohort=cohort.cohort, completed=True, first_name=first_name),
            user=user_in_role("partner", first_name=first_name),
            max_relationships=8,
        )
    )


def _parent(worker, first_name: str):
    """A parent with an account."""
    return ParentFactory(
        social_worker=worker,
        first_name=first_name,
        user=user_in_role("parent", first_name=first_name, last_name=""),
    )


def _relationship(status: str, worker, partner, first_name: str, parent=None, **times):
    parent = parent or _parent(worker, first_name)
    request = ContactRequestFactory(parent=parent, status=RequestStatus.MATCHED)
    return relationship_in(status, request=request, partner=partner, **times)


def _records(worker, partner, cohort, common, former=None) -> SimpleNamespace:
    """What belongs to one social worker, one partner and their parents."""
    records = SimpleNamespace(**vars(cohort))
    records.worker, records.partner, records.organisation = worker, partner, worker.organisation
    records.parent = _parent(worker, "Ville")
    if former is not None:
        long_ago = today() - timedelta(days=200)
        records.ended = _relationship(
            "ended", worker, former, "", records.parent, on=long_ago, ended_on=long_ago + timedelta(days=90)
        )
        records.ended_meeting = MeetingFactory(relationship=records.ended, date=long_ago + timedelta(days=3))
        records.ended_planned = MeetingFactory(relationship=records.ended, planned=True)
        records.ended_agreement = records.ended.agreements.get()
        records.closing = ClosingFactory(relationship=records.ended)
        records.parent_feedback, records.partner_feedback, records.worker_feedback = (
            FeedbackFactory(relationship=records.ended, party=party, answered=party == "worker")
            for party in ("parent", "partner", "worker")
        )
    records.active = _relationship("active", worker, partner, "", records.parent)
    PauseFactory(relationship=records.active)
    records.wish, records.partner_wish = (
        WishFactory(relationship=records.active, party=party) for party in ("parent", "partner")
    )
    records.paused = _relationship("paused", worker, partner, "Sari")
    PauseFactory(relationship=records.paused, running=True)
    # A change that waits to be accepted.
    records.proposal = AgreementFactory(
        relationship=records.paused,
        number=2,
        kind="change",
        starts_on=today(),
        contact_ways="Tekstiviestillä",
        cancelling="Viestillä päivää ennen",
        ground_rules=common.ground_rules,
    )
    GoalFactory(agreement=records.proposal)
    records.colleague = SocialWorkerFactory(organisation=worker.organisation)
    records.substitution = SubstitutionFactory(social_worker=worker, substitute=records.colleague)
    records.hand_over = HandOverFactory(parent=records.parent, from_worker=records.colleague)
    records.acquainting = _relationship("acquainting", worker, partner, "Kaisa")
    records.proposed = _relationship("proposed", worker, partner, "Pirkko")
    records.decided = _relationship("decided", worker, partner, "Dan")
    records.opened = _relationship("decided", worker, partner, "Milla")
    StartMeetingFactory(
        relationship=records.opened, worker_present=True, partner_present=True, parent_present=True
    )
    records.open_agreement = AgreementFactory(relationship=records.opened, ground_rules=common.ground_rules)
    GoalFactory(agreement=records.open_agreement)
    records.request = ContactRequestFactory(parent=_parent(worker, "Jarkko"))
    records.quiet_parent = ParentFactory(social_worker=worker)  # has no account
    records.notice = NoticeFactory(recipient=partner.user, about=records.acquainting)
    records.matched_request = records.active.request
    records.agreement = records.active.agreements.get()
    records.goal = records.agreement.goals.get()
    records.meeting = MeetingFactory(relationship=records.active)
    records.planned_meeting = MeetingFactory(relationship=records.active, planned=True)

    for relationship in (records.active, records.acquainting):
        AcquaintanceMeetingFactory(relationship=relationship)
    CandidateFactory(request=records.request, partner=common.on_a_break)
    records.exclusion = ExclusionFactory(partner=partner, parent=records.quiet_parent)
    records.own_area = ExclusionFactory(partner=partner, kind="own_wish", area="Kaukala")
    MeetingCorrectionFactory(meeting=records.meeting)
    MeetingEchoFactory(meeting=records.meeting)
    records.talk = TalkWishFactory(partner=partner)
    # One time comes, one has been held, one has not been marked yet; somebody else is invited to each.
    company = common.taken_in
    records.supervision = SupervisionFactory(
        partners=[partner, company], link="https://tapaaminen.example/ryhma"
    )
    records.held_supervision = SupervisionFactory(held=True, partners=[partner, company])
    records.unmarked_time = SupervisionFactory(
        kind="debriefing", date=today() - timedelta(days=1), partners=[partner], partners__state="invited"
    )

    # They have looked back once. At the start the parent and the partner have answered, since then nobody.
    records.held_review = ReviewFactory(relationship=records.active, held=True)
    records.score = GoalScoreFactory(review=records.held_review, goal=records.goal)
    records.review = ReviewFactory(relationship=records.active)
    records.first_round = AssessmentRoundFactory(
        relationship=records.active, opened_on=today() - timedelta(days=5)
    )
    for party in ("parent", "partner"):
        AssessmentFactory(round=records.first_round, party=party)
    records.round = AssessmentRoundFactory(relationship=records.active, moment="review")
    if former is not None:
        records.ended_review = ReviewFactory(relationship=records.ended, is_closing=True)
        records.ended_round = AssessmentRoundFactory(relationship=records.ended, moment="closing")
        before = AssessmentRoundFactory(relationship=records.ended, opened_on=long_ago)
        for party in ("parent", "worker"):
            AssessmentFactory(round=before, party=party)

    records.concern = ConcernRecordFactory(relationship=records.active, recorded_by=partner.user)
    records.incident, records.answered_incident = (
        IncidentFactory(relationship=records.active, raised_by=records.parent.user, **options)
        for options in ({}, {"answered": True})
    )

    raisers = {"social_worker": [worker.user], "partner": [partner.user, *([former.user] if former else [])]}
    for role, users in raisers.items():
        for user in users:
            IncidentFactory(raised_by=user, raised_as=role)

    records.assignment = AssignmentFactory(
        organisation=worker.organisation, kind=common.kind, grant=common.grant
    )
    records.participation = ParticipationFactory(assignment=records.assignment, partner=partner)
    # Confirmed for today: it can be marked as done, and its partner can still say that she or he cannot come.
    records.agreed_assignment = AssignmentFactory(
        organisation=worker.organisation,
        kind=common.kind,
        grant=common.grant,
        status="agreed",
        date=today(),
        place="Kokoustila Kivikko",
    )
    records.accepted = ParticipationFactory(
        assignment=records.agreed_assignment, partner=partner, status="accepted"
    )
    # One event has been held, one comes on the day of the assignment that has been offered.
    records.outreach, records.coming_outreach = (
        OutreachEventFactory(
            organisation=worker.organisation, grant=common.grant, partners=[partner], title=title, date=date
        )
        for title, date in (
            ("Tiimin aamukahvit", today() - timedelta(days=7)),
            ("Avoimet ovet", records.assignment.date),
        )
    )
    records.fee = FeeFactory(
        participation__partner=partner,
        participation__assignment__organisation=worker.organisation,
        participation__assignment__kind=common.kind,
        participation__assignment__grant=common.grant,
    )
    records.claimed_fee = FeeFactory(
        claimed=True,
        participation__partner=partner,
        participation__assignment__organisation=worker.organisation,
        participation__assignment__kind=common.kind,
        participation__assignment__grant=common.grant,
    )
    records.done_assignment = records.fee.participation.assignment
    # Had said yes, and was not ticked when the assignment was marked as done.
    records.left_out = ParticipationFactory(
        partner=partner,
        status="cancelled",
        assignment__status="done",
        assignment__date=today() - timedelta(days=2),
        assignment__organisation=worker.organisation,
        assignment__kind=common.kind,
        assignment__grant=common.grant,
    )
    StatusChange.objects.create(
        object_kind="tasks.participation", object_id=records.left_out.pk, old="accepted", new="cancelled"
    )
    records.waived_fee = FeeFactory(participation__partner=partner, status="waived", payment_form="waived")
    records.orderer_fee = FeeFactory(
        approved=True,
        participation__partner=partner,
        participation__assignment__payer="orderer",
        participation__assignment__grant=None,
    )
    records.terms = PartnerTermsFactory(partner=partner, monthly_ceiling=300)
    records.record_note = CriminalRecordNoteFactory(
        partner=partner, kind=common.child_kind, seen_by=common.approver
    )
    # For this one the extract must be seen: of this partner it has been, of the one who is leaving it has not.
    records.child_assignment = AssignmentFactory(
        organisation=worker.organisation,
        kind=common.child_kind,
        grant=common.grant,
        date=today() + timedelta(days=40),
    )
    records.child_participation, _of_another = (
        ParticipationFactory(assignment=records.child_assignment, partner=asked, status="accepted")
        for asked in (partner, common.leaving)
    )
    records.meeting_terms = MeetingTermsFactory(
        relationship=records.active, of_grant=None, grant=common.grant
    )
    records.travel, records.returned_travel, records.orderer_travel = (
        TravelClaimFactory(partner=partner, **{"grant": common.grant, **options})
        for options in (
            {"participation": records.fee.participation, "is_volunteer": True},
            {"status": "rejected", "rejected_because": "Reitti puuttuu"},
            {"approved": True, "payer": "orderer", "grant": None},
        )
    )
    _put_into_a_batch(records, common)
    _with_orders(records, common)
    return records


def _with_orders(records: SimpleNamespace, common: SimpleNamespace) -> None:
    """Orders in each state: waiting, and taken on as assignments to be agreed to, agreed, done and looked back on."""

    def order(**options):
        made = OrderFactory(organisation_name=records.organisation.name, **options)
        made.partners.set([records.partner])
        return made

    def assignment(of, **options):
        facts = {"payer": "orderer", "grant": None, "orderer_amount": 300, **options}
        return AssignmentFactory(
            order=of, organisation=records.organisation, kind=common.kind, place="Kirjasto", **facts
        )

    agreed = {"orderer_agreed_on": today(), "orderer_agreed_how": "link"}
    records.order = order()
    records.declined_order = order(status="declined", declined_because="Silloin kaikki ovat koulutuksessa")
    records.order_without_link = order()
    records.taken_order, records.agreed_order, records.done_order, records.reviewed_order = (
        order(status="taken", organisation=records.organisation, payer="orderer") for _four in range(4)
    )
    records.ordered_assignment = assignment(records.taken_order)
    assignment(records.agreed_order, status="agreed", **agreed)
    for of in (records.done_order, records.reviewed_order):
        made = assignment(of, status="done", date=today() - timedelta(days=3), **agreed)
        ParticipationFactory(assignment=made, partner=records.partner, status="done", fee_amount=None)
    records.orderer_feedback = OrdererFeedbackFactory(assignment=made)
    records.order_link = OrderLinkFactory(order=records.order)


def _put_into_a_batch(records: SimpleNamespace, common: SimpleNamespace) -> None:
    """A fee and a journey that have been sent to be paid, a correction of the fee that waits, and a fee for the next
    batch."""
    approved = {"approved": True, "approved_by": common.approver}
    records.exported_fee, records.approved_fee = (
        FeeFactory(
            **approved,
            participation__partner=records.partner,
            participation__assignment__organisation=records.organisation,
            participation__assignment__kind=common.kind,
            participation__assignment__grant=common.grant,
        )
        for _two in range(2)
    )
    records.exported_travel = TravelClaimFactory(**approved, partner=records.partner, grant=common.grant)
    records.batch = sealed_batch([records.exported_fee, records.exported_travel], made_by=common.approver)
    records.correction = CorrectionFactory(fee=records.exported_fee, claimed_by=common.approver)
