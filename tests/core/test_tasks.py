"""Background tasks as Django has them: enqueued in the caller's transaction, once for a key, and found by a label."""

import datetime

import pytest
from django.db import transaction
from django.tasks import task_backends
from django.tasks.exceptions import InvalidTask

from plenara.accounts import emails
from plenara.core import clock
from plenara.core.models import BackgroundTask, Queue
from plenara.core.tasks import DatabaseBackend, named

pytestmark = pytest.mark.django_db


def rows():
    return list(BackgroundTask.objects.values_list("task", "arguments"))


def test_the_backend_of_django_is_the_table(django_assert_num_queries):
    assert isinstance(task_backends["default"], DatabaseBackend)
    with django_assert_num_queries(1):
        emails.notify_suspended.enqueue(person_id=1, act_id=2)
    assert rows() == [("accounts.notify_suspended", {"person_id": 1, "act_id": 2})]


def test_what_is_enqueued_goes_with_the_transaction_that_enqueued_it():
    with transaction.atomic():
        emails.notify_suspended.enqueue(person_id=1, act_id=2)
        transaction.set_rollback(True)
    assert rows() == []


def test_it_is_enqueued_once_for_its_key_and_without_one_once_for_its_arguments():
    for _twice in range(2):
        emails.notify_suspended.using(key="a").enqueue(person_id=1, act_id=2)
        emails.notify_suspended.enqueue(act_id=3, person_id=1)
        emails.notify_suspended.enqueue(person_id=1, act_id=3)
        emails.notify_unsuspended.enqueue(person_id=1, act_id=3)
    assert len(rows()) == 3
    emails.notify_suspended.enqueue_all({"a": {"person_id": 9, "act_id": 9}, "b": {"person_id": 1, "act_id": 4}})
    assert len(rows()) == 4


def test_its_queue_and_its_time_are_those_that_are_asked_for():
    later = clock.now() + datetime.timedelta(hours=1)
    emails.notify_suspended.using(queue_name="urgent", run_after=later).enqueue(person_id=1, act_id=2)
    row = BackgroundTask.objects.get()
    assert (row.queue, row.due_at) == (Queue.URGENT, later)
    with pytest.raises(InvalidTask, match="Queue"):
        emails.notify_suspended.using(queue_name="soon")


def test_arguments_have_names():
    with pytest.raises(TypeError, match="keyword"):
        emails.notify_suspended.enqueue(1, 2)


def test_a_task_of_another_package_is_found_by_its_label():
    assert named("accounts.notify_suspended") is emails.notify_suspended
    with pytest.raises(KeyError):
        named("accounts.unknown")
