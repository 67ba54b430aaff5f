"""Files for payroll (domain 3.5): a batch as CSV and as XLSX, each with its control sheet.

The columns' names and the codes in them are the same in every language, so that a payroll program can be taught them
once. All comes from the rows as they were made: the same batch gives the same bytes, today and in a year.
"""

import hashlib
from collections.abc import Callable, Iterable
from decimal import Decimal

from kumppani.formats.csv import Cell, Decimals, csv_bytes
from kumppani.formats.xlsx import Sheet, xlsx_bytes
from tasks.models import PaymentBatch, PaymentRow

# Column → what stands in it.
COLUMNS: dict[str, Callable[[PaymentBatch, PaymentRow], Cell]] = {
    "batch_no": lambda batch, row: batch.number,
    "batch_created": lambda batch, row: batch.made_on,
    "payee_no": lambda batch, row: row.payee_no,
    "payee_name": lambda batch, row: row.payee_name,
    "payment_form": lambda batch, row: row.payment_form,
    "tax_card_on_file": lambda batch, row: row.tax_card_on_file,
    "income_type_suggested": lambda batch, row: row.income_type,
    "description_neutral": lambda batch, row: row.description,
    "task_date_from": lambda batch, row: row.date_from,
    "task_date_to": lambda batch, row: row.date_to,
    "quantity": lambda batch, row: row.quantity,
    "unit": lambda batch, row: row.unit,
    "unit_price": lambda batch, row: row.unit_price,
    "gross_amount": lambda batch, row: row.gross_amount,
    "travel_km": lambda batch, row: row.travel_km,
    "travel_rate": lambda batch, row: row.travel_rate,
    "travel_amount": lambda batch, row: row.travel_amount,
    "per_diem_full": lambda batch, row: row.per_diem_full,
    "per_diem_partial": lambda batch, row: row.per_diem_partial,
    "per_diem_amount": lambda batch, row: row.per_diem_amount,
    "receipts_amount": lambda batch, row: row.receipts_amount,
    "cost_centre": lambda batch, row: row.cost_centre,
    "grant_code": lambda batch, row: row.grant_code,
    "payer": lambda batch, row: row.payer,
    "approved_by": lambda batch, row: row.approved_by,
    "approved_on": lambda batch, row: row.approved_on,
    "partner_confirmed_on": lambda batch, row: row.partner_confirmed_on,
    "monthly_reporting_possible": lambda batch, row: row.is_small,
}

# What is added up on the control sheet.
SUMMED = (
    "gross_amount",
    "travel_km",
    "travel_amount",
    "per_diem_full",
    "per_diem_partial",
    "per_diem_amount",
    "receipts_amount",
)


def file_name(batch: PaymentBatch, ending: str) -> str:
    """A file lies in folders that others open: its name tells the number and nothing else."""
    return f"kumppani-payments-{batch.number:04}{ending}"


def table(batch: PaymentBatch, rows: Iterable[PaymentRow]) -> list[list[Cell]]:
    """The head and the rows, in the columns of domain 3.5."""
    return [list(COLUMNS), *([cell(batch, row) for cell in COLUMNS.values()] for row in rows)]


def control(batch: PaymentBatch, rows: list[PaymentRow]) -> list[list[Cell]]:
    """The control sheet: by which numbers payroll sees that all has arrived, and unchanged."""
    places = {name: PaymentRow._meta.get_field(name) for name in SUMMED}
    sums = {name: sum((getattr(row, name) for row in rows), _nothing(places[name])) for name in SUMMED}
    return [
        ["name", "value"],
        ["batch_no", batch.number],
        ["batch_created", batch.made_on],
        ["items", batch.items],
        ["rows", len(rows)],
        ["persons", len({row.partner_id for row in rows})],
        *([name, value] for name, value in sums.items()),
        ["total", batch.total],
        ["checksum_sha256", batch.checksum],
    ]


def _nothing(field) -> Decimal | int:
    places = getattr(field, "decimal_places", None)
    return 0 if places is None else Decimal(0).scaleb(-places)


def batch_csv(batch: PaymentBatch, rows: Iterable[PaymentRow], decimals: Decimals) -> bytes:
    """The rows as CSV."""
    return csv_bytes(table(batch, rows), decimals=decimals)


def control_csv(batch: PaymentBatch, rows: list[PaymentRow], decimals: Decimals) -> bytes:
    """The control sheet as CSV, with the fingerprints of the two CSV files it may lie beside."""
    lines = control(batch, rows)
    for each in Decimals:
        lines.append([f"csv_{each}_sha256", hashlib.sha256(batch_csv(batch, rows, each)).hexdigest()])
    return csv_bytes(lines, decimals=decimals)


def batch_xlsx(batch: PaymentBatch, rows: list[PaymentRow]) -> bytes:
    """Both sheets in one workbook."""
    sheets = [Sheet("payments", table(batch, rows)), Sheet("control", control(batch, rows))]
    return xlsx_bytes(sheets, title=file_name(batch, ""), created=batch.made_on)
