"""Dates are local Finnish dates."""

import datetime
from functools import cache

from django.utils import timezone


def today() -> datetime.date:
    """The date in Finland now."""
    return timezone.localdate()


def local_time_exists(day: datetime.date, time: datetime.time) -> bool:
    """Whether the clocks show this time on this day: in spring an hour of one night is left out."""
    moment = datetime.datetime.combine(day, time, tzinfo=timezone.get_default_timezone())
    return moment.astimezone(datetime.UTC).astimezone(moment.tzinfo).time() == time


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, or the month's last day where that day does not exist."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    """The working day that is `count` working days after `day`: Saturdays, Sundays and holidays are passed over."""
    while count > 0:
        day += datetime.timedelta(days=1)
        if day.weekday() < 5 and day not in public_holidays(day.year):
            count -= 1
    return day


@cache
def public_holidays(year: int) -> frozenset[datetime.date]:
    """The Finnish holidays that may fall on a weekday, with the eves of Midsummer and Christmas.

    Easter by the calendar of Gauss, Meeus and Jones; Midsummer Day is the Saturday between 20 and 26 June.
    """
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    easter = datetime.date(year, f // 31, f % 31 + 1)
    first_midsummer_eve = datetime.date(year, 6, 19)
    midsummer_eve = first_midsummer_eve + datetime.timedelta(days=(4 - first_midsummer_eve.weekday()) % 7)
    fixed = ((1, 1), (1, 6), (5, 1), (12, 6), (12, 24), (12, 25), (12, 26))
    moving = [easter + datetime.timedelta(days=days) for days in (-2, 1, 39)]
    return frozenset([*(datetime.date(year, month, on) for month, on in fixed), *moving, midsummer_eve])
