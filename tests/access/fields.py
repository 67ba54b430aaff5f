"""What each role may read, field by field: the canary test compares every page with this table.

`see`     – of the rows that this person sees (tests/access/scopes.py)
`shown`   – of these rows, those whose owner lets it be shown in public
`active`  – of the parents with whom there is an active relationship
`around`  – of the people and places next to what this person sees (see `around` below)
`.`       – never

A role reads nothing that is not in its column; a text field that has no row fails the test. Codes, statuses and dates
are not words and stand in no row.
"""

from kumppani.accounts.models import User
from kumppani.organisations.models import Organisation
from pairing.models import Decision, HandOver, Incident, LegalGround, Parent, Relationship
from tests.access.scopes import relationships_of
from tests.personas import People
from training.models import Cohort

ROLES = ("staff", "social_worker", "partner", "parent", "trainer", "administrator")

TABLE = """
#                                    staff   worker  partner parent  trainer administrator
# --- never shown to anybody
accounts.User.password               .       .       .       .       .       .
accounts.Invitation.token_hash       .       .       .       .       .       .
# --- shown to the person who typed them, once, after an expired session
core.KeptWords.words                 .       .       .       .       .       .
# --- who people are
accounts.User.email                  around  .       .       .       .       see
accounts.User.first_name             around  around  around  around  see     see
accounts.User.last_name              around  around  around  around  see     see
organisations.Organisation.name      see     see     see     around  .       see
organisations.Grant.name             see     see     .       .       see     see
organisations.Grant.funder           see     .       .       .       .       see
organisations.Grant.code             see     .       .       .       .       see
organisations.Grant.cost_centre      see     .       .       .       .       see
# --- training: the e-mail address of somebody in training is for staff only
training.Trainer.name                see     .       .       .       see     .
training.Trainer.expertise           see     .       .       .       see     .
training.Cohort.name                 see     .       around  .       see     .
training.Cohort.place                see     .       .       .       see     .
training.Cohort.about                see     .       .       .       .       .
training.Session.theme               see     .       .       .       see     .
training.Session.room                see     .       .       .       see     .
training.Session.link                see     .       .       .       see     .
training.Enrolment.first_name        see     .       .       .       see     .
training.Enrolment.last_name         see     .       .       .       see     .
training.Enrolment.email             see     .       .       .       .       .
training.Enrolment.phone             see     .       .       .       .       .
training.Enrolment.interview_place   see     .       .       .       .       .
training.ApplicantLink.sent_to       see     .       .       .       .       .
training.CohortFeedback.words        see     .       .       .       see     .
# --- partners: to parents and workers a first name; the texts are for everybody to read (B16)
pairing.ExperiencePartner.first_name see     see     see     see     .       .
pairing.ExperiencePartner.last_name  see     .       see     .       .       .
pairing.ExperiencePartner.area       see     see     see     .       .       .
pairing.ExperiencePartner.introduction .     .       see     shown     .       .
pairing.SocialWorker.unit            see     see     .       .       .       .
pairing.CommitmentText.text_fi       see     see     see     see     .       see
pairing.CommitmentText.text_sv       see     see     see     see     .       see
pairing.CommitmentText.text_en       see     see     see     see     .       see
# --- parents: the contact only while the two meet (domain 2.2); the code is for those who keep the papers
pairing.Parent.first_name            see     see     see     see     .       .
pairing.Parent.case_code             see     see     .       .       .       .
pairing.Parent.contact               see     see     active  see     .       .
pairing.ContactRequest.area          see     see     .       .       .       .
# --- what came by the public form: the staff, and the worker to whom the request has been given
pairing.ContactRequest.worker_name   see     see     .       .       .       .
pairing.ContactRequest.worker_organisation see see   .       .       .       .
pairing.ContactRequest.worker_contact see    see     .       .       .       .
pairing.ContactRequest.parent_name   see     .       .       .       .       .
pairing.ContactRequest.parent_contact see    .       .       .       .       .
# --- the relationship
pairing.LegalGround.code             .       .       .       .       .       .
pairing.LegalGround.name_fi          see     see     around  around  .       see
pairing.LegalGround.name_sv          see     see     around  around  .       see
pairing.LegalGround.name_en          see     see     around  around  .       see
pairing.Exclusion.area               see     .       see     .       .       .
pairing.Supervision.leader           see     .       see     .       .       .
pairing.Supervision.place            see     .       see     .       .       .
pairing.Supervision.link             see     .       see     .       .       .
pairing.Meeting.note                 .       .       see     see     .       .
pairing.MeetingCorrection.note       .       .       see     see     .       .
pairing.Decision.reference           see     see     see     see     .       .
pairing.Agreement.told_to_worker     see     see     see     see     .       .
pairing.Agreement.contact_ways       see     see     see     see     .       .
pairing.Agreement.cancelling         see     see     see     see     .       .
pairing.GuideText.text_fi            see     see     see     see     .       see
pairing.GuideText.text_sv            see     see     see     see     .       see
pairing.GuideText.text_en            see     see     see     see     .       see
pairing.Goal.words                   see     see     see     see     .       .
pairing.Closing.next_support         see     see     .       see     .       .
pairing.Feedback.words               see     see     see     see     .       .
pairing.Goal.expected                see     see     see     see     .       .
# --- worries: the numbers are everybody's; what somebody told us is for the staff and for her or him
pairing.ContactPoint.name_fi         see     see     see     see     .       see
pairing.ContactPoint.name_sv         see     see     see     see     .       see
pairing.ContactPoint.name_en         see     see     see     see     .       see
pairing.ContactPoint.phone           see     see     see     see     .       see
pairing.ContactPoint.urgent_phone    see     see     see     see     .       see
pairing.ContactPoint.hours           see     see     see     see     .       see
pairing.ContactPoint.url             see     see     see     see     .       see
pairing.Reminder.kind                .       .       .       .       .       .
pairing.Incident.words               see     see     see     see     .       .
pairing.Incident.answer              see     see     see     see     .       .
pairing.Topic.code                   .       .       see     .       .       see
pairing.Topic.name_fi                see     see     see     see     .       see
pairing.Topic.name_sv                see     see     see     see     .       see
pairing.Topic.name_en                see     see     see     see     .       see
# --- tasks
tasks.AssignmentKind.code            see     .       .       .       .       .
tasks.AssignmentKind.name_fi         see     .       see     .       .       see
tasks.AssignmentKind.name_sv         see     .       see     .       .       see
tasks.AssignmentKind.name_en         see     .       see     .       .       see
tasks.Assignment.title               see     .       see     .       .       .
tasks.Assignment.audience            see     .       see     .       .       .
tasks.Assignment.place               see     .       see     .       .       .
# an order and its contact are the staff's; whoever holds its link sees that one order (`behind_link`)
tasks.Order.organisation_name        see     .       .       .       .       .
tasks.Order.contact_name             see     .       .       .       .       .
tasks.Order.contact_email            see     .       .       .       .       .
tasks.Order.contact_phone            see     .       .       .       .       .
tasks.Order.title                    see     .       .       .       .       .
tasks.Order.words                    see     .       .       .       .       .
tasks.Order.place                    see     .       .       .       .       .
tasks.Order.audience                 see     .       .       .       .       .
tasks.Order.declined_because         see     .       .       .       .       .
tasks.OrderLink.sent_to              see     .       .       .       .       .
tasks.OrdererFeedback.words          see     .       see     .       .       .
tasks.OutreachEvent.title            see     .       see     .       .       .
tasks.OutreachEvent.municipality     see     .       see     .       .       .
tasks.MediaHit.medium                see     .       .       .       .       .
tasks.MediaHit.title                 see     .       .       .       .       .
tasks.MediaHit.url                   see     .       .       .       .       .
tasks.Fee.rejected_because           see     .       see     .       .       .
# the number in payroll is for those who send payments
tasks.PartnerTerms.payee_no          see     .       .       .       .       .
tasks.Correction.because             see     .       see     .       .       .
tasks.Correction.rejected_because    .       .       .       .       .       .
tasks.PaymentRow.payee_no            see     .       .       .       .       .
tasks.PaymentRow.payee_name          see     .       .       .       .       .
tasks.PaymentRow.payment_form        see     .       .       .       .       .
tasks.PaymentRow.description         see     .       .       .       .       .
tasks.PaymentRow.unit                see     .       .       .       .       .
tasks.PaymentRow.cost_centre         see     .       .       .       .       .
tasks.PaymentRow.grant_code          see     .       .       .       .       .
tasks.PaymentRow.payer               see     .       .       .       .       .
tasks.PaymentRow.approved_by         see     .       .       .       .       .
tasks.TravelClaim.route              see     .       see     .       .       .
tasks.TravelClaim.purpose            see     .       see     .       .       .
tasks.TravelClaim.rejected_because   see     .       see     .       .       .
tasks.TravelRate.source              see     .       see     .       .       see
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    fields = {}
    for line in table.splitlines():
        if line.strip() and not line.startswith("#"):
            name, *cells = line.split()
            fields[name] = dict(zip(ROLES, cells, strict=True))
    return fields


FIELDS = _read(TABLE)


def open_to_all(people: People) -> dict[str, set]:
    """What the public pages tell everybody, field → ids of rows: of partners what each has let be shown (A35)."""
    shown, named = people.own.partner.pk, people.foreign.partner.pk
    topics = {people.common.topic.pk, people.common.life_phase.pk}
    open_cohorts = {cohort.pk for cohort in Cohort.objects.all() if cohort.is_open_for_applications()}
    return {
        **{f"training.Cohort.{name}": open_cohorts for name in ("name", "place", "about")},
        "pairing.ExperiencePartner.first_name": {shown, named},
        "pairing.ExperiencePartner.area": {shown},
        "pairing.ExperiencePartner.introduction": {shown},
        **{f"pairing.Topic.name_{language}": topics for language in ("fi", "sv", "en")},
        "pairing.Topic.code": topics,  # in the addresses of the filters
        **{
            f"pairing.CommitmentText.text_{language}": {people.common.principles.pk}
            for language in ("fi", "sv", "en")
        },
    }


def behind_link(people: People, thing: str) -> dict[str, set]:
    """What the holder of a one-purpose link reads, field → ids of rows: that one order and what has become of it, or
    that one person's way through one cohort.
    """
    if not thing.startswith(("link.", "holds.")):
        return {}
    name = thing.partition(".")[2]
    if (person := getattr(people.applied, name, None)) is not None:
        return {
            "training.Enrolment.interview_place": {person.pk},
            **{f"training.Cohort.{name}": {person.cohort_id} for name in ("name", "place")},
            # Whoever has a place reads where to come, and when.
            **{
                f"training.Session.{name}": set(person.cohort.sessions.values_list("pk", flat=True))
                for name in ("theme", "room", "link")
                if person.is_under_way
            },
        }
    order = getattr(people.ordered, name, None)
    if order is None:
        return {}
    assignment = getattr(order, "assignment", None)
    feedback = getattr(assignment, "feedback", None)
    return {
        **{
            f"tasks.Order.{name}": {order.pk}
            for name in ("title", "place", "organisation_name", "declined_because")
        },
        **{
            f"tasks.Assignment.{name}": {assignment.pk} if assignment else set()
            for name in ("title", "place")
        },
        "tasks.OrdererFeedback.words": {feedback.pk} if feedback else set(),
    }


def around(people: People, person) -> dict[type, set]:
    """Ids of rows that are no row of this person's own lists, but stand next to one."""
    related = relationships_of(people)
    own, foreign = people.own, people.foreign
    partners = {
        people.partner.user.pk: own.partner,
        people.other_partner.user.pk: foreign.partner,
        people.former_partner.user.pk: own.former_partner,
    }
    near = {User: {person.user.pk}, Organisation: set(), Cohort: set(), Parent: set(), LegalGround: set()}
    if person.role == "staff":
        everyone = (people.staff, people.other_staff, people.worker, people.other_worker)
        near[User] |= {other.user.pk for other in everyone} | set(partners)
        # Those to whom a parent may be handed over.
        near[User] |= {own.colleague.user_id, foreign.colleague.user_id}
        # Those who teach: a trainer may be given the account she or he has.
        near[User] |= {other.user.pk for other in (people.trainer, people.other_trainer)}
        # Whoever raised an incident or a grievance, and who handles it, is named to those who answer it.
        for name in ("raised_by_id", "owner_id"):
            near[User] |= set(Incident.objects.values_list(name, flat=True))
    if person.role == "social_worker":
        # Those who may stand in, and to whom a parent may be handed over.
        near[User].add((own if person.name == "worker" else foreign).colleague.user_id)
    if person.role == "partner":
        near[Cohort] = {partners[person.user.pk].enrolment.cohort_id}
    if person.role in ("partner", "parent"):
        if person.role == "parent":
            # Who was the own social worker before.
            handed = HandOver.objects.filter(parent__user=person.user).select_related(
                "from_worker", "to_worker"
            )
            for hand_over in handed:
                near[User] |= {hand_over.from_worker.user_id, hand_over.to_worker.user_id}
            mine = Relationship.objects.filter(parent__user=person.user)
        else:
            mine = Relationship.objects.filter(pk__in=related.get(person.name, ()))
        # What a paper ends with: who co-ordinates, and on what the decision rests (domain 2.1).
        near[Organisation].add(people.common.co_ordinator.pk)
        near[LegalGround] |= set(
            Decision.objects.filter(relationship__in=mine).values_list("legal_ground_id", flat=True)
        )
        for relationship in mine:
            near[User].add(relationship.social_worker.user_id)
            near[Organisation].add(relationship.organisation_id)
            if relationship.status == "active":
                near[Parent].add(relationship.parent_id)
    return near
