"""An outcome in the other languages: its paragraphs, its headings and its reasons, at the translators' desk."""

import re

import pytest

from plenara.documents import actions as document_actions
from plenara.documents.actions import publication
from plenara.documents.actions.renditions import TypedPhrase, review_rendition, save_phrases
from plenara.documents.models import ParagraphText, PublishedReason, Reason, Rendition
from plenara.documents.queries.drafts import phrases_of
from plenara.documents.queries.translations import pending_translations
from plenara.documents.validation import contents
from plenara.outcomes import actions
from plenara.outcomes.models import PublishedSection, Section, Stage
from tests import world
from tests.documents.making import translated
from tests.hostile import SCRIPTS
from tests.outcomes import making
from tests.summaries.answers import body, hidden, textarea, translation_form
from tests.summaries.harmless import assert_is_harmless

pytestmark = pytest.mark.django_db

DESK = "/en/desk/outcomes/wgig/report/"
ADDRESS = f"{DESK}renditions/ar/"
REASONS = f"{ADDRESS}reasons/"
ARABIC = "هذا لبّ القسم."


@pytest.fixture
def reason(paragraph):
    """The one reason of the report."""
    return Reason.objects.get()


def saved(actor, outcome, language="ar", **texts):
    """Save translations by `reason_7="…"`; return the conflicts."""
    typed = {key.replace("_", "-"): TypedPhrase(text, was) for key, (text, was) in texts.items()}
    return save_phrases(actor=actor, document=outcome.document, language=language, typed=typed)


def all_phrases(actor, outcome, language="ar"):
    """Translate every reason and heading that is missing."""
    missing = [each for each in phrases_of(making.fresh(outcome.document), language) if not each.text]
    typed = {each.key: TypedPhrase(f"[{language}] {each.source}", each.was) for each in missing}
    save_phrases(actor=actor, document=outcome.document, language=language, typed=typed)


def reviewed(translator, drafter, outcome, language="ar"):
    translated(translator, outcome.document, language)
    all_phrases(translator, outcome, language)
    rendition = Rendition.objects.get(document=outcome.document, language=language)
    return review_rendition(actor=drafter, rendition=rendition)


def form_of(answer, **texts):
    """Return the form of the page of reasons, as a browser would send it, with some texts typed."""
    page = body(answer)
    form = {key: textarea(answer, key) for key in re.findall(r'<textarea id="(reason-\d+)"', page)}
    form |= {key: hidden(answer, key) for key in re.findall(r'<input type="text" id="(section-\d+)"', page)}
    form |= {name: hidden(answer, name) for name in re.findall(r'name="(was-[a-z]+-\d+)"', page)}
    return form | {key.replace("_", "-"): text for key, text in texts.items()}


# --- paragraphs ---


def test_a_translator_of_its_home_translates_and_who_writes_reviews(sign_in, translator, drafter, outcome, paragraph):
    client = sign_in(translator)
    page = client.get(ADDRESS)
    assert page.status_code == 200
    assert "Paragraph 1 (Arabic)" in body(page)
    form = {**translation_form(page, "إدارة الإنترنت تهمّ الجميع."), "title": "تقرير", "act": "save"}
    assert client.post(ADDRESS, form).status_code == 302
    assert ParagraphText.objects.get(paragraph=paragraph, language="ar").text == "إدارة الإنترنت تهمّ الجميع."
    assert "1 reason is not translated yet. Translate the reason." in body(client.get(ADDRESS))
    all_phrases(translator, outcome)
    assert 'value="review"' in body(sign_in(drafter).get(ADDRESS))


@pytest.mark.parametrize(
    ("who", "status"), [("drafter", 200), ("translator", 200), ("organizer", 403), ("member", 403)]
)
def test_who_renders_it(request, sign_in, outcome, paragraph, who, status):
    client = sign_in(request.getfixturevalue(who))
    assert client.get(ADDRESS).status_code == client.get(REASONS).status_code == 200
    assert client.post(REASONS, form_of(client.get(REASONS))).status_code == (302 if status == 200 else 403)


