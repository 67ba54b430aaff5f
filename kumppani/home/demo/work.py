"""What staff and partners are at today beside relationships: orders, assignments, fees, travel, outreach.

Each deed is done by its service; what it stamps with the present moment gets its own day afterwards.
"""

import datetime
from decimal import Decimal

from kumppani.accounts.roles import Role
from kumppani.home.demo.book import at
from kumppani.home.demo.organisations import COLLEGE, COUNTY
from tasks import services
from tasks.models import Assignment, AssignmentKind, DevelopmentTarget, FeeUnit, Order, OrderLink, Payer

ORDERER = {
    "contact_name": "Tiina Keksitty",
    "contact_email": "tiina.keksitty@esimerkki.example",
    "language": "fi",
}


def go_on(now) -> None:
    """`now` is the demo's present (`current.Present`)."""
    _done(now)
    _approved(now)
    _offered(now)
    _ordered(now)
    _to_confirm(now)
    _outreach(now)


def _done(now) -> None:
    """One fee to claim, one fee and one journey to approve."""
    aino, leo = (now.cast.acting(name, Role.PARTNER) for name in ("Aino", "Leo"))
    done = _assignment(
        now, "lecturer", "Mitä vanhempi toivoo ensitapaamiselta", COLLEGE, now.ago(8), Decimal(2)
    )
    fees = _carry_out(now, done, [aino, leo], Decimal(120), asked=25)
    services.claim_fee(fee=fees["Leo"], by=leo)
    now.happened(6, fees["Leo"], claimed_at=at(now.ago(6), 10))
    journey = services.claim_travel(
        by=leo,
        partner=now.partners.named("Leo"),
        participation=fees["Leo"].participation,
        departs_at=at(done.date, 8, 30),
        minutes=7 * 60,
        route="Turku–Salo–Turku",
        purpose=done.title,
        vehicle="own_car",
        km=Decimal(110),
        is_far=True,
    )
    now.happened(6, journey, claimed_at=at(now.ago(6), 10, 5))
    now.unread |= {
        ("fee_to_claim", fees["Aino"].pk),
        ("fee_to_approve", fees["Leo"].pk),
        ("travel_to_approve", journey.pk),
    }


def _approved(now) -> None:
    """Two fees that wait for the next payment batch."""
    aino, kaisa = (now.cast.acting(name, Role.PARTNER) for name in ("Aino", "Kaisa"))
    done = _assignment(now, "panellist", "Kohtaamisen paneeli", COUNTY, now.ago(34), Decimal("1.5"), asked=50)
    for name, fee in _carry_out(now, done, [aino, kaisa], Decimal(80), asked=48).items():
        services.claim_fee(fee=fee, by=now.cast.acting(name, Role.PARTNER))
        now.happened(32, fee, claimed_at=at(now.ago(32), 10))
        services.approve_fee(fee=fee, by=now.cast.second_coordinator)
        now.happened(30, fee, approved_at=at(now.ago(30), 10))


def _offered(now) -> None:
    """One offer to answer."""
    ahead = _assignment(now, "panellist", "Perhekeskuspäivän paneeli", COUNTY, now.in_(9), Decimal("1.5"))
    offer = services.offer(
        assignment=ahead,
        partner=now.partners.named("Leo"),
        fee_amount=Decimal(80),
        by=now.staff,
        on=now.ago(2),
    )
    now.happened(5, ahead)
    now.happened(2, offer)
    now.unread.add(("assignment_offered", offer.pk))


def _ordered(now) -> None:
    """An order by the public form waits for its answer."""
    order = services.receive_order(
        partners=[now.partners.named("Aino")],
        organisation_name="Esimerkkilän perhekeskus (keksitty)",
        title="Puheenvuoro perhekeskuksen kehittämispäivään",
        words="Toivomme puheenvuoroa siitä, millainen kohtaaminen auttaa luottamaan.",
        date=now.in_(30),
        starts_at=datetime.time(13, 0),
        hours=Decimal(2),
        place="Perhekeskuksen sali",
        audience="Perhekeskuksen työntekijät",
        audience_size=25,
        target=DevelopmentTarget.WAYS_OF_WORKING,
        payer=Payer.ORDERER,
        **ORDERER,
    )
    _received(now, order, 3)
    now.unread.add(("order_waiting", order.pk))


