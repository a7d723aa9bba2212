"""An import that is killed leaves nothing behind, whenever it is killed; run again, it does all of its work."""

import os
import signal
import time

from tests.bundles.bundles import row, write
from tests.installations import kill, wait_until

TABLES = ("consultations_consultation", "contributions_text", "contributions_paper")


def documents_of(installation):
    return [path for path in (installation.data / "documents").rglob("*") if len(path.name) == 64]


def workshops_of(installation):
    return list((installation.data / "documents").glob(".importing-*"))


def test_an_import_killed_at_any_moment_leaves_nothing_behind(installation, tmp_path):
    rows = [row(f"a{n}", text=f"Words of {n}. " * 40, document=f"documents/{n % 40}.txt") for n in range(1500)]
    documents = {f"documents__{n}_txt": f"Paper {n}. " * 500 for n in range(40)}
    bundle = write(tmp_path / "bundle", *rows, **documents)

    def comes(process, what):
        return wait_until(lambda: what(installation) or process.poll() is not None)

    # Killed as it begins to write, a little later, and near its end, when the documents come in.
    for what, seconds in ((workshops_of, 0.0), (workshops_of, 0.3), (documents_of, 0.0)):
        process = installation.start("import", bundle)
        try:
            assert comes(process, what)
            time.sleep(seconds)
        finally:
            kill(process)
        made = [installation.ask(f"SELECT count(*) FROM {each}")[0][0] for each in TABLES]
        # All of it, where it was quicker than the kill; else nothing.
        assert made in ([0, 0, 0], [1, 1500, 40])
    done, again = installation.run_all(["import", bundle], ["import", bundle])
    assert (done.code, again.code) == (0, 0)
    assert "village-water" in done.out
    assert "Nothing was changed" in again.out
    assert installation.ask("SELECT count(*) FROM contributions_edition") == [(1500,)]
    assert len(documents_of(installation)) == 40
    assert workshops_of(installation) == []


def test_an_import_that_is_asked_to_stop_says_so(installation, tmp_path):
    bundle = write(tmp_path / "bundle", *(row(f"a{n}", text="Words. " * 200) for n in range(2000)))
    process = installation.start("import", bundle)
    try:
        assert wait_until(lambda: workshops_of(installation))
        os.kill(process.pid, signal.SIGTERM)
        out, errors = process.communicate(timeout=600)
    finally:
        kill(process)
    if process.returncode:
        assert (process.returncode, out) == (1, "")
        assert errors == "plenara import: Interrupted. Nothing was imported.\n"
        assert installation.ask("SELECT count(*) FROM consultations_consultation") == [(0,)]
    assert workshops_of(installation) == []
