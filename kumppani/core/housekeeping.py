"""Recurring jobs of the floor: what is kept "at most a month" goes."""

import datetime

from django.core.management import call_command
from django.utils import timezone

from kumppani.core.jobs import recurring
from kumppani.core.models import JobRun, KeptWords, Submission


@recurring("tidy_up", every=datetime.timedelta(days=1))
def tidy_up() -> None:
    """Remove expired sessions, used tokens, words nobody came back for, old job rows and finished tasks."""
    now = timezone.now()
    call_command("clearsessions")
    Submission.objects.filter(at__lt=now - datetime.timedelta(days=3)).delete()
    KeptWords.objects.filter(at__lt=now - datetime.timedelta(days=1)).delete()
    JobRun.objects.filter(due_at__lt=now - datetime.timedelta(days=30)).delete()
    call_command("prune_db_task_results", min_age_days=7, verbosity=0)
