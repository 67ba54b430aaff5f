"""The pilot season, 1 January – 30 June 2021: ten relationships over four municipalities, 97 held meetings (A12, A13).

What must not count stands beside it: meetings that were cancelled or to which one did not come, start meetings, pairs
that led nowhere, and days just before and after the period.
"""

import datetime

from kumppani.home.demo.book import at, spread
from kumppani.home.demo.organisations import Payers
from kumppani.home.demo.pairs import DAYS, Pairing, Plan
from kumppani.home.demo.partners import Partners
from kumppani.home.demo.people import Cast
from pairing.models import ContactWay, RequestBy, RequestRoute
from pairing.states import MeetingStatus, RelationshipStatus, RequestStatus

FIRST = datetime.date(2021, 1, 1)
LAST = datetime.date(2021, 6, 30)


def d(month: int, day: int) -> datetime.date:
    return datetime.date(2021, month, day)


BY, TO = RequestBy, RequestRoute
PHONE, MAIL = ContactWay.PHONE, ContactWay.EMAIL
WORKER = (ContactWay.THROUGH_WORKER, "")

# parent, partner, municipality, started, ended, held in the period, held after it, who asks, to whom, way of contact
RELATIONSHIPS = [
    ("Emma", "Aino", "Turku", d(1, 18), d(6, 18), 14, 0, BY.TOGETHER, TO.STAFF, (PHONE, "040 000 0101")),
    ("Laura", "Merja", "Turku", d(1, 25), d(6, 30), 13, 0, BY.WORKER, TO.STAFF, WORKER),
    ("Anniina", "Sirpa", "Salo", d(2, 1), d(6, 24), 12, 0, BY.PARENT, TO.PARTNER, (PHONE, "040 000 0103")),
    ("Juho", "Hannu", "Turku", d(2, 8), d(8, 27), 11, 3, BY.TOGETHER, TO.STAFF, WORKER),
    ("Veera", "Kaisa", "Naantali", d(2, 15), d(6, 30), 10, 0, BY.WORKER, TO.PARTNER, WORKER),
    (
        "Johanna",
        "Jarkko",
        "Kaarina",
        d(2, 22),
        d(6, 22),
        9,
        0,
        BY.TOGETHER,
        TO.STAFF,
        (PHONE, "040 000 0106"),
    ),
    (
        "Minna",
        "Tarja",
        "Salo",
        d(3, 1),
        d(9, 30),
        9,
        4,
        BY.PARENT,
        TO.STAFF,
        (MAIL, "minna@esimerkki.example"),
    ),
    ("Sofia", "Ulla", "Kaarina", d(3, 15), d(6, 30), 8, 0, BY.TOGETHER, TO.PARTNER, WORKER),
    ("Katja", "Leo", "Turku", d(3, 29), d(10, 15), 6, 5, BY.WORKER, TO.STAFF, (PHONE, "040 000 0109")),
    ("Henna", "Aino", "Naantali", d(4, 19), d(6, 29), 5, 0, BY.PARENT, TO.STAFF, WORKER),
    # The first of the next season: it starts the day after the last.
    ("Teija", "Merja", "Turku", d(7, 1), d(11, 30), 0, 6, BY.TOGETHER, TO.STAFF, WORKER),
]
PAID_BY_ORGANISER = {"Juho", "Minna"}  # kept apart from the grant in every figure (domain 0.3)
IN_SWEDISH = {"Sofia"}
ON_PAPER = {"Anniina", "Katja"}
FIRST_TRY = {"Henna": ("Tarja", d(3, 8))}

# parent, how many were cancelled, to how many one did not come
NOT_HELD = [
    ("Emma", 2, 1),
    ("Laura", 2, 1),
    ("Anniina", 1, 1),
    ("Juho", 2, 0),
    ("Minna", 1, 1),
    ("Sofia", 1, 1),
]


def play(pairing: Pairing, payers: Payers, cast: Cast, partners: Partners) -> None:
    """Write the pilot season."""
    for parent, partner, place, started, ended, held, after, by, route, contact in RELATIONSHIPS:
        pair = pairing.whole_way(
            Plan(
                parent=parent,
                partner=partner,
                worker=cast.worker_of(place),
                organisation=payers.named(place),
                grant=None if parent in PAID_BY_ORGANISER else payers.pilot,
                started=started,
                ended=ended,
                valid_to=max(ended, started + DAYS * 150),
                language="sv" if parent in IN_SWEDISH else "fi",
                asked_by=by,
                route=route,
                area=place,
                contact=contact,
                paper=parent in ON_PAPER,
                first_try=FIRST_TRY.get(parent),
            ),
            partners.by_name,
        )
        if held:
            pairing.meetings(pair, spread(held, started + DAYS * 7, min(ended, LAST)))
        if after:
            pairing.meetings(pair, spread(after, max(started, LAST + DAYS), ended))
    for parent, cancelled, no_show in NOT_HELD:
        pair = pairing.pairs[parent]
        started = pair.relationship.started_on
        pairing.meetings(pair, spread(cancelled, started + DAYS * 10, d(5, 12)), MeetingStatus.CANCELLED)
        if no_show:
            pairing.meetings(pair, spread(no_show, started + DAYS * 31, d(6, 9)), MeetingStatus.NO_SHOW)
    _led_nowhere(pairing, payers, cast, partners)


def _led_nowhere(pairing: Pairing, payers: Payers, cast: Cast, partners: Partners) -> None:
    """A request that was withdrawn, and a pair whose decision was negative."""
    salo = cast.worker_of("Salo")
    withdrawn = pairing.request(
        pairing.parent("Marjo", salo, d(3, 10)),
        d(3, 10),
        asked_by=BY.WORKER,
        area="Salo",
        status=RequestStatus.WITHDRAWN,
    )
    pairing.history.add(
        withdrawn,
        (RequestStatus.WAITING, RequestStatus.WITHDRAWN, at(d(3, 19)), cast.decider(salo)),
    )
    kaarina = cast.worker_of("Kaarina")
    request = pairing.request(
        pairing.parent("Oona", kaarina, d(4, 27), "sv"),
        d(4, 27),
        asked_by=BY.PARENT,
        route=TO.PARTNER,
        chosen=partners.named("Nina"),
        area="Kaarina",
        status=RequestStatus.MATCHED,
    )
    pair = pairing.propose(
        request, partners.named("Nina"), payers.named("Kaarina"), d(5, 3), RelationshipStatus.REFUSED
    )
    pairing.answers(pair, partner=(True, d(5, 11)), parent=(True, d(5, 12)))
    pairing.decide(pair, d(5, 20), positive=False)
    worker = cast.decider(kaarina)
    S = RelationshipStatus
    pairing.history.add(
        pair,
        (S.ACQUAINTING, S.PROPOSED, at(d(5, 12), 14), cast.coordinator),
        (S.PROPOSED, S.REFUSED, at(d(5, 20), 11), worker),
    )
