"""A conference pack: permissions, contents, and that nothing in it was withdrawn."""

import datetime
import io
import shutil
import zipfile

import pytest

from plenara.contributions.actions import withdraw
from plenara.core import clock, tasks
from plenara.core.languages import NAMES
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import NotPermitted
from plenara.core.tasks import run_all
from plenara.documents.actions import printed_files as printing
from plenara.documents.actions.paper_sets import PaperSet
from plenara.documents.models import DocumentEdition
from plenara.documents.presenters import pdf
from plenara.summaries.models import Pack
from plenara.summaries.printing import actions
from tests import world
from tests.summaries.printing.conftest import ARABIC, PACKS, body, text_of_docx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def possible(monkeypatch):
    """PDFs can be made here, whatever this machine has."""
    pdf.missing_packages.cache_clear()
    monkeypatch.setattr(pdf, "missing_packages", lambda: ())


@pytest.fixture(autouse=True)
def two_languages(request, monkeypatch):
    """Packs in two languages, which take a third of the time; six where a test says so."""
    if "six_languages" not in request.fixturenames:
        monkeypatch.setattr(actions, "NAMES", {"ar": NAMES["ar"], "en": NAMES["en"]})


@pytest.fixture
def six_languages():
    """Packs in six languages."""


@pytest.fixture
def pack(published, organizer):
    """A pack about the summary, ready."""
    made = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=published)
    run_all()
    return fresh(made)


def fresh(pack: Pack) -> Pack:
    return Pack.objects.select_related("consultation", "edition__summary", "edition__consultation").get(pk=pack.pk)


def opened(pack: Pack) -> zipfile.ZipFile:
    return zipfile.ZipFile(actions.zip_of(pack))


def words_of(pack: Pack, name: str) -> str:
    return text_of_docx(opened(pack).read(f"{name}.docx"))


@pytest.mark.once
def test_it_has_four_papers_in_each_language_twice_and_a_readme(six_languages, pack):
    assert pack.state == Pack.State.DONE
    names = opened(pack).namelist()
    papers = ["1-summary", "2-method", "3-coverage", "4-annex"]
    assert names[0] == "README.txt"
    assert sorted(names[1:]) == sorted(
        f"{code}/{paper}.{ending}" for code in NAMES for paper in papers for ending in ("pdf", "docx")
    )
    readme = opened(pack).read("README.txt").decode()
    assert all(name in readme for name in NAMES.values())
    assert pack.consultation.symbol in readme


def test_the_annex_has_every_contribution_whole_with_byline_and_symbol(pack, edition, voices):
    annex = words_of(pack, "en/4-annex")
    for each in (edition, *voices):
        assert each.symbol in annex
        assert each.byline.name in annex
        assert each.text.content in annex


@pytest.mark.once
def test_what_is_not_there_in_a_language_is_in_the_original_and_says_so(six_languages, pack):
    spanish = words_of(pack, "es/1-summary")
    assert "Documents come too late." in spanish
    assert "[ar] Documents come too late." in words_of(pack, "ar/1-summary")


@pytest.mark.once
def test_the_method_note_says_what_contributions_are_not(pack):
    method = words_of(pack, "en/2-method")
    assert "not a representative sample" in method
    assert "do not measure public opinion" in method
    assert "Question 1: Question 1? (en)" in method


def test_coverage_names_who_is_missing(pack):
    missing = words_of(pack, "en/3-coverage")
    assert "3 of 3 contributions" in missing
    assert "No contribution came from: Government, Intergovernmental, Private sector" in missing.replace("\u2068", "")
    assert "No contribution is written in: French." in missing.replace("\u2068", "").replace("\u2069", "")


def test_a_compilation_has_the_statements_of_every_summary_by_question(published, organizer):
    pack = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=None)
    run_all()
    text = words_of(fresh(pack), "en/1-compilation")
    assert "Documents come too late." in text
    assert f"Summary 1 ({published.symbol}), statement 2" in text


def test_pressing_twice_makes_one(published, organizer, rapporteur):
    first = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=published)
    again = actions.ask_pack(actor=rapporteur, consultation=published.consultation, edition=published)
    run_all()
    ready = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=published)
    assert first == again == ready
    assert AuditEntry.objects.filter(verb="pack.asked").count() == 1


def test_once_the_record_has_changed_another_is_made(pack, organizer, author, moderator, thread):
    world.published(author, moderator, thread, "Something else.")
    other = actions.ask_pack(actor=organizer, consultation=pack.consultation, edition=pack.edition)
    assert other != pack


