"""What the pilot season's work was worth: how partners are paid, monthly payment batches, and what orderers said.

All sums, numbers and words are invented: no amounts are known (domain 3.2).
"""

import datetime
from decimal import Decimal

from django.utils import timezone

from kumppani.core.models import StatusChange
from kumppani.home.demo.assignments import DEVELOPING, Ledger
from kumppani.home.demo.book import at, demo_id, working_day, write
from kumppani.home.demo.partners import Partners
from kumppani.home.demo.people import STARTED, Cast
from kumppani.notices.models import Notice
from tasks import services
from tasks.models import (
    AssignmentKind,
    Fee,
    FeeRule,
    FeeUnit,
    MediaHit,
    OrdererFeedback,
    PartnerTerms,
    PaymentForm,
)
from tasks.states import AssignmentStatus

# The partners who are paid otherwise than by a wage.
OTHERWISE = {"Hannu": PaymentForm.BUSINESS, "Tarja": PaymentForm.INVOICING}
WITHOUT_TAX_CARD = {"Jarkko", "Saara"}
CEILINGS = {"Aino": Decimal(300), "Merja": Decimal(500)}
WISHES = {"Aino": ["lecturer", "panellist"], "Leo": ["trainer"], "Kaisa": ["working-group-member"]}

# kind, unit, euros, hours of preparation that are paid
RULES = [
    ("working-group-member", FeeUnit.HOUR, Decimal(24), Decimal(0)),
    ("panellist", FeeUnit.TASK, Decimal(80), Decimal(0)),
    ("lecturer", FeeUnit.HOUR, Decimal(40), Decimal(1)),
    ("trainer", FeeUnit.HALF_DAY, Decimal(160), Decimal(0)),
    ("recruitment-interviewer", FeeUnit.HOUR, Decimal(25), Decimal(0)),
    ("training-planner", FeeUnit.HOUR, Decimal(25), Decimal(0)),
]
GRADES = (5, 5, 4, 5, 5, 4, 5, 3, 5, 5)
WORDS = (
    "Puheenvuoro pysäytti koko tiimin.",
    "Saimme paljon ajateltavaa omista tavoistamme.",
    "",
    "Kokemus oli läsnä joka lauseessa. Kiitos!",
    "Hyvä keskustelu, aikaa olisi saanut olla enemmän.",
    "",
)
# day, medium, what kind of one, headline
MEDIA = [
    (datetime.date(2021, 2, 9), "Esimerkkimaakunnan Sanomat", "local", "Vertainen tietää, miltä se tuntuu"),
    (datetime.date(2021, 3, 18), "Sosiaalialan esimerkkilehti", "trade", "Kokemus työpariksi"),
    (datetime.date(2021, 4, 28), "Esimerkkiradio", "national", "Vanhempi vanhemman rinnalla"),
    (datetime.date(2021, 6, 3), "Lastensuojelun esimerkkijulkaisu", "trade", "Asiakkaasta kumppaniksi"),
]
# On these days of 2021 what had been approved was sent to be paid; payroll paid ten days later.
PAYDAYS = [datetime.date(2021, month, 5) for month in range(2, 9)]
TEN_DAYS = datetime.timedelta(days=10)


def settle_terms(partners: Partners) -> None:
    """How each partner is paid, and what some of them wish for."""
    kinds = {kind.code: kind for kind in AssignmentKind.objects.all()}
    rows = [
        PartnerTerms(
            pk=demo_id("terms", partner.pk),
            partner=partner,
            payment_form=OTHERWISE.get(name, PaymentForm.WAGE),
            tax_card_on_file=name not in OTHERWISE and name not in WITHOUT_TAX_CARD,
            payee_no=str(1001 + number),
            monthly_ceiling=CEILINGS.get(name),
            created_at=at(partner.taken_in_on, 14),
        )
        for number, (name, partner) in enumerate(partners.by_name.items())
    ]
    write(rows)
    for row in rows:
        wished = WISHES.get(row.partner.first_name, [])
        row.wished_kinds.set([kinds[code] for code in wished])


def set_fee_rules() -> None:
    """Invented amounts, so that the demo's offers suggest a fee."""
    kinds = {kind.code: kind for kind in AssignmentKind.objects.all()}
    write(
        FeeRule(
            pk=demo_id("fee rule", code),
            kind=kinds[code],
            unit=unit,
            amount=amount,
            preparation_hours=preparation,
            valid_from=STARTED,
            created_at=at(STARTED),
        )
        for code, unit, amount, preparation in RULES
    )


def hear_orderers(book: Ledger) -> None:
    """Two of three orderers of developing work have said how it went (A32), and the media took notice (A14)."""
    done = [
        each
        for each in book.assignments
        if each.status == AssignmentStatus.DONE and each.kind.code in DEVELOPING
    ]
    write(
        OrdererFeedback(
            pk=demo_id("feedback", assignment.pk),
            assignment=assignment,
            grade=GRADES[number % len(GRADES)],
            words=WORDS[number % len(WORDS)],
            quote_consent=bool(WORDS[number % len(WORDS)]) and number % 2 == 0,
            created_at=at(assignment.date + datetime.timedelta(days=3), 15),
        )
        for number, assignment in enumerate(done)
        if number % 3 != 1
    )
    write(
        MediaHit(
            pk=demo_id("media", day), date=day, medium=medium, kind=kind, title=title, created_at=at(day, 15)
        )
        for day, medium, kind, title in MEDIA
    )


def pay_season(cast: Cast) -> None:
    """The season's approved fees went to payroll month by month, and were paid."""
    since = timezone.now()
    for payday in PAYDAYS:
        day = working_day(payday, forward=True)
        fees = list(Fee.objects.to_collect().filter(approved_at__lt=at(day)).order_by("id"))
        if not fees:
            continue
        batch = services.collect_batch(by=cast.coordinator, fees=fees, travel=[], corrections=[], on=day)
        _happened(since, day, 13)
        since = timezone.now()
        services.pay_batch(batch=batch, by=cast.coordinator, on=day + TEN_DAYS)
        _happened(since, day + TEN_DAYS, 9)
        since = timezone.now()
    # These years back nobody has an unread notice about it.
    Notice.objects.filter(kind="fee_paid").update(read_at=timezone.now())


def _happened(since: datetime.datetime, day: datetime.date, hour: int) -> None:
    StatusChange.objects.filter(at__gte=since).update(at=at(day, hour))
