"""`plenara mirror` and `plenara verify` of what it wrote, as an operator runs them; and a kill in the middle."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.bundles.bundles import row, write
from tests.installations import children, is_alive, wait_until
from tests.operations.conftest import another


@pytest.fixture(scope="module")
def original(tmp_path_factory, migrated, databases):
    """An installation behind https with a consultation of three contributions, and a copy of it."""
    made = another(migrated, tmp_path_factory.mktemp("original") / "var", databases)
    made.names["PLENARA_SITE_URL"] = "https://consult.example.org"
    folder = tmp_path_factory.mktemp("copy") / "copy"
    bundle = tmp_path_factory.mktemp("bundle")
    write(bundle, row("a", document="documents/a.txt"), row("b"), documents__a_txt="A paper.")
    imported, first = made.run_all(
        ["import", bundle], ["mirror", "village-water", folder, "--processes", "1"], forks=False
    )
    assert imported.code == 0, imported.errors
    assert (first.code, first.errors) == (0, "")
    assert first.out.startswith(f"Copied village-water to {folder}: ") and " 0 removed, in " in first.out
    return made, folder


@pytest.fixture
def imported(original, tmp_path, databases):
    """An installation of the test's own with the same consultation."""
    return another(original[0], tmp_path / "var", databases)


@pytest.fixture
def copy(original, tmp_path):
    """A copy of the test's own that is complete."""
    return shutil.copytree(original[1], tmp_path / "copy")


def test_a_copy_is_made_renewed_and_compared(imported, copy):
    again, verified = imported.run_all(["mirror", "village-water", copy], ["verify", copy])
    assert again.out.startswith(f"Nothing has changed. {copy} has ")
    assert (verified.code, verified.errors) == (0, "")
    assert "contributions        2 compared, 0 tombstones\n" in verified.out
    assert verified.out.endswith("No differences found.\n")
    html = (copy / "en/consultations/village-water/index.html").read_text()
    assert 'href="https://consult.example.org/en/account/login/"' in html
    style = html.split('<link rel="stylesheet" href="/', 1)[1].split('"', 1)[0]
    assert style.startswith("static/plenara.") and (copy / style).is_file()
    (copy / "en/consultations/village-water/data.csv").write_text("spoilt")
    (spoilt,) = imported.run_all(["verify", copy])
    assert spoilt.code == 1
    assert spoilt.errors.startswith(f"{copy} has 1 difference.\n  en/consultations/village-water/data.csv: ")


