"""Every version at the desk, and what others changed since one last opened a summary."""

import datetime

import pytest

from plenara.core import clock
from plenara.documents import actions as document_actions
from tests.hostile import EVERYTHING
from tests.summaries import making
from tests.summaries.answers import body, words
from tests.summaries.harmless import assert_is_harmless

pytestmark = pytest.mark.django_db

NEWS = "Changes by others since you last opened this text"


def edit(actor, statement, text, **more):
    return document_actions.edit_paragraph(
        actor=actor, paragraph=statement, kind="concern", text=text, was=making.stamp(statement), **more
    )


def test_the_history_tells_who_changed_what_with_the_differences(
    sign_in, rapporteur, other_rapporteur, statement, desk
):
    edit(other_rapporteur, statement, "Documents come far too late.")
    answer = sign_in(rapporteur).get(f"{desk}history/?statement={statement.pk}")
    assert "Pavel Orlov" in body(answer)
    assert words(answer, "ins").strip() == "far"


def test_a_deleted_statement_keeps_its_history(sign_in, rapporteur, statement, desk):
    document_actions.delete_paragraph(actor=rapporteur, paragraph=statement, was=making.stamp(statement), citations=1)
    answer = sign_in(rapporteur).get(f"{desk}history/?statement={statement.pk}")
    assert "All versions of a deleted text" in body(answer)
    assert "Documents come too late." in body(answer)


def test_a_long_history_is_paged_and_wrong_pages_are_the_nearest(sign_in, rapporteur, statement, desk):
    for number in range(30):
        edit(rapporteur, statement, f"Version {number}.")
    client = sign_in(rapporteur)
    assert body(client.get(f"{desk}history/")).count('<li class="past"') == 20
    assert "page=2" in body(client.get(f"{desk}history/"))
    for wrong in ("999", "9" * 5000, "-1", "x"):
        assert client.get(f"{desk}history/?page={wrong}").status_code == 200
    assert body(client.get(f"{desk}history/?page=2")).count('<li class="past"') == 12


@pytest.mark.once
def test_queries_are_the_same_for_few_changes_and_many(sign_in, rapporteur, statement, desk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(rapporteur)
    counts = set()
    for number in range(18):
        if number in {1, 17}:
            with CaptureQueriesContext(
                connection,
            ) as seen:
                client.get(f"{desk}history/")
            counts.add(len(seen))
        edit(rapporteur, statement, f"Version {number}.")
    assert len(counts) == 1


def test_hostile_words_stay_text(sign_in, rapporteur, statement, desk):
    edit(rapporteur, statement, "\n".join(EVERYTHING), heading="<script>")
    assert_is_harmless(body(sign_in(rapporteur).get(f"{desk}history/")))


def test_those_without_a_role_see_no_history(sign_in, participant, moderator, statement, desk):
    for person in (participant, moderator):
        assert sign_in(person).get(f"{desk}history/").status_code == 403


def test_each_sees_what_the_other_changed_since_they_last_opened_it(
    sign_in, rapporteur, other_rapporteur, statement, desk
):
    client = sign_in(rapporteur)
    assert NEWS not in body(client.get(desk))
    edit(rapporteur, statement, "By me.")
    assert NEWS not in body(client.get(desk))
    edit(other_rapporteur, statement, "By Pavel.")
    for page in (desk, desk, f"{desk}statements/{statement.pk}/"):  # it is not gone after a reload
        text = body(client.get(page))
        assert NEWS in text
        assert "Pavel Orlov" in text
        assert "0 seconds ago" in text or "second" in text


def test_a_later_visit_begins_anew(sign_in, rapporteur, other_rapporteur, statement, desk, monkeypatch):
    client = sign_in(rapporteur)
    client.get(desk)
    edit(other_rapporteur, statement, "By Pavel.")
    client.get(desk)
    later = clock.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert NEWS not in body(client.get(desk))
