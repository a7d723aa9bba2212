"""Guess the language of a text among those that are accepted. The page shows a guess, and the person confirms it."""

import re
import threading
from collections.abc import Collection, Iterable, Sequence

from plenara.core.resources import LazyModel

_SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "zh": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
}
#: Languages that every text is compared with, besides those that it may be in.
_MEASURED = ("ar", "de", "en", "es", "fr", "it", "pt", "ru", "zh")


#: Frequent words of each language: enough to identify some sentences without a model. A word may be in several lists.
_WORDS = {
    "en": "the of and to in is that for it with as are be this on by not have from was which we our they you their "
    "been has can should will would there what but all any more who its were into only how when these must",
    "fr": "le la les des et est une dans que qui pour sur pas plus ce avec sont par au aux du nous vous leur cette ces "
    "être ont il elle ou mais leurs d l qu n c s j un en ne se son sa ses comme tout tous peut doit",
    "es": "el la los las y es en que por para con una un se del su al lo como más no pero sus este esta son ser hay "
    "nuestro de o si muy todos todo cada debe puede quien cuando ya entre ha sin sobre",
    "pt": "o a os as e é em que para com uma um não se do da dos das no na ao mais como por são ser pelo pela seu sua "
    "também mas nos nas foi deve todos quando já entre há sem sobre",
    "it": "il lo gli la le e è di che per con una un non si della del dei delle nel nella sono come più anche ma alla "
    "al dal questo questa suo essere ha tra ogni quando deve",
    "de": "der die das und ist in zu den mit von für nicht ein eine auf sich des dem auch als wird sind wir es im an "
    "werden bei oder nach wie aus noch kann muss diese zum zur",
}  # fmt: skip
_FREQUENT = {code: frozenset(words.split()) for code, words in _WORDS.items()}
#: The fewest letters, and frequent words of the language found, for the claim that a text is in another language.
_FEWEST_LETTERS, _FEWEST_WORDS = 60, 5
_WORD = re.compile(r"[^\W\d_]+")


class _Model:
    """py3langid's model of some languages: all of its 142 take 72 MB, ours 45."""

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
        """Return the likeliest of these languages; None if it knows none of them."""
        with self._lock:
            if not self.labels.intersection(among) <= self._known:
                self._learn(among)
        return next((str(label) for label, _score in self._identifier.rank(text) if label in among), "")


_model = LazyModel(_Model)


def guess(text: str, among: Sequence[str]) -> str:
    """Return the likeliest language of a text among the codes `among`; None if it is too short."""
    letters = sum(character.isalpha() for character in text)
    if letters < 12:
        return among[0] if len(among) == 1 else ""
    for code, script in _SCRIPTS.items():
        if len(script.findall(text)) * 2 > letters:
            return code if code in among else ""
    latin = [code for code in among if code not in _SCRIPTS]
    if not latin:
        return ""
    if letters >= _FEWEST_LETTERS and (found := _by_frequent_words(_WORD.findall(text.lower()))):
        return found if found in among else ""
    # Also compared with languages that are not accepted: a Spanish text is not French as the next best.
    best = _model.get().best(text, {*latin, "en", "es", "fr"})
    return best if best in among else ""


def differing(text: str, declared: str) -> str:
    """Return the language of a text if it is clearly not the declared one; otherwise None.

    Fast, without the model: by scripts and frequent words.
    """
    lines = (line for line in text.split("\n") if not line.lstrip().startswith(">"))
    words = _WORD.findall(" ".join(lines).lower())
    letters = sum(map(len, words))
    if letters < _FEWEST_LETTERS or base(declared) not in {*_SCRIPTS, *_FREQUENT}:
        return ""
    found = _by_script(words, letters) or _by_frequent_words(words)
    return found if found != base(declared) else ""


def _by_script(words: list[str], letters: int) -> str:
    text = "".join(words)
    return next((code for code, script in _SCRIPTS.items() if len(script.findall(text)) * 10 > letters * 7), "")


def _by_frequent_words(words: list[str]) -> str:
    counts = {code: sum(word in known for word in words) for code, known in _FREQUENT.items()}
    (best, most), (_second, next_most) = sorted(counts.items(), key=lambda each: -each[1])[:2]
    is_clear = most >= max(_FEWEST_WORDS, len(words) // 6) and most * 2 >= next_most * 3
    return best if is_clear else ""


def base(code: str) -> str:
    """Return the language of a tag without script and region."""
    return code.split("-")[0].lower()


def is_known(code: str) -> bool:
    """Return whether a text in this language can be identified."""
    return base(code) in _model.get().labels


def detect(text: str, declared: str) -> str:
    """Return the likeliest language of a text, with the declared one among the candidates."""
    return _model.get().best(text, {*_MEASURED, base(declared)})
