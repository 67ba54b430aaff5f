"""A partner leaves in two steps and may come back; nobody is asked why (R16).

Controls: leave `let_go` out of `leave`; let `complete_leaving` pass over what hinders; end every role instead of the
partner's.
"""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from kumppani.accounts.actor import actor_for
from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.home.selectors.partner import partner_home
from kumppani.notices.models import Notice
from pairing import services
from pairing.leaving import still_open
from pairing.models import DirectoryConsent, ExperiencePartner
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    CandidateFactory,
    CommitmentTextFactory,
    ContactRequestFactory,
    ExperiencePartnerFactory,
    ready_partner,
    relationship_in,
    show,
)
from tests.personas import Person

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def fresh(record):
    """As the database has it now."""
    return type(record)._base_manager.get(pk=record.pk)


@pytest.fixture(autouse=True)
def texts():
    return [CommitmentTextFactory(kind=kind, number=1) for kind in ("principles", "undertaking")]


@pytest.fixture
def partner():
    return ready_partner(user=user_in_role("partner"), max_relationships=8)


@pytest.fixture
def own(partner) -> Person:
    return Person("partner", partner.user, "partner")


@pytest.fixture
def staff() -> Person:
    return Person("staff", user_in_role("staff"), "staff")


def leave(partner, by) -> ExperiencePartner:
    services.leave(partner=fresh(partner), by=by.actor)
    return fresh(partner)


def left(partner, staff) -> ExperiencePartner:
    services.complete_leaving(partner=leave(partner, staff), by=staff.actor)
    return fresh(partner)


def told(kind: str) -> set:
    return {(notice.recipient, notice.object_id) for notice in Notice.objects.filter(kind=kind)}


# --- the first step ---------------------------------------------------------------------------------------------
class TestLeaving:
    def test_from_now_on_nothing_new_is_proposed(self, partner, own, staff):
        request = ContactRequestFactory()
        leave(partner, own)
        assert (fresh(partner).leaving_on, fresh(partner).is_available, fresh(partner).left_on) == (
            today(),
            False,
            None,
        )
        with override("en"):
            assert services.pair_hindrances(request=request, partner=fresh(partner)) == [
                "The partner is leaving, or has left."
            ]
        with pytest.raises(MoveRefused):
            services.propose_pair(request=request, partner=fresh(partner), by=staff.actor)

    def test_nothing_of_the_partner_is_shown_from_this_moment_on(self, partner, staff):
        show(partner)
        leave(partner, staff)
        assert not DirectoryConsent.objects.open().filter(partner=partner).exists()
        assert DirectoryConsent.objects.filter(partner=partner).exists()  # kept, dated

    @pytest.mark.parametrize("who", ["own", "staff"])
    def test_while_getting_acquainted_the_next_one_is_asked_whoever_writes_it_down(
        self, partner, who, request
    ):
        pair = relationship_in("acquainting", partner=partner)
        then = ready_partner()
        CandidateFactory(request=pair.request, partner=then)
        leave(partner, request.getfixturevalue(who))
        assert fresh(pair).status == "no_match"
        assert [
            next_pair.partner for next_pair in pair.request.relationships.filter(status="acquainting")
        ] == [then]

    @pytest.mark.parametrize("status", ["proposed", "decided"])
    def test_before_the_start_the_request_waits_in_the_queue_again(self, partner, own, status):
        pair = relationship_in(status, partner=partner)
        leave(partner, own)
        assert (fresh(pair).status, fresh(pair.request).status) == ("declined", "waiting")

    def test_what_runs_goes_on_and_the_social_workers_and_the_staff_are_told(self, partner, own, staff):
        pairs = [relationship_in(status, partner=partner) for status in ("active", "paused", "proposed")]
        leave(partner, own)
        assert [fresh(pair).status for pair in pairs] == ["active", "paused", "declined"]
        assert told("partner_leaves_pair") == {(pair.social_worker.user, pair.pk) for pair in pairs}
        assert told("partner_leaves") == {(staff.user, partner.pk)}
        assert told("leaving_recorded") == set()

    def test_when_the_staff_write_it_down_the_partner_is_told(self, partner, staff):
        leave(partner, staff)
        assert (told("leaving_recorded"), told("partner_leaves")) == ({(partner.user, partner.pk)}, set())

    def test_nobody_else_leaves_in_the_partners_name(self, partner):
        other = ready_partner(user=user_in_role("partner"))
        with pytest.raises(MoveRefused):
            leave(partner, Person("other", other.user, "partner"))

    def test_a_second_press_is_told_and_does_nothing(self, partner, own):
        client, url = own.client(), reverse("partner_leave", args=[partner.pk])
        for _press in range(2):
            assert client.post(url).status_code == 302
        changes = AuditEvent.objects.filter(object_id=partner.pk, action="change")
        assert [event.fields_changed for event in changes] == [["is_available", "leaving_on"]]
        assert client.get(url).status_code == 302

    def test_a_leaving_partner_cannot_end_a_break_by_the_way(self, partner, own):
        leave(partner, own)
        with pytest.raises(MoveRefused):
            services.set_availability(partner=partner, available=True, by=own.actor)

    def test_the_page_shows_everything_open_and_what_becomes_of_it(self, partner, own):
        relationship_in("active", partner=partner)
        relationship_in("acquainting", partner=partner)
        page = own.client().get(reverse("partner_leave", args=[partner.pk]))
        assert [one.hinders for one in page.context["open_now"]] == [
            one.hinders for one in still_open(partner, own.actor)
        ]
        assert sorted(one.hinders for one in page.context["open_now"]) == [False, True]

    def test_the_partners_home_says_so_and_asks_for_no_texts(self, partner, own):
        leave(partner, own)
        CommitmentTextFactory(kind="principles", number=2)
        assert [one.url for one in partner_home(own.actor)["waiting"]] == [partner.get_absolute_url()]


