"""What is packed is bounded as it is unpacked: a small file that holds gigabytes is refused in a sentence, at no cost.

Beside these: what a header that lies may do (`test_safe.py`, `test_sheets.py`), and entities (`test_safe.py`).
"""

import ast
import re
import tarfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import plenara
from plenara.accounts import validation
from plenara.bundles import format
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.sources import opened
from plenara.contributions.actions import papers
from plenara.contributions.validation import spreadsheets
from plenara.contributions.validation.papers import TYPES, ending_of
from plenara.core.office_files import has_macros
from plenara.core.refusals import Denied, InvalidInput
from plenara.core.store.folder import InFolder
from plenara.documents.exchange import docx
from plenara.operations.actions import restore
from plenara.operations.terminal import Failed
from tests.security import bombs

pytestmark = pytest.mark.once

ROOT = Path(plenara.__file__).parent
#: What can unpack: names that are called, and where; each of the files is tried below or in the test that is named.
UNPACKS = re.compile(
    r"zipfile\.ZipFile|tarfile\.open|gzip\.(?:open|decompress)|zlib\.decompress\w*|lzma\.\w+|bz2\.\w+|"
    r"brotli\.(?:decompress|Decompressor)|PdfReader|load_workbook|shutil\.unpack_archive|Image\.open|Document"
)
#: Who unpacks what others sent, and the test of this file that sends gigabytes.
OF_OTHERS = {
    "accounts/validation/__init__.py": "a mark",
    "bundles/validation/sources.py": "a bundle",
    "core/office_files.py": "a list of parts",
    "contributions/paper_reader.py": "a paper",
    "contributions/validation/papers.py": "a paper",
    "contributions/validation/spreadsheets.py": "a sheet",
    "documents/exchange/validation.py": "a translation",
    "operations/actions/restore.py": "a backup",
}
#: Who unpacks, or writes, what we made ourselves.
OUR_OWN = {
    "accounts/personal_data/export.py", "bundles/targets.py", "exports/bagit.py", "core/snapshots.py",
    "documents/exchange/docx.py", "documents/actions/printed_files.py", "documents/presenters/word_document.py",
    "operations/actions/backup.py", "front/cache.py",
}  # fmt: skip


def called(file):
    """Return the names of what a file calls that unpacks."""
    calls = (ast.unparse(each.func) for each in ast.walk(ast.parse(file.read_text())) if isinstance(each, ast.Call))
    return {name for name in calls if UNPACKS.fullmatch(name)}


def test_whatever_unpacks_is_known_here_and_tried_with_gigabytes():
    found = {file.relative_to(ROOT).as_posix() for file in ROOT.rglob("*.py") if called(file)}
    assert sorted(found - set(OF_OTHERS) - OUR_OWN) == [], "what unpacks needs a bound, and a bomb in this file"
    assert sorted(set(OF_OTHERS) - found) == []


def refused(call, *arguments):
    """Return the sentence with which something is refused."""
    with pytest.raises(InvalidInput) as error:
        call(*arguments)
    return str(error.value.sentence)


@pytest.mark.parametrize("declared", [bombs.GIGABYTES, 1000], ids=["that says so", "that says it is small"])
def test_a_translation_of_gigabytes_is_refused(declared):
    bomb = bombs.zipped("word/media/a.png", {"word/document.xml": b"<a/>"}, declared=declared)
    assert len(bomb) < 4_000_000
    with bombs.bounded(120):
        assert refused(docx.read, bomb).endswith(".")


@pytest.mark.parametrize("declared", [bombs.GIGABYTES, 1000], ids=["that says so", "that says it is small"])
def test_a_sheet_of_gigabytes_is_refused(declared):
    bomb = bombs.zipped("xl/worksheets/sheet1.xml", {"xl/workbook.xml": b"<a/>"}, declared=declared)
    with bombs.bounded(120):
        assert refused(spreadsheets.read, bomb).endswith(".")


