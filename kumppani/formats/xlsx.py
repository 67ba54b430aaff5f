"""Workbooks: text is text, numbers are numbers, dates are dates, and the same rows give the same bytes.

Why XlsxWriter: docs/decisions/0021-xlsx-by-xlsxwriter.md.
"""

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from kumppani.formats.csv import Cell

# Nothing is guessed from what text looks like.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
NARROWEST, WIDEST = 8, 40


class DoesNotFit(ValueError):
    """A sheet has no room for this cell: too many rows, or a text of over 32,767 characters."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, and rows of which the first is the head."""

    name: str
    rows: Sequence[Sequence[Cell]]


def xlsx_bytes(sheets: Iterable[Sheet], *, title: str, created: datetime.date) -> bytes:
    """A workbook. `title` and `created` are what the file says of itself: they come from what it shows, never from
    the clock or the reader, so that making it again gives the same bytes."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        midnight = datetime.datetime.combine(created, datetime.time(), tzinfo=datetime.UTC)
        book.set_properties({"title": title, "author": "Kumppani", "created": midnight})
        formats = _Formats(book)
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet.rows, formats)
    return file.getvalue()


class _Formats:
    """The formats of one workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook):
        self.head = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._book, self._numbers = book, {}

    def number(self, places: int):
        """So many places after the point."""
        if places not in self._numbers:
            shape = "0." + "0" * places if places else "0"
            self._numbers[places] = self._book.add_format({"num_format": shape})
        return self._numbers[places]


def _write(sheet, rows: Sequence[Sequence[Cell]], formats: _Formats) -> None:
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if _write_cell(sheet, number, column, value, formats, is_head=number == 0):
                raise DoesNotFit(f"row {number + 1}, column {column + 1}")
    for column, cells in enumerate(zip(*rows, strict=True)):
        longest = max(len(str(value)) for value in cells if value is not None)
        sheet.set_column(column, column, min(max(longest + 2, NARROWEST), WIDEST))
    sheet.freeze_panes(1, 0)


def _write_cell(sheet, row: int, column: int, value: Cell, formats: _Formats, *, is_head: bool) -> int:
    """Write one cell as what it is. Anything but 0 in return: there was no room."""
    if value is None or value == "":
        return 0
    if isinstance(value, bool):
        value = "y" if value else "n"
    if isinstance(value, str):
        return sheet.write_string(row, column, value, formats.head if is_head else None)
    if isinstance(value, datetime.date):
        return sheet.write_datetime(row, column, value, formats.day)
    places = max(-value.as_tuple().exponent, 0) if isinstance(value, Decimal) else 0
    return sheet.write_number(row, column, value, formats.number(places))
