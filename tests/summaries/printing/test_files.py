"""A summary's files: made only by tasks, served while their content is public, and made again when it changes."""

import datetime
import json
import logging
import shutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.accounts.models import Installation
from plenara.contributions.actions import withdraw
from plenara.core import clock
from plenara.core.cache_tags import invalidate
from plenara.core.models import BackgroundTask
from plenara.core.tasks import run_all
from plenara.documents import actions as document_actions
from plenara.documents.actions import printed_files
from plenara.documents.actions.publication import publish_rendition
from plenara.documents.presenters import pdf
from plenara.moderation.actions import remove
from plenara.summaries.printing.presenters.summaries import PRINTER
from tests import world
from tests.documents.making import source
from tests.summaries import making
from tests.summaries.printing.conftest import ARABIC, BASE, body, text_of_docx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def possible(monkeypatch):
    """PDFs can be made here, whatever this machine has."""
    pdf.missing_packages.cache_clear()
    monkeypatch.setattr(pdf, "missing_packages", lambda: ())


def docx(client, language="en") -> bytes:
    answer = client.get(BASE.format(language, "docx"))
    assert answer.status_code == 200
    return body(answer)


def look() -> int:
    """Let the worker check for outdated files, and run the enqueued tasks."""
    PRINTER.enqueue_prints()
    return run_all()


def test_a_file_that_is_still_being_made_is_no_error_in_the_log(client, published, caplog):
    for ending in ("pdf", "docx"):
        assert client.get(BASE.format("en", ending)).status_code == 503
    assert client.get("/exports/internet-governance/bundle.zip").status_code == 503
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_publishing_enqueues_the_files_and_no_request_makes_them(client, published):
    assert BackgroundTask.objects.filter(task="summaries.print_edition", done_at=None).count() == 1
    for ending in ("pdf", "docx"):
        answer = client.get(BASE.format("en", ending))
        assert answer.status_code == 503
        assert int(answer["Retry-After"]) >= 60
        assert "being created" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert not PRINTER.folder_of("internet-governance").exists()


def test_they_are_there_once_the_task_has_run(client, printed):
    name = printed.symbol.replace("/", "-")
    for ending, media_type in (("pdf", "application/pdf"), ("docx", printed_files.FORMS["docx"][0])):
        for language in ("en", "ar"):
            answer = client.get(BASE.format(language, ending))
            assert answer.status_code == 200
            assert answer["Content-Type"] == media_type
            assert answer["Content-Language"] == language
            assert answer["Content-Disposition"] == f'attachment; filename="{name}-{language}.{ending}"'
            assert "Set-Cookie" not in answer
    assert "Documents come too late." in text_of_docx(docx(client))


def test_who_has_a_file_is_not_sent_it_again(client, printed):
    address = BASE.format("en", "docx")
    answer = client.get(address)
    body(answer)
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": answer["Last-Modified"]}).status_code == 304
    head = client.head(address)
    assert (head.status_code, head["ETag"], head.content if not head.streaming else b"") == (200, answer["ETag"], b"")


def test_where_a_language_is_missing_the_reader_is_led_to_the_original(client, printed):
    answer = client.get(BASE.format("zh", "pdf"))
    assert (answer.status_code, answer["Location"]) == (302, BASE.format("en", "pdf"))


def test_a_summary_that_is_not_there_has_no_files(client, printed):
    assert client.get(BASE.format("en", "pdf").replace("/1/", "/2/")).status_code == 404
    assert client.get(BASE.format("en", "odt")).status_code == 404


def test_serving_costs_few_queries_and_writes_nothing(client, printed):
    before = sorted(path.name for path in PRINTER.folder_of("internet-governance").iterdir())
    with CaptureQueriesContext(connection) as queries:
        docx(client)
    assert len(queries) <= 5
    assert not [each for each in queries if not each["sql"].lstrip("( ").upper().startswith("SELECT")]
    assert sorted(path.name for path in PRINTER.folder_of("internet-governance").iterdir()) == before


