"""Words and numbers for templates."""

import datetime
from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def money(amount: Decimal | None) -> str:
    """1 234,50 € – in the language's form; euros."""
    if amount is None:
        return ""
    number = formats.number_format(Decimal(amount), decimal_pos=2, use_l10n=True, force_grouping=True)
    return f"{number}\u00a0€"


@register.filter
def number(value) -> str:
    """A count or a sum in the language's form, without needless decimals."""
    if value is None:
        return ""
    value = Decimal(value)
    places = 0 if value == value.to_integral_value() else 1
    return formats.number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


@register.filter
def minutes(value: int | None) -> str:
    """90 → "1 h 30 min"."""
    if not value:
        return ""
    hours, rest = divmod(int(value), 60)
    if hours and rest:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
    if hours:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(minutes)s min") % {"minutes": rest}


@register.filter
def day(value: datetime.date | None) -> str:
    """4.5.2021"""
    return formats.date_format(value, "SHORT_DATE_FORMAT") if value else ""


@register.filter
def weekday_day(value: datetime.date | None) -> str:
    """Tuesday 4 May – how a person says it."""
    if not value:
        return ""
    return _("%(weekday)s %(date)s") % {
        "weekday": formats.date_format(value, "l"),
        "date": formats.date_format(value, _("j F")),
    }


@register.filter
def days(value: int) -> str:
    """3 → "3 days"."""
    return ngettext("%(count)s day", "%(count)s days", value) % {"count": value}


@register.filter
def headed(text: str) -> SafeString:
    """Paragraphs divided by empty lines; the first line of a paragraph with several lines is its heading."""
    paragraphs = [
        part.strip().splitlines() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()
    ]
    return format_html_join(
        "\n",
        "<p>{}</p>",
        (
            (
                format_html(
                    "<strong>{}</strong><br>{}",
                    lines[0],
                    format_html_join("\n<br>", "{}", ((line,) for line in lines[1:])),
                )
                if len(lines) > 1
                else lines[0],
            )
            for lines in paragraphs
        ),
    )
