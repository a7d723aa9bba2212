"""A copy renews itself: only what changed is written, what is gone goes first, and a kill does no harm."""

import pytest
from django.conf import settings
from django.http import HttpResponse

from plenara.accounts.actions import set_look
from plenara.accounts.models import Person
from plenara.accounts.queries import installation
from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition
from plenara.core.colours import sheet
from plenara.core.languages import CODES
from plenara.mirror import rendering
from plenara.mirror.actions import batches, mirror
from plenara.mirror.folder import JOURNAL, Unusable, lock_folder
from tests import world
from tests.accounts.test_svg import svg
from tests.mirror.served import crawl, files_of, texts

# One run takes seconds; that both databases read one moment is tested with the command.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
HERE = "consultations/internet-governance"


def contents_of(folder):
    """Return the bytes of every file, without what says when the copy was made."""
    dated = {"mirror.json", "manifest-sha256.txt", *(f"{code}/index.html" for code in CODES)}
    return {name: (folder / name).read_bytes() for name in files_of(folder) - dated}


def change(whole):
    """Let the first contribution have a later edition."""
    revise(actor=whole.author, contribution=whole.edition.contribution, text="A later thought.", language="en")
    world.decided(whole.edition.contribution, whole.moderator)


def take_back(whole):
    """Let the author of the sixth contribution withdraw it."""
    withdraw(actor=whole.participant, contribution=Edition.objects.get(number=6, in_force=True).contribution)


def test_no_link_leads_to_another_page_of_a_list_than_the_copy_has(whole, folder):
    world.many(whole.thread, 45, answers=False)
    mirror(whole.consultation, folder)
    _seen, broken = crawl(folder)
    assert broken == []
    pages = sorted((folder / "en" / HERE / "threads/1/from").iterdir())
    assert len(pages) == 2
    first = (folder / "en" / HERE / "threads/1/index.html").read_text()
    numbers = list(Edition.objects.filter(thread=whole.thread, in_force=True).order_by("root", "number"))
    assert f'href="/en/{HERE}/threads/1/from/{numbers[40].number}/"' in first  # the last page


def test_a_second_run_asks_for_nothing_where_nothing_has_changed(copied, whole, monkeypatch):
    before = {name: (copied / name).stat().st_mtime_ns for name in files_of(copied)}
    monkeypatch.setattr(rendering, "respond", lambda path: pytest.fail(f"asked for {path}"))
    assert mirror(whole.consultation, copied).is_unchanged
    assert {name: (copied / name).stat().st_mtime_ns for name in files_of(copied)} == before


def test_a_run_that_asks_again_writes_only_what_differs(copied, whole):
    (copied / "en" / HERE / "index.html").write_text("spoilt")
    (copied / "ar" / HERE / "data.csv").unlink()
    outcome = mirror(whole.consultation, copied, again=True)
    fronts = outcome.counts.written - 2
    assert fronts in {0, 2}  # the first page shows the day
    assert outcome.counts.unchanged + outcome.counts.written == outcome.files
    assert (copied / "en" / HERE / "index.html").read_text() != "spoilt"


def test_a_second_run_writes_what_changed_alone_and_equals_a_new_copy(copied, whole, tmp_path):
    before = contents_of(copied)
    change(whole)
    outcome = mirror(whole.consultation, copied)
    after = contents_of(copied)
    changed = {name for name in after if before.get(name) != after[name]}
    assert outcome.counts.written <= len(changed) + 2
    assert f"en/{HERE}/contributions/1/rev/1/index.html" in changed
    assert f"en/{HERE}/contributions/6/index.html" not in changed
    assert "A later thought." in (copied / "en" / HERE / "contributions/1/index.html").read_text()
    mirror(whole.consultation, tmp_path / "new")
    assert after == contents_of(tmp_path / "new")


def test_new_colours_and_a_new_logo_are_in_the_copy_and_the_old_ones_are_not(copied, whole):
    organizer = Person.objects.get(name="Wei Zhang")
    set_look(actor=organizer, accent="#8b0000", header="", mark=svg())
    mirror(whole.consultation, copied)
    old = installation()
    set_look(actor=organizer, accent="#0b3d2e", header="", mark=svg("<path d='M0 0h9v9z'/>"))
    mirror(whole.consultation, copied)
    new = installation()
    for page in ("index.html", "en/index.html", f"ar/{HERE}/threads/1/index.html"):
        assert f'<link rel="stylesheet" href="{new.sheet_url}">' in (copied / page).read_text()
    assert (copied / new.sheet_url[1:]).read_text() == sheet("#0b3d2e", "#0b3d2e")
    assert b"M0 0h9v9z" in (copied / new.mark_url[1:]).read_bytes()
    assert not {old.sheet_url[1:], old.mark_url[1:]} & files_of(copied)
    assert crawl(copied)[1] == []


