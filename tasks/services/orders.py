"""Orders: received, taken on or declined, followed by a one-purpose link, agreed to, looked back on (A25, A31, A32).

Who holds a link is no user: what such a person does is written in the audit trail without an actor.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import AlreadyMoved, MoveRefused
from kumppani.notices.kinds import notify, staff_users
from kumppani.organisations.models import Organisation
from kumppani.organisations.services import save_organisation
from pairing.models import ExperiencePartner
from tasks.models import AgreedHow, Assignment, Letter, Order, OrdererFeedback, OrderLink
from tasks.services.assignments import record_assignment
from tasks.states import AssignmentStatus, OrderStatus, ParticipationStatus
from tasks.tasks import send_order_letter


# --- coming in ---------------------------------------------------------------------------------------------
@transaction.atomic
def receive_order(*, partners: Iterable[ExperiencePartner] = (), **facts) -> Order:
    """What an organisation has sent by the public form waits in the staff's queue (A31); its contact gets a letter."""
    order = Order(received_on=today(), **facts)
    order.full_clean()
    order.save(force_insert=True)
    order.partners.set(partners)
    record(None, Action.CREATE, order)
    notify(staff_users(), role=Role.STAFF, kind="order_waiting", about=order)
    send_link(order=order, letter=Letter.RECEIVED)
    return order


@transaction.atomic
def take_order(
    *,
    order: Order,
    by,
    organisation: Organisation | None = None,
    new_organisation: dict | None = None,
    **facts,
) -> Assignment:
    """Staff take an order on: it becomes an assignment, and its contact gets a letter.

    `new_organisation`: `name` and `kind`, for one that is not on our list yet. `facts`: those of the assignment.
    """
    order.lock()
    if not order.can_answer(by):
        raise MoveRefused(_("This order has been answered already."))
    if organisation is None:
        organisation = save_organisation(organisation=Organisation(**(new_organisation or {})), by=by)
    assignment = record_assignment(by=by, order=order, organisation=organisation, **facts)
    order.move_to(OrderStatus.TAKEN, by=by, organisation=organisation)
    has_sum = assignment.waits_for_orderer and assignment.orderer_amount is not None
    send_link(order=order, letter=Letter.AGREE if has_sum else Letter.TAKEN, by=by)
    return assignment


@transaction.atomic
def decline_order(*, order: Order, because: str, by) -> None:
    """Staff say no, with words that go into the letter."""
    order.lock()
    if not order.can_answer(by):
        raise MoveRefused(_("This order has been answered already."))
    order.move_to(OrderStatus.DECLINED, by=by, declined_because=because)
    send_link(order=order, letter=Letter.DECLINED, by=by)


@transaction.atomic
def withdraw_order(*, order: Order) -> None:
    """The contact takes the order back, as long as nobody has answered it."""
    order.lock(moved_is_fine=True)
    if not order.waits:
        raise MoveRefused(_("This order has been answered already. Write to us if something has changed."))
    order.move_to(OrderStatus.WITHDRAWN, by=None)
    notify(staff_users(), role=Role.STAFF, kind="order_withdrawn", about=order)


# --- the contact -------------------------------------------------------------------------------------------
@transaction.atomic
def add_contact(
    *, assignment: Assignment, contact_name: str, contact_email: str, contact_phone: str, language: str, by
) -> Order:
    """The contact of an assignment that came by telephone, so that she or he can follow it and give feedback."""
    assignment.lock(moved_is_fine=True)
    if assignment.order_id is not None:
        raise MoveRefused(_("This assignment has a contact already."))
    order = Order(
        recorded_by_staff=True,
        status=OrderStatus.TAKEN,
        received_on=today(),
        organisation_name=assignment.organisation.name,
        contact_name=contact_name,
        contact_email=contact_email,
        contact_phone=contact_phone,
        language=language,
        **{
            name: getattr(assignment, name)
            for name in (
                "organisation",
                "title",
                "date",
                "starts_at",
                "hours",
                "place",
                "audience",
                "audience_size",
                "partners_wanted",
                "target",
                "payer",
            )
        },
    )
    order.full_clean()
    order.save(force_insert=True)
    record(by, Action.CREATE, order)
    assignment.order = order
    assignment.save(update_fields=["order", "updated_at"])
    record(by, Action.CHANGE, assignment, fields_changed=["order"])
    if assignment.status == AssignmentStatus.DONE:
        tell_orderer(assignment=assignment, letter=Letter.FEEDBACK, by=by)
    elif assignment.status == AssignmentStatus.AGREED:
        tell_orderer(assignment=assignment, letter=Letter.CONFIRMED, by=by)
    else:
        tell_orderer(assignment=assignment, letter=Letter.AGREE, by=by)
    return order


@transaction.atomic
def change_contact(*, order: Order, by, seen_version: int, **facts) -> None:
    """Another person or address for the letters. Links sent to the old address stop; the new one gets a fresh one.

    Raises `AlreadyMoved` when somebody has saved since `seen_version`.
    """
    before = Order.objects.values_list("contact_email", flat=True).get(pk=order.pk)
    for name, value in facts.items():
        setattr(order, name, value)
    order.full_clean()
    if not order.save_as_version(seen_version, fields=list(facts)):
        raise AlreadyMoved
    record(by, Action.CHANGE, order, fields_changed=list(facts))
    if order.contact_email != before:
        send_link(order=order, letter=Letter.RENEWED, by=by)


