"""The whole life of a peer-support relationship in a real browser, as its people walk it (design.md 3):

asked for in public → next partner asked → acquainted → decided → start meeting, one of the three on paper → meetings →
review → extension → a break → another partner → closed. And one path each for refused, no match, withdrawn, declined,
ended early.

People and texts are made beforehand; from then on everything is pressed on pages. Partners are on a phone of 390 px.
"""

import datetime
import re

import pytest
from playwright.sync_api import expect

from kumppani.core.dates import today
from pairing.models import Relationship
from tests.factories.accounts import PASSWORD, user_in_role
from tests.factories.organisations import OrganisationFactory
from tests.factories.pairing import (
    ContactRequestFactory,
    LegalGroundFactory,
    ParentFactory,
    SocialWorkerFactory,
    ready_partner,
    relationship_in,
)
from tests.journeys.walker import Walker, said

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("journeys"),
]

GOAL = "Haluan nukkua yöni ja puhua asioista ajoissa."
SUPPORT = "Vertaisryhmä torstaisin perhekeskuksessa"


class People:
    """Staff, a social worker and three ready partners, with accounts."""

    def __init__(self, open_page, base: str):
        self.open_page, self.base = open_page, base
        self.organisation = OrganisationFactory(name="Esimerkin hyvinvointialue")
        self.staff_user = user_in_role("staff", first_name="Sanna")
        self.worker_record = SocialWorkerFactory(
            organisation=self.organisation,
            user=user_in_role(
                "social_worker", organisation=self.organisation, first_name="Satu", last_name="Sosiaali"
            ),
        )
        LegalGroundFactory()
        self.partners = {
            name: ready_partner(
                first_name=name, last_name="Kumppani", user=user_in_role("partner", first_name=name)
            )
            for name in ("Aino", "Berta", "Cilla")
        }

    def browser(self, user=None, *, desk: bool) -> Walker:
        walker = Walker(self.open_page(desk=desk), self.base)
        if user is not None:
            walker.sign_in(user.email, PASSWORD)
        return walker

    @property
    def staff(self) -> Walker:
        return self.browser(self.staff_user, desk=True)

    @property
    def worker(self) -> Walker:
        return self.browser(self.worker_record.user, desk=True)

    def partner(self, name: str) -> Walker:
        return self.browser(self.partners[name].user, desk=False)


@pytest.fixture
def town(open_page, live_server) -> People:
    return People(open_page, live_server.url)


def choose(walker: Walker, name: str, label: str) -> None:
    """Touch the tile of a choice by what it says."""
    tile = (
        walker.page.locator(f"label.form-check-label:has-text('{label}')")
        .locator("..")
        .locator(f"[name={name}]")
    )
    walker.touch(tile.first)


def press_on(walker: Walker) -> None:
    """The button of a page that says in words what will happen."""
    walker.touch(walker.page.locator("main form button.btn-primary, main form button.btn-danger").first)


def pk_in(walker: Walker) -> str:
    """The id of the relationship whose page is open."""
    return re.search(r"/pairs/([0-9a-f-]{36})/", walker.page.url).group(1)


def say(person: Walker, answer: str) -> None:
    person.go("/")
    person.link_to("/answer/")
    person.tile("answer", answer)
    person.save()


def decide(worker: Walker, relationship: str, *, reference: str = "LS-2026-7") -> None:
    worker.go(f"/pairs/{relationship}/decide/")
    worker.tile("outcome", "positive")
    worker.fill("reference", reference)
    worker.page.locator("[name=legal_ground]").select_option(index=1)
    worker.fill("valid_to", (today() + datetime.timedelta(days=300)).isoformat())
    worker.tile("funding", "organiser")
    worker.save()
    worker.sees(said("Waiting for start meeting"))


def hold_start_meeting(worker: Walker, relationship: str) -> None:
    """The three sit together; the worker and the partner tap, the parent has signed a paper."""
    worker.go(f"/pairs/{relationship}/start/")
    worker.button(said("Begin"))
    for party in ("worker", "partner", "parent"):
        worker.tile("present", party)
    worker.fill("ends_on", (today() + datetime.timedelta(days=120)).isoformat())
    worker.fill("meetings_per_month", "4")
    worker.fill("goal_1", GOAL)
    worker.select("area_1", said("support for being a parent"))
    worker.fill("expected_1", "Nukun viitenä yönä viikossa.")
    worker.page.locator("main form button[type=submit]").first.click()
    # It can be left and found again as it was.
    worker.go(f"/pairs/{relationship}/start/")
    expect(worker.page.locator("[name=goal_1]")).to_have_value(GOAL)
    worker.button(said("I agree"))
    worker.button(said("I agree"))
    worker.button(said("Agreed on paper"))
    worker.sees(said("Active"))


