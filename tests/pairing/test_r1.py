"""R1: active only with a valid decision, a held start meeting and three acknowledgements. Tried through the model, the
service and plain SQL: the database itself refuses.

Negative control: with `pairing.triggers.guard_r1` taken out of the migration, every test of `TestSql` turns red.
"""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from pairing.models import Agreement, Decision, Goal, Relationship, StartMeeting
from pairing.models.relationship import Party
from tests.factories.pairing import (
    AcknowledgementFactory,
    AgreementFactory,
    DecisionFactory,
    GoalFactory,
    GuideTextFactory,
    RelationshipFactory,
    StartMeetingFactory,
    relationship_in,
)

pytestmark = pytest.mark.django_db


def almost_ready(without: str = "") -> Relationship:
    """A decided relationship that has everything R1 asks for, but for one thing."""
    relationship = RelationshipFactory(status="decided")
    if without != "decision":
        DecisionFactory(
            relationship=relationship,
            **{
                "negative decision": {"is_positive": False},
                "decision that has run out": {
                    "valid_from": today() - datetime.timedelta(days=90),
                    "valid_to": today() - datetime.timedelta(days=1),
                },
            }.get(without, {}),
        )
    if without != "start meeting":
        held = {} if without == "held start meeting" else {"held_on": today()}
        StartMeetingFactory(
            relationship=relationship, worker_present=True, partner_present=True, parent_present=True, **held
        )
    if without != "agreement":
        agreement = AgreementFactory(
            relationship=relationship,
            **{"duration": {"ends_on": None}, "scope": {"meetings_per_month": None}}.get(without, {}),
        )
        if without != "goal":
            GoalFactory(agreement=agreement)
        for party in Party:
            if without != f"{party} acknowledgement":
                AcknowledgementFactory(agreement=agreement, party=party)
        if without == "present revision":
            Agreement.objects.filter(pk=agreement.pk).update(revision=2)
    return Relationship.objects.with_people().with_start().get(pk=relationship.pk)


LACKS = [
    "decision",
    "negative decision",
    "decision that has run out",
    "start meeting",
    "held start meeting",
    "agreement",
    "duration",
    "scope",
    "goal",
    "worker acknowledgement",
    "partner acknowledgement",
    "parent acknowledgement",
    "present revision",
]


