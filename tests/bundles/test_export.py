"""What an export holds of a consultation, and what it never does."""

import hashlib
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.bundles.targets import Unwritable, written
from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Contribution, Edition, Paper, Text
from plenara.moderation.actions import remove
from plenara.moderation.models import Appeal, Decision
from tests import world
from tests.bundles.bundles import AUTHOR, consultation, contents, lines, row, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(author, moderator, participant, consultation, thread):
    """A consultation with a contribution of every standing."""
    first = world.published(author, moderator, thread, "The first words.", title="First")
    answer = world.submitted(participant, thread, "An answer.", in_reply_to=first.contribution)
    world.decided(answer, moderator)
    world.decided(world.submitted(author, thread, "Not for this question."), moderator, "REJECTED", reason="R1")
    world.submitted(author, thread, "This one waits.")
    taken = world.published(author, moderator, thread, "Words taken back.").contribution
    withdraw(actor=author, contribution=taken)
    harmful = world.published(author, moderator, thread, "Words that harm.").contribution
    remove(actor=moderator, kind="contribution", pk=harmful.pk, reason="R5", sentence="A private word to you.")
    author.withholds_name = author.withholds_country = True
    author.save()
    quiet = world.published(author, moderator, thread, "Words without a name.").contribution
    revise(actor=author, contribution=quiet, text="Better words without a name.", language="en")
    world.decided(quiet, moderator)
    revise(actor=author, contribution=quiet, text="Words nobody has read yet.", language="en")
    return consultation


def rows_of(path, name="contributions.jsonl"):
    return [json.loads(line) for line in contents(path)[name].splitlines()]


def test_an_export_holds_each_state_as_the_public_may_see_it(cast, write_out):
    first, answer, taken, harmful, quiet, rejected = rows_of(write_out(cast))
    assert (first["status"], first["number"], first["title"]) == ("published", 1, "First")
    assert first["author"] == {
        "name": "Aminata Diallo",
        "stakeholder_group": "civil_society",
        "capacity": "organization",
        "organization": "Réseau Sahel Numérique",
        "country": "ML",
    }
    assert answer["in_reply_to"] == first["id"]
    assert set(taken) == {
        "id", "thread", "status", "number", "symbol", "submitted_at", "published_at", "gone_at", "reason",
    }  # fmt: skip
    assert (taken["status"], harmful["status"], harmful["reason"]) == ("withdrawn", "removed", "R5")
    assert quiet["author"]["withheld"] is True
    assert not {"name", "country"} & set(quiet["author"])
    assert [each["text"] for each in quiet["revisions"]] == ["Words without a name.", "Better words without a name."]
    assert set(rejected) == {"id", "thread", "status", "submitted_at", "reason"}


def test_an_export_holds_no_address_and_no_unpublished_word(cast, write_out, author, moderator):
    everything = b"\n".join(contents(write_out(cast)).values()).decode()
    withheld = [
        "@",
        "This one waits",
        "Not for this question",
        "taken back",
        "that harm",
        "nobody has read",
        "private word",
    ]
    assert [words for words in withheld if words in everything] == []
    assert moderator.name not in everything


def test_the_register_is_exported_without_who_decided(cast, write_out):
    decisions = rows_of(write_out(cast), "decisions.jsonl")
    assert [each["number"] for each in decisions] == list(range(1, len(decisions) + 1))
    removed = next(each for each in decisions if each["code"] == "REMOVED")
    assert set(removed) == {"number", "at", "code", "ground", "reason", "contribution", "thread", "role", "noticed"}


def test_what_was_undone_appealed_and_overruled_is_exported_by_its_codes_alone(cast, write_out, moderator, noon):
    first = Decision.objects.get(code="REJECTED")
    Appeal.objects.create(decision=first, text="I protest.", at=noon, status="upheld", decided_at=noon)
    Decision.objects.create(
        consultation=cast, number=90, at=noon, code="APPROVED", overrules=first, object_id=first.object_id
    )
    Decision.objects.create(consultation=cast, number=91, at=noon, code="REJECTED", reason="R5", undone_at=noon)
    decisions = {row["number"]: row for row in rows_of(write_out(cast), "decisions.jsonl")}
    at = "2026-10-14T12:00:00Z"
    assert decisions[first.number]["appeal"] == {"at": at, "status": "upheld", "decided_at": at}
    assert (decisions[first.number]["overruled_at"], decisions[90]["overrules"]) == (at, first.number)
    assert decisions[91] == {"number": 91, "at": at, "role": "moderator", "undone_at": at}


