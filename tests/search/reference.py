"""What an expression means, slowly and in plain Python: what both engines are compared with."""

from collections.abc import Iterable, Sequence

from plenara.search.entries import Content, entries_of
from plenara.search.models import Entry
from plenara.search.query import Expression, Query, Run, expression_of


def entries(contents: Iterable[Content], kind_number: int = 1) -> list[Entry]:
    """Return the entries that an index has of some things, unsaved."""
    return [entry for content in contents for entry in entries_of(content, kind_number)]


def asked(query: Query) -> Expression:
    """Return what an engine is asked for a query without filters."""
    return expression_of(query)


def matching(expression: Expression, found: Iterable[Entry]) -> list[int]:
    """Return the numbers of the entries that match, the newest first."""
    return sorted((entry.pk for entry in found if _matches(expression, entry)), reverse=True)


def _matches(expression: Expression, entry: Entry) -> bool:
    words, filters = entry.words.split(), entry.filters.split()
    every = all(any(_stands(run, words, filters) for run in runs) for runs in expression.every)
    return every and not any(_stands(run, words, filters) for run in expression.none)


def _stands(run: Run, words: Sequence[str], filters: Sequence[str]) -> bool:
    *before, last = run.tokens
    for tokens in (words, filters):
        for at in range(len(tokens) - len(before)):
            word = tokens[at + len(before)]
            if list(tokens[at : at + len(before)]) == before and (word == last or (run.star and word.startswith(last))):
                return True
    return False
