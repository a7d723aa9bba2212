"""The query language: words, "phrases", word*, -exclusions, OR, symbols and author:names; and the expression
for the engines.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from plenara.search import analyser
from plenara.search.analyser import is_unspaced
from plenara.search.entries import filter_token, looked_for_in_names

MOST_CHARACTERS = 500
MOST_TERMS = 24
#: The fewest letters before a star; one Chinese character is enough.
FEWEST_BEFORE_STAR = 3


class Problem(StrEnum):
    """The errors of a query; the page has a sentence for each."""

    TOO_LONG = "too_long"
    TOO_MANY = "too_many"  # words
    STAR = "star"  # after too few letters
    ONLY_EXCLUDED = "only_excluded"
    ONLY_COMMON = "only_common"
    TOO_SLOW = "too_slow"  # found by the search
    NOTHING = "nothing"  # no word in it


class QueryRefused(Exception):
    """A query with an error, and the part with the error."""

    def __init__(self, problem: Problem, part: str = ""):
        super().__init__(problem)
        self.problem = problem
        self.part = part


@dataclass(frozen=True)
class Term:
    """One term: alternatives, each of one token or of several in sequence.

    `star` is set if tokens are prefixes.
    """

    alternatives: tuple[tuple[str, ...], ...]
    star: bool = False
    #: For a prefix: whole tokens that also match.
    shorter: tuple[tuple[str, ...], ...] = ()
    #: As typed, folded: what a snippet marks. A phrase has several words.
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """The parsed query: each of `wanted` by one of its terms, none of `excluded`. Filters are added separately."""

    wanted: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    symbols: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    #: Words that were left out since nearly every text has them.
    common: tuple[str, ...] = ()
    #: The query without signs, for a search by meaning.
    plain: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.wanted or self.symbols or self.authors)

    @property
    def terms(self) -> list[Term]:
        """The terms that a text can match."""
        return [term for group in self.wanted for term in group]


#: Words that are in nearly every text of their language. They count only in phrases, or alone.
COMMON = frozenset(
    analyser.fold(
        "the of and to in a is that for it as on with be by this are or from at an not which have was we "
        "de la le les et des en un une du que est pour dans qui sur par plus au ce pas ne se sont avec "
        "el los las y del se por con para una su al lo como no es "
        "и в на не что с по как это из к для за от а но или "
        "في من على أن إلى عن هذا هذه التي الذي مع لا ما هو هي "
        "的 了 和 是 在 有 与 及 等 "
        "l d c j m n s t qu"  # remains of elisions
    ).split()
)

_QUOTES = str.maketrans(
    dict.fromkeys("“”„«»「」『』〝〞＂", '"') | {"−": "-", "–": "-", "—": "-", "－": "-", "＊": "*", "：": ":"}
)
_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9._-]+)+/?", re.ASCII)
_PART = re.compile(r'(?P<sign>-?)(?:(?P<field>[^\s":]{2,12}):)?(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s"]+))')
#: "author:", in each language.
_AUTHOR = frozenset(map(analyser.fold, ("author", "auteur", "auteure", "autor", "autora", "автор", "المؤلف", "作者")))
#: Between two alternatives; in capitals, otherwise it is a word.
_OR = frozenset(("OR", "OU", "O", "ИЛИ", "أو", "或"))


@dataclass
class _Reading:
    wanted: list[list[Term]] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    common: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    count: int = 0


def parse(text: str, language: str = "") -> Query:
    """Return the parsed query; with a language, words are only of that language. Raises `ActionRefused`."""
    text = "".join(" " if ord(character) < 32 or ord(character) == 127 else character for character in text).strip()
    if len(text) > MOST_CHARACTERS:
        raise QueryRefused(Problem.TOO_LONG)
    reading, joins = _Reading(), False
    for match in _PART.finditer(analyser.whole_numbers(text).translate(_QUOTES)):
        word = match["word"] or ""
        if word in _OR and not match["sign"] and not match["field"]:
            joins = bool(reading.wanted)
            continue
        joins = not _take(reading, match, language, joins) and joins
        if reading.count > MOST_TERMS:
            raise QueryRefused(Problem.TOO_MANY)
    return _whole(reading, bool(text))


def _take(reading: _Reading, match: re.Match[str], language: str, joins: bool) -> bool:
    """Parse one part of a query; return whether it has anything to search for."""
    is_phrase, part = match["phrase"] is not None, match["phrase"] if match["phrase"] is not None else match["word"]
    name = match["field"] or ""
    if name and analyser.fold(name) in _AUTHOR:
        names = list(analyser.words(part))
        reading.authors += names
        reading.count += len(names)
        return bool(names)
    if name:
        part = f"{name}:{part}"  # no field of ours: words, as in a web address
    if not is_phrase and not match["sign"] and _SYMBOL.fullmatch(part) and any(map(str.isdigit, part)):
        reading.symbols.append(part.strip("/"))
        reading.count += 1
        return True
    found = list(_terms(part, language, is_phrase))
    if match["sign"]:
        excluded = _excluded(found, language)
        reading.excluded += excluded
        reading.count += len(excluded)
        return bool(found)
    reading.plain.append(part.rstrip("*"))
    for at, term in enumerate(found):
        if not is_phrase and not term.star and len(term.words) == 1 and term.words[0] in COMMON:
            reading.common.append(term.words[0])
            continue
        if joins and at == 0:
            reading.wanted[-1].append(term)
        else:
            reading.wanted.append([term])
        reading.count += 1
    return bool(found)


def _excluded(found: Sequence[Term], language: str) -> list[Term]:
    """Return the term that is excluded by the text between two spaces: without common words, and as a phrase."""
    terms = [term for term in found if len(term.words) > 1 or term.star or term.words[0] not in COMMON] or list(found)
    if len(terms) < 2:
        return terms
    words = tuple(word for term in terms for word in term.words)
    return [Term(_following(words, language), star=terms[-1].star, words=words)]


def _terms(part: str, language: str, is_phrase: bool) -> Iterator[Term]:
    """Yield the terms of a phrase (one), or of the text between two spaces (often one)."""
    if is_phrase:
        if words := tuple(analyser.words(part)):
            if len(words) > MOST_TERMS:
                raise QueryRefused(Problem.TOO_MANY)
            yield Term(_following(words, language), star=_is_lone(words[-1]), words=words)
        return
    if _SYMBOL.fullmatch(part):  # without a number: words, as in the name of an organization, or a symbol
        words = tuple(analyser.words(part))
        yield Term((*_following(words, language), (filter_token("symbol", part.strip("/")),)), words=words)
        return
    parts = list(analyser.compounds(part))
    for at, words in enumerate(parts):
        if part.endswith("*") and at == len(parts) - 1:
            yield _begun(words, language)
        elif whole := analyser.joined(words):
            # Hyphenated, it is also written as one word.
            yield Term(_following(words, language) + _following((whole,), language), words=words)
        else:
            yield Term(_following(words, language), star=len(words) == 1 and _is_lone(words[0]), words=words)


def _begun(words: tuple[str, ...], language: str) -> Term:
    """Return the term of a prefix. A stem may be shorter than what was typed: its beginnings count too."""
    *before, word = words
    if is_unspaced(word):
        return Term(_following(words, language), star=_is_lone(word), words=words)
    if len(word) < FEWEST_BEFORE_STAR:
        raise QueryRefused(Problem.STAR, f"{word}*")
    if before:
        whole = analyser.joined(words)
        runs = [(*run[:-1], word) for run in _following(words, language)] + ([(whole,)] if whole else [])
        return Term(tuple(dict.fromkeys(runs)), star=True, words=words)
    # Its own stems, and any that is at most four letters shorter than what was typed, and no shorter than four.
    beginnings = [(word[:length],) for length in range(max(len(word) - 4, 4), len(word))]
    shorter = dict.fromkeys([*_following((word,), language), *beginnings])
    return Term(((word,),), star=True, words=(word,), shorter=tuple(each for each in shorter if each != (word,)))


def _following(words: tuple[str, ...], language: str) -> tuple[tuple[str, ...], ...]:
    """Return the runs of tokens that match words: one for each language of their stems, and one unstemmed."""
    languages = (language,) if language else _languages(words)
    found = {tuple(_tokens(words, each)): None for each in languages}
    if not language:
        found[tuple(_tokens(words, ""))] = None
    return tuple(found)


def _languages(words: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(each for word in words for each in analyser.languages_of(word)))


def _tokens(words: tuple[str, ...], language: str) -> Iterator[str]:
    """Yield the tokens of words in sequence. Of a run of Chinese the last single character is left out
    if nothing follows: the text may continue.
    """
    for at, word in enumerate(words):
        if is_unspaced(word):
            found = analyser.pairs(word)
            yield from found[:-1] if at == len(words) - 1 and len(found) > 1 else found
        else:
            yield analyser.stem(word, language)


def _is_lone(word: str) -> bool:
    """Return whether a word is one Chinese character: any pair that it begins matches."""
    return len(word) == 1 and is_unspaced(word)


def _whole(reading: _Reading, was_text: bool) -> Query:
    query = Query(
        wanted=tuple(map(tuple, reading.wanted)),
        excluded=tuple(reading.excluded),
        symbols=tuple(reading.symbols),
        authors=tuple(reading.authors),
        common=tuple(dict.fromkeys(reading.common)),
        plain=" ".join(reading.plain),
    )
    if query.is_empty and was_text:
        if query.common:
            raise QueryRefused(Problem.ONLY_COMMON, " ".join(query.common))
        raise QueryRefused(Problem.ONLY_EXCLUDED if query.excluded else Problem.NOTHING)
    return query


@dataclass(frozen=True)
class Run:
    """Tokens in sequence; mostly one. The last one is a prefix if `star` is set."""

    tokens: tuple[str, ...]
    star: bool = False


@dataclass(frozen=True)
class Expression:
    """Each of `every` by one of its runs, and none of `none`."""

    every: tuple[tuple[Run, ...], ...]
    none: tuple[Run, ...] = ()

    @property
    def has_beginnings(self) -> bool:
        """Return whether any of `every` has a prefix."""
        return any(run.star for runs in self.every for run in runs)


def expression_of(
    query: Query, filters: Mapping[str, Sequence[str]] | None = None, without: Mapping[str, Sequence[str]] | None = None
) -> Expression:
    """Return the expression of a query: with one value of each filter, and with none of `without`."""
    every = [tuple(run for term in group for run in _runs(term)) for group in query.wanted]
    every += [(Run((filter_token("symbol", symbol),)),) for symbol in query.symbols]
    every += [(Run((token,)),) for name in query.authors for token in looked_for_in_names(name)]
    for name, values in (filters or {}).items():
        if name == "author":
            names = (word for value in values for word in analyser.words(value))
            every += [(Run((token,)),) for each in names for token in looked_for_in_names(each)]
        elif values:
            every.append(tuple(Run((filter_token(name, value),)) for value in values))
    none = [run for term in query.excluded for run in _runs(term)]
    none += [Run((filter_token(name, value),)) for name, values in (without or {}).items() for value in values]
    return Expression(tuple(every), tuple(none))


def _runs(term: Term) -> Iterator[Run]:
    yield from (Run(tokens, term.star) for tokens in term.alternatives)
    yield from map(Run, term.shorter)
