"""From the text of a contribution to its key sentences, and to the vectors that are stored of it."""

import re
from collections.abc import Collection

from plenara.core.text import digest, plain
from plenara.documents.validation.words import sentences
from plenara.search import encoder
from plenara.search.actions.index import Row
from plenara.search.entries import Array
from plenara.search.vector_store import LENGTH, products, quantised

#: The most sentences of a contribution that are grouped, and that are considered.
MOST_KEY, MOST_CANDIDATES = 5, 40
#: The fewest and the most words of a sentence that is clear by itself.
FEWEST_WORDS, MOST_WORDS = 5, 90
#: The same, of scripts without spaces between words.
FEWEST_CHARACTERS, MOST_CHARACTERS = 12, 200

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")

#: How letters begin and end, in the six languages. Only short sentences count as such.
_GREETING = re.compile(
    r"""^\W*(?:
    dear\b|hello\b|hi\b|good\s(?:morning|day|afternoon)|thanks?\b|thank\syou|(?:best|kind|warm)\s(?:regards|wishes)
    |(?:yours\s)?sincerely|respectfully
    |bonjour|chers?\b|chères?\b|mesdames|messieurs|madame|monsieur|merci|cordialement|bien\sà\svous
    |(?:veuillez|je\svous\sprie)\s.*(?:salutations|sentiments|considération)
    |estimad[oa]s?|hola\b|buen[oa]s\s(?:días|tardes|noches)|gracias|muchas\sgracias|atentamente|saludos|cordialmente
    |уважаем|здравствуйте|добрый\s(?:день|вечер)|спасибо|благодар|с\sуважением
    |السيد|السادة|الأعزاء|مرحبا|تحية|تحياتي|السلام\sعليكم|شكرا|نشكر|وتفضلوا|مع\s(?:خالص|أطيب)
    |尊敬的|亲爱的|您好|你好|大家好|谢谢|感谢|此致|敬礼
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SHORT = 14  # words
_SHORT_CHARACTERS = 24

#: Addressed to the organizers of the consultation, not to its question.
_TO_MODERATORS = re.compile(
    r"\bmoderat(?:ors?|ion)\b|\bmodérat(?:eur|rice|ion)|\bmoderador|\bmoderación|модератор|модераци"
    r"|المشرف|مشرفي|版主|管理员",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?؟？]\W*$")


def weight(sentence: str) -> int:
    """Return the length of a sentence in words; two characters count as one in a script without spaces."""
    unspaced = len(_UNSPACED.findall(sentence))
    return unspaced // 2 + len(_UNSPACED.sub(" ", sentence).split())


def says_something(sentence: str) -> bool:
    """Return whether a sentence can represent a contribution."""
    bare = _ADDRESS.sub(" ", sentence)
    unspaced = len(_UNSPACED.findall(bare))
    letters = len(_LETTER.findall(bare))
    if letters * 2 < len(bare.strip()):
        return False  # figures, rules, a list of addresses
    if unspaced * 2 > letters:
        if not FEWEST_CHARACTERS <= unspaced <= MOST_CHARACTERS:
            return False
        is_short = unspaced <= _SHORT_CHARACTERS
    else:
        words = len(bare.split())
        if not FEWEST_WORDS <= words <= MOST_WORDS:
            return False
        is_short = words <= _SHORT
    if is_short and _GREETING.match(bare):
        return False
    return not (_TO_MODERATORS.search(bare) and (is_short or _ASKS.search(bare)))


def candidates(text: str) -> list[tuple[int, str]]:
    """Return (place, sentence) of a text's possible key sentences in order; places count from 1, as in citations.

    Of a very long text, an evenly spaced selection. If no sentence passes, the longest: every contribution has one.
    """
    every = list(enumerate(sentences(text), 1))
    found = [(place, sentence) for place, sentence in every if says_something(sentence)]
    if not found and every:
        found = [max(every, key=lambda each: (weight(each[1]), -each[0]))]
    if len(found) > MOST_CANDIDATES:
        found = [found[at * len(found) // MOST_CANDIDATES] for at in range(MOST_CANDIDATES)]
    return found


#: The product of two vectors from which two sentences of a text have the same meaning.
_SAME = round(0.75 * LENGTH**2)


def encoder_name() -> str:
    """Return the name of the method: the model, and how sentences are chosen and rounded."""
    return f"{encoder.name()}/1"


def embedded(text: str, also: Collection[str] = ()) -> dict[int, Row]:
    """Return the vectors of a text by place: 0 is the whole, from 1 its key sentences as they can be cited.

    `also` are sentences that a person put into a group: they are always included. Each text is encoded in a call of its
    own, so that its vectors do not depend on other texts.
    """
    chosen = candidates(text)
    if not chosen:
        return {0: Row(digest(text), quantised(encoder.vectors([plain(text)]))[0])}
    known = {place for place, _sentence in chosen}
    put = [
        (place, sentence)
        for place, sentence in enumerate(sentences(text), 1)
        if sentence in also and place not in known
    ]
    every = [*chosen, *put]
    numbers = quantised(encoder.vectors([plain(text), *(sentence for _place, sentence in every)]))
    keys = key_sentences(numbers[0], numbers[1 : 1 + len(chosen)])
    kept = [at for at, (_place, sentence) in enumerate(every) if at in keys or sentence in also]
    rows = {every[at][0]: Row(digest(every[at][1]), numbers[at + 1]) for at in kept}
    return {0: Row(digest(text), numbers[0]), **rows}


def key_sentences(whole: Array, rows: Array, most: int = MOST_KEY) -> set[int]:
    """Return the key sentences of a text: close to the whole, and each different from those chosen before it."""
    close, alike = products(rows, whole[None])[:, 0], products(rows, rows)
    chosen: list[int] = []
    while len(chosen) < min(most, len(rows)):
        nearest = alike[:, chosen].max(axis=1) if chosen else 0 * close
        # Integers only, so that of two equals the first is taken.
        score = 3 * close - 2 * nearest
        score[nearest > _SAME] -= 10 * _SAME  # a repetition: only if nothing else is left
        score[chosen] = float("-inf")
        chosen.append(int(score.argmax()))
    return set(chosen)
