"""Asking for a partner."""

import datetime

from django.db import transaction
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