@pytest.mark.parametrize("how", ["withdrawn", "removed", "erased"])
def test_what_is_gone_is_served_no_more_from_that_moment_on(client, printed, voices, moderator, how):
    contribution = voices[0].contribution
    assert ARABIC in text_of_docx(docx(client))
    if how == "withdrawn":
        withdraw(actor=contribution.author, contribution=contribution)
    elif how == "removed":
        remove(actor=moderator, kind="contribution", pk=contribution.pk, reason="R3")
    else:
        from plenara.accounts.actions import erase

        erase(actor=contribution.author, choice="tombstones")
    for ending in ("pdf", "docx"):
        assert client.get(BASE.format("en", ending)).status_code == 503
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        look()
        again = text_of_docx(docx(client))
    assert ARABIC not in again
    assert "سمير حداد" not in again
    assert "Documents come too late." in again
    kept = {path.name for path in PRINTER.folder_of("internet-governance").iterdir()}
    assert not {path for path in kept if path.startswith("part.")}


def test_an_erased_name_is_in_no_file_any_more(client, printed, rapporteur):
    from plenara.accounts.actions import erase

    assert rapporteur.name in text_of_docx(docx(client))
    erase(actor=rapporteur, choice="participant")
    assert client.get(BASE.format("en", "docx")).status_code == 503
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        look()
        assert rapporteur.name not in text_of_docx(docx(client))


def test_what_changes_nothing_in_a_file_leaves_it_served(client, printed, author, moderator, thread):
    before = client.get(BASE.format("en", "docx"))["ETag"]
    world.published(author, moderator, thread, "Something else altogether.")
    assert client.get(BASE.format("en", "docx"))["ETag"] == before
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        look()
        assert client.get(BASE.format("en", "docx"))["ETag"] == before


def test_what_changes_a_file_without_touching_people_is_served_until_it_is_made_anew(client, printed):
    before = client.get(BASE.format("en", "docx"))["ETag"]
    Installation.objects.update_or_create(pk=1, defaults={"name": {"en": "Another name"}})
    invalidate("installation")
    assert client.get(BASE.format("en", "docx"))["ETag"] == before
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        look()
        assert client.get(BASE.format("en", "docx"))["ETag"] != before
        assert "Another name" in Installation.objects.get(pk=1).name["en"]


def test_a_new_edition_is_printed_and_the_earlier_one_forgotten(client, printed, rapporteur, organizer, summary):
    run_all()
    document_actions.reopen(actor=rapporteur, document=making.fresh(summary.document))
    paragraph = summary.document.paragraphs.get(number=1)
    document_actions.edit_paragraph(
        actor=rapporteur,
        paragraph=paragraph,
        kind=paragraph.kind,
        text="Documents come much too late.",
        heading=source(paragraph).heading,
        thread=paragraph.thread,
        was=making.stamp(paragraph),
    )
    making.published(rapporteur, organizer, making.fresh(summary))
    assert client.get(BASE.format("en", "docx")).status_code == 503
    run_all()
    assert "much too late" in text_of_docx(docx(client))
    before = {path.name for path in PRINTER.folder_of("internet-governance").iterdir()}
    look()
    after = {path.name for path in PRINTER.folder_of("internet-governance").iterdir()}
    assert len([name for name in after if name.endswith(".json")]) == 3  # two renditions, and the last check
    assert before - after


def test_a_rendition_that_joins_is_printed_at_the_workers_next_round(client, printed, rapporteur, translator, summary):
    look()
    chinese = world.grant(world.person("Li Ming", language="zh"), printed.consultation, "translator", "zh")
    rendition = making.reviewed(chinese, rapporteur, making.fresh(summary.document), "zh")
    publish_rendition(actor=chinese, rendition=rendition)
    assert client.get(BASE.format("zh", "docx")).status_code == 503
    look()
    assert "[zh] Documents come too late." in text_of_docx(docx(client, "zh"))


