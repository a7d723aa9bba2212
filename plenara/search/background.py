"""Reading by meaning, in pieces that enqueue the next.

What reckons with vectors is imported when it is needed: a process that only shows pages does without.
"""


def read(number: int) -> None:
    """Do a piece of the reading, and enqueue the next where something is left."""
    from plenara.search import reading_on

    meaning = reading_on.begin(number)
    if meaning is None:
        return
    reading_on.read_on(meaning)
    reading_on.end(number)
