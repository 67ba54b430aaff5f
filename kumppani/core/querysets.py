"""The base of every queryset that answers who may see its rows."""

from typing import Self

from django.db import models


class VisibleQuerySet(models.QuerySet):
    """`visible_to(actor)` asks the method named after the actor's role; a role without one sees nothing."""

    def visible_to(self, actor) -> Self:
        rule = getattr(self, f"_for_{actor.role}", None) if actor is not None else None
        return rule(actor) if rule else self.none()
