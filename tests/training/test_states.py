"""The tables of moves, written out a second time: a test that reads the table it tests would be a mirror."""

import pytest

from training.states import COHORT_TONES, COHORT_TRANSITIONS, ENROLMENT_TONES, ENROLMENT_TRANSITIONS


def test_the_moves_of_a_cohort():
    assert {
        "planned": {"recruiting", "running", "cancelled"},
        "recruiting": {"planned", "running", "cancelled"},
        "running": {"completed"},
        "completed": set(),
        "cancelled": set(),
    } == COHORT_TRANSITIONS


def test_the_moves_of_an_enrolment():
    assert {
        "applied": {"accepted", "reserve", "rejected", "withdrawn"},
        "reserve": {"accepted", "rejected", "withdrawn"},
        "accepted": {"attending", "withdrawn"},
        "attending": {"completed", "discontinued"},
        "completed": set(),
        "rejected": set(),
        "withdrawn": set(),
        "discontinued": set(),
    } == ENROLMENT_TRANSITIONS


@pytest.mark.parametrize(
    ("tones", "table"), [(COHORT_TONES, COHORT_TRANSITIONS), (ENROLMENT_TONES, ENROLMENT_TRANSITIONS)]
)
def test_every_state_has_a_tone(tones, table):
    assert set(tones) == set(table)