def test_a_return_names_no_contribution_since_it_may_be_public_by_now(cast, write_out, author, moderator, thread):
    returned = world.submitted(author, thread, "About a person.")
    world.decided(returned, moderator, "RETURNED_FOR_REVISION", reason="R3")
    world.decided(revise(actor=author, contribution=returned, text="A view.", language="en").contribution, moderator)
    *_before, row, approved = rows_of(write_out(cast), "decisions.jsonl")
    assert (row["code"], "contribution" in row, "contribution" in approved) == ("RETURNED_FOR_REVISION", False, True)
    assert row["language"] == "en" and row["waited"] == 0


def test_a_rejected_revision_does_not_name_what_stands(cast, write_out, author, moderator, thread):
    published = world.published(author, moderator, thread, "A view.").contribution
    rejected = revise(actor=author, contribution=published, text="A slur.", language="en").contribution
    world.decided(rejected, moderator, "REJECTED", reason="R4")
    by_code = {row["code"]: row for row in rows_of(write_out(cast), "decisions.jsonl")}
    assert by_code["REJECTED"]["reason"] == "R4"
    assert "contribution" not in by_code["REJECTED"]


def test_an_export_of_an_import_of_an_export_is_the_same_bytes(cast, bring_in, write_out):
    first = write_out(cast)
    cast.contributions.update(in_reply_to=None)
    Edition.objects.all().delete()
    cast.delete()
    second = write_out(bring_in(first))
    assert contents(second) == contents(first)


