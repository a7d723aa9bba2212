"""The files of a record over HTTP: whole, in part, checked; never made in a request, never with what has gone."""

import base64
import datetime
import email.utils
import hashlib
import io
import json
import zipfile

import pytest
from django.conf import settings

from plenara.accounts import actions as accounts
from plenara.accounts.models import Person
from plenara.accounts.personal_data import erasure
from plenara.contributions.actions import withdraw
from plenara.contributions.actions.translations import show_machine_translations
from plenara.contributions.models import Translation
from plenara.core import clock
from plenara.core.cache_tags import invalidate
from plenara.exports import actions
from plenara.exports.queries import files
from plenara.exports.queries.files import FILES
from plenara.moderation.actions import remove
from tests import world
from tests.answers import EXPORTS, body, get, queries

pytestmark = pytest.mark.django_db
HERE = "/exports/internet-governance/"
BUNDLE, TABLE = f"{HERE}bundle.zip", f"{HERE}contributions.csv"


def test_each_file_has_its_checksum_in_a_header_and_beside_it(client, edition, exported):
    made = files.made(edition.consultation)
    for name, media_type in FILES.items():
        answer, called = client.get(f"{HERE}{name}"), made.download_name(name)
        content = b"".join(answer.streaming_content)
        assert answer["Content-Type"] == media_type
        assert answer["Content-Disposition"] == f'attachment; filename="{called}"'
        assert int(answer["Content-Length"]) == len(content)
        sha256 = hashlib.sha256(content)
        assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(sha256.digest()).decode()}:"
        assert answer["ETag"] == f'"{sha256.hexdigest()}"'
        assert f'<http://127.0.0.1:8000{HERE}{name}.sha256>; rel="describedby"' in answer["Link"]
        assert "Content-Language" not in answer
        beside = client.get(f"{HERE}{name}.sha256")
        assert beside.content.decode() == f"{sha256.hexdigest()}  {called}\n"
        assert beside["Content-Disposition"] == f'inline; filename="{called}.sha256"'


def test_each_file_says_by_its_name_and_its_date_of_when_the_record_is(
    client, consultation, participant, moderator, thread, exported
):
    at = datetime.datetime(2026, 10, 14, 13, 5, 9, tzinfo=datetime.UTC)
    with clock.at(at):
        world.published(participant, moderator, thread)
    with clock.at(at + datetime.timedelta(minutes=2)):
        exported()
    for name in FILES:
        answer = client.get(f"{HERE}{name}")
        stamp, _dash, rest = answer["Content-Disposition"].partition("internet-governance-")[2].partition("-")
        assert rest == f'{name}"'
        assert at <= datetime.datetime.fromisoformat(stamp) < at + datetime.timedelta(minutes=1)
        assert email.utils.parsedate_to_datetime(answer["Last-Modified"]) == datetime.datetime.fromisoformat(stamp)


def test_the_table_leads_to_what_describes_it(client, edition, exported):
    link = '<http://127.0.0.1:8000/exports/internet-governance/contributions.csv-metadata.json>; rel="describedby"'
    assert link in client.get(TABLE)["Link"]
    assert link not in client.get(BUNDLE)["Link"]


def test_no_request_ever_makes_a_file(client, edition, monkeypatch):
    monkeypatch.setattr(actions, "make", lambda *_args: pytest.fail("made in a request"))
    for path in EXPORTS:
        answer = client.get(path, headers={"accept-language": "en"})
        assert answer.status_code == client.get(f"{path}.sha256").status_code == client.head(path).status_code == 503
        assert int(answer["Retry-After"]) >= 60
        assert answer["Cache-Control"] == "no-store"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "The file is expected at" in answer.content.decode()
    assert not (settings.DATA / "exports").exists()


def test_what_only_grew_is_served_until_the_hour_is_over(client, edition, participant, moderator, thread, exported):
    first = get(client, BUNDLE)
    world.published(participant, moderator, thread, "One thing more.")
    assert get(client, BUNDLE) == first


def withdrawn(edition, **_cast):
    withdraw(actor=edition.contribution.author, contribution=edition.contribution)


def removed(edition, moderator, **_cast):
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R4")


def erased(edition, **_cast):
    author = Person.objects.get(pk=edition.contribution.author_id)
    accounts.erase(actor=author, choice=erasure.ErasureChoice.PARTICIPANT)


def translations_hidden(edition, organizer, **_cast):
    Translation.objects.create(text=edition.text, language="ru", content="Слова", is_machine=True, is_public=True)
    edition.consultation.shows_machine_translations = True
    edition.consultation.save()
    actions.make(edition.consultation)
    show_machine_translations(actor=organizer, consultation=edition.consultation, shows=False)


@pytest.mark.parametrize("go", [withdrawn, removed, erased, translations_hidden])
def test_from_the_moment_something_goes_no_file_is_served_until_those_without_it_are_made(
    go, client, edition, reply, moderator, organizer, exported
):
    assert client.get(BUNDLE).status_code == 200
    etag = client.get(TABLE)["ETag"]
    go(edition=edition, moderator=moderator, organizer=organizer)
    for path in EXPORTS:
        for asked in ({}, {"range": "bytes=0-3"}, {"if-none-match": etag}):
            assert client.get(path, headers=asked).status_code == 503, path
    assert actions.enqueue_exports() == 1
    exported()
    assert client.get(BUNDLE).status_code == 200


