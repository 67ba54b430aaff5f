"""Files for payroll, opened by another program: numbers are numbers and add up to the control sheet (domain 3.5)."""

import csv
import datetime
import hashlib
import io
import os
import subprocess
import sys
from decimal import Decimal

import openpyxl
import pandas as pd
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone, translation

from kumppani.core.dates import today
from kumppani.formats.csv import Decimals, unguarded
from tasks import exports, services
from tasks.models import PaymentBatch
from tests.factories.accounts import user_in_role
from tests.factories.pairing import ExperiencePartnerFactory
from tests.factories.tasks import FeeFactory, GrantFactory, PartnerTermsFactory, TravelClaimFactory
from tests.kumppani.test_formats_files import HOSTILE
from tests.personas import Person

# Domain 3.5, to the letter, and what the Incomes Register lets an association report monthly (3.4).
COLUMNS = (  # noqa: SIM905 – as the domain writes them
    "batch_no; batch_created; payee_no; payee_name; payment_form; tax_card_on_file; income_type_suggested; "
    "description_neutral; task_date_from; task_date_to; quantity; unit; unit_price; gross_amount; travel_km; "
    "travel_rate; travel_amount; per_diem_full; per_diem_partial; per_diem_amount; receipts_amount; cost_centre; "
    "grant_code; payer; approved_by; approved_on; partner_confirmed_on; monthly_reporting_possible"
).split("; ")
NUMBERS = [
    "gross_amount",
    "travel_km",
    "travel_amount",
    "per_diem_full",
    "per_diem_partial",
    "per_diem_amount",
    "receipts_amount",
]
EUROS = ["gross_amount", "travel_amount", "per_diem_amount", "receipts_amount"]

pytestmark = pytest.mark.django_db

# Names that a person of ours may have: at most 60 characters.
NAMES = [text for text in HOSTILE if len(text) <= 60]


@pytest.fixture(params=["hostile", "plain"])
def batch(request) -> PaymentBatch:
    names = NAMES if request.param == "hostile" else ["Partanen"]
    fees, travel = [], []
    grant = GrantFactory(code="=2+2", cost_centre="0042")
    for number, name in enumerate(names, start=1):
        partner = ExperiencePartnerFactory(
            first_name=name, last_name=f"{number:02}", user=user_in_role("partner")
        )
        PartnerTermsFactory(partner=partner, payee_no=f"00{number}", tax_card_on_file=number % 2 == 0)
        fees.append(
            FeeFactory(
                approved=True,
                participation__partner=partner,
                grant=grant,
                amount=Decimal(number) + Decimal("0.10"),
            )
        )
        travel.append(
            TravelClaimFactory(
                approved=True,
                partner=partner,
                grant=grant,
                per_diem="partial",
                is_far=True,
                per_diem_amount=Decimal("25.00"),
                receipts_amount=Decimal("3.05"),
                total=Decimal("78.05"),
            )
        )
    by = Person("staff", user_in_role("staff"), "staff").actor
    made = services.collect_batch(by=by, fees=fees, travel=travel)
    made.names = names
    return made


def files(batch: PaymentBatch) -> dict[str, bytes]:
    """All that can be taken from a batch."""
    batch = PaymentBatch.objects.get(pk=batch.pk)
    rows = services.intact_rows(batch)
    return {
        "xlsx": exports.batch_xlsx(batch, rows),
        **{f"csv {way}": exports.batch_csv(batch, rows, way) for way in Decimals},
        **{f"control {way}": exports.control_csv(batch, rows, way) for way in Decimals},
    }


def opened_csv(file: bytes, way: Decimals) -> pd.DataFrame:
    """As pandas reads it, told only how numbers are written."""
    return pd.read_csv(
        io.BytesIO(file),
        sep=";",
        encoding="utf-8-sig",
        decimal="," if way == Decimals.COMMA else ".",
        dtype={"payee_no": str, "cost_centre": str, "grant_code": str},
        keep_default_na=False,
        na_values={name: [""] for name in [*NUMBERS, "quantity", "unit_price", "travel_rate"]},
    )


def opened_xlsx(file: bytes) -> dict[str, pd.DataFrame]:
    """As pandas reads it, with openpyxl, told nothing at all."""
    return pd.read_excel(io.BytesIO(file), sheet_name=None)


def control_of(sheet: pd.DataFrame) -> dict:
    return dict(zip(sheet["name"], sheet["value"], strict=True))


def cents(value) -> int:
    return round(float(value) * 100)


def test_columns_are_those_of_the_domain(batch):
    book = opened_xlsx(files(batch)["xlsx"])
    assert list(book) == ["payments", "control"]
    assert list(book["payments"].columns) == COLUMNS
    for way in Decimals:
        assert list(opened_csv(files(batch)[f"csv {way}"], way).columns) == COLUMNS


def test_numbers_of_the_workbook_add_up_to_its_control_sheet(batch):
    """Control: write numbers as text."""
    book = opened_xlsx(files(batch)["xlsx"])
    payments, control = book["payments"], control_of(book["control"])
    assert all(pd.api.types.is_numeric_dtype(payments[name]) for name in NUMBERS)
    assert {name: cents(payments[name].sum()) for name in NUMBERS} == {
        name: cents(control[name]) for name in NUMBERS
    }
    assert cents(payments[EUROS].to_numpy().sum()) == cents(control["total"]) == cents(batch.total)
    assert (control["rows"], control["items"], control["persons"]) == (
        len(payments),
        batch.items,
        len(batch.names),
    )
    assert (control["batch_no"], control["checksum_sha256"]) == (batch.number, batch.checksum)


