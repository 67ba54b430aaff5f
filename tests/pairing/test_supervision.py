"""Supervision and debriefing (domain 5.4): times, who is invited, who was there – and nothing of what was said.

Negative controls: leave `_answer_wish` out of `mark_presence`; leave `save_as_version` out of it; let
`SupervisionQuerySet._for_partner` show everything.
"""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from kumppani.accounts.models import User
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import ONE_DAY, today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.models import Notice
from pairing import services
from pairing.models import Care, ExperiencePartner, Supervision, SupervisionPresence, TalkWish
from pairing.querysets import is_overdue_for_supervision
from pairing.services import monthly_dates
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    MeetingFactory,
    SupervisionFactory,
    SupervisionPresenceFactory,
    TalkWishFactory,
    ready_partner,
)
from tests.pairing.never import refused
from tests.pairing.test_races import at_once
from tests.pairing.trio import build_trio, said, send, token
from tests.personas import Person

pytestmark = pytest.mark.django_db

D = datetime.date
FACTS = {
    "kind": "group",
    "starts_at": datetime.time(17),
    "minutes": 90,
    "leader": "Tiina",
    "place": "Koivu",
    "link": "",
}


@pytest.fixture(autouse=True)
def english(db):
    with translation.override("en"):
        yield


def in_english(person: Person) -> Person:
    User.objects.filter(pk=person.user.pk).update(language="en")
    return person


@pytest.fixture
def staff() -> Person:
    return in_english(Person("staff", user_in_role("staff"), "staff"))


def partner(first_name: str = "Paula", **fields) -> Person:
    """A ready partner who can sign in, with `record`."""
    person = in_english(
        Person("partner", user_in_role("partner", first_name=first_name, last_name="Puro"), "partner")
    )
    fields = {"first_name": first_name, "last_name": "Puro", **fields}
    person.record = ready_partner(user=person.user, **fields)
    return person


def days(count: int) -> D:
    return today() + count * ONE_DAY


def states(time: Supervision) -> dict[str, str]:
    """First name → presence."""
    rows = SupervisionPresence.objects.filter(supervision=time)
    return dict(rows.values_list("partner__first_name", "state"))


def told(kind: str) -> list:
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__first_name", flat=True))


def marks(time: Supervision, **by_name: str) -> dict:
    """Presence id → state, by the partners' first names."""
    rows = SupervisionPresence.objects.filter(supervision=time, partner__first_name__in=by_name)
    return {pk: by_name[name] for pk, name in rows.values_list("pk", "partner__first_name")}


def plan(staff: Person, *people: Person, **facts) -> list[Supervision]:
    facts = {"date": days(10), **FACTS, **facts}
    return services.plan_supervision(by=staff.actor, partners=[one.record for one in people], **facts)


def edit(staff: Person, time: Supervision, *people: Person, **facts) -> Supervision:
    before = {name: getattr(time, name) for name in ("date", *FACTS)}
    return services.edit_supervision(
        supervision=time,
        by=staff.actor,
        seen_version=facts.pop("seen_version", time.version),
        partners=[one.record for one in people],
        **before | facts,
    )


def mark(staff: Person, time: Supervision, seen_version: int | None = None, **by_name: str) -> Supervision:
    return services.mark_presence(
        supervision=time,
        by=staff.actor,
        seen_version=seen_version or time.version,
        states=marks(time, **by_name),
    )


# --- the days ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "dates"),
    [
        (D(2026, 1, 13), [D(2026, 1, 13), D(2026, 2, 10), D(2026, 3, 10), D(2026, 4, 14)]),  # second Tuesday
        (
            D(2026, 1, 29),
            [D(2026, 1, 29), D(2026, 2, 26), D(2026, 3, 26), D(2026, 4, 30)],
        ),  # the last Thursday
        (D(2025, 12, 1), [D(2025, 12, 1), D(2026, 1, 5), D(2026, 2, 2), D(2026, 3, 2)]),  # over the year
    ],
)
def test_every_month_on_the_same_day_of_the_week(first, dates):
    assert monthly_dates(first, 4) == dates


# --- planning ---------------------------------------------------------------------------------------------
def test_a_time_is_agreed_on_and_those_invited_are_told_once(staff):
    paula, olli = partner("Paula"), partner("Olli")
    made = plan(staff, paula, olli, times=3)
    assert [time.date for time in made] == monthly_dates(days(10), 3)
    assert [states(time) for time in made] == [{"Paula": "invited", "Olli": "invited"}] * 3
    assert told("supervision_planned") == ["Olli", "Paula"]


