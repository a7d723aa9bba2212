"""What waits for somebody at the desk. Packages above register what they know to be waiting."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from plenara.consultations.models import Consultation


class Urgency(IntEnum):
    """How soon somebody should see to it."""

    NOW = 0  # a promise or a date is at stake
    SOON = 1
    IN_TIME = 2


@dataclass(frozen=True)
class ToDo:
    """One thing that waits: a sentence, where it is done, and what the link there says."""

    sentence: str
    url: str
    verb: str
    urgency: Urgency = Urgency.SOON
    consultation: Consultation | None = None
    since: datetime.datetime | None = None

    @property
    def mark(self) -> str:
        """The class of its mark in the pattern book."""
        return {Urgency.NOW: "stop", Urgency.SOON: "wait half", Urgency.IN_TIME: "none"}[self.urgency]


type Provider = Callable[[Any, Sequence[Consultation]], list[ToDo]]
_providers: list[Provider] = []


def waits(provider: Provider) -> Provider:
    """Register a function that returns what waits for a person in some consultations, in a fixed number of queries."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def waiting(person: Any, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return everything that waits for a person in these consultations, the most urgent and oldest first."""
    found = [task for provider in _providers for task in provider(person, consultations)]
    # What has a beginning comes before what has none.
    return sorted(found, key=lambda task: (task.urgency, task.since.timestamp() if task.since else float("inf")))
