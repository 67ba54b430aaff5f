"""A relationship and its people: the three, and somebody of the staff. Quicker to build than the whole family."""

from types import SimpleNamespace

from pairing.models import Relationship
from tests.factories.accounts import user_in_role
from tests.factories.pairing import ParentFactory, ready_partner, relationship_in
from tests.personas import Person

ROLES = ("staff", "worker", "partner", "parent")


def build_trio(status: str = "active", **options) -> SimpleNamespace:
    """`relationship` in this state, with `staff`, `worker`, `partner` and `parent` as persons who can sign in."""
    partner = ready_partner(user=user_in_role("partner", first_name="Paula"))
    parent = ParentFactory(first_name="Ville", user=user_in_role("parent", first_name="Ville", last_name=""))
    relationship = relationship_in(status, partner=partner, request__parent=parent, **options)
    return SimpleNamespace(
        relationship=relationship,
        staff=Person("staff", user_in_role("staff", first_name="Sanna"), "staff"),
        worker=Person("worker", parent.social_worker.user, "social_worker"),
        partner=Person("partner", partner.user, "partner"),
        parent=Person("parent", parent.user, "parent"),
    )


def fresh(relationship: Relationship) -> Relationship:
    """As the database has it now."""
    return Relationship.objects.with_people().with_start().get(pk=relationship.pk)


def token(client, url: str) -> str:
    """The submission token of the form on this page."""
    return client.get(url).context["form"].initial["submission"]


def send(client, url: str, **words):
    """Open the form and send it."""
    return client.post(url, {"submission": token(client, url)} | words)


def said(response) -> list[str]:
    """The sentences that the next page shows, read from the answer's own messages."""
    return [str(message) for message in response.wsgi_request._messages]