def refused(sql: str, *values) -> bool:
    """Whether the database refuses this statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError:
        return True
    return False


def as_id(record) -> str:
    """The primary key as this engine keeps it."""
    return record.pk.hex if connection.vendor == "sqlite" else str(record.pk)


ACTIVATE = (
    "UPDATE pairing_relationship SET status = 'active', started_on = %s, active_since = %s WHERE id = %s"
)


class TestModel:
    def test_a_relationship_with_everything_becomes_active(self, people):
        relationship = almost_ready()
        relationship.activate(by=people.staff.actor)
        relationship.refresh_from_db()
        assert (relationship.status, relationship.started_on) == ("active", today())

    @pytest.mark.parametrize("lack", LACKS)
    def test_a_relationship_without_it_stays_as_it_is(self, people, lack):
        relationship = almost_ready(without=lack)
        with pytest.raises(MoveRefused):
            relationship.activate(by=people.staff.actor)
        relationship.refresh_from_db()
        assert relationship.status == "decided"

    def test_a_start_in_the_future_is_refused(self, people):
        with pytest.raises(MoveRefused):
            almost_ready().activate(by=people.staff.actor, on=today() + datetime.timedelta(days=1))


class TestSql:
    def test_the_database_lets_a_complete_one_through(self):
        relationship = almost_ready()
        assert not refused(ACTIVATE, today(), today(), as_id(relationship))

    @pytest.mark.parametrize("lack", LACKS)
    def test_the_database_refuses_an_update_without_it(self, lack):
        relationship = almost_ready(without=lack)
        assert refused(ACTIVATE, today(), today(), as_id(relationship))

    @pytest.mark.parametrize("lack", LACKS)
    def test_the_database_refuses_save_without_it(self, lack):
        relationship = almost_ready(without=lack)
        relationship.status, relationship.started_on, relationship.active_since = "active", today(), today()
        with pytest.raises(DatabaseError), transaction.atomic():
            relationship.save()

    @pytest.mark.parametrize("status", ["paused", "ended"])
    def test_the_database_refuses_to_look_as_if_it_had_been_active(self, status):
        relationship = RelationshipFactory()
        ended_on = today() if status == "ended" else None
        with pytest.raises(DatabaseError, match="R1"), transaction.atomic():
            Relationship.objects.filter(pk=relationship.pk).update(
                status=status, started_on=today(), active_since=today(), ended_on=ended_on
            )

    def test_the_database_refuses_a_row_that_is_born_active(self):
        with pytest.raises(DatabaseError), transaction.atomic():
            RelationshipFactory(status="active", started_on=today(), active_since=today())

    def test_the_database_refuses_to_resume_after_the_decision_has_run_out(self):
        relationship = relationship_in("paused", on=today() - datetime.timedelta(days=300))
        assert refused(
            "UPDATE pairing_relationship SET status = 'active', active_since = %s WHERE id = %s",
            today(),
            as_id(relationship),
        )

    @pytest.mark.parametrize(
        "what",
        [
            lambda r: Decision.objects.filter(relationship=r).delete(),
            lambda r: Decision.objects.filter(relationship=r).update(is_positive=False),
            lambda r: Decision.objects.filter(relationship=r).update(valid_from=today()),
            lambda r: Goal.objects.filter(agreement__relationship=r).update(words="Something else"),
            lambda r: Agreement.objects.filter(relationship=r).update(told_to_worker="Everything"),
            lambda r: StartMeeting.objects.filter(relationship=r).delete(),
            lambda r: StartMeeting.objects.filter(relationship=r).update(held_on=None),
            lambda r: Goal.objects.filter(agreement__relationship=r).delete(),
            lambda r: Agreement.objects.filter(relationship=r).update(revision=9),
            lambda r: Agreement.objects.filter(relationship=r).update(ends_on=None),
        ],
        ids=[
            "delete the decision",
            "turn the decision",
            "let the decision begin later",
            "change a goal's words",
            "change what is told",
            "delete the start meeting",
            "un-hold the start meeting",
            "delete the goals",
            "revise the agreement",
            "take the duration away",
        ],
    )
    def test_what_an_active_relationship_rests_on_cannot_be_taken_away(self, what):
        relationship = relationship_in("active")
        with pytest.raises(DatabaseError, match="R1"), transaction.atomic():
            what(relationship)

    def test_what_an_ended_relationship_rested_on_may_go(self):
        relationship = relationship_in("ended")
        assert Decision.objects.filter(relationship=relationship).update(is_positive=True) == 1

    def test_an_acknowledgement_cannot_be_changed_or_removed(self):
        acknowledgement = AcknowledgementFactory()
        assert refused(
            "UPDATE pairing_acknowledgement SET party = 'parent' WHERE id = %s", as_id(acknowledgement)
        )
        assert refused("DELETE FROM pairing_acknowledgement WHERE id = %s", as_id(acknowledgement))


class TestInForce:
    """An agreement is accepted when all three have acknowledged its present words, and then it stays as it is.

    Negative control: with `pairing.triggers.guard_agreed` taken out of the migration, these turn red.
    """

    SET = "UPDATE pairing_agreement SET agreed_on = %s WHERE id = %s"

    def acknowledged_by(self, *parties: str, **fields) -> Agreement:
        agreement = AgreementFactory(**fields)
        GoalFactory(agreement=agreement)
        for party in parties:
            AcknowledgementFactory(agreement=agreement, party=party)
        return agreement

    def test_with_all_three_it_comes_into_force(self):
        agreement = self.acknowledged_by(*Party)
        assert not refused(self.SET, today(), as_id(agreement))

    @pytest.mark.parametrize("missing", list(Party))
    def test_without_one_of_them_it_does_not(self, missing):
        agreement = self.acknowledged_by(*(party for party in Party if party != missing))
        assert refused(self.SET, today(), as_id(agreement))

    def test_acknowledgements_of_earlier_words_do_not_count(self):
        agreement = self.acknowledged_by(*Party)
        Agreement.objects.filter(pk=agreement.pk).update(revision=2)
        assert refused(self.SET, today(), as_id(agreement))

    def test_none_is_born_in_force(self):
        with pytest.raises(DatabaseError, match="R1"), transaction.atomic():
            AgreementFactory(agreed_on=today())

    @pytest.mark.parametrize(
        "change",
        [
            {"agreed_on": None},
            {"contact_ways": "Soittamalla"},
            {"cancelling": "Ei tarvitse"},
            {"allows_notes": True},
            {"starts_on": None},
            {"ends_on": datetime.date(2099, 1, 1)},
            {"meetings_per_month": 30},
            {"told_to_worker": "Kaikki"},
            {"revision": 9},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_what_is_in_force_is_not_changed(self, change):
        relationship = relationship_in("active")
        with pytest.raises(DatabaseError, match="R1"), transaction.atomic():
            Agreement.objects.filter(relationship=relationship).update(**change)

    def test_the_ground_rules_that_were_read_are_not_exchanged(self):
        relationship = relationship_in("active")
        with pytest.raises(DatabaseError, match="R1"), transaction.atomic():
            Agreement.objects.filter(relationship=relationship).update(ground_rules=GuideTextFactory())

    def test_the_words_of_an_open_one_may_change(self):
        agreement = self.acknowledged_by(Party.PARENT)
        assert Agreement.objects.filter(pk=agreement.pk).update(cancelling="Päivää ennen") == 1
