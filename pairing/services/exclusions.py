"""With whom, or where, a partner is never paired (domain 5.4). The kind is enough; nobody is asked for the story."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.accounts.roles import Role
from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import MoveRefused
from pairing.models import Exclusion, ExclusionKind, ExperiencePartner, Parent, SocialWorker


def _may(partner: ExperiencePartner, kind: str, by) -> bool:
    """The staff keep all of them; the partner the areas of the own choice."""
    if by.role == Role.STAFF:
        return True
    return by.role == Role.PARTNER and partner.user_id == by.user_id and kind == ExclusionKind.OWN_WISH


@transaction.atomic
def add_exclusion(
    *,
    partner: ExperiencePartner,
    kind: str,
    by,
    parent: Parent | None = None,
    social_worker: SocialWorker | None = None,
    area: str = "",
) -> Exclusion:
    """Write down one thing: a parent, a social worker or an area. Pairs that stand already stay as they are."""
    # Two who write the same at one moment: the second waits, and then finds it.
    partner = ExperiencePartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    if not _may(partner, kind, by) or (by.role == Role.PARTNER and not area):
        raise MoveRefused(_("The project staff write this down."))
    named = {"parent": parent, "social_worker": social_worker, "area": " ".join(area.split())}
    if Exclusion.objects.filter(partner=partner, **named).exists():
        raise ValidationError(_("This is on the list already."))
    exclusion = Exclusion(partner=partner, kind=kind, recorded_by=by.user, **named)
    exclusion.full_clean()
    exclusion.save(force_insert=True)
    record(by, Action.CREATE, exclusion)
    return exclusion


@transaction.atomic
def remove_exclusion(*, exclusion: Exclusion, by) -> None:
    """Take it off the list; pressing twice is the same. That it stood there remains in the audit trail only."""
    if not _may(exclusion.partner, exclusion.kind, by):
        raise MoveRefused(_("The project staff write this down."))
    found = Exclusion.objects.select_for_update(of=("self",)).filter(pk=exclusion.pk).first()
    if found is not None:
        record(by, Action.CHANGE, found, detail="removed")
        found.delete()
