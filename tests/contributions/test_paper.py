"""A longer paper: known by its content, kept with the draft, published with the text, read where nothing can happen."""

import datetime
import io
import os
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plenara.accounts import limits
from plenara.contributions.actions import attach, detach, papers, revise, revoke, save_draft, share, submit
from plenara.contributions.models import Draft, Edition, Extraction, Paper, Share
from plenara.contributions.queries.papers import file_of
from plenara.contributions.validation.papers import MOST_BYTES, ending_of, name_with
from plenara.core import clock, tasks
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.core.store.folder import InFolder
from tests import pdfs, world
from tests.core.test_macros import WITH

pytestmark = pytest.mark.django_db


def docx(words="Documents should reach us in time."):
    from docx import Document

    file, document = io.BytesIO(), Document()
    document.add_paragraph(words)
    document.add_table(1, 2).rows[0].cells[1].text = "in a table"
    document.save(file)
    return file.getvalue()


def odt(words="Первый абзац."):
    import odfdo

    file, document = io.BytesIO(), odfdo.Document("text")
    document.body.append(odfdo.Paragraph(words))
    document.save(file)
    return file.getvalue()


def pdf(words="Documents should reach us in time."):
    """Return the smallest PDF that shows some words."""
    stream = f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
    ]
    return pdfs.written(objects)


def reader_with(folder, words, others):
    """Return a copy of the reader in which some words are others."""
    source = papers.READER_PROGRAM.read_text()
    assert words in source
    (folder / "reader.py").write_text(source.replace(words, others, 1))
    return folder / "reader.py"


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return file.getvalue()


@pytest.fixture(autouse=True)
def documents(tmp_path, settings):
    settings.DOCUMENTS = tmp_path


@pytest.fixture
def draft(author, thread):
    return save_draft(actor=author, thread=thread, key="k", text="See our paper.", language="en")


# --- what it may be ---------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("data", "ending"), [(pdf(), "pdf"), (docx(), "docx"), (odt(), "odt"), ("Ein Text – für alle.".encode(), "txt")]
)
def test_its_content_says_what_it_is(data, ending):
    assert ending_of(data) == ending


@pytest.mark.once
@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n",
        b"MZ\x90\x00",
        b"caf\xe9 in Latin-1",
        b"text with \x00 in it",
        zipped(anything=b"x"),
        zipped(mimetype=b"application/epub+zip", **{"content.xml": b"x"}),
        docx()[:300],
        b"PK\x03\x04",
        b"\x01%PDF-1.4",
    ],
)
def test_anything_else_is_refused_whatever_its_name_says(data):
    with pytest.raises(InvalidInput, match="We check the content"):
        ending_of(data)


@pytest.mark.once
@pytest.mark.parametrize("case", ["a project by another name", "a main part with macros", "Basic in OpenDocument"])
def test_macros_are_refused_whatever_the_parts_are_called(case):
    with pytest.raises(InvalidInput, match="macros"):
        ending_of(WITH[case])


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\papers\\Our view.exe", "Our view.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("....", "paper.pdf"),
        ("ورقة.pdf", "ورقة.pdf"),
    ],
)
def test_its_name_loses_its_path_and_wrong_ending(name, kept):
    assert name_with("pdf", name) == kept


def test_a_file_that_is_empty_or_too_large_is_refused(author, draft):
    for data, sentence in ((b"", "empty"), (b"x" * (MOST_BYTES + 1), "10 MB")):
        with pytest.raises(InvalidInput, match=sentence):
            attach(actor=author, draft=draft, data=data, name="a.txt")
    assert not Paper.objects.exists()


# --- its way ----------------------------------------------------------------------------------------------------------


def test_it_goes_with_the_draft_the_version_and_the_edition(author, moderator, thread, draft):
    attach(actor=author, draft=draft, data=pdf(), name="view.pdf")
    contribution = submit(actor=author, thread=thread, text="See our paper.", language="en", key="k")
    assert contribution.versions.get().paper.name == "view.pdf"
    world.decided(contribution, moderator)
    edition = Edition.objects.get()
    assert file_of(edition.paper).read_bytes() == pdf()


def test_the_same_file_twice_is_stored_once(author, participant, thread, draft):
    other = save_draft(actor=participant, thread=thread, key="o", text="Ours too.", language="en")
    for person, each in ((author, draft), (participant, other)):
        attach(actor=person, draft=each, data=pdf(), name="view.pdf")
    assert Paper.objects.count() == 1


def test_only_the_author_of_a_draft_attaches_and_takes_off(author, participant, draft):
    with pytest.raises(NotPermitted):
        attach(actor=participant, draft=draft, data=pdf(), name="view.pdf")
    attach(actor=author, draft=draft, data=pdf(), name="view.pdf")
    with pytest.raises(NotPermitted):
        detach(actor=participant, draft=draft)
    assert detach(actor=author, draft=draft).paper is None


