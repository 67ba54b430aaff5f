"""From an organisation's order to the money on a partner's account, in a real browser, as its people walk it:

order in public → taken on → offered → yes → confirmed → done → feedback by link → claimed → approved → batch → paid.

The partner is on a phone of 390 px; the orderer has no account, only letters with links. People and rules are made
beforehand; from then on everything is pressed on pages.
"""

import datetime
import io
import re

import openpyxl
import pytest
from playwright.sync_api import expect

from kumppani.core.dates import today
from kumppani.core.templatetags.kumppani import money
from tasks.models import OrdererFeedback
from tests.factories.accounts import PASSWORD, user_in_role
from tests.factories.organisations import GrantFactory, OrganisationFactory
from tests.factories.pairing import ready_partner
from tests.factories.tasks import AssignmentKindFactory, FeeRuleFactory, TravelRateFactory
from tests.journeys.walker import Walker, letter_to, said

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("journeys"),
]

ORDERER = "tiina.tilaaja@esimerkki.example"
WORDS = "Koko tiimi mietti päivän jälkeen omia tapojaan."


class Town:
    """Two of the staff, two ready partners, a kind of assignment with a fee rule, and a grant."""

    def __init__(self, open_page, base: str):
        self.open_page, self.base = open_page, base
        OrganisationFactory(name="Esimerkkilän kunta")
        GrantFactory(name="Esimerkkiavustus", code="ESIM-1", starts_on=today() - datetime.timedelta(days=90))
        kind = AssignmentKindFactory(name_fi="Luennoitsija", income_type="214")
        FeeRuleFactory(
            kind=kind,
            unit="hour",
            amount=40,
            preparation_hours=1,
            valid_from=today() - datetime.timedelta(days=30),
        )
        TravelRateFactory()
        self.users = {name: user_in_role("staff", first_name=name) for name in ("Sanna", "Oona")}
        for name in ("Aino", "Berta"):
            self.users[name] = user_in_role("partner", first_name=name)
            ready_partner(first_name=name, last_name="Kumppani", user=self.users[name])

    def browser(self, name: str = "", *, desk: bool) -> Walker:
        walker = Walker(self.open_page(desk=desk), self.base)
        if name:
            walker.sign_in(self.users[name].email, PASSWORD)
        return walker


@pytest.fixture
def town(open_page, live_server) -> Town:
    return Town(open_page, live_server.url)


def order(town: Town, *, payer: str) -> None:
    """An organisation fills in the public form, without an account."""
    stranger = town.browser(desk=False)
    stranger.go("/")
    stranger.go("/order/")
    stranger.fill("title", "Puheenvuoro kohtaamisesta")
    stranger.fill("date", today().isoformat())
    stranger.fill("hours", "2")
    stranger.fill("organisation_name", "Esimerkkilän kunta")
    stranger.fill("contact_name", "Tiina Tilaaja")
    stranger.fill("contact_email", ORDERER)
    stranger.tile("payer", payer)
    stranger.page.wait_for_timeout(3200)  # the trap for programs: a person takes longer
    stranger.save()
    expect(stranger.page).to_have_url(re.compile("/order/sent/"))


def by_letter(town: Town) -> Walker:
    """The orderer opens the newest letter's link: the page shows the order, and its address holds no secret."""
    orderer = town.browser(desk=True)
    orderer.go(re.sub(r"^https?://[^/]+", "", letter_to(ORDERER)))
    expect(orderer.page).to_have_url(re.compile(r"/orders/follow/$"))
    orderer.sees("Puheenvuoro kohtaamisesta")
    return orderer


def press(walker: Walker) -> None:
    """The one big button of the page."""
    walker.touch(walker.page.locator("main form button.btn-primary").first)


def take_on(staff: Walker, *, amount: str = "") -> str:
    """The staff find the order in the queue and take it on. Returns the assignment's address."""
    staff.go("/")
    staff.sees("Puheenvuoro kohtaamisesta")
    staff.go("/orders/")
    staff.page.locator("main a", has_text="Puheenvuoro kohtaamisesta").first.click()
    staff.link_to("/take/")
    staff.page.locator("[name=kind]").select_option(index=1)
    if amount:
        staff.fill("orderer_amount", amount)
    staff.save()
    expect(staff.page).to_have_url(re.compile(r"/assignments/[0-9a-f-]+/$"))
    return staff.page.url


def offer(staff: Walker, assignment: str, name: str) -> None:
    staff.page.goto(assignment)
    staff.link_to("/offer/")
    staff.page.locator("label", has_text=name).first.click()
    # 2 h + 1 h of preparation, 40 € an hour: the rule of the day has filled the sum in.
    expect(staff.page.locator("[name=fee_amount]")).to_have_value(re.compile(r"^120([.,]00)?$"))
    staff.save()


