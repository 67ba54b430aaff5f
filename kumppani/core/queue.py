"""The one place that names the queue's library: from Django 6 on this line reads `from django.tasks import task`.

A task is queued as a row, so it is queued in the transaction of the deed, or not at all. Its arguments are ids only.
"""

from django_tasks import task

__all__ = ["task"]
