"""All statements by question, and contributions not covered yet: from the record only."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.consultations.models import Thread
from plenara.contributions.actions import revise, withdraw
from plenara.core import clock
from plenara.documents import actions as document_actions
from plenara.summaries.queries import record
from tests import world
from tests.summaries import making
from tests.summaries.answers import body

pytestmark = pytest.mark.django_db

HERE = "/en/consultations/internet-governance/summaries/"


def test_before_the_first_summary_it_says_so(client, consultation):
    assert "No summary has been published yet." in body(client.get(f"{HERE}compilation/"))
    assert client.get(f"{HERE}compilation/1/").status_code == 404


def test_a_statement_leads_to_its_summary_and_to_what_it_cites(client, published, edition):
    page = body(client.get(f"{HERE}compilation/"))
    assert "Documents come too late." in page
    assert 'href="/en/consultations/internet-governance/summaries/1/#s1"' in page
    assert f"contributions/{edition.number}/rev/0/" in page


def test_one_page_of_all_questions_does_not_list_them_a_second_time(client, published):
    assert "By question" not in body(client.get(f"{HERE}compilation/"))


def test_statements_stand_under_their_questions(
    rapporteur, organizer, author, moderator, summary, edition, consultation
):
    first = consultation.threads.get()
    second = Thread.objects.create(consultation=consultation, number=2, slug="q2", question=world.six("And?"))
    world.published(author, moderator, second)
    for thread, text in ((second, "Of the second."), (None, "On the whole text."), (first, "Of the first.")):
        making.statement_of(
            rapporteur, summary, edition, text, thread=thread, heading="" if thread else "Overall coverage"
        )
    making.published(rapporteur, organizer, summary)
    parts = record.whole_compilation(consultation, [first, second])
    assert [(part.number, [each.text for each in part.statements]) for part in parts] == [
        (0, ["On the whole text."]),
        (1, ["Of the first."]),
        (2, ["Of the second."]),
    ]


def test_only_what_is_in_force_is_compiled_in_the_readers_language(
    client, rapporteur, translator, organizer, summary, statement, published
):
    document_actions.reopen(actor=rapporteur, document=making.fresh(summary.document))
    document_actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text="Documents still come too late.",
        was=making.stamp(statement),
    )  # fmt: skip
    making.reviewed(translator, rapporteur, summary.document, "ar")
    making.published(rapporteur, organizer, making.fresh(summary))
    page = body(client.get(f"{HERE}compilation/"))
    assert "Documents still come too late." in page
    assert "Documents come too late." not in page
    arabic = body(client.get(f"{HERE}compilation/".replace("/en/", "/ar/")))
    assert "[ar] Documents still come too late." in arabic
    russian = body(client.get(f"{HERE}compilation/".replace("/en/", "/ru/")))
    assert '<p class="words" lang="en" dir="ltr">Documents still come too late.</p>' in russian


def test_a_withdrawn_contribution_keeps_its_number_without_a_name(client, published, edition, author):
    withdraw(actor=author, contribution=edition.contribution)
    page = body(client.get(f"{HERE}compilation/"))
    assert f"contributions/{edition.number}/rev/0/" in page
    assert "Aminata" not in page


def test_many_statements_have_a_page_a_question_whose_summaries_are_not_parted(
    client, rapporteur, organizer, consultation, edition, monkeypatch
):
    monkeypatch.setattr(record, "COMPILATION_PAGE", 3)
    first = consultation.threads.get(number=1)
    for size in (2, 2, 5):
        it = making.summary(rapporteur, consultation)
        for place in range(size):
            making.statement_of(rapporteur, it, edition, f"Summary number {size}, number {place}.", thread=first)
        making.published(rapporteur, organizer, it)
    index = body(client.get(f"{HERE}compilation/"))
    assert f'href="{HERE}compilation/1/"' in index
    assert "Summary number" not in index
    seen, address = [], f"{HERE}compilation/1/"
    for following in (f"{HERE}compilation/1/from/2/", f"{HERE}compilation/1/from/3/", None):
        page = body(client.get(address))
        seen.append(page.count('<li class="statement'))
        if following:
            assert f'href="{following}"' in page and "By question" in page
            address = following
        else:
            assert "Continue with" not in page
    assert seen == [2, 2, 5]
    assert client.get(f"{HERE}compilation/1/from/9/").status_code == 404


@pytest.mark.once
def test_both_pages_take_as_many_queries_for_much_as_for_little(
    client, rapporteur, organizer, consultation, thread, author, moderator
):
    counts = {}
    for size in (1, 12):
        it = making.summary(rapporteur, consultation, period_to=clock.now() - datetime.timedelta(seconds=1))
        making.statement(rapporteur, it.document, "Nothing else came to question 1.", kind="frame")
        for place in range(size):
            edition = world.published(author, moderator, thread, f"{world.WORDS} {size} {place}.")
            making.statement_of(rapporteur, it, edition, f"Statement {place + 1}.", heading="On")
        making.published(rapporteur, organizer, it)
        world.many(thread, size * 2)
        for tail in ("compilation/", "compilation/0/", "since/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(HERE + tail).status_code == 200
            counts.setdefault(tail, set()).add(len(queries))
    assert all(len(each) == 1 for each in counts.values()), counts
    assert max(max(each) for each in counts.values()) <= 9, counts


def test_what_is_new_is_what_no_period_covers(client, rapporteur, organizer, consultation, thread, author, moderator):
    yesterday = clock.now() - datetime.timedelta(days=1)
    with clock.at(yesterday - datetime.timedelta(hours=1)):
        old = world.published(author, moderator, thread, "Covered already.")
    assert "Covered already." in body(client.get(f"{HERE}since/"))
    it = making.summary(rapporteur, consultation, period_to=yesterday)
    making.cited(rapporteur, making.statement(rapporteur, it.document), old, "Covered already.")
    making.published(rapporteur, organizer, it)
    assert "There are no new contributions." in body(client.get(f"{HERE}since/"))
    world.published(author, moderator, thread, "Quite new.")
    version = revise(actor=author, contribution=old.contribution, text="Covered, and revised.", language="en")
    world.decided(version.contribution, moderator)
    page = body(client.get(f"{HERE}since/"))
    assert "Quite new." in page
    assert "Covered, and revised." not in page  # only contributions published since
    assert "1 contribution<" in page


def test_many_new_ones_have_pages_by_number(client, consultation, thread):
    world.many(thread, 45, answers=False)
    page = body(client.get(f"{HERE}since/"))
    assert "45 contributions" in page
    assert f'href="{HERE}since/from/21/"' in page
    assert body(client.get(f"{HERE}since/from/41/")).count('<li class="entry"') == 5
    assert client.get(f"{HERE}since/from/46/").status_code == 404
