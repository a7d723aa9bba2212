"""What was contributed: by every property, by day, and what single contributions show of votes and campaigns."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from plenara.insights.recomputing.facts import Fact, Facts

CELL = ("question", "stakeholder_group", "language", "country", "channel")


def figures(facts: Facts, threads: Iterable[int]) -> dict[str, Any]:
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
        "cells": cells(Counter(_cell(each) for each in rows)),
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


def cells(counts: Counter[tuple[int, str, str, str, str]]) -> list[dict[str, Any]]:
    """Return the finest counts as objects: whatever filters a page offers, their sums are its figures."""
    return [dict(zip(CELL, key, strict=True)) | {"contributions": n} for key, n in sorted(counts.items()) if n]


def _campaigns(facts: Facts, rows: list[Fact]) -> dict[str, Any]:
    """Return how many submitted the same words, by group, under the number of the contribution that leads."""
    groups: dict[str, Counter[str]] = {}
    for each in rows:
        lead = facts.published.get(each.campaign or "")
        if lead:
            groups.setdefault(str(lead.number), Counter([lead.group]))[each.group] += 1
    return {number: {"contributions": found.total(), "groups": dict(found)} for number, found in groups.items()}
