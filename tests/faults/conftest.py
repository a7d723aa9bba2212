"""Faults as tests: run by `bin/faults` alone, which ends with a table of what became of each."""

import os
import shutil

import pytest

from tests.faults.cluster import Cluster
from tests.faults.table import Table
from tests.installations import Installation

IS_SHORT = os.environ.get("PLENARA_FAULTS") == "short"
if not os.environ.get("PLENARA_FAULTS"):
    # They take minutes and much of the machine: neither an ordinary run nor bin/test has them.
    collect_ignore_glob = ["test_*.py"]

_table = Table()


def pytest_collection_modifyitems(items):
    """Mark them, so that a run can name them."""
    for item in items:
        if "/tests/faults/" in str(item.path):
            item.add_marker("faults")


def pytest_terminal_summary(terminalreporter):
    """Print the table, whatever failed."""
    for line in _table.lines():
        terminalreporter.write_line(line)


@pytest.fixture
def table():
    """The table, to which each fault adds its line."""
    return _table


@pytest.fixture(scope="session")
def seconds_away():
    """For how long something is away."""
    return 5 if IS_SHORT else 60


@pytest.fixture(scope="session")
def kills():
    """How often processes are killed, on each database."""
    return int(os.environ.get("PLENARA_FAULTS_KILLS") or (20 if IS_SHORT else 200))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """A PostgreSQL of our own, which may be killed."""
    made = Cluster.made()
    if made is None:
        pytest.skip("no PostgreSQL programs on this machine")
    yield made
    made.remove()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An empty installation on SQLite; others are copies of it."""
    made = Installation(tmp_path_factory.mktemp("installation") / "var")
    ran = made.run("migrate")
    assert ran.returncode == 0, ran.stderr
    return made


@pytest.fixture
def on_sqlite(tmp_path, migrated):
    """An empty installation on SQLite."""
    data = tmp_path / "var"
    shutil.copytree(migrated.data, data)
    data.chmod(0o700)
    return Installation(data, names={"PLENARA_MEANING": "off"})


@pytest.fixture
def on_postgresql(tmp_path, cluster):
    """An empty installation on the PostgreSQL that may be killed."""
    made = Installation(tmp_path / "var", cluster.database(), {"PLENARA_MEANING": "off"})
    ran = made.run("migrate")
    assert ran.returncode == 0, ran.stderr
    return made
