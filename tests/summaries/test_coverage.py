"""The contributions of a period that are cited, set aside and left, by group."""

import datetime

import pytest

from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.summaries import periods
from plenara.summaries.actions import summaries
from plenara.summaries.models import LeftOut
from plenara.summaries.queries.coverage import coverage
from tests import world
from tests.made_once import made_once
from tests.summaries import making

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def consultation(db):
    """An open consultation with two questions."""
    return world.consultation()


@pytest.fixture
@made_once
def ministry(db):
    return world.person(
        "Ministry", stakeholder_group="government", capacity="organization", organization="Ministry", country="FR"
    )


@pytest.fixture
@made_once
def four(author, ministry, moderator, consultation):
    """Four contributions: two by civil society, two by a government, in two languages and threads."""
    first, second = consultation.threads.all()
    return [
        world.published(author, moderator, first, f"{world.WORDS} One."),
        world.published(author, moderator, second, f"{world.WORDS} Two.", "fr"),
        world.published(ministry, moderator, first, f"{world.WORDS} Three."),
        world.published(ministry, moderator, second, f"{world.WORDS} Four."),
    ]


def shares(found):
    return {share.key: (share.all, share.cited, share.set_aside, share.left) for share in found}


def test_each_contribution_is_cited_set_aside_or_left(rapporteur, summary, four):
    making.statement_of(rapporteur, summary, four[0])
    making.statement_of(rapporteur, summary, four[0], "Said twice.")
    summaries.set_aside(actor=rapporteur, summary=summary, edition=four[2], reason="It is about the form.")
    found = coverage(summary)
    assert (found.all, found.cited, found.set_aside, found.left, found.ticks) == (4, 1, 1, 2, "1000")
    assert shares(found.groups) == {"civil_society": (2, 1, 0, 1), "government": (2, 0, 1, 1)}
    assert shares(found.languages) == {"en": (3, 1, 1, 1), "fr": (1, 0, 0, 1)}
    assert shares(found.threads) == {1: (2, 1, 1, 0), 2: (2, 0, 0, 2)}
    assert shares(found.countries) == {"ML": (2, 1, 0, 1), "FR": (2, 0, 1, 1)}
    assert shares(found.channels) == {"web": (4, 1, 1, 2)}


def test_a_period_has_what_was_first_published_in_it(rapporteur, consultation, author, moderator, thread):
    moments = [datetime.datetime(2026, 3, day, 12, tzinfo=datetime.UTC) for day in (1, 10, 20)]
    type(consultation).objects.filter(pk=consultation.pk).update(opens_at=moments[0] - datetime.timedelta(days=1))
    thread.consultation.refresh_from_db()
    editions = []
    for number, moment in enumerate(moments):
        with clock.at(moment):
            editions.append(world.published(author, moderator, thread, f"Number {number}."))
    with clock.at(moments[2]):
        version = revise(actor=author, contribution=editions[0].contribution, text="Revised later.", language="en")
        world.decided(version.contribution, moderator)
    summary = making.summary(rapporteur, consultation, period_from=moments[0], period_to=moments[1])
    assert [(each.number, each.status) for each in coverage(summary).contributions] == [(1, "left"), (2, "left")]


def test_citing_an_earlier_edition_covers_the_contribution(rapporteur, summary, edition, author, moderator):
    version = revise(actor=author, contribution=edition.contribution, text="Other words.", language="en")
    world.decided(version.contribution, moderator)
    making.statement_of(rapporteur, summary, edition)
    assert coverage(summary).ticks == "1"


def test_what_is_withdrawn_is_not_counted(rapporteur, summary, four, author):
    withdraw(actor=author, contribution=four[0].contribution)
    assert coverage(summary).all == 3


def test_an_undated_contribution_is_counted_by_its_import(summary, edition):
    Edition.objects.filter(pk=edition.pk).update(published_at=None)
    assert coverage(summary).all == 1
    Edition.objects.filter(pk=edition.pk).update(minted_at=clock.now() + datetime.timedelta(days=9))
    assert coverage(summary).all == 0


def test_the_record_keeps_the_coverage_of_the_day(rapporteur, organizer, summary, four, author):
    making.statement_of(rapporteur, summary, four[0])
    summaries.set_aside(actor=rapporteur, summary=summary, edition=four[2], reason="It is about the form.")
    published = making.published(rapporteur, organizer, summary)
    withdraw(actor=author, contribution=four[1].contribution)
    figures = published.summary.figures
    assert figures["ticks"] == "1000"
    assert figures["groups"] == {"civil_society": [2, 1], "government": [2, 0]}
    assert figures["countries"] == {"ML": [2, 1], "FR": [2, 0]}
    assert figures["channels"] == {"web": [4, 1]}
    assert figures["by_language"] == {"en": [3, 1], "fr": [1, 0]}
    left = [
        (each.edition.number, each.is_set_aside, each.reason) for each in LeftOut.objects.order_by("edition__number")
    ]
    assert left == [(2, False, ""), (3, True, "It is about the form."), (4, False, "")]


def test_it_takes_four_queries_whatever_the_number(rapporteur, summary, four, django_assert_num_queries):
    making.statement_of(rapporteur, summary, four[0])
    summary = making.fresh(summary)
    summary.consultation  # noqa: B018 - fetched before it is counted
    with django_assert_num_queries(4):
        assert coverage(summary).all == 4


def test_days_are_those_of_the_consultations_zone(consultation):
    consultation.timezone = "Pacific/Auckland"
    day = datetime.date(2026, 3, 1)
    first, last = periods.begins(day, consultation), periods.ends(day, consultation)
    assert first.isoformat() == "2026-02-28T11:00:00+00:00"
    assert last.isoformat() == "2026-03-01T10:59:59+00:00"
    assert periods.days(first, last, consultation) == (day, day)
    assert periods.in_words(first, last, consultation) == "1 March 2026"
