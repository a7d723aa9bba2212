"""Upheld requests are corrected by the next edition that changes the statement; an omission, by the next correction."""

import pytest

from plenara.consultations.models import Follow
from plenara.consultations.presenters.desk import pending_tasks
from plenara.core.tasks import run_all
from plenara.documents import actions as documents
from plenara.documents.actions.publication import publish_rendition
from plenara.documents.models import Document, Paragraph, ParagraphText
from plenara.summaries.corrections.queries import uncorrected_for_writers
from plenara.summaries.models import Summary
from tests.summaries import making as summaries_made
from tests.summaries.corrections import making

pytestmark = pytest.mark.django_db

PAGE = "/en/consultations/internet-governance/summaries/1/"


def changed(actor, correction, text="Documents come three weeks too late."):
    """Change the statement that a request is about."""
    paragraph = Paragraph.objects.get(document=correction.edition.document_id, number=1)
    source = ParagraphText.objects.get(paragraph=paragraph, language="en")
    documents.edit_paragraph(
        actor=actor, paragraph=paragraph, kind=paragraph.kind, text=text, was=summaries_made.stamp(paragraph)
    )
    assert ParagraphText.objects.get(pk=source.pk).text == text


def published_again(rapporteur, organizer, correction, **more):
    """Publish the reopened summary again."""
    summary = Summary.objects.get(document=correction.edition.document_id)
    return summaries_made.published(rapporteur, organizer, summary, **more)


@pytest.fixture
def upheld(organizer, correction):
    return making.answered(organizer, correction)


def test_its_writers_see_what_is_to_be_put_right(rapporteur, upheld, sign_in):
    desk = f"/en/desk/consultations/internet-governance/summaries/{Summary.objects.get().pk}/"
    for page in (desk, f"{desk}review/"):
        answer = sign_in(rapporteur).get(page).content.decode()
        assert "Corrections to make" in answer
        assert making.WORDS in answer
    assert [each.description.number for each in uncorrected_for_writers(upheld.edition.document_id)] == [1]


def test_it_waits_at_the_desk_of_its_rapporteurs_until_it_is_put_right(
    rapporteur, organizer, upheld, consultation, sign_in
):
    def tasks(person):
        return [each for each in pending_tasks(person, [consultation]) if "correction was upheld" in each.sentence]

    (task,) = tasks(rapporteur)
    assert task.sentence == "1 request for correction was upheld, but the correction has not been made yet: Summary 1."
    assert "Corrections to make" in sign_in(rapporteur).get(task.url).content.decode()
    assert tasks(organizer) == []
    changed(rapporteur, upheld)
    published_again(rapporteur, organizer, upheld, is_correction=True)
    assert tasks(rapporteur) == []


def test_published_as_a_correction_it_is_linked_and_named_on_both_pages(rapporteur, organizer, upheld, client):
    changed(rapporteur, upheld)
    edition = published_again(rapporteur, organizer, upheld, is_correction=True)
    assert edition.symbol.endswith("/Corr.1")
    assert making.fresh(upheld).corrected_by == edition
    page = client.get(PAGE).content.decode()
    assert "following a request:" in page
    assert f'href="{PAGE}corrections/#r1"' in page
    assert edition.symbol in client.get(f"{PAGE}corrections/").content.decode()
    assert uncorrected_for_writers(upheld.edition.document_id) == []


def test_a_statement_that_is_not_changed_is_not_said_to_be_put_right(rapporteur, organizer, upheld):
    published_again(rapporteur, organizer, upheld, is_correction=True)
    assert making.fresh(upheld).corrected_by is None
    documents.reopen(actor=rapporteur, document=Document.objects.get(pk=upheld.edition.document_id))
    changed(rapporteur, upheld)
    edition = published_again(rapporteur, organizer, upheld)  # as a revision
    assert making.fresh(upheld).corrected_by == edition


def test_a_statement_that_was_taken_out_is_put_right(rapporteur, organizer, upheld, edition):
    summary = Summary.objects.get()
    summaries_made.statement_of(rapporteur, summary, edition, "Another statement.")
    paragraph = Paragraph.objects.get(document=summary.document, number=1)
    documents.delete_paragraph(actor=rapporteur, paragraph=paragraph, was=summaries_made.stamp(paragraph), citations=1)
    made = published_again(rapporteur, organizer, upheld, is_correction=True)
    assert making.fresh(upheld).corrected_by == made


def test_an_omission_is_repaired_by_a_correction_and_not_by_any_revision(
    participant, moderator, rapporteur, organizer, published
):
    missing = making.published(participant, moderator, published, statement=None)
    making.answered(organizer, missing)
    published_again(rapporteur, organizer, missing)
    assert making.fresh(missing).corrected_by is None
    documents.reopen(actor=rapporteur, document=Document.objects.get(pk=published.document_id))
    edition = published_again(rapporteur, organizer, missing, is_correction=True)
    assert making.fresh(missing).corrected_by == edition


def test_what_was_not_upheld_is_not_linked(rapporteur, organizer, correction):
    making.answered(organizer, correction, "refused")
    documents.reopen(actor=rapporteur, document=correction.edition.document)
    changed(rapporteur, correction)
    published_again(rapporteur, organizer, correction, is_correction=True)
    assert making.fresh(correction).corrected_by is None


def test_renditions_whose_statement_changed_are_outdated(
    rapporteur, organizer, translator, published, participant, moderator
):
    summary = Summary.objects.get()
    rendition = summaries_made.reviewed(translator, rapporteur, summary.document, "ar")
    publish_rendition(actor=rapporteur, rendition=rendition)
    it = making.answered(organizer, making.published(participant, moderator, published))
    changed(rapporteur, it)
    edition = published_again(rapporteur, organizer, it, is_correction=True)
    assert edition.renditions.get(language="en").outdated == 0
    assert edition.renditions.get(language="ar").outdated == 1


def test_the_asker_and_followers_are_notified_of_the_correction(
    rapporteur, organizer, participant, author, consultation, upheld, mailoutbox
):
    from plenara.consultations.actions.follows import follow

    follow(actor=author, consultation=consultation, what=Follow.What.SUMMARIES, pace="at_once")
    author.language = "en"
    author.save()
    changed(rapporteur, upheld)
    published_again(rapporteur, organizer, upheld, is_correction=True)
    run_all()
    assert [each for each in mailoutbox if each.to == [participant.email] and "/Corr.1" in each.body]
    assert [each for each in mailoutbox if each.to == [author.email] and "was corrected" in each.body]


def test_the_next_edition_can_be_asked_about_for_thirty_days_again(rapporteur, organizer, author, moderator, upheld):
    changed(rapporteur, upheld)
    edition = published_again(rapporteur, organizer, upheld, is_correction=True)
    assert making.published(author, moderator, edition, "Still wrong.").number == 2


def test_a_page_of_an_earlier_edition_says_nothing_of_a_correction_and_takes_no_request(
    rapporteur, organizer, upheld, client
):
    changed(rapporteur, upheld)
    published_again(rapporteur, organizer, upheld, is_correction=True)
    page = client.get(f"{PAGE}rev/0/").content.decode()
    assert "following a request:" not in page
    assert "/corrections/new/" not in page
