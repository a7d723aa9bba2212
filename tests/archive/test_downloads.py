"""Exports and papers: whole, in part, checked; made once, and again when the record has changed."""

import base64
import csv
import datetime
import hashlib
import io
import json
import threading
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from plenara.archive import exports
from plenara.common import clock
from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition
from plenara.ledger import errands
from plenara.ledger.models import Errand
from tests import world
from tests.archive.answers import HERE, body, get, give_paper, queries

pytestmark = pytest.mark.django_db
BUNDLE = "/exports/internet-governance/bundle.zip"
TABLE = "/exports/internet-governance/contributions.csv"


@pytest.fixture
def large(monkeypatch):
    """Let every record be too large to be made while somebody waits."""
    monkeypatch.setattr(exports, "SMALL", 0)


def test_a_bundle_is_a_zip_with_its_checksum_in_a_header_and_beside_it(client, edition):
    answer = client.get(BUNDLE)
    content = body(answer)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="internet-governance-bundle.zip"'
    assert int(answer["Content-Length"]) == len(content)
    sha256 = hashlib.sha256(content)
    assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(sha256.digest()).decode()}:"
    assert answer["ETag"] == f'"{sha256.hexdigest()}"'
    assert get(client, f"{BUNDLE}.sha256").decode() == f"{sha256.hexdigest()}  internet-governance-bundle.zip\n"
    assert f'<http://127.0.0.1:8000{BUNDLE}.sha256>; rel="describedby"' in answer["Link"]
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {"consultation.json", "contributions.jsonl", "manifest-sha256.txt"} <= set(names)
    assert "Content-Language" not in answer


def test_the_table_has_everything_and_is_the_same_for_readers_of_any_language(client, edition, reply):
    give_paper(edition)
    content = get(client, TABLE, **{"accept-language": "ar"})
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["symbol"] for row in rows] == [edition.symbol, reply.symbol]
    assert "/en/" in rows[0]["document"]


def test_files_are_made_once_and_again_when_the_record_has_changed(client, edition, author, monkeypatch):
    made = []
    monkeypatch.setattr(exports, "export", lambda *args, real=exports.export: (made.append(1), real(*args)))
    first = client.get(BUNDLE)
    assert client.get(TABLE).status_code == client.get(BUNDLE).status_code == 200
    assert len(made) == 1
    assert client.get(BUNDLE, headers={"if-none-match": first["ETag"]}).status_code == 304
    withdraw(actor=author, contribution=edition.contribution)
    content = body(client.get(BUNDLE, headers={"if-none-match": first["ETag"]}))
    assert len(made) == 2
    assert world.WORDS.encode() not in zipfile.ZipFile(io.BytesIO(content)).read("contributions.jsonl")
    left = sorted(path.name for path in (settings.DATA / "exports" / "internet-governance").iterdir())
    assert len(left) == 4
    assert {"lock", "made.json"} < set(left)


def test_a_change_that_changes_no_byte_keeps_the_etag(client, edition, consultation):
    from plenara.ledger.actions import bump

    first = client.get(BUNDLE)["ETag"]
    bump(consultation.shelf)
    assert client.get(BUNDLE, headers={"if-none-match": first}).status_code == 304


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=10-99999999", 10, None),
        ("bytes= 1-1", 1, 1),
    ],
)
def test_a_part_can_be_had(asked, first, last, client, edition):
    whole = get(client, BUNDLE)
    answer = client.get(BUNDLE, headers={"range": asked, "accept-encoding": "gzip"})
    assert answer.status_code == 206
    part = whole[first:] if last is None else whole[first : last + 1]
    assert b"".join(answer.streaming_content) == part
    assert "Content-Encoding" not in answer
    assert int(answer["Content-Length"]) == len(part)
    start = first % len(whole)
    assert answer["Content-Range"] == f"bytes {start}-{start + len(part) - 1}/{len(whole)}"
    assert answer["Accept-Ranges"] == "bytes"


@pytest.mark.once
@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=9-3", "bytes=-", "lines=1-2", "bytes=a-b", "bytes=1", ""])
def test_what_is_no_single_part_is_answered_with_the_whole(asked, client, edition):
    answer = client.get(BUNDLE, headers={"range": asked})
    assert answer.status_code == 200
    assert len(body(answer)) == int(answer["Content-Length"])


