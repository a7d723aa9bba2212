"""What summaries say of their periods: how much is cited, of whom, what is left out, and who holds a statement."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from plenara.insights.recomputing.facts import Fact, Facts, Row, moment

FRAME, HELD = "frame", "held"
#: The properties by which a summary tells how much is cited, by the name under which it keeps them.
_BY: dict[str, Callable[[Fact], str]] = {
    "groups": lambda each: each.group,
    "by_language": lambda each: each.language,
    "countries": lambda each: each.country,
    "channels": lambda each: each.channel or "web",
    "threads": lambda each: str(each.thread),
}
#: Past how many new contributions their page says only that there are more.
MOST_NEW = 1_000


def coverage(row: Row, facts: Facts) -> dict[str, Any]:
    """Return what a summary's period has, and what of it the summary cites, from the rows as they stand now.

    A contribution belongs to the period in which it first appeared. A campaign has one text: who cites one of its
    contributions cites the words of all.
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
                side: _held(with_mates(names), groups) for side, names in _sides(each["cites"]).items()
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


def _held(names: list[str], groups: Mapping[str, str]) -> dict[str, Any]:
    """Return in how many contributions of the period words stand, by group, and in how many from elsewhere."""
    inside = [name for name in names if name in groups]
    return {"groups": dict(Counter(groups[name] for name in inside)), "outside": len(names) - len(inside)}


def same(kept: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Say whether a summary's coverage as it was kept is what the rows give."""
    one, other = ({**each, "left_out": sorted(each.get("left_out", ()))} for each in (kept, found))
    return one == other


def figures(summaries: Iterable[Row], facts: Facts) -> dict[str, Any]:
    """Return the figures of all summaries, by number; the statements by question; what is new since the last.

    A row that has `coverage` tells it as it was when the summary was published: something changed since.
    """
    rows = list(summaries)
    compiled = Counter(str(each.get("thread", 0)) for row in rows for each in row["statements"])
    return {
        "summaries": {
            str(row["number"]): summary(
                row.get("coverage") or coverage(row, facts),
                statements=len(row["statements"]),
                set_aside=len(row.get("set_aside", ())),
                corrections=len(row.get("corrections", ())),
            )
            for row in rows
        },
        "compilation": dict(compiled),
        "since": since(rows, facts),
    }


def summary(told: Mapping[str, Any], *, statements: int, set_aside: int, corrections: int) -> dict[str, Any]:
    """Return the figures of one summary, from its coverage."""
    names = {"groups": "by_stakeholder_group", "countries": "by_country", "channels": "by_channel"}
    names |= {"by_language": "by_language", "threads": "by_question"}
    return {
        "statements": statements,
        "contributions": len(told["ticks"]),
        "cited": told["ticks"].count("1"),
        "set_aside": set_aside,
        "left_out": len(told.get("left_out", ())) + set_aside,
        "corrections": corrections,
        "ticks": told["ticks"],
        **{
            name: {key: {"all": counts[0], "cited": counts[1]} for key, counts in told[kept].items()}
            for kept, name in names.items()
            if kept in told
        },
        "held": told.get("held", {}),
    }


def since(rows: list[Row], facts: Facts) -> int | None:
    """Return how many contributions came after the last summary's period, one of each campaign.

    Nothing where that depends on when undated ones came to an installation, which a bundle does not say.
    """
    listed = [each for each in facts.published.values() if each.campaign not in facts.numbers]
    if rows:
        if any(each.first is None for each in facts.published.values()):
            return None
        last = max(moment(row["period"]["to"]) for row in rows)
        listed = [each for each in listed if each.first and each.first > last]
    return min(len(listed), MOST_NEW + 1)
