"""Twenty people press at the same moment, on PostgreSQL: one winner an act, and nothing half done (trust.md 2).

Every deed holds the relationship's row and then claims the old state in `move_to`. The last test takes both away and
shows that then more than one wins: the guard is what these tests look at, not luck.
"""

import contextlib
import datetime
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F

from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.core.states import MoveRefused, StatefulModel
from pairing import services
from pairing.models import Acknowledgement, Agreement, Closing, Feedback, Meeting, Party, Pause, Relationship
from tests.factories.accounts import user_in_role
from tests.factories.pairing import ExperiencePartnerFactory, MeetingFactory, ParentFactory, relationship_in
from tests.personas import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

THREADS = 20
LOST = (MoveRefused, ValidationError)


class Pair:
    """An active relationship and the actors of its three people and of the staff."""

    def __init__(self):
        partner = ExperiencePartnerFactory(user=user_in_role("partner"))
        parent = ParentFactory(user=user_in_role("parent"))
        self.relationship = relationship_in("active", partner=partner, request__parent=parent)
        MeetingFactory(relationship=self.relationship, planned=True)
        self.staff = Person("staff", user_in_role("staff"), "staff").actor
        self.worker = Person("worker", parent.social_worker.user, "social_worker").actor
        self.partner = Person("partner", partner.user, "partner").actor
        self.parent = Person("parent", parent.user, "parent").actor

    def fresh(self) -> Relationship:
        return Relationship.objects.with_people().with_start().get(pk=self.relationship.pk)

    def extension(self) -> Agreement:
        """An extension that waits for the parent's yes."""
        agreement = self.propose()
        for party, actor in ((Party.WORKER, self.worker), (Party.PARTNER, self.partner)):
            services.acknowledge(agreement=agreement, party=party, how="sign_in", by=actor)
        return agreement

    # --- the four acts
    def propose(self) -> Agreement:
        relationship = self.fresh()
        in_force = relationship.agreement_in_force()
        return services.propose_agreement(
            relationship=relationship,
            kind="extension",
            facts={
                "ends_on": in_force.ends_on + datetime.timedelta(days=5),
                "meetings_per_month": 2,
            },
            goals=[(goal.words, goal.area, "", goal.pk) for goal in in_force.goals.all()],
            by=self.worker,
            seen_number=in_force.number,
        )

    def pause(self) -> None:
        services.pause_relationship(relationship=self.fresh(), by=self.parent)

    def close(self) -> None:
        services.end_relationship(relationship=self.fresh(), by=self.staff)


