"""The worker: runs what is queued and what recurs, on any number of machines, each job once."""

import signal
import socket
import threading
import uuid

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from kumppani.core.jobs import run_due


class Command(BaseCommand):
    help = "Run queued tasks and recurring jobs until told to stop (SIGTERM or Ctrl-C)."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")
        parser.add_argument("--interval", type=float, default=2.0, help="seconds of rest when nothing is due")

    def handle(self, *args, once: bool, interval: float, **options):
        stop = threading.Event()
        if not once:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
        name = f"{socket.gethostname()[:40]}-{uuid.uuid4().hex[:8]}"
        while True:
            close_old_connections()
            run_due()
            # Batch mode drains the queue and comes back, so that one loop serves both kinds of work.
            Worker(
                queue_names=["*"],
                interval=0,
                batch=True,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id=name,
                excluded_queue_names=[],
            ).run()
            if once or stop.wait(interval):
                return