def test_what_has_been_held_may_be_written_down_and_nobody_is_told(staff):
    (time,) = plan(staff, partner(), date=days(-3))
    assert (time.date, told("supervision_planned")) == (days(-3), [])


def test_a_time_needs_somebody_and_an_individual_one_has_one(staff):
    with pytest.raises(ValidationError) as nobody:
        plan(staff)
    with pytest.raises(ValidationError) as two:
        plan(staff, partner("Paula"), partner("Olli"), kind="individual")
    assert [error.value.message_dict for error in (nobody, two)] == [
        {"partners": ["Choose at least one partner."]},
        {"partners": ["Choose one partner, or make it a group."]},
    ]
    assert Supervision.objects.count() == 0


@pytest.mark.parametrize("times", [0, 13])
def test_at_most_a_year_at_once(staff, times):
    with pytest.raises(ValidationError):
        plan(staff, partner(), times=times)


@pytest.mark.parametrize("role", ["partner", "social_worker", "trainer", "administrator", "parent"])
def test_only_the_staff_keep_the_times(staff, role):
    paula = partner()
    (time,) = plan(staff, paula, date=days(-1))
    other = Person("other", user_in_role(role), role)
    for deed in (
        lambda: plan(other, paula),
        lambda: edit(other, time, paula),
        lambda: services.cancel_supervision(supervision=time, by=other.actor),
        lambda: mark(other, time, Paula="present"),
    ):
        with pytest.raises(MoveRefused):
            deed()
    assert states(time) == {"Paula": "invited"}


def test_a_debriefing_begins_at_the_wish_to_talk(staff):
    paula = partner()
    wish = services.want_to_talk(partner=paula.record, by=paula.actor)
    client = staff.client()
    page = client.get(reverse("talk_handled", args=[wish.pk])).content.decode()
    url = f"{reverse('supervision_create')}?kind=debriefing&partner={paula.record.pk}"
    assert url.replace("&", "&amp;") in page
    initial = client.get(url).context["form"].initial
    assert (initial["kind"], initial["partners"], initial["minutes"]) == ("debriefing", [paula.record.pk], 60)
    day = days(2)
    answer = send(
        client, url, kind="debriefing", partners=[paula.record.pk], date=day, starts_at="16.00", minutes=60
    )
    time = Supervision.objects.get()
    assert (answer.status_code, answer.url) == (302, time.get_absolute_url())
    assert (time.kind, time.date, time.starts_at) == ("debriefing", day, datetime.time(16))
    again = client.get(reverse("talk_handled", args=[wish.pk])).content.decode()
    assert time.get_absolute_url() in again
    assert reverse("supervision_create") not in again


def test_the_form_says_which_days_it_has_planned(staff):
    paula = partner()
    answer = send(
        staff.client(),
        reverse("supervision_create"),
        kind="group",
        partners=[paula.record.pk],
        date=D(2099, 11, 24),
        starts_at="17.00",
        minutes=90,
        times=2,
    )
    assert said(answer) == ["Saved: group supervision, Tuesday 24 November. And then: 22 Dec 2099."]


def test_a_holiday_is_told(staff):
    answer = send(
        staff.client(),
        reverse("supervision_create"),
        kind="group",
        partners=[partner().record.pk],
        date=D(2099, 12, 6),
        starts_at="17.00",
        minutes=90,
    )
    assert said(answer)[0].endswith("is a holiday: Independence Day.")


