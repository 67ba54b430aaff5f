"""What somebody else at the same inbox could read: nothing."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from kumppani.accounts.letters import invitation_letter, password_reset_letter
from kumppani.core.letters import letter
from kumppani.notices.kinds import KINDS
from kumppani.notices.letters import notice_letter
from kumppani.notices.models import Notice
from tests.factories.accounts import InvitationFactory, user_in_role
from tests.mail import words_of

pytestmark = pytest.mark.django_db

# Parts of words, in the three languages, that would tell what the service is about.
TELLING = (
    "child protection|welfare|client|parent|social work|peer support|partner|relationship|"
    "lastensuojelu|asiakas|vanhem|vertais|sosiaali|kumppan|tukisuh|"
    "barnskydd|klient|föräld|socialarb|kamratst|"
    "kokemusasiantuntij|erfarenhet"
)
LANGUAGES = ["fi", "sv", "en"]


def all_letters(language: str) -> list:
    user = user_in_role("parent", language=language, first_name="Ville", last_name="Salainen")
    invitation = InvitationFactory(user=user)
    notices = [Notice(recipient=user, role="parent", kind=kind) for kind in KINDS]
    return [
        *(notice_letter(notice) for notice in notices),
        invitation_letter(invitation, invitation.make_token()),
        password_reset_letter(user),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_tells_anything(language, settings):
    for made in all_letters(language):
        # The service's own address is the operator's to choose; a neutral one is asked for in .env.example.
        words = words_of(made).replace(settings.BASE_URL, "")
        assert re.findall(TELLING, words, re.IGNORECASE) == []
        assert "Ville" not in words
        assert "Salainen" not in words


def test_the_control_sees_a_telling_word():
    assert re.findall(TELLING, "Kumppanisi vastasi", re.IGNORECASE)


def test_every_kind_of_notice_gets_the_same_letter():
    user = user_in_role("staff")
    words = {
        words_of(notice_letter(Notice(recipient=user, role="staff", kind=kind))) for kind in ("one", "two")
    }
    assert len(words) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_written_in_the_receivers_language_whatever_the_workers_is(language):
    user = user_in_role("staff", language=language)
    with translation.override("en"):
        made = notice_letter(Notice(recipient=user, role="staff", kind="any"))
    html = made.alternatives[0].content
    assert f'<html lang="{language}">' in html
    with translation.override(language):
        assert made.subject == translation.gettext("There is something for you")


def test_the_sender_is_the_neutral_one(settings):
    settings.DEFAULT_FROM_EMAIL = "no-reply@neutral.example"
    for made in all_letters("fi"):
        made.send()
    assert {sent.from_email for sent in mail.outbox} == {"no-reply@neutral.example"}


def test_links_lead_to_this_service_only(settings):
    notice, *_others = [made for made in all_letters("fi") if made][-3:-2] or all_letters("fi")
    for made in [notice, *all_letters("sv")]:
        links = re.findall(r"https?://[^\s\"<]+", words_of(made))
        assert links
        assert all(link.startswith(settings.BASE_URL + "/") for link in links)


def test_plain_and_html_carry_the_same_link():
    invitation = InvitationFactory()
    token = invitation.make_token()
    made = invitation_letter(invitation, token)
    link = f"https://kumppani.example{reverse('invitation_open', args=[token])}"
    assert made.body.count(link) == 1
    assert f'<a href="{link}">' in made.alternatives[0].content


def test_an_address_cannot_add_a_header():
    with pytest.raises(ValueError, match="newline"):
        letter("notices/notice", address="a@b.example\nBcc: c@d.example", language="fi", link="/").message()


def test_plain_text_keeps_its_characters():
    made = letter("notices/notice", address="a@b.example", language="fi", link="https://x.example/?a=1&b=2")
    assert "https://x.example/?a=1&b=2" in made.body
    assert "a=1&amp;b=2" in made.alternatives[0].content
