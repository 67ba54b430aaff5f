"""Making the work known: events and media hits are logged, mended, taken away; the sums agree with the rows (B3)."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.http import urlencode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import half_year, today
from kumppani.core.states import AlreadyMoved, MoveRefused
from tasks import services
from tasks.models import Assignment, MediaHit, OutreachEvent, Participation
from tasks.sums import outreach_sums
from tests.access.house import Heard
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import ExperiencePartnerFactory
from tests.factories.tasks import (
    AssignmentFactory,
    AssignmentKindFactory,
    MediaHitFactory,
    OutreachEventFactory,
    ParticipationFactory,
    TravelClaimFactory,
)
from tests.personas import Person

D = datetime.date
LATE_SPRING = D(2021, 5, 20)


def days(count: int) -> datetime.date:
    return today() + datetime.timedelta(days=count)


def facts(client, url: str, /, **changed) -> dict:
    """What the form sends, filled in as it was drawn."""
    form = client.get(url).context["form"]
    sent = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, "", False):
            sent[form.add_prefix(name)] = value
    return {name: value for name, value in {**sent, **changed}.items() if value is not None}


def event_of(people, **changed) -> dict:
    """A filled-in form of a new event."""
    return facts(
        people.staff.client(),
        reverse("outreach_create"),
        **{
            "organisation": people.own.organisation.pk,
            "kind": "visit",
            "date": days(-1).isoformat(),
            "hours": "2,5",
            "audience_kind": "students",
            "audience_size": "30",
            "grant": people.common.grant.pk,
            **changed,
        },
    )


# --- logging ---------------------------------------------------------------------------------------------------------
def test_staff_write_an_event_down_and_read_what_was_saved(people):
    present = [people.own.partner, people.foreign.partner]
    sent = event_of(people, partners=[partner.pk for partner in present], municipality="  Uusi   Kunta ")
    response = people.staff.client().post(reverse("outreach_create"), sent)
    event = OutreachEvent.objects.get(kind="visit")
    assert (response.status_code, response.url) == (302, reverse("outreach_list"))
    assert (event.hours, event.audience_kind, event.audience_size) == (Decimal("2.5"), "students", 30)
    assert (event.municipality, event.grant) == ("Uusi Kunta", people.common.grant)
    assert set(event.partners.all()) == set(present)


def test_save_and_write_the_next_opens_a_form_with_what_both_share(people):
    client = people.staff.client()
    sent = event_of(people, another="1", municipality="Kaukala", title="Aamukahvit")
    response = client.post(reverse("outreach_create"), sent)
    event = OutreachEvent.objects.get(kind="visit")
    assert response.url == f"{reverse('outreach_create')}?{urlencode({'after': event.pk})}"
    form = client.get(response.url).context["form"]
    shared = {name: form[name].value() for name in ("kind", "municipality", "audience_kind", "grant")}
    assert shared == {
        "kind": "visit",
        "municipality": "Kaukala",
        "audience_kind": "students",
        "grant": people.common.grant.pk,
    }
    assert form["date"].value() == event.date
    assert [form[name].value() for name in ("organisation", "title", "hours")] == [None, None, None]


@pytest.mark.parametrize("after", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_a_next_form_after_nothing_is_an_empty_one(people, after):
    response = people.staff.client().get(reverse("outreach_create"), {"after": after})
    assert (response.status_code, response.context["form"]["kind"].value()) == (200, None)


def test_the_same_form_sent_twice_makes_one_event(people):
    client, sent = people.staff.client(), event_of(people)
    answers = [client.post(reverse("outreach_create"), sent).status_code for _twice in range(2)]
    assert answers == [302, 302]
    assert OutreachEvent.objects.filter(kind="visit").count() == 1


def test_municipality_is_written_as_it_was_written_before(people):
    OutreachEventFactory(municipality="Kaukala")
    people.staff.client().post(reverse("outreach_create"), event_of(people, municipality="kaukala "))
    assert OutreachEvent.objects.get(kind="visit").municipality == "Kaukala"


def test_municipalities_written_down_before_are_offered(people):
    OutreachEventFactory(municipality="Äänelä")
    OutreachEventFactory(municipality="")
    page = people.staff.client().get(reverse("outreach_create"))
    assert page.context["municipalities"] == ["Esimerkkilä", "Äänelä"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hours", "kaksi", "Write the hours as a number, for example 2,5."),
        ("organisation", "", "Choose the organisation from the list."),
        ("kind", "nap", None),
        ("title", "010190-123A", "Leave the personal identity code out. It is not needed here."),
    ],
)
def test_what_is_typed_is_checked_in_words(people, field, value, said):
    response = people.staff.client().post(reverse("outreach_create"), event_of(people, **{field: value}))
    errors = response.context["form"].errors
    assert (response.status_code, list(errors)) == (422, [field])
    assert said is None or errors[field] == [said]


def test_a_grant_covers_the_day_of_the_event(people):
    grant = GrantFactory(starts_on=days(-400), ends_on=days(-2))
    response = people.staff.client().post(reverse("outreach_create"), event_of(people, grant=grant.pk))
    assert response.context["form"].errors == {
        "grant": ["This grant does not cover that day. Choose another."]
    }


def test_an_organisation_that_is_over_is_chosen_for_its_own_days(people):
    organisation = OrganisationFactory(valid_to=days(-5))
    client, url = people.staff.client(), reverse("outreach_create")
    late = client.post(url, event_of(people, organisation=organisation.pk, date=days(-4).isoformat()))
    assert list(late.context["form"].errors) == ["organisation"]
    in_time = client.post(url, event_of(people, organisation=organisation.pk, date=days(-5).isoformat()))
    assert in_time.status_code == 302


def test_an_assignment_of_the_day_is_not_written_down_a_second_time(people):
    """What was ordered counts already. Control: leave `same_outreach` out of the form."""
    kind = AssignmentKindFactory(category="acquaintance")
    AssignmentFactory(organisation=people.own.organisation, kind=kind, date=days(-1), status="done")
    client = people.staff.client()
    response = client.post(reverse("outreach_create"), event_of(people))
    assert list(response.context["form"].errors) == ["is_other"]
    assert not OutreachEvent.objects.filter(kind="visit").exists()
    client.post(reverse("outreach_create"), event_of(people, is_other="on"))
    assert OutreachEvent.objects.filter(kind="visit").count() == 1


@pytest.mark.parametrize(
    ("category", "status", "asks"),
    [("acquaintance", "done", True), ("acquaintance", "cancelled", False), ("influence", "done", False)],
)
def test_only_an_acquaintance_assignment_that_stands_is_the_same(people, category, status, asks):
    kind = AssignmentKindFactory(category=category)
    AssignmentFactory(organisation=people.own.organisation, kind=kind, date=days(-1), status=status)
    assert services.same_outreach(organisation=people.own.organisation, date=days(-1)) == (
        "assignment" if asks else ""
    )


def test_another_event_of_the_same_day_is_asked_about_once(people):
    event = OutreachEventFactory(organisation=people.own.organisation, date=days(-1))
    client = people.staff.client()
    assert client.post(reverse("outreach_create"), event_of(people)).status_code == 422
    url = reverse("outreach_edit", args=[event.pk])
    assert client.post(url, facts(client, url, hours="3")).status_code == 302


def test_mending_changes_facts_and_those_present(people):
    client = people.staff.client()
    url = reverse("outreach_edit", args=[people.own.outreach.pk])
    sent = facts(client, url, hours="4", partners=[people.foreign.partner.pk])
    assert client.post(url, sent).status_code == 302
    event = OutreachEvent.objects.get(pk=people.own.outreach.pk)
    assert (event.hours, list(event.partners.all())) == (Decimal(4), [people.foreign.partner])


def test_of_two_who_mend_the_second_is_told(people):
    client = people.staff.client()
    url = reverse("outreach_edit", args=[people.own.outreach.pk])
    first, second = facts(client, url, hours="4"), facts(client, url, hours="5")
    assert client.post(url, first).status_code == 302
    assert client.post(url, second).status_code == 409
    assert OutreachEvent.objects.get(pk=people.own.outreach.pk).hours == Decimal(4)


def test_a_partner_who_has_a_break_now_may_have_been_there(people):
    people.own.partner.is_available = False
    people.own.partner.save()
    form = people.staff.client().get(reverse("outreach_create")).context["form"]
    assert people.own.partner in form.fields["partners"].queryset


# --- taking away -----------------------------------------------------------------------------------------------------
def test_an_event_is_taken_away_and_the_trail_keeps_that_it_was_there(people):
    event = OutreachEventFactory(partners=[people.own.partner])
    services.delete_outreach(event=event, by=people.staff.actor)
    assert not OutreachEvent.objects.filter(pk=event.pk).exists()
    assert AuditEvent.objects.get(object_id=event.pk).detail == "deleted"


def test_an_event_with_a_travel_claim_stays(people):
    """Control: leave the question out of `delete_outreach`; the database then refuses, without words."""
    event = OutreachEventFactory(partners=[people.own.partner])
    TravelClaimFactory(partner=people.own.partner, outreach=event)
    with pytest.raises(MoveRefused, match="A travel claim rests on this event"):
        services.delete_outreach(event=event, by=people.staff.actor)
    client = people.staff.client()
    client.post(reverse("outreach_delete", args=[event.pk]))
    assert OutreachEvent.objects.filter(pk=event.pk).exists()
    assert client.get(event.get_absolute_url()).context["has_claims"] is True


def test_a_partner_who_has_claimed_travel_stays_with_the_event(people):
    event = OutreachEventFactory(partners=[people.own.partner])
    TravelClaimFactory(partner=people.own.partner, outreach=event)
    with pytest.raises(MoveRefused, match="claimed travel"):
        services.edit_outreach(event=event, partners=[], by=people.staff.actor, seen_version=1)
    assert list(event.partners.all()) == [people.own.partner]


def test_what_is_gone_cannot_be_taken_away_again(people):
    event, hit = OutreachEventFactory(), MediaHitFactory()
    services.delete_outreach(event=OutreachEvent.objects.get(pk=event.pk), by=people.staff.actor)
    services.delete_media(hit=MediaHit.objects.get(pk=hit.pk), by=people.staff.actor)
    with pytest.raises(AlreadyMoved):
        services.delete_outreach(event=event, by=people.staff.actor)
    with pytest.raises(AlreadyMoved):
        services.delete_media(hit=hit, by=people.staff.actor)


# --- the lists -------------------------------------------------------------------------------------------------------
def listed(person: Person, **asked) -> set:
    page = person.client().get(reverse("outreach_list"), asked)
    return {event.pk for event in page.context["rows"]}


def test_the_newest_event_stands_first(people):
    OutreachEventFactory(date=days(-30))
    OutreachEventFactory(date=days(-1))
    page = people.staff.client().get(reverse("outreach_list"))
    dates = [event.date for event in page.context["rows"]]
    assert dates == sorted(dates, reverse=True)


def test_staff_narrow_the_list_by_days_kind_and_municipality(people):
    OutreachEvent.objects.all().delete()
    ngo = OutreachEventFactory(organisation__kind="ngo", date=days(-10), municipality="Kaukala")
    county = OutreachEventFactory(organisation__kind="county", date=days(-40), municipality="Mallila")
    assert listed(people.staff) == {ngo.pk, county.pk}
    assert listed(people.staff, kind="ngo") == {ngo.pk}
    assert listed(people.staff, municipality="Mallila") == {county.pk}
    assert listed(people.staff, **{"from": days(-20).isoformat()}) == {ngo.pk}
    assert listed(people.staff, to=days(-20).isoformat()) == {county.pk}
    assert listed(people.staff, kind="ngo", to=days(-20).isoformat()) == set()
    assert listed(people.staff, kind="nothing", **{"from": "yesterday"}) == {ngo.pk, county.pk}


def test_a_partner_sees_the_events_at_which_she_is_present_and_no_other(people):
    together = OutreachEventFactory(partners=[people.own.partner, people.foreign.partner])
    OutreachEventFactory()
    own = {people.own.outreach.pk, people.own.coming_outreach.pk, together.pk}
    assert listed(people.partner) == own
    page = people.partner.client().get(together.get_absolute_url())
    assert page.context["present"] == [people.own.partner]
    assert people.foreign.partner.first_name not in page.content.decode()


def test_media_hits_are_logged_and_mended(people):
    client = people.staff.client()
    sent = facts(
        client, reverse("media_create"), medium="Lehti", kind="local", title="Rinnalla", url="lehti.example/a"
    )
    assert client.post(reverse("media_create"), sent).status_code == 302
    hit = MediaHit.objects.get(medium="Lehti")
    assert (hit.date, hit.url) == (today(), "https://lehti.example/a")
    url = reverse("media_edit", args=[hit.pk])
    assert client.post(url, facts(client, url, kind="national")).status_code == 302
    hit.refresh_from_db()
    assert (hit.kind, hit.title) == ("national", "Rinnalla")


def test_a_web_address_in_the_log_is_one_of_the_web(people):
    client = people.staff.client()
    sent = facts(
        client, reverse("media_create"), medium="Lehti", kind="local", title="X", url="javascript:alert(1)"
    )
    response = client.post(reverse("media_create"), sent)
    assert list(response.context["form"].errors) == ["url"]


# --- the sums --------------------------------------------------------------------------------------------------------
KINDS = ("municipality", "ngo", "education")
PLACES = ("", "Kaukala", "Mallila")
row = st.tuples(
    st.sampled_from(["event", "assignment"]),
    st.sampled_from(KINDS),
    st.sampled_from(PLACES),
    st.integers(min_value=0, max_value=60),  # days after 1 May 2021
    st.integers(min_value=1, max_value=12),  # half hours
    st.sampled_from([None, 0, 7, 20]),
    st.integers(min_value=0, max_value=2),  # partners
    st.sampled_from(["done", "agreed"]),
)


def test_sums_agree_with_the_rows(db, people):
    """Random rows, counted a second time in plain Python. Control: count an assignment's partners before it is done."""
    organisations = {kind: OrganisationFactory(kind=kind) for kind in KINDS}
    grant, kind = GrantFactory(), AssignmentKindFactory(category="acquaintance")
    partners = [ExperiencePartnerFactory() for _two in range(2)]
    actor = people.staff.actor
    first, last = D(2021, 5, 5), D(2021, 6, 20)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.lists(row, max_size=12))
    def check(rows):
        Participation.objects.filter(partner__in=partners).delete()
        Assignment.objects.filter(kind=kind).delete()
        OutreachEvent.objects.all().delete()
        counted = []
        for what, of_kind, place, after, halves, audience, present, status in rows:
            date, hours = D(2021, 5, 1) + datetime.timedelta(days=after), Decimal(halves) / 2
            common = {
                "organisation": organisations[of_kind],
                "date": date,
                "hours": hours,
                "audience_size": audience,
            }
            if what == "event":
                OutreachEventFactory(**common, municipality=place, partners=partners[:present])
                is_done = True
            else:
                assignment = AssignmentFactory(**common, kind=kind, grant=grant, status=status)
                is_done, place = status == "done", ""
                for partner in partners[:present]:
                    part_status = "done" if is_done else "accepted"
                    ParticipationFactory(assignment=assignment, partner=partner, status=part_status)
            if is_done and first <= date <= last:
                counted.append((what, of_kind, place, hours, audience or 0, hours * present))

        def summed(lines) -> tuple:
            lines = list(lines)
            return (
                len(lines),
                sum(line[0] == "assignment" for line in lines),
                sum((line[3] for line in lines), Decimal(0)),
                sum(line[4] for line in lines),
                sum((line[5] for line in lines), Decimal(0)),
            )

        def shown(line) -> tuple:
            return (line.events, line.ordered, line.hours, line.audience, line.partner_hours)

        sums = outreach_sums(actor, first, last)
        assert shown(sums.total) == summed(counted)
        assert {line.key: shown(line) for line in sums.kinds} == {
            name: summed(line for line in counted if line[1] == name)
            for name in {line[1] for line in counted}
        }
        assert {line.key: shown(line) for line in sums.municipalities} == {
            name: summed(line for line in counted if line[2] == name)
            for name in {line[2] for line in counted}
        }

    check()


