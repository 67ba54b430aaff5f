"""Cohorts, sessions, trainers, enrolments."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from tests.factories.organisations import days
from training.models import Attendance, Cohort, Enrolment, Session, Trainer
from training.states import CohortStatus, EnrolmentStatus


class TrainerFactory(DjangoModelFactory):
    """An external trainer, without an account."""

    class Meta:
        model = Trainer

    name = factory.Sequence(lambda n: f"Kouluttaja{n:06} Esimerkki")
    expertise = "lakimies"


class CohortFactory(DjangoModelFactory):
    """A running cohort of 100 hours."""

    class Meta:
        model = Cohort

    name = factory.Sequence(lambda n: f"Ryhmä {n:06}")
    starts_on = days(-100)
    ends_on = days(50)
    planned_hours = Decimal(100)
    status = CohortStatus.RUNNING


class SessionFactory(DjangoModelFactory):
    """A day of training. `trainers=[…]` sets its trainers."""

    class Meta:
        model = Session
        skip_postgeneration_save = True

    cohort = factory.SubFactory(CohortFactory)
    date = days(-60)
    hours = Decimal(6)
    theme = factory.Sequence(lambda n: f"Teema {n:06}")

    @factory.post_generation
    def trainers(self, create, extracted, **kwargs):
        if extracted:
            self.trainers.set(extracted)


class EnrolmentFactory(DjangoModelFactory):
    """Somebody attending a cohort; `completed=True` for somebody who has the training behind."""

    class Meta:
        model = Enrolment

    class Params:
        completed = factory.Trait(status=EnrolmentStatus.COMPLETED, completed_on=days(-40))

    cohort = factory.SubFactory(CohortFactory)
    first_name = factory.Sequence(lambda n: f"Osallistuja{n:06}")
    last_name = "Esimerkki"
    email = factory.Sequence(lambda n: f"osallistuja{n:06}@esimerkki.example")
    language = "fi"
    status = EnrolmentStatus.ATTENDING


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(SessionFactory)
    enrolment = factory.SubFactory(EnrolmentFactory, cohort=factory.SelfAttribute("..session.cohort"))
    hours = Decimal(6)
