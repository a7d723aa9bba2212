"""Contributions, versions and editions, from `contributions.jsonl`: in batches, each row read and forgotten, with the
tables that they come into.
"""

import datetime
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched

from django.db import connection

from plenara.bundles.validation.bundle import Checked
from plenara.bundles.validation.contributions import PUBLISHED, editions, name_of_document, number_in_force
from plenara.bundles.validation.index import REJECTED, Column, Position
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.actions import search_index
from plenara.contributions.actions.tallies import day_in_utc
from plenara.contributions.models import (
    Byline,
    Contribution,
    DayTally,
    Edition,
    EditionSignatory,
    Paper,
    Signatory,
    Tally,
    Text,
    Translation,
    Version,
    new_public_id,
)
from plenara.core import clock
from plenara.core.database import BulkTable, Values
from plenara.core.languages import CODES
from plenara.core.life_cycle import State
from plenara.core.rows import Json, read_moment
from plenara.core.text import digest
from plenara.search.entries import Content


class Tables:
    """Each as rows go into it in bulk."""

    def __init__(self, consultation_id: int, now: datetime.datetime):
        self.contributions = BulkTable(Contribution, consultation_id=consultation_id)
        self.texts, self.bylines = BulkTable(Text), BulkTable(Byline)
        self.versions = BulkTable(Version, state=State.PUBLISHED.value)
        self.editions = BulkTable(Edition, consultation_id=consultation_id, minted_at=now, changed_at=now)


type Row = Json

BATCH = 500
#: Keys that have no column; an export writes them again.
EXTRAS = ("keywords", "themes", "stance", "tallies", "document", "entered")


#: An edition that is to be made: its key and its contribution's, the row, where that stands, which of its editions,
#: and the keys of version, text and byline.
type RowDict = tuple[int, int, Row, Position, Row, tuple[int, int, int] | None]


