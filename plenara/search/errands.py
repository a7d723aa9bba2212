"""Reading by meaning, in pieces that owe the next.

What reckons with vectors is imported when it is needed: a process that only shows pages does without.
"""

from plenara.ledger.errands import errand
from plenara.search.queue import ERRAND


@errand(ERRAND)
def read(number: int) -> None:
    """Do a piece of the reading, and owe the next where something is left."""
    from plenara.search import reading_on

    meaning = reading_on.begin(number)
    if meaning is None:
        return
    reading_on.read_on(meaning)
    reading_on.end(number)