def test_two_for_an_individual_time_are_refused_at_the_field(staff):
    people = [partner("Paula").record.pk, partner("Olli").record.pk]
    answer = send(
        staff.client(),
        reverse("supervision_create"),
        kind="individual",
        partners=people,
        date=days(3),
        starts_at="17.00",
        minutes=60,
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["partners"] == ["Choose one partner, or make it a group."]


def test_only_a_safe_link(staff):
    for link, status in (
        ("http://kokous.example/x", 422),
        ("javascript:alert(1)", 422),
        ("https://kokous.example/x", 302),
    ):
        answer = send(
            staff.client(),
            reverse("supervision_create"),
            kind="group",
            partners=[ready_partner().pk],
            date=days(3),
            starts_at="17.00",
            minutes=60,
            link=link,
        )
        assert answer.status_code == status, link


def test_whose_turn_it_is_shows_in_the_list(staff):
    paula = partner()
    SupervisionFactory(held=True, partners=[paula.record])
    field = staff.client().get(reverse("supervision_create")).context["form"].fields["partners"]
    (label,) = [label for pk, label in field.choices if pk == paula.record.pk]
    assert str(label).startswith("Paula Puro ")
    assert "last on" in str(label)


def test_who_has_left_is_not_in_the_list(staff):
    gone = partner("Raija", is_available=False, leaving_on=days(-9), left_on=days(-1))
    field = staff.client().get(reverse("supervision_create")).context["form"].fields["partners"]
    assert gone.record.pk not in [pk for pk, _label in field.choices]


# --- changing ---------------------------------------------------------------------------------------------
def test_another_time_is_told_to_those_who_stay(staff):
    paula, olli, raija = partner("Paula"), partner("Olli"), partner("Raija")
    (time,) = plan(staff, paula, olli)
    Notice.objects.all().delete()
    edit(staff, time, paula, raija, starts_at=datetime.time(18))
    assert states(time) == {"Paula": "invited", "Raija": "invited"}
    assert (told("supervision_changed"), told("supervision_planned"), told("supervision_cancelled")) == (
        ["Paula"],
        ["Raija"],
        ["Olli"],
    )


def test_another_leader_is_no_news(staff):
    paula = partner()
    (time,) = plan(staff, paula)
    edit(staff, time, paula, leader="Joku muu")
    assert told("supervision_changed") == []


def test_who_was_there_is_not_taken_away(staff):
    paula, olli = partner("Paula"), partner("Olli")
    (time,) = plan(staff, paula, olli, date=days(-1))
    time = mark(staff, time, Paula="present")
    with pytest.raises(ValidationError):
        edit(staff, time, olli)
    with pytest.raises(ValidationError):
        edit(staff, time, paula, olli, date=days(1))
    assert states(time) == {"Paula": "present", "Olli": "invited"}


def test_the_second_of_two_who_change_it_is_told(staff):
    paula = partner()
    (time,) = plan(staff, paula)
    seen = time.version
    edit(staff, time, paula, place="Mänty")
    with pytest.raises(AlreadyMoved):
        edit(staff, time, paula, place="Kuusi", seen_version=seen)
    time.refresh_from_db()
    assert time.place == "Mänty"


def test_the_edit_form_holds_who_is_invited(staff):
    paula, olli = partner("Paula"), partner("Olli")
    (time,) = plan(staff, paula)
    url = reverse("supervision_edit", args=[time.pk])
    client = staff.client()
    form = client.get(url).context["form"]
    assert (form.initial["partners"], form.fields.get("times")) == ([paula.record.pk], None)
    answer = send(
        client,
        url,
        seen_version=time.version,
        kind="group",
        partners=[paula.record.pk, olli.record.pk],
        date=time.date,
        starts_at="17.00",
        minutes=90,
    )
    assert (answer.status_code, states(time)) == (302, {"Paula": "invited", "Olli": "invited"})


# --- calling off ------------------------------------------------------------------------------------------
def test_a_time_is_called_off_and_everybody_is_told(staff):
    paula = partner()
    (time,) = plan(staff, paula)
    answer = staff.client().post(reverse("supervision_cancel", args=[time.pk]))
    assert (answer.url, told("supervision_cancelled")) == (time.get_absolute_url(), ["Paula"])
    assert list(Supervision.objects.coming(today())) == []
    page = paula.client().get(time.get_absolute_url())
    assert "Called off" in page.content.decode()
    with pytest.raises(MoveRefused):
        services.cancel_supervision(supervision=time, by=staff.actor)


def test_what_has_taken_place_is_not_called_off(staff):
    (time,) = plan(staff, partner(), date=days(-1))
    mark(staff, time, Paula="present")
    with pytest.raises(MoveRefused):
        services.cancel_supervision(supervision=time, by=staff.actor)


def test_nothing_is_changed_or_marked_in_what_is_called_off(staff):
    paula = partner()
    (time,) = plan(staff, paula, date=today())
    services.cancel_supervision(supervision=time, by=staff.actor)
    time.refresh_from_db()
    for deed in (lambda: edit(staff, time, paula), lambda: mark(staff, time, Paula="present")):
        with pytest.raises(MoveRefused):
            deed()


# --- who was there ----------------------------------------------------------------------------------------
def test_who_was_there_is_said_in_one_go(staff):
    people = [partner(name) for name in ("Anna", "Olli", "Paula")]
    (time,) = plan(staff, *people, date=days(-1))
    url = reverse("supervision_mark", args=[time.pk])
    client = staff.client()
    fields = {name: str(pk) for pk, name in time.presences.values_list("pk", "partner__first_name")}
    answer = send(
        client,
        url,
        seen_version=time.version,
        **{fields["Anna"]: "present", fields["Olli"]: "absent"},
    )
    assert said(answer) == ["Saved: 1 partner was there."]
    assert states(time) == {"Anna": "present", "Olli": "absent", "Paula": "invited"}
    form = client.get(url).context["form"]
    assert [form.fields[fields[name]].initial for name in sorted(fields)] == ["present", "absent", "invited"]


def test_a_coming_day_is_not_marked(staff):
    (time,) = plan(staff, partner())
    with pytest.raises(MoveRefused):
        mark(staff, time, Paula="present")
    assert staff.client().get(reverse("supervision_mark", args=[time.pk])).status_code == 403


def test_the_second_of_two_who_mark_is_told_and_nothing_is_lost(staff):
    paula, olli = partner("Paula"), partner("Olli")
    (time,) = plan(staff, paula, olli, date=days(-1))
    seen = time.version
    mark(staff, time, Paula="present")
    with pytest.raises(AlreadyMoved):
        mark(staff, time, seen, Paula="absent", Olli="present")
    assert states(time) == {"Paula": "present", "Olli": "invited"}


def test_the_form_of_the_second_asks_again(staff):
    (time,) = plan(staff, partner(), date=days(-1))
    url = reverse("supervision_mark", args=[time.pk])
    client = staff.client()
    presence = str(time.presences.get().pk)
    words = {"submission": token(client, url), "seen_version": time.version, presence: "absent"}
    mark(staff, time, Paula="present")
    answer = client.post(url, words)
    assert (answer.status_code, states(time)) == (409, {"Paula": "present"})
    assert answer.context["form"]["seen_version"].value() == 2


@pytest.mark.parametrize(
    ("kind", "state", "is_open"),
    [
        ("debriefing", "present", False),
        ("debriefing", "absent", True),
        ("group", "present", True),
        ("individual", "present", True),
    ],
)
def test_a_debriefing_answers_the_wish_to_talk(staff, kind, state, is_open):
    paula = partner()
    wish = TalkWishFactory(partner=paula.record, asked_at=timezone.now() - 3 * ONE_DAY)
    (time,) = plan(staff, paula, kind=kind, date=days(-1))
    mark(staff, time, Paula=state)
    wish.refresh_from_db()
    assert (wish.handled_at is None) == is_open
    if not is_open:
        assert wish.handled_by == staff.user


def test_who_has_asked_since_then_still_waits(staff):
    paula = partner()
    (time,) = plan(staff, paula, kind="debriefing", date=days(-5))
    services.want_to_talk(partner=paula.record, by=paula.actor)
    mark(staff, time, Paula="present")
    assert TalkWish.objects.open().count() == 1


def test_the_trail_names_fields_and_the_partner(staff):
    (time,) = plan(staff, partner(), date=days(-1))
    mark(staff, time, Paula="present")
    presence = time.presences.get()
    events = AuditEvent.objects.filter(object_id=presence.pk).order_by("at")
    assert list(events.values_list("action", "about_id", "fields_changed")) == [
        ("create", presence.partner_id, []),
        ("change", presence.partner_id, ["state"]),
    ]


def test_there_is_no_place_for_what_was_said():
    words = {field.name for field in Supervision._meta.fields if field.get_internal_type() == "CharField"}
    assert words - {"kind"} == {"leader", "place", "link"}
    assert [
        field.name for field in SupervisionPresence._meta.fields if field.get_internal_type() == "TextField"
    ] == []


# --- who sees what ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["group", "debriefing"])
def test_a_partner_sees_the_own_time_and_not_who_else_comes(staff, kind):
    paula, olli = partner("Paula"), partner("Olli")
    (time,) = plan(staff, paula, olli, kind=kind)
    for url in (time.get_absolute_url(), reverse("supervision_list"), reverse("home")):
        page = paula.client().get(url).content.decode()
        assert time.get_absolute_url() in page or url == time.get_absolute_url()
        assert "Olli" not in page
    assert "Koivu" in paula.client().get(time.get_absolute_url()).content.decode()
    assert list(SupervisionPresence.objects.visible_to(paula.actor)) == [
        time.presences.get(partner=paula.record)
    ]


def test_another_partner_sees_nothing_of_it(staff):
    (time,) = plan(staff, partner("Paula"))
    other = partner("Olli")
    assert other.client().get(time.get_absolute_url()).status_code == 404
    assert time.get_absolute_url() not in other.client().get(reverse("supervision_list")).content.decode()


def test_a_partner_who_is_staff_sees_in_each_role_only_its_own(staff):
    """A37."""
    paula, olli = partner("Paula"), partner("Olli")
    (own,), (other,) = plan(staff, paula), plan(staff, olli)
    paula.user.grant_role("staff", by=None)
    as_staff = Person("staff", paula.user, "staff")
    assert set(Supervision.objects.visible_to(as_staff.actor)) == {own, other}
    assert set(Supervision.objects.visible_to(paula.actor)) == {own}
    assert paula.client().get(reverse("supervision_create")).status_code == 403
    assert paula.client().get(other.get_absolute_url()).status_code == 404


def test_the_staff_list_has_what_comes_what_waits_and_what_is_past(staff):
    paula = partner()
    (held,), (off,), *_others = (plan(staff, paula, date=days(day)) for day in (-9, 6, 4, -2))
    mark(staff, held, Paula="present")
    services.cancel_supervision(supervision=off, by=staff.actor)
    client = staff.client()
    found = {}
    for state in ("coming", "to_mark", "past"):
        page = client.get(reverse("supervision_list"), {"state": state})
        found[state] = [time.date for time in page.context["rows"]]
    assert found == {"coming": [days(4)], "to_mark": [days(-2)], "past": [days(6), days(-2), days(-9)]}
    assert [chip["count"] for chip in page.context["chips"]] == [1, 1, 3]


def test_the_list_goes_on_where_the_page_ends(staff, settings):
    settings.PAGE_SIZE = 2
    paula = partner()
    for hour in (10, 9, 12, 11, 8):
        plan(staff, paula, starts_at=datetime.time(hour))
    client, url, hours = staff.client(), reverse("supervision_list"), []
    while url:
        page = client.get(url)
        hours.append([time.starts_at.hour for time in page.context["rows"]])
        url = page.context["older_url"] and reverse("supervision_list") + page.context["older_url"]
    assert hours == [[8, 9], [10, 11], [12]]


# --- next due ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("taken_in", "last", "following", "due", "overdue"),
    [
        (-30, None, None, 0, False),
        (-31, None, None, -1, True),
        (-300, -30, None, 0, False),
        (-300, -31, None, -1, True),
        (-300, -31, 30, -1, False),
        (-300, -31, 31, -1, True),
    ],
)
def test_the_next_time_is_due_some_days_after_the_last_one(taken_in, last, following, due, overdue):
    one = ready_partner(taken_in_on=days(taken_in))
    if last is not None:
        SupervisionFactory(date=days(last), partners=[one], partners__state="present")
        # Neither of these counts: not there, and called off.
        SupervisionFactory(date=days(-1), partners=[one], partners__state="absent")
        SupervisionFactory(date=days(-1), partners=[one], partners__state="present", is_cancelled=True)
    if following is not None:
        SupervisionFactory(date=days(following), partners=[one])
    found = ExperiencePartner.objects.with_supervision().get(pk=one.pk)
    care = Care(found, 30 * ONE_DAY)
    assert (care.due_on, care.is_overdue) == (days(due), overdue)
    many = ExperiencePartner.objects.with_supervision().filter(
        is_overdue_for_supervision(today(), 30 * ONE_DAY)
    )
    assert (found in many) == overdue


