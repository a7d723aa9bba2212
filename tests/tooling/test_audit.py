"""`bin/audit` looks every lock up, and does not take silence for good news."""

import os
import subprocess

import pytest

from tools.messages.source import ROOT

pytestmark = pytest.mark.once

AUDIT = ROOT / "bin" / "audit"


def locks():
    """Return every lock of the repository: what names checksums."""
    found = [*ROOT.glob("*.txt"), *(ROOT / "tools").glob("*.txt")]
    return {file.relative_to(ROOT).as_posix() for file in found if "--hash=" in file.read_text("utf-8")}


@pytest.fixture
def audited(tmp_path):
    """A function that runs the script in a copy, with a fake pip-audit; returns its code and calls."""

    def run(code):
        for name in ("bin", "tools", "calls"):
            (tmp_path / name).mkdir()
        (tmp_path / "bin/audit").write_text(AUDIT.read_text("utf-8"))
        (tmp_path / "bin/_env").write_text(f'ready() {{ :; }}\npython="{tmp_path}/python"\n')
        (tmp_path / "python").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls/all\nexit {code}\n')
        os.chmod(tmp_path / "python", 0o755)
        ran = subprocess.run(["/bin/sh", tmp_path / "bin/audit"], capture_output=True, check=False)
        return ran.returncode, (tmp_path / "calls/all").read_text().splitlines()

    return run


def test_every_lock_is_looked_up_and_what_cannot_be_is_a_failure(audited):
    code, calls = audited(0)
    assert code == 0
    assert {each.partition("-r ")[2].split()[0] for each in calls} == locks()
    assert all("--strict" in each and "--require-hashes" in each for each in calls)


def test_a_error_in_one_lock_fails_and_the_others_are_looked_up_all_the_same(audited):
    code, calls = audited(1)
    assert code == 1
    assert len(calls) == len(locks())
