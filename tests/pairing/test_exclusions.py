"""With whom, or where, a partner is never paired: written down by kind, without the story, for few eyes (domain 5.4).

That it then holds is in test_matching.py. Control: let a social worker see exclusions; let a partner see all of them.
"""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from kumppani.audit.models import AuditEvent
from kumppani.core.states import MoveRefused
from pairing import services
from pairing.models import Exclusion
from tests.factories.accounts import user_in_role
from tests.factories.pairing import (
    ExclusionFactory,
    ExperiencePartnerFactory,
    ParentFactory,
    SocialWorkerFactory,
    ready_partner,
    relationship_in,
)
from tests.pairing.never import refused
from tests.pairing.trio import build_trio, said, send
from tests.personas import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Person:
    return Person("staff", user_in_role("staff"), "staff")


@pytest.fixture
def partner() -> Person:
    user = user_in_role("partner")
    person = Person("partner", user, "partner")
    person.record = ready_partner(user=user)
    return person


def add(partner, by, **facts) -> Exclusion:
    return services.add_exclusion(partner=partner.record, by=by.actor, **facts)


# --- the deeds ---------------------------------------------------------------------------------------------
def test_the_staff_write_down_a_parent_a_worker_or_an_area(partner, staff):
    parent, worker = ParentFactory(), SocialWorkerFactory()
    add(partner, staff, kind="family", parent=parent)
    add(partner, staff, kind="earlier_worker", social_worker=worker)
    add(partner, staff, kind="neighbourhood", area="  Vanha   Vaasa ")
    found = Exclusion.objects.order_by("created_at")
    assert [(one.kind, one.parent, one.social_worker, one.area) for one in found] == [
        ("family", parent, None, ""),
        ("earlier_worker", None, worker, ""),
        ("neighbourhood", None, None, "Vanha Vaasa"),
    ]


def test_a_partner_writes_down_own_areas(partner):
    assert add(partner, partner, kind="own_wish", area="Salo").recorded_by == partner.user


def test_a_partner_writes_down_nothing_else(partner):
    for facts in (
        {"kind": "family", "parent": ParentFactory()},
        {"kind": "own_wish", "parent": ParentFactory()},
        {"kind": "own_wish", "social_worker": SocialWorkerFactory()},
        {"kind": "neighbourhood", "area": "Salo"},
    ):
        with pytest.raises(MoveRefused):
            add(partner, partner, **facts)
    assert not Exclusion.objects.exists()


@pytest.mark.parametrize("role", ["partner", "social_worker", "parent", "trainer"])
def test_nobody_writes_for_another_partner(partner, role):
    with pytest.raises(MoveRefused):
        add(partner, Person("other", user_in_role(role), role), kind="own_wish", area="Salo")


def test_the_same_thing_stands_on_the_list_once(partner, staff):
    parent = ParentFactory()
    add(partner, staff, kind="family", parent=parent)
    with pytest.raises(ValidationError):
        add(partner, staff, kind="own_wish", parent=parent)
    assert Exclusion.objects.count() == 1


def test_taking_it_off_leaves_a_trace_and_twice_is_once(partner, staff):
    exclusion = add(partner, staff, kind="neighbourhood", area="Salo")
    for _time in range(2):
        services.remove_exclusion(exclusion=exclusion, by=staff.actor)
    assert not Exclusion.objects.exists()
    assert list(
        AuditEvent.objects.filter(object_id=exclusion.pk).order_by("at").values_list("action", "detail")
    ) == [("create", ""), ("change", "removed")]


def test_a_partner_takes_off_the_own_wish_but_not_what_the_staff_wrote(partner, staff):
    own = add(partner, partner, kind="own_wish", area="Salo")
    services.remove_exclusion(exclusion=own, by=partner.actor)
    theirs = add(partner, staff, kind="neighbourhood", area="Salo")
    with pytest.raises(MoveRefused):
        services.remove_exclusion(exclusion=theirs, by=partner.actor)
    assert list(Exclusion.objects.all()) == [theirs]


# --- what must never be ------------------------------------------------------------------------------------
ONE_THING, KNOWN = (str(one.violation_error_message) for one in Exclusion._meta.constraints)


@pytest.mark.parametrize("named", [("parent",), ("social_worker",), ("area",)])
def test_one_thing_is_named(named):
    makings = {"parent": ParentFactory, "social_worker": SocialWorkerFactory, "area": lambda: "Salo"}
    exclusion = ExclusionFactory(**{name: makings[name]() for name in named})
    exclusion.full_clean()


@pytest.mark.parametrize(
    "named",
    [(), ("parent", "area"), ("parent", "social_worker"), ("social_worker", "area")],
    ids=lambda named: " and ".join(named) or "nothing",
)
def test_nothing_or_two_things_are_refused(named):
    makings = {"parent": ParentFactory, "social_worker": SocialWorkerFactory, "area": lambda: "Salo"}
    facts = {name: makings[name]() for name in named}
    refused(Exclusion(partner=ExperiencePartnerFactory(), kind="family", **facts), ONE_THING)


