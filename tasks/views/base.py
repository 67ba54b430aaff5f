"""What the pages of this room share."""

from decimal import Decimal

from django.utils.translation import gettext

from kumppani.core.pages import FilterByState, OnlyWhileOpen, TooLate
from kumppani.core.templatetags.kumppani import money
from tasks.models import Fee, Payer
from tasks.states import PayStatus

__all__ = [
    "FilterByState",
    "OnlyWhileOpen",
    "TooLate",
    "changed_words",
    "correction_lines",
    "is_paid_instead",
    "paid_instead_words",
]


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


def changed_words(fee: Fee, sum_now: Decimal) -> str:
    """Of a fee that was approved before its meeting was corrected: what it comes to, and what puts it right."""
    words = gettext(
        "The meeting was corrected after the claim: by what was agreed it now comes to %(sum)s."
    ) % {"sum": money(sum_now)}
    if fee.payer == Payer.PROJECT:
        words += " " + gettext("Once it has been sent to be paid, a correction puts it right.")
    return words


def is_paid_instead(change) -> bool:
    """Whether this move was the project's taking over what an orderer was to pay (services.payers)."""
    return (change.old, change.new) == (PayStatus.APPROVED, PayStatus.CLAIMED)


def paid_instead_words() -> str:
    """That move in words, for a history."""
    return gettext("The project pays instead: waits for approval anew")