def at_once(acts: list[Callable[[], object]]) -> list[int]:
    """Start every act at the same moment, each on a connection of its own. Returns the indices of those who won."""
    start, won, broken = threading.Barrier(len(acts)), [], []

    def press(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait(30)
            act()
            won.append(number)
        except LOST:
            pass
        except Exception as error:  # noqa: BLE001 – told below: a thread's own exception would vanish
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert broken == []
    return won


def assert_whole(relationship: Relationship) -> None:
    """What must hold of a relationship in whatever state the acts have left it."""
    relationship = Relationship.objects.get(pk=relationship.pk)
    ended, paused = relationship.status == "ended", relationship.status == "paused"
    assert Closing.objects.filter(relationship=relationship).count() == int(ended)
    assert Feedback.objects.filter(relationship=relationship).count() == (3 if ended else 0)
    assert (relationship.ended_on == today()) is ended
    assert Pause.objects.filter(relationship=relationship).running().count() == int(paused)
    agreements = Agreement.objects.filter(relationship=relationship)
    waiting = agreements.filter(agreed_on__isnull=True, withdrawn_on__isnull=True).count()
    assert waiting <= (0 if ended else 1)
    assert sorted(agreements.values_list("number", flat=True)) == list(range(1, agreements.count() + 1))
    for agreement in agreements.filter(agreed_on__isnull=False):
        given = Acknowledgement.objects.filter(agreement=agreement, revision=agreement.revision)
        assert sorted(given.values_list("party", flat=True)) == ["parent", "partner", "worker"]
    if ended:
        assert not Meeting.objects.filter(relationship=relationship).planned().exists()
    moves = Counter(StatusChange.objects.filter(object_id=relationship.pk).values_list("old", "new"))
    assert all(count == 1 for count in moves.values())


def test_of_twenty_who_end_one_does():
    pair = Pair()
    assert len(at_once([pair.close] * THREADS)) == 1
    assert pair.fresh().status == "ended"
    assert_whole(pair.relationship)


def test_of_twenty_who_pause_one_does():
    pair = Pair()
    assert len(at_once([pair.pause] * THREADS)) == 1
    assert pair.fresh().status == "paused"
    assert_whole(pair.relationship)


def test_of_twenty_who_resume_one_does():
    pair = Pair()
    pair.pause()
    resume = lambda: services.resume_relationship(relationship=pair.fresh(), by=pair.partner)  # noqa: E731
    assert len(at_once([resume] * THREADS)) == 1
    assert pair.fresh().status == "active"
    assert_whole(pair.relationship)


def test_of_twenty_extensions_one_is_made():
    pair = Pair()
    assert len(at_once([pair.propose] * THREADS)) == 1
    assert pair.relationship.agreements.count() == 2
    assert_whole(pair.relationship)


def test_twenty_acceptances_make_one_row_and_one_agreement_in_force():
    pair = Pair()
    agreement = pair.extension()

    def accept():
        services.acknowledge(
            agreement=Agreement.objects.get(pk=agreement.pk),
            party=Party.PARENT,
            how="sign_in",
            by=pair.parent,
        )

    at_once([accept] * THREADS)
    assert Acknowledgement.objects.filter(agreement=agreement, party=Party.PARENT).count() == 1
    assert pair.fresh().agreement_in_force().pk == agreement.pk
    assert_whole(pair.relationship)


@pytest.mark.parametrize("first", ["accept", "close", "extend", "pause"])
def test_accept_close_extend_and_pause_at_once_leave_a_whole_relationship(first):
    pair = Pair()
    agreement = pair.extension()

    def accept():
        services.acknowledge(
            agreement=Agreement.objects.get(pk=agreement.pk),
            party=Party.PARENT,
            how="sign_in",
            by=pair.parent,
        )

    acts = {"accept": accept, "close": pair.close, "extend": pair.propose, "pause": pair.pause}
    names = [first, *(name for name in acts if name != first)] * (THREADS // 4)
    won = Counter(names[number] for number in at_once([acts[name] for name in names]))
    assert won["close"] == 1  # whatever came before it, an end is always possible, and only once
    assert won["pause"] <= 1
    assert won["extend"] <= 1
    assert Acknowledgement.objects.filter(agreement=agreement, party=Party.PARENT).count() <= 1
    assert pair.fresh().status == "ended"
    assert_whole(pair.relationship)


def test_without_the_claim_more_than_one_wins(monkeypatch):
    """The negative control: no row is held, no old state is claimed, and everybody has read before anybody writes.

    A break that is over shows it best: an end or a pause would still meet the constraint of its own second row.
    """
    pair = Pair()
    pair.pause()
    read = threading.Barrier(THREADS)

    def unclaimed(self, new, *, by, **fields):
        with contextlib.suppress(threading.BrokenBarrierError):
            read.wait(20)
        type(self)._base_manager.filter(pk=self.pk).update(status=new, version=F("version") + 1, **fields)
        StatusChange.objects.create(
            object_kind="pairing.relationship",
            object_id=self.pk,
            old=self.status,
            new=new,
            actor_role=by.role,
        )

    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
    monkeypatch.setattr(StatefulModel, "move_to", unclaimed)
    monkeypatch.setattr(StatefulModel, "lock", lambda self, **kwargs: None)
    resume = lambda: services.resume_relationship(relationship=pair.fresh(), by=pair.partner)  # noqa: E731
    assert len(at_once([resume] * THREADS)) > 1
    with pytest.raises(AssertionError):
        assert_whole(pair.relationship)
