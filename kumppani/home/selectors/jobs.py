"""When each recurring job has run last, and whether it should have run since."""

import datetime
from dataclasses import dataclass

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kumppani.core.jobs import JOBS, Job, due_moment
from kumppani.core.models import JobRun

# A worker looks every few seconds; longer than this nothing takes on a good day.
PATIENCE = datetime.timedelta(minutes=15)


@dataclass(frozen=True)
class JobState:
    """One job: what it does, its last run or None, when it is due next."""

    title: str
    last: JobRun | None
    next_at: datetime.datetime
    is_late: bool

    @property
    def has_failed(self) -> bool:
        """Whether its last run broke off."""
        return self.last is not None and self.last.failed

    @property
    def needs_a_look(self) -> bool:
        """Whether somebody should see to it."""
        return self.is_late or self.has_failed

    @property
    def word(self) -> str:
        """How it stands, in words."""
        if self.last is None:
            return _("Has not run yet")
        if self.is_late:
            return _("Late")
        return _("Did not succeed") if self.has_failed else _("On time")

    @property
    def tone(self) -> str:
        """The badge's tone to the word."""
        return "stop" if self.needs_a_look else "good"


def job_states(now: datetime.datetime | None = None) -> list[JobState]:
    """Every recurring job, in two queries.

    A job is late when the moment at which it was due a quarter of an hour ago has not been taken by any worker.
    """
    now = now or timezone.now()
    last_moments = dict(JobRun.objects.values_list("job").annotate(Max("due_at")).order_by())
    last_runs: dict[str, JobRun] = {}
    if last_moments:
        which = Q()
        for job, due_at in last_moments.items():
            which |= Q(job=job, due_at=due_at)
        last_runs = {run.job: run for run in JobRun.objects.filter(which)}
    return [_state(job, last_runs.get(job.name), now) for job in JOBS.values()]


def _state(job: Job, last: JobRun | None, now: datetime.datetime) -> JobState:
    return JobState(
        title=str(job.title or job.name),
        last=last,
        next_at=due_moment(job, now) + job.every,
        is_late=last is None or last.due_at < due_moment(job, now - PATIENCE),
    )


def jobs_that_need_a_look(now: datetime.datetime | None = None) -> bool:
    """Whether a job is late, in one query; a run that broke off is told on the page."""
    now = now or timezone.now()
    last_moments = dict(JobRun.objects.values_list("job").annotate(Max("due_at")).order_by())
    return any(
        last_moments.get(job.name, datetime.datetime.min.replace(tzinfo=datetime.UTC))
        < due_moment(job, now - PATIENCE)
        for job in JOBS.values()
    )
