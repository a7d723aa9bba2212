"""Entries that may be the same, in any language and script: found by keys from an index, then compared one by one."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path

from django.db.models import Count
from rapidfuzz import fuzz

from plenara.accounts import queries
from plenara.core.languages import NAMES
from plenara.core.rows import Json
from plenara.core.vocabulary import country_names
from plenara.directory.models import Kind, Listing, NameKey
from plenara.directory.queries.lookup import name_of
from plenara.directory.validation import NAMED_BY, host_of
from plenara.search.analyser import fold, is_unspaced, words

_FILE = Path(__file__).parents[1] / "words.txt"
#: How distinctive a word is: an organization's own name most, a very common word least.
OWN, COUNTRY, CONCEPT = 1.0, 0.6, 0.4
#: Arabic prefixes of a word: "and", "for", "by", and the article.
_ARTICLES = re.compile("^(?:وال|بال|كال|فال|لل|ال)(?=..)")
_IS_ARABIC, _IS_CYRILLIC = re.compile("[\u0620-\u06ff]"), re.compile("[\u0400-\u04ff]")

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў"
_AS_LATIN = "a b v g d e e j z i i k l m n o p r s t u f h ts ch sh sh _ i _ e u a i i e g u"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچگڤ"
_AS_LATIN_TOO = "a b t t j h h d d r z s sh s d t z _ g f k k l m n h u i b ch g v"
_LETTERS = str.maketrans(
    {
        letter: latin.replace("_", "")
        for letters, latins in ((_CYRILLIC, _AS_LATIN), (_ARABIC, _AS_LATIN_TOO))
        for letter, latin in zip(letters, latins.split(), strict=True)
    }
)
#: Sounds that one language writes in several ways, and another script in one.
_SOUNDS = (
    ("tsch", "ch"), ("tch", "ch"), ("sch", "sh"), ("dj", "j"), ("dzh", "j"), ("zh", "j"), ("kh", "h"), ("ph", "f"),
    ("th", "t"), ("dh", "d"), ("gh", "g"), ("ck", "k"), ("qu", "k"), ("x", "ks"), ("q", "k"), ("w", "u"), ("v", "b"),
    ("p", "b"), ("c", "k"), ("g", "j"), ("z", "s"),
)  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A word of a name: the form that is compared, how distinctive it is, and its skeleton."""

    key: str
    weight: float
    skeleton: str = ""
    sound: str = ""


@lru_cache(maxsize=4096)
def tokens(name: str, *, is_person: bool = False) -> tuple[Token, ...]:
    """Return the tokens of a name, each once, in their order. All words of a person's name are names."""
    found: dict[str, Token] = {}
    for word in words(name.replace("’", " ").replace("'", " ")):
        for token in _of_person(word) if is_person else _of(word):
            found.setdefault(token.key, token)
    return tuple(found.values())


def _of(word: str) -> Iterator[Token]:
    if is_unspaced(word):
        yield from _of_chinese(word)
        return
    known = _known(word)
    if known is None and _IS_ARABIC.search(word):
        bare = _ARTICLES.sub("", word)
        known = _known(bare)
        # A short stem is not a word: its first letters belong to it.
        word = bare if known or len(bare) > 3 else word
    if known is None:
        yield _own(word, OWN if len(word) > 2 else CONCEPT)
    elif known.key:
        yield known


def _of_person(word: str) -> Iterator[Token]:
    """Yield the tokens of a word of a person; of a Chinese name the surname (its first character) and the rest."""
    if not is_unspaced(word):
        yield _own(word, OWN)
    elif len(word) > 1:
        yield from (*_name(word[:1]), *_name(word[1:]))
    else:
        yield from _name(word)


def _own(word: str, weight: float) -> Token:
    sound = sound_of(word)
    return Token(word, weight, skeleton_of(sound), sound)


def _of_chinese(run: str) -> Iterator[Token]:
    """Split a run of characters at the longest known words; what is left between them is a name."""
    lexicon, longest = _chinese()
    at, rest = 0, ""
    while at < len(run):
        size = next((n for n in range(min(longest, len(run) - at), 0, -1) if run[at : at + n] in lexicon), 0)
        # One character is a word only at the end: elsewhere it is a part of a name.
        if size > 1 or (size == 1 and at + 1 == len(run)):
            yield from _name(rest)
            rest = ""
            if (token := lexicon[run[at : at + size]]).key:
                yield token
            at += size
        else:
            rest += run[at]
            at += 1
    yield from _name(rest)


def _name(characters: str) -> Iterator[Token]:
    if characters:
        from pypinyin import lazy_pinyin

        sound = sound_of("".join(lazy_pinyin(characters)))
        yield Token(characters, OWN, skeleton_of(sound), sound)


@lru_cache(maxsize=8192)
def sound_of(word: str) -> str:
    """Return a word in Latin letters, one for each sound that scripts write differently; vowels as three."""
    latin = fold(word).translate(_LETTERS)
    for written, sound in _SOUNDS:
        latin = latin.replace(written, sound)
    for vowels, sound in (("ou", "u"), ("oo", "u"), ("o", "u"), ("ee", "i"), ("e", "i"), ("y", "i")):
        latin = latin.replace(vowels, sound)
    return re.sub(r"(.)\1+", r"\1", latin)


