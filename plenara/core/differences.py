"""What differs between two texts: runs of words that stayed, came or went, in the order in which they are read.

Words are compared, in Chinese, Japanese and Korean characters. Time is bounded: a text that was rewritten as a whole is
compared by paragraphs, and where those are too many too, the one stands after the other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

SAME, GONE, ADDED = "same", "gone", "added"
#: How many comparisons one pair of texts may take: about half a second.
BUDGET = 2_000_000
#: So many paragraphs in a row without a change are folded.
FOLD = 3

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKS = re.escape(".,;:!?…()[]{}<>\"'«»“”‘’„—–-/*_•،؛؟。，、；：？！「」『』（）《》")
_TOKEN = re.compile(rf"\s+|[{_CJK}]|[{_MARKS}]|[^\s{_CJK}{_MARKS}]+")
_LINE = re.compile(r"[^\n]+|\n+")


class Run(NamedTuple):
    """Some words, and whether they stayed, went or came."""

    kind: str
    text: str


@dataclass(frozen=True)
class Block:
    """Paragraphs that belong together: all without a change, or all with one. Each is a list of runs."""

    paragraphs: list[list[Run]]
    is_same: bool

    @property
    def is_folded(self) -> bool:
        """Say whether it is long and without a change."""
        return self.is_same and len(self.paragraphs) >= FOLD


@dataclass(frozen=True)
class Differences:
    """What differs between two texts, as a page shows it."""

    blocks: list[Block]
    added: int  # passages
    gone: int

    @property
    def is_none(self) -> bool:
        """Say whether the words are the same."""
        return not (self.added or self.gone)


def tokens(text: str) -> list[str]:
    """Return a text in its smallest parts: words, marks, white space; each Chinese character for itself."""
    return _TOKEN.findall(text)


def runs(before: str, after: str) -> list[Run]:
    """Return the runs that lead from one text to the other. The gone stand before what came in their place."""
    found = _compare(tokens(before), tokens(after), BUDGET // 2)
    if found is None:
        found = _by_lines(before, after)
    return _tidied(found)


def differences(before: str, after: str) -> Differences:
    """Return what differs between two texts, in paragraphs that a page can show."""
    found = runs(before, after)
    blocks = [
        Block(list(paragraphs), is_same)
        for is_same, paragraphs in groupby(_paragraphs(found), lambda each: all(run.kind == SAME for run in each))
    ]
    return Differences(blocks, sum(run.kind == ADDED for run in found), sum(run.kind == GONE for run in found))


def _by_lines(before: str, after: str) -> list[Run]:
    """Compare whole lines, and the words of those that changed while there is time left for it."""
    found = _compare(_LINE.findall(before), _LINE.findall(after), BUDGET // 4)
    if found is None:
        return [Run(GONE, before), Run(ADDED, after)]
    pairs = [(_joined(group, GONE), _joined(group, ADDED)) for group in _changes(found)]
    share = BUDGET // 4 // max(len(pairs), 1)
    closer = iter([(pair, _compare(tokens(pair[0]), tokens(pair[1]), share)) for pair in pairs])
    result: list[Run] = []
    for is_same, group in groupby(found, lambda run: run.kind == SAME):
        if is_same:
            result += group
        else:
            (gone, added), inner = next(closer)
            result += inner if inner is not None else [Run(GONE, gone), Run(ADDED, added)]
    return result


def _changes(found: list[Run]) -> Iterator[list[Run]]:
    for is_same, group in groupby(found, lambda run: run.kind == SAME):
        if not is_same:
            yield list(group)


def _joined(found: list[Run], kind: str) -> str:
    return "".join(run.text for run in found if run.kind == kind)


def _key(token: str) -> str:
    """Return what a part is compared by: white space within a line is all the same."""
    if not token.isspace():
        return token
    return "\n\n" if token.count("\n") > 1 else "\n" if "\n" in token else " "


def _compare(before: list[str], after: list[str], budget: int) -> list[Run] | None:
    """Return the runs between two lists of parts; nothing where that takes longer than `budget` comparisons."""
    old, new = [_key(each) for each in before], [_key(each) for each in after]
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    most = shorter - head
    tail = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    middle = _unchanged(old[head : len(old) - tail], new[head : len(new) - tail], budget)
    if middle is None:
        return None
    result, x, y = [Run(SAME, "".join(after[:head]))], head, head
    for start, other, length in [(head + i, head + j, n) for i, j, n in middle] + [
        (len(old) - tail, len(new) - tail, tail)
    ]:
        result += [
            Run(GONE, "".join(before[x:start])),
            Run(ADDED, "".join(after[y:other])),
            Run(SAME, "".join(after[other : other + length])),
        ]
        x, y = start + length, other + length
    return result


def _unchanged(old: Sequence[str], new: Sequence[str], budget: int) -> list[tuple[int, int, int]] | None:
    """Return what stays as (place in the old, place in the new, length), by the fewest changes.

    E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), forward, with the trace kept.
    """
    n, m = len(old), len(new)
    if not n or not m:
        return []
    furthest: dict[int, int] = {1: 0}
    trace: list[dict[int, int]] = []
    for changes in range(n + m + 1):
        trace.append(furthest)
        reached: dict[int, int] = {}
        budget -= changes
        for k in range(-min(changes, m - (m - changes) % 2), min(changes, n - (n - changes) % 2) + 1, 2):
            left, right = furthest.get(k - 1, -1), furthest.get(k + 1, -1)
            x = start = right if k == -changes or (k != changes and left < right) else left + 1
            y = x - k
            while x < n and y < m and old[x] == new[y]:
                x, y = x + 1, y + 1
            budget -= x - start
            reached[k] = x
            if x >= n and y >= m:
                trace.append(reached)
                return _walked_back(trace, n, m)
        if budget < 0:
            return None
        furthest = reached
    return None


def _walked_back(trace: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int]]:
    kept: list[tuple[int, int, int]] = []
    for changes in range(len(trace) - 2, -1, -1):
        furthest, k = trace[changes], x - y
        left, right = furthest.get(k - 1, -1), furthest.get(k + 1, -1)
        down = k == -changes or (k != changes and left < right)
        before_x = right if down else left
        before_y = before_x - (k + 1 if down else k - 1)
        start = before_x if down else before_x + 1
        if changes == 0:
            start = 0
        if x > start:
            kept.append((start, start - k, x - start))
        x, y = before_x, before_y
    return kept[::-1]


def _tidied(found: list[Run]) -> list[Run]:
    """Join what belongs together: words replaced one by one, with only a space between, are one passage."""
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
    """Return one passage that went and one that came; where only one did, the space that stayed stands after it."""
    gone = "".join(run.text for run in change if run.kind != ADDED)
    added = "".join(run.text for run in change if run.kind != GONE)
    if added.strip(" ") and gone.strip(" "):
        return [Run(GONE, gone), Run(ADDED, added)]
    kind, longer, space = (GONE, gone, added) if gone.strip(" ") else (ADDED, added, gone)
    if not space or longer.endswith(space):
        return [Run(kind, longer[: len(longer) - len(space)]), Run(SAME, space)]
    return change


def _paragraphs(found: list[Run]) -> Iterator[list[Run]]:
    """Split runs where a paragraph ends. A break that came or went is shown, as a mark within its run."""
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
