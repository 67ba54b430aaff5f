"""`manage.py demo`: the pilot season has its known figures (A11–A13), and every role finds something to do today.

The demo is loaded once for this file, and each test's own changes are taken back.
"""

import datetime
import json
from collections import Counter
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import Count, F, Q, Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kumppani.accounts.actor import actor_for
from kumppani.accounts.middleware import SESSION_ROLE
from kumppani.accounts.models import User
from kumppani.accounts.roles import Role
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import add_months, today
from kumppani.core.models import BaseModel, StatusChange
from kumppani.home.demo import loading, people
from kumppani.notices.models import Notice
from kumppani.organisations.models import Grant, Organisation
from kumppani.reports.figures import Period
from kumppani.reports.selectors import report
from pairing.models import (
    ContactRequest,
    ExperiencePartner,
    Meeting,
    Parent,
    Relationship,
    StartMeeting,
)
from tasks.models import (
    Assignment,
    Fee,
    Order,
    OutreachEvent,
    Participation,
    PaymentBatch,
    TravelClaim,
)
from tasks.services import intact_rows
from training.models import Cohort, Enrolment

FIRST, LAST = datetime.date(2021, 1, 1), datetime.date(2021, 6, 30)
ONE_DAY = datetime.timedelta(days=1)
IN_SEASON = Q(date__range=(FIRST, LAST))


def demo(*arguments: str) -> str:
    said = StringIO()
    call_command("demo", *arguments, stdout=said)
    return said.getvalue()


# The database is made only where some test says that it needs one; also when this file is run alone.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """What the first run said; everything is rolled back after the last test of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def taken_back(loaded):
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_config.name in settings.HOUSE_APPS]


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in our_models()}


def done_assignments(*categories: str):
    return Assignment.objects.filter(IN_SEASON, status="done", kind__category__in=categories)


def figures(first=FIRST, last=LAST, grant=None) -> dict[str, Decimal]:
    return {figure.name: figure.value for figure in report(Period(first, last, grant))}


# --- the season's figures ---------------------------------------------------------------------------------
def test_the_season_has_45_assignments_10_relationships_and_97_meetings():
    active = Relationship.objects.filter(started_on__lte=LAST).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=FIRST)
    )
    assert (
        done_assignments("development", "influence").count(),
        active.count(),
        Meeting.objects.filter(IN_SEASON, status="held").count(),
    ) == (45, 10, 97)


def test_the_report_counts_the_same():
    found = figures()
    assert {name: found[name] for name in ("assignments_done", "relationships_active", "meetings_held")} == {
        "assignments_done": 45,
        "relationships_active": 10,
        "meetings_held": 97,
    }
    assert found["acquaintance_hours"] > 200


def test_deleting_one_held_meeting_takes_one_off():
    """The figures are computed: no number stands anywhere but in the rows."""
    meeting = Meeting.objects.filter(IN_SEASON, status="held").first()
    meeting.goals.clear()
    meeting.delete()
    assert figures()["meetings_held"] == 96


def test_an_empty_period_has_only_zeros():
    assert set(figures(datetime.date(2019, 1, 1), datetime.date(2019, 6, 30)).values()) == {0}


def test_assignments_are_of_all_six_kinds():
    found = done_assignments("development", "influence").values_list("kind__code", flat=True)
    assert Counter(found) == {
        "working-group-member": 12,
        "lecturer": 9,
        "trainer": 8,
        "panellist": 6,
        "recruitment-interviewer": 6,
        "training-planner": 4,
    }


def test_some_assignments_have_two_or_three_partners_and_count_once():
    heads = done_assignments("development", "influence").annotate(
        heads=Count("participations", filter=Q(participations__status="done"))
    )
    assert Counter(heads.values_list("heads", flat=True)) == {1: 24, 2: 16, 3: 5}


def test_relationships_are_in_all_four_municipalities():
    places = Relationship.objects.active_between(FIRST, LAST).values_list("organisation__name", flat=True)
    assert Counter(places) == {"Turku": 4, "Salo": 2, "Naantali": 2, "Kaarina": 2}


def test_the_work_is_made_known_for_over_200_hours_in_all_kinds_of_organisations():
    hours = dict(
        done_assignments("acquaintance")
        .order_by()
        .values_list("organisation__kind")
        .annotate(hours=Sum("hours"))
    )
    assert hours == {"municipality": 120, "ngo": 72, "education": 36, "other": 6}


