"""The reasons of a decision: codes, with a label and a text to the author in six languages."""

import json
from functools import lru_cache
from pathlib import Path

from plenara.common.languages import current
from plenara.moderation.models import Ground

#: Reasons that rest on the law; the others rest on the rules.
ON_THE_LAW = frozenset({"R4", "R7"})
#: What a reader can report: the most serious first. Length and language were checked before publication.
FOR_READERS = ("R4", "R7", "R3", "R5", "R1", "R6")


@lru_cache(maxsize=1)
def _reasons() -> dict[str, dict[str, dict[str, str]]]:
    return json.loads((Path(__file__).parent / "reasons.json").read_text())


def codes() -> list[str]:
    """Return the codes in their order."""
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