def test_the_worker_enqueues_what_has_changed_once(published):
    run_all()
    assert (PRINTER.enqueue_prints(), PRINTER.enqueue_prints()) == (1, 0)
    run_all()
    assert PRINTER.enqueue_prints() == 0
    invalidate(published.consultation.cache_tag)
    assert PRINTER.enqueue_prints() == 1
    due = BackgroundTask.objects.get(task="summaries.print_changed", done_at=None).due_at
    assert due > clock.now() + datetime.timedelta(minutes=4)


def test_a_lost_folder_is_made_again(client, printed):
    look()
    shutil.rmtree(PRINTER.folder_of("internet-governance"))
    assert client.get(BASE.format("en", "docx")).status_code == 503
    look()
    assert docx(client)


def test_a_kill_before_the_last_write_leaves_what_was_there(client, printed, monkeypatch):
    before = client.get(BASE.format("en", "docx"))["ETag"]
    Installation.objects.update_or_create(pk=1, defaults={"name": {"en": "Another name"}})
    invalidate("installation")

    def killed(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(printed_files.StoredFiles, "describe", killed)
        with pytest.raises(KeyboardInterrupt):
            PRINTER.make(printed, printed.renditions.get(language="en"))
    assert client.get(BASE.format("en", "docx"))["ETag"] == before
    with clock.at(clock.now() + datetime.timedelta(minutes=6)):
        look()
        assert client.get(BASE.format("en", "docx"))["ETag"] != before


def test_a_damaged_note_of_what_is_kept_counts_as_nothing_kept(client, printed):
    for path in PRINTER.folder_of("internet-governance").glob("*.json"):
        path.write_text(json.dumps({"of": "x"}))
    assert client.get(BASE.format("en", "docx")).status_code == 503


def test_without_pango_there_is_no_pdf_and_everything_else(client, published, monkeypatch):
    monkeypatch.setattr(pdf, "missing_packages", lambda: ("libpango-1.0-0",))
    run_all()
    answer = client.get(BASE.format("en", "pdf"))
    assert answer.status_code == 503
    assert "cannot create PDF files" in answer.content.decode()
    assert BASE.format("en", "docx") in answer.content.decode()
    assert docx(client)


def test_once_pango_is_there_the_pdfs_are_made(client, published, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "missing_packages", lambda: ("libpango-1.0-0",))
        run_all()
        look()
    assert client.get(BASE.format("en", "pdf")).status_code == 503
    look()
    assert client.get(BASE.format("en", "pdf")).status_code == 200


def test_one_language_that_cannot_be_set_keeps_no_other_from_being_made(client, published, monkeypatch):
    typeset = pdf.typeset

    def breaks_in_arabic(page, *, identifier):
        if 'lang="ar" dir="rtl"><head>' in page:
            raise pdf.Unset
        return typeset(page, identifier=identifier)

    monkeypatch.setattr(pdf, "typeset", breaks_in_arabic)
    run_all()
    assert docx(client, "en")
    assert client.get(BASE.format("ar", "docx")).status_code == 503
    assert BackgroundTask.objects.get(task="summaries.print_edition").last_error == "Unset"


def test_a_task_lets_another_go_on_when_its_time_is_over(client, published, monkeypatch):
    monkeypatch.setattr(printed_files, "ENOUGH", -1.0)
    PRINTER.print_edition(published.pk, 0)
    assert BackgroundTask.objects.filter(task="summaries.print_edition").count() == 2
    monkeypatch.setattr(printed_files, "ENOUGH", 55.0)
    run_all()
    assert docx(client)


def test_the_page_offers_them_and_says_so_to_machines(client, printed):
    page = client.get("/en/consultations/internet-governance/summaries/1/")
    html = page.content.decode()
    for ending, (media_type, _write) in printed_files.FORMS.items():
        assert f"summaries/1/summary.{ending}" in html
        assert f'summary.{ending}>; rel="item"; type="{media_type}"' in page["Link"]
