"""A glossary as its files have it, whatever their kind: a row for each concept."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.refusals import Invalid
from plenara.documents.glossary import MOST_TERMS

_ID = re.compile(r"t-([a-z0-9-]{1,100})-(\d{1,18})\Z")


@dataclass
class Concept:
    """One concept of a file: where it stands there, and its words."""

    row: int
    id: str = ""  # that of a concept of ours, if it left here
    words: dict[str, str] = field(default_factory=dict)
    also: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""

    def kept(self) -> dict[str, Any]:
        """Return it as it waits in the database."""
        return {"row": self.row, "id": self.id, "words": self.words, "also": self.also, "note": self.note}


def concept_id(slug: str, term: int) -> str:
    """Return what names a concept in a file: also a name that XML takes."""
    return f"t-{slug}-{term}"


def term_of(written: str, slug: str) -> int:
    """Return which concept of a consultation an id names; 0 where it names none of it."""
    found = _ID.match(written)
    return int(found[2]) if found and found[1] == slug else 0


def bounded(concepts: list[Concept]) -> list[Concept]:
    """Return the concepts of a file that has some, and not too many. Raises `Invalid` for another."""
    if not concepts:
        raise Invalid(_("There is no term in this file."), "empty", "file")
    if len(concepts) > MOST_TERMS:
        raise Invalid(
            ngettext(
                "A glossary can have %(limit)d term at most.",
                "A glossary can have %(limit)d terms at most.",
                MOST_TERMS,
            )
            % {"limit": MOST_TERMS},
            "too_many",
            "file",
        )
    return concepts
