"""A returned file: what is saved, what is refused and why; a refusal does not stop the rest."""

import pytest
from lxml import etree

from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, NotPermitted
from plenara.documents import actions
from plenara.documents.actions.renditions import Typed, review_rendition, save_rendition
from plenara.documents.exchange.actions import incoming_files
from plenara.documents.models import Document, IncomingFile, ParagraphText, Rendition, digest_of
from tests.documents import making as documents
from tests.documents.exchange import making
from tests.documents.exchange.making import CORE, away, judged, outcomes, taken, translated_docx, translated_xliff
from tests.documents.making import fresh

pytestmark = pytest.mark.django_db

FIRST = "وصلت الوثائق متأخرة جدا."
SECOND = "تريد سبع من أصل 12 مساهمة الحصول على الوثائق قبل 21 يوما من الاجتماع.\n\nويريدها آخرون في WGIG/2004/Q1/3."
AGAINST = "ويرى البعض أن 21 يوما مدة طويلة جدا."


@pytest.fixture
def words(two_sides):
    """An honest translation, by unit."""
    first, second = two_sides.paragraphs.all()
    return {
        "title": "ما قيل",
        f"s{first.pk}-text": FIRST,
        f"s{second.pk}-heading": "متى تصل الوثائق",
        f"s{second.pk}-text": SECOND,
        f"s{second.pk}-against": AGAINST,
    }


def filled(document, words, ending="xlf", **more):
    change = translated_xliff if ending == "xlf" else translated_docx
    return change(away(document, ending=ending), words, **more)


def typed(paragraph, text, **more):
    source = documents.source(paragraph)
    now = ParagraphText.objects.filter(paragraph=paragraph, language="ar").first() or ParagraphText()
    known = {"heading": "", "text": text, "was": now.digest, "source": source.digest, **more}
    return {paragraph.pk: Typed(**known)}


@pytest.mark.parametrize("ending", ["xlf", "docx"])
def test_a_translation_goes_out_and_comes_back(ending, two_sides, words, translator):
    judgement = taken(translator, two_sides, filled(two_sides, words, ending))
    assert outcomes(judgement) == {0: "taken", 1: "taken", 2: "taken"}
    second = ParagraphText.objects.get(paragraph__number=2, language="ar")
    assert (second.heading, second.text, second.against) == ("متى تصل الوثائق", SECOND, AGAINST)
    assert second.source_digest == documents.source(second.paragraph).digest
    assert fresh(two_sides).title["ar"] == "ما قيل"
    rendition = Rendition.objects.get()
    assert (rendition.state, rendition.translator, rendition.origin) == ("draft", translator, "human")


@pytest.mark.parametrize("ending", ["xlf", "docx"])
def test_an_unchanged_file_changes_nothing(ending, two_sides, translator, other_translator):
    rendition = documents.translated(translator, two_sides, "ar")
    review_rendition(actor=other_translator, rendition=rendition)
    before = list(ParagraphText.objects.values())
    judgement = taken(translator, two_sides, away(two_sides, ending=ending))
    assert set(outcomes(judgement).values()) == {"unchanged"}
    assert list(ParagraphText.objects.values()) == before
    assert fresh(rendition).state == "reviewed"
    assert not AuditEntry.objects.filter(verb="document.rendition_saved", actor_id=translator.pk).exclude(
        pk=AuditEntry.objects.filter(verb="document.rendition_saved").earliest("pk").pk
    )


@pytest.mark.parametrize("ending", ["xlf", "docx"])
def test_an_altered_source_is_refused_and_the_rest_is_taken(ending, two_sides, words, translator):
    first = two_sides.paragraphs.first()
    data = filled(two_sides, words, ending)
    if ending == "docx":
        data = translated_docx(data, {f"s{first.pk}-text": "Documents come in time."}, column=1)
    else:
        data = data.replace(b"Documents come too late.", b"Documents come in time.")
    judgement = taken(translator, two_sides, data)
    assert outcomes(judgement) == {0: "taken", 1: "altered_source", 2: "taken"}
    assert not ParagraphText.objects.filter(paragraph=first, language="ar").exists()
    assert "original was changed" in judgement.refused[0].reason


def test_white_space_that_a_tool_sets_anew_alters_nothing(two_sides, words):
    data = filled(two_sides, words).replace(b"Documents come too late.", b" Documents  come\n too late. ")
    assert outcomes(judged(two_sides, data))[1] == "taken"


def test_a_source_that_has_moved_on_is_refused_and_the_rest_is_taken(two_sides, words, translator, rapporteur):
    first = two_sides.paragraphs.first()
    data = filled(two_sides, words)
    actions.edit_paragraph(
        actor=rapporteur, paragraph=first, kind=first.kind, text="Documents come late.", was=documents.stamp(first)
    )
    judgement = taken(translator, two_sides, data)
    assert outcomes(judgement) == {0: "taken", 1: "moved_on", 2: "taken"}
    assert not ParagraphText.objects.filter(paragraph=first, language="ar").exists()


