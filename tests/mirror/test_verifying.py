"""A copy is compared with its checksums and with its bundle: what was altered, lost or added is named."""

import hashlib
import json
import shutil

import pytest

from plenara.bundles.validation.errors import BadBundle, NotABundle
from plenara.core.text import clean, to_html
from plenara.mirror.folder import JOURNAL, Unusable
from plenara.mirror.validation import Page, verify, words_of
from tests.hostile import EVERYTHING

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HERE = "consultations/internet-governance"
FIRST = f"fr/{HERE}/contributions/1/index.html"
SUMMARY = f"zh/{HERE}/summaries/1/index.html"


def differences(folder, bundle=None):
    return [str(each) for each in verify(folder, bundle).differences.first]


def forged(folder, file, before, after):
    """Alter a file, and every checksum after it, as somebody does who means it."""
    path = folder / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    listing = folder / "manifest-sha256.txt"
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {file}" if line.endswith(f"  {file}") else line
        for line in listing.read_text().splitlines()
    ]
    listing.write_text("\n".join(lines) + "\n")
    mark = json.loads((folder / "mirror.json").read_text())
    mark["manifest"] = hashlib.sha256(listing.read_bytes()).hexdigest()
    (folder / "mirror.json").write_text(json.dumps(mark))


def test_a_copy_as_it_was_made_has_no_difference(made):
    found = verify(made.folder)
    assert found.differences.first == []
    assert (found.contributions, found.tombstones, found.statements, found.figures) == (4, 2, 12, 6)
    assert found.strangers == 0
    assert found.files == json.loads((made.folder / "mirror.json").read_text())["files"]


def test_anybody_can_compare_the_checksums_without_us(made):
    for line in (made.folder / "manifest-sha256.txt").read_text().splitlines():
        digest, file = line.split("  ")
        assert hashlib.sha256((made.folder / file).read_bytes()).hexdigest() == digest


def test_one_byte_that_differs_is_named(own_copy):
    path = own_copy / f"ru/{HERE}/data.csv"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert differences(own_copy) == [f"ru/{HERE}/data.csv: does not match its checksum in the list"]


def test_a_file_that_is_missing_is_named(own_copy):
    (own_copy / f"ru/{HERE}/data.csv").unlink()
    assert differences(own_copy) == [f"ru/{HERE}/data.csv: is missing"]


def test_a_file_that_became_a_link_is_missing(own_copy, tmp_path):
    path = own_copy / f"ru/{HERE}/data.csv"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert differences(own_copy) == [f"ru/{HERE}/data.csv: is missing"]


def test_a_list_of_files_that_was_altered_is_named(own_copy):
    listing = own_copy / "manifest-sha256.txt"
    listing.write_text("".join(listing.read_text().splitlines(keepends=True)[1:]))
    assert differences(own_copy)[0] == "manifest-sha256.txt: does not match the checksum in mirror.json"


def test_a_list_of_files_reads_nothing_outside_the_folder(own_copy, tmp_path):
    (tmp_path / "letter").write_text("Mine.")
    with (own_copy / "manifest-sha256.txt").open("a") as listing:
        listing.write(f"{hashlib.sha256(b'Mine.').hexdigest()}  ../letter\n")
    assert any("a path that leaves the folder" in each for each in differences(own_copy))


def test_a_word_that_was_altered_with_all_checksums_is_named(own_copy):
    forged(own_copy, FIRST, "and in a language that we read.", "and in a language that we wrote.")
    (difference,) = differences(own_copy)
    assert difference.startswith(f"{FIRST}: the words differ from the bundle: “") and "that we wrote" in difference


def test_words_that_were_added_are_named(own_copy):
    forged(own_copy, FIRST, "that we read.</p>", "that we read.</p><p>And free.</p>")
    assert "the words differ from the bundle" in differences(own_copy)[0]


