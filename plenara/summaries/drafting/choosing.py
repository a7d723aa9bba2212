"""Which ideas a draft of so many statements has: broad ones first, and no question or stakeholder group drowned."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from plenara.summaries.drafting.ideas import Idea
from plenara.summaries.drafting.said import Said

#: Contributions that a statement cites, at most: as many as a person can read through before accepting it.
MOST_CITED = 6


def choose(
    ideas: Sequence[Idea], most: int, *, cites: Callable[[Idea], set[int]] | None = None, cited: Iterable[int] = ()
) -> list[Idea]:
    """Return at most `most` ideas in the order of a draft: by question, the widest held first.

    One after another is taken: first the broadest of each question, then of each stakeholder group that no citation
    stands for yet (at once where the room that is left is needed for them), then the widest held, the share
    of each question and of each group of like sentences falling with what it has. The same ideas give the same draft.

    With `cites`, which returns the numbers of the contributions that an idea cites, each contribution is cited once;
    those in `cited` are already.
    """
    left = sorted(ideas, key=lambda idea: idea.rank)
    if cites:
        left = _without(left, set(cited))
    heard = {id(idea): frozenset(each.group for each in voices(idea)) for idea in left}
    silent = {group for groups in heard.values() for group in groups}
    unheard = {idea.thread for idea in left}
    taken: Counter[int] = Counter()  # by question
    told: Counter[int] = Counter()  # by group of like sentences
    chosen: list[Idea] = []
    while left and len(chosen) < most:
        needed = most - len(chosen) <= len(silent)
        best_worth: tuple[float, ...] = (-1.0,)
        for idea in left:  # of equals the first stays
            adds = len(heard[id(idea)] & silent)
            share = idea.contributions * len(idea.groups) / (1 + taken[idea.thread]) / (1 + told[idea.topic])
            worth = (adds if needed else 0, idea.thread in unheard, adds > 0 and not unheard, share)
            if worth > best_worth:
                best, best_worth = idea, worth
        left = [idea for idea in left if idea is not best]
        chosen.append(best)
        silent -= heard[id(best)]
        unheard.discard(best.thread)
        taken[best.thread] += 1
        told[best.topic] += best.topic > 0
        if cites:
            left = _without(left, cites(best))
            heard = {id(idea): frozenset(each.group for each in voices(idea)) for idea in left}
            silent &= {group for groups in heard.values() for group in groups}
            unheard &= {idea.thread for idea in left}
    return sorted(chosen, key=lambda idea: (idea.thread, idea.rank))


def _without(ideas: Sequence[Idea], cited: set[int]) -> list[Idea]:
    """Return ideas without the sentences of contributions that are cited; those of which nothing is left go."""
    found = []
    for idea in ideas:
        said = tuple(each for each in idea.said if each.campaign not in cited)
        if len(said) == len(idea.said):
            found.append(idea)
        elif said:
            gone = len(idea.said) - len(said)
            found.append(replace(idea, said=said, contributions=max(idea.contributions - gone, len(said))))
    return found


def voices(idea: Idea, most: int = MOST_CITED) -> list[Said]:
    """Return the sentences that stand for an idea: the most typical, then those that add a group or a language."""
    chosen, left = [idea.said[0]], list(idea.said[1 : most * 8])
    seldom = {group: each for each in reversed(idea.said) for group in [each.group]}  # the first of each group
    left += [each for each in seldom.values() if each not in left and each is not chosen[0]]
    while left and len(chosen) < most:
        groups = {each.group for each in chosen}
        languages = {each.language for each in chosen}
        best = max(left, key=lambda each: 2 * (each.group not in groups) + (each.language not in languages))
        left.remove(best)
        chosen.append(best)
    return chosen
