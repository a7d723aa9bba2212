"""What the engines are asked: tokens joined by AND, OR and NOT. Neither engine's own signs can stand in a token."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from plenara.search import analyser
from plenara.search.entries import filter_token, looked_for_in_names
from plenara.search.query import Query, Term


@dataclass(frozen=True)
class Run:
    """Tokens that follow one another; one in most cases. The last one may go on where `star` is set."""

    tokens: tuple[str, ...]
    star: bool = False


@dataclass(frozen=True)
class Expression:
    """Each of `every` by one of its runs, and none of `none`."""

    every: tuple[tuple[Run, ...], ...]
    none: tuple[Run, ...] = ()

    @property
    def has_beginnings(self) -> bool:
        """Say whether the beginning of a word is enough for any of `every`."""
        return any(run.star for runs in self.every for run in runs)


def expression_of(
    query: Query, filters: Mapping[str, Sequence[str]] | None = None, without: Mapping[str, Sequence[str]] | None = None
) -> Expression:
    """Return what an engine is asked for a query: with one value of each filter, and with none of `without`."""
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
