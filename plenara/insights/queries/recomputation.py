"""Calculates every figure of a public page again from the rows of a bundle (docs/bundle.md) only; and
compares two sets of figures.
"""

import datetime
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median_low
from typing import NamedTuple

from plenara.core.rows import Json

#: Keys of counts in an object of a list; the other keys identify it.
_COUNTS = ("contributions", "decisions")
#: The deepest nesting of figures, and the longest name or value shown: the input is untrusted.
_DEEP, _MOST = 8, 100


class Difference(NamedTuple):
    """A figure that differs from the claim."""

    name: str
    claimed: str
    recomputed: str


def differences(claims: object, recomputed: object) -> list[Difference]:
    """Return every figure that differs, in the order of the names. A zero may be missing."""
    claimed, found = _by_name(claims), _by_name(recomputed)
    return [
        _differing(name, claimed.get(name, "nothing"), found.get(name, "nothing"))
        for name in sorted(claimed.keys() | found.keys())
        if claimed.get(name) != found.get(name)
    ]


def _by_name(figures: object) -> dict[str, str]:
    """Return every figure by its name; both values if it occurs twice."""
    named: dict[str, str] = {}
    for name, figure in _flat(figures, ""):
        named[name] = f"{named[name]} and {figure}" if name in named else figure
    return named


def _flat(value: object, name: str, deep: int = 0) -> Iterator[tuple[str, str]]:
    """Yield each figure with its name: `by_country.ML`, `cells[language en, question 1].contributions`."""
    if deep > _DEEP:
        yield name, "something else"
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _flat(each, f"{name}.{_text(key)}" if name else _text(key), deep + 1)
    elif isinstance(value, list):
        for at, each in enumerate(value):
            counts = {key: each[key] for key in _COUNTS if key in each} if isinstance(each, dict) else {}
            of = ", ".join(_of(each)) if counts else str(at)
            yield from _flat(counts or each, f"{name}[{of}]", deep + 1)
    elif value not in (None, 0, ""):
        yield name, _text(value)


def _of(row: Json) -> Iterator[str]:
    keys = sorted(key for key in row if key not in _COUNTS and row[key] not in ("", 0, None))
    return (f"{_text(key)} {_text(row[key])}" for key in keys[:_DEEP])


def _text(value: object) -> str:
    """Return a key or a value as text."""
    return "something else" if isinstance(value, dict | list) else str(value) or "(not known)"