def test_a_cohort_lasts_five_months_and_100_hours():
    cohorts = Cohort.objects.filter(starts_on__year__lte=2021).order_by("starts_on")
    assert [cohort.hours for cohort in cohorts.annotate(hours=Sum("sessions__hours"))] == [100, 100]
    for cohort in cohorts:
        assert abs(add_months(cohort.starts_on, 5) - cohort.ends_on) < datetime.timedelta(days=7)
    assert [cohort.ends_on for cohort in cohorts] == [
        datetime.date(2020, 12, 18),
        datetime.date(2021, 6, 11),
    ]
    for cohort in cohorts:
        taught_by = set(cohort.sessions.values_list("trainers__expertise", flat=True))
        assert {
            "Lakimies, erikoistunut lastensuojelulakiin",
            "Valtiotieteiden tohtori, väitellyt sosiaalityöstä",
        } <= taught_by


def test_who_completed_has_the_hours_and_who_stopped_has_not():
    enrolments = Enrolment.objects.annotate(hours_there=Sum("attendances__hours")).select_related("cohort")
    for enrolment in enrolments.filter(status="completed"):
        assert enrolment.hours_there >= enrolment.cohort.required_hours, enrolment
    stopped = enrolments.filter(status="discontinued", cohort__starts_on__year__lte=2021)
    assert [enrolment.hours_there for enrolment in stopped] == [20, 20]


# --- what must not count ----------------------------------------------------------------------------------
def test_rows_that_must_not_count_lie_in_the_season():
    meetings = Meeting.objects.filter(IN_SEASON).exclude(status="held").values_list("status", flat=True)
    assert Counter(meetings) == {"cancelled": 9, "no_show": 5}
    assert Assignment.objects.filter(IN_SEASON, status="cancelled").count() == 6
    assert StartMeeting.objects.filter(held_on__range=(FIRST, LAST)).count() == 10


def test_the_borders_of_the_season_are_occupied_on_both_sides():
    assignments = Assignment.objects.filter(status="done")
    on_the_days = [
        assignments.filter(date=day).exists() for day in (FIRST - ONE_DAY, FIRST, LAST, LAST + ONE_DAY)
    ]
    assert on_the_days == [True, True, True, True]
    held = Meeting.objects.filter(status="held")
    assert [held.filter(date=day).exists() for day in (LAST, LAST + ONE_DAY)] == [True, True]
    assert Relationship.objects.filter(started_on=LAST + ONE_DAY).exists()
    assert Relationship.objects.filter(ended_on=LAST).exists()
    assert ContactRequest.objects.filter(received_on__lt=FIRST).exists()


def test_requests_come_by_both_routes_and_some_lead_nowhere():
    season = ContactRequest.objects.filter(received_on__range=(FIRST, LAST))
    assert set(season.values_list("route", flat=True)) == {"staff", "partner"}
    assert set(season.values_list("by", flat=True)) == {"worker", "parent", "together"}
    assert season.filter(status="withdrawn").count() == 1
    assert Counter(
        Relationship.objects.filter(proposed_on__range=(FIRST, LAST), started_on__isnull=True).values_list(
            "status", flat=True
        )
    ) == {"no_match": 1, "refused": 1}


def test_the_grant_pays_a_part_only():
    """R13: what somebody else paid can be told apart in every figure."""
    found = figures(grant=Grant.objects.get(code="KEKSITTY-2020"))
    assert (found["assignments_done"], found["relationships_active"]) == (40, 8)


# --- the rows are as the service itself would have written them -------------------------------------------
def test_every_row_keeps_the_rules_of_its_fields():
    """The database has seen to the constraints already; lengths, choices and validators are Django's."""
    for model in our_models():
        if not issubclass(model, BaseModel):
            continue
        links = [field.name for field in model._meta.fields if field.is_relation]
        # Fields the forms never see are empty in good right.
        hidden = [field.name for field in model._meta.fields if not field.editable]
        optional = [field.name for field in model._meta.fields if field.null]
        for row in model._base_manager.all():
            row.clean_fields(
                exclude={
                    *links,
                    *hidden,
                    *(name for name in optional if getattr(row, name) is None),
                    *(["password"] if model is User else []),
                }
            )


def test_every_active_relationship_stands_on_all_that_r1_asks_for():
    started = Relationship.objects.with_start().filter(started_on__isnull=False)
    assert [relationship.missing_for_start(relationship.started_on) for relationship in started] == [[]] * 13


def test_held_meetings_lie_in_their_relationships_time():
    held = Meeting.objects.filter(status="held")
    assert not held.filter(date__lt=F("relationship__started_on")).exists()
    assert not held.filter(date__gt=F("relationship__ended_on")).exists()
    assert not held.filter(date__gt=today()).exists()


