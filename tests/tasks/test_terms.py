"""What is settled beforehand: terms of meetings, dated and agreed beforehand (R7), and how a partner is paid."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.models import Notice
from tasks import services
from tasks.models import Fee, MeetingTerms, PartnerTerms
from tests.factories.organisations import GrantFactory
from tests.factories.pairing import DecisionFactory, ExperiencePartnerFactory, MeetingFactory
from tests.factories.tasks import AssignmentKindFactory, MeetingTermsFactory, PartnerTermsFactory

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def refused(record, words: str) -> None:
    """The model says it in words, and the database refuses it."""
    with pytest.raises(ValidationError) as error:
        record.validate_constraints()
    assert error.value.messages == [words]
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save(force_insert=True)


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def facts(**changes) -> dict:
    return {
        "relationship": None,
        "of_grant": None,
        "is_paid": True,
        "amount": Decimal("20.00"),
        "unit": "hour",
        "payer": "project",
        "grant": None,
        "valid_from": today() + DAY,
        "valid_to": None,
        **changes,
    }


def paid_from(relationship, grant):
    """Let the grant pay for this relationship, since long ago."""
    DecisionFactory(
        relationship=relationship,
        funding="grant",
        grant=grant,
        valid_from=today() - 50 * DAY,
        valid_to=today() + 50 * DAY,
    )
    return grant


# --- What the database refuses ----------------------------------------------------------------------------
def test_meeting_terms_are_for_one_thing(people):
    both = MeetingTermsFactory.build(of_grant=people.common.grant, relationship=people.own.paused)
    none = MeetingTermsFactory.build(of_grant=None, grant=people.common.grant)
    for wrong in (both, none):
        refused(wrong, "Terms are for a grant or for a relationship.")
    MeetingTermsFactory(of_grant=people.common.grant).full_clean()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": None}, "Write the amount when, and only when, meetings are paid."),
        ({"amount": Decimal(0)}, "Write the amount when, and only when, meetings are paid."),
        ({"is_paid": False, "grant": None}, "Write the amount when, and only when, meetings are paid."),
        ({"grant": None}, "Name the grant when, and only when, the project pays."),
        ({"payer": "orderer"}, "Name the grant when, and only when, the project pays."),
        ({"is_paid": False, "amount": None}, "Name the grant when, and only when, the project pays."),
        ({"unit": "week"}, "Choose the unit from the list."),
        ({"valid_to": datetime.date(2020, 1, 1)}, "The last day cannot be before the first day."),
    ],
)
def test_meeting_terms_fit_together(changes, words):
    grant = GrantFactory()
    refused(MeetingTermsFactory.build(**{"of_grant": grant, "grant": grant, **changes}), words)


def test_meeting_terms_that_are_allowed():
    grant = GrantFactory()
    for number, changes in enumerate(
        [{}, {"payer": "orderer", "grant": None}, {"is_paid": False, "amount": None, "grant": None}]
    ):
        terms = MeetingTermsFactory(of_grant=grant, valid_from=today() + number * DAY, **changes)
        terms.full_clean()


def test_meeting_terms_begin_once_a_day(people):
    words = "There are terms from this day already."
    one = people.own.meeting_terms
    refused(
        MeetingTermsFactory.build(
            of_grant=None, relationship=one.relationship, grant=one.grant, valid_from=one.valid_from
        ),
        words,
    )
    other = MeetingTermsFactory()
    refused(
        MeetingTermsFactory.build(of_grant=other.of_grant, grant=other.grant, valid_from=other.valid_from),
        words,
    )


def test_a_partners_terms_stand_once():
    terms = PartnerTermsFactory(payee_no="17")
    with pytest.raises(IntegrityError), transaction.atomic():
        PartnerTermsFactory(partner=terms.partner)
    partner = ExperiencePartnerFactory()
    refused(
        PartnerTermsFactory.build(partner=partner, payee_no="17"), "Another partner has this number already."
    )
    refused(PartnerTermsFactory.build(partner=partner, payment_form="cash"), "Choose how the fee is paid.")
    refused(PartnerTermsFactory.build(partner=partner, monthly_ceiling=0), "A ceiling is more than 0 €.")
    for _two in range(2):  # several without a number
        PartnerTermsFactory(payee_no="")


# --- Settling what meetings are paid ----------------------------------------------------------------------
def test_new_terms_end_the_former_ones_the_day_before(people):
    former = MeetingTermsFactory(of_grant=people.common.grant)
    other = MeetingTermsFactory()
    first = today() + 7 * DAY
    made = services.settle_meeting_terms(
        by=people.staff.actor,
        **facts(of_grant=people.common.grant, grant=people.common.grant, valid_from=first),
    )
    former.refresh_from_db()
    other.refresh_from_db()
    assert (former.valid_to, made.valid_to, other.valid_to) == (first - DAY, None, None)
    changes = AuditEvent.objects.filter(object_kind="tasks.meetingterms", actor_id=people.staff.user.pk)
    assert set(changes.values_list("action", "object_id")) == {("create", made.pk), ("change", former.pk)}


def test_terms_are_agreed_beforehand(people):
    """What would pay, or stop paying, meetings that have been held already is refused (R7)."""
    relationship = people.own.paused
    for days in (3, 10):
        MeetingFactory(relationship=relationship, date=today() - days * DAY)
    for terms in ({}, {"is_paid": False, "amount": None, "unit": "task", "grant": None}):
        wanted = facts(
            **{
                "relationship": relationship,
                "grant": people.common.grant,
                "valid_from": today() - 5 * DAY,
                **terms,
            }
        )
        with pytest.raises(ValidationError) as error:
            services.settle_meeting_terms(by=people.staff.actor, **wanted)
        (words,) = error.value.message_dict["valid_from"]
        assert words.startswith("1 meeting has been held since that day already.")
    made = services.settle_meeting_terms(
        by=people.staff.actor,
        **facts(relationship=relationship, grant=people.common.grant, valid_from=today() - 2 * DAY),
    )
    assert made.valid_from == today() - 2 * DAY


def test_a_grants_terms_look_at_the_meetings_that_it_pays_for(people):
    relationship, grant = people.own.active, paid_from(people.own.active, people.common.grant)
    MeetingTerms.objects.all().delete()
    MeetingFactory(relationship=relationship, date=today() - DAY)
    wanted = facts(of_grant=grant, grant=grant, valid_from=today() - DAY)
    with pytest.raises(ValidationError):
        services.settle_meeting_terms(by=people.staff.actor, **wanted)
    # What is settled for the relationship goes first: then the grant says nothing about this meeting.
    MeetingTermsFactory(relationship=relationship, of_grant=None, grant=people.common.grant)
    assert services.settle_meeting_terms(by=people.staff.actor, **wanted).of_grant == grant


def test_terms_do_not_run_into_later_ones(people):
    grant = people.common.grant
    later = MeetingTermsFactory(of_grant=grant, valid_from=today() + 30 * DAY)
    with pytest.raises(ValidationError) as error:
        services.settle_meeting_terms(by=people.staff.actor, **facts(of_grant=grant, grant=grant))
    assert list(error.value.message_dict) == ["valid_to"]
    last = later.valid_from - DAY
    made = services.settle_meeting_terms(
        by=people.staff.actor, **facts(of_grant=grant, grant=grant, valid_to=last)
    )
    later.refresh_from_db()
    assert (made.valid_to, later.valid_to) == (last, None)


def test_those_whose_meetings_they_are_hear_of_it(people):
    Notice.objects.all().delete()
    terms = services.settle_meeting_terms(
        by=people.staff.actor,
        **facts(relationship=people.own.paused, grant=people.common.grant),
    )
    told = Notice.objects.filter(kind="meeting_terms_settled")
    assert list(told.values_list("recipient", "role", "object_id")) == [
        (people.partner.user.pk, "partner", terms.pk)
    ]


def test_terms_end_and_then_nothing_is_paid(people):
    terms = people.own.meeting_terms
    held = MeetingFactory(relationship=terms.relationship, date=today() - 2 * DAY)
    with pytest.raises(MoveRefused, match="A meeting has been held"):
        services.end_meeting_terms(terms=terms, last_day=held.date - DAY, by=people.staff.actor)
    with pytest.raises(MoveRefused, match="cannot be before"):
        services.end_meeting_terms(terms=terms, last_day=terms.valid_from - DAY, by=people.staff.actor)
    services.end_meeting_terms(terms=terms, last_day=today(), by=people.staff.actor)
    terms.refresh_from_db()
    assert terms.valid_to == today()
    with pytest.raises(MoveRefused, match="end on"):
        services.end_meeting_terms(terms=terms, last_day=today() + DAY, by=people.staff.actor)


# --- What they pay ----------------------------------------------------------------------------------------
@pytest.fixture
def relationship(people):
    MeetingTerms.objects.all().delete()
    return people.own.active


def drafted(people) -> set:
    services.draft_fees(by=people.staff.actor)
    return set(
        Fee.objects.filter(meeting__isnull=False).values_list(
            "meeting__minutes", "unit", "quantity", "amount"
        )
    )


def test_held_meetings_are_paid_by_the_terms_of_their_day(people, relationship):
    grant = paid_from(relationship, people.common.grant)
    MeetingTermsFactory(of_grant=grant, valid_to=today() - 2 * DAY, amount=Decimal("20.00"))
    MeetingTermsFactory(of_grant=grant, valid_from=today() - DAY, unit="task", amount=Decimal("35.00"))
    relationship.meetings.all().delete()
    MeetingFactory(relationship=relationship, date=today() - 3 * DAY, minutes=90)
    MeetingFactory(relationship=relationship, date=today() - 3 * DAY, minutes=50)
    MeetingFactory(relationship=relationship, date=today(), minutes=91)
    MeetingFactory(relationship=relationship, planned=True)
    assert drafted(people) == {
        (90, "hour", Decimal("1.50"), Decimal("30.00")),
        (50, "hour", Decimal("0.83"), Decimal("16.60")),
        (91, "task", Decimal("1.00"), Decimal("35.00")),
    }


def test_what_is_settled_for_the_relationship_goes_first(people, relationship):
    grant = paid_from(relationship, people.common.grant)
    MeetingTermsFactory(of_grant=grant)
    MeetingTermsFactory(
        relationship=relationship, of_grant=None, grant=None, is_paid=False, amount=None, unit="task"
    )
    MeetingFactory(relationship=relationship, date=today())
    assert drafted(people) == set()


def test_nothing_settled_nothing_paid(people, relationship):
    MeetingTermsFactory()  # of another grant
    MeetingFactory(relationship=relationship, date=today())
    assert drafted(people) == set()


# --- The pages --------------------------------------------------------------------------------------------
def typed(client, address: str, **fields) -> dict:
    form = client.get(address).context["form"]
    hidden = {name: form[name].value() for name in ("submission", "seen_version") if name in form.fields}
    return {**hidden, **fields}


def test_staff_settle_terms_from_the_page_of_a_relationship(people):
    client, relationship = people.staff.client(), people.own.paused
    page = client.get(relationship.get_absolute_url()).content.decode()
    address = f"{reverse('meeting_terms_create')}?relationship={relationship.pk}"
    assert address in page
    shown = client.get(address)
    assert shown.context["form"]["relationship"].value() == relationship.pk
    assert relationship.parent.first_name not in shown.content.decode()
    sent = typed(
        client,
        address,
        scope="relationship",
        relationship=relationship.pk,
        is_paid="yes",
        amount="22,50",
        unit="hour",
        payer="project",
        grant=people.common.grant.pk,
        valid_from=(today() + DAY).isoformat(),
    )
    response = client.post(address, sent)
    terms = MeetingTerms.objects.get(relationship=relationship)
    assert (terms.amount, terms.unit, terms.of_grant, terms.grant) == (
        Decimal("22.50"),
        "hour",
        None,
        people.common.grant,
    )
    assert said(response)[0].startswith(f"Saved: {relationship.partner.name}, since")
    assert response.url == reverse("meeting_terms_list")


def test_a_grant_pays_for_its_own_terms_and_unpaid_needs_no_sum(people):
    client, address = people.staff.client(), reverse("meeting_terms_create")
    common = {"scope": "grant", "of_grant": people.common.grant.pk}
    first, second = (today() + days * DAY for days in (1, 9))
    paid = {**common, "is_paid": "yes", "amount": "30", "unit": "task", "payer": "project"}
    client.post(address, typed(client, address, **paid, valid_from=first.isoformat()))
    client.post(
        address, typed(client, address, **common, is_paid="no", amount="9", valid_from=second.isoformat())
    )
    made = MeetingTerms.objects.filter(of_grant=people.common.grant).order_by("valid_from")
    assert list(made.values_list("is_paid", "amount", "grant", "valid_to")) == [
        (True, Decimal("30.00"), people.common.grant.pk, second - DAY),
        (False, None, None, None),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"of_grant": ""}, "of_grant"),
        ({"scope": "relationship", "payer": "orderer"}, "relationship"),
        ({"is_paid": ""}, "is_paid"),
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"valid_from": ""}, "valid_from"),
    ],
)
def test_a_mistake_is_said_at_its_field(people, changes, field):
    client, address = people.staff.client(), reverse("meeting_terms_create")
    good = {
        "scope": "grant",
        "of_grant": people.common.grant.pk,
        "is_paid": "yes",
        "amount": "30",
        "unit": "task",
        "payer": "project",
        "valid_from": (today() + DAY).isoformat(),
    }
    response = client.post(address, typed(client, address, **{**good, **changes}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_the_list_says_what_is_in_force(people):
    MeetingTermsFactory(of_grant=people.common.grant, valid_to=today() - DAY)
    MeetingTermsFactory(of_grant=people.common.grant, valid_from=today() + DAY)
    MeetingTermsFactory(of_grant=people.common.grant, valid_from=today())
    rows = people.staff.client().get(reverse("meeting_terms_list")).context["rows"]
    mine = [(row.state_word, row.words) for row in rows if row.of_grant_id == people.common.grant.pk]
    words = "20.00\u00a0€ per hour, by the project"
    assert mine == [("To come", words), ("In force", words), ("Over", words)]


def test_ending_terms_by_the_page(people):
    client, terms = people.staff.client(), people.own.meeting_terms
    address = reverse("meeting_terms_end", args=[terms.pk])
    response = client.post(address, typed(client, address, last_day=(today() + DAY).isoformat()))
    terms.refresh_from_db()
    assert (response.url, terms.valid_to) == (reverse("meeting_terms_list"), today() + DAY)


# --- How a partner is paid --------------------------------------------------------------------------------
def test_staff_write_what_payroll_needs(people):
    client, partner = people.staff.client(), people.own.partner
    address = reverse("partner_terms", args=[partner.pk])
    assert address in client.get(partner.get_absolute_url()).content.decode()
    assert "300.00" in client.get(address).content.decode(), "staff know of the ceiling"
    sent = typed(client, address, payment_form="invoicing", payee_no="A-17", tax_card_on_file="on")
    client.post(address, sent)
    terms = PartnerTerms.objects.get(partner=partner)
    assert (terms.payment_form, terms.payee_no, terms.tax_card_on_file, terms.monthly_ceiling) == (
        "invoicing",
        "A-17",
        True,
        Decimal("300.00"),
    )


def test_a_number_of_somebody_else_is_said(people):
    PartnerTermsFactory(payee_no="A-17")
    client, address = people.staff.client(), reverse("partner_terms", args=[people.own.partner.pk])
    response = client.post(address, typed(client, address, payment_form="wage", payee_no="A-17"))
    assert response.status_code == 422
    assert "Another partner has this number already." in response.content.decode()


def test_a_partner_sets_the_own_ceiling_and_wishes(people):
    client, address = people.former_partner.client(), reverse("own_terms")
    old, liked = AssignmentKindFactory(is_active=False), people.common.kind
    sent = typed(client, address, payment_form="wage", monthly_ceiling="250,00 €", wished_kinds=[liked.pk])
    response = client.post(address, sent)
    terms = PartnerTerms.objects.get(partner=people.own.former_partner)
    assert response.url == reverse("own_money")
    assert (terms.monthly_ceiling, set(terms.wished_kinds.all())) == (Decimal("250.00"), {liked})
    terms.wished_kinds.add(old)
    client.post(address, typed(client, address, payment_form="business", monthly_ceiling="", wished_kinds=[]))
    terms.refresh_from_db()
    assert (terms.monthly_ceiling, terms.payment_form, set(terms.wished_kinds.all())) == (
        None,
        "business",
        {old},
    )


def test_what_the_other_has_settled_meanwhile_is_not_written_over(people):
    partner = people.own.partner
    seen = partner.terms.version
    services.settle_partner_terms(partner=partner, by=people.staff.actor, seen_version=seen, payee_no="3")
    with pytest.raises(AlreadyMoved):
        services.settle_partner_terms(partner=partner, by=people.staff.actor, seen_version=seen, payee_no="4")
    assert PartnerTerms.objects.get(partner=partner).payee_no == "3"