def test_from_an_order_to_a_paid_fee(town):
    order(town, payer="project")
    by_letter(town).sees(said("Waiting for an answer"))

    # Taken on, offered, accepted on a phone, confirmed.
    staff = town.browser("Sanna", desk=True)
    assignment = take_on(staff)
    offer(staff, assignment, "Aino")
    partner = town.browser("Aino", desk=False)
    partner.go("/")
    partner.link_to("/answer/")
    partner.page.locator("button[name=answer][value=yes]").click()
    staff.page.goto(assignment)
    staff.link_to("/confirm/")
    press(staff)
    staff.sees(said("Agreed"))
    by_letter(town).sees(said("Agreed"))

    # Done; the orderer says how it was, once, by the link of the letter.
    staff.link_to("/complete/")
    staff.save()
    staff.sees(said("Done"))
    orderer = by_letter(town)
    orderer.link_to("/feedback/")
    orderer.tile("grade", "5")
    orderer.fill("words", WORDS)
    orderer.page.check("[name=quote_consent]")
    orderer.page.wait_for_timeout(3200)
    orderer.save()
    orderer.sees(WORDS)
    assert OrdererFeedback.objects.get().quote_consent
    staff.page.goto(assignment)
    staff.sees(WORDS)

    # Claimed on the phone, together with the journey; somebody else approves both.
    partner.go("/")
    partner.link_to("/claim/")
    press(partner)
    partner.sees(said("Claimed"))
    partner.go("/travel/new/")
    partner.page.locator("[name=thing]").select_option(index=1)
    partner.fill("date", today().isoformat())
    partner.fill("left_at", "00:01")
    partner.fill("came_back_at", "00:31")
    partner.fill("route", "Esimerkkilä–Mallila–Esimerkkilä")
    partner.tile("vehicle", "own_car")
    partner.fill("km", "30")
    partner.save()
    partner.sees(money(15))

    other = town.browser("Oona", desk=True)
    other.go("/")
    other.link_to("/fees/")  # the one that waits
    other.link(said("All fees"))
    other.page.locator("main input[type=checkbox][name=fee]").first.check()
    other.button(said("Approve the ticked ones"))
    other.go("/travel/")
    other.page.locator("main a[href*='/travel/']", has_text="Aino").first.click()
    other.link_to("/approve/")
    press(other)
    other.sees(said("Approved"))

    # Collected into a batch, given to payroll, paid.
    staff.go("/batches/")
    staff.link_to("/batches/new/")
    staff.sees(money(135))
    press(staff)
    expect(staff.page).to_have_url(re.compile(r"/batches/[0-9a-f-]+/$"))
    batch = staff.page.url
    with staff.page.expect_download() as download:
        staff.page.locator("a[href*='/xlsx/']").first.click()
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    found = {row["income_type_suggested"]: (row["gross_amount"], row["travel_amount"]) for row in rows}
    assert {str(kind): sums for kind, sums in found.items()} == {"214": (120, 0), "311": (0, 15)}
    staff.page.goto(batch)
    staff.link_to("/pay/")
    staff.fill("paid_on", today().isoformat())
    staff.save()
    staff.sees(said("Paid"))

    # The partner reads it in plain words, on the phone.
    partner.go("/money/")
    partner.sees(money(120))
    partner.sees(money(15))
    partner.go("/notices/")
    partner.sees(said("A payment has been made"))


def test_an_orderer_who_pays_agrees_to_the_sum_by_the_link_before_anything_is_fixed(town):
    order(town, payer="orderer")
    staff = town.browser("Sanna", desk=True)
    assignment = take_on(staff, amount="300")
    offer(staff, assignment, "Berta")
    partner = town.browser("Berta", desk=False)
    partner.go("/")
    partner.link_to("/answer/")
    partner.page.locator("button[name=answer][value=yes]").click()
    # Nothing is confirmed before the orderer has said yes.
    staff.page.goto(assignment)
    assert staff.page.locator("main a[href*='/confirm/']").count() == 0
    orderer = by_letter(town)
    orderer.sees(money(300))
    orderer.link_to("/agree/")
    press(orderer)
    orderer.sees(said("How things stand"))
    staff.page.goto(assignment)
    staff.link_to("/confirm/")
    press(staff)
    staff.sees(said("Agreed"))


def test_an_orderer_withdraws_by_the_link_while_nobody_has_answered(town):
    order(town, payer="project")
    orderer = by_letter(town)
    orderer.link_to("/withdraw/")
    orderer.touch(orderer.page.locator("main form button").first)
    orderer.sees(said("Withdrawn"))
    staff = town.browser("Sanna", desk=True)
    staff.go("/orders/")
    staff.does_not_see("Puheenvuoro kohtaamisesta")