def test_sums_cost_four_queries_whatever_is_in_them(people):
    for _ten in range(10):
        OutreachEventFactory(partners=[people.own.partner])
    actor = people.staff.actor
    with Heard() as heard:
        outreach_sums(actor, days(-30), today())
    assert len(heard.statements) == 4


def test_a_line_of_the_sums_leads_to_its_rows(people):
    OutreachEvent.objects.all().delete()
    for count in range(3):
        OutreachEventFactory(organisation__kind="ngo", date=days(-count), municipality="Kaukala")
    OutreachEventFactory(organisation__kind="ngo", date=days(1), municipality="Kaukala")
    client = people.staff.client()
    period = {"from": days(-2).isoformat(), "to": days(20).isoformat()}
    page = client.get(reverse("outreach_summary"), period)
    (line,) = page.context["sums"].kinds
    rows = client.get(f"{reverse('outreach_list')}?{page.context['query']}&kind={line.key}")
    assert (line.events, len(rows.context["rows"])) == (3, 3)
    assert f"kind={line.key}" in page.content.decode()


def test_sums_begin_with_the_present_half_year(people):
    page = people.staff.client().get(reverse("outreach_summary"))
    sums = page.context["sums"]
    assert (sums.first, sums.last) == half_year(today())
    assert [period["current"] for period in page.context["periods"]] == [True, False, False, False]


