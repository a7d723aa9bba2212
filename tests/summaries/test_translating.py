"""The translator's desk through its form: beside the source, with all aids; nothing typed is lost."""

import html
import re

import pytest

from plenara.contributions.actions import withdraw
from plenara.core.text import digest
from plenara.documents import actions as document_actions
from plenara.documents.models import Comment, MemoryUnit, ParagraphText, Rendition, Suggestion, Term
from tests import world
from tests.hostile import SCRIPTS
from tests.summaries import making
from tests.summaries.answers import body, hidden, textarea, translation_form

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both

ARABIC = "تصل الوثائق متأخرة."


@pytest.fixture
def address(desk):
    return f"{desk}renditions/ar/"


@pytest.fixture
def other_translator(consultation):
    return world.grant(world.person("Samir Haddad", language="ar"), consultation, "translator", "ar")


def edit(rapporteur, paragraph, text, **more):
    document_actions.edit_paragraph(
        actor=rapporteur, paragraph=paragraph, kind=paragraph.kind, text=text, was=making.stamp(paragraph), **more
    )


def text_of(paragraph, language="ar"):
    return ParagraphText.objects.get(paragraph=paragraph, language=language).text


def pks(answer):
    return [int(pk) for pk in re.findall(r'<textarea id="t(\d+)"', body(answer))]


def brought(consultation, source, target, **more):
    known = {"source_language": "en", "language": "ar", "source_digest": digest(source), **more}
    return MemoryUnit.objects.create(consultation=consultation, source=source, target=target, **known)


# --- beside the source ---


def test_terms_citations_and_both_sides_stand_beside_the_translation(
    sign_in, translator, rapporteur, consultation, summary, statement, address
):
    Term.objects.create(consultation=consultation, words={"en": "document", "ar": "وثيقة"})
    both = making.statement(rapporteur, summary.document, "Held.", kind="disagreement", against="Held against it all.")
    page = body(sign_in(translator).get(address))
    assert "<dfn>Documents</dfn> come too late." in page
    assert "وثيقة" in page
    assert f"<mark>{making.WORDS_CITED}</mark>" in page
    assert f"/contributions/{statement.citations.get().edition.number}/rev/0/" in page or "/rev/" in page
    assert "Held against it all." in page
    assert f'name="a{both.pk}"' in page


def test_words_that_were_withdrawn_are_quoted_no_more(sign_in, translator, author, statement, edition, address):
    withdraw(actor=author, contribution=edition.contribution)
    page = body(sign_in(translator).get(address))
    assert f"<mark>{making.WORDS_CITED}</mark>" not in page
    assert "withdrawn or removed" in page


def test_the_other_side_and_the_heading_are_saved_with_the_text(
    sign_in, translator, rapporteur, summary, statement, address
):
    both = making.statement(
        rapporteur, summary.document, "Held.", kind="disagreement", heading="Cost", against="Held against it."
    )
    client = sign_in(translator)
    form = translation_form(client.get(address), ARABIC) | {
        f"a{both.pk}": "ضد",
        f"h{both.pk}": "التكلفة",
        "act": "save",
    }
    assert client.post(address, form).status_code == 302
    kept = ParagraphText.objects.get(paragraph=both, language="ar")
    assert (kept.heading, kept.text, kept.against) == ("التكلفة", ARABIC, "ضد")
    assert kept.source_digest == making.fresh(kept.paragraph.texts.get(language="en")).digest


@pytest.mark.parametrize("changed", ["heading", "text", "against"])
def test_whatever_changed_in_the_source_is_marked(sign_in, translator, rapporteur, summary, address, changed):
    both = making.statement(
        rapporteur,
        summary.document,
        "Held by some.",
        kind="disagreement",
        heading="The cost",
        against="Held by others.",
    )
    making.translated(translator, summary.document, "ar")
    words = {"heading": "The cost", "text": "Held by some.", "against": "Held by others."}
    edit(rapporteur, both, **(words | {changed: words[changed] + " Added words."}))
    page = body(sign_in(translator).get(address))
    assert re.search(r"<ins>.*?Added words.*?</ins>", page)
    assert "outdated: the original has changed" in page


