"""Texts that are nearly the same, among up to a thousand in one language: by their words, not by their meaning."""

from collections.abc import Sequence
from itertools import pairwise

from plenara.documents.support.words import CHINESE, WORD, fold

#: The words that two texts share, of all that either has.
NEARLY = 0.75


def nearly_identical(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of texts, each with the first earlier one that is nearly the same.

    Sets of words are bits of a whole number, so a thousand texts are compared in a fraction of a second.
    """
    bits: dict[str, int] = {}
    sets, found = [], []
    for text in texts:
        characters = CHINESE.findall(text)
        words = {fold(each) for each in WORD.findall(CHINESE.sub(" ", text))}
        words |= {one + two for one, two in pairwise(characters)}
        sets.append(sum(1 << bits.setdefault(word, len(bits)) for word in words))
    sizes = [each.bit_count() for each in sets]
    for place, mine in enumerate(sets):
        for other in range(place):
            small, large = sorted((sizes[place], sizes[other]))
            if (
                small >= 4
                and small >= NEARLY * large
                and (mine & sets[other]).bit_count() >= NEARLY * (mine | sets[other]).bit_count()
            ):
                found.append((place, other))
                break
    return found