def test_nobody_did_an_assignment_before_being_taken_in_or_without_an_agreed_fee():
    for participation in Participation.objects.select_related("assignment", "partner"):
        assert participation.partner.taken_in_on <= participation.assignment.date
        assert participation.fee_agreed_on <= participation.assignment.date


def test_nobody_is_in_two_assignments_on_one_day():
    taking_part = Participation.objects.filter(status__in=["done", "accepted"])
    assert (
        not taking_part.order_by()
        .values("partner", "assignment__date")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )


def test_every_done_assignment_was_done_by_somebody_and_each_has_a_fee():
    done = Assignment.objects.filter(status="done").annotate(
        heads=Count("participations", filter=Q(participations__status="done")),
        fees=Count("participations__fee"),
    )
    assert not done.filter(heads=0)
    assert not done.exclude(heads=F("fees"))
    assert not Fee.objects.exclude(participation__status="done").exists()


def test_the_seasons_fees_lie_in_monthly_batches_that_are_paid_and_sealed():
    batches = PaymentBatch.objects.order_by("number")
    assert [batch.made_on.month for batch in batches] == [2, 3, 4, 5, 6, 7, 8]
    assert set(batches.values_list("status", flat=True)) == {"paid"}
    in_batches = Fee.objects.filter(batch__isnull=False)
    assert in_batches.aggregate(sum=Sum("amount"))["sum"] == sum(batch.total for batch in batches)
    for batch in batches:
        assert len(intact_rows(batch)) == batch.rows.count()


def test_the_last_change_of_every_record_is_its_state():
    last: dict = {}
    for change in StatusChange.objects.order_by("at"):
        before = last.get((change.object_kind, change.object_id))
        assert before is None or before.new == change.old
        last[change.object_kind, change.object_id] = change
    for model in our_models():
        if not hasattr(model, "TRANSITIONS"):
            continue
        begins = model._meta.get_field("status").default
        for row in model._base_manager.all():
            change = last.get((model._meta.label_lower, row.pk))
            # A held meeting that was never planned has no move behind it.
            logged = model is Meeting and row.status == "held"
            assert (change.new if change else row.status if logged else begins) == row.status, row
            assert change is None or change.new in model.TRANSITIONS[change.old]


def test_no_real_person_is_in_it():
    """Every surname says that it is invented, and no address leads to anybody."""
    marked = {"Esimerkki", "Keksitty", "Kuvitteellinen", "Olematon", "Exempel", "Påhittad", ""}
    for model in (User, Enrolment, ExperiencePartner):
        assert set(model.objects.values_list("last_name", flat=True)) <= marked
    addresses = [
        *User.objects.values_list("email", flat=True),
        *Enrolment.objects.values_list("email", flat=True),
        *Parent.objects.filter(contact_way="email").values_list("contact", flat=True),
    ]
    assert {address.rpartition("@")[2] for address in addresses} == {"esimerkki.example"}


def test_codes_are_the_same_every_time():
    codes = dict(Parent.objects.values_list("first_name", "case_code"))
    assert (codes["Emma"], codes["Jenna"]) == ("K-RSAE3", "K-AJT9P")


# --- the command ------------------------------------------------------------------------------------------
def test_the_first_run_says_what_next(loaded):
    assert loaded == "The demo programme is loaded. `manage.py demo --accounts` tells who may sign in.\n"


def test_a_second_run_keeps_the_data_and_says_so():
    before = counts()
    assert demo() == "The demo programme is there already; its data is kept.\n"
    assert counts() == before


def test_reset_tells_how_to_begin_anew_and_deletes_nothing():
    before = counts()
    with pytest.raises(CommandError, match="make demo-reset"):
        demo("--reset")
    assert counts() == before


@pytest.mark.parametrize("arguments", [[], ["--reset"], ["--accounts"]])
def test_production_refuses(settings, arguments):
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="does not load in production"):
        demo(*arguments)


def test_other_peoples_data_are_left_alone(monkeypatch):
    monkeypatch.setattr(loading, "is_loaded", lambda: False)
    before = counts()
    with pytest.raises(CommandError, match="holds other data"):
        demo()
    assert counts() == before


# --- who may sign in --------------------------------------------------------------------------------------
def accounts() -> list[dict[str, str]]:
    return list(json.loads(demo("--accounts")).values())


def test_accounts_are_json_with_enough_people_in_every_role():
    found = accounts()
    assert {tuple(account) for account in found} == {("role", "email", "password", "name", "language")}
    assert Counter(account["role"] for account in found) == {
        "staff": 3,
        "social_worker": 2,
        "partner": 3,
        "parent": 2,
        "trainer": 1,
        "administrator": 1,
    }
    assert {account["language"] for account in found} == {"fi", "sv", "en"}
    in_two_roles = [email for email, n in Counter(account["email"] for account in found).items() if n > 1]
    assert in_two_roles == ["kaisa.kuvitteellinen@esimerkki.example"]  # partner and staff (A37)


