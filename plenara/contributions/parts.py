"""The numbered parts that a thread is about: the paragraphs of a draft that was opened for comment.

A package above says which (`register`). A contribution may name the one that it speaks to (`Version.part`), by its
number for good: what is not there any more is still called by it. Most consultations have no parent and no parts, and
of them nothing is asked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition


@dataclass(frozen=True)
class Part:
    """One part of what a thread is about."""

    number: int  # for good
    label: str  # "Paragraph 12", in the active language
    text: str  # its words, in `language`
    language: str
    url: str


@dataclass(frozen=True)
class About:
    """What a consultation is about: the address of the draft, and of each of its parts."""

    label: str  # in the active language
    url: str

    def part(self, number: int) -> str:
        """Return where a part stands."""
        return f"{self.url}paragraphs/{number}/"


_parts: list[Callable[[Thread], list[Part]]] = []
_about: list[Callable[[Consultation], About | None]] = []


def register(parts: Callable[[Thread], list[Part]], about: Callable[[Consultation], About | None]) -> None:
    """Let a package above say what the threads of its consultations are about. Each answers with one query."""
    _parts[:], _about[:] = [parts], [about]


def parts_of(thread: Thread) -> list[Part]:
    """Return the parts that a thread is about, in their order. One query; none where the consultation has no parent."""
    if thread.consultation.parent_id is None:
        return []
    return [part for function in _parts for part in function(thread)]


def about(consultation: Consultation) -> About | None:
    """Return what a consultation is about, if it is a draft. One query; none where it has no parent."""
    if consultation.parent_id is None:
        return None
    return next((found for function in _about if (found := function(consultation))), None)


def lead(editions: Iterable[Edition], draft: About | None) -> None:
    """Let the editions that speak to a part of a draft lead to it (`part_url`)."""
    for each in editions:
        if draft and each.part is not None:
            each.part_url = draft.part(each.part)
