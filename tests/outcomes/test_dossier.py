"""The dossier of a meeting: its page, and its files, made in pieces, the same bytes for the same record."""

import errno
import io
import zipfile
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from plenara.contributions.actions import withdraw
from plenara.core import clock, tasks
from plenara.core.languages import Localized
from plenara.core.models import BackgroundTask
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.documents.actions import printed_files as printing
from plenara.documents.actions.paper_sets import PaperSet
from plenara.documents.presenters import pdf
from plenara.outcomes import actions, personal_data
from plenara.outcomes.actions import printed_files
from plenara.outcomes.models import DossierFile
from plenara.outcomes.presenters.dossier import WHOLE, papers
from plenara.outcomes.queries.dossiers import Scope
from tests import world
from tests.events import entered
from tests.made_once import made_once
from tests.outcomes.making import fresh
from tests.outcomes.test_meetings import AFTER
from tests.summaries.printing.conftest import body as content_of
from tests.summaries.printing.conftest import text_of_docx, text_of_pdf

pytestmark = pytest.mark.django_db

WORDS = "Documents should come three weeks before."


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    """A data folder of its own; PDFs can be made here, whatever this machine has."""
    settings.DATA = tmp_path
    pdf.missing_packages.cache_clear()
    monkeypatch.setattr(pdf, "missing_packages", lambda: ())


@pytest.fixture
@made_once
def discussed(author, moderator, thread):
    return world.published(author, moderator, thread, WORDS)


@pytest.fixture
@made_once
def full(drafter, dossier, item, version, outcome, discussed):
    """A dossier with a paragraph, the whole outcome and a contribution on its agenda, shown."""
    actions.edit_dossier(actor=drafter, dossier=dossier, intro={"en": "Bring *your* copy.", "ar": "أحضروا نسخكم."})
    actions.add_matter(actor=drafter, item=item, outcome=outcome, mark=1)
    other = actions.add_item(actor=drafter, dossier=dossier, title={"en": "All of it", "ar": "النص كله"})
    actions.add_matter(actor=drafter, item=other, outcome=outcome)
    actions.add_matter(actor=drafter, item=other, contribution=discussed.contribution)
    return actions.publish_dossier(actor=drafter, dossier=fresh(dossier))


def made(drafter, dossier, language="en") -> DossierFile:
    """Request and make the files of a dossier, and return them."""
    it = actions.ask_files(actor=drafter, dossier=dossier, language=language)
    run_all()
    return DossierFile.objects.get(pk=it.pk)


def file(client, dossier, ending="zip", language="en") -> bytes:
    answer = client.get(f"/{language}/events/{dossier.event.number}/dossier/dossier.{ending}")
    assert answer.status_code == 200
    return content_of(answer)


def test_its_page_shows_the_agenda_and_where_each_text_stands(client, full, discussed, outcome):
    html = client.get(f"/en/events/{full.event.number}/dossier/").content.decode()
    for words in ("Second meeting", "The definition", "/en/outcomes/wgig/report/paragraphs/1/", discussed.symbol):
        assert words in html
    assert "<em>your</em>" in html
    assert "What was decided" not in html
    assert f"/en/events/{full.event.number}/dossier/" in client.get(f"/en/events/{full.event.number}/").content.decode()
    assert "أحضروا نسخكم." in client.get(f"/ar/events/{full.event.number}/dossier/").content.decode()


def test_before_it_is_shown_nobody_sees_it(client, dossier, item):
    assert client.get(f"/en/events/{dossier.event.number}/dossier/").status_code == 404
    assert "dossier" not in client.get(f"/en/events/{dossier.event.number}/").content.decode()


def test_an_event_that_is_gone_leads_to_what_became_of_it(client, full):
    entered.gone(full.event)
    answer = client.get(f"/en/events/{full.event.number}/dossier/")
    assert (answer.status_code, answer["Location"]) == (302, f"/en/events/{full.event.number}/")


