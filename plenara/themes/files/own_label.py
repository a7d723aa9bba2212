"""The note that a label is our own translation, in six languages: the same words for good, to be known again."""

import json
from functools import cache
from importlib.resources import files


@cache
def notes() -> dict[str, str]:
    """Return the note by language."""
    found: dict[str, str] = json.loads(files("plenara.themes").joinpath("data/own_label.json").read_text("utf-8"))
    return found


def is_own_label(note: str, language: str) -> bool:
    """Say whether a note of a file is this one."""
    return notes().get(language) == note
