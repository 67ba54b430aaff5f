"""Organisations and grants."""

import datetime

import factory
from factory.django import DjangoModelFactory

from kumppani.core.dates import today
from kumppani.organisations.models import Grant, Organisation


def days(count: int):
    """A factory field: today plus so many days."""
    return factory.LazyFunction(lambda: today() + datetime.timedelta(days=count))


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Esimerkkilän kunta {n:06}")
    kind = "municipality"


class GrantFactory(DjangoModelFactory):
    """A grant whose term is running."""

    class Meta:
        model = Grant

    name = factory.Sequence(lambda n: f"Avustus {n:06}")
    funder = "Esimerkkirahasto"
    code = factory.Sequence(lambda n: f"AV-{n:06}")
    starts_on = days(-2000)
    ends_on = days(400)
