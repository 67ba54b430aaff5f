"""Recurring jobs of the floor: what is kept "at most a month" goes, and what a dead worker left is taken up again."""

import datetime

from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult, TaskResultStatus

from kumppani.core.jobs import recurring
from kumppani.core.models import JobRun, KeptWords, Submission


@recurring("tidy_up", every=datetime.timedelta(days=1), title=_("removes what is kept for a short time only"))
def tidy_up() -> None:
    """Remove expired sessions, used tokens, words nobody came back for, old job rows and finished tasks."""
    now = timezone.now()
    call_command("clearsessions")
    Submission.objects.filter(at__lt=now - datetime.timedelta(days=3)).delete()
    KeptWords.objects.filter(at__lt=now - datetime.timedelta(days=1)).delete()
    JobRun.objects.filter(due_at__lt=now - datetime.timedelta(days=30)).delete()
    call_command("prune_db_task_results", min_age_days=7, verbosity=0)


# Far longer than any task takes; a task that has taken five workers with it is left lying for a person to look at.
LEFT_BEHIND = datetime.timedelta(minutes=15)
MAX_WORKERS = 5


@recurring(
    "take_up_again", every=datetime.timedelta(minutes=5), title=_("takes up again what a stopped worker left")
)
def take_up_again() -> None:
    """Put tasks back into the queue whose worker was killed in the middle: the queue itself never does.

    So a task may run twice, and every task must be safe twice.
    """
    started_before = timezone.now() - LEFT_BEHIND
    for left in DBTaskResult.objects.running().filter(started_at__lt=started_before):
        if len(left.worker_ids) < MAX_WORKERS:
            DBTaskResult.objects.running().filter(pk=left.pk, started_at=left.started_at).update(
                status=TaskResultStatus.READY
            )