@pytest.mark.parametrize("who", ["participant", "moderator"])
def test_others_find_no_such_page(request, sign_in, outcome, paragraph, who):
    client = sign_in(request.getfixturevalue(who))
    assert {client.get(each).status_code for each in (ADDRESS, REASONS, f"{ADDRESS}files/")} == {404}


def test_paragraphs_are_named_by_their_numbers_for_good(sign_in, translator, drafter, version, outcome, edition):
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    new = making.paragraph(drafter, outcome, "It comes first now.", cites=edition)
    actions.move_paragraph(actor=drafter, paragraph=new, section=outcome.sections.get(number=1))
    page = body(sign_in(translator).get(ADDRESS))
    assert "New paragraph, position 1 (Arabic)" in page
    assert "Paragraph 1 (Arabic)" in page
    assert '<span class="n">new</span>' in page


def test_every_version_is_named_by_the_same_numbers(sign_in, drafter, version, outcome, edition):
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    new = making.paragraph(drafter, outcome, "It comes and goes.", cites=edition)
    client = sign_in(drafter)
    assert "New paragraph, position 2" in body(client.get(f"{DESK}history/"))
    document_actions.delete_paragraph(actor=drafter, paragraph=new, was=making.stamp(new), citations=1)
    page = body(client.get(f"{DESK}history/"))
    assert "A deleted paragraph" in page
    assert "Paragraph 1" in page


def test_what_is_cited_as_a_whole_stands_beside_with_how_it_is_treated(
    sign_in, translator, outcome, paragraph, edition
):
    page = body(sign_in(translator).get(ADDRESS))
    assert "as a whole" in page and "taken up" in page
    assert "<mark></mark>" not in page
    assert f'href="/en/consultations/{edition.consultation.slug}/contributions/{edition.number}/rev/0/"' in page


# --- reasons and headings ---


def test_each_reason_stands_once_with_how_many_contributions_read_it(
    sign_in, translator, drafter, outcome, paragraph, author, moderator, thread
):
    for text in ("One more.", "And another."):
        making.answered(drafter, paragraph, world.published(author, moderator, thread, text))
    page = body(sign_in(translator).get(REASONS))
    assert page.count(making.REASON) == 1
    assert "given for 3 contributions" in page
    assert "Headings and reasons" in body(sign_in(translator).get(ADDRESS))


def test_a_reason_given_for_a_statement_is_read_by_those_whom_it_rests_on(
    sign_in, translator, drafter, outcome, rapporteur, organizer, edition
):
    from tests.summaries import making as summaries

    summary = summaries.summary(rapporteur, edition.consultation)
    statement = summaries.statement(rapporteur, summary.document)
    summaries.cited(rapporteur, statement, edition)
    for thread in edition.consultation.threads.exclude(pk=edition.thread_id):
        summaries.statement(rapporteur, summary.document, "Nobody has written.", kind="frame", thread=thread)
    cited = summaries.published(rapporteur, organizer, summary).paragraphs.get(number=1)
    made = making.paragraph(drafter, outcome, cites=edition)
    actions.refer(actor=drafter, paragraph=made, statement=cited, response="noted", reason=making.REASON)
    assert "given for 1 contribution<" in body(sign_in(translator).get(REASONS))


def test_what_is_typed_is_kept_and_the_rendition_is_a_draft(sign_in, translator, outcome, reason):
    client = sign_in(translator)
    form = form_of(client.get(REASONS), **{f"reason_{reason.pk}": ARABIC})
    assert client.post(REASONS, form).status_code == 302
    assert client.post(REASONS, form).status_code == 302  # a double click
    reason.refresh_from_db()
    assert reason.texts == {"ar": ARABIC}
    rendition = Rendition.objects.get(document=outcome.document, language="ar")
    assert (rendition.state, rendition.translator) == ("draft", translator)
    assert textarea(client.get(REASONS), f"reason-{reason.pk}") == ARABIC


