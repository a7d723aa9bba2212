"""Reading answers, and making what the tests of the other forms ask about."""

import gzip
import hashlib
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.models import Edition, Paper
from plenara.exports.actions import make
from plenara.exports.queries.files import FILES
from plenara.exports.queries.record import public_consultations

HERE = "/en/consultations/internet-governance/"
THREAD = f"{HERE}threads/1/"

#: Every file of the record that a task makes.
EXPORTS = [f"/exports/internet-governance/{name}" for name in FILES]

#: Every other form of a page that the record of `thread`, `edition` and `reply` has.
FORMS = [
    "/en/feed.atom",
    f"{HERE}feed.atom",
    f"{HERE}data.csv",
    f"{HERE}data.json",
    f"{THREAD}feed.atom",
    f"{THREAD}data.csv",
    f"{THREAD}data.json",
    f"{THREAD}raw.txt",
    f"{THREAD}mbox.gz",
    f"{HERE}decisions/data.csv",
    f"{HERE}decisions/data.json",
    f"{HERE}decisions/turnaround.csv",
    f"{HERE}decisions/turnaround.svg",
    f"{HERE}figures/figures.csv",
    f"{HERE}figures/figures.json",
    f"{HERE}figures/days.svg",
    f"{HERE}contributions/1/cite.bib",
    f"{HERE}contributions/1/cite.ris",
    f"{HERE}contributions/1/cite.json",
    f"{HERE}contributions/1/rev/0/cite.bib",
    "/sitemap.xml",
    "/sitemaps/pages-1.xml",
    "/sitemaps/consultations-1.xml",
    "/robots.txt",
    *EXPORTS,
]


def body(answer):
    """Return the bytes of an answer, unpacked where it is a compressed file."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def get(client, path, status=200, **headers):
    """Return the bytes at an address."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, (path, answer.status_code)
    return body(answer)


def make_exports():
    """Make the files of every record that is public, as the task does, whether or not the hour is over."""
    for consultation in public_consultations():
        make(consultation)


def queries(client, path):
    """Return how many queries an address takes, once the process is warm."""
    get(client, path)
    with CaptureQueriesContext(connection) as captured:
        get(client, path)
    return len(captured)


def give_paper(edition, content=b"A long paper.", media_type="text/plain", name="paper.txt"):
    """Let a published edition have a paper, and return it."""
    sha256 = hashlib.sha256(content).hexdigest()
    file = Path(settings.DOCUMENTS) / sha256[:2] / sha256
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    paper = Paper.objects.create(sha256=sha256, name=name, size=len(content), media_type=media_type)
    Edition.objects.filter(pk=edition.pk).update(paper=paper)
    edition.version.paper = paper
    edition.version.save()
    return paper
