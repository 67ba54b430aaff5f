"""Assignments, who takes part, and fees."""

from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tasks.models import Assignment, AssignmentKind, Fee, FeeRule, Participation
from tasks.states import ParticipationStatus, PayStatus
from tests.factories.accounts import user_in_role
from tests.factories.organisations import GrantFactory, OrganisationFactory, days
from tests.factories.pairing import ExperiencePartnerFactory


class AssignmentKindFactory(DjangoModelFactory):
    class Meta:
        model = AssignmentKind

    code = factory.Sequence(lambda n: f"laji-{n:06}")
    name_fi = factory.Sequence(lambda n: f"Työryhmä {n:06}")
    name_sv = factory.Sequence(lambda n: f"Arbetsgrupp {n:06}")
    name_en = factory.Sequence(lambda n: f"Working group {n:06}")
    category = "development"


class AssignmentFactory(DjangoModelFactory):
    """Requested, in two weeks, paid by the project."""

    class Meta:
        model = Assignment

    kind = factory.SubFactory(AssignmentKindFactory)
    title = factory.Sequence(lambda n: f"Puheenvuoro {n:06}")
    organisation = factory.SubFactory(OrganisationFactory)
    date = days(14)
    hours = Decimal(2)
    payer = "project"
    grant = factory.SubFactory(GrantFactory)


class ParticipationFactory(DjangoModelFactory):
    """An offer that waits for its partner's answer."""

    class Meta:
        model = Participation

    assignment = factory.SubFactory(AssignmentFactory)
    partner = factory.SubFactory(ExperiencePartnerFactory)
    fee_amount = Decimal("100.00")
    fee_agreed_on = days(-1)


class FeeRuleFactory(DjangoModelFactory):
    class Meta:
        model = FeeRule

    kind = factory.SubFactory(AssignmentKindFactory)
    amount = Decimal("100.00")
    valid_from = days(-400)


class FeeFactory(DjangoModelFactory):
    """A fee to be claimed, for a done participation; `claimed=True` for one that waits for approval.

    The claimer is the partner's own user where there is one.
    """

    class Meta:
        model = Fee

    class Params:
        claimed = factory.Trait(
            status=PayStatus.CLAIMED,
            payment_form="wage",
            claimed_by=factory.LazyAttribute(lambda o: o.partner.user or user_in_role("partner")),
            claimed_at=factory.LazyFunction(timezone.now),
        )

    participation = factory.SubFactory(
        ParticipationFactory,
        status=ParticipationStatus.DONE,
        assignment__status="done",
        assignment__date=days(-2),
        fee_agreed_on=days(-9),
    )
    partner = factory.SelfAttribute("participation.partner")
    amount = factory.SelfAttribute("participation.fee_amount")
    payer = factory.SelfAttribute("participation.assignment.payer")
    grant = factory.SelfAttribute("participation.assignment.grant")
