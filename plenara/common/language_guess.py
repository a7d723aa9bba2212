"""Guessing the language of a text, among those that are accepted. A guess is shown, and the person confirms it."""

import re
import threading
from collections.abc import Collection, Iterable, Sequence

from plenara.common.held import Held

_SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "zh": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
}
#: Languages that every text is measured against, besides those that it may be in.
_MEASURED = ("ar", "de", "en", "es", "fr", "it", "pt", "ru", "zh")


class _Model:
    """What py3langid knows of some languages: with all of its 142 it takes 72 MB, with ours 45."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: frozenset[str] = frozenset()
        self._learn(_MEASURED)

    def _learn(self, codes: Iterable[str]) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        whole = LanguageIdentifier.from_model_file(MODEL_FILE)
        self.labels = frozenset(whole.nb_classes)
        self._known |= self.labels.intersection(codes)
        columns = [at for at, label in enumerate(whole.nb_classes) if label in self._known]
        self._identifier = LanguageIdentifier(
            whole.nb_ptc[:, columns],
            whole.nb_pc[columns],
            [whole.nb_classes[at] for at in columns],
            whole.tk_nextmove,
            whole.tk_output,
            tk_row=whole.tk_row,
        )

    def best(self, text: str, among: Collection[str]) -> str:
        """Return the likeliest of these languages; nothing where it knows none of them."""
        with self._lock:
            if not self.labels.intersection(among) <= self._known:
                self._learn(among)
        return next((str(label) for label, _score in self._identifier.rank(text) if label in among), "")


_model = Held(_Model)


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
    best = _model.get().best(text, {*latin, "en", "es", "fr"})
    return best if best in among else ""


def base(code: str) -> str:
    """Return the language of a tag, without script and region."""
    return code.split("-")[0].lower()


def is_known(code: str) -> bool:
    """Say whether a text in this language can be told from others."""
    return base(code) in _model.get().labels


def detect(text: str, declared: str) -> str:
    """Return which language a text is most likely in, the declared one among those that it may be in."""
    return _model.get().best(text, {*_MEASURED, base(declared)})
