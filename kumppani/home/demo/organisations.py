"""Who works with the programme and who pays (B38–B42).

The organisations' names come from the programme's public texts; everything that the demo tells about them is invented.
"""

import datetime
from dataclasses import dataclass

from kumppani.core.dates import today
from kumppani.home.demo.book import demo_id
from kumppani.organisations.models import Grant, Organisation, OrganisationKind

COORDINATOR = "Perhekuntoutuskeskus Lauste ry"
MUNICIPALITIES = ["Turku", "Salo", "Naantali", "Kaarina"]
PARTNERS = {
    "Pesäpuu ry": OrganisationKind.NGO,
    "Kasper Kasvatus- ja perheneuvonta ry": OrganisationKind.NGO,
    "Varsinais-Suomen Lastensuojelujärjestöt ry": OrganisationKind.NGO,
    "Varsinais-Suomen mielenterveysomaiset – FinFami ry": OrganisationKind.NGO,
    "Ehjä ry": OrganisationKind.NGO,
    "Auta Lasta ry": OrganisationKind.NGO,
    "Aisti ry": OrganisationKind.NGO,
    "SOS-lapsikylä": OrganisationKind.NGO,
    "Vasso": OrganisationKind.OTHER,
}
COUNTY = "Varsinais-Suomen hyvinvointialue"
COLLEGE = "Esimerkkioppilaitos (keksitty)"

# From 2023 on the wellbeing services county organises what the municipalities did until then (domain 0.9).
LAST_MUNICIPAL_DAY = datetime.date(2022, 12, 31)
FIRST_COUNTY_DAY = datetime.date(2023, 1, 1)


@dataclass
class Payers:
    """The organisations by name, and the two grants."""

    by_name: dict[str, Organisation]
    pilot: Grant
    present: Grant

    def named(self, name: str) -> Organisation:
        return self.by_name[name]


def found() -> Payers:
    """Make the organisations and the grants."""
    rows = [Organisation(name=COORDINATOR, kind=OrganisationKind.COORDINATOR)]
    rows += [
        Organisation(
            name=name,
            kind=OrganisationKind.MUNICIPALITY,
            is_project_partner=True,
            valid_to=LAST_MUNICIPAL_DAY,
        )
        for name in MUNICIPALITIES
    ]
    rows += [Organisation(name=name, kind=kind, is_project_partner=True) for name, kind in PARTNERS.items()]
    # It continues the work of many municipalities; `predecessor` names one, so it is left open.
    rows.append(Organisation(name=COUNTY, kind=OrganisationKind.COUNTY, valid_from=FIRST_COUNTY_DAY))
    rows.append(Organisation(name=COLLEGE, kind=OrganisationKind.EDUCATION))
    for row in rows:
        row.pk = demo_id("organisation", row.name)
    Organisation.objects.bulk_create(rows)
    pilot = Grant(
        pk=demo_id("grant", 2020),
        name="Asiakkaasta kumppaniksi 2020–2022",
        funder="STEA",
        code="KEKSITTY-2020",
        starts_on=datetime.date(2020, 1, 1),
        ends_on=datetime.date(2022, 12, 31),
    )
    present = Grant(
        pk=demo_id("grant", 2023),
        name="Kokemuskumppanuus jatkuu (keksitty)",
        funder="STEA",
        code="KEKSITTY-2023",
        starts_on=datetime.date(2023, 1, 1),
        ends_on=datetime.date(today().year + 2, 12, 31),
    )
    Grant.objects.bulk_create([pilot, present])
    return Payers({row.name: row for row in rows}, pilot, present)
