import pytest

from tests.mail import serving


@pytest.fixture
def mail_server(settings):
    """A mail server that follows a script (tests/mail.py)."""
    with serving(settings) as server:
        yield server