def test_what_cannot_be_copied_is_reported_in_a_sentence(imported, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("Mine.")
    unknown, full = imported.run_all(
        ["mirror", "nowhere", tmp_path / "copy"], ["mirror", "village-water", tmp_path / "full"]
    )
    expected = "plenara mirror: There is no consultation 'nowhere' here; the consultations here are: village-water.\n"
    assert (unknown.code, unknown.out, unknown.errors) == (1, "", expected)
    assert full.code == 1 and full.errors.endswith(
        "is neither empty nor a static copy. Give a new folder, or an empty one.\n"
    )
    assert not (tmp_path / "copy").exists()


#: Copies while another connection changes the record behind the first page that is asked for.
_CHANGED_MEANWHILE = """
import sys
from pathlib import Path
from plenara.operations import startup; from plenara.operations import static_files
startup.start()
static_files.collect()
from django.db import connection
from plenara.mirror import rendering
from plenara.mirror.actions import mirror
from plenara.consultations.models import Consultation
ask, other, left = rendering.respond, connection.copy(), [20]
def asked(path):
    left[0] -= 1
    if left[0] == 0:
        with other.cursor() as cursor:
            cursor.execute("UPDATE consultations_consultation SET symbol = 'LATER/1'")
    return ask(path)
rendering.respond = asked
mirror(Consultation.objects.get(), Path(sys.argv[1]), processes=int(sys.argv[2]))
"""


@pytest.mark.parametrize("processes", [1, 2])
def test_everything_is_read_from_one_moment(imported, tmp_path, processes):
    folder = tmp_path / "copy"
    ran = imported.run(folder, str(processes), code=_CHANGED_MEANWHILE)
    assert ran.returncode == 0, ran.stderr
    assert imported.ask("SELECT symbol FROM consultations_consultation") == [("LATER/1",)]
    html = [path.read_text() for path in folder.rglob("*.html")]
    assert sum("WATER/2026" in page for page in html) > 50
    assert sum("LATER/1" in page for page in html) == 0


# --- several processes ---


def test_several_processes_make_the_same_copy_as_one(imported, copy, tmp_path):
    folders = {"1": copy, "3": tmp_path / "3"}
    made = imported.run_all(["mirror", "village-water", folders["3"], "--processes", "3"], ["verify", folders["3"]])
    assert [(ran.code, ran.errors) for ran in made] == [(0, "")] * 2
    one, three = ({path.relative_to(each): path for path in each.rglob("*")} for each in folders.values())
    assert one.keys() == three.keys()
    marks = [json.loads((folder / "mirror.json").read_text()) | {"made_at": ""} for folder in folders.values()]
    assert marks[0] == marks[1]
    for name, path in one.items():
        assert path.is_dir() or name.name == "mirror.json" or path.read_bytes() == three[name].read_bytes(), name
    # What has changed is written alone, whichever process finds it.
    (folders["3"] / "en/consultations/village-water/index.html").write_text("spoilt")
    (again,) = imported.run_all(["mirror", "village-water", folders["3"], "--processes", "2", "--again"])
    assert " 1 written, " in again.out and " 0 removed, " in again.out


#: Copies, in two processes, until a page ends, fails or stops one of them.
_SPOILT = """
import os, signal, sys
from plenara import cli
from plenara.operations import startup
startup.start()
from plenara.mirror import rendering
ask, left = rendering.respond, [20]
def asked(path):
    left[0] -= path.endswith("/")
    if left[0] == 0:
        {how}
    return ask(path)
rendering.respond = asked
sys.exit(cli.main(["mirror", "village-water", sys.argv[1], "--processes", "2"]))
"""


SPOILT = {
    "os.kill(os.getpid(), signal.SIGKILL)": "A process was killed, perhaps because memory ran out.",
    "raise rendering.NotPublic('not a page')": "RuntimeError: NotPublic: not a page.",
    "raise OSError(28, 'No space left on device')": "cannot be written (No space left on device).",
    "path = '/en/consultations/nowhere/'": "belongs to the copy, but returned status 404.",
}


def is_stopped(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_what_ends_a_run_leaves_no_process_and_no_copy_and_the_next_run_goes_on(imported, tmp_path):
    folder = tmp_path / "copy"

    def is_half():
        assert folder.is_dir()
        return not (folder / "mirror.json").exists()

    # An error in one of its processes is reported in a sentence.
    for how, said in SPOILT.items():
        ran = imported.run(folder, code=_SPOILT.format(how=how))
        assert ran.returncode == 1
        assert said in ran.stderr and ran.stderr.count("\n") == 1
        assert is_half()

    for how in (signal.SIGINT, signal.SIGKILL):
        # Its processes stop at their twentieth page, so the copy cannot be complete by now.
        process = imported.start(folder, code=_SPOILT.format(how="os.kill(os.getpid(), signal.SIGSTOP)"))
        assert wait_until(lambda process=process: [*map(is_stopped, children(process.pid))] == [True, True])
        others = children(process.pid)
        if how == signal.SIGINT:
            os.killpg(process.pid, how)  # as a terminal does
        else:
            process.kill()
        for each in others:
            os.kill(each, signal.SIGCONT)
        assert process.wait(600) == (1 if how == signal.SIGINT else -signal.SIGKILL)
        assert wait_until(lambda others=others: not any(map(is_alive, others)))
        assert is_half()

    refused, done, verified = imported.run_all(
        ["verify", folder], ["mirror", "village-water", folder], ["verify", folder]
    )
    assert refused.code == 1 and "the last run was interrupted" in refused.errors
    assert (done.code, verified.code) == (0, 0)
    assert json.loads((folder / "mirror.json").read_text())["missing"] == {}
