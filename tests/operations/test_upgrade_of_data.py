"""The data of 30 November 2026, made up, are upgraded: what was published then is there, at the addresses of then.

`data/starting-point.tar.gz` is the data folder of that day's demo (SQLite), `data/starting-point.sql.gz` the same in
PostgreSQL. On that day the migrations began anew: the database has taken the first one of each package.
"""

import gzip
import json
import re
import tarfile
from pathlib import Path

import pytest

import plenara
from tests.installations import Installation

DATA = Path(__file__).parent / "data"
MIGRATIONS = list(Path(plenara.__file__).parent.glob("*/migrations/0*.py"))
ADDRESSES = """
SELECT w.slug, c.public_id, e.number, e.revision FROM contributions_edition e
JOIN contributions_contribution c ON c.id = e.contribution_id
JOIN consultations_consultation w ON w.id = e.consultation_id ORDER BY w.slug DESC, e.id
"""
TEXTS = "SELECT id, content, sha256 FROM contributions_text ORDER BY id"
#: Asks for pages as a reader does, and prints the status and text of each.
READ = """
import json, re, sys
from plenara.operations import startup, static_files
startup.start()
static_files.collect()
from django.conf import settings
settings.ALLOWED_HOSTS = ["*"]
from django.test import Client
client, told = Client(), []
for path in json.loads(sys.argv[1]):
    answer = client.get(path, follow=True)
    told.append([answer.status_code, "" if answer.streaming else answer.content.decode(errors="replace")])
print(json.dumps(told))
"""


@pytest.fixture
def first(tmp_path, databases):
    """An installation of that day: its database and documents."""
    data = tmp_path / "then"
    data.mkdir(mode=0o700)
    with tarfile.open(DATA / "starting-point.tar.gz") as archive:
        archive.extractall(data, filter="data")
    url = ""
    if databases:
        import psycopg

        (data / "plenara.sqlite3").unlink()
        url = databases.make()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(gzip.decompress((DATA / "starting-point.sql.gz").read_bytes()))
    return Installation(data, url, {"PLENARA_MEANING": "off"})


def read(installation, paths):
    ran = installation.run(json.dumps(paths), code=READ)
    assert ran.returncode == 0, ran.stderr
    return dict(zip(paths, json.loads(ran.stdout.splitlines()[-1]), strict=True))


def test_the_data_are_upgraded_and_all_is_where_it_was(first):
    texts = first.ask(TEXTS)
    editions = first.ask(ADDRESSES)
    assert len(texts) > 100 and len(editions) > 100

    ran = first.run("upgrade")
    assert (ran.returncode, ran.stderr) == (0, "")
    steps = {path.stem for path in MIGRATIONS if not path.stem.endswith("_initial")}
    assert all(f"{step} ..." in ran.stdout for step in steps)
    assert ran.stdout.startswith("Nothing to do") == (not steps)

    assert first.ask(TEXTS) == texts
    assert first.ask(ADDRESSES) == editions

    for_good = [f"/en/consultations/{slug}/contributions/{number}/rev/{rev}/" for slug, _id, number, rev in editions]
    permalinks = [f"/c/{public_id}" for _slug, public_id, _number, _rev in editions]
    lists = [f"/{language}/consultations/{editions[0][0]}/threads/1/" for language in ("ar", "en", "fr")]
    summaries = [f"/en/consultations/{editions[0][0]}/summaries/1/"]
    pages = read(first, ["/en/", "/zh/search/", *lists, *summaries, *for_good, *permalinks])
    assert {path: status for path, (status, _text) in pages.items() if status not in {200, 410}} == {}
    assert sum(status == 410 for status, _text in pages.values()) < 20
    assert "Summary 1" in pages[summaries[0]][1]
    said = first.ask("SELECT content FROM contributions_text WHERE content LIKE '%Internet%' ORDER BY id LIMIT 1")[0][0]
    words = max(re.findall(r"[A-Za-z ]+", said), key=len)
    assert any(words in text for _status, text in pages.values())

    # Only the worker's remaining tasks are reported, and it does them.
    found = wrong(first)
    assert set(found) <= {"PLENARA_MAIL_URL", "tasks", "search", "files"}
    assert first.run("index").returncode == 0
    assert "search" not in wrong(first)
    ((status, found_page),) = read(first, ["/en/search/?q=internet"]).values()
    assert status == 200 and "/contributions/" in found_page
    assert first.run("upgrade").stdout.startswith("Nothing to do")


def wrong(installation):
    """Return the subjects of what `plenara check` finds wrong."""
    lines = installation.run("check").stdout.splitlines()
    return [line.split()[1] for line in lines if line.startswith("WRONG")]
