"""Where an event's page leads besides its own: packages above this one say so."""

from collections.abc import Callable, Iterator

from plenara.events.models import Event

#: A text in the active language, and an address.
type Lead = tuple[str, str]

_asked: list[Callable[[Event], list[Lead]]] = []


def leads(function: Callable[[Event], list[Lead]]) -> Callable[[Event], list[Lead]]:
    """Let a function be asked where an event leads. For use when its package starts."""
    _asked.append(function)
    return function


def leads_of(event: Event) -> Iterator[Lead]:
    """Yield where an event leads."""
    for function in _asked:
        yield from function(event)