def test_a_name_or_a_symbol_that_was_altered_is_named(own_copy):
    forged(own_copy, FIRST, "<bdi>Aminata Diallo</bdi>", "<bdi>Somebody Else</bdi>")
    assert differences(own_copy) == [f"{FIRST}: the author 'Aminata Diallo' is not shown"]
    forged(own_copy, FIRST, "/Q1/1</bdi>", "/Q1/7</bdi>")
    assert "the symbol WGIG/" in differences(own_copy)[0]


def test_a_statement_that_was_altered_is_named(own_copy):
    forged(own_copy, SUMMARY, "Documents come too late.", "Documents come in time.")
    assert differences(own_copy) == [f"{SUMMARY}: statement 1 differs from the bundle"]


def test_a_tombstone_with_words_on_it_is_named(own_copy):
    page = f"ar/{HERE}/contributions/4/index.html"
    forged(
        own_copy, page, '<div class="prose">', '<div class="words">Words that were withdrawn.</div><div class="prose">'
    )
    assert differences(own_copy) == [f"{page}: the page of a tombstone shows words"]


def test_an_edition_that_was_altered_is_named(own_copy):
    page = f"es/{HERE}/contributions/6/rev/0/index.html"
    forged(own_copy, page, "The first words of all.", "The first words of some.")
    assert page in differences(own_copy)[0]


def test_figures_that_were_altered_are_named(own_copy):
    file = f"en/{HERE}/figures/figures.json"
    forged(own_copy, file, '"contributions": 4', '"contributions": 5')
    assert differences(own_copy)[0] == f"{file}: shows 5 for contributions, but the bundle gives 4"
    page = f"en/{HERE}/index.html"
    forged(own_copy, page, "<dt>Contributions</dt><dd>4</dd>", "<dt>Contributions</dt><dd>9</dd>")
    assert f"{page}: counts 9 contributions, but the bundle gives 4" in differences(own_copy)


def test_files_of_others_are_counted_and_are_no_difference(own_copy):
    (own_copy / "robots.txt").write_text("User-agent: *\n")
    found = verify(own_copy)
    assert (found.strangers, found.differences.count) == (1, 0)


def test_another_bundle_can_be_named(own_copy, tmp_path):
    bundle = shutil.move(own_copy / "exports/internet-governance/bundle.zip", tmp_path / "theirs.zip")
    assert differences(own_copy, bundle) == ["exports/internet-governance/bundle.zip: is missing"]
    with pytest.raises(NotABundle):
        verify(own_copy)


def test_a_bundle_that_is_damaged_is_refused(own_copy):
    path = own_copy / "exports/internet-governance/bundle.zip"
    content = bytearray(path.read_bytes())
    content[200] ^= 255
    path.write_bytes(content)
    with pytest.raises((BadBundle, NotABundle)):
        verify(own_copy)


def test_a_copy_whose_last_run_was_interrupted_is_refused(own_copy):
    (own_copy / JOURNAL).write_text("")
    with pytest.raises(Unusable, match="was interrupted"):
        verify(own_copy)


@pytest.mark.parametrize(
    "mark",
    [
        "", "[]", "{", '{"format": "plenara-mirror/9"}', '{"format": "plenara-mirror/1"}', "[" * 100_000,
        '{"format": "plenara-mirror/1", "slug": "../x"}', "\x00",
    ],
)  # fmt: skip
def test_a_folder_that_only_looks_like_a_copy_is_refused(own_copy, mark):
    (own_copy / "mirror.json").write_text(mark)
    with pytest.raises(Unusable):
        verify(own_copy)


@pytest.mark.parametrize("text", EVERYTHING)
def test_hostile_words_are_read_back_as_they_were_written(text):
    html = to_html(clean(f"Word.\n\n{text}"))
    page = f'<h3 class="who"><bdi>A</bdi></h3><div class="words" lang="en">{html}</div><p>x</p>'
    found = Page(f'<article id="c1">{page}</article>', {"c1"}).elements["c1"]
    assert found.words == [words_of(html)]
    assert found.names == ["A"]
