"""The reasons of a decision: codes, with a label and a text to the author in six languages."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from plenara.core.languages import current
from plenara.moderation.models import Ground

#: Reasons that rest on the law; the others rest on the rules.
ON_THE_LAW = frozenset({"R4", "R7", "E6", "E7", "C4", "C6"})


@dataclass(frozen=True)
class Reasons:
    """The codes that there are for a kind of thing. A code means the same for good: registers are public."""

    for_moderators: tuple[str, ...]
    for_readers: tuple[str, ...]  # who report what is published: the most serious first


#: Length and language were checked before publication.
OF_TEXTS = Reasons(
    for_moderators=("R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"),
    for_readers=("R4", "R7", "R3", "R5", "R1", "R6"),
)
#: Events of the calendar, and organizations, people and projects of the directory.
OF_ENTRIES = Reasons(
    for_moderators=("E1", "E2", "E3", "E4", "E5", "E6", "E7"),
    for_readers=("E6", "E7", "E3", "E4", "E2", "E5", "E1"),
)
#: Requests that a statement of a summary be corrected.
OF_CORRECTIONS = Reasons(
    for_moderators=("C1", "C2", "C3", "C4", "C5", "C6"),
    for_readers=("C4", "C6", "C3", "C1", "C5", "C2"),
)


@lru_cache(maxsize=1)
def _reasons() -> dict[str, dict[str, dict[str, str]]]:
    return json.loads((Path(__file__).parent / "reasons.json").read_text())


def codes() -> list[str]:
    """Return all codes in their order."""
    return list(_reasons())


def label(code: str, language: str | None = None) -> str:
    """Return a reason's short name in a language (default: the active one); a foreign code as it is."""
    return _reasons()[code]["label"][language or current()] if code in _reasons() else code


def text(code: str, language: str | None = None) -> str:
    """Return what the author is told about a reason."""
    return _reasons()[code]["text"][language or current()] if code in _reasons() else ""


def ground_of(code: str) -> str:
    """Return the ground that a reason rests on; nothing where there is no reason."""
    if not code:
        return ""
    return Ground.ILLEGAL if code in ON_THE_LAW else Ground.INCOMPATIBLE
