"""No identity code anywhere; an answer needs a number or an address."""

import pytest
from django.core.exceptions import ValidationError

from kumppani.core.validators import no_identity_code, phone_or_email


@pytest.mark.parametrize(
    "code", ["010190-123A", "Jonna 010190A123a", "(310299+999Y)", "010100 A 123K", "311290Y987M"]
)
def test_an_identity_code_is_refused(code):
    with pytest.raises(ValidationError):
        no_identity_code(code)


@pytest.mark.parametrize(
    "words", ["Jonna", "040 123 4567", "040-1234567", "+358401234567", "K-7XA2B", "1.1.2026", ""]
)
def test_other_words_are_let_through(words):
    assert no_identity_code(words) is None


@pytest.mark.parametrize(
    "value", ["040 123 4567", "+358 (0)40-1234567", "anna@esimerkki.example", " 112233 "]
)
def test_a_number_or_an_address_will_do(value):
    assert phone_or_email(value) is None


@pytest.mark.parametrize(
    "value", ["soita", "040", "anna@", "@esimerkki.example", "040 123 4567 iltaisin", "1" * 20, "\x00"]
)
def test_what_nobody_can_answer_to_is_refused(value):
    with pytest.raises(ValidationError):
        phone_or_email(value)