def skeleton_of(sound: str) -> str:
    """Return the consonants of a sound, and whether it begins with a vowel: the part of it that Arabic writes."""
    return re.sub("^[aiu]h?", "a", sound[:1]) + re.sub("[aiuh]", "", sound[1:])


def _known(word: str) -> Token | None:
    exact, beginnings = _lexicon()
    if word in exact:
        return exact[word]
    found = (begin for begin in beginnings.get(word[:3], ()) if word.startswith(begin))
    longest = max(found, key=len, default="")
    return beginnings[word[:3]][longest] if longest else None


@cache
def _lexicon() -> tuple[dict[str, Token], dict[str, dict[str, Token]]]:
    """Return the words of the lexicon, and their beginnings by three letters; countries are among the words."""
    exact: dict[str, Token] = {}
    beginnings: dict[str, dict[str, Token]] = {}
    for token, word in _lines():
        if word.endswith("*"):
            beginnings.setdefault(fold(word[:-1])[:3], {}).setdefault(fold(word[:-1]), token)
        else:
            exact.setdefault(fold(word), token)
    for code, name in _countries():
        parts = [part for part in words(name) if len(part) > 2]
        if len(parts) == 1:
            for word in {parts[0], _ARTICLES.sub("", parts[0])}:
                exact.setdefault(word, Token(f"={code}", COUNTRY))
            if _IS_CYRILLIC.match(parts[0]) and len(parts[0]) > 4:
                # Russian declines: "Казахстана", "России".
                begin = parts[0].rstrip("аяьий")
                beginnings.setdefault(begin[:3], {}).setdefault(begin, Token(f"={code}", COUNTRY))
    return exact, beginnings


@cache
def _chinese() -> tuple[dict[str, Token], int]:
    found = {fold(word): token for token, word in _lines() if is_unspaced(word)}
    for code, name in _countries():
        if is_unspaced(name[0]):
            found.setdefault(fold(name), Token(f"={code}", COUNTRY))
    return found, max(map(len, found))


def _lines() -> Iterator[tuple[Token, str]]:
    for line in _FILE.read_text("utf-8").splitlines():
        concept, _space, rest = line.partition(" ")
        if concept != "#":
            token = Token("" if concept == "-" else f"+{concept}", CONCEPT)
            yield from ((token, word) for word in rest.split())


def _countries() -> Iterator[tuple[str, str]]:
    for language in NAMES:
        yield from country_names(language).items()


#: Minimal likelihood of a duplicate; and similarity of words that count as one, within a script and across two.
LIKELY, SAME_WORD, SAME_SOUND, SAME_SKELETON = 0.45, 84, 78, 86
#: The similarity of a word and the same word with an ending.
MOST_OF_AN_ENDING = 0.86
_HOSTS = """
facebook.com twitter.com x.com instagram.com linkedin.com youtube.com medium.com github.com gitlab.com t.me
vk.com weibo.com wordpress.com blogspot.com wixsite.com sites.google.com docs.google.com google.com linktr.ee
"""
#: Hosts with pages of very many organizations: they do not identify one.
SHARED_HOSTS = frozenset(_HOSTS.split())


def names_of(kind: str, details: Json) -> list[str]:
    """Return the names in the details."""
    found = details.get(NAMED_BY[Kind(kind)]) or ""
    return [each for each in (found.values() if isinstance(found, Mapping) else [found]) if each]


def bare(text: str) -> str:
    """Return a name or acronym in the form that is compared: its folded letters and digits alone."""
    return "".join(character for character in fold(text) if character.isalnum())


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Return the first letters of a name's words, without conjunctions; nothing for fewer than three."""
    joins = {"the", "of", "for", "and", "de", "des", "du", "la", "le", "les", "pour", "et", "y", "del", "los", "para",
             "и", "в", "по", "in", "on", "el", "d", "l", "en", "sur"}  # fmt: skip
    parts = [
        part for part in fold(name).replace("-", " ").replace("’", " ").replace("'", " ").split() if part.isalpha()
    ]
    letters = "".join(part[0] for part in parts if part not in joins)
    return letters if len(letters) > 2 else ""


def likeness(kind: str, one: Json, other: Json) -> float:
    """Return the likelihood that two entries are the same."""
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


def _with_acronyms(best: float, one: Json, other: Json) -> float:
    short = [bare(str(each.get("acronym") or "")) for each in (one, other)]
    names = [names_of(Kind.ORGANIZATION, each) for each in (one, other)]
    if short[0] and short[0] == short[1]:
        best += 0.3 if len(short[0]) > 2 else 0.15
    for this, that in ((0, 1), (1, 0)):
        if len(short[this]) < 3:
            continue
        if any(bare(name) == short[this] for name in names[that]):
            best = max(best, 0.85)
        elif any(initials(name) == short[this] for name in names[that]) and not short[that]:
            best += 0.15
    return best


