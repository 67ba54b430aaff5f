"""A person with a browser: what the journeys share. It presses what a person presses and reads what a person reads."""

import re

from django.core import mail
from django.core.management import call_command
from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect


def said(msgid: str, language: str = "fi", **values) -> str:
    """A sentence of the interface in the person's language."""
    with override(language):
        text = gettext(msgid)
    return text % values if values else text


class Walker:
    """One person at one browser page. Counts touches, because a phone in a bus counts them too."""

    def __init__(self, page: Page, base: str):
        self.page = page
        self.base = base
        self.touches = 0

    # --- moving --------------------------------------------------------------------------------------------
    def go(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")

    def sign_in(self, email: str, password: str) -> None:
        """Through the form, as a person does."""
        self.go("/account/login/")
        self.fill_in_and_sign_in(email, password)

    def fill_in_and_sign_in(self, email: str, password: str) -> None:
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", password)
        self.page.press("[name=password]", "Enter")
        expect(self.page).not_to_have_url(re.compile("/account/login/"))

    # --- touching ------------------------------------------------------------------------------------------
    def touch(self, target: Locator) -> None:
        target.click()
        self.touches += 1

    def link(self, text: str) -> None:
        """Follow a link by its words."""
        self.touch(self.page.get_by_role("link", name=text).first)

    def link_to(self, part: str) -> None:
        """Follow the first link in the page's content whose address holds this."""
        self.touch(self.page.locator(f"main a[href*='{part}']").first)

    def button(self, text: str) -> None:
        self.touch(self.page.get_by_role("button", name=text).first)

    def save(self) -> None:
        """The form's own big button."""
        self.touch(self.page.locator("main form .form-actions button").first)

    def tile(self, name: str, value: str) -> None:
        """Touch a tile of a choice: its words, as a thumb does; the control itself lies under them."""
        identity = self.page.locator(f"input[name='{name}'][value='{value}']").get_attribute("id")
        self.touch(self.page.locator(f"label[for='{identity}']"))

    def tick(self, name: str) -> None:
        """Touch the first of a field's ticks, or the only one, by its words."""
        identity = self.page.locator(f"input[name='{name}']").first.get_attribute("id")
        self.touch(self.page.locator(f"label[for='{identity}']"))

    def fill(self, name: str, value: str) -> None:
        self.page.fill(f"[name='{name}']", value)

    def select(self, name: str, label: str) -> None:
        self.page.select_option(f"[name='{name}']", label=label)

    # --- reading -------------------------------------------------------------------------------------------
    def sees(self, text: str) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def does_not_see(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text)

    def sees_heading(self, text: str) -> None:
        expect(self.page.locator("h1")).to_have_text(text)


def letter_to(address: str) -> str:
    """The worker sends what is queued; the newest letter to this address. Returns the link in it."""
    call_command("worker", "--once")
    letters = [letter for letter in mail.outbox if letter.to == [address]]
    assert letters, f"no letter to {address}"
    return re.search(r"https?://\S+", letters[-1].body).group()


def choose_password(walker: Walker, address: str, password: str) -> None:
    """A new person follows the letter's link, chooses a password and signs in with it."""
    link = letter_to(address)
    walker.go(re.sub(r"^https?://[^/]+", "", link))
    walker.page.fill("[name=new_password1]", password)
    walker.page.fill("[name=new_password2]", password)
    walker.page.locator("main form button").first.click()
    expect(walker.page).to_have_url(re.compile("/account/login/"))
    walker.fill_in_and_sign_in(address, password)