def test_a_whole_life_with_an_extension_a_break_a_review_and_another_partner(town):
    # 1. A worker and a parent write together, without an account; the form says when an answer comes.
    stranger = town.browser(desk=False)
    stranger.go("/contact/?by=together")
    stranger.fill("worker_name", "Satu Sosiaali")
    stranger.fill("worker_organisation", "Esimerkin hyvinvointialue")
    stranger.fill("worker_contact", "satu.sosiaali@esimerkki.example")
    stranger.fill("parent_name", "Meri")
    stranger.tile("language", "fi")
    stranger.page.check("[name=parent_agrees]")
    stranger.page.wait_for_timeout(3500)  # the trap for programs: a person takes longer
    stranger.save()
    expect(stranger.page).to_have_url(re.compile("/contact/sent/"))
    stranger.sees("3")

    # 2. The staff find it in the queue, complete it, and propose; if the answer is no, somebody else is asked.
    staff, worker = town.staff, town.worker
    staff.go("/requests/")
    staff.page.locator("main a", has_text="Meri").first.click()
    staff.link_to("/complete/")
    staff.page.locator("[name=social_worker]").select_option(index=1)
    staff.tile("contact_way", "worker")
    if not staff.page.locator("[name=parent_agrees]").is_checked():
        staff.page.check("[name=parent_agrees]")
    staff.save()
    staff.link_to("/propose/")
    choose(staff, "partner", "Aino")
    option = staff.page.locator("[name=then_1] option", has_text="Berta").get_attribute("value")
    staff.page.select_option("[name=then_1]", value=option)
    staff.save()
    staff.sees(said("Getting acquainted"))

    aino = town.partner("Aino")
    say(aino, "no")
    berta = town.partner("Berta")
    berta.go("/")
    berta.sees("Meri")

    # 3. They get acquainted; that is logged and counts as nothing yet. Both say yes: the parent has told the worker.
    worker.go("/pairs/")
    worker.page.locator("main a", has_text="Meri").first.click()
    first = pk_in(worker)
    berta.go(f"/pairs/{first}/acquaintance/log/")
    berta.tile("place", "cafe")
    berta.tile("length", "60")
    berta.save()
    say(berta, "yes")
    worker.page.reload()
    worker.link_to("/answer/")
    worker.tile("answer", "yes")
    worker.save()

    # 4. The decision, and the start meeting with a signature on paper.
    decide(worker, first)
    hold_start_meeting(worker, first)

    # 5. Berta plans two meetings, logs one in at most five touches, and says that she needs to talk.
    berta.go(f"/pairs/{first}/meetings/plan/")
    berta.fill("date", (today() + datetime.timedelta(days=7)).isoformat())
    berta.tile("place", "cafe")
    berta.save()
    berta.go("/")
    berta.touches = 0
    berta.link_to("/meetings/log/")
    berta.tile("place", "outdoors")
    berta.tile("length", "60")
    berta.save()
    assert berta.touches <= 5
    berta.go("/me/talk/")
    press_on(berta)
    staff.go("/")
    staff.sees("Berta")

    # 6. A review: the goal is scored, and the three are asked.
    worker.go(f"/pairs/{first}/reviews/add/")
    press_on(worker)
    worker.page.locator("main input[name^=score_][value='1']").check()
    worker.tile("outcome", "go_on")
    worker.save()
    worker.go(f"/pairs/{first}/benefit/")
    worker.sees(GOAL)
    worker.sees(said("more than expected"))

    # 7. An extension: written by the worker, accepted by Berta on her phone, by the parent on paper. Then it holds.
    worker.go(f"/pairs/{first}/agreement/propose/")
    worker.tile("kind", "extension")
    longer = today() + datetime.timedelta(days=200)
    worker.fill("ends_on", longer.isoformat())
    worker.save()
    berta.go(f"/pairs/{first}/")
    berta.link_to("/agree/")
    berta.sees(GOAL)
    berta.save()
    worker.go(f"/pairs/{first}/agreements/")
    worker.link_to("/agree/")
    worker.button(said("I agree"))
    worker.button(said("Agreed on paper"))
    worker.go(f"/pairs/{first}/")
    worker.sees(f"{longer.day}.{longer.month}.{longer.year}")

    # 8. A break at Berta's wish, without a reason; and over.
    berta.go(f"/pairs/{first}/pause/")
    berta.save()
    worker.page.reload()
    worker.sees(said("On pause"))
    berta.go(f"/pairs/{first}/resume/")
    berta.save()
    worker.page.reload()
    worker.sees(said("Active"))

    # 9. Another partner: a wish of one tap, and the staff find Cilla. Berta's access is gone the same moment.
    worker.go(f"/pairs/{first}/wish/")
    worker.tile("party", "parent")
    worker.touch(worker.page.locator("button[name=kind][value=partner]"))
    staff.go(f"/pairs/{first}/change-partner/")
    choose(staff, "partner", "Cilla")
    staff.save()
    for path in ("", "changes/", "benefit/", "agreements/", "meetings/log/", "worry/"):
        berta.go(f"/pairs/{first}/{path}")
        berta.does_not_see("Meri")
        berta.does_not_see(GOAL)
    cilla = town.partner("Cilla")
    say(cilla, "yes")
    second = str(Relationship.objects.get(continues_id=first).pk)
    worker.go(f"/pairs/{second}/answer/")
    worker.tile("answer", "yes")
    worker.save()
    worker.go(f"/pairs/{second}/decide/")
    expect(worker.page.locator("[name=reference]")).to_have_value("LS-2026-7")
    decide(worker, second)
    hold_start_meeting(worker, second)

    # 10. Closed: with words about where support is found next. Feedback is asked, and Cilla can still give hers.
    worker.go(f"/pairs/{second}/end/")
    worker.fill("meeting_on", today().isoformat())
    worker.fill("next_support", SUPPORT)
    if worker.page.locator("[name=ended_by]").count():
        worker.tile("ended_by", "parent")
    press_on(worker)
    worker.go(f"/pairs/{second}/changes/")
    worker.sees(SUPPORT)
    worker.go(f"/pairs/{second}/")
    worker.sees(said("Ended"))
    cilla.go(f"/pairs/{second}/")
    cilla.does_not_see("Meri")
    cilla.go("/")
    cilla.link_to("/feedback/")
    cilla.does_not_see("Meri")
    cilla.tile("grade", "5")
    cilla.save()
    cilla.go("/")
    expect(cilla.page.locator("main a[href*='/feedback/']")).to_have_count(0)


