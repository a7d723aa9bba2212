"""Background tasks that only a test knows."""

from types import SimpleNamespace

from plenara.core import clock
from plenara.core.models import BackgroundTask, Queue


def enqueue(label, *, key, queue=Queue.DEFAULT, run_after=None, **arguments):
    """Enqueue a task by its label, whether or not the program knows one."""
    BackgroundTask.objects.create(
        task=label, key=key, queue=queue, due_at=run_after or clock.now(), arguments=arguments
    )  # fmt: skip


def make_known(known, label, function, *, is_long=False):
    """Let a worker run a function where a row has the label."""
    known[label] = SimpleNamespace(label=label, call=function, is_long=is_long)
