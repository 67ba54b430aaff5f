"""Users and the roles they hold. Nothing random: what differs comes from a sequence."""

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from kumppani.accounts.models import Invitation, RoleGrant, User

PASSWORD = "kaunis-syksyinen-polku"


class UserFactory(DjangoModelFactory):
    """A user who can sign in with `PASSWORD` and holds no role."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"henkilo{n:06}@esimerkki.example")
    first_name = factory.Sequence(lambda n: f"Henkilö{n:06}")
    last_name = "Esimerkki"
    language = "fi"
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = "staff"


class InvitationFactory(DjangoModelFactory):
    """An open invitation without a link yet: `make_token()` makes one."""

    class Meta:
        model = Invitation

    user = factory.SubFactory(UserFactory, password=factory.LazyFunction(lambda: make_password(None)))
    expires_at = factory.LazyFunction(Invitation.default_expiry)


def user_in_role(role: str, *, organisation=None, **fields) -> User:
    """A user who holds one role."""
    user = UserFactory(**fields)
    RoleGrantFactory(user=user, role=role, organisation=organisation)
    return user