def standing(town: People, status: str, *, account: bool = False):
    """A relationship in a state, between Aino and a parent of the worker."""
    parent = ParentFactory(
        first_name="Meri",
        social_worker=town.worker_record,
        user=user_in_role("parent", first_name="Meri", last_name="") if account else None,
    )
    return relationship_in(status, partner=town.partners["Aino"], request__parent=parent)


def test_refused_the_decision_is_negative(town):
    relationship = standing(town, "proposed", account=True)
    worker, parent = town.worker, town.browser(relationship.parent.user, desk=False)
    worker.go(f"/pairs/{relationship.pk}/decide/")
    worker.tile("outcome", "negative")
    worker.fill("reference", "LS-2026-9")
    worker.page.locator("[name=legal_ground]").select_option(index=1)
    worker.save()
    worker.sees(said("Negative decision"))
    parent.go(f"/pairs/{relationship.pk}/")
    parent.sees(said("The decision was negative"))
    aino = town.partner("Aino")
    aino.go(f"/pairs/{relationship.pk}/")
    aino.does_not_see("Meri")


def test_no_match_puts_the_request_back_into_the_queue(town):
    relationship = standing(town, "acquainting")
    say(town.partner("Aino"), "no")
    staff = town.staff
    staff.go("/requests/")
    staff.page.locator("main a", has_text="Meri").first.click()
    staff.sees(said("Waiting for an answer"))
    staff.go(f"/pairs/{relationship.pk}/")
    staff.sees(said("No match"))


def test_withdrawn_before_anybody_was_asked(town):
    ContactRequestFactory(parent=ParentFactory(first_name="Meri", social_worker=town.worker_record))
    worker = town.worker
    worker.go("/requests/")
    worker.page.locator("main a", has_text="Meri").first.click()
    worker.link_to("/withdraw/")
    press_on(worker)
    worker.sees(said("Withdrawn"))


def test_declined_one_of_the_two_steps_back_before_the_start(town):
    relationship = standing(town, "decided")
    worker, aino = town.worker, town.partner("Aino")
    worker.go(f"/pairs/{relationship.pk}/")
    worker.link_to("/step-back/")
    press_on(worker)
    worker.go(f"/pairs/{relationship.pk}/")
    worker.sees(said("Withdrawn before the decision"))
    aino.go(f"/pairs/{relationship.pk}/")
    aino.does_not_see("Meri")


def test_ended_early_by_the_parent_on_a_phone_without_a_reason(town):
    relationship = standing(town, "active", account=True)
    parent, aino = town.browser(relationship.parent.user, desk=False), town.partner("Aino")
    aino.go(f"/pairs/{relationship.pk}/")
    aino.sees("Meri")
    parent.go("/")
    parent.link(said("I want to stop or take a break"))
    press_on(parent)
    aino.page.reload()
    aino.does_not_see("Meri")
    parent.go(f"/pairs/{relationship.pk}/")
    parent.sees(said("Your meetings have ended"))
