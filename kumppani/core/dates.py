"""Dates are local Finnish dates."""

import datetime
from functools import cache

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ONE_DAY = datetime.timedelta(days=1)


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


def half_year(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of January–June or July–December, whichever the day lies in."""
    first = datetime.date(day.year, 1 if day.month <= 6 else 7, 1)
    return first, add_months(first, 6) - datetime.timedelta(days=1)


def add_working_days(day: datetime.date, count: int) -> datetime.date:
    """The working day that is `count` working days after `day`: Saturdays, Sundays and holidays are passed over."""
    while count > 0:
        day += datetime.timedelta(days=1)
        if day.weekday() < 5 and day not in public_holidays(day.year):
            count -= 1
    return day


def public_holidays(year: int) -> frozenset[datetime.date]:
    """The Finnish holidays that may fall on a weekday, with the eves of Midsummer and Christmas."""
    return frozenset(_named_holidays(year)[0])


def holiday_names(year: int) -> dict[datetime.date, str]:
    """Holiday → its name: those that may fall on a weekday, and those that always fall on a weekend."""
    weekdays, weekends = _named_holidays(year)
    return {**weekends, **weekdays}


@cache
def _named_holidays(year: int) -> tuple[dict[datetime.date, str], dict[datetime.date, str]]:
    """Those that may fall on a weekday, and those of the weekend.

    Easter by the calendar of Gauss, Meeus and Jones; Midsummer Day is the Saturday between 20 and 26 June, All Saints'
    Day the one between 31 October and 6 November.
    """
    easter = _easter(year)
    midsummer_eve = _first_weekday(datetime.date(year, 6, 19), 4)
    weekdays = {
        datetime.date(year, 1, 1): _("New Year's Day"),
        datetime.date(year, 1, 6): _("Epiphany"),
        easter - 2 * ONE_DAY: _("Good Friday"),
        easter + ONE_DAY: _("Easter Monday"),
        easter + 39 * ONE_DAY: _("Ascension Day"),
        # Where two fall on one day, the one that comes later in this list gives it its name.
        datetime.date(year, 5, 1): _("May Day"),
        midsummer_eve: _("Midsummer Eve"),
        datetime.date(year, 12, 6): _("Independence Day"),
        datetime.date(year, 12, 24): _("Christmas Eve"),
        datetime.date(year, 12, 25): _("Christmas Day"),
        datetime.date(year, 12, 26): _("Boxing Day"),
    }
    weekends = {
        easter: _("Easter Day"),
        easter + 49 * ONE_DAY: _("Whit Sunday"),
        midsummer_eve + ONE_DAY: _("Midsummer Day"),
        _first_weekday(datetime.date(year, 10, 31), 5): _("All Saints' Day"),
    }
    return weekdays, weekends


def _first_weekday(day: datetime.date, weekday: int) -> datetime.date:
    """The first such day of the week (0 is Monday) on this day or after it."""
    return day + (weekday - day.weekday()) % 7 * ONE_DAY


def _easter(year: int) -> datetime.date:
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return datetime.date(year, f // 31, f % 31 + 1)
