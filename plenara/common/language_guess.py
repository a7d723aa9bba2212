"""Guessing the language of a text, among those that are accepted. A guess is shown, and the person confirms it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

_SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "zh": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
}


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # Some 20 MB of model, so it is loaded when the first Latin text needs it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _labels() -> frozenset[str]:
    labels = _identifier().labels
    return frozenset(labels() if callable(labels) else labels)


def guess(text: str, among: Sequence[str]) -> str:
    """Return which of the language codes `among` a text is most likely in; nothing where it is too short to tell."""
    letters = sum(character.isalpha() for character in text)
    if letters < 12:
        return among[0] if len(among) == 1 else ""
    for code, script in _SCRIPTS.items():
        if len(script.findall(text)) * 2 > letters:
            return code if code in among else ""
    latin = [code for code in among if code not in _SCRIPTS]
    if not latin:
        return ""
    # Also measured against languages that are not accepted: a Spanish text is not the next best thing to French.
    known = {*latin, "en", "es", "fr"} & _labels()
    best = next((code for code, _score in _identifier().rank(text) if code in known), "")
    return best if best in among else ""


#: Languages that a text is measured against, besides the one declared.
_MEASURED = ("ar", "de", "en", "es", "fr", "it", "pt", "ru", "zh")


def base(code: str) -> str:
    """Return the language of a tag, without script and region."""
    return code.split("-")[0].lower()


def is_known(code: str) -> bool:
    """Say whether a text in this language can be told from others."""
    return base(code) in _labels()


def detect(text: str, declared: str) -> str:
    """Return which language a text is most likely in, the declared one among those that it may be in."""
    among = {*_MEASURED, base(declared)} & _labels()
    return next((code for code, _score in _identifier().rank(text) if code in among), "")