def test_the_words_of_the_source_are_shown_as_characters(sign_in, translator, rapporteur, summary, address):
    for each in SCRIPTS:
        making.statement(rapporteur, summary.document, f"{each} said.", kind="frame")
    Suggestion.objects.create(
        document=summary.document, paragraph=summary.document.paragraphs.first(), language="ar",
        source_digest=summary.document.paragraphs.first().texts.get().digest, text=SCRIPTS[0], machine=SCRIPTS[0][:100],
    )  # fmt: skip
    page = body(sign_in(translator).get(address))
    for each in SCRIPTS:
        assert "<" not in each or each not in page
    assert html.escape(SCRIPTS[0][:20], quote=False)[:8] in page


@pytest.mark.parametrize(
    ("source", "text", "target"),
    [
        ("ar", "تصل الوثائق متأخرة جدا، ويقول ذلك كثيرون.", "Documents come too late."),
        ("zh", "文件来得太晚。", "Documents come too late."),
    ],
)
def test_any_language_can_be_the_source(sign_in, rapporteur, consultation, source, text, target):
    summary = making.summary(rapporteur, consultation, source_language=source, title=text)
    made = making.statement(rapporteur, summary.document, text, kind="frame")
    Term.objects.create(
        consultation=consultation, words={source: "文件" if source == "zh" else "وثائق", "en": "document"}
    )
    address = f"/en/desk/consultations/internet-governance/summaries/{summary.pk}/renditions/en/"
    client = sign_in(rapporteur)
    opened = client.get(address)
    tag, way = {"ar": ("ar", "rtl"), "zh": ("zh-Hans", "ltr")}[source]
    assert f'lang="{tag}" dir="{way}"' in body(opened)
    assert re.search(r"<dfn>(文件|الوثائق)</dfn>", body(opened))
    assert ("characters left" if source == "zh" else "words left") in body(opened)
    form = translation_form(opened, target) | {"title": "Title", "act": "save"}
    client.post(address, form)
    assert text_of(made, "en") == target


# --- filters and pages ---


@pytest.mark.both
def test_filters_show_what_is_missing_outdated_or_remarked(
    sign_in, translator, rapporteur, summary, statement, address
):
    counted = making.statement(rapporteur, summary.document, "There were 29 contributions.", kind="frame")
    making.translated(translator, summary.document, "ar")
    missing = making.statement(rapporteur, summary.document, "Not yet.", kind="frame")
    edit(rapporteur, statement, "They come very late.")
    text = ParagraphText.objects.get(paragraph=counted, language="ar")
    text.text = "كانت هناك 92 مساهمة."
    text.save()
    client = sign_in(translator)
    every = ("missing", "outdated", "remarks", "nonsense", "machine")  # no machine wrote here: all are shown
    shown = {show: pks(client.get(f"{address}?show={show}")) for show in every}
    assert shown["missing"] == [missing.pk]
    assert shown["outdated"] == [statement.pk]
    assert counted.pk in shown["remarks"]
    assert missing.pk not in shown["remarks"]
    assert shown["nonsense"] == shown["machine"] == [statement.pk, counted.pk, missing.pk]


def test_turning_the_page_saves_what_was_typed(sign_in, translator, rapporteur, summary, address):
    for number in range(45):
        making.statement(rapporteur, summary.document, f"Number {number}.", kind="frame")
    client = sign_in(translator)
    first = client.get(address)
    assert len(pks(first)) == 40
    form = translation_form(first, "") | {f"t{pks(first)[0]}": ARABIC, "go": "all:41"}
    answer = client.post(address, form)
    assert answer.url == f"{address}?from=41"
    assert len(pks(client.get(answer.url))) == 5
    assert ParagraphText.objects.get(language="ar").text == ARABIC
    assert len(pks(client.get(f"{address}?show=missing&from=41"))) == 4
    assert len(pks(client.get(f"{address}?show=missing&from=9999"))) == 4