@pytest.mark.once
@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(asked, client, edition):
    size = len(get(client, BUNDLE))
    answer = client.get(BUNDLE, headers={"range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{size}"


def test_a_part_of_an_earlier_file_is_answered_with_the_whole_new_one(client, edition):
    first = client.get(BUNDLE)
    for condition in (first["ETag"], first["Last-Modified"]):
        assert client.get(BUNDLE, headers={"range": "bytes=0-3", "if-range": condition}).status_code == 206
    for condition in ('"another"', "Wed, 01 Jan 2020 00:00:00 GMT"):
        assert client.get(BUNDLE, headers={"range": "bytes=0-3", "if-range": condition}).status_code == 200


def test_head_tells_the_length_and_sends_nothing(client, edition):
    answer = client.head(BUNDLE)
    assert int(answer["Content-Length"]) == len(get(client, BUNDLE))
    assert body(answer) == b""


def test_a_large_record_is_made_by_an_errand_and_until_then_a_page_says_when(client, edition, large):
    answer = client.get(BUNDLE, headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) >= 60
    assert "It can be expected at" in answer.content.decode()
    assert client.get(f"{BUNDLE}.sha256").status_code == 404
    assert exports.owe_exports() == 1
    assert exports.owe_exports() == 0  # owed already
    errands.run_all()
    assert client.get(BUNDLE).status_code == 200
    assert exports.owe_exports() == 0  # nothing has changed since


def test_a_large_record_that_changes_all_the_time_is_made_once_an_hour(client, edition, large, consultation, author):
    now = clock.now()
    with clock.at(now):
        exports.owe_exports()
        errands.run_all()
    first = get(client, BUNDLE)
    withdraw(actor=author, contribution=edition.contribution)
    for minutes in (1, 30, 59):
        with clock.at(now + datetime.timedelta(minutes=minutes)):
            exports.owe_exports()
            errands.run_all()
            assert get(client, BUNDLE) == first
    assert Errand.objects.filter(kind=exports.ERRAND, done_at=None).count() == 1
    with clock.at(now + datetime.timedelta(minutes=61)):
        errands.run_all()
    assert get(client, BUNDLE) != first


def test_a_file_made_from_another_database_is_not_served(client, edition):
    get(client, BUNDLE)
    file = settings.DATA / "exports" / "internet-governance" / "made.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"of": "1 long ago"}))
    assert exports.made(edition.consultation) is None
    file.write_text("{ broken")
    assert client.get(BUNDLE).status_code == 200


def test_what_a_kill_left_is_taken_away(client, edition):
    folder = settings.DATA / "exports" / "internet-governance"
    (folder / "part.killed").mkdir(parents=True)
    (folder / "part.killed" / "bundle.zip").write_bytes(b"half")
    get(client, BUNDLE)
    assert not (folder / "part.killed").exists()


def test_who_asks_while_it_is_made_gets_the_one_before_or_hears_when(client, edition, consultation):
    folder = settings.DATA / "exports" / "internet-governance"
    folder.mkdir(parents=True)
    holding, done = threading.Event(), threading.Event()

    def hold():
        with exports._alone(folder, wait=True):
            holding.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(10)
    try:
        assert client.get(BUNDLE).status_code == 503
    finally:
        done.set()
        thread.join()
    assert client.get(BUNDLE).status_code == 200


def test_a_damaged_paper_spoils_no_page(client, edition):
    get(client, BUNDLE)
    paper = give_paper(edition)
    from plenara.contributions.papers import file_of
    from plenara.ledger.actions import bump

    file_of(paper).write_bytes(b"other bytes")
    bump(edition.consultation.shelf)
    assert client.get(BUNDLE).status_code == 200  # the one before


def test_unknown_exports_are_not_there(client, edition):
    for path in ("/exports/nothing/bundle.zip", "/exports/internet-governance/made.json", "/exports/../bundle.zip"):
        assert client.get(path).status_code == 404


def test_an_export_takes_the_same_queries_at_10_and_at_1000_contributions(client, thread):
    world.many(thread, 10)
    few = queries(client, BUNDLE)
    world.many(thread, 400)
    assert queries(client, BUNDLE) == few


# --- papers -----------------------------------------------------------------------------------------------------------

PAPER = f"{HERE}contributions/1/document.txt"


def test_a_paper_is_kept_as_a_file_and_can_do_nothing(client, edition):
    paper = give_paper(edition, b"<script>owned()</script>", name="My paper.txt")
    for path in (PAPER, f"{HERE}contributions/1/rev/0/document.txt"):
        answer = client.get(path)
        assert body(answer) == b"<script>owned()</script>"
        assert answer["Content-Disposition"] == 'attachment; filename="My paper.txt"'
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["ETag"] == f'"{paper.sha256}"'
        assert answer["Content-Language"] == "en"
        assert client.get(path, headers={"range": "bytes=0-3"}).status_code == 206


@pytest.mark.once
@pytest.mark.parametrize(
    ("media_type", "ending", "sent"),
    [
        ("application/pdf", "pdf", "application/pdf"),
        ("text/plain; charset=utf-8", "txt", "text/plain; charset=utf-8"),
        ("text/html", "bin", "text/html"),
        ("no type\r\nX: y", "bin", "application/octet-stream"),
    ],
)
def test_the_address_ends_by_the_kind_of_paper(media_type, ending, sent, client, edition):
    give_paper(edition, media_type=media_type)
    answer = client.get(f"{HERE}contributions/1/document.{ending}")
    assert answer["Content-Type"] == sent
    assert client.get(f"{HERE}contributions/1/document.odt").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("name", ['a"b.txt', "Реферат.txt", "../../etc/passwd", "line\r\nX-Evil: 1", "💥;.txt"])
def test_a_papers_name_breaks_no_header(name, client, edition):
    give_paper(edition, name=name)
    answer = client.get(PAPER)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "X-Evil" not in answer


def test_a_paper_goes_with_its_contribution(client, edition, author):
    give_paper(edition)
    withdraw(actor=author, contribution=edition.contribution)
    assert client.get(PAPER).status_code == 410
    assert client.get(f"{HERE}contributions/2/document.txt").status_code == 404


def test_a_contribution_without_a_paper_or_with_a_lost_one_has_no_file(client, edition):
    assert client.get(PAPER).status_code == 404
    paper = give_paper(edition)
    (Path(settings.DOCUMENTS) / paper.sha256[:2] / paper.sha256).unlink()
    assert client.get(PAPER).status_code == 404
    assert Edition.objects.filter(paper=paper).exists()