def test_the_staff_see_it_on_the_partners_page_and_the_partner_does_not(staff):
    paula = partner(taken_in_on=days(-90))
    TalkWishFactory(partner=paula.record)
    url = paula.record.get_absolute_url()
    page = staff.client().get(url).content.decode()
    for words in ("Staying well", "Needs to talk since", "was due", f"?partner={paula.record.pk}"):
        assert words in page
    own = paula.client().get(url).content.decode()
    assert "Staying well" not in own
    assert reverse("supervision_list") in own


# --- a full week ------------------------------------------------------------------------------------------
FULL = "That makes 3 meetings in one week. Look after yourself, too: we are glad to talk."


def test_who_logs_more_than_a_week_holds_is_told_and_not_stopped(settings):
    settings.MEETINGS_A_WEEK = 2
    trio = build_trio()
    in_english(trio.partner)
    monday = today() - today().weekday() * ONE_DAY
    MeetingFactory(relationship=trio.relationship, date=monday)
    MeetingFactory(relationship=trio.relationship, date=monday + 6 * ONE_DAY, planned=True)
    MeetingFactory(relationship=trio.relationship, date=monday + 6 * ONE_DAY, status="cancelled")
    MeetingFactory(relationship=trio.relationship, date=monday - ONE_DAY)
    url = reverse("meeting_log", args=[trio.relationship.pk])
    answer = send(trio.partner.client(), url, date=today(), place="cafe", length="60", kind="peer")
    assert answer.status_code == 302
    assert said(answer)[0].endswith(FULL)