def test_a_sheet_of_gigabytes_is_refused_at_the_desk_in_a_sentence(moderator, consultation, sign_in):
    bomb = bombs.zipped("xl/worksheets/sheet1.xml", {"xl/workbook.xml": b"<a/>"})
    address = f"/en/desk/consultations/{consultation.slug}/letters/sheet/"
    with bombs.bounded(200):
        answer = sign_in(moderator).post(address, {"file": SimpleUploadedFile("a.xlsx", bomb)})
    assert answer.status_code == 422
    assert (
        "The contents of this file are too large when unpacked. Remove pictures and other sheets."
        in answer.content.decode()
    )


@pytest.mark.parametrize(
    ("ending", "parts"),
    [
        ("docx", ("word/document.xml", {"[Content_Types].xml": b"<Types/>"})),
        ("odt", ("content.xml", {"mimetype": TYPES["odt"].encode()})),
        ("pdf", None),
    ],
)
def test_a_paper_of_gigabytes_is_known_without_being_unpacked_and_read_where_it_can_take_no_more(
    ending, parts, tmp_path
):
    bomb = bombs.zipped(*parts, letter=b" ") if parts else bombs.pdf()
    (tmp_path / "paper").write_bytes(bomb)
    with bombs.bounded(60):
        assert ending_of(bomb) == ending
        with pytest.raises(papers.Unreadable):
            papers.words_of(InFolder(tmp_path / "paper"), ending)


@pytest.mark.parametrize("declared", [bombs.GIGABYTES, 1000], ids=["that says so", "that says it is small"])
@pytest.mark.parametrize("name", ["[Content_Types].xml", "word/_rels/document.xml.rels"])
def test_a_list_of_parts_of_gigabytes_is_read_to_its_bound_alone(name, declared):
    bomb = bombs.zipped(name, {"word/document.xml": b"<w/>"}, declared=declared, letter=b" ")
    with bombs.bounded(60):
        assert has_macros(bomb)


@pytest.mark.parametrize("declared", [bombs.GIGABYTES, 5_000_000], ids=["that says so", "that says it is small"])
@pytest.mark.parametrize("head", ["consultation.json", format.COMMUNITY_HEAD])
def test_a_bundle_of_gigabytes_is_refused(head, declared, tmp_path):
    bomb = tmp_path / "bundle.zip"
    bomb.write_bytes(
        bombs.zipped(f"z-{head}" if declared > 2**30 else head, {"a": b"", head[:3]: b""}, declared=declared)
    )
    with bombs.bounded(120):
        errors = errors_in(bomb, head)
    assert errors


def errors_in(path, head):
    """Read a bundle's head as the import does; return what is wrong with it."""
    from plenara.bundles.validation.errors import BadBundle, NotABundle
    from plenara.bundles.validation.sources import Damaged, Hashed

    errors = BundleErrors()
    try:
        with opened(path, errors, (head,)) as source:
            read, file = b"", Hashed(source.open(head))
            while piece := file.read():
                read += piece
    except (BadBundle, NotABundle, Damaged, KeyError) as error:
        return [str(error)]
    return [*errors.first, *([] if len(read) > 5_000_000 else ["cut"])]


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.REGTYPE])
def test_a_backup_of_gigabytes_is_refused(kind, tmp_path):
    bomb = tmp_path / "backup.tar.gz"
    bomb.write_bytes(bombs.backup(kind, "backup.json"))
    with bombs.bounded(120), pytest.raises(Failed, match="damaged"):
        list(restore._members(bomb, lambda _count: None))


def test_a_mark_of_gigabytes_is_refused():
    with bombs.bounded(120):
        answer = validation.read_mark(bombs.png())
    assert isinstance(answer, Denied)
    assert str(answer.sentence).endswith(".")


def test_a_form_that_says_it_is_packed_is_not_unpacked(participant, sign_in):
    """No request of ours is packed: what says so is taken as it stands, which is no form."""
    with bombs.bounded(200):
        answer = sign_in(participant).generic(
            "POST", "/en/my/byline/", bombs.gzipped(), content_type="application/x-www-form-urlencoded",
            headers={"Content-Encoding": "gzip"},
        )  # fmt: skip
    assert answer.status_code in {400, 413, 422}
