"""Asking for a partner."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.dates import today
from kumppani.core.states import MoveRefused
from kumppani.notices.kinds import notify, staff_users
from pairing.models import (
    ContactRequest,
    ExperiencePartner,
    Parent,
    Relationship,
    RequestBy,
    RequestRoute,
    SocialWorker,
    Topic,
)
from pairing.states import RequestStatus


@transaction.atomic
def record_request(
    *,
    by,
    social_worker: SocialWorker,
    asked_by: RequestBy,
    parent_agrees: bool,
    parent: Parent | None = None,
    new_parent: dict | None = None,
    route: RequestRoute = RequestRoute.STAFF,
    chosen_partner: ExperiencePartner | None = None,
    area: str = "",
    on: datetime.date | None = None,
) -> ContactRequest:
    """A social worker records a request for an own client: a known parent, or a new one (A31, B19)."""
    if parent is None:
        parent = Parent(social_worker=social_worker, **(new_parent or {}))
        parent.full_clean()
        parent.save(force_insert=True)
        record(by, Action.CREATE, parent)
    if Relationship.objects.filter(parent=parent).open().exists():
        raise MoveRefused(_("This parent already has a partner or is getting to know one."))
    request = ContactRequest(
        parent=parent,
        social_worker=social_worker,
        by=asked_by,
        route=route,
        chosen_partner=chosen_partner if route == RequestRoute.PARTNER else None,
        area=area,
        parent_agrees=parent_agrees,
        received_on=on or today(),
    )
    request.full_clean()
    request.save(force_insert=True)
    record(by, Action.CREATE, request)
    notify(staff_users(), role=Role.STAFF, kind="request_waiting", about=request)
    return request


@transaction.atomic
def withdraw_request(*, request: ContactRequest, by) -> None:
    """The parent does not want a partner after all; no reason is asked."""
    request.move_to(RequestStatus.WITHDRAWN, by=by)


@transaction.atomic
def receive_contact(
    *,
    asked_by: RequestBy,
    route: RequestRoute = RequestRoute.STAFF,
    chosen_partner: ExperiencePartner | None = None,
    parent_agrees: bool = False,
    wishes: Iterable[Topic] = (),
    on: datetime.date | None = None,
    **facts,
) -> ContactRequest:
    """What a stranger has sent by the public form waits in the staff's queue, whichever its route (A31, R6).

    `facts`: `worker_name`, `worker_organisation`, `worker_contact`, `parent_name`, `parent_contact`, `language`,
    `area`, as far as they were asked for. Nobody is signed in, so the audit row names no actor.
    """
    request = ContactRequest(
        is_public=True,
        by=asked_by,
        route=route,
        chosen_partner=chosen_partner if route == RequestRoute.PARTNER else None,
        parent_agrees=parent_agrees,
        received_on=on or today(),
        **facts,
    )
    request.full_clean()
    request.save(force_insert=True)
    request.wishes.set(wishes)
    record(None, Action.CREATE, request)
    notify(staff_users(), role=Role.STAFF, kind="request_waiting", about=request)
    return request


@transaction.atomic
def complete_request(
    *,
    request: ContactRequest,
    by,
    social_worker: SocialWorker,
    parent_agrees: bool,
    parent: Parent | None = None,
    new_parent: dict | None = None,
    area: str | None = None,
) -> ContactRequest:
    """The staff have found out who is who: a public request becomes one like any other, in its old place in the queue.

    What the parent had typed moves to the parent's own row, and does not stay twice (domain 2.6). Raises `MoveRefused`
    when the request is complete or no longer waits, or when the parent has another worker or a partner.
    """
    request.lock()
    if request.is_complete or request.status != RequestStatus.WAITING:
        raise MoveRefused(_("This request has been completed already."))
    if not parent_agrees:
        raise MoveRefused(_("A request needs the parent's consent."))
    if parent is None:
        parent = Parent(social_worker=social_worker, **(new_parent or {}))
        parent.full_clean()
        parent.save(force_insert=True)
        record(by, Action.CREATE, parent)
    elif parent.social_worker_id != social_worker.pk:
        raise MoveRefused(_("This parent has another social worker."))
    if Relationship.objects.filter(parent=parent).open().exists():
        raise MoveRefused(_("This parent already has a partner or is getting to know one."))
    request.parent, request.social_worker, request.parent_agrees = parent, social_worker, True
    request.parent_name = request.parent_contact = request.language = ""
    if area is not None:
        request.area = area
    request.version += 1
    request.full_clean()
    changed = [
        "parent",
        "social_worker",
        "parent_agrees",
        "parent_name",
        "parent_contact",
        "language",
        "area",
    ]
    request.save(update_fields=[*changed, "version", "updated_at"])
    record(by, Action.CHANGE, request, fields_changed=changed)
    notify([social_worker.user], role=Role.SOCIAL_WORKER, kind="request_for_worker", about=request)
    return request


@transaction.atomic
def answer_request(*, request: ContactRequest, by, on: datetime.date | None = None) -> None:
    """Whoever asked has got a first answer (domain 5.4). The request goes on waiting for a partner. Safe twice."""
    answered = ContactRequest.objects.filter(
        pk=request.pk, status=RequestStatus.WAITING, answered_on__isnull=True
    ).update(answered_on=on or today(), version=F("version") + 1)
    if answered:
        record(by, Action.CHANGE, request, fields_changed=["answered_on"])
