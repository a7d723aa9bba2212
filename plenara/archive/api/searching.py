"""The search as the API asks and answers it: what `archive.searching` has for every form, without a language."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

from plenara.archive import addresses
from plenara.archive.api import at
from plenara.archive.api.consultations import FORMAT
from plenara.archive.api.parameters import Parameters
from plenara.archive.finding import public_consultations
from plenara.archive.searching import rows
from plenara.archive.searching.parameters import NEWEST, RELEVANCE, Search, kind_codes
from plenara.archive.searching.results import Result, Results
from plenara.contributions.models import Channel
from plenara.core.vocabulary import StakeholderGroup
from plenara.directory.reading import FOLDERS
from plenara.search.finding import MOST_RANKED

#: Characters of a question that are read. Most of them are refused with a sentence: it is too long to search for.
_MOST = 10_000
#: What a row has for people in one language.
_FOR_PEOPLE = ("label", "page")
#: Where what is of no consultation stands in the API, by its kind.
_COMMUNITY: dict[str, Callable[[int], str]] = {
    "event": at.event,
    **{kind.value: partial(at.listing, folder) for kind, folder in FOLDERS.items()},
}


def wanted(parameters: Parameters) -> Search | None:
    """Return the search that an address asks for; nothing where its consultation or question is not there."""
    slug, number = parameters.slug("consultation"), parameters.number("thread", least=1, most=32_767)
    search = Search(
        text=parameters.words("q", _MOST) or "",
        kind=parameters.choice("kind", kind_codes()) or "",
        group=parameters.choice("group", StakeholderGroup.values) or "",
        country=parameters.country("country") or "",
        language=parameters.language("language") or "",
        theme=parameters.words("theme", 100) or "",
        channel=parameters.choice("channel", Channel.values) or "",
        author=parameters.words("author", 100) or "",
        since=parameters.day("since"),
        until=parameters.day("until"),
        order=parameters.choice("order", [NEWEST, RELEVANCE]) or RELEVANCE,
        before=parameters.number("before", least=1, most=2**63 - 1),
        page=parameters.number("page", least=1, most=MOST_RANKED) or 1,
        consultation=public_consultations().filter(slug=slug).first() if slug else None,
    )
    if slug and search.consultation is None:
        return None
    if number and search.consultation:
        thread = search.consultation.threads.filter(number=number).first()
        return replace(search, thread=thread) if thread else None
    return search


def nothing() -> dict[str, Any]:
    """Return what is answered to who asks nothing."""
    return {
        "format": FORMAT,
        "self": at.search(),
        "query": {},
        "count": 0,
        "count_is_more": False,
        "results": [],
    }


def told(results: Results, limit: str) -> dict[str, Any]:
    """Return what was found. Two queries."""
    head = rows.head(results, at.search())
    more = f"&{urlencode({'limit': limit})}" if limit else ""
    said = {"format": FORMAT, "self": f"{head.pop('address')}{more}"} | {**head, "format": FORMAT}
    following = {"next": f"{said.pop('next')}{more}"} if "next" in said else {}
    told = [_row(row, result) for row, result in zip(rows.rows(results), results.rows, strict=True)]
    return said | {"results": told} | following


def _row(row: dict[str, Any], result: Result) -> dict[str, Any]:
    found = {name: value for name, value in row.items() if name not in _FOR_PEOPLE}
    if result.kind.code == "contribution" and "number" in found:
        return found | {"self": at.contribution(found["consultation"], found["number"])}
    if result.kind.code in _COMMUNITY:
        # No symbol leads to it: what a list shows in its place is an acronym.
        found.pop("symbol", None)
        number = int(result.found.url.rstrip("/").rpartition("/")[2])
        return found | {"number": number, "self": _COMMUNITY[result.kind.code](number)}
    # The permalink, which leads to the reader's language; a statement's place in a summary is told after it.
    if result.found.symbol:
        place = urlsplit(result.found.url).fragment
        found["address"] = f"{addresses.of_symbol(result.found.symbol)}{f'#{place}' if place else ''}"
    return found