def test_a_form_that_comes_back_shows_its_own_statements(sign_in, translator, rapporteur, summary, address):
    some = [making.statement(rapporteur, summary.document, f"Number {n}.", kind="frame") for n in range(3)]
    client = sign_in(translator)
    form = translation_form(client.get(f"{address}?show=missing"), "") | {f"t{some[2].pk}": "x" * 4001, "act": "save"}
    making.translated(translator, summary.document, "ar")
    answer = client.post(f"{address}?show=missing", form)
    assert answer.status_code == 422
    assert textarea(answer, f"t{some[2].pk}") == "x" * 4001
    assert f'<li><a href="#t{some[2].pk}">Statement 3</a>' in body(answer)


def test_a_fixed_number_of_queries(
    sign_in, translator, rapporteur, consultation, summary, statement, edition, address, django_assert_max_num_queries
):
    def counted():
        with django_assert_max_num_queries(60) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    making.translated(translator, summary.document, "ar")
    edit(rapporteur, statement, "Changed.")
    brought(consultation, "Changed.", "تغيّر")
    Term.objects.create(consultation=consultation, words={"en": "Changed", "ar": "تغيّر"})
    client = sign_in(translator)
    counted()
    few = counted()
    for number in range(59):
        more = making.statement_of(rapporteur, summary, edition, f"Statement {number} is said.")
        edit(rapporteur, more, f"Statement {number} is said again.")
    assert counted() <= few + 1
    assert few < 40


# --- two at once, and a source that changes ---


def test_both_versions_are_shown_with_what_differs_and_theirs_can_be_taken(
    sign_in, translator, other_translator, statement, address
):
    client = sign_in(translator)
    own_form = translation_form(client.get(address), "mine and more")
    theirs = sign_in(other_translator)
    theirs.post(address, translation_form(theirs.get(address), "theirs and more") | {"act": "save"})
    client = sign_in(translator)
    answer = client.post(address, own_form | {"act": "save"})
    assert answer.status_code == 409
    assert re.search(r"<del>.*?theirs.*?</del>.*?<ins>.*?mine.*?</ins> and more", body(answer))
    form = translation_form(answer, "mine and more")
    taken = client.post(address, form | {"take": f"t{statement.pk}:theirs"})
    assert textarea(taken, f"t{statement.pk}") == "theirs and more"
    assert "wrote this in the meantime" not in body(taken)
    again = client.post(address, form | {"act": "save"})
    assert (again.status_code, text_of(statement)) == (302, "mine and more")


def test_words_for_a_statement_that_was_deleted_meanwhile_are_given_back(
    sign_in, translator, rapporteur, summary, statement, address
):
    gone = making.statement(rapporteur, summary.document, "To be deleted.", kind="frame")
    client = sign_in(translator)
    form = translation_form(client.get(address), ARABIC) | {f"t{gone.pk}": "an hour’s work", "act": "save"}
    document_actions.delete_paragraph(actor=rapporteur, paragraph=gone, was=making.stamp(gone), citations=0)
    answer = client.post(address, form)
    assert answer.status_code == 409
    assert "an hour’s work" in body(answer)
    assert text_of(statement) == ARABIC


def test_a_source_that_changes_while_somebody_types_makes_it_outdated_at_once(
    sign_in, translator, rapporteur, summary, statement, address
):
    client = sign_in(translator)
    form = translation_form(client.get(address), ARABIC) | {"title": "عنوان", "act": "save"}
    edit(rapporteur, statement, "Documents come far too late.")
    document_actions.edit_title(actor=rapporteur, document=summary.document, title="Other", was="What was said")
    assert client.post(address, form).status_code == 302
    opened = client.get(address)
    assert re.search(r"<ins>.*?far.*?</ins>", body(opened))
    assert body(opened).count("outdated: the original has changed") == 4  # on each text, and in the list of problems


