"""Social workers stand in for each other, and hand a parent over: access moves at that moment (design.md 3)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.models import RoleGrant, User
from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.core.templatetags.kumppani import day
from kumppani.notices.kinds import notify
from pairing.models import ContactRequest, HandOver, Parent, Relationship, SocialWorker, Substitution


def record_of(grant: RoleGrant) -> SocialWorker:
    """The record of somebody who holds the role of a social worker, made when a colleague first turns to her or him."""
    worker, _created = SocialWorker.objects.select_related("user", "organisation").get_or_create(
        user_id=grant.user_id, organisation_id=grant.organisation_id
    )
    return worker


def is_at_work(worker: SocialWorker) -> bool:
    """Whether this person holds the role in this organisation now and may sign in."""
    grants = RoleGrant.objects.social_workers()
    return grants.filter(user_id=worker.user_id, organisation_id=worker.organisation_id).exists()


# --- somebody stands in --------------------------------------------------------------------------------------
@transaction.atomic
def set_substitute(
    *,
    worker: SocialWorker,
    substitute: SocialWorker,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by,
) -> Substitution:
    """A colleague of the same organisation acts for the social worker, from the first day to the last one.

    The colleague sees and does all that the social worker does, for these days only; the dates open and close it by
    themselves. Several colleagues may share the days.
    """
    if worker.user_id != by.user_id or worker.organisation_id != by.organisation_id:
        raise MoveRefused(_("Each social worker names the own substitute."))
    if substitute.organisation_id != worker.organisation_id or not is_at_work(substitute):
        raise ValidationError(
            {"substitute": _("Choose a colleague who works as a social worker in your organisation.")}
        )
    if ends_on < today():
        raise ValidationError({"ends_on": _("The last day is today or later.")})
    # Two forms sent at the same moment are looked at one after the other.
    SocialWorker.objects.select_for_update(of=("self",)).get(pk=worker.pk)
    same_days = Substitution.objects.filter(
        social_worker=worker, substitute=substitute, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).first()
    if same_days is not None:
        raise ValidationError(
            {
                "substitute": _("This colleague substitutes for you from %(first)s to %(last)s already.")
                % {"first": day(same_days.starts_on), "last": day(same_days.ends_on)}
            }
        )
    substitution = Substitution(
        social_worker=worker, substitute=substitute, starts_on=starts_on, ends_on=ends_on
    )
    substitution.full_clean()
    substitution.save(force_insert=True)
    record(by, Action.CREATE, substitution)
    notify([substitute.user], role=Role.SOCIAL_WORKER, kind="substitution_named", about=substitution)
    return substitution


@transaction.atomic
def end_substitution(*, substitution: Substitution, by) -> None:
    """The substitution is over at once: either of the two says so. Raises `MoveRefused` when it is over already."""
    substitution = (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("social_worker__user", "substitute__user")
        .filter(pk=substitution.pk)
        .first()
    )
    if substitution is None or substitution.ends_on < today():
        raise MoveRefused(_("This substitution is over already."))
    if not substitution.can_end(by):
        raise MoveRefused(_("The social worker or the substitute ends a substitution."))
    record(by, Action.CHANGE, substitution, fields_changed=["ends_on"])
    if substitution.starts_on < today():
        substitution.ends_on = today() - datetime.timedelta(days=1)
        substitution.save(update_fields=["ends_on", "updated_at"])
    else:
        substitution.delete()  # not one whole day of it has passed; the trail keeps that it was there
    for worker in (substitution.social_worker, substitution.substitute):
        if worker.user_id != by.user_id:
            notify([worker.user], role=Role.SOCIAL_WORKER, kind="substitution_over")


def acting_users(worker: SocialWorker) -> list[User]:
    """The social worker and whoever stands in today: those who are told what waits for the social worker."""
    running = Substitution.objects.running_on(today()).filter(social_worker=worker)
    substitutes = running.select_related("substitute__user")
    return [worker.user, *(substitution.substitute.user for substitution in substitutes)]


# --- a parent gets another social worker ---------------------------------------------------------------------
@transaction.atomic
def hand_over(*, parent: Parent, to: SocialWorker, by) -> HandOver:
    """The parent gets another social worker: all of the history goes along, and access moves with this deed.

    The own social worker hands over to a colleague of the same organisation, the staff to any social worker. An open
    start meeting and proposals go along as they stand; who made a decision, and in which organisation, stays.
    """
    parent = (
        Parent.objects.select_for_update(of=("self",))
        .select_related("user", "social_worker")
        .get(pk=parent.pk)
    )
    if not parent.can_hand_over(by):
        raise MoveRefused(_("A parent is handed over by the own social worker or by the project staff."))
    former = parent.social_worker
    if to.pk == former.pk:
        raise ValidationError({"to": _("Choose another social worker.")})
    if by.role == Role.SOCIAL_WORKER and to.organisation_id != former.organisation_id:
        raise ValidationError({"to": _("Choose a colleague of your own organisation.")})
    if not is_at_work(to):
        raise ValidationError({"to": _("This person does not work as a social worker here any more.")})
    # In one order, so that two people who hand over at the same moment wait for each other.
    relationships = list(
        Relationship.objects.select_for_update(of=("self",))
        .select_related("partner__user")
        .filter(parent=parent)
        .order_by("pk")
    )
    requests = list(
        ContactRequest.objects.select_for_update(of=("self",)).filter(parent=parent).order_by("pk")
    )
    handed = HandOver(
        parent=parent, from_worker=former, to_worker=to, handed_over_on=today(), recorded_by=by.user
    )
    handed.full_clean()
    handed.save(force_insert=True)
    for row in (parent, *relationships, *requests):
        row.social_worker = to
        row.save(update_fields=["social_worker", "updated_at"])
        record(by, Action.CHANGE, row, fields_changed=["social_worker"])
    record(by, Action.CREATE, handed)
    notify([to.user], role=Role.SOCIAL_WORKER, kind="parent_handed_over", about=parent)
    notify([parent.user], role=Role.PARENT, kind="worker_changed", about=parent)
    for relationship in relationships:
        if relationship.is_open:
            notify([relationship.partner.user], role=Role.PARTNER, kind="worker_changed", about=parent)
    return handed
