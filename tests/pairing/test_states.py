"""The tables of moves, written out a second time: a test that reads the table it tests would be a mirror."""

from pairing.states import (
    MEETING_TRANSITIONS,
    OPEN,
    PARENT_WORDS,
    RELATIONSHIP_TRANSITIONS,
    REQUEST_TRANSITIONS,
    RelationshipStatus,
)


def test_the_moves_of_a_relationship():
    assert RELATIONSHIP_TRANSITIONS == {
        "acquainting": {"proposed", "no_match"},
        "proposed": {"decided", "refused", "declined"},
        "decided": {"active", "refused", "declined"},
        "active": {"paused", "ended"},
        "paused": {"active", "ended"},
        "ended": set(),
        "no_match": set(),
        "declined": set(),
        "refused": set(),
    }


def test_the_moves_of_a_request():
    assert REQUEST_TRANSITIONS == {
        "waiting": {"matched", "withdrawn"},
        "matched": {"waiting"},
        "withdrawn": set(),
    }


def test_the_moves_of_a_meeting():
    assert MEETING_TRANSITIONS == {
        "planned": {"held", "cancelled", "no_show"},
        "held": set(),
        "cancelled": set(),
        "no_show": set(),
    }


def test_open_relationships_are_those_not_at_an_end():
    assert {"acquainting", "proposed", "decided", "active", "paused"} == OPEN


def test_every_state_has_a_word_for_the_parent():
    assert set(PARENT_WORDS) == set(RelationshipStatus)