@pytest.mark.parametrize("way", Decimals)
def test_numbers_of_the_csv_add_up_to_its_control_sheet(batch, way):
    made = files(batch)
    payments = opened_csv(made[f"csv {way}"], way)
    control = dict(csv.reader(io.StringIO(made[f"control {way}"].decode("utf-8-sig")), delimiter=";"))
    assert all(pd.api.types.is_numeric_dtype(payments[name]) for name in NUMBERS)
    spoken = {name: Decimal(control[name].replace(",", ".")) for name in [*NUMBERS, "total"]}
    assert {name: cents(payments[name].sum()) for name in NUMBERS} == {
        name: cents(spoken[name]) for name in NUMBERS
    }
    assert spoken["total"] == batch.total
    for other in Decimals:
        assert control[f"csv_{other}_sha256"] == hashlib.sha256(made[f"csv {other}"]).hexdigest()


def test_days_are_days(batch):
    payments = opened_xlsx(files(batch)["xlsx"])["payments"]
    for name in ("batch_created", "task_date_from", "task_date_to", "approved_on", "partner_confirmed_on"):
        assert pd.api.types.is_datetime64_any_dtype(payments[name]), name
    assert {day.date() for day in payments["batch_created"]} == {today()}
    text = opened_csv(files(batch)["csv comma"], Decimals.COMMA)
    assert set(text["batch_created"]) == {today().isoformat()}


def test_names_are_the_text_they_are(batch):
    """In the workbook exactly; in CSV behind an apostrophe where they might start a formula. Control: leave it out."""
    expected = {f"{name} {number:02}" for number, name in enumerate(batch.names, start=1)}
    book = pd.read_excel(io.BytesIO(files(batch)["xlsx"]), sheet_name="payments", dtype=str)
    assert {name.replace("_x000D_", "\r") for name in book["payee_name"]} == expected
    for way in Decimals:
        rows = list(
            csv.DictReader(
                io.StringIO(files(batch)[f"csv {way}"].decode("utf-8-sig"), newline=""), delimiter=";"
            )
        )
        assert {unguarded(row["payee_name"]) for row in rows} == expected
        assert not any(value.lstrip().startswith(tuple("=+@")) for row in rows for value in row.values())
        assert {row["grant_code"] for row in rows} == {"'=2+2"}


def test_numbers_in_payroll_keep_their_zeros(batch):
    """They are text in the workbook, although they look like numbers."""
    sheet = openpyxl.load_workbook(io.BytesIO(files(batch)["xlsx"]))["payments"]
    found = {name: column for name, *column in sheet.iter_cols(values_only=True)}
    assert found["payee_no"][0].startswith("00")
    assert set(found["cost_centre"]) == {"0042"}


def test_small_payments_are_marked(batch):
    payments = opened_xlsx(files(batch)["xlsx"])["payments"]
    assert set(payments["monthly_reporting_possible"]) == {"y"}


# --- The same bytes -----------------------------------------------------------------------------------------
def test_same_bytes_another_day_in_another_language(batch):
    """Also after all has been paid, renamed and settled anew. Control: put the reader's language into a row."""
    before = files(batch)
    services.pay_batch(batch=batch, on=today(), by=Person("s", user_in_role("staff"), "staff").actor)
    for fee in batch.fees.select_related("partner", "grant"):
        partner, grant = fee.partner, fee.grant
        partner.first_name, grant.code = "Uusi", f"uusi-{grant.pk.hex}"
        partner.save()
        grant.save()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=400)), translation.override("sv"):
        assert files(batch) == before


PROGRAM = """
import datetime, hashlib, sys
import django
django.setup()
from django.utils import translation
from decimal import Decimal
from kumppani.formats.csv import Decimals
from tasks import exports
from tasks.models import PaymentBatch, PaymentRow
translation.activate(sys.argv[1])
day = datetime.date(2027, 5, 4)
batch = PaymentBatch(number=7, made_on=day, items=1, total=Decimal("80.50"), checksum="0" * 64)
row = PaymentRow(
    position=1, payee_name="Äiti =1+1", payment_form="wage", tax_card_on_file=True, income_type="214",
    description="Luento", date_from=day, date_to=day, quantity=Decimal("1.00"), unit="task",
    unit_price=Decimal("80.50"), gross_amount=Decimal("80.50"), travel_km=Decimal("0.0"),
    travel_amount=Decimal("0.00"), per_diem_full=0, per_diem_partial=0, per_diem_amount=Decimal("0.00"),
    receipts_amount=Decimal("0.00"), payer="project", approved_by="Oona", approved_on=day,
    partner_confirmed_on=day, is_small=True, is_correction=False,
)
files = [exports.batch_xlsx(batch, [row]), exports.control_csv(batch, [row], Decimals.COMMA)]
print([hashlib.sha256(file).hexdigest() for file in files])
"""


def test_same_bytes_from_two_processes():
    """Another process, another seed for hashes, another time zone, another language."""
    said = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, language],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "PYTHONHASHSEED": seed,
                "TZ": zone,
            },
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for language, seed, zone in (("fi", "1", "Europe/Helsinki"), ("en", "2", "Pacific/Auckland"))
    ]
    assert said[0] == said[1]
    assert len(said[0]) > 130


def test_file_names_tell_a_number_and_nothing_else():
    assert exports.file_name(PaymentBatch(number=7), ".csv") == "kumppani-payments-0007.csv"