@pytest.mark.both
def test_a_double_click_saves_once(sign_in, translator, statement, address):
    client = sign_in(translator)
    form = translation_form(client.get(address), ARABIC) | {"act": "save"}
    assert [client.post(address, form).status_code for _click in range(2)] == [302, 302]
    assert text_of(statement) == ARABIC


# --- review and comments ---


def test_a_figure_that_differs_is_shown_and_keeps_it_from_review(
    sign_in, translator, rapporteur, summary, statement, address
):
    making.statement(rapporteur, summary.document, "There were 29 contributions.", kind="frame", heading="Count", at=1)
    client = sign_in(translator)
    client.post(address, translation_form(client.get(address), "كانت 92.") | {"title": "عنوان", "act": "save"} | {
        f"h{summary.document.paragraphs.first().pk}": "عدد"
    })  # fmt: skip
    reviewer = sign_in(rapporteur)
    opened = reviewer.get(address)
    assert 'value="review"' not in body(opened)
    assert "29" in "".join(re.findall(r'<ul class="checks">.*?</ul>', body(opened)))
    form = translation_form(opened, "كانت 92.") | {
        f"h{summary.document.paragraphs.first().pk}": "عدد",
        "title": "عنوان",
    }
    refused = reviewer.post(address, form | {"act": "review"})
    assert refused.status_code == 422
    assert Rendition.objects.get().state == "draft"


def test_publishing_keeps_what_was_typed_and_then_needs_a_review_again(
    sign_in, translator, rapporteur, published, summary, statement, address
):
    making.reviewed(translator, rapporteur, summary.document, "ar")
    client = sign_in(rapporteur)
    form = translation_form(client.get(address), "بكلمات أخرى.") | {"title": "عنوان", "act": "publish"}
    assert client.post(address, form).status_code == 422
    assert text_of(statement) == "بكلمات أخرى."


def test_a_comment_is_sent_once_without_losing_what_was_typed_and_settled(
    sign_in, translator, organizer, statement, summary, address
):
    client = sign_in(organizer)
    opened = client.get(address)
    form = {"key": hidden(opened, "key"), f"c{statement.pk}": "Too free.", "act": f"comment:{statement.pk}"}
    for _click in range(2):
        assert client.post(address, form).status_code == 200
    comment = Comment.objects.get()
    assert (comment.language, comment.text, comment.by) == ("ar", "Too free.", organizer)
    client = sign_in(translator)
    opened = client.get(address)
    assert "Too free." in body(opened)
    assert pks(client.get(f"{address}?show=remarks")) == [statement.pk]
    typed = translation_form(opened, "typed")
    answer = client.post(address, typed | {"act": f"resolve:{comment.pk}"})
    assert textarea(answer, f"t{statement.pk}") == "typed"
    assert "Too free." not in body(answer)
    assert client.post(address, typed | {"act": "comment:1", "c1": " "}).status_code == 422


def test_who_does_not_translate_sees_it_and_changes_nothing(
    sign_in, translator, organizer, moderator, participant, consultation, statement, summary, address
):
    making.translated(translator, summary.document, "ar")
    french = world.grant(world.person("Claire Martin"), consultation, "translator", "fr")
    brought(consultation, "Documents come too late.", ARABIC)
    for person in (organizer, french):
        client = sign_in(person)
        page = client.get(address)
        assert "[ar] Documents come too late." in body(page)
        for button in ('value="save"', 'value="ask"', 'name="take"', 'value="review"', 'name="go"'):
            assert button not in body(page)
        form = {f"t{statement.pk}": "x", f"w{statement.pk}": hidden(page, f"w{statement.pk}"), "act": "save"}
        assert client.post(address, form).status_code == 403
        assert client.post(address, {"act": "ask"}).status_code == 403
    for person in (moderator, participant):
        assert sign_in(person).get(address).status_code == 403
    assert text_of(statement) == "[ar] Documents come too late."
