"""An outcome as PDF, Word document and plain text: permanent numbers, responses with reasons, objections."""

import pytest

from plenara.contributions.actions import withdraw
from plenara.core.models import BackgroundTask
from plenara.core.tasks import run_all
from plenara.documents.models import DocumentEdition
from plenara.documents.presenters import pdf
from plenara.outcomes import actions
from plenara.outcomes.models import Stage
from plenara.outcomes.presenters.paper import PRINTER, outcome_paper
from tests import world
from tests.outcomes import making
from tests.summaries.printing.conftest import body as content_of
from tests.summaries.printing.conftest import text_of_docx, text_of_pdf

pytestmark = pytest.mark.django_db

FILE = "/{}/outcomes/wgig/report/outcome.{}"


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    """A data folder of its own; PDFs can be made here, whatever this machine has."""
    settings.DATA = tmp_path
    pdf.missing_packages.cache_clear()
    monkeypatch.setattr(pdf, "missing_packages", lambda: ())


def text(client, language="en") -> str:
    answer = client.get(FILE.format(language, "txt"))
    assert answer.status_code == 200
    return content_of(answer).decode()


def test_the_text_has_each_paragraph_with_what_it_rests_on(client, version, edition):
    found = text(client)
    assert "1. Working definition" in found
    assert "1. The management of the Internet is a matter for all." in found
    assert f"taken up: {making.REASON}" in found
    assert f"/s/{edition.symbol}" in found
    assert "1 of 1 contribution has a response with a reason." in found
    assert "not yet agreed · Finding" in found


def test_a_paragraph_in_brackets_names_who_objects_and_why(client, outcome, paragraph, drafter, chair, member):
    from plenara.documents.models import ParagraphText

    words = ParagraphText.objects.get(paragraph=paragraph)
    actions.object_to(actor=member, paragraph=paragraph, reason="It is too broad.", was=words.digest)
    making.published(drafter, chair, outcome)
    found = text(client)
    assert "1. [The management of the Internet is a matter for all.]" in found
    assert "in brackets · Finding" in found
    assert "Objection by Yusuf Demir: “It is too broad.”" in found


def test_why_some_are_left_is_shown(client, version, outcome, drafter, chair, author, moderator, thread):
    world.published(author, moderator, thread, "Another thing.")
    making.published(drafter, chair, outcome, Stage.FINAL, why_left={"en": "It came after the group had met."})
    assert "It came after the group had met." in text(client)
    assert "Final text" in text(client)


def test_publishing_enqueues_the_files_and_no_request_makes_them(client, version):
    assert BackgroundTask.objects.filter(task="outcomes.print_edition", done_at=None).count() == 1
    for ending in ("pdf", "docx"):
        answer = client.get(FILE.format("en", ending))
        assert answer.status_code == 503
        assert FILE.format("en", "txt") in answer.content.decode()
    run_all()
    for ending in ("pdf", "docx"):
        answer = client.get(FILE.format("en", ending))
        assert answer.status_code == 200
        assert answer["Content-Language"] == "en"
        assert "Set-Cookie" not in answer
    document = text_of_docx(content_of(client.get(FILE.format("en", "docx"))))
    assert "The management of the Internet is a matter for all." in document
    assert making.REASON in document


def test_where_a_language_is_missing_the_reader_is_led_to_the_original(client, version):
    answer = client.get(FILE.format("zh", "pdf"))
    assert (answer.status_code, answer["Location"]) == (302, FILE.format("en", "pdf"))
    assert client.get(FILE.format("en", "pdf").replace("report", "nothing")).status_code == 404


def test_what_is_withdrawn_is_quoted_no_more_from_that_moment_on(client, outcome, drafter, chair, edition, paragraph):
    actions.respond(
        actor=drafter, paragraph=paragraph, edition=edition, response="noted", reason="It is said.",
        words=edition.text.content[:20],
    )  # fmt: skip
    making.published(drafter, chair, outcome)
    run_all()
    assert edition.text.content[:20] in text(client)
    withdraw(actor=edition.contribution.author, contribution=edition.contribution)
    assert edition.text.content[:20] not in text(client)
    assert client.get(FILE.format("en", "docx")).status_code == 503
    PRINTER.enqueue_prints()
    run_all()


def test_the_worker_looks_for_what_has_changed_once(client, version):
    run_all()
    assert (PRINTER.enqueue_prints(), PRINTER.enqueue_prints()) == (1, 0)
    run_all()
    assert PRINTER.enqueue_prints() == 0


@pytest.mark.once
@pytest.mark.typesets
def test_the_pdf_links_within_itself_and_to_the_record(version):
    from io import BytesIO

    from pypdf import PdfReader

    edition = DocumentEdition.objects.select_related("consultation", *PRINTER.related).get(pk=version.edition_id)
    made = pdf.as_pdf(outcome_paper(edition, "en"))
    assert made == pdf.as_pdf(outcome_paper(edition, "en"))
    assert "Working definition" in text_of_pdf(made)
    links = [note.get_object() for page in PdfReader(BytesIO(made)).pages for note in page.get("/Annots", [])]
    addresses = {str(each["/A"]["/URI"]) for each in links if "/A" in each and "/URI" in each["/A"]}
    assert any(address.endswith(edition.symbol) for address in addresses)
    assert any("/Dest" in each or "/D" in each.get("/A", {}) for each in links)


@pytest.mark.once
def test_a_paper_takes_the_same_queries_whatever_its_length(
    version, outcome, drafter, chair, author, moderator, thread
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        found = DocumentEdition.objects.select_related("consultation", *PRINTER.related).prefetch_related("renditions")
        edition = found.get(document=outcome.document_id, in_force=True)
        with CaptureQueriesContext(connection) as counted:
            outcome_paper(edition, "en")
        return len(counted)

    before = queries()
    from plenara.documents import actions as document_actions

    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    for number in range(6):
        cited = world.published(author, moderator, thread, f"Thing {number}.")
        making.paragraph(drafter, outcome, f"Paragraph {number}.", cites=cited, section=1 + number % 4)
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    actions.publish(actor=chair, outcome=outcome, stage=Stage.DRAFT)
    assert queries() <= before + 1
