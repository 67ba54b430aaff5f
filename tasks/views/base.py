"""What the pages of this room share."""

from django.utils.translation import gettext

from kumppani.core.pages import FilterByState, OnlyWhileOpen, TooLate
from kumppani.core.templatetags.kumppani import money

__all__ = ["FilterByState", "OnlyWhileOpen", "TooLate", "correction_lines"]


def correction_lines(item) -> list[dict]:
    """The corrections of a fee or a journey, as lines of its history."""
    return [
        {
            "at": correction.created_at,
            "words": gettext("Correction: %(sum)s, %(state)s")
            % {"sum": money(correction.amount), "state": correction.get_status_display().lower()},
            "because": correction.because,
        }
        for correction in sorted(item.corrections.all(), key=lambda correction: correction.created_at)
    ]
