"""What was decided on a contribution, in words. The moderation desk, which lies above, registers who tells it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from plenara.contributions.models import Contribution


@dataclass(frozen=True)
class Verdict:
    """A decision as those read it who wrote a text, or entered it for somebody else."""

    what: str
    symbol: str
    at: datetime.datetime | None
    reason: str
    explained: str
    sentence: str  # in the moderator's own words
    sentence_language: str
    is_final: bool  # one that can still be undone is not shown to the author


type Provider = Callable[[Contribution], Verdict | None]
_providers: list[Provider] = []


def tells(provider: Provider) -> Provider:
    """Register a function that returns the last decision against a contribution, or nothing."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def verdict_on(contribution: Contribution) -> Verdict | None:
    """Return what was last decided against a contribution; nothing where nothing was."""
    return next((found for provider in _providers if (found := provider(contribution))), None)
