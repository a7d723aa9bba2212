"""The audit log, background tasks, and the revision numbers of cache tags."""

import datetime

from django.db import models
from django.db.models import Q

from plenara.core import clock


class AuditEntry(models.Model):
    """One thing that a person did: verb and ids, never prose; in the order of commits."""

    at = models.DateTimeField(default=clock.now)
    verb = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)  # id of a Person; this package is below the accounts
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=40)
    consultation_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["about_kind", "about_id", "id"], name="act_about"),
            models.Index(fields=["consultation_id", "id"], name="act_consultation"),
            models.Index(fields=["actor_id", "verb", "at"], name="act_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.about_kind} {self.about_id}"


class Queue(models.IntegerChoices):
    """The order of background tasks: one queue after the other, and within each the oldest first."""

    URGENT = 0  # a person waits for it at the screen: a code by e-mail, a publication within seconds
    DEFAULT = 1
    BULK = 2  # one of very many, which must not delay the others


#: How long a decision can be undone: tasks that carry it out or notify of it are due after that.
UNDO_TIME = datetime.timedelta(seconds=30)


class BackgroundTask(models.Model):
    """A task that an action enqueued in its transaction; it runs afterwards, at least once (`tasks.py`)."""

    task = models.CharField(max_length=80)  # its label: package and function
    key = models.CharField(max_length=200, unique=True)  # the same task is enqueued only once
    arguments = models.JSONField(default=dict)
    queue = models.PositiveSmallIntegerField(choices=Queue, default=Queue.DEFAULT)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)  # permanently; the desk lists it and can enqueue it again

    class Meta:
        indexes = [
            models.Index(fields=["queue", "due_at"], condition=Q(done_at=None, failed_at=None), name="task_in_queue"),
            models.Index(fields=["failed_at"], condition=Q(failed_at__isnull=False), name="task_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.key}"


class Revision(models.Model):
    """The version number of a cache tag. It grows in the publishing transaction, and makes the tag's pages stale."""

    cache_tag = models.CharField(max_length=60, unique=True)
    number = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.cache_tag} {self.number}"
