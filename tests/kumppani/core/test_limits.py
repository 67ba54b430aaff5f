"""How often a stranger may do something: rows of the database, a moving window, and nobody's address."""

import threading

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory, override_settings

from kumppani.core.limits import Limit, origin_of, take_all

THREE_AN_HOUR = Limit("test", 3, 3600)


def request_from(address: str, **headers):
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def cached_rows() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM core_cache")
        return cursor.fetchall()


@pytest.mark.django_db
class TestLimit:
    def test_it_gives_as_many_places_as_it_has(self):
        assert [THREE_AN_HOUR.take("here") for _time in range(5)] == [True, True, True, False, False]

    def test_each_origin_has_its_own(self):
        for _time in range(3):
            THREE_AN_HOUR.take("here")
        assert (THREE_AN_HOUR.take("here"), THREE_AN_HOUR.take("there")) == (False, True)

    def test_each_limit_has_its_own(self):
        for _time in range(3):
            THREE_AN_HOUR.take("here")
        assert Limit("another", 3, 3600).take("here")

    def test_a_place_is_free_again_when_its_own_time_is_over(self):
        """A moving window: not all at once at the full hour. Control: one key with a counter for all places."""
        with time_machine.travel("2026-03-02T12:00:00Z", tick=False) as clock:
            assert THREE_AN_HOUR.take("here")
            clock.shift(40 * 60)
            assert [THREE_AN_HOUR.take("here") for _time in range(3)] == [True, True, False]
            clock.shift(21 * 60)  # the first place is free, the two later ones are not
            assert [THREE_AN_HOUR.take("here") for _time in range(2)] == [True, False]
            clock.shift(3600)
            assert not THREE_AN_HOUR.is_reached("here")

    def test_looking_takes_no_place(self):
        assert [THREE_AN_HOUR.is_reached("here") for _time in range(9)] == [False] * 9

    def test_places_are_rows_that_hold_no_address(self):
        who = origin_of(request_from("198.51.100.9"))
        THREE_AN_HOUR.take(who)
        rows = [row for row in cached_rows() if "limit:test" in row[0]]
        assert len(rows) == 1
        assert "198.51" not in repr(rows)

    def test_without_the_rows_the_count_starts_anew(self):
        """The negative control: it is the rows that hold the limit."""
        for _time in range(3):
            THREE_AN_HOUR.take("here")
        cache.clear()
        assert THREE_AN_HOUR.take("here")

    def test_of_two_limits_the_stricter_holds(self):
        both = (Limit("hour", 2, 3600), Limit("day", 3, 86400))
        with time_machine.travel("2026-03-02T12:00:00Z", tick=False) as clock:
            assert [take_all(both, "here") for _time in range(3)] == [True, True, False]
            clock.shift(3700)
            assert [take_all(both, "here") for _time in range(2)] == [True, False]  # three in this day


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_only_as_many_get_a_place_as_there_are():
    """Processes share the rows. Control: `cache.set` in the place of `cache.add`."""
    start, answers = threading.Barrier(8), []

    def grasp():
        try:
            start.wait(10)
            answers.append(THREE_AN_HOUR.take("here"))
        finally:
            connection.close()

    threads = [threading.Thread(target=grasp) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(answers), sum(answers)) == (8, 3)


class TestOrigin:
    def test_the_same_address_is_the_same_origin_and_another_is_another(self):
        one, again, other = (
            origin_of(request_from(a)) for a in ("203.0.113.7", "203.0.113.7", "203.0.113.8")
        )
        assert (one == again, one == other) == (True, False)

    def test_a_whole_network_of_the_newer_kind_is_one_origin(self):
        at_home = [origin_of(request_from(a)) for a in ("2001:db8:1:2::a", "2001:db8:1:2:ffff::b")]
        elsewhere = origin_of(request_from("2001:db8:1:3::a"))
        assert (at_home[0] == at_home[1], at_home[0] == elsewhere) == (True, False)

    def test_what_a_stranger_says_of_the_own_address_counts_for_nothing(self):
        said = origin_of(request_from("203.0.113.7", x_forwarded_for="198.51.100.1"))
        assert said == origin_of(request_from("203.0.113.7"))

    @override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
    def test_behind_our_own_proxy_the_proxy_tells(self):
        said = origin_of(request_from("10.0.0.1", x_forwarded_for="198.51.100.1, 203.0.113.7"))
        assert said == origin_of(request_from("10.0.0.2", x_forwarded_for="203.0.113.7"))
