"""The words of these tests are the English ones, whatever the catalogues say."""

import pytest
from django.utils import translation

from kumppani.accounts.models import User


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def people(people):
    User.objects.update(language="en")
    return people
