"""The one way into the audit trail.

`actor` is anything with `user_id`, `role` and `organisation_id` (see `kumppani.accounts.actor.Actor`), or None for
somebody who is not signed in. A record names the persons it is about through `audit_about()`: pairs of kind and id.
"""

from collections.abc import Iterable

from kumppani.audit.context import request_id
from kumppani.audit.models import Action, AuditEvent, Ground


def _rows(
    actor, action: str, obj, ground: str, detail: str, fields_changed: Iterable[str]
) -> list[AuditEvent]:
    about = list(obj.audit_about()) if obj is not None and hasattr(obj, "audit_about") else []
    common = {
        "actor_id": getattr(actor, "user_id", None),
        "actor_role": getattr(actor, "role", ""),
        "acting_for_id": getattr(actor, "organisation_id", None),
        "action": action,
        "object_kind": obj._meta.label_lower if obj is not None else "",
        "object_id": obj.pk if obj is not None else None,
        "ground": ground,
        "detail": detail,
        "fields_changed": sorted(fields_changed),
        "request_id": request_id.get(),
    }
    return [AuditEvent(**common, about_kind=kind, about_id=pk) for kind, pk in about or [("", None)]]


def ground_for(actor) -> str:
    """The ground on which this role uses data, unless the deed names another."""
    return {
        "partner": Ground.RELATIONSHIP,
        "parent": Ground.OWN,
        "social_worker": Ground.DECISION,
        "staff": Ground.COORDINATION,
        "trainer": Ground.COORDINATION,
        "administrator": Ground.MAINTENANCE,
        "system": Ground.MAINTENANCE,
    }.get(getattr(actor, "role", ""), Ground.NONE)


def record(
    actor,
    action: Action,
    obj=None,
    *,
    ground: str | None = None,
    detail: str = "",
    fields_changed: Iterable[str] = (),
) -> None:
    """Write one event (one row per person it is about) in the transaction of the deed itself.

    `fields_changed` are names of fields, never their values. `detail` is a code, never somebody's words.
    """
    ground = ground_for(actor) if ground is None else ground
    AuditEvent.objects.bulk_create(_rows(actor, action, obj, ground, detail, fields_changed))


def record_seen(
    actor,
    action: Action,
    objects: Iterable,
    *,
    ground: str | None = None,
    detail: str = "",
    listed: Iterable = (),
) -> None:
    """Write that `objects` were shown: one multi-row insert, whatever their number (speed.md).

    `listed`: what the same page lists beside them. A record that is about nobody leaves no row: only persons have a
    right to know who looked.
    """
    ground = ground_for(actor) if ground is None else ground
    shown = [(action, obj) for obj in objects] + [(Action.LIST, obj) for obj in listed]
    rows = [row for how, obj in shown for row in _rows(actor, how, obj, ground, detail, ()) if row.about_id]
    # Several records of one person on one page are one look.
    seen: dict = {}
    for row in rows:
        seen.setdefault((row.about_kind, row.about_id), row)
    if seen:
        AuditEvent.objects.bulk_create(seen.values())
