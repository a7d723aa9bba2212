"""The differences between two texts: runs of words that are the same, removed or added, in reading order.

Words are compared; in Chinese, Japanese and Korean, characters. Time and memory are bounded: very long texts are
compared by lines, and then by the words of each changed passage. Even longer texts are shown as replaced.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from rapidfuzz.distance import Indel

SAME, REMOVED, ADDED = "same", "gone", "added"
#: The product of the two lengths that may be compared. RapidFuzz needs a bit for each: 50 MB, and about 0.2 s.
_MOST_PAIRS = 400_000_000
#: This many paragraphs in a row without a change are folded.
FOLD = 3

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKS = re.escape(".,;:!?…()[]{}<>\"'«»“”‘’„—–-/*_•،؛؟。，、；：？！「」『』（）《》")
_TOKEN = re.compile(rf"\s+|[{_CJK}]|[{_MARKS}]|[^\s{_CJK}{_MARKS}]+")
_LINE = re.compile(r"[^\n]+|\n+")


class Run(NamedTuple):
    """Some words that are the same, removed or added."""

    kind: str
    text: str


@dataclass(frozen=True)
class Block:
    """Adjacent paragraphs: all without a change, or all with one. Each is a list of runs."""

    paragraphs: list[list[Run]]
    is_same: bool

    @property
    def is_folded(self) -> bool:
        """Return whether it is long and without a change."""
        return self.is_same and len(self.paragraphs) >= FOLD


@dataclass(frozen=True)
class Differences:
    """The differences between two texts, as a page shows them."""

    blocks: list[Block]
    added: int  # passages
    removed: int

    @property
    def is_none(self) -> bool:
        """Return whether the words are the same."""
        return not (self.added or self.removed)


def tokens(text: str) -> list[str]:
    """Return a text in its smallest parts: words, marks, white space, single Chinese characters."""
    return _TOKEN.findall(text)


def runs(before: str, after: str) -> list[Run]:
    """Return the runs from one text to the other. Removed words come before those that replaced them."""
    found = _compare(tokens(before), tokens(after))
    return _tidied(_by_lines(before, after) if found is None else found)


def differences(before: str, after: str) -> Differences:
    """Return the differences between two texts, in paragraphs that a page can show."""
    found = runs(before, after)
    blocks = [
        Block(list(paragraphs), is_same)
        for is_same, paragraphs in groupby(_paragraphs(found), lambda each: all(map(_is_same, each)))
    ]
    return Differences(blocks, sum(run.kind == ADDED for run in found), sum(run.kind == REMOVED for run in found))


def _by_lines(before: str, after: str) -> list[Run]:
    """Compare whole lines, then the words of each passage that changed."""
    replaced = [Run(REMOVED, before), Run(ADDED, after)]
    result: list[Run] = []
    for is_same, group in groupby(_compare(_LINE.findall(before), _LINE.findall(after)) or replaced, _is_same):
        passage = list(group)
        if not is_same:
            removed, added = ("".join(run.text for run in passage if run.kind == kind) for kind in (REMOVED, ADDED))
            passage = _compare(tokens(removed), tokens(added)) or passage
        result += passage
    return result


def _is_same(run: Run) -> bool:
    return run.kind == SAME


def _key(token: str) -> str:
    """Return the key that compares a part: any white space within a line is equal."""
    if not token.isspace():
        return token
    return "\n\n" if token.count("\n") > 1 else "\n" if "\n" in token else " "


def _compare(before: list[str], after: list[str]) -> list[Run] | None:
    """Return the runs between two lists of parts, with the fewest changes; None if the lists are too long."""
    if len(before) * len(after) > _MOST_PAIRS:
        return None
    blocks = Indel.opcodes([_key(each) for each in before], [_key(each) for each in after]).as_matching_blocks()
    result, x, y = [], 0, 0
    for start, other, length in blocks:
        result += [
            Run(REMOVED, "".join(before[x:start])),
            Run(ADDED, "".join(after[y:other])),
            Run(SAME, "".join(after[other : other + length])),
        ]
        x, y = start + length, other + length
    return result


def _tidied(found: list[Run]) -> list[Run]:
    """Join replacements with only a space between them into one passage."""
    result: list[Run] = []
    change: list[Run] = []
    for run in [*(each for each in found if each.text), Run(SAME, "")]:
        if run.kind != SAME or (change and run.text.isspace() and "\n" not in run.text):
            change.append(run)
            continue
        trailing = change.pop().text if change and change[-1].kind == SAME else ""
        for each in [*_passage(change), Run(SAME, trailing + run.text)]:
            if each.text and result and result[-1].kind == each.kind == SAME:
                result[-1] = Run(SAME, result[-1].text + each.text)
            elif each.text:
                result.append(each)
        change = []
    return result


def _passage(change: list[Run]) -> list[Run]:
    """Return one removed passage and one added; if there is only one, the unchanged space comes after it."""
    removed = "".join(run.text for run in change if run.kind != ADDED)
    added = "".join(run.text for run in change if run.kind != REMOVED)
    if added.strip(" ") and removed.strip(" "):
        return [Run(REMOVED, removed), Run(ADDED, added)]
    kind, longer, space = (REMOVED, removed, added) if removed.strip(" ") else (ADDED, added, removed)
    if not space or longer.endswith(space):
        return [Run(kind, longer[: len(longer) - len(space)]), Run(SAME, space)]
    return change


def _paragraphs(found: list[Run]) -> Iterator[list[Run]]:
    """Split runs at the ends of paragraphs. An added or removed break is shown as a mark within its run."""
    paragraph: list[Run] = []
    for kind, text in found:
        for part in re.split(r"(\n{2,})", text):
            if part.startswith("\n\n"):
                if kind != SAME:
                    paragraph.append(Run(kind, "¶"))
                if paragraph:
                    yield paragraph
                paragraph = []
            elif part:
                paragraph.append(Run(kind, part))
    if paragraph:
        yield paragraph
