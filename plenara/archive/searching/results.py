"""What a search found: by its words, and by relevance also by its meaning; in the order in which it is shown."""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import batched

from plenara.archive.searching.by_meaning import ByMeaning, by_meaning
from plenara.archive.searching.parameters import NEWEST, Search
from plenara.archive.searching.snippets import Piece, marked, snippet
from plenara.archive.searching.spelling import Unused, unused_words
from plenara.core.languages import current
from plenara.search.finding import MOST_RANKED, PAGE, Asked, Clock, Hit, newest, relevant
from plenara.search.kinds import Found, Kind, kind_of
from plenara.search.meaning import State, fused
from plenara.search.query import Problem, Query, Refused

#: Things that are read at a time: a paper can be long.
_AT_ONCE = 20
#: Seconds in which long texts are looked through for what was looked for; then their first words are shown.
_LOOKING = 0.5


@dataclass(frozen=True)
class Result:
    """A thing that was found, as every form shows it."""

    kind: Kind
    found: Found
    title: list[Piece]
    snippet: list[Piece]
    is_by_meaning: bool = False  # its words are others

    @property
    def is_in_another_language(self) -> bool:
        return self.found.language.split("-")[0] != current()


@dataclass(frozen=True)
class Results:
    """A page of what was found."""

    search: Search
    query: Query
    rows: list[Result]
    count: int  # by words
    is_capped: bool
    ranked: int = 0  # by relevance: of so many, where not all were ranked
    next: str = ""  # the query of the next page's address
    more_by_meaning: int = 0  # besides those found by words
    unused: Sequence[Unused] = ()  # words that nobody used, where nothing was found by words
    meaning: ByMeaning | None = None  # where it was asked too


@dataclass
class _Listed:
    """Hits that were found by words, and those that were found by meaning alone, each in their order."""

    by_words: list[Hit]
    apart: list[Hit]

    def page(self, number: int, limit: int) -> tuple[list[Hit], list[Hit], bool]:
        """Return both of a page, and whether there are more pages. Where words were found, the nearest by meaning alone
        are on the first page, half as many.
        """
        begin, end = (number - 1) * limit, number * limit
        if not self.by_words:
            return [], self.apart[begin:end], len(self.apart) > end
        return self.by_words[begin:end], self.apart[: limit // 2] if number == 1 else [], len(self.by_words) > end


def find(search: Search, *, limit: int = PAGE) -> Results:
    """Return a page of what is asked for. A fixed number of queries. Raises `Refused`."""
    found = _find(search, limit)
    if search.text and not found.count:
        return replace(found, unused=unused_words(search, found.query))
    return found


def _find(search: Search, limit: int) -> Results:
    asked = search.asked()
    if search.is_by_relevance and not asked.query.is_empty:
        try:
            return _by_relevance(search, asked, limit)
        except Refused as refused:
            if refused.problem is not Problem.TOO_SLOW or search.page > 1:
                raise
        # Whoever asked for no order has the newest rather than nothing; in a moment the best come first again.
        in_time = _find(replace(search, order=NEWEST), limit)
        return replace(in_time, meaning=ByMeaning([], State.SLOW))
    page = newest(asked, before=search.before, limit=limit)
    rows = list(_read(page.hits, asked.query))
    following = search.address(before=page.next) if page.next else ""
    return Results(search, asked.query, rows, page.count, page.is_capped, next=following)


def _by_relevance(search: Search, asked: Asked, limit: int) -> Results:
    """Return a page of what was found by words, the best first; apart from it, on the first page, by meaning alone."""
    clock = Clock()
    page = relevant(asked, limit=MOST_RANKED, clock=clock)
    meant = by_meaning(asked, clock)
    listed = _together(page.hits, meant.hits)
    hits, apart, more = listed.page(search.page, limit)
    return Results(
        search,
        asked.query,
        [*_read(hits, asked.query), *_read(apart, asked.query, is_by_meaning=True)],
        page.count,
        page.is_capped,
        ranked=page.ranked if page.count > page.ranked else 0,
        next=search.address(page=search.page + 1) if more else "",
        more_by_meaning=len(listed.apart),
        meaning=meant,
    )


def _together(by_words: Sequence[Hit], by_meaning: Sequence[tuple[Hit, float]]) -> _Listed:
    """Return hits by words, those first that are also near in meaning, and apart from them those by meaning alone."""
    hits = {hit.id: hit for hit in by_words}
    order = fused(list(hits), by_meaning)
    things = {hit[1:] for hit in by_words}
    return _Listed(
        _once(hits[each.id] for each in order if each.by_words),
        [hit for hit, _cosine in by_meaning if hit[1:] not in things],
    )


def _once(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits with each thing once, of which several parts were found."""
    found: dict[tuple[str, int], Hit] = {}
    for hit in hits:
        found.setdefault((hit.kind, hit.object_id), hit)
    return list(found.values())


def _read(hits: Iterable[Hit], query: Query, *, is_by_meaning: bool = False) -> Iterable[Result]:
    """Yield hits as results. What went since it was found is left out."""
    until = time.monotonic() + _LOOKING
    for some in batched(_once(hits), _AT_ONCE):
        ids = defaultdict(list)
        for hit in some:
            ids[hit.kind].append(hit.object_id)
        things = {code: kind_of(code).found(wanted) for code, wanted in ids.items()}
        for hit in some:
            found = things[hit.kind].get(hit.object_id)
            if found is not None:
                looks_far = not is_by_meaning and time.monotonic() < until
                yield _result(kind_of(hit.kind), found, query, is_by_meaning=is_by_meaning, looks_far=looks_far)


def _result(kind: Kind, found: Found, query: Query, *, is_by_meaning: bool, looks_far: bool) -> Result:
    return Result(
        kind,
        found,
        marked(found.title, found.language, query) if found.title else [],
        snippet(found.text, found.language, query, looks_far=looks_far),
        is_by_meaning,
    )
