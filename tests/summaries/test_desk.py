"""The rapporteur's desk through its forms: writing and citing; nothing typed is lost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.consultations.models import Thread
from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, Document, Paragraph
from plenara.summaries.actions import summaries
from plenara.summaries.models import SetAside, Summary
from tests import world
from tests.hostile import EVERYTHING
from tests.made_once import made_once
from tests.summaries import making
from tests.summaries.answers import DESK, body, hidden, textarea, translation_form, words
from tests.summaries.harmless import assert_is_harmless

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both


def test_a_summary_is_begun_and_opens_at_its_workbench(sign_in, rapporteur, consultation):
    client = sign_in(rapporteur)
    form = {"source_language": "es", "period_from": "2026-10-01", "period_to": "2026-10-31", "title": "Título"}
    answer = client.post(f"{DESK}new/", form)
    summary = Summary.objects.get()
    assert answer.url == f"{DESK}{summary.pk}/"
    assert summary.document.title == {"es": "Título"}
    assert summary.period_from.isoformat() == "2026-09-30T22:00:00+00:00"  # Zurich
    assert "Título" in body(client.get(answer.url))


@pytest.mark.parametrize(
    "wrong",
    [
        {"period_from": ""},
        {"period_from": "yesterday"},
        {"period_to": "2026-09-01"},
        {"source_language": "de"},
        {"title": "x" * 301},
        {"period_to": "9999-12-31"},
    ],
)
def test_a_wrong_form_keeps_what_was_typed(wrong, sign_in, rapporteur, consultation):
    form = {"source_language": "es", "period_from": "2026-10-01", "period_to": "2026-10-31", "title": "Título", **wrong}
    answer = sign_in(rapporteur).post(f"{DESK}new/", form)
    if wrong == {"period_to": "9999-12-31"}:
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert 'class="errors"' in body(answer)
    assert form["title"] in body(answer)
    assert not Summary.objects.exists()


def test_title_and_period_are_changed_and_a_stale_form_gets_409(sign_in, rapporteur, other_rapporteur, summary, desk):
    client = sign_in(rapporteur)
    opened = client.get(f"{desk}period/")
    form = {
        "title": "Mine", "title_was": hidden(opened, "title_was"), "period_was": hidden(opened, "period_was"),
        "period_from": "2026-01-01", "period_to": "2026-12-31",
    }  # fmt: skip
    document_actions.edit_title(actor=other_rapporteur, document=summary.document, title="Theirs", was="What was said")
    answer = client.post(f"{desk}period/", form)
    assert answer.status_code == 409
    assert "Mine" in body(answer)
    assert making.fresh(summary.document).title["en"] == "Theirs"
    assert making.fresh(summary).period_from == summary.period_from
    form["title_was"] = "Theirs"
    stale = {"period_was": "2020-01-01T00:00:00+00:00/2020-02-01T00:00:00+00:00"}
    assert client.post(f"{desk}period/", form | stale).status_code == 409
    assert making.fresh(summary.document).title["en"] == "Theirs"  # both or none
    assert client.post(f"{desk}period/", form).status_code == 302
    assert making.fresh(summary.document).title["en"] == "Mine"
    assert making.fresh(summary).period_from.isoformat() == "2025-12-31T23:00:00+00:00"


def test_a_statement_is_written_then_its_words_are_chosen(sign_in, rapporteur, summary, desk, edition):
    client = sign_in(rapporteur)
    opened = client.get(f"{desk}statements/new/")
    form = {"kind": "concern", "text": "Documents come too late.", "heading": "Time", "key": hidden(opened, "key")}
    answers = [client.post(f"{desk}statements/new/", form) for _click in range(2)]
    made = Paragraph.objects.get()
    assert {answer.url for answer in answers} == {f"{desk}statements/{made.pk}/#citations"}
    read = client.get(f"{desk}contributions/{edition.number}/?statement={made.pk}")
    assert f'<option value="{made.pk}" selected lang="en" dir="ltr">' in body(read)
    sentence = "Documents should reach us three weeks before a meeting, and in a language that we read."
    assert sentence in body(read)
    answer = client.post(
        f"{desk}contributions/{edition.number}/",
        {"statement": made.pk, "sentences": ["0"], "words": "", "key": hidden(read, "key")},
    )
    assert answer.url == f"{desk}#s1"
    assert Citation.objects.get().words == sentence


def test_words_and_sentences_are_cited_together_in_a_new_statement(sign_in, rapporteur, desk, edition):
    client = sign_in(rapporteur)
    form = {
        "statement": "new", "text": "A new one.", "kind": "proposal", "sentences": ["0"],
        "words": " three weeks\r\nbefore a meeting ", "key": "k",
    }  # fmt: skip
    for _click in range(2):
        assert client.post(f"{desk}contributions/{edition.number}/", form).status_code == 302
    assert Paragraph.objects.get().kind == "proposal"
    assert Citation.objects.count() == 2


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"statement": "", "words": "three weeks"}, "statement"),
        ({"statement": "first", "words": ""}, "words"),
        ({"statement": "first", "words": "four weeks"}, "words"),
        ({"statement": "new", "words": "three weeks", "text": ""}, "text"),
        ({"statement": "new", "words": "four weeks", "text": "A new one."}, "words"),
        ({"statement": "999999", "words": "three weeks"}, "statement"),
        ({"statement": "first", "sentences": ["99"], "words": ""}, "sentences"),
    ],
)
def test_a_citation_that_is_refused_has_its_error_at_the_field_and_keeps_what_was_typed(
    form, field, sign_in, rapporteur, desk, edition, statement
):
    form = {**form, "statement": statement.pk if form["statement"] == "first" else form["statement"]}
    answer = sign_in(rapporteur).post(f"{desk}contributions/{edition.number}/", form)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in body(answer) or "errors" in body(answer)
    assert textarea(answer, "words") == form["words"]
    assert Citation.objects.count() == 1
    assert Paragraph.objects.count() == 1


def options(answer, name):
    """Return the values that a choice of a page offers."""
    select = re.search(rf'<select name="{name}".*?</select>', body(answer), re.DOTALL)[0]
    return [value for value in re.findall(r'<option value="([^"]*)"', select) if value]


def test_every_kind_that_the_form_offers_for_a_new_statement_is_taken(sign_in, rapporteur, desk, edition):
    client, path = sign_in(rapporteur), f"{desk}contributions/{edition.number}/"
    kinds = options(client.get(path), "kind")
    for kind in kinds:
        against = "Others say no." if kind == "disagreement" else ""
        form = {"statement": "new", "text": f"A {kind}.", "kind": kind, "words": "three weeks", "against": against}
        assert client.post(path, form).status_code == 302, kind
    assert list(Paragraph.objects.order_by("number").values_list("kind", flat=True)) == kinds
    assert "frame" not in kinds and len(kinds) == 5


def test_every_kind_of_the_form_for_a_statement_is_taken(sign_in, rapporteur, summary, desk):
    client = sign_in(rapporteur)
    for kind in options(client.get(f"{desk}statements/new/"), "kind"):
        against = "Others say no." if kind == "disagreement" else ""
        form = {"kind": kind, "text": f"A {kind}.", "against": against}
        assert client.post(f"{desk}statements/new/", form).status_code == 302, kind
    assert Paragraph.objects.count() == 6


@pytest.mark.parametrize(
    "typed",
    [
        {"statement": "", "text": "A new one.", "words": "three weeks"},
        {"statement": "first", "text": "A new one.", "words": "four weeks"},
        {"statement": "", "against": "Others say no.", "words": "three weeks"},
        {"statement": "new", "text": "", "words": "three weeks"},
        {"statement": "first", "kind": "finding", "words": "three weeks"},
    ],
)
def test_a_refused_form_leaves_what_was_written_for_a_new_statement_in_sight(
    typed, sign_in, rapporteur, desk, edition, statement
):
    typed = {**typed, "statement": statement.pk if typed["statement"] == "first" else typed["statement"]}
    client, path = sign_in(rapporteur), f"{desk}contributions/{edition.number}/"
    assert '<fieldset class="field new">' in body(client.get(path))
    answer = client.post(path, typed)
    assert answer.status_code == 422
    assert '<fieldset class="field new">' not in body(answer)
    for name in ("text", "against"):
        assert textarea(answer, name) == typed.get(name, "")


def test_a_stale_edit_hears_who_changed_what_and_keeps_what_was_typed(
    sign_in, rapporteur, other_rapporteur, statement, desk
):
    client = sign_in(rapporteur)
    address = f"{desk}statements/{statement.pk}/"
    was = hidden(client.get(address), "was")
    document_actions.edit_paragraph(
        actor=other_rapporteur, paragraph=statement, kind="concern", text="By Pavel.", was=making.stamp(statement)
    )
    answer = client.post(address, {"kind": "concern", "text": "By me.", "was": was})
    assert answer.status_code == 409
    assert "Pavel Orlov" in body(answer)
    assert words(answer, "del") == "Documents come too late"
    assert words(answer, "ins") == "By Pavel"
    assert textarea(answer, "text") == "By me."
    again = client.post(address, {"kind": "concern", "text": "By me.", "was": hidden(answer, "was")})
    assert again.status_code == 302
    assert making.stamp(statement) == document_actions.stamp(
        statement, document_actions.source_of(statement, statement.document)
    )
    assert document_actions.source_of(statement, statement.document).text == "By me."


def test_a_statement_deleted_meanwhile_can_be_added_again(sign_in, rapporteur, other_rapporteur, statement, desk):
    client = sign_in(rapporteur)
    address = f"{desk}statements/{statement.pk}/"
    was = hidden(client.get(address), "was")
    document_actions.delete_paragraph(actor=other_rapporteur, paragraph=statement, was=was, citations=1)
    answer = client.post(address, {"kind": "concern", "text": "My words.", "was": was})
    assert answer.status_code == 409
    assert textarea(answer, "text") == "My words."
    form = {"kind": "concern", "text": "My words.", "key": hidden(answer, "key")}
    assert client.post(f"{desk}statements/new/", form).status_code == 302
    assert document_actions.source_of(Paragraph.objects.get(), statement.document).text == "My words."


def test_statements_move_up_and_down(sign_in, rapporteur, statement, desk, summary):
    second = making.statement(rapporteur, summary.document, "Second.", kind="frame")
    client = sign_in(rapporteur)
    assert client.post(f"{desk}statements/move/", {"move": f"{second.pk}:1"}).url == f"{desk}#s1"
    assert [each.pk for each in summary.document.paragraphs.all()] == [second.pk, statement.pk]
    for forged in ("", "1", "x:1", f"{second.pk}:x", "99999999999999999999:1", f"{second.pk}:-1"):
        assert client.post(f"{desk}statements/move/", {"move": forged}).status_code == 404


def test_a_statement_is_deleted_after_a_question(sign_in, rapporteur, other_rapporteur, statement, desk, edition):
    client = sign_in(rapporteur)
    address = f"{desk}statements/{statement.pk}/delete/"
    opened = client.get(address)
    making.cited(other_rapporteur, statement, edition, "a meeting")
    form = {"was": hidden(opened, "was"), "citations": hidden(opened, "citations")}
    refused = client.post(address, form)
    assert refused.status_code == 409
    assert "This statement has 2 citations." in body(refused)
    form = {"was": hidden(refused, "was"), "citations": hidden(refused, "citations")}
    for _click in range(2):
        assert client.post(address, form).status_code == 302
    assert not Paragraph.objects.exists()


def test_a_citation_is_taken_away(sign_in, rapporteur, statement, desk):
    client, pk = sign_in(rapporteur), Citation.objects.get().pk
    for _click in range(2):
        assert client.post(f"{desk}citations/{pk}/delete/").status_code == 302
    assert not Citation.objects.exists()


def test_a_contribution_is_set_aside_and_taken_up_again(sign_in, rapporteur, desk, edition):
    client, address = sign_in(rapporteur), f"{desk}contributions/{edition.number}/aside/"
    refused = client.post(address, {"reason": " "})
    assert refused.status_code == 422
    assert client.post(address, {"reason": "It is about the form."}).status_code == 302
    assert SetAside.objects.get().reason == "It is about the form."
    assert "It is about the form." in body(client.get(f"{desk}contributions/{edition.number}/"))
    assert "set aside" in body(client.get(f"{desk}?show=set_aside"))
    assert client.post(address, {"bring_back": ""}).status_code == 302
    assert not SetAside.objects.exists()


@pytest.fixture
@made_once
def second(consultation):
    """A second question."""
    return Thread.objects.create(consultation=consultation, number=2, slug="q2", question=world.six("And?"))


@pytest.fixture
@made_once
def many(author, participant, moderator, consultation, second):
    """Twenty-five contributions to two questions by two persons."""
    threads = list(consultation.threads.all())
    return [
        world.published((author, participant)[number % 2], moderator, threads[number % 2], f"Word{number} of many.")
        for number in range(25)
    ]


def shown(answer):
    return [int(number) for number in re.findall(r'<li id="c(\d+)">', body(answer))]


@pytest.mark.both
def test_the_workbench_lists_by_what_became_of_a_contribution(sign_in, rapporteur, summary, desk, many):
    client = sign_in(rapporteur)
    making.cited(rapporteur, making.statement(rapporteur, summary.document), many[0], "Word0")
    summaries.set_aside(actor=rapporteur, summary=summary, edition=many[1], reason="Because.")
    assert shown(client.get(f"{desk}?show=cited")) == [1]
    assert shown(client.get(f"{desk}?show=set_aside")) == [2]
    assert shown(client.get(desk)) == list(range(3, 23))
    assert shown(client.get(f"{desk}?page=2")) == [23, 24, 25]
    assert shown(client.get(f"{desk}?show=all&thread=2")) == list(range(2, 26, 2))
    assert shown(client.get(f"{desk}?show=nonsense&page=x")) == list(range(3, 23))
    assert "of 25" in body(client.get(desk))


@pytest.mark.both
def test_words_are_searched_in_the_whole_consultation(sign_in, rapporteur, desk, many):
    client = sign_in(rapporteur)
    asked = {
        "word7": [8], "WORD7 many": [8], "13": [13], "Aminata word4": [5], "nothing like it": [], "%": [], "_ord": [],
    }  # fmt: skip
    assert {query: shown(client.get(desk, {"q": query})) for query in asked} == asked


@pytest.mark.both
def test_a_search_shows_a_bounded_number_and_says_so(
    sign_in, rapporteur, desk, author, moderator, thread, monkeypatch, many
):
    monkeypatch.setattr("plenara.summaries.views.staff.contributions.MOST_FOUND", 10)
    answer = sign_in(rapporteur).get(desk, {"q": "many"})
    assert len(shown(answer)) == 10
    assert "Only the first 10 results are shown" in body(answer)


def test_queries_are_the_same_for_few_and_for_many(
    sign_in, rapporteur, organizer, author, moderator, thread, summary, desk
):
    client = sign_in(rapporteur)
    counts = {}
    editions = [world.published(author, moderator, thread, f"{world.WORDS} {number}.") for number in range(3)]
    for size in (3, 25):
        while summary.document.paragraphs.count() < size:
            place = summary.document.paragraphs.count()
            making.statement_of(rapporteur, summary, editions[place % 3], f"Statement {place}.")
            editions.append(world.published(author, moderator, thread, f"{world.WORDS} Again {place}."))
        for tail in ("", "review/", "renditions/ar/", f"contributions/{editions[0].number}/", "?q=weeks"):
            client.get(desk + tail)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(desk + tail).status_code == 200
            counts.setdefault(tail, set()).add(len(queries))
    assert all(len(each) == 1 for each in counts.values()), counts
    assert max(max(each) for each in counts.values()) <= 33, counts


def test_hostile_words_pass_through_every_field_and_stay_text(
    sign_in, rapporteur, translator, organizer, summary, desk, edition
):
    client = sign_in(rapporteur)
    texts = [
        each
        for each in EVERYTHING
        if each.strip() and each.encode(errors="ignore").decode() == each and "\0" not in each
    ]
    for number, text in enumerate(texts):
        form = {"kind": "concern", "text": f"{number} {text}", "heading": text[:200], "key": f"k{number}"}
        assert client.post(f"{desk}statements/new/", form).status_code == 302
    client.post(f"{desk}contributions/{edition.number}/aside/", {"reason": texts[0]})
    made = list(Paragraph.objects.all())
    assert len(made) == len(texts)
    everything = "\n".join(texts)[:4000]
    client.post(f"{desk}review/", {"act": "submit_for_review"})
    sign_in(organizer).post(f"{desk}review/", {"act": "send_back", "note": everything[:3900]})
    client = sign_in(translator)
    form = translation_form(client.get(f"{desk}renditions/ar/"), texts[1]) | {"title": texts[4], "act": "save"}
    assert client.post(f"{desk}renditions/ar/", form).status_code == 302
    client = sign_in(rapporteur)
    for tail in ("", "review/", "renditions/ar/", f"contributions/{edition.number}/", "period/"):
        assert_is_harmless(body(client.get(desk + tail)))
    for paragraph in made[:40:5]:
        assert_is_harmless(body(client.get(f"{desk}statements/{paragraph.pk}/")))
        assert_is_harmless(body(client.get(f"{desk}statements/{paragraph.pk}/delete/")))
    # The query is shown only on the page of its results, also on the page of an empty summary.
    Paragraph.objects.all().delete()
    for text in texts:
        assert_is_harmless(body(client.get(desk, {"q": text})))


@pytest.mark.both
def test_a_null_byte_is_refused_with_a_sentence_and_the_rest_is_kept(sign_in, rapporteur, desk):
    answer = sign_in(rapporteur).post(f"{desk}statements/new/", {"kind": "concern", "text": "before\0after"})
    assert answer.status_code == 422
    assert 'class="error"' in body(answer)
    assert "before" in textarea(answer, "text")
    assert "after" in textarea(answer, "text")


def test_another_summarys_statements_and_citations_are_not_reached(
    sign_in, rapporteur, consultation, elsewhere, summary, statement, desk
):
    other = making.summary(rapporteur, consultation)
    client = sign_in(rapporteur)
    there = f"{DESK}{other.pk}/"
    assert client.get(f"{there}statements/{statement.pk}/").status_code == 404
    assert client.post(f"{there}statements/move/", {"move": f"{statement.pk}:1"}).status_code == 404
    client.post(f"{there}citations/{Citation.objects.get().pk}/delete/")
    assert Citation.objects.count() == 1
    assert client.get(desk.replace("internet-governance", "digital-cooperation")).status_code == 404
    assert Document.objects.count() == 2


def test_what_was_sent_while_signed_out_is_back_after_sign_in(
    client, sign_in, rapporteur, translator, statement, summary, desk
):
    form = {"kind": "concern", "text": "Typed for an hour.", "heading": ""}
    for address, pages_form in (
        (f"{desk}statements/new/", form),
        (f"{desk}statements/{statement.pk}/", form),
        (f"{desk}renditions/ar/", {f"t{statement.pk}": "Typed for an hour.", "act": "save"}),
    ):
        opened = sign_in(rapporteur).get(address)
        sent = {**pages_form, "writer": hidden(opened, "writer"), "was": hidden(opened, "was")}
        client.logout()
        answer = client.post(address, sent)
        assert answer.url.startswith("/en/account/login/?next=/en/desk/")
        session = client.session
        kept = session["kept_desk_form"]
        sign_in(rapporteur)
        session = client.session
        session["kept_desk_form"] = kept
        session.save()
        back = client.get(address)
        assert "Typed for an hour." in body(back)
        assert "You were signed out." in body(back)
    assert making.fresh(summary.document).paragraphs.count() == 1
    client.logout()
    assert client.post(f"{desk}statements/move/", {"move": "1:1"}).url.endswith(f"next={desk}")
