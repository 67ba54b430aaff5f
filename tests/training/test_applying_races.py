"""Two and twenty who send at the same moment, on PostgreSQL: one application for one person (trust.md 2).

The cohort is held while the addresses are looked through; the last test takes the hold away and shows that then there
are more.
"""

import contextlib
import threading

import pytest

from kumppani.core.states import StatefulModel
from tests.factories.accounts import user_in_role
from tests.factories.training import CohortFactory, EnrolmentFactory
from tests.pairing.test_races import at_once
from tests.personas import Person
from training import services
from training.models import Cohort, Enrolment
from training.services import applying

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CROWDS = (2, 20)


def apply_to(cohort: Cohort, email: str = "sama@esimerkki.example"):
    """An act: somebody applies, having opened the form before."""

    def act():
        services.receive_application(
            cohort=Cohort.objects.get(pk=cohort.pk),
            email=email,
            first_name="Sama",
            last_name="Henkilö",
            language="fi",
        )

    return act


@pytest.mark.parametrize("crowd", CROWDS)
def test_of_many_with_one_address_there_is_one(crowd):
    cohort = CohortFactory(recruiting=True)
    assert len(at_once([apply_to(cohort)] * crowd)) == crowd  # everybody gets the same friendly answer
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize("crowd", CROWDS)
def test_of_many_with_their_own_addresses_nobody_is_lost(crowd):
    cohort = CohortFactory(recruiting=True)
    at_once([apply_to(cohort, f"henkilo{number}@esimerkki.example") for number in range(crowd)])
    assert Enrolment.objects.count() == crowd


@pytest.mark.parametrize("_again", range(5))
def test_who_is_accepted_while_the_training_begins_attends(_again):
    """Control: do not hold the cohort in `accept_applicant`."""
    staff = Person("staff", user_in_role("staff"), "staff").actor
    cohort = CohortFactory(recruiting=True)
    person = EnrolmentFactory(cohort=cohort, applied=True)

    def accept():
        services.accept_applicant(
            enrolment=Enrolment.objects.select_related("cohort").get(pk=person.pk), by=staff
        )

    def start():
        services.start_cohort(cohort=Cohort.objects.get(pk=cohort.pk), by=staff)

    assert sorted(at_once([accept, start])) == [0, 1]
    person.refresh_from_db()
    assert person.status == "attending"


def test_without_the_hold_there_are_more(monkeypatch):
    cohort = CohortFactory(recruiting=True)
    looked = threading.Barrier(20)
    real = applying._add

    def slowly(*args, **kwargs):
        with contextlib.suppress(threading.BrokenBarrierError):
            looked.wait(20)
        return real(*args, **kwargs)

    monkeypatch.setattr(StatefulModel, "lock", lambda self, **kwargs: None)
    monkeypatch.setattr(applying, "_add", slowly)
    at_once([apply_to(cohort)] * 20)
    assert Enrolment.objects.count() == 20
