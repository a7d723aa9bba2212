"""Read marks for a summary: shared among rapporteurs, and filters by author."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import revise
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused, NotPermitted
from plenara.summaries.actions.summaries import mark_read, mark_unread
from plenara.summaries.models import ReadMark
from plenara.summaries.queries.coverage import coverage
from tests import world
from tests.made_once import made_once
from tests.summaries import making
from tests.summaries.answers import body

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def consultation(db):
    """An open consultation with two questions."""
    return world.consultation()


@pytest.fixture
@made_once
def ministry(db):
    return world.person("Ministry", stakeholder_group="government", country="FR")


@pytest.fixture
@made_once
def three(author, ministry, moderator, consultation):
    first, second = consultation.threads.all()
    return [
        world.published(author, moderator, first, f"{world.WORDS} One."),
        world.published(ministry, moderator, first, f"{world.WORDS} Two.", "fr"),
        world.published(ministry, moderator, second, f"{world.WORDS} Three."),
    ]


def shown(answer):
    return [int(number) for number in re.findall(r'<li id="c(\d+)">', body(answer))]


def test_what_nobody_has_read_is_unread(rapporteur, other_rapporteur, summary, three):
    assert coverage(summary).unread == 3
    assert mark_read(actor=rapporteur, summary=summary, editions=three[:2]) == 2
    assert mark_read(actor=other_rapporteur, summary=summary, editions=three[:1]) == 0  # a second time, by another
    assert [each.is_read for each in coverage(summary).contributions] == [True, True, False]
    assert ReadMark.objects.filter(by=rapporteur).count() == 2
    assert AuditEntry.objects.filter(verb="summary.read").count() == 1


def test_what_is_cited_or_set_aside_was_read(rapporteur, summary, three):
    making.statement_of(rapporteur, summary, three[0])
    making.actions.set_aside(actor=rapporteur, summary=summary, edition=three[1], reason="It is about the form.")
    assert coverage(summary).unread == 1


def test_a_revision_of_what_was_read_stays_read(rapporteur, summary, author, moderator, three):
    mark_read(actor=rapporteur, summary=summary, editions=three[:1])
    version = revise(actor=author, contribution=three[0].contribution, text="Other words.", language="en")
    world.decided(version.contribution, moderator)
    assert coverage(summary).unread == 2
    assert (
        mark_read(actor=rapporteur, summary=summary, editions=[three[0].contribution.editions.get(in_force=True)]) == 0
    )


def test_reading_is_taken_back(rapporteur, summary, three):
    mark_read(actor=rapporteur, summary=summary, editions=three)
    for _click in range(2):
        mark_unread(actor=rapporteur, summary=summary, edition=three[0])
    assert coverage(summary).unread == 1
    assert AuditEntry.objects.filter(verb="summary.unread").count() == 1


def test_only_a_rapporteur_marks_and_only_what_belongs_here(
    translator, moderator, rapporteur, summary, three, author, elsewhere
):
    for person in (translator, moderator):
        with pytest.raises(NotPermitted):
            mark_read(actor=person, summary=summary, editions=three)
    other = world.grant(world.person("M"), elsewhere, "moderator")
    foreign = world.published(author, other, elsewhere.threads.first())
    with pytest.raises(ActionRefused):
        mark_read(actor=rapporteur, summary=summary, editions=[foreign])


def test_the_workbench_begins_with_what_is_unread(sign_in, rapporteur, desk, summary, three):
    client = sign_in(rapporteur)
    assert shown(client.get(desk)) == [1, 2, 3]
    assert client.post(f"{desk}contributions/read/", {"read": ["1", "2"], "back": "show=unread"}).status_code == 302
    assert shown(client.get(desk)) == [3]
    assert shown(client.get(f"{desk}?show=read")) == [1, 2]
    client.post(f"{desk}contributions/read/", {"unread": "2"})
    assert shown(client.get(desk)) == [2, 3]
    client.post(f"{desk}contributions/read/", {"read": ["2", "3"]})
    # Everything is read: contributions not cited yet come next.
    assert shown(client.get(desk)) == [1, 2, 3]
    assert "All contributions from the period have been read." in body(client.get(f"{desk}?show=unread"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("show=all&group=government", [2, 3]),
        ("show=all&language=fr", [2]),
        ("show=all&country=ML", [1]),
        ("show=all&group=government&thread=1", [2]),
        ("show=all&country=XX&language=%00", [1, 2, 3]),  # unknown, so ignored
    ],
)
def test_the_list_is_filtered_by_who_said_it(asked, found, sign_in, rapporteur, desk, three):
    assert shown(sign_in(rapporteur).get(f"{desk}?{asked}")) == found


def test_reading_on_leads_to_the_next_unread(sign_in, rapporteur, desk, three):
    client = sign_in(rapporteur)
    answer = client.post(f"{desk}contributions/read/", {"read": "2", "then": "next"})
    assert answer.url == f"{desk}contributions/3/"
    answer = client.post(f"{desk}contributions/read/", {"read": "3", "then": "next"})
    assert answer.url == f"{desk}contributions/1/"
    answer = client.post(f"{desk}contributions/read/", {"read": "1", "then": "next"})
    assert answer.url == f"{desk}#contributions"


def test_what_is_no_number_marks_nothing(sign_in, rapporteur, desk, three):
    client = sign_in(rapporteur)
    sent = {"read": ["x", "-1", "9" * 30, "٣", ""], "unread": "x", "back": "show=all&page=%ff\x00\r\nX: y", "then": "z"}
    assert client.post(f"{desk}contributions/read/", sent).status_code == 302
    assert not ReadMark.objects.exists()


def test_a_group_of_which_nothing_is_cited_is_marked(sign_in, rapporteur, desk, summary, three):
    making.statement_of(rapporteur, summary, three[0])
    page = body(sign_in(rapporteur).get(desk))
    row = re.search(r"<tr><th scope=\"row\">(?:(?!</th>).)*Government(?:(?!</tr>).)*</tr>", page, re.DOTALL)
    assert row
    assert "none cited" in row[0]


@pytest.mark.once
def test_the_workbench_takes_as_many_queries_for_1200_as_for_20(
    sign_in, rapporteur, consultation, thread, summary, desk
):
    client, counts = sign_in(rapporteur), set()
    for more in (20, 1_180):
        world.many(thread, more)
        mark_read(actor=rapporteur, summary=summary, editions=consultation.editions.all()[: more // 2])
        with CaptureQueriesContext(connection) as queries:
            page = body(client.get(f"{desk}?show=unread&group=government"))
        counts.add(len(queries))
    assert len(counts) == 1
    assert "of 1,200" in page
