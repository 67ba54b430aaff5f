"""The demo loads on any day: neither a weekend nor a leap day nor a night of the clocks makes it stumble."""

import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from kumppani.core.dates import today
from kumppani.core.models import StatusChange
from kumppani.reports.figures import Period
from kumppani.reports.selectors import report
from pairing.models import Meeting

pytestmark = pytest.mark.django_db
HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    "moment",
    [
        datetime.datetime(2028, 2, 29, 12, 0, tzinfo=HELSINKI),
        datetime.datetime(2027, 1, 1, 0, 30, tzinfo=HELSINKI),
        datetime.datetime(2027, 10, 31, 3, 30, tzinfo=HELSINKI),
    ],
    ids=["leap day", "new year's night", "Sunday in the night of the clocks"],
)
def test_the_demo_loads_on_this_day_with_the_same_figures(moment):
    with time_machine.travel(moment, tick=False):
        call_command("demo", stdout=StringIO())
        figures = report(Period(datetime.date(2021, 1, 1), datetime.date(2021, 6, 30)))
        assert {figure.name: figure.value for figure in figures if figure.unit == "count"}.items() >= {
            ("assignments_done", 45),
            ("relationships_active", 10),
            ("meetings_held", 97),
        }
        assert not Meeting.objects.filter(status="held", date__gt=today()).exists()
        assert not Meeting.objects.filter(status="held", created_at__gt=moment).exists()
        assert not StatusChange.objects.filter(at__gt=moment).exists()
