"""CSV and XLSX: text stays the text it is, numbers are numbers, and the same rows give the same bytes."""

import csv
import datetime
import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kumppani.formats.csv import Decimals, csv_bytes, guarded, unguarded
from kumppani.formats.xlsx import DoesNotFit, Sheet, xlsx_bytes

DAY = datetime.date(2027, 5, 4)
HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "+1",
    "-1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "'=1+1",
    "''=1+1",
    "'t Hooft",
    "'",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://esimerkki.example";"x")',
    'O"Neil; "Ville"',
    "kaksi\nriviä",
    "kaksi\r\nriviä",
    ";",
    '"',
    "🦊 Äiti",
    "_x0041_",
    "0042",
    "1,50",
    "2027-05-04",
    "https://esimerkki.example",
]
# What a spreadsheet takes for the beginning of a formula.
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")


def cells(file: bytes) -> list[list[str]]:
    """A CSV file as another program reads it."""
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheets(file: bytes) -> dict[str, list[list]]:
    """A workbook as another program reads it. A carriage return is written as the format's escape (ECMA-376,
    ST_Xstring), which this reader leaves as it stands."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    return {
        sheet.title: [
            [value.replace("_x000D_", "\r") if isinstance(value, str) else value for value in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book
    }


def workbook(*rows, name="payments", created=DAY) -> bytes:
    return xlsx_bytes([Sheet(name, rows)], title="kumppani-payments-0001", created=created)


# --- CSV ----------------------------------------------------------------------------------------------------
def test_csv_is_what_payroll_opens():
    row = ["Äiti", Decimal("12.50"), 7, DAY, True, False, None, ""]
    assert csv_bytes([row]) == "\ufeffÄiti;12,50;7;2027-05-04;y;n;;\r\n".encode()


def test_decimal_point_by_choice():
    assert csv_bytes([[Decimal("-12.50")]], decimals=Decimals.POINT) == b"\xef\xbb\xbf-12.50\r\n"
    assert csv_bytes([[Decimal("-12.50")]], decimals=Decimals.COMMA) == b"\xef\xbb\xbf-12,50\r\n"


def test_great_and_small_numbers_are_written_out():
    """No 1E+3: control: `str(value)`."""
    assert cells(csv_bytes([[Decimal("1E+3"), Decimal("0E-2")]])) == [["1000", "0,00"]]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_starts_no_formula_and_is_found_again(text):
    """Control: leave `guarded` out."""
    ((cell,),) = cells(csv_bytes([[text]]))
    assert not cell.lstrip().startswith(DANGEROUS)
    assert not cell.startswith(DANGEROUS)
    assert unguarded(cell) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("'t Hooft", "'t Hooft"),
        ("Anna-Maija", "Anna-Maija"),
        ("", ""),
    ],
)
def test_apostrophe_stands_only_where_it_must(text, cell):
    assert guarded(text) == cell


@given(st.text())
def test_every_text_comes_back(text):
    """The guard can be taken off without knowing whether it was put on."""
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip().startswith(DANGEROUS)


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=4), min_size=1))
def test_every_row_comes_back_from_the_file(rows):
    found = cells(csv_bytes(rows))
    assert [[unguarded(cell) for cell in row] for row in found] == rows


# --- XLSX ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_the_same_text_in_a_workbook(text):
    """Nothing is taken for a formula, a number or an address. Control: `sheet.write` with the options left out."""
    file = workbook(["name"], [text])
    assert sheets(file) == {"payments": [["name"], [text]]}
    with zipfile.ZipFile(io.BytesIO(file)) as book:
        xml = book.read("xl/worksheets/sheet1.xml").decode()
        assert not any("hyperlink" in name for name in book.namelist())
    assert not re.search(r"<f[ >]|<hyperlink", xml)


def test_numbers_are_numbers_and_days_are_days():
    values = [Decimal("12.50"), Decimal("100.0"), 7, DAY, True, None, "x"]
    book = openpyxl.load_workbook(io.BytesIO(workbook(["h"] * 7, values)))
    row = book["payments"][2]
    assert [cell.value for cell in row] == [12.5, 100, 7, datetime.datetime(2027, 5, 4), "y", None, "x"]  # noqa: DTZ001
    assert [cell.number_format for cell in row][:4] == ["0.00", "0.0", "0", "yyyy-mm-dd"]


def test_same_rows_give_the_same_bytes():
    """Control: leave `created` to the library, which asks the clock."""
    assert workbook(["h"], ["Äiti"]) == workbook(["h"], ["Äiti"])
    assert workbook(["h"], ["Äiti"]) != workbook(["h"], ["Isä"])


def test_workbook_tells_its_title_and_its_day_and_no_reader():
    book = openpyxl.load_workbook(io.BytesIO(workbook(["h"])))
    about = book.properties
    assert (about.title, about.creator, about.lastModifiedBy) == (
        "kumppani-payments-0001",
        "Kumppani",
        "Kumppani",
    )
    assert {about.created, about.modified} == {datetime.datetime(2027, 5, 4)}  # noqa: DTZ001


def test_text_that_does_not_fit_is_told():
    """The library would cut it without a word. Control: do not look at what it returns."""
    with pytest.raises(DoesNotFit, match="row 2, column 1"):
        workbook(["h"], ["x" * 32_768])
