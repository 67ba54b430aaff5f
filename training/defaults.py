"""What the first cohort may begin from: a model programme of 100 hours over five months (B8–B13, B42).

Plain data in our own words, a suggestion and no more: every row can be changed once it has been copied. The days are
told in whole weeks from the first day, so that all sessions fall on the same day of the week.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from training.models import SessionKind

COHORT_MONTHS = 5


@dataclass(frozen=True)
class ModelSession:
    """One time of the model programme: how many weeks after the first day, and how it is called in each language."""

    weeks: int
    kind: SessionKind
    hours: Decimal
    theme_fi: str
    theme_sv: str
    starts_at: datetime.time = datetime.time(9)

    def theme(self, language: str) -> str:
        return self.theme_sv if language == "sv" else self.theme_fi

    @property
    def ends_at(self) -> datetime.time:
        begins = datetime.datetime.combine(datetime.date.min, self.starts_at)
        return (begins + datetime.timedelta(hours=float(self.hours))).time()


def _rows(*rows: tuple[int, SessionKind, int, str, str]) -> tuple[ModelSession, ...]:
    return tuple(ModelSession(weeks, kind, Decimal(hours), fi, sv) for weeks, kind, hours, fi, sv in rows)


MODEL_PROGRAMME = _rows(
    (
        0,
        SessionKind.PEER,
        7,
        "Tutustuminen ja ryhmän yhteiset sopimukset",
        "Vi lär känna varandra och kommer överens",
    ),
    (
        1,
        SessionKind.LECTURE,
        7,
        "Mitä lastensuojelu on ja kuka siinä tekee työtä",
        "Vad barnskyddet är och vem som arbetar i det",
    ),
    (
        3,
        SessionKind.LECTURE,
        7,
        "Lastensuojelulaki ja vanhemman oikeudet",
        "Barnskyddslagen och förälderns rättigheter",
    ),
    (
        4,
        SessionKind.OWN_EXPERIENCE,
        7,
        "Oma kokemus työvälineenä: mitä kerron ja mitä en",
        "Den egna erfarenheten som verktyg: vad jag berättar och inte",
    ),
    (
        6,
        SessionKind.LECTURE,
        7,
        "Sosiaalityön tutkimus: mikä auttaa perhettä",
        "Forskning i socialt arbete: vad som hjälper en familj",
    ),
    (
        7,
        SessionKind.ETHICS,
        7,
        "Eettiset periaatteet, vaitiolo ja huolen sanominen",
        "Etiska principer, tystnad och att säga sin oro",
    ),
    (9, SessionKind.VISIT, 6, "Vierailu lastensuojelujärjestöön", "Besök hos en barnskyddsorganisation"),
    (
        10,
        SessionKind.OWN_EXPERIENCE,
        7,
        "Oma kokemus työvälineenä: häpeästä voimaksi",
        "Den egna erfarenheten som verktyg: från skam till kraft",
    ),
    (
        12,
        SessionKind.LECTURE,
        7,
        "Avohuolto, sijaishuolto ja jälkihuolto vanhemman silmin",
        "Öppenvård, vård utom hemmet och eftervård med förälderns ögon",
    ),
    (13, SessionKind.PEER, 7, "Kuunteleminen ja kysyminen", "Att lyssna och att fråga"),
    (15, SessionKind.VISIT, 6, "Vierailu sosiaalityön tiimiin", "Besök hos ett team i socialt arbete"),
    (
        16,
        SessionKind.PEER,
        7,
        "Ensimmäinen tapaaminen kolmestaan: harjoitellaan",
        "Det första mötet på tre: vi övar",
    ),
    (18, SessionKind.SUPERVISION, 6, "Omat rajat ja jaksaminen", "Egna gränser och att orka"),
    (
        19,
        SessionKind.LECTURE,
        7,
        "Vertaistuki ja kokemusasiantuntijan tehtävät",
        "Kamratstöd och uppdragen som erfarenhetsexpert",
    ),
    (
        20,
        SessionKind.PEER,
        5,
        "Päätös: mitä opin ja mihin lähden",
        "Avslutning: vad jag lärde mig och vart jag går",
    ),
)
