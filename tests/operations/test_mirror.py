"""`plenara mirror` and `plenara verify` of what it wrote, as an operator runs them; and a kill in the middle."""

import json
import os
import signal

import pytest

from tests.bundles.bundles import row, write
from tests.installations import children, is_alive, kill, wait_until


@pytest.fixture
def imported(installation, tmp_path):
    """An installation behind https with a consultation of three contributions."""
    installation.names["PLENARA_SITE_URL"] = "https://consult.example.org"
    bundle = write(tmp_path / "bundle", row("a", document="documents/a.txt"), row("b"), documents__a_txt="A paper.")
    (ran,) = installation.run_all(["import", bundle])
    assert ran.code == 0, ran.errors
    return installation


def test_a_copy_is_made_renewed_and_compared(imported, tmp_path):
    folder = tmp_path / "copy"
    first, again, verified = imported.run_all(
        ["mirror", "village-water", folder], ["mirror", "village-water", folder], ["verify", folder]
    )
    assert (first.code, first.errors) == (0, "")
    assert first.out.startswith(f"Copied village-water to {folder}: ") and " 0 removed, in " in first.out
    assert again.out.startswith(f"Nothing has changed. {folder} has ")
    assert (verified.code, verified.errors) == (0, "")
    assert "contributions        2 compared, 0 tombstones\n" in verified.out
    assert verified.out.endswith("No differences found.\n")
    html = (folder / "en/consultations/village-water/index.html").read_text()
    assert 'href="https://consult.example.org/en/account/login/"' in html
    style = html.split('<link rel="stylesheet" href="/', 1)[1].split('"', 1)[0]
    assert style.startswith("static/plenara.") and (folder / style).is_file()
    (folder / "en/consultations/village-water/data.csv").write_text("spoilt")
    (spoilt,) = imported.run_all(["verify", folder])
    assert spoilt.code == 1
    assert spoilt.errors.startswith(f"{folder} has 1 difference.\n  en/consultations/village-water/data.csv: ")


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


def test_a_killed_run_is_completed_by_the_next(imported, tmp_path):
    folder = tmp_path / "copy"
    process = imported.start("mirror", "village-water", folder)
    assert wait_until(lambda: (folder / "en/about").is_dir(), 300)
    kill(process)
    assert not (folder / "mirror.json").exists()
    refused, done, verified = imported.run_all(
        ["verify", folder], ["mirror", "village-water", folder], ["verify", folder]
    )
    assert refused.code == 1 and "the last run was interrupted" in refused.errors
    assert (done.code, verified.code) == (0, 0)
    assert json.loads((folder / "mirror.json").read_text())["missing"] == {}


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


def test_several_processes_make_the_same_copy_as_one(imported, tmp_path):
    folders = {number: tmp_path / number for number in ("1", "3")}
    made = imported.run_all(
        *(["mirror", "village-water", folder, "--processes", number] for number, folder in folders.items()),
        ["verify", folders["3"]],
    )
    assert [(ran.code, ran.errors) for ran in made] == [(0, "")] * 3
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


#: Copies, in two processes, until a page ends or fails in one of them.
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


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "A process was killed, perhaps because memory ran out."),
        ("raise rendering.NotPublic('not a page')", "RuntimeError: NotPublic: not a page."),
        ("raise OSError(28, 'No space left on device')", "cannot be written (No space left on device)."),
        ("path = '/en/consultations/nowhere/'", "belongs to the copy, but returned status 404."),
    ],
)
def test_an_error_in_one_process_ends_the_run_with_a_sentence(imported, tmp_path, how, said):
    folder = tmp_path / "copy"
    ran = imported.run(folder, code=_SPOILT.format(how=how))
    assert ran.returncode == 1
    assert said in ran.stderr and ran.stderr.count("\n") == 1
    (completed,) = imported.run_all(["mirror", "village-water", folder])
    assert completed.code == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_run_leaves_no_process(imported, tmp_path, how):
    folder = tmp_path / "copy"
    process = imported.start("mirror", "village-water", folder, "--processes", "2")
    assert wait_until(lambda: len(children(process.pid)) == 2, 300)
    others = children(process.pid)
    for each in others:
        os.kill(each, signal.SIGSTOP)  # or the copy might be complete by now
    if how == signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does
    else:
        process.kill()
    for each in others:
        os.kill(each, signal.SIGCONT)
    assert process.wait(60) == (1 if how == signal.SIGINT else -signal.SIGKILL)
    assert wait_until(lambda: not any(map(is_alive, others)), 60)
    assert not (folder / "mirror.json").exists()
    (completed,) = imported.run_all(["mirror", "village-water", folder])
    assert completed.code == 0
