"""The view to the search by meaning: what it found, how far it is, and a sentence where a reader should know that."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from plenara.core.templatetags.plenara import number
from plenara.search import meaning
from plenara.search.finding import Asked, Clock, Hit
from plenara.search.meaning import State

#: In a moment the same question may be answered otherwise: nobody should keep the answer.
PASSING = frozenset({State.STARTING, State.SLOW})


@dataclass(frozen=True)
class ByMeaning:
    """What was found by meaning, the nearest first, and how far the search by meaning is."""

    hits: list[tuple[Hit, float]]
    state: State
    done: int = 0
    total: int = 0

    @property
    def is_passing(self) -> bool:
        return self.state in PASSING

    @property
    def sentence(self) -> str:
        """What a reader should know; nothing where all texts were read."""
        so_far = {"done": number(self.done), "total": number(self.total)}
        return {
            State.READY: "",
            State.BEHIND: _("By meaning, %(done)s of %(total)s texts can be found so far."),
            State.PAUSED: _("By meaning, %(done)s of %(total)s texts can be found so far. Reading on is paused."),
            State.STARTING: _("The search by meaning is starting. Until then, texts are found by their words."),
            State.OFF: _("There is no search by meaning here at present. Texts are found by their words."),
            State.SLOW: _("The search by meaning did not answer in time. These were found by their words."),
        }[self.state] % so_far


def by_meaning(asked: Asked, clock: Clock) -> ByMeaning:
    """Return what says the same as a query, in whatever language, within its filters."""
    found = meaning.nearest_to(asked, clock=clock)
    return ByMeaning(found.hits, found.state, found.done, found.total)


def how_far() -> tuple[str, int, int]:
    """Return how far the search by meaning is: what an answer stands on besides the record. One query."""
    state, done, total, _used = meaning.state()
    return state, done, total
