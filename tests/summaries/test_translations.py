"""Pending translations across consultations and languages: visibility, order, amount."""

import datetime
import re

import pytest

from plenara.core import clock
from plenara.documents import actions as document_actions
from plenara.documents.actions.publication import publish_rendition
from plenara.documents.queries.translations import pending_translations
from tests import world
from tests.summaries import making
from tests.summaries.answers import body

pytestmark = pytest.mark.django_db

ADDRESS = "/en/desk/translations/"


def waits(person):
    person = making.fresh(person)
    return [(each.document.summary.pk, each.left.language) for each in pending_translations(person)]


def due(summary, days):
    summary.translations_due_at = clock.now() + datetime.timedelta(days=days) if days is not None else None
    summary.save(update_fields=["translations_due_at"])


def test_a_translator_sees_their_languages_and_a_rapporteur_or_organizer_all(
    translator, rapporteur, organizer, moderator, published, summary
):
    assert waits(translator) == [(summary.pk, "ar")]
    all_five = [(summary.pk, code) for code in ("ar", "zh", "fr", "ru", "es")]
    assert waits(rapporteur) == waits(organizer) == all_five
    assert waits(moderator) == []


def test_what_is_done_is_gone_and_what_is_reviewed_waits_to_be_published(
    translator, rapporteur, organizer, published, summary, statement
):
    rendition = making.reviewed(translator, rapporteur, summary.document, "ar")
    (it,) = pending_translations(making.fresh(translator))
    assert (it.left.state, it.left.is_complete) == ("reviewed", True)
    publish_rendition(actor=rapporteur, rendition=rendition)
    assert waits(translator) == []
    document_actions.reopen(actor=rapporteur, document=summary.document)
    document_actions.edit_paragraph(
        actor=rapporteur, paragraph=statement, kind="concern", text="They come late.", was=making.stamp(statement)
    )
    (it,) = pending_translations(making.fresh(translator))
    assert (it.left.outdated, it.is_settled) == (1, False)


def test_the_most_urgent_come_first_then_the_oldest(translator, rapporteur, organizer, consultation, edition):
    made = []
    for _number in range(4):
        made.append(making.summary(rapporteur, consultation))
        making.statement_of(rapporteur, made[-1], edition)
        making.published(rapporteur, organizer, made[-1])
        made[-1].refresh_from_db()
    for summary, days in zip(made, (None, 3, -1, None), strict=True):
        due(summary, days)
    assert [pk for pk, _code in waits(translator)] == [made[2].pk, made[1].pk, made[0].pk, made[3].pk]
    assert [each.is_late for each in pending_translations(making.fresh(translator))] == [True, False, False, False]


def test_the_page_tells_words_states_dates_and_who_translates(
    sign_in, translator, organizer, rapporteur, published, summary
):
    summary.refresh_from_db()
    due(summary, -1)
    page = body(sign_in(translator).get(ADDRESS))
    assert re.search(r'<a href="[^"]*/renditions/ar/">Summary 1 · <span lang="ar">العربية</span></a>', page)
    assert "1 not translated" in page
    assert "7 words" in page  # four of the statement, three of the title
    assert "late" in page
    assert "Translations into your languages" in page
    assert "Translations into other languages" not in page
    page = body(sign_in(organizer).get(ADDRESS))
    assert "no one yet" in page
    assert f"<bdi>{translator.name}</bdi>" in page
    making.translated(translator, summary.document, "ar")
    assert "1 translated, to be reviewed" in body(sign_in(rapporteur).get(ADDRESS))


def test_what_is_not_approved_yet_stands_apart(sign_in, translator, rapporteur, summary, statement):
    page = body(sign_in(translator).get(ADDRESS))
    assert "Texts not approved yet" in page
    assert "A summary in preparation" in page


def test_characters_are_counted_where_the_source_is_chinese(sign_in, rapporteur, consultation):
    summary = making.summary(rapporteur, consultation, source_language="zh", title="题")
    making.statement(rapporteur, summary.document, "文件来得太晚。", kind="frame")
    assert "8 characters" in body(sign_in(rapporteur).get(ADDRESS))


def test_where_nothing_waits_the_page_says_so(sign_in, translator):
    assert "Nothing is waiting to be translated" in body(sign_in(translator).get(ADDRESS))


def test_who_gets_in(client, sign_in, translator, rapporteur, organizer, moderator, participant):
    for person, status in (
        (translator, 200), (rapporteur, 200), (organizer, 200), (moderator, 403), (participant, 403),
    ):  # fmt: skip
        assert sign_in(person).get(ADDRESS).status_code == status


@pytest.mark.once
def test_several_consultations_are_one_list_in_a_fixed_number_of_queries(
    translator, rapporteur, consultation, elsewhere, edition, django_assert_num_queries
):
    world.grant(translator, elsewhere, "translator", "ru")
    abroad = making.summary(world.grant(rapporteur, elsewhere, "rapporteur"), elsewhere)
    making.statement(rapporteur, abroad.document, "Abroad.", kind="frame")
    for _number in range(3):
        making.statement_of(rapporteur, making.summary(rapporteur, consultation), edition)
    translator = making.fresh(translator)
    with django_assert_num_queries(6):  # the roles among them
        found = pending_translations(translator)
    assert sorted(each.left.language for each in found) == ["ar", "ar", "ar", "ru"]


def test_the_desk_shows_the_way_and_what_is_most_urgent(sign_in, translator, moderator, published):
    page = body(sign_in(translator).get("/en/desk/"))
    assert 'href="/en/desk/translations/"' in page
    assert "All waiting translations (1)" in page
    assert "desk/translations/" not in body(sign_in(moderator).get("/en/desk/"))


def test_the_desk_leads_to_what_is_not_approved_yet(sign_in, translator, rapporteur, consultation, edition):
    assert "Texts not approved yet" not in body(sign_in(translator).get("/en/desk/"))
    making.statement_of(rapporteur, making.summary(rapporteur, consultation), edition)
    page = body(sign_in(translator).get("/en/desk/"))
    assert '<a href="/en/desk/translations/#unsettled">Texts not approved yet' in page
    assert "All waiting translations" not in page
