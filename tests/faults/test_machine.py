"""The machine itself: its disk is full, its clock is set back."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults import record
from tests.faults.crowd import PAGES, Crowd, used
from tests.faults.served import BOUND, Served
from tests.installations import get, wait_until


@pytest.fixture
def small_disk(tmp_path, on_sqlite):
    """The installation on a disk of its own, of 64 MB."""
    at = tmp_path / "disk"
    at.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", at], check=False, capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no right to mount a small disk")
    try:
        subprocess.run(["cp", "-a", on_sqlite.data, at / "var"], check=True)
        on_sqlite.data = at / "var"
        yield on_sqlite
    finally:
        subprocess.run(["umount", "--lazy", at], check=False)


def fill(file: Path) -> None:
    """Write a file until there is no room for another byte."""
    with file.open("wb", buffering=0) as ballast:
        for size in (1_048_576, 4_096, 1):
            try:
                while ballast.write(b"x" * size):
                    pass
            except OSError:
                continue


def test_the_disk_is_full(small_disk, table, seconds_away):
    ballast = small_disk.data.parent / "ballast"
    with Served(small_disk) as served:
        with Crowd(small_disk, served.port) as crowd:
            used(crowd)
            for page in PAGES:
                assert get(served.port, page)[0] == 200
            fill(ballast)
            assert wait_until(lambda: crowd.refused > 0, BOUND)
            end = time.monotonic() + seconds_away
            while time.monotonic() < end:
                assert [get(served.port, page)[0] for page in PAGES] == [200] * len(PAGES)
                time.sleep(0.5)
            ballast.unlink()
            recovery = used(crowd)
        found = record.look(small_disk, crowd.receipts)
        table.add(f"disk full, {seconds_away} s", 1, crowd, found, [recovery])
        assert (found.lost, found.never, crowd.wrong) == (frozenset(), {}, [])
        assert crowd.refused_with_text == crowd.refused > 0
        assert (crowd.not_shown, crowd.broken) == (0, 0)
        assert small_disk.ask("PRAGMA integrity_check") == [("ok",)]


@pytest.fixture
def set_clock(tmp_path, on_sqlite):
    """A function that sets the clock that every process of the installation sees, in seconds from the true one."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        pytest.skip("libfaketime is not installed")
    file = tmp_path / "clock"

    def set_to(seconds: int) -> None:
        fresh = file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}s\n")
        os.replace(fresh, file)

    set_to(0)
    on_sqlite.names |= {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        # What lasts is measured by a clock that nobody sets.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    return set_to


def test_the_clock_is_set_back(on_sqlite, set_clock, table, seconds_away):
    latest = "SELECT max(at) FROM core_auditentry"
    with Served(on_sqlite) as served:
        with Crowd(on_sqlite, served.port) as crowd:
            used(crowd)
            before = on_sqlite.ask(latest)[0][0]
            set_clock(-seconds_away)
            recovery = used(crowd)
            assert get(served.port, PAGES[-1])[0] == 200
            # It was set back: acts come before others that were recorded earlier.
            newest = on_sqlite.ask("SELECT at FROM core_auditentry ORDER BY id DESC LIMIT 1")[0][0]
            assert newest < before or seconds_away < recovery + 5
            set_clock(0)
            used(crowd)
        found = record.look(on_sqlite, crowd.receipts)
        table.add(f"clock set back by {seconds_away} s", 1, crowd, found, [recovery])
        assert (found.lost, found.never, crowd.wrong) == (frozenset(), {}, [])
        assert (crowd.refused, crowd.not_shown, crowd.broken) == (0, 0, 0)
