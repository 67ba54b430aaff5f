"""`move_to`: a table, a claim, a change row, an audit row – all or nothing."""

import threading

import pytest
from django.db import connection, transaction

from kumppani.audit.models import AuditEvent
from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.core.states import AlreadyMoved, MoveRefused
from pairing.models import Relationship
from tests.factories.pairing import relationship_in
from tests.personas import build_people

pytestmark = pytest.mark.django_db


def test_a_move_writes_who_and_from_where_to_where(people):
    relationship = people.own.active
    relationship.end(by=people.worker.actor)
    change = StatusChange.objects.get(object_id=relationship.pk)
    assert (change.old, change.new, change.actor_id, change.actor_role) == (
        "active",
        "ended",
        people.worker.user.pk,
        "social_worker",
    )
    events = AuditEvent.objects.filter(object_id=relationship.pk, action="move")
    assert sorted(event.about_kind for event in events) == ["pairing.experiencepartner", "pairing.parent"]


def test_a_move_the_table_does_not_know_is_refused(people):
    with pytest.raises(MoveRefused):
        people.own.acquainting.move_to("ended", by=people.staff.actor)


def test_who_holds_an_old_copy_is_told(people):
    stale = Relationship.objects.get(pk=people.own.active.pk)
    people.own.active.end(by=people.worker.actor)
    with pytest.raises(AlreadyMoved):
        stale.end(by=people.staff.actor)
    assert StatusChange.objects.filter(object_id=stale.pk).count() == 1


def test_who_holds_the_row_reads_all_of_it_as_it_is_now(people):
    """With only the status read anew, the deed after `lock` goes by the old word."""
    relationship = people.own.active
    stale = Relationship.objects.get(pk=relationship.pk)
    other_partner = people.foreign.partner
    Relationship.objects.filter(pk=relationship.pk).update(partner=other_partner, version=7)
    kept = stale.request
    with transaction.atomic():
        stale.lock()
    assert (stale.partner, stale.version, stale.status) == (other_partner, 7, "active")
    assert stale.request is kept, "what is still the same is not asked for again"


def test_a_copy_that_is_too_old_is_left_as_it_was(people):
    stale = Relationship.objects.get(pk=people.own.active.pk)
    people.own.active.end(by=people.worker.actor)
    with transaction.atomic(), pytest.raises(AlreadyMoved):
        stale.lock()
    assert (stale.status, stale.ended_on) == ("active", None)
    with transaction.atomic():
        stale.lock(moved_is_fine=True)
    assert (stale.status, stale.ended_on) == ("ended", today())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_wins():
    """With the claim taken out of `move_to` both win, and this test is red."""
    actor = build_people().staff.actor
    relationship = relationship_in("active")
    copies = [Relationship.objects.get(pk=relationship.pk) for _number in range(4)]
    start, won = threading.Barrier(4), []

    def press(copy):
        try:
            start.wait(10)
            copy.end(by=actor)
            won.append(copy)
        except AlreadyMoved:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[copy]) for copy in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(won), StatusChange.objects.filter(object_id=relationship.pk).count()) == (1, 1)
