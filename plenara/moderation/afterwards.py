"""What became of a contribution after it was published: packages above say it, on its author's page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from plenara.contributions.models import Contribution


@dataclass(frozen=True)
class Part:
    """A part of an author's page: the template that writes it, and what that needs."""

    template: str
    context: dict[str, Any]


type Provider = Callable[[Contribution], Part | None]
_providers: list[Provider] = []


def tells(provider: Provider) -> Provider:
    """Register a function that says what became of a contribution; nothing where nothing did. Few queries."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def parts_on(contribution: Contribution) -> list[Part]:
    """Return what packages above say of a contribution."""
    return [part for provider in _providers if (part := provider(contribution)) is not None]