# --- the second step --------------------------------------------------------------------------------------------
class TestHavingLeft:
    def test_when_nothing_is_open_the_role_ends_at_the_next_request(self, partner, own, staff):
        client = own.client()
        assert client.get(reverse("partner_detail", args=[partner.pk])).status_code == 200
        left(partner, staff)
        assert (fresh(partner).left_on, actor_for(partner.user)) == (today(), None)
        assert client.get(reverse("partner_detail", args=[partner.pk])).status_code == 403

    def test_a_running_relationship_hinders_by_name(self, partner, staff):
        pair = relationship_in("active", partner=partner)
        leave(partner, staff)
        with pytest.raises(MoveRefused, match=pair.parent.first_name):
            services.complete_leaving(partner=fresh(partner), by=staff.actor)
        assert (fresh(partner).left_on, actor_for(partner.user).role) == (None, "partner")
        services.end_relationship(relationship=fresh(pair), by=staff.actor)
        services.complete_leaving(partner=fresh(partner), by=staff.actor)
        assert fresh(partner).has_left

    def test_the_page_shows_what_hinders_and_no_button(self, partner, staff):
        relationship_in("active", partner=partner)
        leave(partner, staff)
        page = staff.client().get(reverse("partner_left", args=[partner.pk]))
        assert page.context["is_hindered"]
        assert 'class="form confirm' not in page.content.decode()

    def test_the_partner_sees_what_is_still_open_and_cannot_end_it(self, partner, own):
        relationship_in("active", partner=partner)
        leave(partner, own)
        client, url = own.client(), reverse("partner_left", args=[partner.pk])
        page = client.get(url)
        assert ([one.hinders for one in page.context["open_now"]], page.context["may_do_it"]) == (
            [True],
            False,
        )
        assert client.post(url).status_code == 403

    def test_nobody_has_left_who_is_not_leaving(self, partner, staff):
        with pytest.raises(MoveRefused):
            services.complete_leaving(partner=partner, by=staff.actor)

    def test_only_the_staff_complete_it(self, partner, own):
        leave(partner, own)
        with pytest.raises(MoveRefused):
            services.complete_leaving(partner=fresh(partner), by=own.actor)

    def test_who_is_staff_too_stays_staff(self, partner, staff):
        """A37. Control: end all grants of the user."""
        partner.user.grant_role("staff", by=None)
        left(partner, staff)
        assert [grant.role for grant in partner.user.grants.held()] == ["staff"]

    def test_a_partner_without_an_account_leaves_as_well_and_gets_none_afterwards(self, staff):
        gone = left(ready_partner(), staff)
        assert gone.has_left
        with pytest.raises(MoveRefused):
            services.give_partner_account(partner=gone, email="oma@example.org", by=staff.actor)


