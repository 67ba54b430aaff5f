"""The street side as a whole: leaving comes first, titles and addresses tell nothing, everything is from here."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.pairing import CommitmentTextFactory, ready_partner, show

pytestmark = pytest.mark.django_db

TITLES = {
    "home": "Welcome",
    "about": "Information",
    "about_parents": "Information",
    "about_workers": "Information",
    "about_organisations": "Information",
    "principles": "Information",
    "directory": "People",
    "directory_partner": "People",
    "contact": "Message",
    "contact_to": "Message",
    "contact_sent": "Thank you",
}
OF_A_PARTNER = ("directory_partner", "contact_to")
# What begins with one of these takes the keyboard.
FOCUSABLE = re.compile(
    r"<(?:a\s[^>]*href|button|summary|select|textarea|input(?![^>]*type=.hidden))", re.IGNORECASE
)


@pytest.fixture
def partner():
    CommitmentTextFactory(kind="principles", number=1, text_en="I listen\nMore than I advise.")
    return show(ready_partner(first_name="Aino"))


def drawn(name: str, partner, **query) -> str:
    arguments = [partner.public_id] if name in OF_A_PARTNER else []
    answer = Client(headers={"Accept-Language": "en"}).get(reverse(name, args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", TITLES)
class TestEveryPage:
    def test_leaving_is_the_first_thing_the_keyboard_meets(self, partner, name):
        body = drawn(name, partner).split("<body", 1)[1]
        first = body[FOCUSABLE.search(body).start() :]
        assert first.startswith('<button type="submit" class="leave-button"')
        assert f'action="{reverse("leave_quickly")}"' in body[: FOCUSABLE.search(body).start()]

    def test_its_title_tells_nothing(self, partner, name):
        title = re.search(r"<title>(.*?)</title>", drawn(name, partner), re.DOTALL)[1]
        assert " ".join(title.split()) == f"{TITLES[name]} · Kumppani"

    def test_its_address_tells_nothing(self, partner, name):
        address = reverse(name, args=[partner.public_id] if name in OF_A_PARTNER else [])
        assert [word for word in ("partner", "parent", "child", "protect") if word in address] == []

    def test_it_has_one_first_heading_a_language_switch_and_the_way_to_sign_in(self, partner, name):
        text = drawn(name, partner)
        assert len(re.findall(r"<h1\b", text)) == 1
        assert (text.count('name="language" value='), f'href="{reverse("account_login")}"' in text) == (
            3,
            True,
        )

    def test_everything_is_from_here(self, partner, name):
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', drawn(name, partner)) == []

    def test_it_says_whom_to_call_when_it_is_urgent(self, partner, name):
        assert "Call 112" in drawn(name, partner)


@pytest.mark.parametrize("by", ["parent", "worker", "together"])
def test_a_form_says_when_an_answer_comes_and_who_reads_it(partner, by, settings):
    settings.REQUEST_ANSWER_WORKING_DAYS = 5
    text = drawn("contact", partner, by=by)
    assert ("within 5 working days" in text, "Only the project staff read this" in text) == (True, True)


def test_somebody_signed_in_finds_the_way_home_and_no_name_on_the_page(people):
    text = people.staff.client().get(reverse("about")).content.decode()
    assert (people.staff.user.first_name in text, reverse("account_login") in text) == (False, False)
    assert f'class="tool" href="{reverse("home")}"' in text


def test_a_message_to_a_partner_names_the_partner_only_with_consent():
    named, nameless = (
        show(ready_partner(first_name="Aino"), "first_name"),
        show(ready_partner(first_name="Ulla"), "area"),
    )
    assert "Aino" in drawn("contact_to", named, by="parent")
    assert "Ulla" not in drawn("contact_to", nameless, by="parent") + drawn("directory_partner", nameless)
