"""Assignments, who takes part, and fees."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tasks.models import (
    Assignment,
    AssignmentKind,
    Correction,
    CriminalRecordNote,
    Fee,
    FeeRule,
    MediaHit,
    MeetingTerms,
    Order,
    OrdererFeedback,
    OrderLink,
    OutreachEvent,
    Participation,
    PartnerTerms,
    PaymentBatch,
    PaymentRow,
    TravelClaim,
    TravelRate,
)
from tasks.payroll import checksum_of, rows_of
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


class CriminalRecordNoteFactory(DjangoModelFactory):
    """Seen today, for work with children that lasts long."""

    class Meta:
        model = CriminalRecordNote

    partner = factory.SubFactory(ExperiencePartnerFactory)
    kind = factory.SubFactory(AssignmentKindFactory, with_minors=True, engagement="paid_long")
    issued_on = days(-20)
    seen_on = days(0)


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
    """A fee to be claimed, for a done participation; `claimed=True`, `approved=True` and `exported=True` for later.

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
        approved = factory.Trait(
            claimed=True,
            status=PayStatus.APPROVED,
            approved_by=factory.LazyFunction(lambda: user_in_role("staff")),
            approved_at=factory.LazyFunction(timezone.now),
        )
        exported = factory.Trait(
            approved=True,
            status=PayStatus.EXPORTED,
            batch=factory.SubFactory("tests.factories.tasks.PaymentBatchFactory"),
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


class OrderFactory(DjangoModelFactory):
    """An organisation's order by the public form, waiting in the queue."""

    class Meta:
        model = Order

    organisation_name = factory.Sequence(lambda n: f"Tilaajan kunta {n:06}")
    contact_name = "Tiina Tilaaja"
    contact_email = factory.Sequence(lambda n: f"tilaaja{n:06}@esimerkki.example")
    title = factory.Sequence(lambda n: f"Puheenvuoro tilattuna {n:06}")
    date = days(30)
    hours = Decimal(2)
    payer = "project"
    received_on = days(-3)


class OrderLinkFactory(DjangoModelFactory):
    """A link that is open; `make_token()` gives the token."""

    class Meta:
        model = OrderLink

    order = factory.SubFactory(OrderFactory)
    letter = "received"
    sent_to = factory.SelfAttribute("order.contact_email")
    expires_at = factory.LazyFunction(OrderLink.default_expiry)


class OrdererFeedbackFactory(DjangoModelFactory):
    """What the orderer thinks of a done assignment."""

    class Meta:
        model = OrdererFeedback

    assignment = factory.SubFactory(AssignmentFactory, status="done", date=days(-5))
    grade = 5
    words = "Puhutteli koko tiimiä"


class OutreachEventFactory(DjangoModelFactory):
    """A team meeting last week; `partners=[…]` for who was there."""

    class Meta:
        model = OutreachEvent
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    municipality = "Esimerkkilä"
    kind = "team"
    date = days(-7)
    hours = Decimal("1.5")
    audience_kind = "workers"
    audience_size = 12

    @factory.post_generation
    def partners(self, create, extracted):
        if create and extracted:
            self.partners.set(extracted)


class MediaHitFactory(DjangoModelFactory):
    class Meta:
        model = MediaHit

    date = days(-10)
    medium = "Esimerkkilän Sanomat"
    kind = "local"
    title = "Vertainen kulkee rinnalla"


class PartnerTermsFactory(DjangoModelFactory):
    """Paid as a wage, without a ceiling."""

    class Meta:
        model = PartnerTerms

    partner = factory.SubFactory(ExperiencePartnerFactory)


class MeetingTermsFactory(DjangoModelFactory):
    """The meetings of a grant's relationships are paid by the hour; `relationship=…, of_grant=None` for one only."""

    class Meta:
        model = MeetingTerms

    of_grant = factory.SubFactory(GrantFactory)
    is_paid = True
    payer = "project"
    grant = factory.SelfAttribute("of_grant")
    unit = "hour"
    amount = Decimal("20.00")
    valid_from = days(-100)


class TravelRateFactory(DjangoModelFactory):
    """Invented: 0.50 € a kilometre, from a year ago on."""

    class Meta:
        model = TravelRate

    kind = "km"
    amount = Decimal("0.50")
    valid_from = days(-365)
    source = "Testin oma luku"


class TravelClaimFactory(DjangoModelFactory):
    """Yesterday, 100 km by one's own car at 0.50 €, claimed by the partner; `approved=True` for one to be paid."""

    class Meta:
        model = TravelClaim

    class Params:
        approved = factory.Trait(
            status=PayStatus.APPROVED,
            approved_by=factory.LazyFunction(lambda: user_in_role("staff")),
            approved_at=factory.LazyFunction(timezone.now),
        )

    partner = factory.SubFactory(ExperiencePartnerFactory)
    grant = factory.SubFactory(GrantFactory)
    departs_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    minutes = 180
    route = "Esimerkkilä–Mallila–Esimerkkilä"
    purpose = "Työryhmän kokous"
    vehicle = "own_car"
    km = Decimal(100)
    km_rate = Decimal("0.50")
    km_amount = Decimal("50.00")
    per_diem_amount = Decimal(0)
    total = Decimal("50.00")
    claimed_by = factory.LazyAttribute(lambda o: o.partner.user or user_in_role("partner"))
    claimed_at = factory.LazyFunction(timezone.now)


class PaymentBatchFactory(DjangoModelFactory):
    """A batch made today. It holds nothing yet: `FeeFactory(exported=True, batch=…)` lies in it."""

    class Meta:
        model = PaymentBatch

    # After those that the service has made: it counts on.
    number = factory.LazyFunction(lambda: PaymentBatch.objects.count() + 1)
    made_by = factory.LazyFunction(lambda: user_in_role("staff"))
    items = 1
    total = Decimal("100.00")
    checksum = "0" * 64


class CorrectionFactory(DjangoModelFactory):
    """Ten euros more for a fee that has been sent to be paid; made by staff, waiting for another person."""

    class Meta:
        model = Correction

    fee = factory.SubFactory(FeeFactory, exported=True)
    partner = factory.SelfAttribute("fee.partner")
    payer = factory.SelfAttribute("fee.payer")
    grant = factory.SelfAttribute("fee.grant")
    amount = Decimal("10.00")
    because = "Tunti jäi puuttumaan"
    claimed_by = factory.LazyFunction(lambda: user_in_role("staff"))
    claimed_at = factory.LazyFunction(timezone.now)


def sealed_batch(items: list, *, made_by) -> PaymentBatch:
    """A batch with its rows and its seal, in which these approved items lie; nothing is written in the audit trail."""
    rows = rows_of(items, {})
    batch = PaymentBatchFactory.build(made_by=made_by, items=len(items), total=sum(row.total for row in rows))
    batch.checksum = checksum_of(batch.number, batch.made_on, rows)
    batch.save(force_insert=True)
    for row in rows:
        row.batch = batch
    PaymentRow.objects.bulk_create(rows)
    for item in items:
        type(item).objects.filter(pk=item.pk).update(status=PayStatus.EXPORTED, batch=batch)
        item.refresh_from_db()
    return batch
