"""What is offered in place of a word that nobody used: words near to it, as somebody wrote them."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from plenara.archive.searching.parameters import Search
from plenara.archive.searching.snippets import written
from plenara.search import analyser, spelling
from plenara.search.finding import Clock
from plenara.search.kinds import Found, kind_of
from plenara.search.models import Entry
from plenara.search.query import Query, Refused

#: Words that are offered in place of one, and characters of a text among which they are looked for.
MOST, _MOST_READ = 3, 50_000
#: Seconds that this may take: only where nothing was found, and there is nothing else to show.
SECONDS = 1.0
#: How like a word must be to what was typed (`difflib`): of "wires", a stem makes "dire" and "were" near.
_LIKE = 0.7


@dataclass(frozen=True)
class Near:
    """A word that somebody used, and the query of the address that asks for it."""

    word: str
    address: str


@dataclass(frozen=True)
class Unused:
    """A word that nobody used, as it was typed, and what is near to it in spelling."""

    word: str
    near: list[Near]


def unused_words(search: Search, query: Query) -> list[Unused]:
    """Return the words of a search that nobody used. A fixed number of queries for each of the first few."""
    clock = Clock(SECONDS)
    found = []
    for each in spelling.unused(query, clock):
        typed = next((word for word in search.text.split() if _is(word, each.word)), each.word)
        offered = [Near(word, search.address(q=_with(search.text, typed, word))) for word in _used(each, clock)]
        found.append(Unused(typed.strip("\"'“”«».,;:!?()"), offered[:MOST]))
    return found


def _is(typed: str, folded: str) -> bool:
    return folded in analyser.words(typed)


def _with(text: str, typed: str, word: str) -> str:
    return " ".join(word if each == typed else each for each in text.split())


def _used(unused: spelling.Unused, clock: Clock) -> Iterator[str]:
    """Yield what is near to a word as somebody wrote it, each once."""
    seen = set()
    for token in unused.near:
        try:
            _ = clock.left
        except Refused:
            return
        number = spelling.newest_with(token)
        entry = Entry.objects.only("kind", "object_id", "language").filter(pk=number).first() if number else None
        if entry is None:
            continue
        found = kind_of(entry.kind).found([entry.object_id]).get(entry.object_id)
        word = written(_said(found), entry.language, token) if found else ""
        if word and word.casefold() not in seen and _is_like(analyser.fold(word), unused.word):
            seen.add(word.casefold())
            yield word


def _is_like(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= _LIKE


def _said(found: Found) -> str:
    """Return what a thing that was found says, its names too."""
    byline = found.byline
    names = (byline.name, byline.organization) if byline and not byline.withheld else ()
    return "\n\n".join(filter(None, (*names, found.title, found.text[:_MOST_READ])))