def test_what_is_missing_alone_is_shown_where_that_is_asked_for(sign_in, translator, outcome, reason):
    client = sign_in(translator)
    assert f'name="reason-{reason.pk}"' in body(client.get(f"{REASONS}?show=missing"))
    assert 'name="section-' not in body(client.get(f"{REASONS}?show=missing"))  # the template has them in six languages
    saved(translator, outcome, **{f"reason_{reason.pk}": (ARABIC, phrases_of(outcome.document, "ar")[-1].was)})
    page = body(client.get(f"{REASONS}?show=missing"))  # none is missing any longer: all are shown
    assert 'name="section-' in page and f'name="reason-{reason.pk}"' in page
    for nonsense in ("?show=nonsense", "?from=999999999", "?from=-1", "?show=missing&from=x"):
        assert client.get(f"{REASONS}{nonsense}").status_code == 200


def test_two_at_once_lose_nothing(sign_in, translator, drafter, outcome, reason):
    client = sign_in(translator)
    form = form_of(client.get(REASONS), **{f"reason_{reason.pk}": ARABIC})
    saved(drafter, outcome, **{f"reason_{reason.pk}": ("كلمات أخرى.", phrases_of(outcome.document, "ar")[-1].was)})
    answer = client.post(REASONS, form)
    assert answer.status_code == 409
    assert textarea(answer, f"reason-{reason.pk}") == ARABIC
    assert "كلمات أخرى." in body(answer)
    reason.refresh_from_db()
    assert reason.texts == {"ar": "كلمات أخرى."}
    # Sent again from the page that shows both, it is saved.
    again = form_of(answer, **{f"reason_{reason.pk}": ARABIC})
    assert client.post(REASONS, again).status_code == 302
    reason.refresh_from_db()
    assert reason.texts == {"ar": ARABIC}


def test_what_was_not_touched_is_left_alone(sign_in, translator, drafter, outcome, reason):
    client = sign_in(translator)
    form = form_of(client.get(REASONS))
    saved(drafter, outcome, **{f"reason_{reason.pk}": (ARABIC, phrases_of(outcome.document, "ar")[-1].was)})
    assert client.post(REASONS, form).status_code == 302
    reason.refresh_from_db()
    assert reason.texts == {"ar": ARABIC}


def test_what_is_not_given_any_more_is_shown_as_it_was_typed(sign_in, translator, drafter, outcome, reason, edition):
    client = sign_in(translator)
    form = form_of(client.get(REASONS), **{f"reason_{reason.pk}": ARABIC})
    making.answered(drafter, outcome.document.paragraphs.get(), edition, reason="Another reason.")
    answer = client.post(REASONS, form)
    assert answer.status_code == 409
    assert ARABIC in body(answer)


def test_a_reason_that_is_too_long_comes_back(sign_in, translator, outcome, reason):
    client = sign_in(translator)
    answer = client.post(REASONS, form_of(client.get(REASONS), **{f"reason_{reason.pk}": "ك" * 751}))
    assert answer.status_code == 422
    assert textarea(answer, f"reason-{reason.pk}") == "ك" * 751
    assert f'href="#reason-{reason.pk}"' in body(answer)


def test_what_was_typed_is_there_after_signing_in_again(client, sign_in, translator, outcome, reason):
    page = sign_in(translator).get(REASONS)
    form = form_of(page, **{f"reason_{reason.pk}": ARABIC}) | {"writer": hidden(page, "writer")}
    client.logout()
    assert client.post(REASONS, form).status_code == 302
    page = sign_in(translator).get(REASONS)
    assert textarea(page, f"reason-{reason.pk}") == ARABIC
    assert "What you typed is below and has not been saved yet." in body(page)


def test_hostile_words_are_shown_as_characters(sign_in, translator, drafter, outcome, paragraph, edition):
    for script in SCRIPTS:
        making.answered(drafter, paragraph, edition, reason=f"{script} said"[:500])
    assert_is_harmless(body(sign_in(translator).get(REASONS)))


