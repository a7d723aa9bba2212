"""Which sentences of a contribution carry what it says: what can stand in a group of like sentences.

First by rules that need no model: no greetings, no thanks, nothing said to the moderators, not too short or too long.
Of these the encoder's vectors choose a few: close to the whole, and unlike each other (`understanding.embedding`).
"""

import re

from plenara.documents.sentences import sentences

#: Sentences of a contribution that are grouped, at most; and those that are looked at for it.
MOST_KEY, MOST_CANDIDATES = 5, 40
#: What a sentence needs to say something by itself, and what is no sentence any more.
FEWEST_WORDS, MOST_WORDS = 5, 90
#: The same, of scripts without spaces between words.
FEWEST_CHARACTERS, MOST_CHARACTERS = 12, 200

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")

#: How letters begin and end, in the six languages. Only short sentences are taken for one.
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

#: Said to those who run the consultation, not to its question.
_TO_MODERATORS = re.compile(
    r"\bmoderat(?:ors?|ion)\b|\bmodérat(?:eur|rice|ion)|\bmoderador|\bmoderación|модератор|модераци"
    r"|المشرف|مشرفي|版主|管理员",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?؟？]\W*$")


def weight(sentence: str) -> int:
    """Return how long a sentence is, in words; of a script without spaces, two characters for one."""
    unspaced = len(_UNSPACED.findall(sentence))
    return unspaced // 2 + len(_UNSPACED.sub(" ", sentence).split())


def says_something(sentence: str) -> bool:
    """Say whether a sentence can stand for what somebody contributed."""
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
    """Return (place, sentence) of what can stand for a text, in its order; places count from 1, as a citation's do.

    Of a very long text every so many, from its beginning to its end. Where nothing passes, its longest sentence: no
    contribution is without a voice.
    """
    every = list(enumerate(sentences(text), 1))
    found = [(place, sentence) for place, sentence in every if says_something(sentence)]
    if not found and every:
        found = [max(every, key=lambda each: (weight(each[1]), -each[0]))]
    if len(found) > MOST_CANDIDATES:
        found = [found[at * len(found) // MOST_CANDIDATES] for at in range(MOST_CANDIDATES)]
    return found
