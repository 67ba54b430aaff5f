"""The pages of batches and corrections."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.core.submissions import new_token
from kumppani.formats.csv import Decimals
from tasks import exports, services
from tasks.models import Correction, Fee, PaymentBatch, PaymentRow
from tests.factories.accounts import RoleGrantFactory
from tests.factories.pairing import ExperiencePartnerFactory
from tests.factories.tasks import FeeFactory, TravelClaimFactory
from tests.guards import without_triggers
from tests.personas import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(people):
    return people.staff.client()


def send(client, people, name, *args, **values):
    token = {"submission": new_token(people.staff.user.pk)}
    return client.post(reverse(name, args=args), token | values)


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode().replace("\u00a0", " "))


# --- Collecting ---------------------------------------------------------------------------------------------
def test_everything_that_waits_stands_ticked_by_person(people, client):
    response = client.get(reverse("batch_create"))
    fees = [people.own.approved_fee, people.foreign.approved_fee]
    page = response.content.decode()
    for fee in fees:
        assert re.search(rf'name="fees" value="{fee.pk}"[^>]*checked', page)
    assert [group["partner"].pk for group in response.context["groups"]] == [
        fee.partner_id for fee in sorted(fees, key=lambda fee: fee.partner.first_name)
    ]
    assert (response.context["count"], response.context["total"]) == (2, sum(fee.amount for fee in fees))


def test_what_is_left_ticked_goes_into_the_batch(people, client):
    response = send(client, people, "batch_create", fees=[str(people.own.approved_fee.pk)])
    batch = PaymentBatch.objects.latest("number")
    assert (response.status_code, response.url) == (302, reverse("batch_detail", args=[batch.pk]))
    assert [item.pk for item in services.items_of(batch)] == [people.own.approved_fee.pk]
    assert batch.made_by_id == people.staff.user.pk


def test_nothing_ticked_is_said(people, client):
    response = send(client, people, "batch_create")
    assert response.status_code == 422
    assert "Tick at least one item." in text(response)
    assert "checked" not in response.content.decode()  # what was unticked stays so


def test_what_somebody_else_has_collected_is_said_and_nothing_is_made(people, client):
    chosen = [people.own.approved_fee, people.foreign.approved_fee]
    services.collect_batch(by=people.other_staff.actor, fees=chosen[:1])
    made = PaymentBatch.objects.count()
    response = send(client, people, "batch_create", fees=[str(fee.pk) for fee in chosen])
    assert response.status_code == 422
    assert "Something here has been collected or changed in between." in text(response)
    assert PaymentBatch.objects.count() == made


def test_a_double_tap_makes_one_batch(people, client):
    values = {"submission": new_token(people.staff.user.pk), "fees": [str(people.own.approved_fee.pk)]}
    before = PaymentBatch.objects.count()
    answers = [client.post(reverse("batch_create"), values) for _two in range(2)]
    assert PaymentBatch.objects.count() == before + 1
    assert answers[0].url == answers[1].url


def test_when_nothing_waits_the_page_says_so(people, client):
    services.collect_batch(by=people.other_staff.actor, fees=list(Fee.objects.to_collect()))
    page = text(client.get(reverse("batch_create")))
    assert "Nothing waits to be paid" in page
    assert "Make the batch" not in page


def test_looking_at_what_waits_leaves_a_trace_about_each(people, client):
    before = AuditEvent.objects.count()
    client.get(reverse("batch_create"))
    about = AuditEvent.objects.order_by("-at")[: AuditEvent.objects.count() - before]
    assert {event.about_id for event in about} == {people.own.partner.pk, people.foreign.partner.pk}


def test_no_more_is_offered_than_a_form_can_carry(people, client, monkeypatch):
    monkeypatch.setattr("tasks.views.batches.OFFERED", 1)
    response = client.get(reverse("batch_create"))
    assert response.context["count"] == 1
    assert "These were approved first." in text(response)


# --- A batch ------------------------------------------------------------------------------------------------
def test_batch_costs_the_same_number_of_questions_whatever_lies_in_it(people, client):
    def questions(count: int) -> int:
        partners = [ExperiencePartnerFactory() for _each in range(count)]
        fees = [FeeFactory(approved=True, participation__partner=partner) for partner in partners]
        travel = [TravelClaimFactory(approved=True, partner=partner) for partner in partners]
        batch = services.collect_batch(by=people.staff.actor, fees=fees, travel=travel)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(batch.get_absolute_url()).status_code == 200
        return len(asked)

    questions(1)
    assert questions(1) == questions(8)


@pytest.mark.parametrize(
    ("name", "query", "make", "file_name"),
    [
        ("batch_csv", "", lambda *of: exports.batch_csv(*of, Decimals.COMMA), "kumppani-payments-0001.csv"),
        (
            "batch_csv",
            "?decimals=point",
            lambda *of: exports.batch_csv(*of, Decimals.POINT),
            "kumppani-payments-0001.csv",
        ),
        (
            "batch_csv",
            "?decimals=x",
            lambda *of: exports.batch_csv(*of, Decimals.COMMA),
            "kumppani-payments-0001.csv",
        ),
        ("batch_xlsx", "", exports.batch_xlsx, "kumppani-payments-0001.xlsx"),
        (
            "batch_control",
            "",
            lambda *of: exports.control_csv(*of, Decimals.COMMA),
            "kumppani-payments-0001-control.csv",
        ),
    ],
)
def test_file_is_given_out_and_a_row_says_so_about_each_person(people, client, name, query, make, file_name):
    batch = PaymentBatch.objects.get(number=1)
    response = client.get(reverse(name, args=[batch.pk]) + query)
    assert response.content == make(batch, services.intact_rows(batch))
    assert response.headers["Content-Disposition"] == f'attachment; filename="{file_name}"'
    taken = AuditEvent.objects.filter(action="export").values_list("actor_id", "about_id", "detail")
    about = PaymentRow.objects.filter(batch=batch).values_list("partner_id", flat=True)
    assert set(taken) == {(people.staff.user.pk, partner, name) for partner in about}


@pytest.mark.logs_errors
@pytest.mark.parametrize("name", ["batch_csv", "batch_xlsx", "batch_control"])
def test_a_damaged_batch_is_not_given_out(people, client, name, no_error_in_the_log):
    """Control: make the file without looking at the seal."""
    batch = people.own.batch
    with without_triggers(connection):
        PaymentRow.objects.filter(batch=batch).update(gross_amount=Decimal("9999.00"))
    response = client.get(reverse(name, args=[batch.pk]))
    assert response.status_code == 409
    assert "Do not pay from this batch." in text(response)
    assert "Content-Disposition" not in response.headers
    assert f'href="{reverse("batch_xlsx", args=[batch.pk])}"' not in response.content.decode()
    assert str(batch.pk) in "".join(no_error_in_the_log)
    assert not AuditEvent.objects.filter(action="export").exists()


def test_paying_by_the_page(people, client):
    batch = people.own.batch
    response = send(client, people, "batch_pay", batch.pk, paid_on=today().isoformat())
    assert response.url == batch.get_absolute_url()
    batch.refresh_from_db()
    assert (batch.status, batch.paid_on) == ("paid", today())
    late = client.get(reverse("batch_pay", args=[batch.pk]))
    assert (late.status_code, late.url) == (302, batch.get_absolute_url())


@pytest.mark.parametrize(
    ("day", "said"), [("2999-01-01", "has not come yet"), ("2020-01-01", "after this day")]
)
def test_a_day_that_cannot_be_is_told_at_the_field(people, client, day, said):
    response = send(client, people, "batch_pay", people.own.batch.pk, paid_on=day)
    assert response.status_code == 422
    assert said in " ".join(response.context["form"].errors["paid_on"])


# --- Corrections --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("way", "amount"), [("more", "12.50"), ("less", "-12.50")])
def test_a_correction_is_written_down_in_words_and_euros(people, client, way, amount):
    fee = people.own.exported_fee
    values = {"way": way, "euros": "12,50", "because": "Tunti jäi puuttumaan"}
    response = send(client, people, "correction_create", fee.pk, **values)
    assert response.url == reverse("correction_list")
    made = Correction.objects.get(claimed_by=people.staff.user)
    assert (made.fee_id, made.amount, made.status, made.part) == (fee.pk, Decimal(amount), "claimed", "")


def test_of_a_journey_its_part_is_chosen(people, client):
    travel = people.own.exported_travel
    values = {"way": "less", "euros": "10", "because": "Kilometrit väärin"}
    assert send(client, people, "correction_create", travel.pk, **values).status_code == 422
    send(client, people, "correction_create", travel.pk, **values, part="mileage")
    made = Correction.objects.get(travel=travel)
    assert (made.amount, made.part) == (Decimal("-10.00"), "mileage")


def test_more_than_was_paid_is_not_taken_back(people, client):
    values = {"way": "less", "euros": "100,01", "because": "Liikaa"}
    response = send(client, people, "correction_create", people.own.exported_fee.pk, **values)
    assert response.status_code == 409
    assert "At most €100.00" in text(response) or "At most 100.00 €" in text(response)


def test_another_of_the_staff_approves(people, client):
    correction = people.own.correction  # written down by the other
    response = client.post(reverse("correction_approve", args=[correction.pk]))
    assert response.url == reverse("correction_list")
    correction.refresh_from_db()
    assert (correction.status, correction.approved_by_id) == ("approved", people.staff.user.pk)
    theirs = people.other_staff.client().post(
        reverse("correction_approve", args=[people.foreign.correction.pk])
    )
    assert theirs.status_code == 403


def test_a_correction_about_ones_own_money_is_taken_back_only_by_who_made_it(people):
    """A37. Control: ask for the state alone."""
    RoleGrantFactory(user=people.partner.user, role="staff")
    both, theirs = Person("both", people.partner.user, "staff"), people.own.correction
    own = services.record_correction(
        of=people.own.exported_fee, amount=Decimal(5), because="Tunti puuttui", by=both.actor
    )
    page = text(both.client().get(reverse("correction_list")))
    assert reverse("correction_withdraw", args=[theirs.pk]) not in page
    assert reverse("correction_withdraw", args=[own.pk]) in page
    address = reverse("correction_withdraw", args=[theirs.pk])
    assert [both.client().get(address).status_code, both.client().post(address).status_code] == [403, 403]
    with pytest.raises(MoveRefused, match="about your own money"):
        services.withdraw_correction(correction=theirs, by=both.actor)
    services.withdraw_correction(correction=own, by=both.actor)
    theirs.refresh_from_db()
    assert (theirs.status, own.status) == ("claimed", "withdrawn")


def test_a_correction_is_taken_back_by_the_page(people, client):
    client.post(reverse("correction_withdraw", args=[people.own.correction.pk]))
    people.own.correction.refresh_from_db()
    assert people.own.correction.status == "withdrawn"
