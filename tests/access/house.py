"""Asking one door as one person: what the matrix's tests share."""

import re
import uuid
from contextlib import contextmanager
from contextvars import copy_context
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse
from django.utils import translation

from tests.access.matrix import QUERIES
from tests.personas import People, Person

# Tables a look may write to: the audit trail, the session and the rate limits.
SEEN_TABLES = {"audit_auditevent", "django_session", "core_cache"}
WRITE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO|TRUNCATE)\s+"?(\w+)', re.IGNORECASE)
NOWHERE = uuid.UUID("00000000-0000-4000-8000-000000000000")


class Visitor(Client):
    """A browser whose every request has a context of its own, as in a server: no language, no id stays behind."""

    def request(self, **environ):
        return copy_context().run(super().request, **environ)


class House:
    """The people with their signed-in browsers, made once; each question is asked in a savepoint and undone."""

    def __init__(self, people: People):
        self.people = people
        # One chain of middleware for all browsers, as in a server: each would else build one for its one question.
        self.gates = {strict: ClientHandler(enforce_csrf_checks=strict) for strict in (False, True)}
        self.cookies = {person.name: person.client().cookies for person in people.everybody()}
        # The insiders' parents differ: for each thing, "parent" is the one it is about.
        self.parents: dict[str, Person] = {}
        for name, record in vars(people.own).items():
            relationship = record if hasattr(record, "parent_id") else getattr(record, "relationship", None)
            parent = getattr(relationship, "parent", None)
            if parent is not None and parent.user_id not in (None, people.parent.user.pk):
                person = Person(f"parent {parent.pk}", parent.user, "parent")
                self.parents[f"own.{name}"] = person
                if person.name not in self.cookies:
                    self.cookies[person.name] = person.client().cookies

    def client(self, point: str, thing: str = "", **options) -> Client:
        """A fresh browser of the person who has this point of view towards the thing."""
        client = Visitor(**options)
        client.handler = self.gates[client.handler.enforce_csrf_checks]
        for cookie, morsel in self.cookies[self.person(point, thing).name].items():
            client.cookies[cookie] = morsel.value
        if way := self.way_to(thing):
            client.get(way)
        return client

    def way_to(self, thing: str) -> str:
        """`holds.…`: the address of the link that this browser has opened before; else none."""
        kind, _dot, name = thing.partition(".")
        door = "application_open" if name.startswith("applicant") else "order_open"
        return reverse(door, args=[getattr(self.people.link, name)]) if kind == "holds" else ""

    def person(self, point: str, thing: str = "") -> Person:
        """Who stands there."""
        if point == "parent" and thing in self.parents:
            return self.parents[thing]
        return getattr(self.people, point)

    def url(self, row, *, nowhere: bool = False) -> str:
        """The row's address; `nowhere`: with an id that never was."""
        if row.thing.startswith("?"):
            return f"{reverse(row.name)}?{QUERIES[row.thing]()}"
        arguments = []
        if row.thing and not row.thing.startswith("holds."):
            value = self.thing(row.thing)
            arguments = list(value) if isinstance(value, tuple) else [getattr(value, "pk", value)]
        return reverse(row.name, args=[NOWHERE] if nowhere else arguments)

    def thing(self, path: str):
        """A record (or a link's arguments) by its name, such as `own.active`."""
        value = self.people
        for step in path.split("."):
            value = getattr(value, step)
        return value


@contextmanager
def undone():
    """What happens inside is undone: all rows (sessions, rate limits and tasks are rows), the letters, the language."""
    letters = len(mail.outbox)
    try:
        with transaction.atomic(), translation.override(translation.get_language()):
            yield
            transaction.set_rollback(True)
    finally:
        del mail.outbox[letters:]


def all_as_written(where, faults: list[str]) -> None:
    """Fails with every fault that was found, one to a line, not with the first alone."""
    if faults:
        pytest.fail("\n    ".join([f"{where}:", *faults]), pytrace=False)


def code(response) -> str:
    """How a door answered, as the matrix writes it: a status, or `in` for the way to the sign-in page."""
    if getattr(response, "exc_info", None):
        return f"{response.status_code} ({response.exc_info[1]!r})"
    if response.status_code == 302 and response.url.startswith(reverse(settings.LOGIN_URL) + "?"):
        return "in"
    return str(response.status_code)


def sign_in_url(path: str) -> str:
    return f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': path}, safe='/')}"


class Heard:
    """The statements sent to the database, heard on their way (Django's own capture draws each up a second time)."""

    def __init__(self):
        self.statements: list[str] = []
        self._ear = connection.execute_wrapper(self._hear)

    def _hear(self, execute, sql, params, many, context):
        self.statements.append(sql)
        return execute(sql, params, many, context)

    def __enter__(self):
        self._ear.__enter__()
        return self

    def __exit__(self, *trouble):
        return self._ear.__exit__(*trouble)


# Savepoints are the test's own; in the service they are the transaction's BEGIN and COMMIT.
NOT_A_QUESTION = re.compile(r"^\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)", re.IGNORECASE)


def questions(client: Client, url: str) -> list[str]:
    """The questions to the database that one page asks."""
    with Heard() as asked:
        assert client.get(url).status_code == 200
    return [sql for sql in asked.statements if not NOT_A_QUESTION.match(sql)]


class Written(Heard):
    """Which tables were written to."""

    @property
    def tables(self) -> set[str]:
        return {match.group(1) for sql in self.statements if (match := WRITE.match(sql))}