def test_a_heading_is_translated_by_who_translates_and_is_missing_until_then(sign_in, translator, organizer, outcome):
    section = actions.add_section(actor=organizer, outcome=outcome, slug="annex", title={"en": "Annex"})
    client = sign_in(translator)
    assert "Section 5: the heading is not translated yet. Translate the heading." in [
        each.sentence for each in contents.rendition_errors(outcome.document, "ar")
    ]
    form = form_of(client.get(REASONS), **{f"section_{section.pk}": "مرفق"})
    assert client.post(REASONS, form).status_code == 302
    section = Section.objects.get(pk=section.pk)
    assert (section.title, section.stamp) == ({"en": "Annex", "ar": "مرفق"}, 1)
    assert not [each for each in contents.rendition_errors(outcome.document, "ar") if each.code == "heading"]


@pytest.mark.once
def test_queries_are_the_same_for_few_reasons_and_many(
    sign_in, translator, drafter, outcome, paragraph, edition, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(translator)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(REASONS)
    for number in range(50):
        making.paragraph(drafter, outcome, f"Paragraph {number}.", cites=edition, reason=f"Reason {number} of many.")
    with django_assert_max_num_queries(len(few)):
        page = client.get(REASONS)
    assert "41 to " in body(page)


# --- review and publication ---


def test_without_its_reasons_a_language_is_not_reviewed(translator, drafter, outcome, paragraph):
    translated(translator, outcome.document, "ar")
    outcome.document.refresh_from_db()
    assert [each.code for each in contents.rendition_errors(outcome.document, "ar")] == ["reasons"]
    assert not contents.rendition_is_complete(outcome.document, "ar")
    all_phrases(translator, outcome)
    assert contents.rendition_is_complete(outcome.document, "ar") is True


def test_a_new_reason_lets_a_reviewed_language_be_outdated(translator, drafter, outcome, paragraph, edition):
    rendition = reviewed(translator, drafter, outcome)
    making.answered(drafter, paragraph, edition, reason="Another reason.")
    rendition.refresh_from_db()
    assert rendition.state == "outdated"


def test_reasons_are_published_with_their_language_and_not_before(translator, drafter, chair, outcome, paragraph):
    making.fill(drafter, outcome)
    reviewed(translator, drafter, outcome)
    saved(
        drafter,
        outcome,
        "fr",
        **{f"reason_{Reason.objects.get().pk}": ("Un brouillon.", phrases_of(outcome.document, "fr")[-1].was)},
    )
    version = making.published(drafter, chair, outcome)
    published = PublishedReason.objects.get(edition=version.edition)
    assert published.texts == {"ar": f"[ar] {making.REASON}"}


def test_a_language_that_joins_later_brings_its_reasons_and_headings(
    translator, drafter, chair, organizer, outcome, paragraph
):
    actions.add_section(actor=organizer, outcome=outcome, slug="annex", title={"en": "Annex"})
    version = making.published(drafter, chair, outcome)
    publication.publish_rendition(actor=translator, rendition=reviewed(translator, drafter, outcome))
    assert PublishedReason.objects.get(edition=version.edition).texts == {"ar": f"[ar] {making.REASON}"}
    assert PublishedSection.objects.get(edition=version, slug="annex").title == {"en": "Annex", "ar": "[ar] Annex"}


def test_what_was_published_in_a_language_stays_while_it_is_changed(translator, drafter, chair, outcome, paragraph):
    making.fill(drafter, outcome)
    reviewed(translator, drafter, outcome)
    making.published(drafter, chair, outcome)
    present = phrases_of(outcome.document, "ar")[-1]
    saved(translator, outcome, **{present.key.replace("-", "_"): ("لم يراجَع بعد.", present.was)})
    later = making.published(drafter, chair, making.fresh(outcome), Stage.DRAFT)
    assert PublishedReason.objects.get(edition=later.edition).texts == {"ar": f"[ar] {making.REASON}"}


# --- the list of pending translations ---


def test_an_outcome_waits_for_its_translators_beside_the_summaries(sign_in, translator, drafter, outcome, paragraph):
    (waiting,) = pending_translations(translator)
    assert (waiting.document, waiting.left.language, waiting.url) == (outcome.document, "ar", ADDRESS)
    assert (waiting.left.missing, waiting.left.phrases, waiting.is_own) == (1, 1, True)
    page = body(sign_in(translator).get("/en/desk/translations/"))
    assert "Outcome in preparation" in page
    assert "1 heading or reason" in page