def test_a_revision_keeps_the_paper_or_replaces_it_alone(author, moderator, thread, draft):
    attach(actor=author, draft=draft, data=pdf(), name="view.pdf")
    contribution = submit(actor=author, thread=thread, text="See our paper.", language="en", key="k")
    world.decided(contribution, moderator)
    contribution.refresh_from_db()
    again = save_draft(actor=author, thread=thread, key="r", text="See our paper.", language="en", revises=contribution)
    assert again.paper.name == "view.pdf"
    with pytest.raises(InvalidInput, match="not changed"):
        revise(actor=author, contribution=contribution, text="See our paper.", language="en", key="r")
    attach(actor=author, draft=again, data=pdf("A later view."), name="later.pdf")
    version = revise(actor=author, contribution=contribution, text="See our paper.", language="en", key="r")
    assert version.paper.name == "later.pdf"


# --- its words --------------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pdf("Plain words."), "Plain words."),
        (docx("Plain words."), "in a table"),
        (odt("Простые слова."), "Простые слова."),
        ("Простые слова.".encode(), "Простые слова."),
    ],
)
def test_its_words_are_read_after_the_act(author, draft, data, words):
    paper = attach(actor=author, draft=draft, data=data, name="x").paper
    assert paper.extraction == Extraction.WAITING
    tasks.run_all()
    paper.refresh_from_db()
    assert (paper.extraction, words in paper.text) == (Extraction.DONE, True)


@pytest.mark.once
def test_a_file_that_breaks_its_reader_does_no_harm(author, draft):
    broken = b"%PDF-1.7\n" + os.urandom(2000)
    paper = attach(actor=author, draft=draft, data=broken, name="x.pdf").paper
    tasks.run_all()
    paper.refresh_from_db()
    assert (paper.extraction, paper.text) == (Extraction.FAILED, "")


@pytest.mark.once
def test_a_file_that_unpacks_without_end_meets_the_reader_s_limits(tmp_path, monkeypatch):
    bomb = tmp_path / "bomb"
    bomb.write_bytes(odt("a" * 40_000_000))
    assert bomb.stat().st_size < 200_000
    monkeypatch.setattr(papers, "READER_PROGRAM", reader_with(tmp_path, "768 * 1024", "160 * 1024"))
    with pytest.raises(papers.Unreadable):
        papers.words_of(InFolder(bomb), "odt")


@pytest.mark.once
def test_a_reader_that_takes_too_long_is_ended(tmp_path, monkeypatch):
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(papers, "READER_PROGRAM", endless)
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(papers.Unreadable):
        papers.words_of(InFolder(tmp_path, "x"), "txt", seconds=0.3)


@pytest.mark.once
def test_a_reader_that_prints_without_end_is_not_listened_to(tmp_path, monkeypatch):
    endless = tmp_path / "endless.py"
    endless.write_text("import sys\nwhile True: sys.stdout.buffer.write(b'a' * 65536)")
    monkeypatch.setattr(papers, "READER_PROGRAM", endless)
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(papers.Unreadable):
        papers.words_of(InFolder(tmp_path, "x"), "txt", seconds=20)


@pytest.mark.once
@pytest.mark.parametrize(
    "attempt", ["open('/etc/passwd')", "open('/tmp/x', 'w')", "socket.socket()", "bytearray(10**9)"]
)
def test_the_reader_can_open_nothing_and_take_no_more_memory(tmp_path, attempt, monkeypatch):
    """What runs in there after the paper was loaded: as if the paper had taken the reader over."""
    before = "    printed = 0\n"
    taken_over = reader_with(tmp_path, before, f"{before}    {attempt}\n")
    taken_over.write_text(taken_over.read_text().replace("import io\n", "import io\nimport socket\n", 1))
    monkeypatch.setattr(papers, "READER_PROGRAM", taken_over)
    (tmp_path / "x").write_bytes(b"plain words")
    with pytest.raises(papers.Unreadable):
        papers.words_of(InFolder(tmp_path, "x"), "txt")


def test_a_worker_killed_while_reading_reads_again(author, draft):
    attach(actor=author, draft=draft, data=pdf(), name="x.pdf")
    assert tasks.take()  # and then it was killed: the lease ends by itself
    with clock.at(clock.now() + datetime.timedelta(seconds=tasks.LEASE + 1)):
        tasks.run_all()
    assert Paper.objects.get().extraction == Extraction.DONE


# --- its pages --------------------------------------------------------------------------------------------------------


def form(**sent):
    return {"text": "See our paper.", "language": "en", "title": "", **sent}


@pytest.mark.once
def test_a_form_takes_it_keeps_it_and_takes_it_off_again(author, thread, sign_in):
    client, address = sign_in(author), f"/en/contribute/{thread.consultation.slug}/1/"
    page = client.post(address, form(preview="", paper=SimpleUploadedFile("view.pdf", pdf()))).content.decode()
    assert "Attached:" in page and "view.pdf" in page
    draft = Draft.objects.get()
    answer = client.get(f"/en/my/drafts/{draft.pk}/paper/")
    assert b"".join(answer.streaming_content) == pdf()
    assert answer["Content-Disposition"].startswith("attachment")
    client.post(address, form(preview="", no_paper="on"))
    draft.refresh_from_db()
    assert draft.paper is None


