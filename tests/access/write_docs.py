"""Print docs/access.md, made from the matrix and the field table: `python -m tests.access.write_docs`."""

import os
import sys
from itertools import groupby

import django

HEADS = {
    "anonymous": "not signed in",
    "nobody": "no role",
    "deactivated": "closed account",
    "staff": "staff",
    "worker": "social worker, own",
    "other_worker": "social worker, another",
    "partner": "partner, own",
    "other_partner": "partner, another",
    "former_partner": "partner, former",
    "parent": "parent, own",
    "other_parent": "parent, another",
    "trainer": "trainer, own cohort",
    "other_trainer": "trainer, another",
    "administrator": "administrator",
}
MARKS = {
    "200": "page",
    "302": "done",
    "422": "form",
    "405": "·",
    "403": "no",
    "404": "not there",
    "in": "sign in",
}
INTRO = """\
# Who gets in where

Made by `make docs` from `tests/access/matrix.py` and `tests/access/fields.py`; the tests hold the service to it.

Each row is one door (the name of a url, asked with GET or POST) and one point of view towards the thing it is about.

* **page** – the page opens; **form** – an empty form comes back with its errors, so this person may send it;
  **done** – it is done, or leads on
* **no** – not yours to do (403); **not there** – the same answer whether it exists or not (404)
* **sign in** – the way to the sign-in page; **·** – no such deed here (405)

A role taken away, an account closed, a relationship ended: the next request of every live session meets it.
"""


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def pages() -> str:
    from tests.access.fields import FIELDS, ROLES
    from tests.access.matrix import MATRIX, POINTS, PUBLIC

    parts = [INTRO, f"{len(MATRIX)} rows × {len(POINTS)} points of view.\n"]
    for section, rows in groupby(MATRIX, key=lambda row: row.section):
        parts.append(f"## {section}\n")
        parts.append(
            table(
                ["door", "about", *(HEADS[point] for point in POINTS)],
                [
                    [
                        f"{row.method} `{row.name}`",
                        row.thing or " ",
                        *(MARKS[answer] for answer in row.answers),
                    ]
                    for row in rows
                ],
            )
            + "\n"
        )
    parts.append("## Doors that open without signing in\n")
    parts.append("\n".join(f"* `{name}`" for name in sorted(PUBLIC)) + "\n")
    parts.append("## Who reads which words\n")
    parts.append(
        "**see** – of the records that are this person's to see; **active** – only while the relationship is active;\n"
        "**around** – of the people and places next to them; **·** – never.\n"
    )
    parts.append(
        table(
            ["field", *(role.replace("_", " ") for role in ROLES)],
            [
                [f"`{field}`", *("·" if cells[role] == "." else cells[role] for role in ROLES)]
                for field, cells in FIELDS.items()
            ],
        )
    )
    return "\n".join(parts)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    sys.stdout.write(pages() + "\n")