def test_a_title_that_has_moved_on_is_refused(two_sides, words, rapporteur):
    data = filled(two_sides, words)
    actions.edit_title(actor=rapporteur, document=two_sides, title="What was heard", was="What was said")
    assert outcomes(judged(two_sides, data))[0] == "moved_on"


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("21 يوما من", "12 يوما من", "figures"),
        ("أصل 12", "أصل 13", "figures"),
        ("WGIG/2004/Q1/3", "WGIG/2004/Q1/4", "symbols"),
    ],
)
def test_altered_figures_and_symbols_are_refused_and_the_rest_is_taken(
    right, wrong, code, two_sides, words, translator
):
    key = next(each for each in words if words[each] == SECOND)
    judgement = taken(translator, two_sides, filled(two_sides, {**words, key: SECOND.replace(right, wrong)}))
    assert outcomes(judgement) == {0: "taken", 1: "taken", 2: code}
    assert judgement.refused[0].reason
    assert not ParagraphText.objects.filter(paragraph__number=2, language="ar").exists()


def test_figures_of_another_script_are_the_same_figures(two_sides, words):
    key = next(each for each in words if words[each] == SECOND)
    eastern = SECOND.replace("12", "١٢").replace("21", "٢١")
    assert outcomes(judged(two_sides, filled(two_sides, {**words, key: eastern})))[2] == "taken"


def test_an_empty_statement_is_refused_and_the_rest_is_taken(two_sides, words, translator):
    first = two_sides.paragraphs.first()
    judgement = taken(translator, two_sides, filled(two_sides, {**words, f"s{first.pk}-text": " \n "}))
    assert outcomes(judgement) == {0: "taken", 1: "empty", 2: "taken"}


def test_a_statement_without_its_heading_or_its_other_side_is_refused(two_sides, words):
    for part in ("heading", "against"):
        partial = {key: value for key, value in words.items() if not key.endswith(part)}
        assert outcomes(judged(two_sides, filled(two_sides, partial)))[2] == "incomplete"


def test_an_emptied_statement_does_not_delete_what_is_there(two_sides, translator):
    documents.translated(translator, two_sides, "ar")
    judgement = taken(translator, two_sides, filled(two_sides, {"*": ""}))
    assert set(outcomes(judgement).values()) == {"empty"}
    assert ParagraphText.objects.filter(language="ar").exclude(text="").count() == 2


def test_unknown_statements_are_refused_and_the_rest_is_taken(two_sides, words, translator, rapporteur):
    data = filled(two_sides, words)
    first = two_sides.paragraphs.first()
    data = data.replace(b'id="title"', b'id="s12-footnote"')
    actions.delete_paragraph(
        actor=rapporteur, paragraph=first, was=documents.stamp(first), citations=first.citations.count()
    )
    judgement = taken(translator, two_sides, data)
    assert [(each.code, each.after) for each in judgement.refused] == [
        ("unknown", f"s{first.pk}"),
        ("unknown", "s12-footnote"),
    ]
    assert [each.number for each in judgement.taken] == [1]


def test_what_somebody_else_changed_meanwhile_is_a_conflict_and_the_rest_is_taken(
    two_sides, words, translator, other_translator
):
    first = two_sides.paragraphs.first()
    data = filled(two_sides, words)
    save_rendition(actor=other_translator, document=two_sides, language="ar", typed=typed(first, "تصل متأخرة."))
    judgement = taken(translator, two_sides, data)
    assert outcomes(judgement) == {0: "taken", 1: "conflict", 2: "taken"}
    assert ParagraphText.objects.get(paragraph=first, language="ar").text == "تصل متأخرة."


def test_what_the_file_left_alone_is_no_conflict_with_what_somebody_changed(two_sides, translator, other_translator):
    documents.translated(translator, two_sides, "ar")
    first = two_sides.paragraphs.first()
    data = away(two_sides)
    save_rendition(actor=other_translator, document=two_sides, language="ar", typed=typed(first, "تصل متأخرة."))
    assert outcomes(judged(two_sides, data))[1] == "unchanged"


def test_the_same_translation_by_two_people_is_no_conflict(two_sides, words, translator, other_translator):
    data = filled(two_sides, words)
    first = two_sides.paragraphs.first()
    save_rendition(actor=other_translator, document=two_sides, language="ar", typed=typed(first, FIRST))
    assert outcomes(judged(two_sides, data))[1] == "unchanged"


