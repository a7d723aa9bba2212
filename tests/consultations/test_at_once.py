"""Several at once, in threads of their own: one is first, the others hear it, nothing is done twice."""

import threading

import pytest
from django.db import connection

from plenara.accounts.models import Person
from plenara.consultations import actions
from plenara.consultations.models import Consultation, Role
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused
from tests import world
from tests.consultations.conftest import days

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run calls together and return, for each, what it returned or the refusal that it got."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        try:
            barrier.wait(300)
            results[place] = call()
        except ActionRefused as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)  # as long as a busy machine takes
    assert not any(thread.is_alive() for thread in threads)
    return results


def refused(results):
    return [result for result in results if isinstance(result, ActionRefused)]


def test_one_announces_and_the_others_hear_it(founder, draft):
    results = at_once(*[lambda: actions.announce(actor=founder, consultation=draft)] * 6)
    assert len(refused(results)) == 5
    assert AuditEntry.objects.filter(verb="consultation.announced").count() == 1


def test_one_address_goes_to_one_consultation(founder):
    def create(number):
        return lambda: actions.create(
            actor=founder, title={"en": f"Name {number}"}, symbol=f"NAMES/{number}", slug="names"
        )

    results = at_once(*[create(number) for number in range(6)])
    assert len(refused(results)) == 5
    assert Consultation.objects.filter(slug="names").count() == 1


def test_of_two_who_end_each_others_role_one_stays(organizer, consultation):
    second = world.grant(world.person("Second"), consultation, "organizer")

    def end(actor, other):
        role = Role.objects.get(person=other)
        return lambda: actions.revoke_role(actor=Person.objects.get(pk=actor.pk), role=role)

    results = at_once(end(organizer, second), end(second, organizer))
    assert len(refused(results)) == 1
    assert Role.objects.filter(name="organizer", consultation=consultation).count() == 1


def test_one_closing_is_extended_once(organizer, consultation):
    until = days(40)
    results = at_once(
        *[lambda: actions.extend(actor=organizer, consultation=consultation, closes_at=until, reason={"en": "Why."})]
        * 4
    )
    assert len(refused(results)) == 3
    assert consultation.extensions.count() == 1


def test_questions_added_together_get_a_number_each(founder, draft):
    def add(number):
        return lambda: actions.add_thread(actor=founder, consultation=draft, question={"en": f"Why {number}?"})

    assert not refused(at_once(*[add(number) for number in range(5)]))
    assert list(draft.threads.values_list("number", flat=True)) == list(range(1, 8))


def test_one_stamp_lets_one_edit_pass(founder, draft):
    def edit(number):
        return lambda: actions.edit(actor=founder, consultation=draft, stamp=0, word_limit=number)

    results = at_once(*[edit(number) for number in range(100, 105)])
    assert [each.code for each in refused(results)] == ["stale"] * 4
