"""From an applicant to a ready partner, in a real browser, as its people walk it:

apply → talk → accepted → sessions with attendance on a phone → completed → certificate → feedback → taken in → ready →
new version of the principles → asked again → not ready once it is required.

The applicant has no account until she is taken in, only letters with links; the trainer is on a phone.
"""

import datetime
import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import day
from pairing.models import CommitmentText, ExperiencePartner
from tests.factories.accounts import PASSWORD, user_in_role
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import CommitmentTextFactory
from tests.factories.training import CohortFactory, SessionFactory, TrainerFactory
from tests.journeys.walker import Walker, choose_password, letter_to, said
from tests.papers import words_of_pages
from training.models import Attendance, Cohort, Enrolment

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("journeys"),
]

APPLICANT = "aino.hakija@esimerkki.example"


class School:
    """Staff, an administrator, a trainer, and the cohort before with its programme of two days."""

    def __init__(self, open_page, base: str):
        self.open_page, self.base = open_page, base
        OrganisationFactory(name="Esimerkkijärjestö")
        GrantFactory(name="Esimerkkiavustus", starts_on=today() - datetime.timedelta(days=400))
        self.users = {
            name: user_in_role(role, first_name=name)
            for name, role in (("Sanna", "staff"), ("Aatos", "administrator"), ("Tuula", "trainer"))
        }
        trainer = TrainerFactory(name="Tuula Kouluttaja", user=self.users["Tuula"], expertise="lakimies")
        before = CohortFactory(
            name="Edellinen",
            status="completed",
            starts_on=today() - datetime.timedelta(weeks=26),
            ends_on=today() - datetime.timedelta(weeks=4),
        )
        SessionFactory(
            cohort=before, date=before.starts_on, hours=6, theme="Lastensuojelulaki", trainers=[trainer]
        )
        SessionFactory(
            cohort=before,
            date=before.starts_on,
            hours=4,
            kind="peer",
            theme="Toisilta oppiminen",
            trainers=[trainer],
        )
        for kind in ("principles", "undertaking"):
            CommitmentTextFactory(kind=kind, number=1)

    def browser(self, name: str = "", *, desk: bool) -> Walker:
        walker = Walker(self.open_page(desk=desk), self.base)
        if name:
            walker.sign_in(self.users[name].email, PASSWORD)
        return walker


@pytest.fixture
def school(open_page, live_server) -> School:
    return School(open_page, live_server.url)


def press(walker: Walker) -> None:
    """The one big button of the page."""
    walker.touch(walker.page.locator("main form button.btn-primary").first)


def by_letter(school: School) -> Walker:
    """The applicant opens the newest letter's link, on a phone; the address holds no secret afterwards."""
    applicant = school.browser(desk=False)
    applicant.go(re.sub(r"^https?://[^/]+", "", letter_to(APPLICANT)))
    expect(applicant.page).to_have_url(re.compile(r"/training/(follow|feedback)/$"))
    return applicant


def paper_behind(walker: Walker, part: str) -> str:
    """The words of the PDF behind a link."""
    address = walker.page.locator(f"main a[href*='{part}']").first.get_attribute("href")
    return words_of_pages(walker.page.request.get(f"{walker.base}{address}").body())