def test_a_part_that_stands_there_twice_is_refused(two_sides, words):
    data = filled(two_sides, words)
    tree = etree.fromstring(data)
    group = tree.find(f"{CORE}file/{CORE}group")
    copy = etree.fromstring(etree.tostring(group[0]))
    copy.find(f"{CORE}segment/{CORE}target").text = "غير ذلك"
    group.append(copy)
    assert outcomes(judged(two_sides, etree.tostring(tree)))[1] == "twice"


def without_metadata(data):
    tree = etree.fromstring(data)
    for element in list(tree.iter("{urn:oasis:names:tc:xliff:metadata:2.0}metadata")):
        element.getparent().remove(element)
    return etree.tostring(tree)


def test_a_tool_that_loses_the_metadata_loses_no_new_translation(two_sides, words):
    assert set(outcomes(judged(two_sides, without_metadata(filled(two_sides, words)))).values()) == {"taken"}


def test_without_metadata_an_older_translation_is_not_overwritten(two_sides, words, translator):
    documents.translated(translator, two_sides, "ar")
    assert set(outcomes(judged(two_sides, without_metadata(filled(two_sides, words)))).values()) == {"unmarked"}


def test_a_translation_that_still_holds_is_brought_up_to_date_by_its_state(two_sides, translator):
    documents.translated(translator, two_sides, "ar")
    first = two_sides.paragraphs.first()
    ParagraphText.objects.filter(paragraph=first, language="en").update(text="Documents come too late!")
    data = away(two_sides)
    assert set(outcomes(judged(two_sides, data)).values()) == {"unchanged"}  # exported and returned as `initial`
    holds = data.replace(b'state="initial" subState="plenara:outdated"', b'state="reviewed"')
    assert outcomes(taken(translator, two_sides, holds)) == {0: "unchanged", 1: "taken", 2: "unchanged"}
    text = ParagraphText.objects.get(paragraph=first, language="ar")
    assert text.source_digest == digest_of("", "Documents come too late!")


@pytest.mark.parametrize("state", ["initial", "translated", "reviewed", "final"])
def test_no_state_of_a_file_reviews_or_publishes_anything(state, two_sides, words, translator):
    taken(translator, two_sides, filled(two_sides, words, state=state))
    rendition = Rendition.objects.get()
    assert (rendition.state, rendition.reviewer, rendition.published_at) == ("draft", None, None)


def test_a_text_that_is_too_long_is_refused(two_sides, words):
    first = two_sides.paragraphs.first()
    assert outcomes(judged(two_sides, filled(two_sides, {**words, f"s{first.pk}-text": "و" * 4_001})))[1] == "too_long"


def test_words_that_look_like_markup_are_words(two_sides, words, translator):
    first = two_sides.paragraphs.first()
    hostile = "<script>alert('x')</script> & \u202eوصلت"
    taken(translator, two_sides, filled(two_sides, {**words, f"s{first.pk}-text": hostile}))
    assert ParagraphText.objects.get(paragraph=first, language="ar").text == hostile.replace("\u202e", "")


def test_a_file_is_taken_once(two_sides, words, translator):
    file = making.kept(translator, two_sides, filled(two_sides, words))
    incoming_files.take_rendition(actor=translator, file=file)
    acts = AuditEntry.objects.count()
    with pytest.raises(AlreadyDone):
        incoming_files.take_rendition(actor=translator, file=file)
    assert AuditEntry.objects.count() == acts
    assert IncomingFile.objects.get().rows == []


def test_only_a_translator_of_the_language_returns_a_file(two_sides, words, organizer, moderator, translator):
    data = filled(two_sides, words)
    for somebody in (organizer, moderator):
        with pytest.raises(NotPermitted):
            making.kept(somebody, two_sides, data)
    file = making.kept(translator, two_sides, data)
    with pytest.raises(NotPermitted):
        incoming_files.take_rendition(actor=organizer, file=file)
    assert not ParagraphText.objects.filter(language="ar").exists()


@pytest.mark.once
def test_sixty_statements_go_out_and_come_back_in_a_fixed_number_of_queries(
    two_sides, translator, rapporteur, django_assert_num_queries
):
    from plenara.documents.exchange.queries import outgoing_rendition

    for number in range(3, 61):
        documents.statement(rapporteur, two_sides, f"Statement {number} says that {number} people wait.")
    document = Document.objects.select_related("consultation").get(pk=two_sides.pk)
    with django_assert_num_queries(5):
        outgoing_rendition(document, "zh", name="Summary 1")
    data = translated_xliff(away(two_sides, "zh"), {"*": "译文：{}"})
    rows = making.incoming_files.rows_of(making.read(data))
    with django_assert_num_queries(4):
        judgement = making.judge(document, "zh", rows)
    assert len(judgement.taken) == 61
    taken_ = taken(rapporteur, two_sides, data, "zh")
    assert len(taken_.taken) == 61
    assert ParagraphText.objects.filter(language="zh").count() == 60