def test_a_usual_week_needs_no_word(settings):
    settings.MEETINGS_A_WEEK = 2
    trio = build_trio()
    MeetingFactory(relationship=trio.relationship, date=today())
    url = reverse("meeting_log", args=[trio.relationship.pk])
    answer = send(trio.partner.client(), url, date=today(), place="cafe", length="60", kind="peer")
    assert answer.status_code == 302
    assert "one week" not in said(answer)[0]


def test_who_plans_more_than_a_week_holds_is_told_and_not_stopped(settings):
    settings.MEETINGS_A_WEEK = 2
    trio = build_trio()
    in_english(trio.partner)
    later = today() + 14 * ONE_DAY  # the fullest of the weeks counts
    for _two in range(2):
        MeetingFactory(relationship=trio.relationship, date=later, planned=True)
    url = reverse("meeting_plan", args=[trio.relationship.pk])
    answer = send(
        trio.partner.client(),
        url,
        date=today() + 7 * ONE_DAY,
        place="cafe",
        kind="peer",
        repeat="weekly",
        times=2,
    )
    assert answer.status_code == 302
    assert said(answer)[0].endswith(FULL)


# --- what must never be ------------------------------------------------------------------------------------
def message(model, name: str) -> str:
    (constraint,) = [one for one in model._meta.constraints if one.name == name]
    return str(constraint.violation_error_message)


