"""A text as the checks read it: once, and kept for the next time that its page is asked for."""

import re
from dataclasses import dataclass
from functools import lru_cache

from plenara.documents.support.figures import Figure, figures
from plenara.documents.support.names import names, places
from plenara.documents.support.negation import is_known, negations
from plenara.documents.support.pairs import Pair, pairs


@dataclass(frozen=True)
class Read:
    """What a text tells, besides its meaning."""

    text: str
    language: str
    figures: tuple[Figure, ...]
    pairs: tuple[Pair, ...]
    names: dict[str, str]
    places: dict[str, str]
    denies: tuple[bool, ...]  # each of its sentences

    @property
    def denies_throughout(self) -> bool:
        """Whether every sentence of it denies something."""
        return bool(self.denies) and all(self.denies)

    @property
    def tells_negation(self) -> bool:
        """Whether negation is known in its language."""
        return is_known(self.language)


_SENTENCE = re.compile(r"(?<=[.!?;؟؛])\s+|(?<=[。！？；])")


@lru_cache(maxsize=8192)
def read(text: str, language: str) -> Read:
    """Return a text as it is read; `language` is a tag, of which the language alone counts."""
    language = language.split("-")[0].lower()
    return Read(
        text=text,
        language=language,
        figures=tuple(figures(text, language)),
        pairs=tuple(pairs(text, language)),
        names=names(text, language),
        places=places(text, language),
        denies=tuple(negations(each, language) > 0 for each in _SENTENCE.split(text) if each.strip()),
    )
