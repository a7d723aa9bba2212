"""The figures of pages are kept while publishing, compared with the record, and made anew."""

import datetime
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import revise, tallies, withdraw
from plenara.contributions.models import DayTally, Edition, Tally
from plenara.core import clock
from plenara.moderation.actions import remove, restore
from tests import world

pytestmark = pytest.mark.django_db


def days():
    return {
        (each.thread.number, each.day): each.count for each in DayTally.objects.select_related("thread") if each.count
    }


def test_a_contribution_counts_on_the_day_on_which_it_first_appeared_whatever_was_revised(
    noon, author, moderator, thread
):
    edition = world.published(author, moderator, thread)
    with clock.at(noon + datetime.timedelta(days=3)):
        revise(actor=author, contribution=edition.contribution, text="Better words.", language="fr")
        world.decided(edition.contribution, moderator)
    assert days() == {(1, noon.date()): 1}
    assert list(tallies.differences()) == []


@pytest.mark.parametrize(("hour", "day"), [(23, 14), (25, 15)])
def test_a_day_is_that_of_utc_wherever_the_consultation_is(hour, day, noon, author, moderator, thread):
    with clock.at(noon.replace(hour=0) + datetime.timedelta(hours=hour, minutes=59)):
        world.published(author, moderator, thread)
    assert days() == {(1, datetime.date(2026, 10, day)): 1}
    assert list(tallies.differences()) == []


def test_what_is_withdrawn_or_removed_leaves_its_day_and_what_is_restored_returns_to_it(
    noon, author, moderator, thread
):
    taken, harmful = (world.published(author, moderator, thread, words).contribution for words in ("One.", "Two."))
    with clock.at(noon + datetime.timedelta(days=1)):
        withdraw(actor=author, contribution=taken)
        remove(actor=moderator, kind="contribution", pk=harmful.pk, reason="R4")
        assert days() == {}
        restore(actor=moderator, kind="contribution", pk=harmful.pk)
    assert days() == {(1, noon.date()): 1}
    assert list(tallies.differences()) == []


def test_after_any_history_the_figures_are_those_of_the_record(noon, author, participant, moderator, consultation):
    dice, published = random.Random(11), []
    threads = list(consultation.threads.all())
    for n in range(40):
        with clock.at(noon + datetime.timedelta(hours=5 * n)):
            act = dice.choice(["publish", "publish", "revise", "withdraw", "remove"])
            if act == "publish" or not published:
                who, where = dice.choice([author, participant]), dice.choice(threads)
                published.append(world.published(who, moderator, where, f"Words {n}.", dice.choice(["en", "fr"])))
                continue
            one = published.pop(dice.randrange(len(published))).contribution
            one.refresh_from_db()
            if act == "revise":
                revise(actor=one.author, contribution=one, text=f"Better {n}.", language=dice.choice(["en", "fr"]))
                published.append(world.decided(one, moderator).editions.get(in_force=True))
            elif act == "withdraw":
                withdraw(actor=one.author, contribution=one)
            else:
                remove(actor=moderator, kind="contribution", pk=one.pk, reason="R4")
    assert list(tallies.differences()) == []
    assert sum(days().values()) == Edition.objects.filter(in_force=True, status="published").count()


def test_a_figure_that_is_wrong_is_named_with_what_it_says_and_what_there_is(author, moderator, thread):
    world.published(author, moderator, thread)
    Tally.objects.update(count=3)
    DayTally.objects.all().delete()
    found = list(tallies.differences())
    today = clock.now().date()
    assert [(each.of, each.stored, each.counted) for each in found] == [
        ("question 1, civil_society, en, ML, web", 3, 1),
        (f"question 1, {today}", 0, 1),
    ]
    assert {each.consultation for each in found} == {thread.consultation}


def test_figures_that_were_dropped_are_made_again(noon, author, moderator, thread, elsewhere):
    world.published(author, moderator, thread)
    world.many(thread, 30)
    world.many(elsewhere.threads.get(number=1), 20)
    wrong = Tally.objects.count() + DayTally.objects.count()
    Tally.objects.all().delete()
    DayTally.objects.all().delete()
    assert tallies.rebuild() == wrong
    assert list(tallies.differences()) == []
    assert tallies.rebuild() == 0, "what is right stays"


def test_what_the_record_no_longer_has_is_counted_as_nothing(author, moderator, thread):
    world.published(author, moderator, thread)
    Tally.objects.create(thread=thread, stakeholder_group="other", language="ru", country="FJ", channel="web", count=4)
    DayTally.objects.create(thread=thread, day=None, count=2)
    assert tallies.rebuild() == 2
    assert list(tallies.differences()) == []


def test_a_day_occurs_once_and_so_does_no_day(thread):
    from django.db import IntegrityError, transaction

    for day in (None, datetime.date(2026, 10, 14)):
        DayTally.objects.create(thread=thread, day=day)
        with pytest.raises(IntegrityError), transaction.atomic():
            DayTally.objects.create(thread=thread, day=day)


@pytest.mark.once
def test_the_comparison_takes_the_same_queries_whatever_the_record_holds(thread, elsewhere):
    world.many(thread, 10)
    with CaptureQueriesContext(connection) as few:
        assert list(tallies.differences()) == []
    world.many(elsewhere.threads.get(number=1), 200)
    with CaptureQueriesContext(connection) as many:
        assert list(tallies.differences()) == []
    assert len(few) == len(many)
