"""Kinds of assignment and fee rules: data of the administrator, dated, with the law's answer in words."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from tasks import services
from tasks.models import AssignmentKind, FeeRule
from tests.factories.accounts import user_in_role
from tests.factories.tasks import AssignmentFactory, AssignmentKindFactory, FeeRuleFactory
from tests.personas import Person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
NEW_YEAR = datetime.date(2026, 1, 1)


@pytest.fixture
def administrator():
    return Person("administrator", user_in_role("administrator"), "administrator").actor


# --- The three questions (domain 2.8) ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("engagement", "with_minors", "in_person", "alone", "check", "law"),
    [
        ("volunteer", True, True, True, "may_be_asked", "148/2014"),
        ("volunteer", False, True, True, "not_possible", "148/2014"),
        ("volunteer", True, False, True, "not_possible", "148/2014"),
        ("volunteer", True, True, False, "not_possible", "148/2014"),
        ("volunteer", False, False, False, "not_possible", "148/2014"),
        ("paid_short", False, True, True, "not_possible", "504/2002"),
        ("paid_short", True, False, False, "may_be_asked", "504/2002"),
        ("paid_short", True, True, True, "may_be_asked", "504/2002"),
        ("paid_long", False, True, True, "not_possible", "504/2002"),
        ("paid_long", True, False, False, "must_be_seen", "504/2002"),
        ("paid_long", True, True, True, "must_be_seen", "504/2002"),
    ],
)
def test_what_the_answers_allow_and_by_which_law(engagement, with_minors, in_person, alone, check, law):
    kind = AssignmentKindFactory.build(
        engagement=engagement, with_minors=with_minors, in_person=in_person, alone=alone
    )
    assert kind.record_check == check
    assert law in services.record_check_reason(kind)


def test_every_answer_has_words_of_its_own():
    kinds = [
        AssignmentKindFactory.build(engagement=engagement, with_minors=minors, in_person=minors, alone=minors)
        for engagement in ("volunteer", "paid_short", "paid_long")
        for minors in (True, False)
    ]
    assert len({services.record_check_reason(kind) for kind in kinds}) == 5


# --- Fee rules --------------------------------------------------------------------------------------------
def set_rule(kind, administrator, valid_from, amount=50, **fields):
    facts = {"unit": "task", "preparation_hours": Decimal(0), **fields}
    return services.set_fee_rule(
        kind=kind, amount=Decimal(amount), valid_from=valid_from, by=administrator, **facts
    )


def dates_of(kind) -> list[tuple]:
    return list(
        FeeRule.objects.filter(kind=kind).order_by("valid_from").values_list("valid_from", "valid_to")
    )


def test_a_new_rule_ends_the_former_one_the_day_before(administrator):
    kind, other = AssignmentKindFactory(), FeeRuleFactory(valid_from=NEW_YEAR)
    set_rule(kind, administrator, NEW_YEAR, 50)
    july = datetime.date(2026, 7, 1)
    set_rule(kind, administrator, july, 60)
    assert dates_of(kind) == [(NEW_YEAR, datetime.date(2026, 6, 30)), (july, None)]
    for day, amount in ((july - DAY, 50), (july, 60)):
        assignment = AssignmentFactory(kind=kind, date=day)
        assert services.suggested_fee(assignment=assignment).amount == amount
    other.refresh_from_db()
    assert other.valid_to is None, "another kind's rule is another matter"


def test_a_rule_set_between_two_ends_before_the_later_one(administrator):
    kind = AssignmentKindFactory()
    july, october = datetime.date(2026, 7, 1), datetime.date(2026, 10, 1)
    for day in (NEW_YEAR, october, july):
        set_rule(kind, administrator, day)
    assert dates_of(kind) == [
        (NEW_YEAR, july - DAY),
        (july, october - DAY),
        (october, None),
    ]


def test_a_rule_of_the_same_day_is_written_anew(administrator):
    kind = AssignmentKindFactory()
    first = set_rule(kind, administrator, NEW_YEAR, 50)
    again = set_rule(kind, administrator, NEW_YEAR, 55, unit="hour", preparation_hours=Decimal(1))
    assert again.pk == first.pk
    rule = FeeRule.objects.get(kind=kind)
    assert (rule.amount, rule.unit, rule.preparation_hours) == (55, "hour", 1)
    assert set(AuditEvent.objects.filter(object_id=rule.pk).values_list("action", flat=True)) == {
        "create",
        "change",
    }


def test_after_its_end_a_rule_suggests_nothing(administrator):
    rule = FeeRuleFactory(valid_from=today() - 30 * DAY)
    services.end_fee_rule(rule=rule, last_day=today(), by=administrator)
    assert services.suggested_fee(assignment=AssignmentFactory(kind=rule.kind, date=today())) is not None
    assert services.suggested_fee(assignment=AssignmentFactory(kind=rule.kind, date=today() + DAY)) is None


@pytest.mark.parametrize("last_day", [NEW_YEAR - DAY, NEW_YEAR + 11 * DAY])
def test_a_rule_ends_within_its_time(administrator, last_day):
    rule = FeeRuleFactory(valid_from=NEW_YEAR, valid_to=NEW_YEAR + 10 * DAY)
    with pytest.raises(MoveRefused):
        services.end_fee_rule(rule=rule, last_day=last_day, by=administrator)
    rule.refresh_from_db()
    assert rule.valid_to == NEW_YEAR + 10 * DAY


# --- The pages --------------------------------------------------------------------------------------------
def send(client, address: str, **typed):
    form = client.get(address).context["form"]
    hidden = {name: form[name].value() for name in ("submission", "seen_version") if name in form.fields}
    return client.post(address, {**hidden, **typed})


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


NAMES = {"name_fi": "Lukupiiri", "name_sv": "Läsecirkel", "name_en": "Reading circle"}


def test_a_new_kind_is_saved_with_its_answer_in_words(people):
    client = people.administrator.client()
    response = send(
        client,
        reverse("assignment_kind_create"),
        code="reading-circle",
        category="acquaintance",
        is_active="on",
        with_minors="on",
        engagement="paid_short",
        **NAMES,
    )
    made = AssignmentKind.objects.get(code="reading-circle")
    assert (made.category, made.record_check, made.is_active) == ("acquaintance", "may_be_asked", True)
    assert response.url == reverse("assignment_kind_list")
    assert said(response) == [
        "Saved. A criminal-record extract: may be asked. The work with children lasts at most three months in a "
        "year: the employer may ask to see it (504/2002)."
    ]
    assert "Reading circle" in client.get(response.url).content.decode()


def test_a_kind_is_changed_and_its_page_tells_what_is_saved(people):
    kind, client = people.common.kind, people.administrator.client()
    address = reverse("assignment_kind_edit", args=[kind.pk])
    assert "so the law gives no right to ask" in client.get(address).content.decode()
    send(client, address, category="media", with_minors="on", engagement="paid_long", **NAMES)
    kind.refresh_from_db()
    assert (kind.category, kind.is_active, kind.record_check) == ("media", False, "must_be_seen")
    page = client.get(address).content.decode()
    assert "the employer must see it" in page
    assert 'name="code"' not in page


def test_a_kind_out_of_use_is_not_offered_and_stays_where_it_is(people):
    AssignmentKind.objects.filter(pk=people.common.kind.pk).update(is_active=False)
    form = people.staff.client().get(reverse("assignment_create")).context["form"]
    assert people.common.kind not in form.fields["kind"].queryset
    assert people.staff.client().get(people.own.assignment.get_absolute_url()).status_code == 200


def test_a_rule_is_set_and_ended_on_the_page(people):
    kind, client = AssignmentKindFactory(), people.administrator.client()
    response = send(
        client,
        reverse("fee_rule_create"),
        kind=str(kind.pk),
        unit="hour",
        amount="32,50",
        preparation_hours="1,5",
        valid_from=today().isoformat(),
    )
    rule = FeeRule.objects.get(kind=kind)
    assert (rule.amount, rule.unit, rule.preparation_hours) == (Decimal("32.50"), "hour", Decimal("1.5"))
    assert response.url == reverse("fee_rule_list")
    page = client.get(response.url).content.decode()
    assert "32.50\u00a0€" in page
    send(client, reverse("fee_rule_end", args=[rule.pk]), last_day=(today() + DAY).isoformat())
    rule.refresh_from_db()
    assert rule.valid_to == today() + DAY


def test_a_last_day_before_the_first_is_told_in_words(people):
    rule, client = people.common.fee_rule, people.administrator.client()
    response = send(
        client,
        reverse("fee_rule_end", args=[rule.pk]),
        last_day=(rule.valid_from - DAY).isoformat(),
    )
    assert response.status_code == 409
    assert "The last day cannot be before the first day." in response.content.decode()


def test_which_rule_is_in_force_is_said(people):
    kind = AssignmentKindFactory()
    past = FeeRuleFactory(kind=kind, valid_from=today() - 60 * DAY, valid_to=today() - DAY)
    now = FeeRuleFactory(kind=kind, valid_from=today(), valid_to=today() + DAY)
    coming = FeeRuleFactory(kind=kind, valid_from=today() + 2 * DAY)
    rows = people.administrator.client().get(reverse("fee_rule_list")).context["rows"]
    words = {row.pk: (row.word, row.may_end) for row in rows if row.kind_id == kind.pk}
    assert words == {
        past.pk: ("Past", False),
        now.pk: ("In force", True),
        coming.pk: ("Coming", True),
    }


@pytest.mark.parametrize("page", ["assignment_kind_list", "fee_rule_list"])
def test_the_lists_cost_the_same_whatever_their_length(people, page, django_assert_max_num_queries):
    client, needed = people.administrator.client(), []
    client.get(reverse(page))
    for more in (0, 5):
        for _ in range(more):
            FeeRuleFactory()
        with django_assert_max_num_queries(12) as queries:
            assert client.get(reverse(page)).status_code == 200
        needed.append(len(queries))
    assert needed[0] == needed[1]