def test_every_account_opens_and_acts_in_its_role():
    assert {account["password"] for account in accounts()} == {accounts()[0]["password"]}
    for account in accounts():
        user = authenticate(email=account["email"], password=account["password"])
        assert user is not None, account["email"]
        assert (user.get_full_name(), user.language) == (account["name"], account["language"])
        assert actor_for(user, account["role"]).role == account["role"]


def test_nobody_else_can_sign_in():
    named = {account["email"] for account in accounts()}
    others = User.objects.exclude(email__in=named)
    assert others.count() == 11
    assert not any(user.has_usable_password() for user in others)


# --- today ------------------------------------------------------------------------------------------------
def test_today_has_something_for_everybody():
    now = today()
    assert Relationship.objects.filter(status="active").count() == 2
    assert ContactRequest.objects.waiting().count() == 1
    (acquainting,) = Relationship.objects.filter(status="acquainting")
    assert acquainting.answers.count() == 1
    (decided,) = Relationship.objects.filter(status="decided")
    assert decided.valid_decision(now) is not None
    assert not StartMeeting.objects.filter(relationship=decided).exists()
    planned = Meeting.objects.filter(status="planned")
    assert planned.filter(date__lt=now).count() == 1
    assert planned.filter(date__gt=now, date__lte=now + 10 * ONE_DAY).count() == 2
    assert Participation.objects.filter(status="offered", assignment__date__gt=now).count() == 1
    assert Counter(Fee.objects.exclude(status="paid").values_list("status", flat=True)) == {
        "draft": 1,
        "claimed": 1,
        "approved": 2,  # for the next payment batch
    }
    assert TravelClaim.objects.get().status == "claimed"
    assert Order.objects.waiting().count() == 1
    (agreed,) = Assignment.objects.filter(status="requested", participations__status="accepted")
    assert not agreed.waits_for_orderer
    assert OutreachEvent.objects.filter(date__gt=now).count() == 1
    to_take_in = Enrolment.objects.completed().filter(
        completed_on__gt=now - 365 * ONE_DAY, partner__isnull=True
    )
    assert [enrolment.first_name for enrolment in to_take_in] == ["Ulrika"]
    ready = ExperiencePartner.objects.ready()
    assert [p.first_name for p in ExperiencePartner.objects.exclude(pk__in=ready)] == ["Saara"]


def test_one_social_worker_and_one_partner_are_foreign_to_the_other():
    own, other = Relationship.objects.filter(status="active").order_by("-started_on")
    assert {own.social_worker_id} & {other.social_worker_id} == set()
    assert own.partner != other.partner
    assert None not in (own.parent.user, other.parent.user)


def test_unread_notices_are_only_about_what_still_waits():
    unread = Notice.objects.filter(read_at__isnull=True)
    assert Counter(unread.values_list("kind", flat=True)) == {
        "request_waiting": 3,  # two of staff, and the partner who is also staff
        "fee_to_approve": 3,
        "travel_to_approve": 3,
        "order_waiting": 3,
        "assignment_answered": 3,
        "meeting_planned": 2,
        "pair_answer": 1,
        "decision_made": 1,
        "assignment_offered": 1,
        "fee_to_claim": 1,
    }


def test_somebody_has_looked_at_the_data_of_the_parents():
    for parent in Parent.objects.filter(user__isnull=False):
        looks = AuditEvent.objects.filter(about_kind="pairing.parent", about_id=parent.pk, action="view")
        assert set(looks.values_list("actor_role", flat=True)) == {"social_worker", "staff", "partner"}


def test_nothing_of_today_reaches_back_into_the_season():
    assert not Relationship.objects.filter(organisation__kind="county", proposed_on__lte=LAST).exists()
    assert not Organisation.objects.filter(kind="municipality", valid_to__isnull=True).exists()
    assert StatusChange.objects.filter(at__gt=timezone.now()).count() == 0


@pytest.mark.parametrize(
    "account", people.accounts(), ids=lambda account: f"{account['role']}:{account['email']}"
)
def test_home_opens_for_every_account(account):
    client = Client()
    client.force_login(User.objects.get(email=account["email"]))
    session = client.session
    session[SESSION_ROLE] = account["role"]
    session.save()
    answer = client.get(reverse("home"))
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == account["language"]
    assert Role(account["role"]).value == answer.wsgi_request.actor.role
