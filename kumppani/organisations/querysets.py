"""Organisations and grants hold nothing personal: everybody who is signed in may choose from them."""

import datetime

from django.db.models import F, Q

from kumppani.core.querysets import VisibleQuerySet


class _OpenToWorkers(VisibleQuerySet):
    def _all(self, actor):
        return self

    _for_staff = _for_social_worker = _for_administrator = _for_trainer = _all


class OrganisationQuerySet(_OpenToWorkers):
    _for_partner = _OpenToWorkers._all

    def valid_on(self, day: datetime.date):
        """Those that exist on this day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )

    def co_ordinating(self, day: datetime.date):
        """The organisation that co-ordinates the programme on this day: the newest such one, or None."""
        return (
            self.valid_on(day)
            .filter(kind="coordinator")
            .order_by(F("valid_from").desc(nulls_last=True), "name")
            .first()
        )


class GrantQuerySet(_OpenToWorkers):
    def running_on(self, day: datetime.date):
        """Those whose term covers this day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)