def alike(one: str, other: str, *, is_person: bool = False) -> float:
    """Return the similarity of two names: the words that they share, weighted by how distinctive each is."""
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
        return score * 0.6  # both contain a distinctive name, and they differ
    if not same_own and _countries_among(a) != _countries_among(b):
        return score * 0.6  # the ministries of health of two countries
    return score


def _countries_among(some: tuple[Token, ...]) -> frozenset[str]:
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
    """Return the similarity of two names' words: by letters within a script, by sounds across two."""
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


#: Keys of one entry; entries that are compared one by one; duplicates that are returned.
MOST_KEYS, MOST_LOOKED_AT, MOST_OFFERED = 120, 40, 5
#: Words of one name that pairs are made of.
MOST_PAIRED = 7


@dataclass(frozen=True)
class Duplicate:
    """A published entry that may be the same, and its likelihood."""

    listing: Listing
    likeness: float


def keys_of(kind: str, details: Json) -> list[str]:
    """Return the keys of an entry: identifiers, host, acronyms, names, their words, and pairs of these."""
    return list(dict.fromkeys(_keys(kind, details)))[:MOST_KEYS]


def _keys(kind: str, details: Json) -> Iterator[str]:
    for identifier in ("ror", "orcid"):
        if details.get(identifier):
            yield f"i:{details[identifier]}"
    host = host_of(str(details.get("site") or details.get("link") or ""))
    if host and host not in SHARED_HOSTS:
        yield f"h:{host}"[:80]
    if acronym := bare(str(details.get("acronym") or "")):
        yield f"a:{acronym}"[:80]
    names = names_of(kind, details)
    for name in names:
        yield name_key(name)
        yield f"a:{initials(name) or bare(name)}"[:80]
        yield f"a:{bare(name)}"[:80]
    for name in names:
        found = tokens(name, is_person=kind == Kind.PERSON)
        parts = [each.skeleton or each.key for each in found]
        # A very common word is no key by itself, but a pair of them is.
        yield from (f"w:{each.skeleton}"[:80] for each in found if each.weight == OWN)
        yield from (f"w:{each.key}"[:80] for each in found if each.weight == OWN and each.key.isascii())
        yield from (f"p:{a} {b}"[:80] for a, b in combinations(sorted(parts[:MOST_PAIRED]), 2))


def name_key(name: str) -> str:
    """Return the key of a whole name: the same with other marks, spaces and accents."""
    return f"n:{hashlib.sha256(bare(name).encode()).hexdigest()[:24]}"


def likely(kind: str, details: Json, *, besides: int | None = None) -> list[Duplicate]:
    """Return the published entries that may be the same, the likeliest first. Two queries, whatever the size.

    `besides` is the id of the entry itself, which is left out.
    """
    rows = candidates(kind, details, besides=besides)
    scored = [Duplicate(row, likeness(kind, details, row.details)) for row in rows]
    likeliest = [each for each in scored if each.likeness >= LIKELY]
    return sorted(likeliest, key=lambda each: (-each.likeness, each.listing.number or 0))[:MOST_OFFERED]


def candidates(kind: str, details: Json, *, besides: int | None = None) -> list[Listing]:
    """Return the published entries that share most keys with these details, as candidates. Two queries."""
    keys = keys_of(kind, details)
    if not keys:
        return []
    found = NameKey.objects.filter(of=kind, key__in=keys)
    if besides:
        found = found.exclude(listing=besides)
    shared = found.values("listing").annotate(count=Count("pk")).order_by("-count", "listing")[:MOST_LOOKED_AT]
    return list(Listing.objects.in_bulk([each["listing"] for each in shared]).values())


#: Minimal similarity of names, by words and by letters. And how many are suggested.
NEARLY, NEARLY_SPELT, MOST = 0.6, 0.85, 3


def organizations(name: str, country: str) -> list[str]:
    """Return the names of listed organizations that are similar to this one, the likeliest first. Two queries.

    None where one has exactly this name or acronym: then it is the one that is meant.
    """
    details = {"name": {"": name}, "acronym": name, "country": country}
    listed = [each for each in candidates(Kind.ORGANIZATION, details) if each.is_listed]
    typed = bare(name)
    if any(typed in _names(each) for each in listed):
        return []
    scored = [(_score(typed, details, each), each) for each in listed]
    likeliest = sorted((pair for pair in scored if pair[0] >= NEARLY), key=lambda pair: (-pair[0], pair[1].pk))
    return [name_of(each).text for _how, each in likeliest[:MOST]]


def _score(typed: str, details: Json, listing: Listing) -> float:
    spelt = max((fuzz.ratio(typed, each) / 100 for each in _names(listing)), default=0.0)
    return max(likeness(Kind.ORGANIZATION, details, listing.details), spelt if spelt >= NEARLY_SPELT else 0.0)


def _names(listing: Listing) -> set[str]:
    details = listing.details
    return {bare(each) for each in (*names_of(Kind.ORGANIZATION, details), str(details.get("acronym") or "")) if each}


queries.organizations_found_by(organizations)