@pytest.mark.once
def test_a_file_for_a_draft_that_is_deleted_while_it_comes_is_refused_and_the_text_stays(
    author, thread, sign_in, monkeypatch
):
    client, address = sign_in(author), f"/en/contribute/{thread.consultation.slug}/1/"
    monkeypatch.setattr(papers, "upload", lambda _data: Draft.objects.all().delete())
    answer = client.post(address, form(preview="", paper=SimpleUploadedFile("view.pdf", pdf())))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This draft was submitted or deleted in another window, so the file was not attached." in page
    assert "See our paper." in page
    assert not Paper.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("intent", ["preview", "save", "clear"])
def test_what_is_saved_or_attached_after_it_was_sent_in_another_window_is_refused_and_the_text_stays(
    intent, author, thread, sign_in
):
    client, address = sign_in(author), f"/en/contribute/{thread.consultation.slug}/1/"
    seal = client.get(address).context["form"]["seal"].value()
    sent = client.post(address, form(send="", seal=seal))
    assert sent.status_code == 302
    file = {"paper": SimpleUploadedFile("view.pdf", pdf())} if intent == "preview" else {}
    answer = client.post(address, form(text="Other words.", seal=seal, **{intent: ""}, **file))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "in another window" in page and "Other words." in page
    kept = client.post(f"{address}draft/", form(text="Other words.", seal=seal))
    assert kept.status_code == 409 and "in another window" in kept.json()["why"]
    again = {"send": "", "seal": seal, "paper": SimpleUploadedFile("view.pdf", pdf())}
    assert client.post(address, form(**again)).url == sent.url


def test_nothing_is_taken_off_or_shared_of_a_draft_that_is_not_there(author, draft):
    attach(actor=author, draft=draft, data=pdf(), name="view.pdf")
    link = share(actor=author, draft=draft, days=7)
    Draft.objects.filter(pk=draft.pk).delete()
    assert detach(actor=author, draft=draft).paper is None
    revoke(actor=author, share=link)
    with pytest.raises(InvalidInput, match="submitted or deleted in another window"):
        share(actor=author, draft=draft, days=7)
    assert not Share.objects.exists()


@pytest.mark.once
def test_a_wrong_file_is_refused_with_a_sentence_and_the_text_stays(author, thread, sign_in):
    address = f"/en/contribute/{thread.consultation.slug}/1/"
    answer = sign_in(author).post(address, form(send="", paper=SimpleUploadedFile("view.pdf", b"MZ\x90\x00")))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "We check the content of a file, not its name." in page and "See our paper." in page


@pytest.mark.once
def test_a_file_over_the_limit_is_let_go_while_it_comes(author, thread, sign_in):
    address = f"/en/contribute/{thread.consultation.slug}/1/"
    large = SimpleUploadedFile("view.txt", b"x" * (2 * MOST_BYTES + 70_000))
    answer = sign_in(author).post(address, form(send="", paper=large))
    assert (answer.status_code, Paper.objects.count()) == (422, 0)
    assert "larger than 10 MB" in answer.content.decode()


@pytest.mark.once
def test_a_pending_paper_is_for_its_author_and_moderators_alone(
    author, moderator, participant, moderator_elsewhere, thread, draft, client
):
    attach(actor=author, draft=draft, data=pdf(), name="view.pdf")
    version = submit(actor=author, thread=thread, text="See our paper.", language="en", key="k").versions.get()
    for person, status in ((author, 200), (moderator, 200), (participant, 404), (moderator_elsewhere, 404)):
        client.force_login(person, backend="plenara.accounts.adapter.Backend")
        answer = client.get(f"/en/my/papers/{version.pk}/")
        assert answer.status_code == status
        if status == 200:
            assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.once
def test_a_moderator_reads_its_words_beside_the_text(author, moderator, thread, draft, sign_in):
    attach(actor=author, draft=draft, data=pdf("A long argument."), name="view.pdf")
    pending = submit(actor=author, thread=thread, text="See our paper.", language="en", key="k")
    tasks.run_all()
    page = sign_in(moderator).get(f"/en/desk/moderation/contribution/{pending.pk}/").content.decode()
    assert "A long argument." in page and "view.pdf" in page


def test_papers_one_after_the_other_are_refused_and_so_are_those_of_a_person_who_is_suspended(
    participant, thread, monkeypatch
):
    monkeypatch.setitem(limits.AN_HOUR, "paper", {"person": 2})
    draft = save_draft(actor=participant, thread=thread, key="k", text=world.WORDS)
    for words in (b"One.", b"Two."):
        attach(actor=participant, draft=draft, data=words, name="a.txt")
    with pytest.raises(limits.TooMany):
        attach(actor=participant, draft=draft, data=b"Three.", name="a.txt")
    assert Paper.objects.count() == 2
    participant.suspended_at = clock.now()
    with pytest.raises(NotPermitted):
        attach(actor=participant, draft=draft, data=b"Four.", name="a.txt")