# --- letters and links -------------------------------------------------------------------------------------
@transaction.atomic
def send_link(*, order: Order, letter: str, by=None) -> OrderLink:
    """Queue a letter with a fresh link to the order's contact. It leaves if and only if the deed is done."""
    link = OrderLink.objects.create(
        order=order, letter=letter, sent_to=order.contact_email, expires_at=OrderLink.default_expiry()
    )
    record(by, Action.CREATE, link, detail=letter)
    send_order_letter.enqueue(str(link.pk))
    return link


@transaction.atomic
def tell_orderer(*, assignment: Assignment, letter: str, by=None) -> OrderLink | None:
    """Tell the contact of an assignment what has become of it. Without a contact, or with nothing to tell: nothing.

    `AGREE` goes only while the orderer's yes to a sum is waited for, `FEEDBACK` only until there is one.
    """
    if assignment.order_id is None:
        return None
    if letter == Letter.AGREE and not (
        assignment.waits_for_orderer and assignment.orderer_amount is not None
    ):
        return None
    if letter == Letter.FEEDBACK and OrdererFeedback.objects.filter(assignment=assignment).exists():
        return None
    return send_link(order=assignment.order, letter=letter, by=by)


@transaction.atomic
def renew_link(*, token_hash: str) -> OrderLink | None:
    """A fresh link to the address on file, for a link that has only grown too old. For any other: nothing."""
    link = OrderLink.find(token_hash)
    if link is None or not link.can_renew:
        return None
    return send_link(order=link.order, letter=Letter.RENEWED)


# --- the fee that the orderer pays ---------------------------------------------------------------------------
@transaction.atomic
def agree_fee_by_link(*, link: OrderLink, amount: Decimal | None = None) -> None:
    """The contact agrees to what the organisation pays (R7); the staff hear of it.

    `amount`: the sum that stood on the page; another one in the meantime has not been agreed to.
    """
    assignment = Assignment.objects.filter(order_id=link.order_id).first()
    if assignment is None:
        raise MoveRefused(_("There is no sum to agree to yet."))
    _agree(assignment, AgreedHow.LINK, by=None, amount=amount)
    notify(staff_users(), role=Role.STAFF, kind="orderer_agreed", about=assignment)


@transaction.atomic
def agree_fee_told(*, assignment: Assignment, by) -> None:
    """The orderer has agreed on the telephone or by e-mail; staff write it down."""
    _agree(assignment, AgreedHow.STAFF, by=by)


def _agree(assignment: Assignment, how: AgreedHow, *, by, amount: Decimal | None = None) -> None:
    """Once, while the assignment is still to come, and to the sum that is there now.

    By the link until the day itself; what was said on the telephone in time may be written down later.
    """
    assignment.lock(moved_is_fine=True)
    if not assignment.is_coming or assignment.orderer_amount is None:
        raise MoveRefused(_("There is no sum to agree to now."))
    if not assignment.waits_for_orderer:
        raise MoveRefused(_("The sum has been agreed to already."))
    if how == AgreedHow.LINK and assignment.day_is_over:
        raise MoveRefused(
            _(
                "The day is over, so the sum can no longer be agreed to here. Write to us if something is unclear."
            )
        )
    if amount is not None and amount != assignment.orderer_amount:
        raise MoveRefused(_("The sum has changed a moment ago. Look at it again and decide anew."))
    facts = {"orderer_agreed_on": today(), "orderer_agreed_how": how}
    Assignment.objects.filter(pk=assignment.pk).update(**facts, version=F("version") + 1)
    assignment.refresh_from_db()
    record(by, Action.CHANGE, assignment, fields_changed=list(facts))


# --- looking back ------------------------------------------------------------------------------------------
@transaction.atomic
def give_orderer_feedback(
    *, link: OrderLink, grade: int, words: str = "", quote_consent: bool = False
) -> OrdererFeedback:
    """What the orderer thinks of a done assignment, once. Staff and the partners who took part read it (A25, A32)."""
    assignment = Assignment.objects.filter(order_id=link.order_id).first()
    if assignment is None:
        raise MoveRefused(_("Feedback is asked when the assignment has been done."))
    assignment.lock(moved_is_fine=True)
    if assignment.status != AssignmentStatus.DONE:
        raise MoveRefused(_("Feedback is asked when the assignment has been done."))
    if OrdererFeedback.objects.filter(assignment=assignment).exists():
        raise MoveRefused(_("Your feedback has come already. Thank you!"))
    feedback = OrdererFeedback(assignment=assignment, grade=grade, words=words, quote_consent=quote_consent)
    feedback.full_clean()
    feedback.save(force_insert=True)
    record(None, Action.CREATE, feedback)
    notify(staff_users(), role=Role.STAFF, kind="orderer_feedback", about=assignment)
    took_part = assignment.participations.filter(status=ParticipationStatus.DONE).select_related(
        "partner__user"
    )
    notify(
        [part.partner.user for part in took_part],
        role=Role.PARTNER,
        kind="orderer_feedback",
        about=assignment,
    )
    return feedback