def test_from_an_applicant_to_a_ready_partner(school):
    # 1. A new cohort with last time's programme, open for applications.
    staff = school.browser("Sanna", desk=True)
    staff.go("/cohorts/")
    staff.link_to("/cohorts/new/")
    staff.fill("name", "Kevät")
    staff.fill("starts_on", today().isoformat())
    staff.fill("ends_on", (today() + datetime.timedelta(days=150)).isoformat())
    staff.fill("planned_hours", "10")
    staff.save()
    staff.sees_heading("Kevät")
    cohort = Cohort.objects.get(name="Kevät")
    here = f"/cohorts/{cohort.pk}/"
    staff.go(f"{here}programme/copy/")
    staff.sees("Lastensuojelulaki")
    staff.save()
    staff.sees("Toisilta oppiminen")
    staff.go(f"{here}open/")
    staff.fill("apply_until", (today() + datetime.timedelta(days=10)).isoformat())
    staff.save()
    staff.sees(said("Open for applications"))

    # 2. Somebody applies in public: a name, an address, two ticks.
    applicant = school.browser(desk=False)
    applicant.go("/")
    applicant.go("/training/")
    applicant.link_to("/apply/")
    applicant.fill("first_name", "Aino")
    applicant.fill("last_name", "Hakija")
    applicant.fill("email", APPLICANT)
    applicant.tick("has_experience")
    applicant.tick("is_settled")
    applicant.page.wait_for_timeout(3200)  # the trap for programs: a person takes longer
    applicant.save()
    expect(applicant.page).to_have_url(re.compile("/training/sent/"))

    # 3. A time to talk, and a place. Each answer comes by letter.
    staff.go("/")
    staff.go("/applications/")
    staff.page.locator("main a", has_text="Aino").first.click()
    staff.link_to("/interview/")
    staff.fill("day", (today() + datetime.timedelta(days=1)).isoformat())
    staff.fill("time", "17:00")
    staff.fill("place", "Kirjaston kahvila")
    staff.save()
    by_letter(school).sees("Kirjaston kahvila")
    staff.link_to("/accept/")
    press(staff)
    staff.sees(said("Accepted"))
    by_letter(school).sees(said("Accepted"))

    # 4. The cohort begins. The trainer marks who is there: one touch a person, on a phone.
    staff.go(f"{here}start/")
    press(staff)
    staff.sees(said("Running"))
    trainer = school.browser("Tuula", desk=False)
    trainer.go("/")
    for number, session in enumerate(cohort.sessions.order_by("hours")):
        trainer.go(f"/sessions/{session.pk}/attendance/")
        trainer.touches = 0
        trainer.touch(trainer.page.locator("button[name=choice][value=all]").first)
        expect(trainer.page.locator("[data-marked-count]")).to_have_text("1")
        assert trainer.touches == 1
        assert Attendance.objects.count() == number + 1
    trainer.go(f"{here}attendance/")
    trainer.sees("Aino")

    # 5. The rule proposes, a person confirms; certificate and feedback.
    staff.go(f"{here}completion/")
    staff.save()
    staff.sees(said("Have completed"))
    assert "Aino Hakija" in paper_behind(staff, "/certificate/")
    staff.link_to("/complete/")
    press(staff)
    staff.sees(said("Completed"))
    staff.go(f"{here}feedback/ask/")
    press(staff)
    answering = by_letter(school)
    answering.link_to("/training/feedback/")
    for name in ("overall", "peers", "ready"):
        answering.tile(name, "5")
    answering.page.wait_for_timeout(3200)
    answering.save()
    staff.go(f"{here}feedback/")
    staff.sees(said("Too few answers to show"))

    # 6. Taken in, both texts accepted by her own sign-in: ready.
    enrolment = Enrolment.objects.get(email=APPLICANT)
    staff.go(f"/enrolments/{enrolment.pk}/take-in/")
    staff.fill("area", "Turku")
    staff.save()
    partner = school.browser(desk=False)
    choose_password(partner, APPLICANT, PASSWORD)
    for _text in range(2):
        partner.go("/")
        partner.link_to("/accept/")
        partner.save()
    row = ExperiencePartner.objects.get(enrolment=enrolment)
    assert row.is_ready
    staff.go(f"/partners/{row.pk}/")
    staff.does_not_see(said("missing"))

    # 7. A new version of the principles: asked at once, needed after the days of grace.
    administrator = school.browser("Aatos", desk=True)
    administrator.go("/data/commitments/")
    administrator.link_to("/data/commitments/new/?kind=principles")
    for language in ("fi", "sv", "en"):
        administrator.fill(f"text_{language}", "Uusi sanamuoto.")
    administrator.fill("required_from", (today() + datetime.timedelta(days=30)).isoformat())
    administrator.save()
    newest = CommitmentText.objects.filter(kind="principles").order_by("-number").first()
    assert newest.number == 2
    partner.go("/")
    partner.link_to("/accept/")
    partner.sees("Uusi sanamuoto.")
    partner.sees(day(newest.required_from))
    assert row.is_ready
    CommitmentText.objects.filter(pk=newest.pk).update(
        published_on=today() - datetime.timedelta(days=31), required_from=today()
    )
    assert not ExperiencePartner.objects.get(pk=row.pk).is_ready
    staff.page.reload()
    staff.sees(said("missing"))
    partner.save()
    assert ExperiencePartner.objects.get(pk=row.pk).is_ready
    assert {made.text.number for made in row.commitments.filter(text__kind="principles")} == {1, 2}
    assert not [
        letter for letter in mail.outbox if "lastensuojelu" in f"{letter.subject} {letter.body}".lower()
    ]
