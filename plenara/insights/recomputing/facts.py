"""What is kept of each row of `contributions.jsonl`: a few words, never its text."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

type Row = Mapping[str, Any]
PUBLISHED, REJECTED = "published", "rejected"


class Fact(NamedTuple):
    """A published contribution. `first` is when it first appeared, `day` on which day (UTC) it counts."""

    name: str
    number: int
    thread: int
    group: str
    language: str
    country: str
    channel: str
    first: datetime.datetime | None
    day: str | None
    answers: str | None
    campaign: str | None
    signatories: int
    votes: Mapping[str, int]


@dataclass
class Facts:
    """The published contributions of a bundle by id, and the numbers of all that were ever published."""

    published: dict[str, Fact] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def add(self, row: Row, number: int | None) -> None:
        """Take in a row; `number` is its own, or the one that an import mints for it."""
        if row["status"] == REJECTED or number is None:
            return
        self.numbers[row["id"]] = number
        if row["status"] != PUBLISHED:
            return
        first, day = appeared(row)
        author = row["author"]
        self.published[row["id"]] = Fact(
            name=row["id"],
            number=number,
            thread=row["thread"],
            group=author["stakeholder_group"],
            language=row["language"],
            country=author.get("country", ""),
            channel=row.get("channel", ""),
            first=first,
            day=day,
            answers=row.get("in_reply_to"),
            campaign=row.get("campaign"),
            signatories=len(row.get("signatories", ())),
            votes=row.get("tallies", {}),
        )

    def passing[R: Row](self, rows: Iterable[R], numbers: Mapping[str, int] | None = None) -> Iterator[R]:
        """Yield rows as they come, and take each in. Without `numbers` each row has its own."""
        for row in rows:
            self.add(row, row.get("number") if numbers is None else numbers.get(row["id"]))
            yield row

    def by_number(self) -> list[Fact]:
        """Return the published contributions in the order of their numbers."""
        return sorted(self.published.values(), key=lambda each: each.number)


def moment(text: str) -> datetime.datetime:
    """Return a moment as a bundle writes it."""
    return datetime.datetime.fromisoformat(text)


def appeared(row: Row) -> tuple[datetime.datetime | None, str | None]:
    """Return when a contribution first appeared, and the day (UTC) on which it counts.

    `revisions` begins with the first edition, number 0. A contribution that was never revised and does not say when it
    was published counts on the day on which it was submitted.
    """
    listed = row.get("revisions", ())
    if listed and listed[0].get("number"):
        return None, None  # the first edition is not there
    published = (listed[0] if listed else row).get("published_at")
    is_only = not listed or (len(listed) == 1 and _same(listed[0], row))
    if is_only:
        published = published or row.get("published_at")
    first = moment(published) if published else None
    counted = first or (moment(row["submitted_at"]) if is_only and row.get("submitted_at") else None)
    return first, counted.astimezone(datetime.UTC).date().isoformat() if counted else None


def _same(revision: Row, row: Row) -> bool:
    """Say whether a revision is the edition in force: an archive may list the earlier ones alone."""
    return (revision.get("text"), revision.get("language")) == (row.get("text"), row.get("language"))
