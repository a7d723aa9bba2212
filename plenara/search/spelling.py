"""Words that nobody used, and tokens of the index that are near to them in spelling: one letter more, less or other."""

from collections.abc import Iterator
from typing import NamedTuple

from plenara.search import analyser
from plenara.search.engines import TooSlow, engine
from plenara.search.expressions import Expression, Run
from plenara.search.finding import Clock
from plenara.search.query import Query, Refused, Term

#: Letters of a word that is looked after: of a shorter one nearly every word is near.
FEWEST, MOST = 4, 24
#: Words of a query that are looked after, and tokens that are returned of each.
MOST_WORDS, MOST_NEAR = 3, 12
_LETTERS = {
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "": "abcdefghijklmnopqrstuvwxyz",
}


class Unused(NamedTuple):
    """A word of a query that no entry has, as it is folded, and the tokens of the index that are near to it."""

    word: str
    near: list[str]


def unused(query: Query, clock: Clock) -> list[Unused]:
    """Return the words of a query that no entry has. Two queries at most for each of the first few; none past time."""
    found: dict[str, list[str]] = {}
    try:
        with engine().deadline(clock.left):
            for term in _single(query):
                if not engine().known([run[0] for run in (*term.alternatives, *term.shorter)]):
                    found[term.words[0]] = []
            for word, near in found.items():
                near += engine().known(list(_near(word)))[:MOST_NEAR]
    except (TooSlow, Refused):
        pass  # the words are named all the same
    return [Unused(word, near) for word, near in found.items()]


def _single(query: Query) -> Iterator[Term]:
    """Yield the terms that are one word of the index: no phrase, no beginning, no run of Chinese characters."""
    terms = (term for term in query.terms if len(term.words) == 1 and not term.star)
    single = (term for term in terms if all(len(run) == 1 for run in term.alternatives))
    return (term for _place, term in zip(range(MOST_WORDS), single, strict=False))


def newest_with(token: str) -> int | None:
    """Return the number of the newest entry that has a token. One query."""
    return next(iter(engine().match(Expression(((Run((token,)),),)), limit=1)), None)


def _near(word: str) -> Iterator[str]:
    """Yield the tokens of what differs from a word by a letter: each once, those with all of its letters first."""
    if not FEWEST <= len(word) <= MOST or word.isdigit():
        return
    languages = analyser.languages_of(word)
    seen: set[str] = set()
    for other in _variants(word, _LETTERS[languages[0] if languages[0] in _LETTERS else ""]):
        for language in (*languages, ""):
            token = analyser.stem(other, language)
            if token not in seen:
                seen.add(token)
                yield token


def _variants(word: str, letters: str) -> Iterator[str]:
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1)
    yield from (a + letter + b for a, b in cuts for letter in letters)
    yield from (a + b[1:] for a, b in cuts if b)
    yield from (a + letter + b[1:] for a, b in cuts if b for letter in letters)