def _to_confirm(now) -> None:
    """An order has been taken on, its orderer has agreed to the sum, and its partner has said yes."""
    order = services.receive_order(
        organisation_name=COLLEGE,
        title="Paneeli sosionomiopiskelijoille",
        date=now.in_(16),
        starts_at=datetime.time(9, 30),
        hours=Decimal("1.5"),
        place="Oppilaitoksen auditorio",
        audience="Sosionomiopiskelijat",
        audience_size=40,
        payer=Payer.ORDERER,
        **ORDERER,
    )
    _received(now, order, 12)
    kinds = {kind.code: kind for kind in AssignmentKind.objects.all()}
    assignment = services.take_order(
        order=order,
        by=now.staff,
        organisation=now.payers.named(COLLEGE),
        kind=kinds["panellist"],
        payer=Payer.ORDERER,
        grant=None,
        orderer_amount=Decimal(100),
        **{
            name: getattr(order, name)
            for name in ("title", "date", "starts_at", "hours", "place", "audience", "audience_size")
        },
    )
    now.happened(10, order)
    services.agree_fee_told(assignment=assignment, by=now.staff)
    now.happened(10, assignment, orderer_agreed_on=now.ago(8))
    kaisa = now.cast.acting("Kaisa", Role.PARTNER)
    offer = services.offer(
        assignment=assignment,
        partner=now.partners.named("Kaisa"),
        fee_amount=Decimal(80),
        fee_unit=FeeUnit.TASK,
        by=now.staff,
        on=now.ago(7),
    )
    now.happened(7, offer)
    services.answer_offer(participation=offer, yes=True, by=kaisa)
    now.happened(4, offer)
    now.unread.add(("assignment_answered", assignment.pk))


def _outreach(now) -> None:
    """A team meeting last week, and a fair that is coming."""
    facts = {"grant": now.payers.present, "by": now.staff}
    services.record_outreach(
        organisation=now.county,
        municipality="Turku",
        kind="team",
        title="Lastensuojelun avohuollon tiimi",
        date=now.ago(6),
        starts_at=datetime.time(9, 0),
        hours=Decimal("1.5"),
        audience_kind="workers",
        audience_size=11,
        partners=[now.partners.named("Aino")],
        **facts,
    )
    services.record_outreach(
        organisation=now.payers.named(COLLEGE),
        municipality="Turku",
        kind="fair",
        title="Sosiaalialan esimerkkimessut",
        date=now.in_(12),
        starts_at=datetime.time(10, 0),
        hours=Decimal(6),
        audience_kind="students",
        partners=[now.partners.named("Leo"), now.partners.named("Kaisa")],
        **facts,
    )


def _received(now, order: Order, days_ago: int) -> None:
    now.happened(days_ago, order, received_on=now.ago(days_ago))
    # The demo sends no letters to invented people: theirs have left long ago.
    sent = at(now.ago(days_ago), 9, 5)
    OrderLink.objects.filter(order=order).update(
        created_at=sent, letter_sent_at=sent, expires_at=sent + datetime.timedelta(days=14)
    )
    order.refresh_from_db()


def _carry_out(now, assignment, partners, fee: Decimal, *, asked: int) -> dict:
    """Asked, said yes, confirmed, done. Returns the fees by the partner's first name.

    A yes comes on the day itself at the latest, so the day is today until everybody has said it.
    """
    day = assignment.date
    _falls_on(assignment, now.today)
    for partner in partners:
        participation = services.offer(
            assignment=assignment,
            partner=now.partners.named(partner.user.first_name),
            fee_amount=fee,
            by=now.staff,
            on=now.ago(asked),
        )
        services.answer_offer(participation=participation, yes=True, by=partner)
        now.happened(asked - 2, participation)
    now.happened(asked + 1, assignment)
    assignment.refresh_from_db()
    services.confirm_assignment(assignment=assignment, by=now.staff)
    _falls_on(assignment, day)
    days_ago = (now.today - day).days
    now.happened(asked - 3, assignment)
    fees = services.complete_assignment(assignment=assignment, by=now.staff)
    now.happened(days_ago, assignment)
    for each in fees:
        now.happened(days_ago, each.participation)
        now.happened(days_ago, each)
    return {each.partner.first_name: each for each in fees}


def _falls_on(assignment: Assignment, day: datetime.date) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(date=day)
    assignment.refresh_from_db()


def _assignment(
    now, kind: str, title: str, organisation: str, day: datetime.date, hours: Decimal, *, asked: int = 28
):
    return services.record_assignment(
        by=now.staff,
        kind=AssignmentKind.objects.get(code=kind),
        title=title,
        organisation=now.payers.named(organisation),
        date=day,
        starts_at=datetime.time(10, 0),
        hours=hours,
        audience="Sosiaalialan opiskelijat" if organisation == COLLEGE else "Perhekeskusten henkilöstö",
        audience_size=24,
        target=DevelopmentTarget.WAYS_OF_WORKING,
        payer=Payer.PROJECT,
        grant=now.payers.present,
    )
