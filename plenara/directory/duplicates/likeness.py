"""How likely it is that two entries are of one thing: from 0 to 1, by names, identifiers and sites."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from plenara.directory.duplicates.folding import COUNTRY, OWN, Token, tokens
from plenara.directory.identifiers import host_of
from plenara.directory.models import Kind
from plenara.directory.tidying import NAMED_BY
from plenara.search.analyser import fold

#: From here on two entries are offered as one; and two words are taken for one, in one script and in two.
LIKELY, SAME_WORD, SAME_SOUND, SAME_SKELETON = 0.45, 84, 78, 86
#: How much a word and the same with an ending are one.
MOST_OF_AN_ENDING = 0.86
_HOSTS = """
facebook.com twitter.com x.com instagram.com linkedin.com youtube.com medium.com github.com gitlab.com t.me
vk.com weibo.com wordpress.com blogspot.com wixsite.com sites.google.com docs.google.com google.com linktr.ee
"""
#: Hosts on which very many have a page of their own: they tell nothing of who it is.
SHARED_HOSTS = frozenset(_HOSTS.split())


def names_of(kind: str, details: Mapping[str, Any]) -> list[str]:
    """Return the names that details bear."""
    found = details.get(NAMED_BY[Kind(kind)]) or ""
    return [each for each in (found.values() if isinstance(found, Mapping) else [found]) if each]


def bare(text: str) -> str:
    """Return a name or acronym as it is compared: its folded letters and digits alone."""
    return "".join(character for character in fold(text) if character.isalnum())


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Return the first letters of a name's words, without those that join them; nothing of fewer than three."""
    joins = {"the", "of", "for", "and", "de", "des", "du", "la", "le", "les", "pour", "et", "y", "del", "los", "para",
             "и", "в", "по", "in", "on", "el", "d", "l", "en", "sur"}  # fmt: skip
    parts = [
        part for part in fold(name).replace("-", " ").replace("’", " ").replace("'", " ").split() if part.isalpha()
    ]
    letters = "".join(part[0] for part in parts if part not in joins)
    return letters if len(letters) > 2 else ""


def likeness(kind: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """Return how likely it is that two entries' details tell of one thing."""
    for identifier in ("ror", "orcid"):
        if one.get(identifier) and other.get(identifier):
            return 1.0 if one[identifier] == other[identifier] else 0.0
    is_person = kind == Kind.PERSON
    pairs = [(a, b) for a in names_of(kind, one) for b in names_of(kind, other)]
    best, is_plain = 0.0, False
    for a, b in pairs:
        if (how := alike(a, b, is_person=is_person)) > best:
            best, is_plain = how, not is_person and not any(each.weight == OWN for each in tokens(a))
    if kind == Kind.ORGANIZATION:
        best = _with_acronyms(best, one, other)
    if one.get("country") and other.get("country") and one["country"] != other["country"]:
        best *= 0.55 if is_plain else 0.8  # the telecommunication authorities of two countries
    site = host_of(str(one.get("site") or one.get("link") or ""))
    if site and site not in SHARED_HOSTS and site == host_of(str(other.get("site") or other.get("link") or "")):
        best = max(best + 0.25, 0.7) if kind != Kind.PERSON else best + 0.1
    return min(best, 1.0)


def _with_acronyms(best: float, one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    short = [bare(str(each.get("acronym") or "")) for each in (one, other)]
    names = [names_of(Kind.ORGANIZATION, each) for each in (one, other)]
    if short[0] and short[0] == short[1]:
        best += 0.3 if len(short[0]) > 2 else 0.15
    for mine, theirs in ((0, 1), (1, 0)):
        if len(short[mine]) < 3:
            continue
        if any(bare(name) == short[mine] for name in names[theirs]):
            best = max(best, 0.85)
        elif any(initials(name) == short[mine] for name in names[theirs]) and not short[theirs]:
            best += 0.15
    return best


def alike(one: str, other: str, *, is_person: bool = False) -> float:
    """Return how alike two names are: what their words have in common, weighed by how much each tells."""
    if fold(one) == fold(other):
        return 1.0
    a, b = tokens(one, is_person=is_person), tokens(other, is_person=is_person)
    if not a or not b:
        return 0.0
    left = list(b)
    common = same_own = 0.0
    for token in sorted(a, key=lambda each: -each.weight):
        found, how = _best(token, left)
        if found is not None:
            left.remove(found)
            common += min(token.weight, found.weight) * how
            same_own += token.weight == found.weight == OWN
    total = sum(each.weight for each in a) + sum(each.weight for each in b) - common
    score = common / total
    if not same_own and any(each.weight == OWN for each in a) and any(each.weight == OWN for each in b):
        return score * 0.6  # each has a name of its own, and it is another's
    if not same_own and _countries(a) != _countries(b):
        return score * 0.6  # the ministries of health of two countries
    return score


def _countries(some: tuple[Token, ...]) -> frozenset[str]:
    return frozenset(each.key for each in some if each.weight == COUNTRY)


def _best(token: Token, some: list[Token]) -> tuple[Token | None, float]:
    best: tuple[Token | None, float] = (None, 0.0)
    for each in some:
        if each.key == token.key:
            return each, 1.0
        if token.skeleton and each.skeleton:
            how = _word_for_word(token, each)
            if how > best[1]:
                best = (each, how)
    return best


def _word_for_word(one: Token, other: Token) -> float:
    """Return how much two words of their own are one: letter by letter in one script, by how they sound in two."""
    short, long = sorted((one.sound, other.sound), key=len)
    # "Sahel" and "Сахельская", "music" and "musicales".
    begins = MOST_OF_AN_ENDING if len(short) > 3 and long.startswith(short) and len(long) - len(short) < 6 else 0.0
    if _script(one.key) == _script(other.key):
        how = fuzz.ratio(one.key, other.key)
        return max(begins, how / 100 if how >= SAME_WORD else 0.0)
    by_sound = fuzz.ratio(one.sound, other.sound)
    by_skeleton = fuzz.ratio(one.skeleton, other.skeleton) if len(one.skeleton) > 2 else 0
    how = max(by_sound if by_sound >= SAME_SOUND else 0, by_skeleton if by_skeleton >= SAME_SKELETON else 0)
    return max(begins, how / 100)


def _script(word: str) -> str:
    first = word[0]
    return "latin" if first < "\u0250" else "cyrillic" if first < "\u0530" else "arabic" if first < "\u0780" else "han"