def test_the_report_is_shown_with_what_was_decided_and_changed(client, full, drafter, outcome):
    with clock.at(AFTER):
        actions.write_decision(
            actor=drafter, dossier=full, text={"en": "The definition is adopted."}, item=full.items.get(number=1),
            paragraphs=[(outcome, 1)],
        )  # fmt: skip
        page = f"/en/events/{full.event.number}/dossier/"
        assert "is adopted" not in client.get(page).content.decode()
        actions.write_report(actor=drafter, dossier=full, report={"en": "Forty members met."}, is_shown=True)
    html = client.get(page).content.decode()
    assert "The definition is adopted." in html and "Forty members met." in html
    assert 'href="#item-1"' in html


@pytest.mark.once
def test_its_page_takes_the_same_queries_whatever_its_length(client, full, drafter, outcome, author, moderator, thread):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page = f"/en/events/{full.event.number}/dossier/"
    client.get(page)
    with CaptureQueriesContext(connection) as before:
        client.get(page)
    for number in range(4):
        item = actions.add_item(actor=drafter, dossier=full, title={"en": f"Item {number}"})
        more = world.published(author, moderator, thread, f"Thing {number}.")
        actions.add_matter(actor=drafter, item=item, contribution=more.contribution)
        actions.add_matter(actor=drafter, item=item, outcome=outcome, mark=1)
    with CaptureQueriesContext(connection) as after:
        client.get(page)
    assert len(after) == len(before)


def test_files_are_made_when_they_are_asked_for_and_hold_everything(client, full, drafter, edition, discussed):
    assert client.get(f"/en/events/{full.event.number}/dossier/dossier.pdf").status_code == 404
    it = made(drafter, full)
    assert (it.state, it.of) == (DossierFile.State.READY, it.done)
    document = text_of_docx(file(client, full, "docx"))
    for words in ("Second meeting", "The definition", "The management of the Internet is a matter for all.", WORDS):
        assert words in document
    with zipfile.ZipFile(io.BytesIO(file(client, full))) as folder:
        names = folder.namelist()
        assert {
            "README.txt",
            "0-agenda.pdf",
            "1-item-01.docx",
            "1-item-02.txt",
            "2-contributions.txt",
            "3-index.txt",
        } <= set(names)
        assert WORDS in folder.read("2-contributions.txt").decode()
        assert "By stakeholder group" in folder.read("3-index.txt").decode()
        assert "Dossier of the meeting “Second meeting”." in folder.read("README.txt").decode()
    assert file(client, full, "pdf").startswith(b"%PDF")


@pytest.mark.once
def test_the_same_record_gives_the_same_bytes(client, full, drafter):
    made(drafter, full)
    before = {ending: file(client, full, ending) for ending in printed_files.FORMS}
    with clock.at(AFTER):
        made(drafter, full)
        assert {ending: file(client, full, ending) for ending in printed_files.FORMS} == before


def test_a_button_pressed_twice_makes_them_once(full, drafter):
    first = actions.ask_files(actor=drafter, dossier=full, language="fr")
    assert actions.ask_files(actor=drafter, dossier=full, language="fr") == first
    assert BackgroundTask.objects.filter(task="outcomes.make_dossier").count() == 1
    with pytest.raises(InvalidInput):
        actions.ask_files(actor=drafter, dossier=full, language="de")


def test_who_does_not_keep_the_meetings_asks_for_none(full, member, participant):
    for person in (member, participant):
        with pytest.raises(NotPermitted):
            actions.ask_files(actor=person, dossier=full, language="en")


def test_killed_between_its_papers_it_goes_on_where_it_was(full, drafter, monkeypatch):
    it = actions.ask_files(actor=drafter, dossier=full, language="en")
    written, write = [], PaperSet.write

    def killed(*args):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(args[1])
        write(*args)

    monkeypatch.setattr(PaperSet, "write", killed)
    one = BackgroundTask.objects.get(task="outcomes.make_dossier")
    with pytest.raises(KeyboardInterrupt):
        tasks.run(one)
    assert DossierFile.objects.get(pk=it.pk).done == 2
    monkeypatch.setattr(PaperSet, "write", lambda *args: (written.append(args[1]), write(*args)))
    tasks.run(one)
    assert len(written) == len(set(written)) == DossierFile.objects.get(pk=it.pk).of - 1
    assert DossierFile.objects.get(pk=it.pk).state == DossierFile.State.READY


