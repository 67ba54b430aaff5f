"""Cohorts, sessions, trainers, enrolments."""

from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories.organisations import days
from training.models import (
    ApplicantLetter,
    ApplicantLink,
    Attendance,
    Cohort,
    CohortFeedback,
    Enrolment,
    Session,
    Trainer,
)
from training.states import CohortStatus, EnrolmentStatus


class TrainerFactory(DjangoModelFactory):
    """An external trainer, without an account."""

    class Meta:
        model = Trainer

    name = factory.Sequence(lambda n: f"Kouluttaja{n:06} Esimerkki")
    expertise = "lakimies"


class CohortFactory(DjangoModelFactory):
    """A running cohort of 100 hours; `recruiting=True` for one that anybody can apply to today."""

    class Meta:
        model = Cohort

    class Params:
        recruiting = factory.Trait(
            status=CohortStatus.RECRUITING,
            starts_on=days(60),
            ends_on=days(210),
            apply_from=days(-10),
            apply_until=days(20),
            places=12,
        )

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
    """Somebody attending a cohort; `applied=True` for somebody who waits for an answer, `completed=True` for
    somebody who has the training behind."""

    class Meta:
        model = Enrolment

    class Params:
        applied = factory.Trait(
            status=EnrolmentStatus.APPLIED, applied_on=days(-5), has_experience=True, is_settled=True
        )
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


class ApplicantLinkFactory(DjangoModelFactory):
    """An open link, whose letter has gone. `make_token()` gives its token."""

    class Meta:
        model = ApplicantLink

    enrolment = factory.SubFactory(EnrolmentFactory, applied=True)
    letter = ApplicantLetter.RECEIVED
    sent_to = factory.SelfAttribute("enrolment.email")
    expires_at = factory.LazyFunction(ApplicantLink.default_expiry)
    letter_sent_at = factory.LazyFunction(timezone.now)


class CohortFeedbackFactory(DjangoModelFactory):
    class Meta:
        model = CohortFeedback

    cohort = factory.SubFactory(CohortFactory)
    overall = 5
    peers = 4
    ready = 4