@pytest.mark.once
def test_the_same_record_gives_the_same_bytes(anew, pack, organizer):
    first = actions.zip_of(pack).read_bytes()
    shutil.rmtree(actions.folder_of(pack))
    Pack.objects.filter(pk=pack.pk).update(state=Pack.State.WAITING)
    actions.make_papers(fresh(pack), until=float("inf"))
    actions.bind(fresh(pack), actions.mark_of(fresh(pack)))
    assert actions.zip_of(pack).read_bytes() == first


def test_killed_between_its_papers_it_goes_on_where_it_was(published, organizer, monkeypatch):
    pack = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=published)
    written = []
    write = PaperSet.write

    def counted(papers, name, paper):
        if len(written) == 5:
            raise KeyboardInterrupt
        written.append(name)
        write(papers, name, paper)

    monkeypatch.setattr(PaperSet, "write", counted)
    one = BackgroundTask.objects.get(task="summaries.make_pack")
    with pytest.raises(KeyboardInterrupt):
        tasks.run(one)
    assert actions.progress_of(pack) == (5, 8)
    monkeypatch.setattr(PaperSet, "write", lambda *args: (written.append(args[1]), write(*args)))
    run_all()
    assert fresh(pack).state == Pack.State.DONE
    assert len(written) == len(set(written)) == 8


def test_it_is_made_in_pieces_each_of_which_enqueues_the_next(published, organizer, monkeypatch):
    run_all()  # what else is enqueued, which without time would be enqueued for ever
    monkeypatch.setattr(printing, "ENOUGH", -1.0)
    pack = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=published)
    run_all()
    assert BackgroundTask.objects.filter(task="summaries.make_pack").count() == 8
    assert fresh(pack).state == Pack.State.DONE


def test_what_is_withdrawn_while_it_is_made_is_not_in_it(published, organizer, voices, monkeypatch):
    run_all()
    monkeypatch.setattr(printing, "ENOUGH", -1.0)
    pack = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=published)
    for _piece in range(6):
        tasks.run(BackgroundTask.objects.get(task="summaries.make_pack", done_at=None))
    withdraw(actor=voices[0].contribution.author, contribution=voices[0].contribution)
    run_all()
    for code in actions.NAMES:
        for name in ("1-summary", "4-annex"):
            assert ARABIC not in words_of(fresh(pack), f"{code}/{name}")
    assert actions.may_be_published(fresh(pack))


def test_what_is_withdrawn_later_lets_it_be_downloaded_no_more(pack, sign_in, organizer, voices):
    client = sign_in(organizer)
    address = f"{PACKS}{pack.pk}/pack.zip"
    assert zipfile.ZipFile(io.BytesIO(body(client.get(address)))).testzip() is None
    withdraw(actor=voices[0].contribution.author, contribution=voices[0].contribution)
    answer = client.get(address)
    assert answer.status_code == 409
    assert "Create the pack again." in answer.content.decode()
    actions.delete_old_packs()
    assert not actions.folder_of(pack).exists()
    assert client.get(address).status_code == 404


def test_a_later_contribution_changes_nothing_in_a_pack_that_is_there(
    pack, sign_in, organizer, moderator, thread, author
):
    world.published(author, moderator, thread, "Something else.")
    assert sign_in(organizer).get(f"{PACKS}{pack.pk}/pack.zip").status_code == 200


def test_its_file_is_deleted_after_ninety_days_and_the_page_still_lists_it(pack, sign_in, organizer):
    with clock.at(clock.now() + datetime.timedelta(days=91)):
        actions.delete_old_packs()
    assert not actions.folder_of(pack).exists()
    html = sign_in(organizer).get(PACKS).content.decode()
    assert "deleted" in html
    assert pack.edition.symbol in html


def test_a_folder_that_no_pack_knows_is_swept_away(data):
    folder = data / "exports" / actions.FOLDER / "77"
    folder.mkdir(parents=True)
    (folder / actions.ZIP).write_bytes(b"of another database")
    actions.delete_old_packs()
    assert not folder.exists()


def test_only_organizers_and_rapporteurs_have_one_made(
    published, participant, moderator, translator, organizer, rapporteur
):
    for someone in (participant, moderator, translator):
        with pytest.raises(NotPermitted):
            actions.ask_pack(actor=someone, consultation=published.consultation, edition=None)
    for someone in (organizer, rapporteur):
        assert actions.ask_pack(actor=someone, consultation=published.consultation, edition=None)


