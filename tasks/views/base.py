"""What the pages of this room share: tabs over a list, and pages about deeds whose time may be over."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext

from kumppani.core.templatetags.kumppani import money
from tasks.models import Fee, Payer
from tasks.states import PayStatus


class FilterByState:
    """Tabs over a list, kept in the URL as `?state=…`; the first is shown where the URL names none."""

    def tabs(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Word in the URL → (what people read, states of the record)."""
        raise ImproperlyConfigured(f"{type(self).__name__} has no tabs")

    @cached_property
    def state(self) -> str:
        wanted = self.request.GET.get("state", "")
        return wanted if wanted in self.tabs() else next(iter(self.tabs()))

    @property
    def statuses(self) -> tuple[str, ...]:
        return self.tabs()[self.state][1]

    def chips(self, counts: dict[str, int]) -> list[dict]:
        """The tabs with their counts; `counts` by state of the record. Other filters of the URL are kept."""
        kept = self.request.GET.copy()
        for name in ("state", "page"):
            kept.pop(name, None)
        rest = f"&{kept.urlencode()}" if kept else ""
        return [
            {
                "url": f"?state={name}{rest}",
                "label": label,
                "count": sum(counts.get(status, 0) for status in statuses),
                "current": name == self.state,
            }
            for name, (label, statuses) in self.tabs().items()
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


class TooLate(Exception):
    """The time of this deed is over."""


class OnlyWhileOpen:
    """A page about a deed whose time is over leads back to the record, which says how things stand.

    A press that comes too late is answered by the deed itself, in words.
    """

    def is_open(self) -> bool:
        """Hook: whether the deed is still possible."""
        return True

    def find(self) -> None:
        super().find()
        if self.request.method in ("GET", "HEAD") and not self.is_open():
            raise TooLate

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except TooLate:
            messages.info(request, self.closed_sentence())
            return HttpResponseRedirect(self.object.get_absolute_url())

    def closed_sentence(self) -> str:
        return gettext("This cannot be done now, because the state is “%(old)s”.") % {
            "old": self.object.get_status_display()
        }
