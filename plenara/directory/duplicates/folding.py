"""What the words of a name come down to, whatever language and script it is in.

Words that very many names bear are concepts ("network", "réseau" and "شبكة" are one), names of countries are their
codes; everything else is a word of its own, with a skeleton of consonants by which it is known in another script.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from plenara.core.languages import NAMES
from plenara.core.vocabulary import country_names
from plenara.search.analyser import fold, is_unspaced, words

_FILE = Path(__file__).parent / "words.txt"
#: How much a word tells of which organization it is: its own name most, what very many bear least.
OWN, COUNTRY, CONCEPT = 1.0, 0.6, 0.4
#: Arabic letters that stand before a word: "and", "for", "by", and the article.
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
    """What a word of a name comes down to: what it is compared by, how much it tells, and its skeleton."""

    key: str
    weight: float
    skeleton: str = ""
    sound: str = ""


@lru_cache(maxsize=4096)
def tokens(name: str, *, is_person: bool = False) -> tuple[Token, ...]:
    """Return what the words of a name come down to, each once, in their order. Of a person all are a name's own."""
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
        # What is left of a short word is no word: its first letters are its own.
        word = bare if known or len(bare) > 3 else word
    if known is None:
        yield _own(word, OWN if len(word) > 2 else CONCEPT)
    elif known.key:
        yield known


def _of_person(word: str) -> Iterator[Token]:
    """Yield a word of a person's name; of a Chinese one the surname, which is its first character, and the rest."""
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
    """Cut a run of characters at the longest words that are known; what is left between them is a name."""
    lexicon, longest = _chinese()
    at, rest = 0, ""
    while at < len(run):
        size = next((n for n in range(min(longest, len(run) - at), 0, -1) if run[at : at + n] in lexicon), 0)
        # One character is a word only at the end: elsewhere it belongs to a name.
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
    """Return the consonants of a sound, and whether it begins with a vowel: what Arabic writes of it."""
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
    """Return the words that are concepts, and their beginnings by three letters; countries are among the words."""
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