def test_a_bundle_with_every_key_comes_out_as_it_went_in(tmp_path, bring_in, write_out):
    full = row(
        "a1",
        title="Wells",
        signatories=[
            {"name": "Kofi Mensah", "stakeholder_group": "government", "capacity": "individual", "country": "GH"},
            {"stakeholder_group": "civil_society", "withheld": True},
        ],
        keywords=["water", "wells"],
        themes=["water"],
        document="documents/deep/paper one.pdf",
        submitted_at="2026-03-01T08:00:00.123456Z",
        published_at="2026-03-02T09:00:00Z",
        moved_from=2,
        channel="letter",
        occasion="Ref. A/12",
        translations=[
            {"language": "es", "text": "Antes.", "origin": "human", "at": "2026-03-01T12:00:00Z", "revision": 0},
            {"language": "fr", "text": "Les mots.", "made_by": "a person"},
            {"language": "pt", "text": "As palavras.", "made_by": "another"},
            {
                "language": "ru",
                "text": "Слова.",
                "title": "Колодцы",
                "made_by": "A machine",
                "origin": "machine",
                "at": "2026-03-02T12:00:00Z",
            },
        ],
        tallies={"agree": 2, "disagree": 0, "pass": 1},
        number=7,
        symbol="WATER/2026/Q1/7",
        author={**AUTHOR, "capacity": "organization", "organization": "Wells", "organization_verified": True},
        revisions=[
            {
                "number": 0,
                "text": "Before.",
                "language": "fr",
                "title": "Puits",
                "published_at": "2026-03-01T09:00:00Z",
            },
            {"number": 2, "text": "The words of a1.", "language": "en", "published_at": "2026-03-02T09:00:00Z"},
        ],
    )
    rows = [
        full,
        row("a0", in_reply_to="a1", stance="against", author={"withheld": True, "stakeholder_group": "other"}),
        {
            "id": "a2", "thread": 2, "status": "removed", "in_reply_to": None, "reason": "R5",
            "submitted_at": "2026-03-01T08:00:00Z", "published_at": "2026-03-02T09:00:00Z",
            "gone_at": "2026-03-03T00:00:00Z", "number": 3, "symbol": "WATER/2026/Q2/3",
            "revisions": [
                {"number": 0, "published_at": "2026-03-01T09:00:00Z"},
                {"number": 1, "published_at": "2026-03-02T09:00:00Z"},
            ],
        },
        {"id": "a3", "thread": 1, "status": "rejected", "reason": "off_topic", "submitted_at": "2026-03-01T08:00:00Z"},
    ]  # fmt: skip
    about = consultation(
        intro={"en": "Why we ask.", "fr": "Pourquoi."},
        opens_at="2026-02-01T00:00:00Z", closes_at="2026-04-01T00:00:00Z",
        timezone="Africa/Accra", word_limit=300, source="a drawer", parent="rivers", state="archived",
    )  # fmt: skip
    about["threads"][0] |= {"guidance": {"en": "Name a place."}, "themes": ["water"]}
    decisions = [
        {
            "number": 2, "at": "2026-03-02T09:00:00Z", "code": "REMOVED", "ground": "ILLEGAL_CONTENT",
            "reason": "a_longer_reason", "contribution": "a2", "thread": 2, "role": "organizer",
            "appeal": {"at": "2026-03-04T00:00:00Z", "status": "dismissed"},
        },
        {
            "number": 4, "code": "MOVED", "contribution": "a1", "thread": 2, "moved_to": 1, "language": "en",
            "waited": 120, "role": "moderator", "overruled_at": "2026-03-06T00:00:00Z",
            "appeal": {"at": "2026-03-04T00:00:00Z", "status": "upheld", "decided_at": "2026-03-06T00:00:00Z"},
        },
        {"number": 5, "code": "APPROVED", "contribution": "a1", "overrules": 4, "role": "organizer"},
        {"number": 6, "at": "2026-03-07T00:00:00Z", "role": "moderator", "undone_at": "2026-03-07T00:00:12Z"},
        # Of an older file, which did not say where to.
        {"number": 7, "code": "MOVED", "contribution": "a1", "thread": 2, "role": "moderator"},
    ]  # fmt: skip
    summaries = [
        {
            "number": 1, "symbol": "WATER/2026/SUM/1",
            "period": {"from": "2026-03-01T00:00:00Z", "to": "2026-03-31T23:59:59Z"},
            "source_language": "en", "published_at": "2026-04-01T00:00:00Z", "title": {"en": "March"},
            "status": {**dict.fromkeys(("ar", "es", "ru", "zh"), "missing"), "en": "published", "fr": "outdated"},
            "statements": [
                {"number": 1, "kind": "frame", "text": {"en": "Three.", "fr": "Trois."}, "cites": []},
                {
                    "number": 2, "kind": "disagreement", "text": {"en": "One asks."}, "heading": {"en": "Wells"},
                    "thread": 2, "against": {"en": "One does not."},
                    "cites": [
                        {"contribution": "a1", "revision": 2, "words": "The words"},
                        {"contribution": "a1", "revision": 0, "side": "against"},
                    ],
                },
            ],
            "machine": ["fr"], "by_schedule": True,
            "set_aside": [{"contribution": "a0", "reason": "Of another matter."}],
        }
    ]  # fmt: skip
    themes = [{"code": "water", "label": {"en": "Water"}, "exact_match": ["https://example.org/water"]}]
    first = write_out(
        bring_in(
            write(
                tmp_path / "bundle", *rows, about=about, themes_json=json.dumps(themes),
                decisions_jsonl=lines(*decisions), summaries_jsonl=lines(*summaries),
                **{"documents__deep__paper one_pdf": b"%PDF"},
            )
        )
    )  # fmt: skip
    out = rows_of(first)
    minted = {"a0": {"number": 1, "symbol": "WATER/2026/Q1/1"}}
    assert out == [
        {key: value for key, value in {**each, **minted.get(each["id"], {})}.items() if value is not None}
        for each in rows
    ]
    assert rows_of(first, "decisions.jsonl") == decisions
    assert rows_of(first, "summaries.jsonl") == summaries
    assert json.loads(contents(first)["themes.json"]) == themes
    assert json.loads(contents(first)["consultation.json"]) == about
    assert contents(first)["documents/deep/paper one.pdf"] == b"%PDF"


