"""Contributions, versions and editions, from `contributions.jsonl`: in batches, each row read and forgotten."""

import datetime
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from plenara.archive.bundle.checking.bundle import Checked
from plenara.archive.bundle.checking.contributions import PUBLISHED, REJECTED, editions
from plenara.archive.bundle.importing.consultation import moment
from plenara.common import clock
from plenara.common.languages import CODES
from plenara.common.text import digest
from plenara.consultations.models import Consultation, Thread
from plenara.contributions import searching
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
from plenara.contributions.tallying import day_in_utc

BATCH = 500
#: Keys that have no column; an export writes them again.
KEPT = ("keywords", "themes", "stance", "tallies", "document")


@dataclass
class Loading:
    """What is known while the rows come in."""

    consultation: Consultation
    threads: dict[int, Thread]
    papers: dict[str, Paper]
    checked: Checked
    now: datetime.datetime = field(default_factory=clock.now)
    ids: dict[str, int] = field(default_factory=dict)  # id in the bundle → our primary key
    tallies: Counter[tuple[int, str, str, str, str]] = field(default_factory=Counter)
    days: Counter[tuple[int, datetime.date | None]] = field(default_factory=Counter)
    early: list[tuple[int, str]] = field(default_factory=list)  # replies that stand before what they answer

    def load(self, rows: Iterable[dict[str, Any]]) -> None:
        """Make everything that the rows say."""
        for first, some in enumerate(batched(rows, BATCH)):
            self._load(some, first * BATCH + 1)
        for key, name in self.early:
            Contribution.objects.filter(pk=key).update(in_reply_to_id=self.ids[name])
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

    def _load(self, rows: tuple[dict[str, Any], ...], place: int) -> None:
        made = Contribution.objects.bulk_create(self._contribution(row, place + at) for at, row in enumerate(rows))
        for row, contribution in zip(rows, made, strict=True):
            self.ids[row["id"]] = contribution.pk
        for row, contribution in zip(rows, made, strict=True):
            if (name := row.get("in_reply_to")) and contribution.in_reply_to_id is None:
                self.early.append((contribution.pk, name))
        told = [
            (contribution, row, one)
            for row, contribution in zip(rows, made, strict=True)
            if row["status"] != REJECTED
            for one in editions(row)
        ]
        published = [each for each in told if each[1]["status"] == PUBLISHED]
        texts = Text.objects.bulk_create(
            Text(content=one["text"], sha256=digest(one["text"])) for _c, _row, one in published
        )
        self._translate([(row, one, text) for (_c, row, one), text in zip(published, texts, strict=True)])
        bylines = Byline.objects.bulk_create(_byline(row["author"]) for _c, row, _one in published)
        versions = Version.objects.bulk_create(
            self._version(contribution, row, one, text, byline)
            for (contribution, row, one), text, byline in zip(published, texts, bylines, strict=True)
        )
        by_place = {(version.contribution_id, version.number): version for version in versions}
        editions_made = Edition.objects.bulk_create(
            self._edition(contribution, row, one, by_place.get((contribution.pk, one["number"] + 1)))
            for contribution, row, one in told
        )
        self._sign(
            [
                (edition, author)
                for edition, (_contribution, row, _one) in zip(editions_made, told, strict=True)
                if edition.in_force
                for author in row.get("signatories", ())
            ]
        )
        searching.keep([each.pk for each in editions_made if each.in_force], are_new=True)

    def _translate(self, told: list[tuple[dict[str, Any], dict[str, Any], Text]]) -> None:
        """Keep the translations of texts; of two into the same language the first, whichever file they stand in."""
        Translation.objects.bulk_create(
            Translation(
                text=text,
                language=each["language"],
                title=each.get("title", ""),
                content=each["text"],
                is_machine=each.get("origin") == "machine",
                maker=each.get("made_by", ""),
                at=moment(each.get("at")),
                is_public=True,
            )
            for row, one, text in told
            for each in row.get("translations", ())
            if _has_column(row, each) and _revision_of(row, each) == one["number"]
        )

    def _sign(self, signed: list[tuple[Edition, dict[str, Any]]]) -> None:
        """Keep who signed editions besides their authors: in the record, and at the version, which brings them back."""
        bylines = Byline.objects.bulk_create(_byline(author) for _edition, author in signed)
        places: Counter[int] = Counter()
        record, working = [], []
        for (edition, _author), byline in zip(signed, bylines, strict=True):
            places[edition.pk] += 1
            record.append(EditionSignatory(edition=edition, byline=byline, place=places[edition.pk]))
            working.append(
                Signatory(
                    version_id=edition.version_id,
                    byline=byline,
                    token_digest=secrets.token_hex(32),  # of no link
                    asked_at=self.now,
                    confirmed_at=self.now,
                )
            )
        EditionSignatory.objects.bulk_create(record)
        Signatory.objects.bulk_create(working)

    def _contribution(self, row: dict[str, Any], place: int) -> Contribution:
        name = row["id"]
        submitted_at, published_at = moment(row.get("submitted_at")), moment(row.get("published_at"))
        kept = {key: row[key] for key in KEPT if key in row}
        if others := [each for each in row.get("translations", ()) if not _has_column(row, each)]:
            kept["translations"] = others
        if row["status"] == REJECTED and submitted_at:
            kept["submitted_at"] = row["submitted_at"]
        return Contribution(
            thread=self.threads[row["thread"]],
            consultation=self.consultation,
            in_reply_to_id=self.ids.get(row.get("in_reply_to", "")),
            state=row["status"],
            channel=row.get("channel", ""),
            occasion=row.get("occasion", ""),
            created_at=submitted_at or published_at or self.now,
            state_at=moment(row.get("gone_at")) or published_at or submitted_at or self.now,
            public_id=new_public_id(),
            number=self.checked.minted.numbers.get(name),
            symbol=self.checked.minted.symbols.get(name),
            moved_from=row.get("moved_from"),
            reason=row.get("reason", ""),
            bundle_id=name,
            place=place,
            bundle=kept,
        )

    def _version(
        self, contribution: Contribution, row: dict[str, Any], one: dict[str, Any], text: Text, byline: Byline
    ) -> Version:
        in_force = one["number"] == editions(row)[-1]["number"]
        return Version(
            contribution=contribution,
            number=one["number"] + 1,
            title=one.get("title", row.get("title", "")),
            text=text,
            byline=byline,
            language=one["language"],
            paper=self.papers.get(row.get("document", "")) if in_force else None,
            submitted_at=moment(row.get("submitted_at")) if in_force else None,
            part=_part(row, one),
            state=PUBLISHED,
        )

    def _edition(
        self, contribution: Contribution, row: dict[str, Any], one: dict[str, Any], version: Version | None
    ) -> Edition:
        number, revision = self.checked.minted.numbers[row["id"]], one["number"]
        in_force = revision == editions(row)[-1]["number"]
        symbol = self.checked.minted.symbols[row["id"]]
        edition = Edition(
            contribution=contribution,
            consultation=self.consultation,
            thread=self.threads[row["thread"]],
            number=number,
            revision=revision,
            symbol=f"{symbol}/Rev.{revision}" if revision else symbol,
            in_reply_to=self.checked.minted.numbers.get(row.get("in_reply_to", "")),
            root=self.checked.roots[row["id"]],
            part=_part(row, one),
            channel=contribution.channel,
            campaign_of=self.checked.minted.numbers.get(row.get("campaign", "")) if in_force else None,
            submitted_at=moment(row.get("submitted_at")) if in_force else None,
            published_at=moment(one.get("published_at")),
            minted_at=self.now,
            in_force=in_force,
            status=row["status"],
            gone_at=moment(row.get("gone_at")),
            gone_reason=row.get("reason", ""),
        )
        if version is not None:
            edition.version, edition.title, edition.text = version, version.title, version.text
            edition.byline, edition.language, edition.paper = version.byline, version.language, version.paper
            edition.stakeholder_group = version.byline.stakeholder_group
            if in_force:
                country = version.byline.country
                self.tallies[
                    edition.thread_id, edition.stakeholder_group, edition.language, country, edition.channel
                ] += 1
                self.days[edition.thread_id, self._day(row)] += 1
        return edition

    def _day(self, row: dict[str, Any]) -> datetime.date | None:
        """Return the day on which a contribution first appeared, as `tallying.day_of` has it."""
        first, *later = editions(row)
        if first["number"]:
            return None
        return day_in_utc(moment(first.get("published_at") or ("" if later else row.get("submitted_at"))))


def _revision_of(row: dict[str, Any], translation: dict[str, Any]) -> int:
    """Return of which edition's text a translation is: unless it says so, of the one in force."""
    return int(translation.get("revision", editions(row)[-1]["number"]))


def _part(row: dict[str, Any], one: dict[str, Any]) -> int | None:
    """Return the paragraph that an edition speaks to: unless it says so, that of the one in force."""
    return one.get("paragraph", row.get("paragraph")) or None


def _has_column(row: dict[str, Any], translation: dict[str, Any]) -> bool:
    """Say whether a translation has a row of its own: into one of the six languages, of a text that is there, the
    first of its kind."""
    of = (translation["language"], _revision_of(row, translation))
    same = [each for each in row["translations"] if (each["language"], _revision_of(row, each)) == of]
    return of[0] in CODES and any(one["number"] == of[1] for one in editions(row)) and same[0] is translation


def _byline(author: dict[str, Any]) -> Byline:
    return Byline(
        name=author.get("name", ""),
        withheld=author.get("withheld", False),
        stakeholder_group=author["stakeholder_group"],
        capacity=author.get("capacity", ""),
        organization=author.get("organization", ""),
        organization_verified=author.get("organization_verified"),
        country=author.get("country", ""),
    )
