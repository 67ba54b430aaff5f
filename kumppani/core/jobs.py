"""What recurs. A job is a function without arguments, safe to run twice, late or after a gap.

Rooms register theirs in `jobs.py`, loaded by their AppConfig. The worker claims each due moment with a unique row, so
of any number of workers one runs it.
"""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from kumppani.audit.models import Action
from kumppani.audit.recorder import record
from kumppani.core.models import JobRun

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """`every`: how often it is due, counted from midnight UTC, so that all machines agree on the moments.

    `title`: what it does, for the people who look whether it has run.
    """

    name: str
    run: Callable[[], None]
    every: datetime.timedelta
    title: str = ""  # lazy


JOBS: dict[str, Job] = {}


def recurring(name: str, *, every: datetime.timedelta, title: str = "") -> Callable:
    """Register a function as a recurring job."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        JOBS[name] = Job(name, function, every, title)
        return function

    return register


def due_moment(job: Job, now: datetime.datetime) -> datetime.datetime:
    """The latest moment at which `job` was due. After a gap it runs once, not once per missed moment."""
    epoch = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    return epoch + (now - epoch) // job.every * job.every


def run_due(now: datetime.datetime | None = None) -> list[str]:
    """Run what is due and not yet taken by another worker. Returns the names of the jobs run here."""
    now = now or timezone.now()
    done = []
    for job in JOBS.values():
        due_at = due_moment(job, now)
        try:
            with transaction.atomic():
                claim = JobRun.objects.create(job=job.name, due_at=due_at)
        except IntegrityError:
            continue
        try:
            job.run()
        except Exception:
            # One broken job must not stop the others; it is visible in the log and in its row.
            logger.exception("job %s failed", job.name)
            claim.failed = True
        claim.finished_at = timezone.now()
        claim.save(update_fields=["finished_at", "failed"])
        record(None, Action.JOB, detail=job.name)
        done.append(job.name)
    return done
