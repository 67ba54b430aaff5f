"""The registers of organisations and grants: the staff and the administrator keep them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kumppani.core.saving import save_data
from kumppani.organisations.models import Grant, Organisation

ORGANISATION_FIELDS = ("name", "kind", "is_project_partner", "valid_from", "valid_to", "predecessor")
GRANT_FIELDS = ("name", "funder", "code", "cost_centre", "starts_on", "ends_on")


@transaction.atomic
def save_organisation(*, organisation: Organisation, by, seen_version: int | None = None) -> Organisation:
    """A new organisation, or a changed one. Raises `AlreadyMoved` when somebody has saved since `seen_version`.

    Organisations change over time (domain 0.9): the old one gets a last day, the new one continues its work.
    """
    if _comes_before(organisation, organisation.predecessor):
        raise ValidationError(
            {"predecessor": _("This one continues the work of the organisation already. Choose another.")}
        )
    return save_data(organisation, by=by, fields=list(ORGANISATION_FIELDS), seen_version=seen_version)


def _comes_before(organisation: Organisation, later: Organisation | None) -> bool:
    """Whether the work of `organisation` is continued by `later`, at once or through others."""
    passed = set()
    while later is not None and later.pk not in passed:
        if later.pk == organisation.pk:
            return True
        passed.add(later.pk)
        later = later.predecessor
    return False


@transaction.atomic
def save_grant(*, grant: Grant, by, seen_version: int | None = None) -> Grant:
    """A new grant, or a changed one. Raises `AlreadyMoved` when somebody has saved since `seen_version`."""
    return save_data(grant, by=by, fields=list(GRANT_FIELDS), seen_version=seen_version)