def test_periods_to_choose_are_half_years_and_years(people):
    labels = [
        period["label"]
        for period in people.staff.client().get(reverse("outreach_summary")).context["periods"]
    ]
    year = today().year
    halves = [f"Autumn {year}", f"Spring {year}"]
    if today().month <= 6:
        halves = [f"Spring {year}", f"Autumn {year - 1}"]
    assert labels == [*halves, str(year), str(year - 1)]


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2021-06-30", "to": "2021-01-01"},
        {"from": "yesterday", "to": ""},
        {"from": "0001-01-01", "to": ""},
    ],
)
def test_a_period_that_cannot_be_is_told_in_words(people, asked):
    response = people.staff.client().get(reverse("outreach_summary"), asked)
    assert response.status_code == 422
    assert response.context["sums"] is None
    assert response.context["form"].errors


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (D(2021, 1, 1), D(2021, 1, 1), D(2021, 6, 30)),
        (D(2021, 6, 30), D(2021, 1, 1), D(2021, 6, 30)),
        (D(2021, 7, 1), D(2021, 7, 1), D(2021, 12, 31)),
        (D(2024, 12, 31), D(2024, 7, 1), D(2024, 12, 31)),
    ],
)
def test_half_year_of_a_day(day, first, last):
    assert half_year(day) == (first, last)


# --- what the database refuses, whoever writes ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: OutreachEventFactory(hours=Decimal(0)), "outreach_hours_sensible"),
        (lambda: OutreachEventFactory(hours=Decimal("100.5")), "outreach_hours_sensible"),
        (lambda: OutreachEventFactory(kind="nap"), "outreach_kind_known"),
        (lambda: OutreachEventFactory(audience_kind="cats"), "outreach_audience_known"),
        (lambda: MediaHitFactory(kind="rumour"), "media_hit_kind_known"),
    ],
)
def test_database_refuses(db, make, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


@pytest.mark.parametrize("hours", [Decimal("0.5"), Decimal(100)])
def test_database_takes_the_edges(db, hours):
    assert OutreachEventFactory(hours=hours).pk


def test_a_service_says_in_words_what_the_database_would_refuse(people):
    with pytest.raises(ValidationError) as refused:
        services.record_outreach(
            by=people.staff.actor,
            organisation=people.own.organisation,
            kind="visit",
            date=LATE_SPRING,
            hours=Decimal(101),
            audience_kind="workers",
        )
    assert "Hours are between half an hour and 100." in refused.value.messages
