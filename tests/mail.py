"""A mail server that does what the test tells it, and the worker that writes to it."""

import asyncio
import re
import socket
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

# What the server does with the next letter.
ACCEPT, NO_SUCH_MAILBOX, LATER, SLOW, BREAK_OFF = "accept", "no such mailbox", "later", "slow", "break off"


class MailServer:
    """Follows `script`, one word a letter, then accepts; `received` are the letters it took."""

    def __init__(self):
        self.script: list[str] = []
        self.received: list[EmailMessage] = []
        self.now = ACCEPT

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.now = self.script.pop(0) if self.script else ACCEPT
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.now == NO_SUCH_MAILBOX:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.now == LATER:
            return "451 4.3.0 Try again later"
        if self.now == BREAK_OFF:
            server.transport.abort()
            return "421 Closing"
        if self.now == SLOW:
            await asyncio.sleep(3)
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def serving(settings):
    """A server on a free port of this machine, with the service's letters going to it."""
    server = MailServer()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    use(settings, port)
    try:
        yield server
    finally:
        controller.stop()


def use(settings, port: int) -> None:
    """Send by SMTP to this port; with nobody there, that is a dead server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def words_of(letter) -> str:
    """Everything in a letter that somebody else at the same inbox could read."""
    if isinstance(letter, EmailMessage):
        parts = [part.get_content() for part in letter.walk() if not part.is_multipart()]
        return "\n".join([*(f"{name}: {value}" for name, value in letter.items()), *parts])
    return "\n".join(
        [letter.subject, letter.body, *(alternative.content for alternative in letter.alternatives)]
    )


def link_in(letter) -> str:
    """The path of the one link in a letter."""
    (found,) = set(re.findall(r"https://kumppani\.example(/\S*?)(?=[\s\"<])", words_of(letter)))
    return found


def work_off_the_queue() -> None:
    """What the worker does with the tasks that are due now, one by one as it does, but on the test's connection."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )
    while (task := DBTaskResult.objects.ready().first()) is not None:
        task.claim(worker.worker_id)
        worker.run_task(task)
    assert list(DBTaskResult.objects.failed().values_list("task_path", "traceback")) == []