def test_imported_rows_keep_their_place_and_ours_follow(tmp_path, bring_in, write_out, author, moderator):
    made = bring_in(write(tmp_path / "bundle", row("b", number=9), row("a"), about=consultation(state="open")))
    world.grant(moderator, made, "moderator")
    moderator = type(moderator).objects.get(pk=moderator.pk)
    ours = world.published(author, moderator, made.threads.get(number=1), "Words of our own.")
    assert (ours.number, ours.symbol) == (10, "WATER/2026/Q1/10")
    assert [each["number"] for each in rows_of(write_out(made))] == [9, 1, 10]


def test_a_paper_of_ours_is_named_by_its_contribution(cast, write_out, documents):
    content = b"A paper."
    digest = hashlib.sha256(content).hexdigest()
    (documents / digest[:2]).mkdir(parents=True)
    (documents / digest[:2] / digest).write_bytes(content)
    edition = cast.editions.get(number=1)
    edition.paper = Paper.objects.create(sha256=digest, name="../../My Paper.PDF", size=8, media_type="application/pdf")
    edition.save()
    path = write_out(cast)
    name = f"documents/{edition.contribution.public_id}.pdf"
    assert rows_of(path)[0]["document"] == name
    assert contents(path)[name] == content


def test_one_file_of_two_authors_is_written_for_each_with_the_ending_of_its_own_name(cast, write_out, documents):
    digest = hashlib.sha256(b"A paper.").hexdigest()
    (documents / digest[:2]).mkdir(parents=True)
    (documents / digest[:2] / digest).write_bytes(b"A paper.")
    editions = list(cast.editions.order_by("number")[:2])
    for each, name in zip(editions, ("mine.txt", "Theirs.md"), strict=True):
        each.paper = Paper.objects.create(sha256=digest, name=name, size=8, media_type="text/plain")
        each.save()
    path = write_out(cast)
    names = [
        f"documents/{each.contribution.public_id}.{ending}"
        for each, ending in zip(editions, ("txt", "md"), strict=True)
    ]
    assert [each["document"] for each in rows_of(path) if "document" in each] == names
    assert [contents(path)[name] for name in names] == [b"A paper."] * 2


def test_a_document_that_is_damaged_is_not_exported(tmp_path, bring_in, write_out, documents):
    made = bring_in(write(tmp_path / "bundle", row("a", document="documents/a.txt"), documents__a_txt="A paper."))
    digest = Paper.objects.get().sha256
    (documents / digest[:2] / digest).write_text("Another.")
    with pytest.raises(Unwritable, match="damaged"):
        write_out(made)
    assert list(tmp_path.glob("*export*")) == []


def test_an_erased_text_leaves_a_stub(cast, write_out):
    edition = cast.editions.get(number=1)
    Text.objects.filter(pk=edition.text_id).update(content="")
    assert rows_of(write_out(cast))[0]["status"] == "withdrawn"


def test_the_manifest_lists_every_file_with_its_checksum(cast, write_out):
    files = contents(write_out(cast))
    listed = dict(reversed(line.split("  ")) for line in files.pop("manifest-sha256.txt").decode().splitlines())
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def test_two_zips_of_one_record_are_the_same_bytes(cast, write_out):
    first, second = write_out(cast, ".zip"), write_out(cast, ".zip")
    assert first.read_bytes() == second.read_bytes()
    assert contents(first) == contents(write_out(cast))
    with zipfile.ZipFile(first) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_export_replaces_nothing(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").write_text("mine")
    (tmp_path / "a.zip").write_text("mine")
    for path in (tmp_path / "full", tmp_path / "a.zip", tmp_path / "no" / "where"):
        with pytest.raises(Unwritable), written(path):
            pass
    assert (tmp_path / "a.zip").read_text() == "mine"


def test_an_export_that_fails_leaves_nothing_behind(tmp_path):
    def interrupted():
        yield b"{"
        raise KeyboardInterrupt

    for name in ("folder", "file.zip"):
        with pytest.raises(KeyboardInterrupt), written(tmp_path / name) as target:
            target.put("consultation.json", interrupted())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.once
def test_an_export_takes_the_same_queries_for_ten_rows_as_for_a_hundred(write_out, thread):
    consultation = thread.consultation
    world.many(thread, 10)
    with CaptureQueriesContext(connection) as few:
        write_out(consultation)
    world.many(thread, 90)
    with CaptureQueriesContext(connection) as many:
        write_out(consultation)
    assert Contribution.objects.count() == 100
    assert len(few) == len(many)
