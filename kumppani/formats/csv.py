"""CSV files that spreadsheet programs open as they are: UTF-8 with BOM, `;`, CRLF, ISO dates.

A cell never starts a formula. Text that a spreadsheet might take for one gets an apostrophe in front, and only such
text: `unguarded` gives the exact text back (docs/decisions/0021-xlsx-by-xlsxwriter.md). Numbers are written by us and
need no guard.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum

Cell = str | int | bool | Decimal | datetime.date | None

# What may start a formula: = + - @, their wide forms, also behind blanks; and a tab or a line break at the beginning.
# Apostrophes before it are part of the pattern, so that text that begins like a guarded cell gets one more.
FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")


class Decimals(StrEnum):
    """How a number's fraction is written."""

    COMMA = "comma"
    POINT = "point"


def guarded(text: str) -> str:
    """The text as a cell that starts no formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def csv_bytes(rows: Iterable[Sequence[Cell]], *, decimals: Decimals = Decimals.COMMA) -> bytes:
    """A CSV file. Decimals keep the places they have; dates are ISO; yes and no are `y` and `n`; None is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_cell(value, decimals) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Cell, decimals: Decimals) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "y" if value else "n"
    if isinstance(value, Decimal):
        number = format(value, "f")
        return number.replace(".", ",") if decimals == Decimals.COMMA else number
    if isinstance(value, datetime.date):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else str(value)
