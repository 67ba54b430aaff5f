"""What a new house of this room begins with: the kinds of assignment named in A6–A9, A15 and B23, and travel rates.

The list of kinds is open (A10): the programme adds, renames and retires them. No fee rules are shipped, because no
amounts are known (domain 3.2): the programme sets its own. Of the tax-exempt travel rates those are shipped whose
source is known (domain 3.3); for 2025 none was found, so there is none. `manage.py install_defaults` installs both.
"""

import datetime
from decimal import Decimal

from tasks.models import AssignmentKind, Category, RateKind, TravelRate

ASSIGNMENT_KINDS = [
    {
        "code": "working-group-member",
        "name_fi": "Kehittämistyöryhmän jäsen",
        "name_sv": "Medlem i utvecklingsarbetsgrupp",
        "name_en": "Member of a development working group",
        "category": Category.DEVELOPMENT,
    },
    {
        "code": "panellist",
        "name_fi": "Panelisti",
        "name_sv": "Paneldeltagare",
        "name_en": "Panellist",
        "category": Category.INFLUENCE,
    },
    {
        "code": "lecturer",
        "name_fi": "Luennoitsija",
        "name_sv": "Föreläsare",
        "name_en": "Lecturer",
        "category": Category.INFLUENCE,
    },
    {
        "code": "trainer",
        "name_fi": "Kouluttaja",
        "name_sv": "Utbildare",
        "name_en": "Trainer",
        "category": Category.DEVELOPMENT,
    },
    {
        "code": "recruitment-interviewer",
        "name_fi": "Rekrytointihaastattelija",
        "name_sv": "Rekryteringsintervjuare",
        "name_en": "Recruitment interviewer",
        "category": Category.DEVELOPMENT,
    },
    {
        "code": "training-planner",
        "name_fi": "Koulutuksen suunnittelija",
        "name_sv": "Utbildningsplanerare",
        "name_en": "Training planner",
        "category": Category.DEVELOPMENT,
    },
    {
        "code": "team-meeting",
        "name_fi": "Tiimipalaveri",
        "name_sv": "Teammöte",
        "name_en": "Team meeting",
        "category": Category.ACQUAINTANCE,
    },
    {
        "code": "office-meeting",
        "name_fi": "Toimistopalaveri",
        "name_sv": "Kontorsmöte",
        "name_en": "Office meeting",
        "category": Category.ACQUAINTANCE,
    },
]


# year, where it was read, kind → euros. The rates of a year hold from its first day to its last.
_TRAVEL_RATES = [
    (
        2020,
        "Salontilipalvelu: Korvaukset ja edut, year inferred: the page has no date (vuosi päätelty),"
        " https://salontilipalvelu.com/korvaukset-ja-edut",
        {RateKind.KM: "0.43", RateKind.PARTIAL: "20", RateKind.FULL: "43"},
    ),
    (
        2021,
        "Puumalan tilipalvelu: Verovapaat 2021, https://www.puumalantilipalvelu.fi/tag/verovapaat/",
        {RateKind.KM: "0.44", RateKind.PARTIAL: "20", RateKind.FULL: "44"},
    ),
    (
        2022,
        "Upsi Oy: Verottomat korvaukset 2022, https://www.upsioy.fi/verottomat-korvaukset-2022.html",
        {RateKind.KM: "0.46", RateKind.PASSENGER_KM: "0.03", RateKind.PARTIAL: "20", RateKind.FULL: "45"},
    ),
    (
        2023,
        "Kirjanpitopalvelu Miettinen: Kulukorvaukset 2023,"
        " http://www.kirjanpitopalvelumiettinen.fi/kulukorvaukset/",
        {RateKind.KM: "0.53", RateKind.PARTIAL: "22", RateKind.FULL: "48"},
    ),
    (
        2024,
        "Suomen Yrittäjät: Kilometrikorvaukset ja päivärahat 2024,"
        " https://www.yrittajat.fi/tietopankki/tyonantajalle/kilometrikorvaukset-ja-paivarahat/",
        {RateKind.KM: "0.57", RateKind.PASSENGER_KM: "0.04", RateKind.PARTIAL: "24", RateKind.FULL: "51"},
    ),
    (
        2026,
        "Pro-Ratio: Verovapaat matkakustannusten korvaukset vuonna 2026,"
        " https://www.pro-ratio.fi/artikkelit/verovapaat-matkakustannusten-korvaukset-vuonna-2026",
        {RateKind.KM: "0.55", RateKind.PARTIAL: "25", RateKind.FULL: "54"},
    ),
    (
        2026,
        "Taloushallintoliitto: Matkakustannusten korvaukset 2026, https://taloushallintoliitto.fi/tietopankki/"
        "yrityksen-muistilista-vuodelle-2026/matkakustannusten-korvaukset/",
        {RateKind.PASSENGER_KM: "0.04"},
    ),
]
TRAVEL_RATES = [
    {
        "kind": kind,
        "amount": Decimal(euros),
        "valid_from": datetime.date(year, 1, 1),
        "valid_to": datetime.date(year, 12, 31),
        "source": source,
    }
    for year, source, rates in _TRAVEL_RATES
    for kind, euros in rates.items()
]


def install() -> int:
    """Put in place what is missing and touch nothing that is there. Returns how many rows were made."""
    kinds = sum(
        AssignmentKind.objects.get_or_create(code=kind["code"], defaults=kind)[1] for kind in ASSIGNMENT_KINDS
    )
    return kinds + sum(map(_install_rate, TRAVEL_RATES))


def _install_rate(rate: dict) -> bool:
    """The rate, unless the programme has one of its own for some of these days."""
    if TravelRate.objects.overlapping(rate["kind"], rate["valid_from"], rate["valid_to"]).exists():
        return False
    TravelRate.objects.create(**rate)
    return True
