"""Which words sentences share, reckoned without a model: what a draft rests on where there are no groups."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush

from plenara.documents.support.negation import negations
from plenara.documents.support.words import CHINESE, WORD, stem
from plenara.summaries.drafting.said import Said

#: Shorter words carry grammar more often than content, in the languages with letters.
FEWEST_LETTERS = 4
#: A word that so many of a question's contributions have says nothing of any of them.
COMMON = 0.5

#: Words that two sentences have at least in common to be like each other, and the part of the shorter one.
LIKE_WORDS, LIKE_PART = 4, 0.5
#: Words of a sentence that is still looked at for what it denies.
MOST_OPPOSED = 24

_CHINESE_RUN = re.compile(f"(?:{CHINESE.pattern})+")


@lru_cache(maxsize=4_096)
def terms(words: str, language: str) -> frozenset[str]:
    """Return a sentence's content words without their endings; of Chinese, each two characters that follow another."""
    runs = _CHINESE_RUN.findall(words)
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    rest = _CHINESE_RUN.sub(" ", words) if runs else words
    return frozenset(pairs | {stem(word, language) for word in WORD.findall(rest) if len(word) >= FEWEST_LETTERS})


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of the shorter of two sentences stands in the other, 0 to 1."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def is_opposed(one: Said, other: Said) -> bool:
    """Say whether one sentence denies what the other says: most words the same, and a negation in one of the two.

    A plain rule, and a careful one: it sees the opposition that is said in the same words, and no other.
    """
    if one.language != other.language or one.campaign == other.campaign:
        return False
    if (negations(one.words, one.language) > 0) == (negations(other.words, other.language) > 0):
        return False
    mine, theirs = terms(one.words, one.language), terms(other.words, other.language)
    longer = max(len(mine), len(theirs))
    if longer > MOST_OPPOSED:
        return False  # what a negation in a long sentence denies is anybody's guess
    return len(mine & theirs) >= 3 and shared(mine, theirs) >= 0.6 and len(mine & theirs) >= 0.35 * longer


class Words:
    """The sentences of one question by the words that its contributions share.

    A word weighs as much as there are contributions that have it; one that half of them have, or one alone, weighs
    nothing. What was told weighs less afterwards (`told`), so that the next sentence says something else. Words are
    kept as numbers: a question may have a hundred thousand sentences.
    """

    def __init__(self, said: Sequence[Said]):
        self.said = said
        numbers: dict[str, int] = {}
        self.terms: list[tuple[int, ...]] = []
        self.where: list[list[int]] = []  # by the word's number: in which sentences it stands
        by: list[set[int]] = []
        for at, each in enumerate(said):
            row = tuple(numbers.setdefault(term, len(numbers)) for term in sorted(terms(each.words, each.language)))
            self.where += [[] for _new in range(len(numbers) - len(self.where))]
            by += [set() for _new in range(len(numbers) - len(by))]
            self.terms.append(row)
            for term in row:
                self.where[term].append(at)
                by[term].add(each.campaign)
        total = max(len({each.campaign for each in said}), 1)
        few = total < 6  # too few contributions for a word to be common
        self.weights = [len(who) / total if few or 1 < len(who) <= max(2, COMMON * total) else 0.0 for who in by]

    def weight(self, at: int) -> float:
        """Return how central a sentence is: the mean of its words, short ones counted as if they had eight."""
        row = self.terms[at]
        return sum(self.weights[term] for term in row) / max(len(row), 8)

    def told(self, at: int) -> None:
        """Let the words of a sentence weigh less."""
        for term in self.terms[at]:
            self.weights[term] **= 2

    def in_turn(self, taken: set[int]) -> Iterator[int]:
        """Yield the most central sentence, then the one that is it after that was told, and so on; none of `taken`.

        Who asks for the next adds to `taken` what is told together with the last.
        """
        # Weights only fall: what was central when it was put here is looked at again before it is taken.
        heap = [(-self.weight(at), at) for at in range(len(self.said))]
        heapify(heap)
        while heap:
            before, at = heappop(heap)
            if at in taken:
                continue
            if -self.weight(at) > before:
                heappush(heap, (-self.weight(at), at))
                continue
            yield at
            self.told(at)

    def like(self, at: int) -> list[int]:
        """Return which other sentences share so many words with one that they can be cited for it, the most first."""
        row, language = self.terms[at], self.said[at].language
        share = Counter(other for term in row for other in self.where[term])
        found = [
            (count / min(len(row), len(self.terms[other])), other)
            for other, count in share.items()
            if count >= LIKE_WORDS and other != at and self.said[other].language == language
        ]
        return [other for part, other in sorted(found, key=lambda each: (-each[0], each[1])) if part >= LIKE_PART]
