"""Words without their endings, by language. They come folded: without case and accents.

Snowball's stemmers expect accents, and take some endings for others without them; what is mended here before or after
them is what that breaks in words that are searched for. For Arabic, where it breaks the most, stands a stemmer of our
own, after Larkey's "light10", which is better at finding than at grammar.
"""

import re
import threading
from collections.abc import Callable
from functools import cache

_SNOWBALL = {"en": "english", "es": "spanish", "fr": "french", "ru": "russian"}


def stem(word: str, language: str) -> str:
    """Return a folded word without its ending; of a language that has no stemmer, the word."""
    known = _STEMMERS.get(language)
    return known(word) or word if known else word


class _Stemmers(threading.local):
    """A thread's own stemmers: two threads may not ask one at once. What they know of words, our caller keeps."""

    def __init__(self) -> None:
        import Stemmer

        self.of = {language: Stemmer.Stemmer(name, 0) for language, name in _SNOWBALL.items()}


@cache
def _stemmers() -> _Stemmers:
    return _Stemmers()


def _snowball(word: str, language: str) -> str:
    found: str = _stemmers().of[language].stemWord(word)
    return found


#: One spelling for British and American words.
_SPELT = {
    "centre": "center", "centres": "centers", "programme": "program", "programmes": "programs", "defence": "defense",
    "offence": "offense", "licence": "license", "licences": "licenses", "cheque": "check", "cheques": "checks",
}  # fmt: skip
_ISE = re.compile(r"(?<=..[a-z])is(?=(?:e|ed|es|er|ers|ing|ation|ations|ational)$)")
_YSE = re.compile(r"(?<=.[a-z])ys(?=(?:e|ed|er|ers|ing)$)")
_OUR = re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|able|al|ite|hood)?$)")


def _english(word: str) -> str:
    word = _SPELT.get(word, word)
    if len(word) > 5:
        word = _OUR.sub("or", _YSE.sub("yz", _ISE.sub("iz", word)))
    return _snowball(word, "en")


_FRENCH_WORDS = {"travaux": "travail", "yeux": "oeil"}


def _french(word: str) -> str:
    word = _FRENCH_WORDS.get(word, word)
    if word.endswith(("ees", "ois")) and len(word) > 3:
        word = word[:-1]
    while word.endswith("ee") and len(word) > 3:
        word = word[:-1]  # a participle's "ée" is its "é", and that an "e"
    found = _snowball(word, "fr")
    if found.endswith("iqu"):
        return f"{found[:-3]}ic"  # publique, public
    return found[:-1] if found.endswith("i") and len(found) > 4 else found  # publié, publier


def _spanish(word: str) -> str:
    if len(word) > 5 and word.endswith("es") and word[-3] in "nrldsz" and word[-4] in "aeiou":
        word = word[:-2]  # mujeres, jóvenes
    elif len(word) > 3 and word.endswith(("os", "as")) and not word.endswith(("amos", "emos")):
        word = word[:-1]  # años; gobiernos, of which "nos" is no pronoun
    found = _snowball(word, "es")
    return f"{found[:-1]}c" if found.endswith("z") else found  # voz, voces


def _russian(word: str) -> str:
    return _snowball(word, "ru")


_ARTICLES = ("وال", "فال", "بال", "كال", "ولل", "ال", "لل")
_ARABIC_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


def _arabic(word: str) -> str:
    article = next((each for each in _ARTICLES if word.startswith(each) and len(word) - len(each) >= 2), "")
    word = word[len(article) :]
    if word.startswith("و") and len(word) > 3:
        word = word[1:]  # "and"; of a word that begins so by itself too, with or without its article
    article = "" if article else next((each for each in ("ال", "لل") if word.startswith(each) and len(word) > 3), "")
    word = word[len(article) :]
    for ending in _ARABIC_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            word = word[: -len(ending)]
    return word


_STEMMERS: dict[str, Callable[[str], str]] = {
    "ar": _arabic,
    "en": _english,
    "es": _spanish,
    "fr": _french,
    "ru": _russian,
}