@dataclass
class Loading:
    """What is known while the rows come in."""

    consultation: Consultation
    threads: dict[int, Thread]
    papers: dict[tuple[str, str], Paper]
    checked: Checked
    now: datetime.datetime = field(default_factory=clock.now)
    tallies: Counter[tuple[int, str, str, str, str]] = field(default_factory=Counter)
    days: Counter[tuple[int, datetime.date | None]] = field(default_factory=Counter)
    early: list[tuple[int, str]] = field(default_factory=list)  # replies that stand before what they answer

    def __post_init__(self) -> None:
        self._tables = Tables(self.consultation.pk, self.now)
        #: Id in the bundle → our primary key.
        self.ids: Mapping[str, int] = Column(self.checked.everything.seen, "key")

    def load(self, rows: Iterable[Row]) -> None:
        """Make everything that the rows say."""
        for first, some in enumerate(batched(rows, BATCH)):
            self._load(some, first * BATCH + 1)
        for key, name in self.early:
            Contribution.objects.filter(pk=key).update(in_reply_to_id=self.ids[name])
        # A campaign's text is found by the names of all its participants, wherever they are in the file.
        listed = Edition.objects.filter(consultation=self.consultation, in_force=True, campaign_of__isnull=False)
        leads = Edition.objects.filter(consultation=self.consultation, number__in=listed.values("campaign_of"))
        search_index.index_editions(leads.filter(in_force=True).values_list("pk", flat=True))
        Tally.objects.bulk_create(
            (
                Tally(
                    thread_id=thread,
                    stakeholder_group=group,
                    language=language,
                    country=country,
                    channel=channel,
                    count=count,
                )
                for (thread, group, language, country, channel), count in self.tallies.items()
            ),
            batch_size=BATCH,
        )
        DayTally.objects.bulk_create(
            (DayTally(thread_id=thread, day=day, count=count) for (thread, day), count in self.days.items()),
            batch_size=BATCH,
        )

    def _load(self, rows: Sequence[Row], place: int) -> None:
        tables, known = self._tables, self.checked.everything.seen.positions(place, len(rows))
        keys = tables.contributions.keys(len(rows))
        own = dict(zip((row["id"] for row in rows), keys, strict=True))
        for key, row, one in zip(keys, rows, known, strict=True):
            if "in_reply_to" in row and one.parent_key is None and row["in_reply_to"] not in own:
                self.early.append((key, row["in_reply_to"]))
        tables.contributions.put(
            self._contribution(key, row, one, own, place + at)
            for at, (key, row, one) in enumerate(zip(keys, rows, known, strict=True))
        )
        self.checked.everything.seen.keep_keys(place, keys)
        rows_of_editions = [
            (key, row, one, each)
            for key, row, one in zip(keys, rows, known, strict=True)
            if row["status"] != REJECTED
            for each in editions(row)
        ]
        published = [each for each in rows_of_editions if each[1]["status"] == PUBLISHED]
        texts, bylines, versions = (
            table.keys(len(published)) for table in (tables.texts, tables.bylines, tables.versions)
        )
        tables.texts.put(
            {"id": key, "content": each["text"], "sha256": digest(each["text"])}
            for key, (*_some, each) in zip(texts, published, strict=True)
        )
        self._translate([(row, each, text) for text, (_key, row, _one, each) in zip(texts, published, strict=True)])
        tables.bylines.put(
            _byline(key, row["author"], is_disowned=each.get("disowned", False))
            for key, (_key, row, _one, each) in zip(bylines, published, strict=True)
        )
        tables.versions.put(
            self._version(version, of, row, each, text, byline)
            for version, text, byline, (of, row, _one, each) in zip(versions, texts, bylines, published, strict=True)
        )
        made = iter(zip(versions, texts, bylines, strict=True))
        edition_keys = tables.editions.keys(len(rows_of_editions))
        self._publish(
            [
                (key, *each, next(made) if each[1]["status"] == PUBLISHED else None)
                for key, each in zip(edition_keys, rows_of_editions, strict=True)
            ]
        )
        if connection.vendor == "postgresql":
            # What rows refer to is looked at now: kept until the commit, millions of such looks would fill the memory.
            connection.check_constraints()

    def _publish(self, rows: list[RowDict]) -> None:
        """Make the editions, who signed them, and what can be found of them."""
        self._tables.editions.put(
            self._edition(key, of, row, one, each, made) for key, of, row, one, each, made in rows
        )
        in_force = [each for each in rows if each[4]["number"] == number_in_force(each[2])]
        self._add_signatories(
            [
                (key, made[0], author)
                for key, _of, row, _one, _each, made in in_force
                if made
                for author in row.get("signatories", ())
            ]
        )
        for _key, _of, row, _one, _each, made in in_force:
            if made:
                self._count(row)
        search_index.index_new_editions(
            self._found(key, row, one, each)
            for key, _of, row, one, each, made in in_force
            if made and one.campaign is None
        )
        search_index.index_papers_of(key for key, _of, row, *_some, made in in_force if made and self._paper(row))

    def _count(self, row: Row) -> None:
        author, thread = row["author"], self.threads[row["thread"]].pk
        cell = (thread, author["stakeholder_group"], row["language"], author.get("country", ""), row.get("channel", ""))
        self.tallies[cell] += 1
        self.days[thread, self._day(row)] += 1

    def _found(self, key: int, row: Row, one: Position, each: Row) -> Content:
        """Return what can be found of an edition in force, as `searching` has it of one that is in the record."""
        thread, signed = self.threads[row["thread"]], [row["author"], *row.get("signatories", ())]
        return search_index.content_of(
            key,
            at=read_moment(each.get("published_at")) or read_moment(row.get("submitted_at")),
            title=each.get("title") or row.get("title") or "",
            text=each["text"],
            is_reply=one.parent_number is not None,
            consultation_id=self.consultation.pk,
            thread_id=thread.pk,
            group=row["author"]["stakeholder_group"],
            country=row["author"].get("country", ""),
            language=each["language"],
            themes=row.get("themes") or thread.themes,
            channel=row.get("channel", ""),
            symbol=self._symbol(one, each),
            signed=[author.get(name, "") for author in signed for name in ("name", "organization")],
        )

    def _translate(self, rows: list[tuple[Row, Row, int]]) -> None:
        """Keep the translations of texts; of two into the same language the first, whichever file they stand in."""
        translated = {row["id"]: row for row, _one, _text in rows if "translations" in row}
        kept = {name: _with_columns(row) for name, row in translated.items()}
        Translation.objects.bulk_create(
            Translation(
                text_id=text,
                language=each["language"],
                title=each.get("title", ""),
                content=each["text"],
                is_machine=each.get("origin") == "machine",
                maker=each.get("made_by", ""),
                at=read_moment(each.get("at")),
                is_public=True,
            )
            for row, one, text in rows
            if row["id"] in kept
            for each in kept[row["id"]].get(one["number"], ())
        )

    def _add_signatories(self, signed: list[tuple[int, int, Row]]) -> None:
        """Keep who signed editions besides their authors: in the record, and at the version, which brings them back."""
        bylines = self._tables.bylines.keys(len(signed))
        self._tables.bylines.put(_byline(key, author) for key, (*_keys, author) in zip(bylines, signed, strict=True))
        places: Counter[int] = Counter()
        record, working = [], []
        for (edition, version, _author), byline in zip(signed, bylines, strict=True):
            places[edition] += 1
            record.append(EditionSignatory(edition_id=edition, byline_id=byline, place=places[edition]))
            working.append(
                Signatory(
                    version_id=version,
                    byline_id=byline,
                    token_digest=secrets.token_hex(32),  # of no link
                    asked_at=self.now,
                    confirmed_at=self.now,
                )
            )
        EditionSignatory.objects.bulk_create(record)
        Signatory.objects.bulk_create(working)

    def _contribution(self, key: int, row: Row, one: Position, own: dict[str, int], place: int) -> Values:
        submitted_at, published_at = read_moment(row.get("submitted_at")), read_moment(row.get("published_at"))
        kept = {name: row[name] for name in EXTRAS if name in row}
        if "translations" in row:
            ours = {id(each) for some in _with_columns(row).values() for each in some}
            if others := [each for each in row["translations"] if id(each) not in ours]:
                kept["translations"] = others
        if row["status"] == REJECTED and submitted_at:
            kept["submitted_at"] = row["submitted_at"]
        return {
            "id": key,
            "thread_id": self.threads[row["thread"]].pk,
            "in_reply_to_id": one.parent_key or own.get(row.get("in_reply_to", "")),
            "state": row["status"],
            "channel": row.get("channel", ""),
            "occasion": row.get("occasion", ""),
            "created_at": submitted_at or published_at or self.now,
            "state_at": read_moment(row.get("gone_at")) or published_at or submitted_at or self.now,
            "public_id": new_public_id(),
            "number": one.number,
            "symbol": one.symbol,
            "moved_from": row.get("moved_from"),
            "reason": row.get("reason", ""),
            "bundle_id": row["id"],
            "place": place,
            "bundle": kept,
        }

    def _version(self, key: int, of: int, row: Row, each: Row, text: int, byline: int) -> Values:
        in_force = each["number"] == number_in_force(row)
        return {
            "id": key,
            "contribution_id": of,
            "number": each["number"] + 1,
            "title": each.get("title", row.get("title", "")),
            "text_id": text,
            "byline_id": byline,
            "language": each["language"],
            "paper_id": self._paper(row) if in_force else None,
            "submitted_at": read_moment((row if in_force else each).get("submitted_at")),
            "part": _part(row, each),
            "is_redacted": each.get("redacted", False),
        }

    def _paper(self, row: Row) -> int | None:
        return self.papers[row["document"], name_of_document(row)].pk if "document" in row else None

    def _symbol(self, one: Position, each: Row) -> str:
        return f"{one.symbol}/Rev.{each['number']}" if each["number"] else str(one.symbol)

    def _edition(
        self, key: int, of: int, row: Row, one: Position, each: Row, made: tuple[int, int, int] | None
    ) -> Values:
        """Return an edition; `made` are the keys of its version, text and byline, where it has them."""
        in_force = each["number"] == number_in_force(row)
        version, text, byline = made or (None, None, None)
        return {
            "id": key,
            "contribution_id": of,
            "thread_id": self.threads[row["thread"]].pk,
            "version_id": version,
            "number": one.number,
            "revision": each["number"],
            "symbol": self._symbol(one, each),
            "title": each.get("title", row.get("title", "")) if made else "",
            "text_id": text,
            "byline_id": byline,
            "language": each["language"] if made else "",
            "stakeholder_group": row["author"]["stakeholder_group"] if made else "",
            "paper_id": self._paper(row) if made and in_force else None,
            "in_reply_to": one.parent_number,
            "root": one.root,
            "part": _part(row, each),
            "is_redacted": bool(made) and each.get("redacted", False),
            "channel": row.get("channel", ""),
            "campaign_of": one.campaign if in_force else None,
            "submitted_at": read_moment((row if in_force else each).get("submitted_at")),
            "published_at": read_moment(each.get("published_at")),
            "in_force": in_force,
            "status": row["status"],
            "gone_at": read_moment(row.get("gone_at")),
            "gone_reason": row.get("reason", ""),
        }

    def _day(self, row: Row) -> datetime.date | None:
        """Return the day on which a contribution first appeared, as `tallying.day_of` has it."""
        first, *later = editions(row)
        if first["number"]:
            return None
        return day_in_utc(read_moment(first.get("published_at") or ("" if later else row.get("submitted_at"))))


