"""The experience partners: taken in, with both texts accepted (R3)."""

import datetime
from dataclasses import dataclass, field

from kumppani.home.demo.book import at, demo_id, working_day, write
from kumppani.home.demo.people import PARTNERS, TAKEN_IN, Cast
from kumppani.home.demo.training import School
from pairing.models import Commitment, CommitmentText, ExperiencePartner

# (first name, languages spoken beside the own one, area, whether available today)
FROM_AUTUMN = [
    ("Aino", "en", "Turku ja Kaarina", True),
    ("Leo", "en", "Turku", True),
    ("Kaisa", "sv", "Turku, Naantali", True),
    ("Merja", "", "Turku", True),
    ("Hannu", "", "Turku", False),
    ("Sirpa", "", "Salo", False),
    ("Ulla", "fi", "Kaarina", True),
    ("Jarkko", "", "Kaarina", False),
    ("Tarja", "", "Salo", False),
    ("Nina", "fi", "Kaarina ja Turku", False),
]
FROM_SPRING = [
    ("Anneli", "", "Turku", True),
    ("Birgitta", "fi", "Turku", False),
    ("Esko", "", "Salo", False),
    ("Heidi", "en", "Naantali", False),
    ("Lotta", "fi", "Kaarina", False),
    ("Markus", "", "Turku", False),
]
SPRING_TAKEN_IN = datetime.date(2021, 6, 21)


@dataclass
class Partners:
    """The partners by first name."""

    by_name: dict[str, ExperiencePartner] = field(default_factory=dict)

    def named(self, name: str) -> ExperiencePartner:
        return self.by_name[name]

    @property
    def pilots(self) -> list[ExperiencePartner]:
        """Those of the first cohort: they carry the pilot season."""
        return [self.by_name[person.key] for person in PARTNERS]


def take_in(school: School, cast: Cast, today: datetime.date) -> Partners:
    """Open the partners' records, and let all but the newest accept both texts."""
    partners = Partners()
    recently = working_day(today - datetime.timedelta(days=5), forward=False)
    rows, commitments = [], []
    texts = list(CommitmentText.objects.in_force())
    for people, day in [
        (FROM_AUTUMN, TAKEN_IN),
        (FROM_SPRING, SPRING_TAKEN_IN),
        # Saara is taken in and has not yet accepted the texts; Timo is ready; Ulrika waits to be taken in.
        ([("Saara", "", "Turku", True), ("Timo", "", "Salo", True)], recently),
    ]:
        for name, also_speaks, area, available in people:
            enrolment = school.enrolments[name]
            speaks = {enrolment.language, also_speaks}
            partner = ExperiencePartner(
                pk=demo_id("partner", enrolment.pk),
                public_id=demo_id("partner in public", enrolment.pk),
                enrolment=enrolment,
                user=cast.users.get(name),
                first_name=enrolment.first_name,
                last_name=enrolment.last_name,
                speaks_fi="fi" in speaks,
                speaks_sv="sv" in speaks,
                speaks_en="en" in speaks,
                area=area,
                is_available=available,
                taken_in_on=day,
                taken_in_by=cast.coordinator.user,
                created_at=at(day, 13),
            )
            rows.append(partner)
            partners.by_name[name] = partner
            commitments += [
                Commitment(
                    pk=demo_id("commitment", partner.pk, text.pk),
                    partner=partner,
                    text=text,
                    made_on=day,
                    recorded_by=partner.user or cast.coordinator.user,
                    created_at=at(day, 13, 30),
                )
                for text in texts
                if name != "Saara"
            ]
    write(rows)
    write(commitments)
    return partners