def test_what_is_withdrawn_is_in_no_file_afterwards_and_files_of_others_stay(copied, whole, tmp_path):
    assert any("later words of all" in text for _name, text in texts(copied))
    others = (copied / "robots.txt", copied / "en" / "note.txt", tmp_path / "letter.txt")
    for path in others:
        path.write_text("Mine.")
    with (copied / "manifest-sha256.txt").open("a") as file:
        file.write(f"{'0' * 64}  ../letter.txt\n{'0' * 64}  {tmp_path}/letter.txt\n")
    take_back(whole)
    outcome = mirror(whole.consultation, copied)
    assert outcome.counts.removed == 2 * 3 * 3  # the references to it and to its two editions
    for word in ("later words of all", "first words of all"):
        assert [name for name, text in texts(copied) if word in text] == []
    assert crawl(copied)[1] == []
    assert all(path.exists() for path in others)


class Killed(BaseException):
    """What a process gets no chance to answer."""


def killed_after(monkeypatch, asked):
    """Let a run end, as a kill ends it, after so many addresses."""
    respond, left = rendering.respond, [asked]

    def counted(path):
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return respond(path)

    monkeypatch.setattr(rendering, "respond", counted)


@pytest.mark.parametrize("asked", [0, 110])
def test_a_run_that_was_killed_is_completed_by_the_next(first_copy, whole, folder, monkeypatch, asked):
    with monkeypatch.context() as patched:
        killed_after(patched, asked)
        with pytest.raises(Killed):
            mirror(whole.consultation, folder)
    assert (folder / JOURNAL).exists() and not (folder / "mirror.json").exists()
    mirror(whole.consultation, folder)
    assert contents_of(folder) == contents_of(first_copy.folder)


def test_what_a_killed_run_put_down_and_was_withdrawn_since_is_taken_away(whole, folder, monkeypatch):
    with monkeypatch.context() as patched:
        killed_after(patched, 110)
        with pytest.raises(Killed):
            mirror(whole.consultation, folder)
    assert any("later words of all" in text for _name, text in texts(folder))
    take_back(whole)
    mirror(whole.consultation, folder)
    assert [name for name, text in texts(folder) if "later words of all" in text] == []


def test_a_killed_renewal_leaves_a_copy_that_can_be_read(copied, whole, monkeypatch):
    change(whole)
    with monkeypatch.context() as patched:
        killed_after(patched, 90)
        with pytest.raises(Killed):
            mirror(whole.consultation, copied)
    assert [each for each in crawl(copied)[1] if each[2] != 404] == []
    assert mirror(whole.consultation, copied).counts.written > 0
    assert crawl(copied)[1] == []


def test_a_summary_that_is_not_printed_yet_is_linked_on_the_site_and_taken_along_later(copied, whole):
    from plenara.documents.models import DocumentEdition
    from plenara.summaries.printing.presenters.summaries import PRINTER

    page = copied / "en" / HERE / "summaries/1/index.html"
    assert f'href="{settings.SITE_URL}/en/{HERE}/summaries/1/summary.pdf"' in page.read_text()
    edition = DocumentEdition.objects.get(kind="summary")
    PRINTER.make(edition, edition.renditions.get())
    outcome = mirror(whole.consultation, copied)
    assert f"/en/{HERE}/summaries/1/summary.docx" not in outcome.missing
    assert f'href="/en/{HERE}/summaries/1/summary.docx"' in page.read_text()
    # In a language in which there is no translation the link leads to the original's file, as on the site.
    arabic = copied / "ar" / HERE / "summaries/1/index.html"
    assert f'href="/en/{HERE}/summaries/1/summary.docx"' in arabic.read_text()


def test_a_folder_with_something_else_in_it_is_refused(whole, folder):
    folder.mkdir()
    (folder / "letter.txt").write_text("Mine.")
    with pytest.raises(Unusable, match="is neither empty nor a static copy"):
        mirror(whole.consultation, folder)
    assert files_of(folder) == {"letter.txt"}


def test_a_folder_with_the_copy_of_another_consultation_is_refused(copied, elsewhere):
    with pytest.raises(Unusable, match=r"Each consultation needs its own folder."):
        mirror(elsewhere, copied)


def test_a_path_that_is_a_file_or_has_no_parent_is_refused(whole, tmp_path):
    (tmp_path / "file").write_text("Mine.")
    for path in (tmp_path / "file", tmp_path / "no" / "where"):
        with pytest.raises(Unusable, match="cannot be used"):
            mirror(whole.consultation, path)


def test_two_runs_never_write_into_one_folder(whole, folder):
    with lock_folder(folder, whole.consultation.slug), pytest.raises(Unusable, match="Another run"):
        mirror(whole.consultation, folder)


def test_a_page_that_fails_fails_the_run_and_leaves_the_old_copy(copied, whole, monkeypatch):
    monkeypatch.setattr(rendering, "respond", lambda path: HttpResponse(status=500))
    before = contents_of(copied)
    with pytest.raises(batches.Unmirrored):
        mirror(whole.consultation, copied, again=True)
    assert {name for name in before if name.endswith(".html")} <= files_of(copied)