def _revision_of(row: Row, translation: Row) -> int:
    """Return of which edition's text a translation is: unless it says so, of the one in force."""
    return int(translation.get("revision", number_in_force(row)))


def _part(row: Row, one: Row) -> int | None:
    """Return the paragraph that an edition speaks to: unless it says so, that of the one in force."""
    return one.get("paragraph", row.get("paragraph")) or None


def _with_columns(row: Row) -> dict[int, list[Row]]:
    """Return the translations that have a row of their own, by the number of the edition whose text they are of.

    They are into one of the six languages, of a text that is there, the first of their kind.
    """
    first: dict[tuple[int, str], Row] = {}
    for each in row["translations"]:
        first.setdefault((_revision_of(row, each), each["language"]), each)
    found: dict[int, list[Row]] = {one["number"]: [] for one in editions(row)}
    for (number, language), each in first.items():
        if language in CODES and number in found:
            found[number].append(each)
    return found


def _byline(key: int, author: Row, *, is_disowned: bool = False) -> Values:
    return {
        "id": key,
        "name": author.get("name", ""),
        "withheld": author.get("withheld", False),
        "stakeholder_group": author["stakeholder_group"],
        "capacity": author.get("capacity", ""),
        "organization": author.get("organization", ""),
        "organization_verified": author.get("organization_verified"),
        "country": author.get("country", ""),
        "is_disowned": is_disowned,
    }