# --- and back ---------------------------------------------------------------------------------------------------
class TestComingBack:
    def test_who_thinks_again_stays(self, partner, own):
        leave(partner, own)
        services.come_back(partner=fresh(partner), by=own.actor)
        again = fresh(partner)
        assert (again.leaving_on, again.is_available, again.came_back_on) == (None, True, None)

    def test_who_has_left_comes_back_with_the_role(self, partner, own, staff):
        left(partner, staff)
        services.come_back(partner=fresh(partner), by=staff.actor)
        again = fresh(partner)
        assert (again.leaving_on, again.left_on, again.came_back_on, again.is_available) == (
            None,
            None,
            today(),
            True,
        )
        assert actor_for(partner.user).role == "partner"
        assert told("partner_back") == {(partner.user, partner.pk)}

    def test_the_texts_in_force_must_have_been_accepted(self, partner, staff):
        left(partner, staff)
        CommitmentTextFactory(kind="principles", number=2)
        services.come_back(partner=fresh(partner), by=staff.actor)
        assert not fresh(partner).is_ready
        with pytest.raises(MoveRefused):
            services.propose_pair(request=ContactRequestFactory(), partner=fresh(partner), by=staff.actor)

    def test_what_was_shown_stays_hidden_until_the_partner_ticks_it(self, partner, staff):
        show(partner)
        left(partner, staff)
        services.come_back(partner=fresh(partner), by=staff.actor)
        assert not ExperiencePartner.objects.in_directory().filter(pk=partner.pk).exists()

    def test_who_never_left_cannot_come_back(self, partner, staff):
        with pytest.raises(MoveRefused):
            services.come_back(partner=partner, by=staff.actor)

    def test_who_has_left_does_not_come_back_alone(self, partner, own, staff):
        left(partner, staff)
        with pytest.raises(MoveRefused):
            services.come_back(
                partner=fresh(partner), by=type(staff.actor)(user=partner.user, role="partner")
            )

    def test_who_comes_back_may_leave_again(self, partner, own, staff):
        left(partner, staff)
        services.come_back(partner=fresh(partner), by=staff.actor)
        assert leave(partner, own).is_leaving


# --- what people read -------------------------------------------------------------------------------------------
class TestWords:
    def test_each_state_has_a_word(self, partner, staff):
        resting = ready_partner(is_available=False)
        with override("en"):
            words = [str(partner.state.label), str(resting.state.label)]
            words += [str(leave(partner, staff).state.label), str(left(ready_partner(), staff).state.label)]
        assert words == ["Available", "On a break", "Leaving", "Has left"]

    def test_the_list_keeps_them_apart(self, partner, staff):
        gone, going = left(ready_partner(), staff), leave(ready_partner(), staff)
        for state, found in (("here", [partner]), ("leaving", [going]), ("left", [gone])):
            page = staff.client().get(reverse("partner_list"), {"state": state})
            assert list(page.context["rows"]) == found
            assert [chip["count"] for chip in page.context["chips"]] == [1, 1, 1]

    def test_a_person_who_is_both_sees_in_each_role_only_its_own(self, partner, staff):
        """A37: as a partner the own page and the own leaving, nothing of the staff's; as staff everybody's."""
        partner.user.grant_role("staff", by=None)
        other = ready_partner()
        urls = [
            reverse("partner_leave", args=[partner.pk]),
            reverse("partner_leave", args=[other.pk]),
            reverse("partner_left", args=[partner.pk]),
            reverse("record_note_create", args=[other.pk]),
            reverse("partner_list"),
        ]
        as_partner = Person("both", partner.user, "partner").client()
        as_staff = Person("both", partner.user, "staff").client()
        assert [as_partner.get(url).status_code for url in urls] == [200, 404, 302, 403, 403]
        assert [as_staff.get(url).status_code for url in urls] == [200, 200, 302, 200, 200]


class TestConstraints:
    GOOD = [
        {"is_available": False, "leaving_on": "2026-03-02"},
        {"is_available": False, "leaving_on": "2026-03-02", "left_on": "2026-03-02"},
        {"came_back_on": "2026-03-02"},
        {"is_available": False, "came_back_on": "2026-03-02", "leaving_on": "2026-03-02"},
    ]
    BAD = [
        ({"leaving_on": "2026-03-02"}, "Who is leaving, or has left, is not available."),
        ({"left_on": "2026-03-02"}, "A partner has left only after the day of leaving."),
        (
            {"is_available": False, "leaving_on": "2026-03-02", "left_on": "2026-03-01"},
            "A partner has left only after the day of leaving.",
        ),
        (
            {"is_available": False, "leaving_on": "2026-03-02", "came_back_on": "2026-03-03"},
            "A partner leaves again only after having come back.",
        ),
    ]

    @pytest.mark.parametrize("facts", GOOD)
    def test_these_are_kept(self, facts):
        assert ExperiencePartnerFactory(**facts).pk

    @pytest.mark.parametrize(("facts", "words"), BAD)
    def test_these_are_refused(self, facts, words):
        partner = ExperiencePartnerFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            ExperiencePartner.objects.filter(pk=partner.pk).update(**facts)
        for name, value in facts.items():
            setattr(partner, name, datetime.date.fromisoformat(value) if isinstance(value, str) else value)
        with override("en"), pytest.raises(ValidationError) as refused:
            partner.validate_constraints()
        assert refused.value.messages == [words]
