"""Installations for the tests of the commands, on the database that the run is about."""

import os
import shutil
from urllib.parse import urlsplit

import pytest

from tests.databases import Server, migrated_file
from tests.installations import Databases, Installation

#: What Plenara's own `migrate` does besides, in a database that it makes.
LEARN_THEMES = """
from plenara.operations import startup
startup.start()
from plenara.themes.actions import install_wsis
install_wsis()
"""


@pytest.fixture(scope="session")
def databases():
    """PostgreSQL databases of our own, where the run is about PostgreSQL; else nothing."""
    url = os.environ.get("PLENARA_DATABASE_URL", "")
    made = Databases(Server(url)) if url.startswith("postgres") else None
    yield made
    if made:
        made.drop_all()


@pytest.fixture(scope="session")
def migrated(request, tmp_path_factory, databases):
    """An installation whose database is made and empty; others are copies of it."""
    cache = request.config.cache.mkdir("plenara")
    data = tmp_path_factory.mktemp("installation") / "var"
    data.mkdir(mode=0o700)
    if databases:
        made = Installation(data, databases.make(databases.server.migrated(cache)))
    else:
        shutil.copy(migrated_file(cache), data / "plenara.sqlite3")
        made = Installation(data)
    ran = made.run(code=LEARN_THEMES)
    assert ran.returncode == 0, ran.stderr
    return made


@pytest.fixture
def new(tmp_path, databases):
    """An installation that does not exist yet."""
    return Installation(tmp_path / "new" / "var", databases.make() if databases else "")


@pytest.fixture
def new_folder(new):
    """The same, with its folder made: what a restore needs."""
    new.data.mkdir(mode=0o700, parents=True)
    return new


@pytest.fixture
def installation(tmp_path, migrated, databases):
    """An installation that is migrated and empty."""
    return another(migrated, tmp_path / "var", databases)


def another(made, data, databases):
    """Return a copy of an installation, with a data folder and a database of its own."""
    shutil.copytree(made.data, data)
    data.chmod(0o700)
    url = databases.make(urlsplit(made.database_url).path[1:]) if databases else ""
    return Installation(data, url, dict(made.names))
