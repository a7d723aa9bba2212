"""A published summary with both sides of a disagreement, in English and Arabic, and its files."""

import io
from types import SimpleNamespace

import pytest

from plenara.core.tasks import run_all
from plenara.documents import actions as document_actions
from plenara.documents.actions import printed_files
from plenara.documents.models import DocumentEdition, Side
from tests import databases, world
from tests.summaries import making

BASE = "/{}/consultations/internet-governance/summaries/1/summary.{}"
PACKS = "/en/desk/consultations/internet-governance/packs/"
ARABIC = "يجب أن تصل الوثائق قبل ثلاثة أسابيع من الاجتماع."
CHINESE = "文件应当在会议之前三周送达。"


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    """A data folder of its own, so that no files of other tests are there."""
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture(scope="module")
def place(django_db_setup, django_db_blocker):
    """A summary with a concern and a disagreement, in English and Arabic, published; and its people."""
    with databases.shared(django_db_blocker):
        it = SimpleNamespace(consultation=world.consultation(threads=1))
        consultation, it.thread = it.consultation, it.consultation.threads.get(number=1)
        consultation.languages = ["ar", "en", "fr", "zh"]
        consultation.save(update_fields=["languages"])
        it.author = world.person("Aminata Diallo", capacity="organization", organization="Réseau Sahel Numérique")
        it.moderator = world.grant(world.person("Ana Prieto"), consultation, "moderator")
        it.rapporteur = world.grant(world.person("Inés Calderón", language="es"), consultation, "rapporteur")
        it.translator = world.grant(world.person("Huda Salem", language="ar"), consultation, "translator", "ar")
        curator = world.person("Wei Zhang", language="zh", is_organizer=True)
        it.organizer = world.grant(curator, consultation, "organizer")
        it.edition = world.published(it.author, it.moderator, it.thread)
        it.voices = [
            world.published(world.person(name, country="EG"), it.moderator, it.thread, text, code)
            for name, code, text in (("سمير حداد", "ar", ARABIC), ("陈立文", "zh", CHINESE))
        ]
        it.summary = making.summary(it.rapporteur, consultation)
        it.statement = making.statement_of(it.rapporteur, it.summary, it.edition)
        it.published = _published(it)
        run_all(besides={"summaries.print_edition"})
        yield it


def _published(it):
    made = document_actions.add_paragraph(
        actor=it.rapporteur,
        document=it.summary.document,
        kind="disagreement",
        text="Three weeks are enough.",
        against="Three weeks are too short.",
        heading="Time",
    )
    for edition, words, side in ((it.voices[0], ARABIC, Side.HELD), (it.voices[1], CHINESE, Side.AGAINST)):
        document_actions.cite(actor=it.rapporteur, paragraph=made, edition=edition, words=words, side=side)
    making.reviewed(it.translator, it.rapporteur, it.summary.document, "ar")
    return making.published(it.rapporteur, it.organizer, making.fresh(it.summary))


def _of_place(name):
    """Return a fixture that reads a thing of `place`, as a request would."""

    @pytest.fixture(name=name)
    def thing(db, place):
        return making.fresh(getattr(place, name))

    return thing


consultation, thread, edition = _of_place("consultation"), _of_place("thread"), _of_place("edition")
author, moderator, rapporteur = _of_place("author"), _of_place("moderator"), _of_place("rapporteur")
translator, organizer, summary = _of_place("translator"), _of_place("organizer"), _of_place("summary")


@pytest.fixture
def voices(db, place):
    """Contributions in Arabic and Chinese, by people with names in those scripts."""
    return [making.fresh(each) for each in place.voices]


@pytest.fixture
def published(db, place):
    """A summary with a concern and a disagreement, in English and Arabic."""
    return DocumentEdition.objects.select_related("consultation", "summary").get(pk=place.published.pk)


@pytest.fixture(scope="module")
def _written():
    """The Word documents of a module's papers, by the digest of each paper."""
    return {}


@pytest.fixture(autouse=True)
def written_once(request, _written, monkeypatch):
    """Each paper is written as a Word document once for a module, or again if a test is about its bytes (`anew`)."""
    if "anew" in request.fixturenames:
        return
    kind, write = printed_files.FORMS["docx"]

    def once(paper):
        name = paper.digest()
        if name not in _written:
            _written[name] = write(paper)
        return _written[name]

    monkeypatch.setitem(printed_files.FORMS, "docx", (kind, once))


@pytest.fixture
def anew():
    """Each paper is written whenever it is requested."""


@pytest.fixture
def printed(published):
    """That summary after the enqueued tasks have run."""
    run_all()
    return published


def text_of_pdf(content: bytes) -> str:
    """Return the words of a PDF, on one line."""
    from pypdf import PdfReader

    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def text_of_docx(content: bytes) -> str:
    """Return all the words of a Word document, its footnotes too."""
    import zipfile
    from xml.etree import ElementTree

    with zipfile.ZipFile(io.BytesIO(content)) as files:
        parts = [files.read(f"word/{name}.xml") for name in ("document", "footnotes")]
    return " ".join("".join(ElementTree.fromstring(part).itertext()) for part in parts)


def body(answer) -> bytes:
    """Return the body of a response, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
