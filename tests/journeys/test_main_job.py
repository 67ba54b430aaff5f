"""The main job, end to end, in a real browser, as each person walks it:

training → partner → request → decision → start meeting → meeting logged on a phone → assignment with a fee → report.

After the demo programme has been loaded nothing is done but through the pages; what is asserted is what is seen.
Partner and parent are on a phone of 390 px.
"""

import datetime
import json
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from kumppani.core.dates import today
from tests.journeys.walker import Walker, choose_password, said

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("journeys"),
]

PASSWORD = "Lyhty-palaa-pimeassa-42"
GOAL = "Haluan uskaltaa sanoa palaverissa, mitä ajattelen."


@pytest.fixture
def accounts(live_server) -> dict[str, list[dict]]:
    """The demo programme, and who may sign in: role → accounts."""
    call_command("demo", stdout=StringIO())
    out = StringIO()
    call_command("demo", accounts=True, stdout=out)
    roles: dict[str, list[dict]] = {}
    for account in json.loads(out.getvalue()).values():
        roles.setdefault(account["role"], []).append(account)
    return roles


def test_the_main_job(open_page, live_server, accounts):
    def walker(*, desk: bool) -> Walker:
        return Walker(open_page(desk=desk), live_server.url)

    def signed_in(role: str, number: int = 0, *, desk: bool = True) -> Walker:
        person = walker(desk=desk)
        account = accounts[role][number]
        person.sign_in(account["email"], account["password"])
        return person

    finnish = [account for account in accounts["staff"] if account["language"] == "fi"]
    accounts["staff"] = finnish
    staff, worker = signed_in("staff"), signed_in("social_worker")

    # 1. Staff see a completed cohort and take in a partner.
    staff.go("/")
    staff.link_to("/take-in/")
    expect(staff.page.locator("input[name=speaks][value=fi]")).to_be_visible()
    for language in ("fi", "sv"):
        box = staff.page.locator(f"input[name=speaks][value={language}]")
        if not box.is_checked():
            staff.tile("speaks", language)
    staff.fill("area", "Turku")
    staff.fill("email", "uusi.kumppani@esimerkki.example")
    staff.save()
    name = staff.page.locator("h1").inner_text()
    staff.sees(said("missing"))

    # The new partner, on a phone, follows the letter, reads both texts and is ready.
    partner = walker(desk=False)
    choose_password(partner, "uusi.kumppani@esimerkki.example", PASSWORD)
    language = partner.page.locator("html").get_attribute("lang")
    for _text in range(2):
        partner.go("/")
        partner.link_to("/accept/")
        partner.save()
    partner.does_not_see(said("missing", language))
    staff.page.reload()
    staff.does_not_see(said("missing"))

    # 2. A social worker records a parent and a request; staff propose; both say yes.
    worker.go("/")
    worker.link(said("Ask for a partner"))
    worker.fill("first_name", "Meri")
    worker.tile("language", "fi")
    worker.tile("contact_way", "worker")
    worker.tile("by", "together")
    worker.tile("route", "staff")
    worker.fill("area", "Turku")
    worker.page.check("[name=parent_agrees]")
    worker.save()
    worker.sees(said("Waiting for an answer"))

    worker.link_to("/parents/")
    parent_page = worker.page.url
    worker.link(said("Give an account"))
    worker.fill("email", "meri@esimerkki.example")
    worker.save()
    worker.sees(said("has an account"))
    parent = walker(desk=False)
    choose_password(parent, "meri@esimerkki.example", PASSWORD)

    staff.go("/requests/")
    staff.page.locator("main a", has_text="Meri").first.click()
    staff.link(said("Propose a partner"))
    staff.page.locator("label.form-check-label", has_text=name).click()
    staff.save()
    staff.sees(said("Getting acquainted"))

    partner.go("/")
    partner.link_to("/answer/")
    partner.tile("answer", "yes")
    partner.save()
    parent.go("/")
    parent.link_to("/answer/")
    parent.tile("answer", "yes")
    parent.save()

    # 3. The decision and the start meeting; active, and not before.
    worker.page.goto(parent_page)
    worker.link_to("/pairs/")
    worker.sees(said("Waiting for decision"))
    worker.link(said("Record the decision"))
    worker.tile("outcome", "positive")
    worker.fill("reference", "LS-2026-118")
    worker.page.locator("[name=legal_ground]").select_option(index=1)
    worker.tile("funding", "organiser")
    worker.save()
    worker.sees(said("Waiting for start meeting"))

    worker.link(said("Hold the start meeting"))
    worker.button(said("Begin"))
    worker.sees(said("there is at least one goal"))
    for party in ("worker", "partner", "parent"):
        worker.tile("present", party)
    worker.fill("meetings_per_month", "4")
    worker.fill("goal_1", GOAL)
    worker.select("area_1", said("support in meetings and in taking in what was agreed"))
    worker.fill("told_to_worker", "Vain se, että olemme tavanneet.")
    worker.tick("rules_read")
    worker.save()
    relationship = worker.page.url.split("/pairs/")[1].split("/")[0]
    worker.button(said("I agree"))  # the social worker
    worker.button(said("I agree"))  # the partner, on the same screen
    worker.sees(said("on the same screen").capitalize())

    partner.go(f"/pairs/{relationship}/meetings/log/")
    expect(partner.page.locator("h1")).not_to_have_text(said("Log a meeting", language))

    parent.go("/")
    parent.link_to("/agree/")
    parent.sees(GOAL)
    parent.save()
    parent.sees(said("You meet each other"))
    worker.go(f"/pairs/{relationship}/")
    worker.sees(said("Active"))

    # 4. The partner logs a meeting on a phone in at most five touches; a double tap makes one row.
    partner.go("/")
    partner.touches = 0
    partner.link_to("/meetings/log/")
    partner.tile("place", "cafe")
    partner.tile("length", "90")
    partner.page.locator("main form .form-actions button").first.dblclick()
    partner.touches += 1
    assert partner.touches <= 5
    partner.sees(said("%(hours)s h %(minutes)s min", language, hours=1, minutes=30))
    partner.go("/meetings/")
    expect(partner.page.locator(".rows .row-main")).to_have_count(1)

    # The session runs out in the middle of the next one: no word is lost.
    partner.go(f"/pairs/{relationship}/meetings/log/")
    partner.tile("place", "outdoors")
    partner.tile("length", "other")
    partner.fill("other_length", "75")
    cookies = [c for c in partner.page.context.cookies() if "session" not in c["name"]]
    partner.page.context.clear_cookies()
    partner.page.context.add_cookies(cookies)
    partner.save()
    partner.fill_in_and_sign_in("uusi.kumppani@esimerkki.example", PASSWORD)
    expect(partner.page.locator("input[name=place][value=outdoors]")).to_be_checked()
    expect(partner.page.locator("[name=other_length]")).to_have_value("75")
    partner.save()
    partner.go("/meetings/")
    expect(partner.page.locator(".rows .row-main")).to_have_count(2)

    # The next meeting is planned.
    partner.go(f"/pairs/{relationship}/meetings/plan/")
    partner.fill("date", (today() + datetime.timedelta(days=7)).isoformat())
    partner.fill("starts_at", "17:00")
    partner.tile("place", "cafe")
    partner.save()

    # 5. An assignment with two partners, each with a fee agreed beforehand; claimed by one person, approved by another.
    staff.go("/assignments/new/")
    staff.page.locator("[name=kind]").select_option(index=1)
    staff.fill("title", "Puheenvuoro kohtaamisesta")
    staff.page.locator("[name=organisation]").select_option(index=1)
    staff.fill("date", today().isoformat())
    staff.fill("hours", "2,5")
    staff.fill("partners_wanted", "2")
    staff.tile("payer", "orderer")
    staff.fill("orderer_amount", "220,50")
    staff.save()
    assignment = staff.page.url
    other = signed_in("partner", desk=False)
    other_name = accounts["partner"][0]["name"]
    for who, sum_ in ((name, "120,50"), (other_name, "100")):
        staff.page.goto(assignment)
        staff.link_to("/offer/")
        staff.page.locator("label", has_text=who).first.click()
        staff.fill("fee_amount", sum_)
        staff.save()
    for person in (partner, other):
        person.go("/assignments/")
        person.page.locator("main a", has_text="Puheenvuoro kohtaamisesta").first.click()
        person.link_to("/answer/")
        person.page.locator("button[name=answer][value=yes]").click()
    # Enough have said yes, the orderer has agreed on the telephone: the staff confirm it.
    staff.page.goto(assignment)
    staff.link_to("/agreed-told/")
    staff.page.locator("main form button.btn-primary").first.click()
    staff.link_to("/confirm/")
    staff.page.locator("main form button.btn-primary").first.click()
    staff.sees(said("Agreed"))
    staff.link(said("Mark as done"))
    staff.page.locator("main form button.btn-primary").first.click()
    staff.sees(said("Done"))

    partner.go("/")
    partner.link_to("/claim/")
    partner.page.locator("main form button").first.click()
    partner.sees(said("Claimed", language))

    # The person who made the arrangements approves; the claimer never could.
    staff.go("/fees/")
    staff.page.locator("main a", has_text=name).first.click()
    staff.sees("120,50\u00a0€")
    staff.link_to("/approve/")
    staff.page.locator("main form button.btn-primary").first.click()
    staff.sees(said("Approved"))

    # 6. The report of the pilot season, each figure opening its rows; an empty period says so.
    staff.go("/report/?from=2021-01-01&to=2021-06-30")
    labels = {
        "assignments_done": "45",
        "relationships_active": "10",
        "meetings_held": "97",
    }
    for figure, value in labels.items():
        card = staff.page.locator(f".figure-card:has(a[href*='figure={figure}&'])").first
        expect(card.locator(".figure-value")).to_have_text(value)
    staff.page.locator("a[href*='figure=meetings_held&']").first.click()
    rows = staff.page.locator("tbody tr").count()
    while staff.page.locator("a[rel=next]").count():
        before = staff.page.url
        staff.page.locator("a[rel=next]").click()
        expect(staff.page).not_to_have_url(before)
        rows += staff.page.locator("tbody tr").count()
    assert rows == 97
    staff.go("/report/?from=2015-01-01&to=2015-06-30")
    staff.sees(said("Nothing in this period."))

    # 7. The parent sees own goals, the next meeting, and who has looked.
    parent.go("/")
    parent.sees(GOAL)
    parent.sees("17.00")
    parent.link(said("Who has used my data"))
    parent.sees(said("Experience partner"))
    parent.sees(said("Social worker"))
    looked = parent.page.locator("main").inner_text()
    while parent.page.locator("a[rel=next]").count():
        before = parent.page.url
        parent.page.locator("a[rel=next]").click()
        expect(parent.page).not_to_have_url(before)
        looked += parent.page.locator("main").inner_text()
    assert said("Project staff") in looked

    # Afterwards the relationship ends, and the partner sees nothing of it any more.
    worker.go(f"/pairs/{relationship}/")
    worker.link(said("A break, another partner or the end"))
    worker.link_to("/end/")
    worker.tile("ended_by", "parent")
    worker.page.locator("main form button.btn-danger, main form button.btn-primary").first.click()
    worker.sees(said("Afterwards"))
    partner.go(f"/pairs/{relationship}/")
    expect(partner.page.locator("body")).not_to_contain_text("Meri")