def test_everybody_with_a_role_downloads_and_nobody_else(pack, client, sign_in, moderator, translator, participant):
    address = f"{PACKS}{pack.pk}/pack.zip"
    assert client.get(address).status_code == 302
    for someone in (moderator, translator):
        assert sign_in(someone).get(address).status_code == 200
    assert sign_in(participant).get(address).status_code == 403


def test_another_consultations_pack_is_not_there(pack, sign_in, elsewhere):
    someone = world.grant(world.person("Kofi Mensah"), elsewhere, "organizer")
    assert (
        sign_in(someone)
        .get(f"{PACKS}{pack.pk}/pack.zip".replace("internet-governance", "digital-cooperation"))
        .status_code
        == 404
    )


def test_the_button_makes_one_and_the_page_tells_how_far_it_is(published, sign_in, organizer):
    client = sign_in(organizer)
    assert client.post(PACKS, {"about": "compilation"}).status_code == 302
    client.post(PACKS, {"about": "compilation"})
    pack = Pack.objects.get()
    assert "being created" in client.get(PACKS).content.decode()
    actions.make_papers(fresh(pack), until=-1.0)
    assert "1 of 8 documents" in client.get(PACKS).content.decode()
    run_all()
    assert f"{PACKS}{pack.pk}/pack.zip" in client.get(PACKS).content.decode()


def test_a_choice_that_is_none_is_refused_with_a_sentence(published, sign_in, organizer, summary):
    client = sign_in(organizer)
    for about in ("", "x", "999999", "1; drop"):
        assert client.post(PACKS, {"about": about}).status_code == 422
    assert not Pack.objects.exists()


def test_without_a_summary_there_is_nothing_to_make(elsewhere, sign_in, organizer):
    client = sign_in(world.grant(organizer, elsewhere, "organizer"))
    address = PACKS.replace("internet-governance", elsewhere.slug)
    assert "No summary has been published yet" in client.get(address).content.decode()
    answer = client.post(address, {"about": "compilation"})
    assert answer.status_code == 409
    assert "You can create a pack once" in answer.content.decode()


@pytest.mark.once
def test_a_paper_that_cannot_be_set_fails_the_pack_and_says_so(published, sign_in, organizer, monkeypatch):
    pack = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=None)

    def unset(page, *, identifier):
        raise pdf.Unset

    monkeypatch.setattr(pdf, "typeset", unset)
    run_all()
    assert fresh(pack).state == Pack.State.FAILED
    assert not actions.folder_of(pack).exists()
    assert "could not be created" in sign_in(organizer).get(PACKS).content.decode()


def test_one_that_hangs_is_given_up(published, organizer):
    pack = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=None)
    with clock.at(clock.now() + datetime.timedelta(hours=49)):
        actions.delete_old_packs()
    assert (fresh(pack).state, fresh(pack).failure) == (Pack.State.FAILED, "late")


@pytest.mark.once
def test_without_pango_it_has_word_documents_and_says_so(published, sign_in, organizer, monkeypatch):
    monkeypatch.setattr(pdf, "missing_packages", lambda: ("libpango-1.0-0",))
    pack = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=None)
    run_all()
    names = opened(fresh(pack)).namelist()
    assert not [name for name in names if name.endswith(".pdf")]
    assert len(names) == 9
    assert "cannot create PDF files" in opened(fresh(pack)).read("README.txt").decode()
    assert "cannot create PDF files" in sign_in(organizer).get(PACKS).content.decode()


@pytest.mark.once
def test_a_long_annex_is_parted(published, organizer, thread, monkeypatch):
    world.many(thread, 120)
    monkeypatch.setattr(printing, "ENOUGH", 600.0)
    pack = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=None)
    from plenara.summaries.printing.presenters import packs

    parts = packs.parts(actions.scope_of(fresh(pack)))
    assert len(parts) == 2
    assert parts[0][1] < parts[1][0]
    assert list(actions.papers_of(fresh(pack)).papers)[-2:] == ["en/4-annex-01", "en/4-annex-02"]


def test_the_summary_of_an_earlier_edition_is_no_choice(published, sign_in, organizer):
    DocumentEdition.objects.filter(pk=published.pk).update(in_force=False)
    assert sign_in(organizer).post(PACKS, {"about": str(published.pk)}).status_code == 422
