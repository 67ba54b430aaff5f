"""What a partner lets be shown of the own person, field by field (A35)."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.states import AlreadyMoved
from pairing.models import DirectoryConsent, DirectoryField, ExperiencePartner, Topic


def _own(partner: ExperiencePartner, by) -> None:
    """Consent is the partner's own: nobody gives it, nor takes it back, in the partner's name."""
    if partner.user_id is None or partner.user_id != by.user_id:
        raise PermissionDenied


@transaction.atomic
def save_public_self(
    *,
    partner: ExperiencePartner,
    by,
    seen_version: int,
    shown: Iterable[str],
    topics: Iterable[Topic],
    **facts,
) -> ExperiencePartner:
    """The partner's words, topics, languages and area, and which of the fields others may see: all at once.

    `facts`: fields of the partner. `shown`: the `DirectoryField`s with the partner's tick. Raises `AlreadyMoved` when
    somebody else has saved in between.
    """
    _own(partner, by)
    for name, value in facts.items():
        setattr(partner, name, value)
    partner.full_clean()
    if not partner.save_as_version(seen_version, fields=sorted(facts)):
        raise AlreadyMoved
    partner.topics.set(topics)
    record(by, Action.CHANGE, partner, fields_changed=[*facts, "topics"])
    set_consents(partner=partner, by=by, shown=shown)
    return partner


@transaction.atomic
def set_consents(*, partner: ExperiencePartner, by, shown: Iterable[str]) -> None:
    """Open the consents named in `shown` and withdraw all others, from this moment on. Earlier rows stay, dated."""
    _own(partner, by)
    _set_consents(partner, by, set(shown))


@transaction.atomic
def withdraw_consents(*, partner: ExperiencePartner, by) -> None:
    """Nothing of a partner who leaves is shown from this moment on, also when the staff write it down."""
    _set_consents(partner, by, set())


def _set_consents(partner: ExperiencePartner, by, shown: set[str]) -> None:
    ExperiencePartner.objects.select_for_update(of=("self",)).get(pk=partner.pk)  # one giver at a time
    now = timezone.now()
    standing = {consent.field: consent for consent in DirectoryConsent.objects.open().filter(partner=partner)}
    for field in DirectoryField.values:
        consent = standing.get(field)
        if consent is None and field in shown:
            consent = DirectoryConsent(partner=partner, field=field, given_at=now)
            consent.full_clean()
            consent.save(force_insert=True)
            record(by, Action.CREATE, consent, detail=field)
        elif consent is not None and field not in shown:
            consent.withdrawn_at = now
            consent.save(update_fields=["withdrawn_at", "updated_at"])
            record(by, Action.CHANGE, consent, detail=field, fields_changed=["withdrawn_at"])