def _differing(name: str, claim: str, recomputed: str) -> Difference:
    """Return a difference for a message: on one line, of two long texts the first part that differs."""
    at = next((at for at, (one, other) in enumerate(zip(claim, recomputed, strict=False)) if one != other), 0)
    begin = max(at - _MOST // 2, 0) if max(len(claim), len(recomputed)) > _MOST else 0
    return Difference(_cut(name, 0), _cut(claim, begin), _cut(recomputed, begin))


def _cut(text: str, begin: int) -> str:
    part = "".join(each if each.isprintable() else "?" for each in text[begin : begin + _MOST])
    return f"{'…' * (begin > 0)}{part}{'…' * (len(text) > begin + _MOST)}"


FORMAT = "plenara-figures/1"


type Row = Json
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
        """Add a row; `number` is its own, or the one that an import mints for it."""
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
        """Yield rows unchanged, and add each. Without `numbers` each row has its own."""
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
        return None, None  # the first edition is missing
    published = (listed[0] if listed else row).get("published_at")
    is_only = not listed or (len(listed) == 1 and _same(listed[0], row))
    if is_only:
        published = published or row.get("published_at")
    first = moment(published) if published else None
    counted = first or (moment(row["submitted_at"]) if is_only and row.get("submitted_at") else None)
    return first, counted.astimezone(datetime.UTC).date().isoformat() if counted else None


def _same(revision: Row, row: Row) -> bool:
    """Return whether a revision is the edition in force: an archive may list only the earlier ones."""
    return (revision.get("text"), revision.get("language")) == (row.get("text"), row.get("language"))


CELL = ("question", "stakeholder_group", "language", "country", "channel")


def contributed_figures(facts: Facts, threads: Iterable[int]) -> Json:
    """Return the figures; keys of counts are texts, blank for what is not known."""
    rows = facts.by_number()
    by = {name: Counter(str(_cell(each)[at]) for each in rows) for at, name in enumerate(CELL)}
    days = Counter((each.thread, each.day) for each in rows)
    by_day = Counter(each.day for each in rows if each.day)
    return {
        "contributions": len(rows),
        "replies": sum(each.answers in facts.numbers for each in rows if each.answers),
        "countries": len(set(by["country"]) - {""}),
        "undated": sum(each.day is None for each in rows),
        "by_day": dict(sorted(by_day.items())),
        "by_question": {str(number): by["question"][str(number)] for number in threads},
        "by_stakeholder_group": dict(by["stakeholder_group"]),
        "by_country": dict(by["country"]),
        "by_language": dict(by["language"]),
        "by_channel": dict(by["channel"]),
        "cells": contributed_cells(Counter(_cell(each) for each in rows)),
        "days": [
            {"question": thread, "day": day or "", "contributions": count}
            for (thread, day), count in sorted(days.items(), key=lambda each: (each[0][0], each[0][1] or ""))
        ],
        "votes": {str(each.number): dict(each.votes) for each in rows if each.votes},
        "campaigns": _campaigns(facts, rows),
        "signatories": {str(each.number): each.signatories for each in rows if each.signatories},
    }


def _cell(fact: Fact) -> tuple[int, str, str, str, str]:
    return fact.thread, fact.group, fact.language, fact.country, fact.channel


def contributed_cells(counts: Counter[tuple[int, str, str, str, str]]) -> list[Json]:
    """Return the finest counts as objects: whatever filters a page offers, their sums are its figures."""
    return [dict(zip(CELL, key, strict=True)) | {"contributions": n} for key, n in sorted(counts.items()) if n]


def _campaigns(facts: Facts, rows: list[Fact]) -> Json:
    """Return how many submitted the same words, by group, under the number of the contribution that leads."""
    groups: dict[str, Counter[str]] = {}
    for each in rows:
        lead = facts.published.get(each.campaign or "")
        if lead:
            groups.setdefault(str(lead.number), Counter([lead.group]))[each.group] += 1
    return {number: {"contributions": found.total(), "groups": dict(found)} for number, found in groups.items()}


#: Decisions on publication, and the outcomes of an appeal.
BEFORE = ("APPROVED", "RETURNED_FOR_REVISION", "MOVED", "REJECTED")
APPEALS = frozenset({"pending", "upheld", "overruled", "withdrawn"})
#: How many of the latest decisions are compared with a promise, and the fewest that are enough.
LATEST, FEWEST = 200, 5


def moderated_figures(decisions: Iterable[Row]) -> Json:
    """Return the figures of the register and of the turnaround."""
    rows = sorted(decisions, key=lambda row: row["number"])
    in_force = [row for row in rows if "undone_at" not in row]
    return {"register": _register(rows, in_force), "turnaround": _turnaround(in_force)}


def _register(rows: list[Row], in_force: list[Row]) -> Json:
    counts = Counter(
        (row.get("code", ""), row.get("thread") or 0, row.get("language", ""), _appeal(row)) for row in in_force
    )
    return {"decisions": len(rows), "undone": len(rows) - len(in_force), "cells": register_cells(counts)}


def register_cells(counts: Counter[tuple[str, int, str, str]]) -> list[Json]:
    """Return the finest counts of the register as objects: what its filters show are their sums."""
    names = ("code", "question", "language", "appeal")
    return [dict(zip(names, key, strict=True)) | {"decisions": n} for key, n in sorted(counts.items())]


def _appeal(row: Row) -> str:
    """Return the outcome of an appeal; None if it has no date, or an unknown outcome."""
    appeal = row.get("appeal", {})
    return appeal["status"] if "at" in appeal and appeal.get("status") in APPEALS else ""


def _turnaround(in_force: list[Row]) -> Json:
    after: Counter[str] = Counter()
    counted = []
    for row in in_force:
        if _code(row) not in BEFORE or (row.get("after_publication") and "overrules" not in row):
            after[_code(row)] += 1
        elif "overrules" not in row:
            counted.append(row)
    latest = [row["waited"] for row in in_force if _is_lately(row)][-LATEST:]
    return {
        "all": turn(counted),
        "by_question": _by(counted, lambda row: row.get("thread")),
        "by_language": _by(counted, lambda row: row.get("language")),
        "by_week": _weeks(counted),
        "after_publication": dict(after),
        "appeals": dict(Counter(filter(None, map(_appeal, in_force)))),
        "lately_minutes": median_low(latest) if len(latest) >= FEWEST else None,
    }


def _code(row: Row) -> str:
    """Return the code of a decision; an approval with words left out counts as an approval."""
    code = row.get("code", "")
    return "APPROVED" if code == "REDACTED" else str(code)


def _is_lately(row: Row) -> bool:
    return _code(row) in BEFORE and "waited" in row and "overrules" not in row


def turn(rows: list[Row]) -> Json:
    """Return how many were decided, how, and within how many minutes half and nine of ten were."""
    times = sorted(row["waited"] for row in rows if "waited" in row)
    codes = Counter(_code(row) for row in rows)
    return turn_of(codes, times)


def turn_of(codes: Counter[str], times: list[int]) -> Json:
    """Return the same of counts by code and of minutes in order."""
    figures: Json = {"decided": codes.total(), "timed": len(times)}
    figures |= {code: codes[code] for code in BEFORE}
    if times:
        figures["median_minutes"] = median_low(times)
        figures["ninetieth_minutes"] = times[math.ceil(len(times) * 0.9) - 1]
    return figures


def _by(rows: list[Row], of: Callable[[Row], object]) -> Json:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if of(row):
            found.setdefault(str(of(row)), []).append(row)
    return {key: turn(some) for key, some in found.items()}


def _weeks(rows: list[Row]) -> Json:
    """Return every week (by its Monday, UTC) from the first decision to the last."""
    found: dict[datetime.date, list[Row]] = {}
    for row in rows:
        if row.get("at"):
            day = moment(row["at"]).astimezone(datetime.UTC).date()
            found.setdefault(day - datetime.timedelta(days=day.weekday()), []).append(row)
    weeks = {}
    monday = min(found, default=None)
    while monday and monday <= max(found):
        weeks[monday.isoformat()] = turn(found.get(monday, []))
        monday += datetime.timedelta(weeks=1)
    return weeks


FRAME, HELD = "frame", "held"
#: The properties by which a summary shows how much is cited, by their stored names.
_BY: dict[str, Callable[[Fact], str]] = {
    "groups": lambda each: each.group,
    "by_language": lambda each: each.language,
    "countries": lambda each: each.country,
    "channels": lambda each: each.channel or "web",
    "threads": lambda each: str(each.thread),
}
#: From this number on, the page of new contributions says only that there are more.
MOST_NEW = 1_000


def coverage(row: Row, facts: Facts) -> Json:
    """Return what a summary's period has, and what the summary cites of it, from the present rows.

    A contribution belongs to the period in which it first appeared. A campaign has one text: to cite one of its
    contributions is to cite all.
    """
    begins, ends = moment(row["period"]["from"]), moment(row["period"]["to"])
    inside = [each for each in facts.by_number() if each.first and begins <= each.first <= ends]
    campaigns = {each.name: facts.numbers.get(each.campaign or "", each.number) for each in inside}
    mates: dict[int, list[str]] = {}
    for name, campaign in campaigns.items():
        mates.setdefault(campaign, []).append(name)

    def with_mates(names: Iterable[str]) -> list[str]:
        found: dict[str, None] = {}
        for name in names:
            found[name] = None
            found |= dict.fromkeys(mates.get(campaigns.get(name, 0), ()))
        return list(found)

    cited = set(with_mates(cite["contribution"] for each in row["statements"] for cite in each["cites"]))
    aside = {each["contribution"] for each in row.get("set_aside", ())}
    groups = {each.name: each.group for each in inside}
    found = {
        **{name: _shares(inside, of, cited) for name, of in _BY.items()},
        "held": {
            str(each["number"]): {
                side: _counts_by_group(with_mates(names), groups) for side, names in _sides(each["cites"]).items()
            }
            for each in row["statements"]
            if each["cites"] and each.get("kind") != FRAME
        },
        "left_out": [each.name for each in inside if each.name not in cited | aside],
    }
    ticks = "".join("1" if each.name in cited else "0" for each in inside)
    return {"ticks": ticks} | {key: value for key, value in found.items() if value}


def _shares(inside: list[Fact], of: Callable[[Fact], str], cited: set[str]) -> dict[str, list[int]]:
    """Return [all, cited] by what `of` names."""
    counts: dict[str, list[int]] = {}
    for each in inside:
        count = counts.setdefault(of(each), [0, 0])
        count[0] += 1
        count[1] += each.name in cited
    return counts


def _sides(cites: Iterable[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for cite in cites:
        found.setdefault(cite.get("side", HELD), []).append(cite["contribution"])
    return found


def _counts_by_group(names: list[str], groups: Mapping[str, str]) -> Json:
    """Return how many contributions of the period have the words, by group, and how many from elsewhere."""
    inside = [name for name in names if name in groups]
    return {"groups": dict(Counter(groups[name] for name in inside)), "outside": len(names) - len(inside)}


def is_same_coverage(stored: Json, found: Json) -> bool:
    """Return whether a summary's stored coverage equals that of the rows."""
    one, other = ({**each, "left_out": sorted(each.get("left_out", ()))} for each in (stored, found))
    return one == other


def summarized_figures(summaries: Iterable[Row], facts: Facts) -> Json:
    """Return the figures of all summaries, by number; the statements by question; what is new since the last.

    A row with `coverage` has that of its publication: something has changed since.
    """
    rows = list(summaries)
    compiled = Counter(str(each.get("thread", 0)) for row in rows for each in row["statements"])
    return {
        "summaries": {
            str(row["number"]): summary_figures(
                row.get("coverage") or coverage(row, facts),
                statements=len(row["statements"]),
                set_aside=len(row.get("set_aside", ())),
                corrections=len(row.get("corrections", ())),
            )
            for row in rows
        },
        "compilation": dict(compiled),
        "since": new_contributions(rows, facts),
    }


def summary_figures(coverage: Json, *, statements: int, set_aside: int, corrections: int) -> Json:
    """Return the figures of one summary, from its coverage."""
    names = {"groups": "by_stakeholder_group", "countries": "by_country", "channels": "by_channel"}
    names |= {"by_language": "by_language", "threads": "by_question"}
    return {
        "statements": statements,
        "contributions": len(coverage["ticks"]),
        "cited": coverage["ticks"].count("1"),
        "set_aside": set_aside,
        "left_out": len(coverage.get("left_out", ())) + set_aside,
        "corrections": corrections,
        "ticks": coverage["ticks"],
        **{
            name: {key: {"all": counts[0], "cited": counts[1]} for key, counts in coverage[stored].items()}
            for stored, name in names.items()
            if stored in coverage
        },
        "held": coverage.get("held", {}),
    }


def new_contributions(rows: list[Row], facts: Facts) -> int | None:
    """Return how many contributions came after the last summary's period, one of each campaign.

    None if that depends on when undated ones came to an installation, which a bundle does not say.
    """
    listed = [each for each in facts.published.values() if each.campaign not in facts.numbers]
    if rows:
        if any(each.first is None for each in facts.published.values()):
            return None
        last = max(moment(row["period"]["to"]) for row in rows)
        listed = [each for each in listed if each.first and each.first > last]
    return min(len(listed), MOST_NEW + 1)


def consultation_figures(consultation: Row, facts: Facts, decisions: Iterable[Row], summaries: Iterable[Row]) -> Json:
    """Return the figures. `facts` has every row of `contributions.jsonl`."""
    return {
        "format": FORMAT,
        "consultation": {"slug": consultation["slug"], "symbol": consultation["symbol"]},
        **contributed_figures(facts, [each["number"] for each in consultation["threads"]]),
        **moderated_figures(decisions),
        **summarized_figures(summaries, facts),
    }
