"""The tables of moves, written out a second time: a test that reads the table it tests would be a mirror."""

import pytest

from tasks.states import (
    ASSIGNMENT_TONES,
    ASSIGNMENT_TRANSITIONS,
    COMING,
    FEE_TRANSITIONS,
    PARTICIPATION_TONES,
    PARTICIPATION_TRANSITIONS,
    PAY_TONES,
)


def test_the_moves_of_an_assignment():
    expected = {
        "requested": {"agreed", "cancelled"},
        "agreed": {"done", "cancelled"},
        "done": set(),
        "cancelled": set(),
    }
    assert expected == ASSIGNMENT_TRANSITIONS


def test_the_moves_of_a_participation():
    expected = {
        "offered": {"accepted", "declined", "cancelled"},
        "accepted": {"done", "cancelled"},
        "declined": set(),
        "done": set(),
        "cancelled": set(),
    }
    assert expected == PARTICIPATION_TRANSITIONS


def test_the_moves_of_a_fee():
    expected = {
        "draft": {"claimed"},
        "claimed": {"approved", "rejected"},
        "rejected": {"claimed"},
        "approved": set(),
    }
    assert expected == FEE_TRANSITIONS


def test_coming_assignments_are_those_that_can_still_be_done():
    assert set(COMING) == {"requested", "agreed"}


@pytest.mark.parametrize(
    ("tones", "table"),
    [
        (ASSIGNMENT_TONES, ASSIGNMENT_TRANSITIONS),
        (PARTICIPATION_TONES, PARTICIPATION_TRANSITIONS),
        (PAY_TONES, FEE_TRANSITIONS),
    ],
)
def test_every_state_has_a_tone(tones, table):
    assert set(tones) == set(table)
