"""Permanent numbers of paragraphs: in search, in the memory, in the changes of a version."""

import pytest

from plenara.documents import actions as document_actions
from plenara.documents.actions import publication
from plenara.documents.actions.renditions import TypedPhrase, review_rendition, save_phrases
from plenara.documents.exchange import queries
from plenara.documents.models import Rendition
from plenara.documents.queries import translations
from plenara.documents.queries.drafts import phrases_of
from plenara.documents.queries.editions import changes_between
from plenara.outcomes import actions
from plenara.outcomes.models import Stage
from plenara.search.entries import kind_of
from plenara.search.queries.results import Asked, newest
from plenara.search.query import parse
from tests import world
from tests.documents.making import translated
from tests.outcomes import making
from tests.summaries.answers import body

pytestmark = pytest.mark.django_db

WORDS = "It comes first now."


@pytest.fixture
def later(version, outcome, drafter, chair, author, moderator, thread):
    """A draft with another paragraph before the first one: its permanent number is 5."""
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    other = world.published(author, moderator, thread, "Another thing.")
    first = making.paragraph(drafter, outcome, WORDS, cites=other)
    actions.move_paragraph(actor=drafter, paragraph=first, section=outcome.sections.get(number=1))
    return making.published(drafter, chair, outcome, Stage.DRAFT)


def in_arabic(translator, drafter, outcome):
    translated(translator, outcome.document, "ar")
    typed = {
        each.key: TypedPhrase(f"[ar] {each.source}", each.was)
        for each in phrases_of(outcome.document, "ar")
        if not each.text
    }
    save_phrases(actor=translator, document=outcome.document, language="ar", typed=typed)
    rendition = Rendition.objects.get(document=outcome.document, language="ar")
    return publication.publish_rendition(
        actor=translator, rendition=review_rendition(actor=drafter, rendition=rendition)
    )


def test_search_names_the_paragraph_and_leads_to_it(client, later):
    mark = later.edition.paragraphs.get(number=1).mark
    assert mark > 1
    hits = newest(Asked(parse("first now"), {"kind": ["statement"]}, {"not_for": ["en"]})).hits
    (found,) = kind_of("statement").found([each.object_id for each in hits]).values()
    assert (found.label, found.url) == (f"Outcome document 1, paragraph {mark}", f"/en/outcomes/wgig/report/#s{mark}")
    page = body(client.get("/en/search/?q=first+now"))
    assert f"Outcome document 1, paragraph {mark}" in page
    assert f'href="/en/outcomes/wgig/report/#s{mark}"' in page


def test_a_paragraph_under_no_question_has_no_theme_and_is_found_without(later):
    asked = {"kind": ["statement"], "theme": ["C2"]}
    assert newest(Asked(parse("first now"), asked, {"not_for": ["en"]})).hits == []


def test_the_memory_names_where_a_translation_stands(later, outcome, translator, drafter, consultation):
    in_arabic(translator, drafter, outcome)
    mark = later.edition.paragraphs.get(number=1).mark
    segments = translations.segments(making.fresh(outcome.document), "ar", [WORDS], [])
    (match,) = translations.memory_matches({0: WORDS}, segments)[0]
    assert match.segment.name == f"Outcome document 1, paragraph {mark}"
    names = [name for name, _source, _texts in queries.memory_units(consultation, {"ar"})]
    assert f"Outcome document 1, paragraph {mark}" in names
    assert "Outcome document 1" in names  # its title


def test_changes_of_a_version_are_listed_by_the_numbers_for_good(version, later):
    changed = {each.number: each for each in changes_between(version.edition, later.edition, "en")}
    mark = later.edition.paragraphs.get(number=1).mark
    assert changed[mark].what == "added"
    assert changed[1].what == "same"  # another place is no change
    assert not changed[1].has_moved


def test_another_response_is_a_change(client, version, outcome, drafter, chair, edition):
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    making.answered(drafter, outcome.document.paragraphs.get(number=1), edition, response="not_taken_up")
    later = making.published(drafter, chair, outcome, Stage.DRAFT)
    changed = next(each for each in changes_between(version.edition, later.edition, "en") if each.number == 1)
    assert changed.what == "changed"
    ((was, now),) = changed.with_other_response
    assert (was.response, now.response) == ("taken_up", "not_taken_up")
    page = body(client.get(f"/en/outcomes/wgig/report/changes/{later.edition.revision}/"))
    assert f"{edition.number}: taken up before, not taken up now" in page