@pytest.mark.parametrize(("minutes", "is_fine"), [(9, False), (10, True), (480, True), (481, False)])
def test_a_time_has_a_sensible_length(minutes, is_fine):
    time = SupervisionFactory.build(minutes=minutes)
    if is_fine:
        time.validate_constraints()
        time.save(force_insert=True)
    else:
        refused(time, message(Supervision, "supervision_length_sensible"))


def test_a_time_has_a_known_kind():
    SupervisionFactory(kind="debriefing")
    refused(SupervisionFactory.build(kind="party"), message(Supervision, "supervision_kind_known"))


def test_a_presence_has_a_known_state():
    one = SupervisionPresenceFactory(state="absent")
    other = SupervisionPresence(supervision=one.supervision, partner=ready_partner(), state="maybe")
    refused(other, message(SupervisionPresence, "supervision_presence_known"))


def test_a_partner_is_invited_once():
    one = SupervisionPresenceFactory()
    SupervisionPresenceFactory(partner=one.partner)
    again = SupervisionPresence(supervision=one.supervision, partner=one.partner)
    refused(again, message(SupervisionPresence, "supervision_partner_once"))


# --- races ------------------------------------------------------------------------------------------------
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_mark_at_once_one_wins(staff):
    paula = partner()
    (time,) = plan(staff, paula, kind="debriefing", date=days(-1))
    TalkWishFactory(partner=paula.record, asked_at=timezone.now() - 3 * ONE_DAY)
    choices = ["present", "absent"] * 5
    won = at_once([lambda state=state: mark(staff, time, 1, Paula=state) for state in choices])
    assert len(won) == 1
    assert states(time) == {"Paula": choices[won[0]]}
