"""What is new for somebody who follows: packages above say what they publish, each for its kind.

A provider gets a follow and two moments, and returns what was published between them, oldest first, in a fixed number
of queries. Lines hold data; the letter's templates write the words, in the reader's language.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from plenara.consultations.models import Follow

#: Lines that a letter shows of each thing that is followed; the rest is told as a number.
MOST = 30


@dataclass(frozen=True)
class Line:
    """One thing that is new: the template that writes it, what that needs, and its address below the language."""

    template: str
    path: str  # such as consultations/internet-governance/contributions/7/
    context: dict[str, Any] = field(default_factory=dict)


type Provider = Callable[[Follow, datetime.datetime, datetime.datetime], Sequence[Line]]
_providers: dict[str, Provider] = {}


def news(what: str) -> Callable[[Provider], Provider]:
    """Register a function that returns what is new of a kind: at most `MOST` + 1 lines of (since, until]."""

    def register(provider: Provider) -> Provider:
        _providers[what] = provider
        return provider

    return register


def of(follow: Follow, until: datetime.datetime) -> Sequence[Line]:
    """Return what is new for a follow since it was told last."""
    provider = _providers.get(follow.what)
    return provider(follow, follow.told_until, until) if provider else []
