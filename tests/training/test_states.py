"""The tables of moves, written out a second time: a test that reads the table it tests would be a mirror."""

import pytest

from training.states import COHORT_TONES, COHORT_TRANSITIONS, ENROLMENT_TONES, ENROLMENT_TRANSITIONS


def test_the_moves_of_a_cohort():
    assert {
        "planned": {"running"},
        "running": {"completed"},
        "completed": set(),
    } == COHORT_TRANSITIONS


def test_the_moves_of_an_enrolment():
    assert {
        "applied": {"accepted", "rejected", "discontinued"},
        "accepted": {"attending", "discontinued"},
        "attending": {"completed", "discontinued"},
        "completed": set(),
        "rejected": set(),
        "discontinued": set(),
    } == ENROLMENT_TRANSITIONS


@pytest.mark.parametrize(
    ("tones", "table"), [(COHORT_TONES, COHORT_TRANSITIONS), (ENROLMENT_TONES, ENROLMENT_TRANSITIONS)]
)
def test_every_state_has_a_tone(tones, table):
    assert set(tones) == set(table)