def test_it_is_made_in_pieces_each_of_which_enqueues_the_next(full, drafter, monkeypatch):
    run_all()  # what else is enqueued, which without time would be enqueued for ever
    monkeypatch.setattr(printing, "ENOUGH", -1.0)
    it = made(drafter, full)
    assert it.state == DossierFile.State.READY
    assert BackgroundTask.objects.filter(task="outcomes.make_dossier").count() > 3


def test_what_is_withdrawn_while_it_is_made_is_not_in_it(client, full, drafter, discussed, monkeypatch):
    run_all()
    monkeypatch.setattr(printing, "ENOUGH", -1.0)
    actions.ask_files(actor=drafter, dossier=full, language="en")
    tasks.run(BackgroundTask.objects.get(task="outcomes.make_dossier", done_at=None))
    withdraw(actor=discussed.contribution.author, contribution=discussed.contribution)
    run_all()
    assert WORDS not in text_of_docx(file(client, full, "docx"))


def test_what_is_withdrawn_later_is_served_no_more(client, full, drafter, discussed):
    it = made(drafter, full)
    withdraw(actor=discussed.contribution.author, contribution=discussed.contribution)
    for ending in printed_files.FORMS:
        assert client.get(f"/en/events/{full.event.number}/dossier/dossier.{ending}").status_code == 404
    personal_data.delete_expired_files()
    assert not printed_files.folder_of(it).exists()


@pytest.mark.once
def test_a_full_disk_makes_it_fail_and_leaves_what_was_there(client, full, drafter, monkeypatch):
    made(drafter, full)
    before = file(client, full)

    def full_disk(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(PaperSet, "write", full_disk)
    assert made(drafter, full).state == DossierFile.State.FAILED
    assert file(client, full) == before


@pytest.mark.once
def test_a_paper_that_cannot_be_set_fails_and_says_so(full, drafter, monkeypatch):
    def unset(page, *, identifier):
        raise pdf.Unset

    monkeypatch.setattr(pdf, "typeset", unset)
    assert made(drafter, full).state == DossierFile.State.FAILED


@pytest.mark.once
def test_without_pango_there_is_no_pdf_and_everything_else(client, full, drafter, monkeypatch):
    monkeypatch.setattr(pdf, "missing_packages", lambda: ("libpango-1.0-0",))
    made(drafter, full)
    assert client.get(f"/en/events/{full.event.number}/dossier/dossier.pdf").status_code == 404
    with zipfile.ZipFile(io.BytesIO(file(client, full))) as folder:
        assert not [name for name in folder.namelist() if name.endswith(".pdf")]
        assert "cannot create them" in folder.read("README.txt").decode()


def test_files_of_a_dossier_that_is_gone_are_swept(full, drafter):
    it = made(drafter, full)
    folder = printed_files.folder_of(it)
    full.delete()
    personal_data.delete_expired_files()
    assert not folder.exists()


@pytest.mark.once
def test_its_pdf_is_that_of_all_its_papers_in_one(client, full, drafter):
    it = made(drafter, full)
    whole = papers(Scope(it.dossier), "en")[WHOLE]()
    assert file(client, full, "pdf").decode() == f"%PDF-1.7 {whole.digest()}"  # as `not_typeset` has it


@pytest.mark.once
@pytest.mark.typesets
def test_its_links_lead_within_it_and_to_the_record(full, edition):
    from pypdf import PdfReader

    content = pdf.as_pdf(papers(Scope(full), "en")[WHOLE]())
    assert WORDS in text_of_pdf(content)
    links = [note.get_object() for page in PdfReader(io.BytesIO(content)).pages for note in page.get("/Annots", [])]
    addresses = {str(each["/A"]["/URI"]) for each in links if "/A" in each and "/URI" in each["/A"]}
    assert any(address.endswith(f"/s/{edition.symbol}") for address in addresses)
    within = [each for each in links if "/Dest" in each or "/D" in each.get("/A", {})]
    assert len(within) > 5


def test_the_words_of_what_is_discussed_end_with_a_sentence():
    sentence = "Documents should be there in all six languages three weeks before the meeting at which they are read."
    words = Localized(f"{sentence} {'This sentence is too long. '.replace('. ', ', ') * 10}", "en")
    each = SimpleNamespace(label="Paragraph 1", words=words, title=Localized("", "en"), byline=None)
    assert f">{sentence}</p>" in render_to_string("outcomes/matter.html", {"each": each})
