"""The person reads who has used the data: everybody but oneself, and never a row about somebody else."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from kumppani.accounts.actor import Actor, SystemActor
from kumppani.audit.models import Action, AuditEvent, Ground
from kumppani.audit.recorder import record, record_seen
from kumppani.privacy.selectors import by_day, in_words, uses_of_own_data
from tests.personas import People, Person


def looks(person: Person) -> list:
    return list(uses_of_own_data(person.actor))


def shown(page) -> list:
    return [use.look for day in page.context["days"] for use in day.uses]


def by(person: Person) -> Actor:
    return person.actor


@pytest.fixture
def calm(people) -> People:
    """Nobody has looked yet."""
    assert not AuditEvent.objects.exists()
    return people


def test_parent_sees_who_looked_and_on_what_ground(calm):
    record(by(calm.worker), Action.VIEW, calm.own.parent)
    record(by(calm.partner), Action.LIST, calm.own.active)
    record(by(calm.staff), Action.VIEW, calm.own.meeting, ground=Ground.REPORT)
    assert {(look.actor_role, look.ground, look.action) for look in looks(calm.parent)} == {
        ("social_worker", "decision", "view"),
        ("partner", "relationship", "list"),
        ("staff", "report", "view"),
    }


def test_own_looks_are_left_out_in_every_role(calm):
    user = calm.parent.user
    record(by(calm.parent), Action.VIEW, calm.own.parent)
    record(Actor(user=user, role="staff"), Action.VIEW, calm.own.parent)
    assert looks(calm.parent) == []


def test_row_about_somebody_else_never_appears(calm):
    for thing in (calm.foreign.parent, calm.foreign.active, calm.foreign.meeting, calm.other_parent.user):
        record(by(calm.staff), Action.VIEW, thing)
    record(by(calm.staff), Action.VIEW, calm.own.acquainting)  # the same partner, another parent
    assert looks(calm.parent) == []
    assert [look.object_id for look in looks(calm.partner)] == [calm.own.acquainting.pk]


def test_partner_sees_looks_at_the_record_the_training_and_the_account(calm):
    things = (calm.own.partner, calm.own.partner.enrolment, calm.partner.user, calm.own.fee)
    for thing in things:
        record(by(calm.staff), Action.VIEW, thing)
    assert {look.object_id for look in looks(calm.partner)} == {thing.pk for thing in things}


def test_refusals_and_sign_ins_are_not_uses(calm):
    for action in (Action.DENIED, Action.SIGN_IN, Action.SIGN_OUT, Action.ROLE_SWITCH):
        record(by(calm.staff), action, calm.own.parent)
    assert looks(calm.parent) == []


def test_page_names_role_and_organisation_but_no_person(calm):
    record(by(calm.worker), Action.VIEW, calm.own.parent)
    page = calm.parent.client().get(reverse("who_looked"))
    (look,) = shown(page)
    assert look.organisation == calm.own.worker.organisation.name
    assert look.organisation in page.content.decode()
    assert calm.worker.user.get_full_name() not in page.content.decode()
    assert calm.worker.user.first_name not in page.content.decode()


def test_own_data_of_the_other_is_a_relationship_to_the_reader(calm):
    record(by(calm.parent), Action.VIEW, calm.own.active)
    (look,) = in_words(looks(calm.partner), role="partner")
    assert look.ground == str(Ground.RELATIONSHIP.label)


def test_decision_is_the_parents_own_social_workers_work_to_the_parent(calm):
    record(by(calm.worker), Action.VIEW, calm.own.active)
    (parents,), (partners,) = (
        in_words(looks(person), role=person.role) for person in (calm.parent, calm.partner)
    )
    assert parents.ground != partners.ground == str(Ground.DECISION.label)


def test_same_use_several_times_on_one_day_stands_once(calm):
    for days_ago in (0, 0, 1):
        with time_machine.travel(timezone.now() - timedelta(days=days_ago), tick=False):
            record(by(calm.staff), Action.VIEW, calm.own.parent)
    record(by(calm.worker), Action.VIEW, calm.own.parent)
    days = by_day(in_words(uses_of_own_data(calm.parent.actor).order_by("-at", "-id"), role="parent"))
    assert [sorted(use.times for use in day.uses) for day in days] == [[1, 2], [1]]


def test_deed_of_the_service_itself_is_said_to_be_so(calm):
    record(SystemActor(), Action.CHANGE, calm.own.parent)
    (look,) = in_words(looks(calm.parent), role="parent")
    assert look.who
    assert look.organisation == ""


def test_thing_without_words_of_ours_goes_by_its_own_name(calm):
    record(by(calm.staff), Action.VIEW, calm.common.legal_ground)
    event = AuditEvent(action=Action.VIEW, object_kind="pairing.legalground", actor_role="staff")
    (look,) = in_words([event], role="parent")
    assert str(calm.common.legal_ground._meta.verbose_name) in look.what
    (nothing,) = in_words([AuditEvent(action=Action.VIEW, object_kind="", actor_role="staff")], role="parent")
    assert nothing.what


def test_home_of_the_staff_is_seen_by_the_parent(calm):
    calm.staff.client().get(reverse("home"))
    parent = calm.parent_of(calm.own.acquainting)
    assert [(look.actor_role, look.action, look.ground) for look in looks(parent)] == [
        ("staff", "list", "coordination")
    ]


def test_page_leaves_no_row_of_its_own(calm):
    calm.parent.client().get(reverse("who_looked"))
    assert not AuditEvent.objects.exists()


def test_page_says_so_when_nobody_has_looked(calm):
    page = calm.parent.client().get(reverse("who_looked"))
    assert page.context["days"] == []
    assert 'class="empty"' in page.content.decode()


def test_pages_are_turned_by_key_without_loss(calm, settings):
    settings.PAGE_SIZE = 3
    for _count in range(8):
        record(by(calm.staff), Action.VIEW, calm.own.parent)
    client, seen, url = calm.parent.client(), [], reverse("who_looked")
    while url:
        page = client.get(url)
        seen += [use.times for day in page.context["days"] for use in day.uses]
        url = page.context["older_url"] and reverse("who_looked") + page.context["older_url"]
    assert seen == [3, 3, 2]


def test_foreign_page_key_shows_the_first_page(calm):
    record(by(calm.staff), Action.VIEW, calm.own.parent)
    for key in ("x", "e30", "\x00", str(uuid.uuid4())):
        page = calm.parent.client().get(reverse("who_looked"), {"page": key})
        assert page.status_code == 200
        assert len(shown(page)) == 1


@pytest.mark.parametrize("who", ["parent", "partner"])
def test_page_costs_the_same_with_one_and_with_three(calm, who, django_assert_max_num_queries):
    client, counts = getattr(calm, who).client(), []
    for rows in (1, 2):
        for _count in range(rows):
            record_seen(by(calm.worker), Action.VIEW, [calm.own.active])
            record_seen(by(calm.other_worker), Action.VIEW, [calm.own.active])
        with django_assert_max_num_queries(12) as queries:
            assert client.get(reverse("who_looked")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
