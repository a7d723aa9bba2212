"""Erasing an account while somebody else does something with the same texts."""

import threading

import pytest

from plenara.accounts import actions
from plenara.accounts.models import Person
from plenara.consultations.models import Role
from plenara.contributions.actions import submit
from plenara.contributions.models import (
    Byline,
    Contribution,
    Draft,
    Text,
)
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused
from plenara.moderation.actions import decide
from plenara.moderation.models import Item
from tests import world
from tests.accounts.test_erase import KEEP, NAME, TOMBSTONES

pytestmark = pytest.mark.django_db


def at_once(*calls):
    """Run functions at the same moment, each in a thread; return what they raised, in their order."""
    from django.db import connection

    start, raised = threading.Barrier(len(calls)), [None] * len(calls)

    def run(number, call):
        start.wait()
        try:
            call()
        except Exception as error:
            raised[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)  # as long as a busy machine takes
    assert not any(thread.is_alive() for thread in threads)
    return raised


@pytest.mark.django_db(transaction=True)
def test_a_decision_at_the_same_moment_leaves_no_words_behind(leaver, moderator, thread):
    for number in range(6):
        person = world.person(f"{NAME} {number}")
        waits = [world.submitted(person, thread, f"Ultramarine {number} {each}.") for each in range(3)]
        erasing_ = [lambda person=person: actions.erase(actor=person, choice=TOMBSTONES)] * 2
        deciding = [
            lambda it=it: decide(
                actor=moderator, kind="contribution", pk=it.pk, version_id=it.versions.get().pk, code="APPROVED"
            )
            for it in waits
        ]
        raised = at_once(*erasing_, *deciding)
        assert [error for error in raised if error and not isinstance(error, ActionRefused)] == []
        assert not Person.objects.filter(pk=person.pk).exists()
        assert set(Contribution.objects.filter(pk__in=[it.pk for it in waits]).values_list("state", flat=True)) == {
            "withdrawn"
        }
    assert not Text.objects.filter(content__contains="Ultramarine").exists()
    assert not Item.objects.exists()
    assert AuditEntry.objects.filter(verb="person.erased").count() == 6


@pytest.mark.django_db(transaction=True)
def test_two_last_organizers_do_not_leave_together(db):
    one, two = (world.person(name, is_organizer=True) for name in ("One", "Two"))
    raised = at_once(*(lambda who=who: actions.erase(actor=who, choice=KEEP) for who in (one, two)))
    assert [type(error).__name__ for error in raised if error] == ["NotPermitted"]
    assert Person.objects.filter(is_organizer=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_text_sent_from_another_tab_at_the_same_moment_is_not_left_behind(thread):
    for number in range(5):
        person = world.person(f"{NAME} {number}")
        at_once(
            lambda person=person: actions.erase(actor=person, choice=KEEP),
            lambda person=person: submit(actor=person, thread=thread, text="Ultramarine words.", language="en"),
        )
        assert not Person.objects.filter(pk=person.pk).exists()
    assert not Text.objects.filter(content__contains="Ultramarine").exists()
    assert not Byline.objects.filter(name__startswith=NAME).exists()
    assert not Draft.objects.exists()
    assert not Role.objects.filter(person__name__startswith=NAME).exists()