def test_a_kind_that_nobody_knows_is_refused():
    refused(Exclusion(partner=ExperiencePartnerFactory(), kind="dislike", area="Salo"), KNOWN)


# --- the staff's page --------------------------------------------------------------------------------------
class TestStaffPage:
    def url(self, partner):
        return reverse("exclusion_create", args=[partner.record.pk])

    def send(self, staff, partner, **words):
        words = {"kind": "family", "code": "", "social_worker": "", "area": ""} | words
        return send(staff.client(), self.url(partner), **words)

    def test_a_parent_is_named_by_the_code(self, partner, staff):
        parent = ParentFactory()
        self.send(staff, partner, code=parent.case_code.lower())
        page = staff.client().get(self.url(partner))
        assert [one.parent for one in page.context["exclusions"]] == [parent]
        assert reverse("exclusion_remove", args=[Exclusion.objects.get().pk]) in page.content.decode()

    @pytest.mark.parametrize(
        ("words", "field"),
        [
            ({"kind": ""}, "kind"),
            ({}, "code"),
            ({"code": "K-NOBODY"}, "code"),
            ({"kind": "earlier_worker"}, "social_worker"),
            ({"kind": "earlier_worker", "area": "Salo"}, "area"),
            ({"kind": "family", "area": "Salo"}, "area"),
            ({"kind": "own_wish"}, "code"),
            ({"kind": "neighbourhood", "area": "x" * 81}, "area"),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field(self, partner, staff, words, field):
        answer = self.send(staff, partner, **words)
        assert (answer.status_code, next(iter(answer.context["form"].errors))) == (422, field)
        assert not Exclusion.objects.exists()

    def test_one_thing_at_a_time(self, partner, staff):
        answer = self.send(staff, partner, kind="own_wish", code=ParentFactory().case_code, area="Salo")
        assert list(answer.context["form"].errors) == ["area"]

    def test_two_who_are_a_pair_now_stay_one_and_the_page_says_so(self, staff):
        pair = relationship_in("active")
        pair.record = pair.partner
        answer = self.send(staff, pair, code=pair.parent.case_code)
        later = self.send(staff, pair, code=ParentFactory().case_code)
        assert said(answer) != said(later)
        pair.refresh_from_db()
        assert pair.status == "active"

    def test_taking_it_off_leads_back_to_the_list(self, partner, staff):
        exclusion = add(partner, staff, kind="own_wish", area="Salo")
        answer = staff.client().post(reverse("exclusion_remove", args=[exclusion.pk]))
        assert (answer.status_code, answer.url) == (302, self.url(partner))


# --- the partner's page ------------------------------------------------------------------------------------
class TestOwnPage:
    def test_the_partner_adds_and_takes_off_an_area(self, partner):
        client, url = partner.client(), reverse("own_areas")
        send(client, url, area="Salo")
        (exclusion,) = client.get(url).context["exclusions"]
        assert (exclusion.area, exclusion.kind) == ("Salo", "own_wish")
        client.post(reverse("exclusion_remove", args=[exclusion.pk]))
        assert list(client.get(url).context["exclusions"]) == []

    def test_the_partner_sees_no_parent_and_no_worker_on_it(self, partner, staff):
        """That somebody is a client of child protection is nothing a cousin should read here."""
        parent = ParentFactory(first_name="Serkkutyttö")
        add(partner, staff, kind="family", parent=parent)
        worker = SocialWorkerFactory(user__last_name="Entinen")
        add(partner, staff, kind="earlier_worker", social_worker=worker)
        add(partner, staff, kind="neighbourhood", area="Salo")
        page = partner.client().get(reverse("own_areas"))
        assert [one.area for one in page.context["exclusions"]] == ["Salo"]
        assert parent.first_name not in page.content.decode()
        assert "Entinen" not in page.content.decode()

    def test_the_same_area_twice_is_told(self, partner):
        client, url = partner.client(), reverse("own_areas")
        send(client, url, area="Salo")
        answer = send(client, url, area="Salo")
        assert (answer.status_code, Exclusion.objects.count()) == (422, 1)


@pytest.mark.parametrize("who", ["worker", "parent"])
def test_nobody_else_sees_them(who):
    trio = build_trio()
    exclusion = ExclusionFactory(partner=trio.relationship.partner, kind="own_wish", area="Salo")
    person = getattr(trio, who)
    assert not Exclusion.objects.visible_to(person.actor).exists()
    for name, pk in (("exclusion_create", exclusion.partner_id), ("exclusion_remove", exclusion.pk)):
        assert person.client().get(reverse(name, args=[pk])).status_code == 403