def test_the_words_of_a_withdrawn_contribution_are_in_none_of_the_next_files(client, edition, reply, author, exported):
    before = b"".join(content for name in FILES for content in unpacked(get(client, f"{HERE}{name}")))
    assert world.WORDS.encode() in before
    withdraw(actor=author, contribution=edition.contribution)
    exported()
    after = b"".join(content for name in FILES for content in unpacked(get(client, f"{HERE}{name}")))
    assert world.WORDS.encode() not in after
    assert author.name.encode() not in after
    files = [each.read_bytes() for each in (settings.DATA / "exports").rglob("*") if each.is_file()]
    on_disk = b"".join(content for file in files for content in unpacked(file))
    assert world.WORDS.encode() not in on_disk


def unpacked(content):
    """Yield a file's bytes, or those of the files in it."""
    if content[:2] != b"PK":
        yield content
        return
    archive = zipfile.ZipFile(io.BytesIO(content))
    for name in archive.namelist():
        yield archive.read(name)


def test_a_change_that_changes_no_byte_keeps_the_etag(client, edition, consultation, exported):
    first = client.get(BUNDLE)["ETag"]
    invalidate(consultation.cache_tag)
    exported()
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
def test_a_part_of_any_file_can_be_had(asked, first, last, client, edition, exported):
    for path in EXPORTS:
        whole = b"".join(client.get(path).streaming_content)
        answer = client.get(path, headers={"range": asked, "accept-encoding": "gzip"})
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
def test_what_is_no_single_part_is_answered_with_the_whole(asked, client, edition, exported):
    answer = client.get(BUNDLE, headers={"range": asked})
    assert answer.status_code == 200
    assert len(body(answer)) == int(answer["Content-Length"])


@pytest.mark.once
@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(asked, client, edition, exported):
    size = len(get(client, BUNDLE))
    answer = client.get(BUNDLE, headers={"range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{size}"


def test_a_part_of_an_earlier_file_is_answered_with_the_whole_new_one(
    client, edition, participant, moderator, thread, exported
):
    for path in (BUNDLE, f"{HERE}contributions.jsonl", f"{HERE}bagit.zip"):
        first = client.get(path)
        for condition in (first["ETag"], first["Last-Modified"]):
            assert client.get(path, headers={"range": "bytes=0-3", "if-range": condition}).status_code == 206
        for condition in ('"another"', "Wed, 01 Jan 2020 00:00:00 GMT"):
            assert client.get(path, headers={"range": "bytes=0-3", "if-range": condition}).status_code == 200
        world.published(participant, moderator, thread, f"One thing more {path}.")
        exported()
        answer = client.get(path, headers={"range": "bytes=4-", "if-range": first["ETag"]})
        assert answer.status_code == 200
        assert answer["ETag"] != first["ETag"]


def test_head_has_the_length_and_no_content(client, edition, exported):
    for path in EXPORTS:
        answer = client.head(path)
        assert int(answer["Content-Length"]) == len(b"".join(client.get(path).streaming_content))
        assert body(answer) == b""


def test_a_file_made_from_another_database_is_not_served(client, edition, exported):
    file = settings.DATA / "exports" / "internet-governance" / "made.json"
    description = json.loads(file.read_text())
    for broken in (
        json.dumps(description | {"of": "1 long ago"}),
        "{ broken",
        "[]",
        "null",
        json.dumps(description | {"files": {}}),
    ):
        file.write_text(broken)
        assert client.get(BUNDLE).status_code == 503, broken
    file.write_text(json.dumps(description))
    assert client.get(BUNDLE).status_code == 200


def test_a_file_that_somebody_deleted_is_made_again(client, edition, exported):
    for file in (settings.DATA / "exports" / "internet-governance").iterdir():
        if file.name not in {"made.json", "lock"}:
            file.unlink()
            break
    assert client.get(BUNDLE).status_code == 503
    assert actions.enqueue_exports() == 1


def test_unknown_exports_are_not_there(client, edition, exported):
    for path in (
        "/exports/nothing/bundle.zip", f"{HERE}made.json", "/exports/../bundle.zip", f"{HERE}bundle.zip%00",
        f"{HERE}lock", f"{HERE}bundle.zip.sha256.sha256", f"{HERE}bundlexzip", f"{HERE}{'a' * 10_000}",
    ):  # fmt: skip
        assert client.get(path).status_code == 404, path


@pytest.mark.once
def test_an_export_takes_the_same_queries_at_10_and_at_400_contributions(client, thread, exported):
    world.many(thread, 10)
    exported()
    few = {path: queries(client, path) for path in EXPORTS}
    world.many(thread, 400)
    exported()
    assert {path: queries(client, path) for path in EXPORTS} == few
    assert max(few.values()) == 4
