"""The tables of moves, written out a second time: a test that reads the table it tests would be a mirror."""

import pytest

from tasks.states import (
    ASSIGNMENT_TONES,
    ASSIGNMENT_TRANSITIONS,
    BATCH_TONES,
    BATCH_TRANSITIONS,
    COMING,
    CORRECTION_TRANSITIONS,
    FEE_TRANSITIONS,
    ORDER_TONES,
    ORDER_TRANSITIONS,
    PARTICIPATION_TONES,
    PARTICIPATION_TRANSITIONS,
    PAY_TONES,
    TRAVEL_TRANSITIONS,
)


def test_the_moves_of_an_order():
    expected = {
        "new": {"taken", "declined", "withdrawn"},
        "taken": set(),
        "declined": set(),
        "withdrawn": set(),
    }
    assert expected == ORDER_TRANSITIONS


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
        "accepted": {"done", "cancelled", "stepped_down"},
        "declined": set(),
        "done": set(),
        "cancelled": {"offered", "done"},
        "stepped_down": set(),
    }
    assert expected == PARTICIPATION_TRANSITIONS


def test_the_moves_of_a_fee():
    expected = {
        "draft": {"claimed", "waived"},
        "waived": {"draft"},
        "claimed": {"approved", "rejected"},
        "rejected": {"claimed", "waived"},
        "approved": {"exported", "paid", "claimed"},
        "exported": {"paid"},
        "paid": set(),
    }
    assert expected == FEE_TRANSITIONS


def test_the_moves_of_a_travel_claim():
    expected = {
        "claimed": {"approved", "rejected", "withdrawn"},
        "rejected": {"claimed", "withdrawn"},
        "approved": {"exported", "paid", "claimed"},
        "exported": {"paid"},
        "paid": set(),
        "withdrawn": set(),
    }
    assert expected == TRAVEL_TRANSITIONS


def test_the_moves_of_a_correction():
    expected = {
        "claimed": {"approved", "withdrawn"},
        "approved": {"exported"},
        "exported": {"paid"},
        "paid": set(),
        "withdrawn": set(),
    }
    assert expected == CORRECTION_TRANSITIONS


def test_the_moves_of_a_batch():
    assert {"made": {"paid"}, "paid": set()} == BATCH_TRANSITIONS


def test_coming_assignments_are_those_that_can_still_be_done():
    assert set(COMING) == {"requested", "agreed"}


@pytest.mark.parametrize(
    ("tones", "table"),
    [
        (ASSIGNMENT_TONES, ASSIGNMENT_TRANSITIONS),
        (PARTICIPATION_TONES, PARTICIPATION_TRANSITIONS),
        (PAY_TONES, FEE_TRANSITIONS | TRAVEL_TRANSITIONS | CORRECTION_TRANSITIONS),
        (ORDER_TONES, ORDER_TRANSITIONS),
        (BATCH_TONES, BATCH_TRANSITIONS),
    ],
)
def test_every_state_has_a_tone(tones, table):
    assert set(tones) == set(table)
