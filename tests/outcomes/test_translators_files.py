"""An outcome in translators' own tools: reasons and headings are exported with its paragraphs, and checked in the same
way.
"""

import pytest

from plenara.documents.actions.renditions import TypedPhrase, save_phrases
from plenara.documents.models import ParagraphText, Reason
from plenara.documents.queries.drafts import phrases_of
from plenara.outcomes import actions
from plenara.outcomes.models import Section
from tests.documents.exchange.making import away, judged, taken, translated_docx, translated_xliff
from tests.documents.exchange.xliff_structure import errors
from tests.outcomes import making

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("ending", ["xlf", "docx"])


@pytest.fixture
def document(outcome, paragraph):
    return outcome.document


@pytest.fixture
def reason(document):
    return Reason.objects.get()


def filled(data, words):
    return translated_docx(data, words) if data.startswith(b"PK") else translated_xliff(data, words)


def saved(actor, document, phrase, text):
    save_phrases(actor=actor, document=document, language="ar", typed={phrase.key: TypedPhrase(text, phrase.was)})


def codes(judgement):
    """Return the outcome for each part, by its name."""
    return {each.name: each.code or each.outcome for each in judgement.verdicts}


def test_the_file_is_as_the_standard_has_it(document):
    data = away(document)
    assert errors(data) == []
    assert b'name="Paragraph 1"' in data
    assert b'name="Reason 1"' in data
    assert b'name="Section 1"' in data


@BOTH
def test_everything_goes_out_and_comes_back(ending, translator, organizer, outcome, document, reason):
    section = actions.add_section(actor=organizer, outcome=outcome, slug="annex", title={"en": "Annex"})
    data = away(document, ending=ending)
    judgement = taken(translator, document, filled(data, {"*": "بالعربية"}))
    assert not judgement.refused
    assert codes(judgement)["Reason 1"] == codes(judgement)["Section 5"] == "taken"
    reason.refresh_from_db()
    assert reason.texts == {"ar": "بالعربية"}
    assert Section.objects.get(pk=section.pk).title["ar"] == "بالعربية"
    assert ParagraphText.objects.get(language="ar").text == "بالعربية"


@BOTH
def test_what_is_open_alone_goes_out_where_that_is_asked_for(ending, translator, document, reason):
    judgement = judged(document, filled(away(document, ending=ending, is_open=True), {"*": "بالعربية"}))
    assert codes(judgement) == {"Title": "taken", "Paragraph 1": "taken", "Reason 1": "taken"}


@BOTH
def test_what_somebody_else_changed_meanwhile_is_a_conflict(ending, translator, drafter, document, reason):
    data = away(document, ending=ending)
    saved(drafter, document, phrases_of(document, "ar")[-1], "كلمات أخرى.")
    judgement = taken(translator, document, filled(data, {f"reason-{reason.pk}": "بالعربية"}))
    assert codes(judgement)["Reason 1"] == "conflict"
    reason.refresh_from_db()
    assert reason.texts == {"ar": "كلمات أخرى."}


def test_what_the_file_left_as_it_was_says_nothing(translator, drafter, document, reason):
    saved(drafter, document, phrases_of(document, "ar")[-1], "كلمات.")
    data = away(document)
    assert codes(judged(document, data))["Reason 1"] == "unchanged"
    saved(drafter, document, phrases_of(document, "ar")[-1], "كلمات أخرى.")
    assert codes(judged(document, data))["Reason 1"] == "unchanged"


def test_a_changed_original_an_emptied_target_and_one_too_long_are_refused(document, reason):
    key, data = f"reason-{reason.pk}", away(document)
    for words, code in ((" ", "empty"), ("ك" * 751, "too_long")):
        assert codes(judged(document, filled(data, {key: words})))["Reason 1"] == code
    altered = filled(data, {key: "بالعربية"}).replace(making.REASON.encode(), b"Something else.")
    assert codes(judged(document, altered))["Reason 1"] == "altered_source"


def test_a_reason_that_is_not_given_any_more_is_unknown(drafter, document, reason, edition):
    data = filled(away(document), {f"reason-{reason.pk}": "بالعربية"})
    making.answered(drafter, document.paragraphs.get(), edition, reason="Another reason.")
    (verdict,) = [each for each in judged(document, data).verdicts if each.code == "unknown"]
    assert (verdict.name, verdict.after) == ("Unknown text", f"reason-{reason.pk}")


def test_a_reason_of_another_outcome_is_unknown(drafter, organizer, body, document, edition):
    other = making.outcome(organizer, body, slug="annex")
    making.paragraph(drafter, other, cites=edition, reason="Not yours.")
    stranger = Reason.objects.get(document=other.document)
    own = Reason.objects.get(document=document)
    data = filled(away(document), {"*": "بالعربية"}).replace(
        f"reason-{own.pk}".encode(), f"reason-{stranger.pk}".encode()
    )
    assert [each.after for each in judged(document, data).verdicts if each.code == "unknown"] == [
        f"reason-{stranger.pk}"
    ]


def test_figures_of_a_reason_stay_what_they_are(drafter, document, edition):
    making.answered(drafter, document.paragraphs.get(), edition, reason="Seven of 12 asked for it.")
    reason = Reason.objects.get(text__startswith="Seven")
    judgement = judged(document, filled(away(document), {f"reason-{reason.pk}": "طلبه 7 من أصل 13."}))
    assert codes(judgement)["Reason 1"] not in {"taken", "unchanged"}
