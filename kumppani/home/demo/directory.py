"""Who of the demo's partners may be met, and with what: each has ticked something else (A35)."""

import datetime

from kumppani.home.demo.book import at, demo_id, write
from kumppani.home.demo.partners import Partners
from pairing.models import DirectoryConsent, Topic

# name → (own words, codes of topics, fields that others may see)
SHOWN = {
    "Aino": (
        "Istuin itsekin palavereissa, joista en muistanut jälkeenpäin sanaakaan. Nyt olen se, joka muistaa mukana. "
        "Kahvi tai kävely käy, sateellakin.",
        ["open-care", "school", "school-age", "teenager"],
        ["first_name", "languages", "area", "themes", "life_phases", "introduction"],
    ),
    "Leo": (
        "Isänä tuntui pitkään, ettei minulta kysytty mitään. Kuuntelen mieluummin kuin neuvon.",
        ["placement", "return-home", "separation", "under-school-age"],
        ["first_name", "languages", "area", "themes", "introduction"],
    ),
    "Kaisa": (
        "Puhun suomea ja ruotsia. Hiljaisuuskin on minun kanssani ihan hyvä.",
        ["mental-health", "alone", "baby"],
        ["first_name", "languages", "themes", "life_phases", "introduction"],
    ),
    "Merja": ("", ["special-support", "school-age"], ["first_name", "area", "life_phases"]),
    "Ulla": (
        "Med mig kan man skratta också. Jag har varit med om både svåra och fina dagar i barnskyddet.",
        ["aftercare", "young-adult"],
        ["first_name", "languages", "area", "themes", "life_phases", "introduction"],
    ),
    # Does not want to be called by name in public, and may be met all the same.
    "Anneli": (
        "Minulta kysyttiin kerran, mistä olen ylpeä. Siitä asia lähti kääntymään. Kysyn sitä mielelläni sinultakin.",
        ["substances", "return-home"],
        ["languages", "introduction"],
    ),
}


def open_directory(partners: Partners, day: datetime.date) -> None:
    """Let those who want to be found be found."""
    topics = {topic.code: topic for topic in Topic.objects.all()}
    given = at(day - datetime.timedelta(days=20), 18)
    consents = []
    for name, (introduction, codes, fields) in SHOWN.items():
        partner = partners.named(name)
        partner.introduction = introduction
        partner.save(update_fields=["introduction"])
        partner.topics.set([topics[code] for code in codes])
        consents += [
            DirectoryConsent(
                pk=demo_id("consent", partner.pk, field),
                partner=partner,
                field=field,
                given_at=given,
                created_at=given,
            )
            for field in fields
        ]
    write(consents)
