"""Supervision of the partners around today: one time held, one to come. Nothing of what was talked about exists."""

import datetime

from kumppani.home.demo.book import at, demo_id, working_day, write
from kumppani.home.demo.partners import Partners
from pairing.models import PresenceState, Supervision, SupervisionKind, SupervisionPresence

INVITED = ("Aino", "Leo", "Kaisa", "Merja", "Ulla")
# Who was invited and could not come, the last time.
MISSED = "Merja"


def supervise(partners: Partners, today: datetime.date) -> None:
    """A group that met three weeks ago and meets again next week."""
    held = working_day(today - datetime.timedelta(days=21), forward=False)
    coming = working_day(today + datetime.timedelta(days=7), forward=True)
    times, presences = [], []
    for number, day in enumerate((held, coming)):
        announced = at(day - datetime.timedelta(days=40))
        time = Supervision(
            pk=demo_id("supervision", str(number)),
            kind=SupervisionKind.GROUP,
            date=day,
            starts_at=datetime.time(17, 0),
            minutes=90,
            leader="Kalle Keksitty",
            place="Kumppanitalo, Esimerkkikatu 1, Turku",
            created_at=announced,
        )
        times.append(time)
        for name in INVITED:
            state = PresenceState.INVITED
            if day == held:
                state = PresenceState.ABSENT if name == MISSED else PresenceState.PRESENT
            presences.append(
                SupervisionPresence(
                    pk=demo_id("supervision", str(number), name),
                    supervision=time,
                    partner=partners.named(name),
                    state=state,
                    created_at=announced,
                )
            )
    write(times)
    write(presences)
