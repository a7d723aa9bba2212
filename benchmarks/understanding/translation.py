"""Do the checks of a translation notice that it does not say what its source says?

    python -m benchmarks.understanding.translation

Run it from the root. Sentences in six languages (`pud6`) are taken as sources and translations of one another, and made
wrong in one way: swapped for the translation of another sentence, cut in half, left in the source's language, one
figure changed. The result is the share with a remark; of those left as they are, that is the share of false alarms, and
the share that a translator could not have reviewed (refused). Sentences of news are shorter than statements, so "cut"
is harder here.

For comparison, a baseline that knows no language: remark if the translation has less than half or more than twice the
letters that are usual in the language, or is the same as its source.
"""

import json
import random
import sys
from collections import defaultdict
from typing import Any

from benchmarks.understanding.corrupting import renumbered
from benchmarks.understanding.drafts import DATA, set_up

SEED = 20_261_125
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
SENTENCES = 150
KINDS = ("as it is", "refused", "swapped", "cut", "untranslated", "figure")


def half(text: str, language: str) -> str:
    """Return the first half of a text, to a whole word."""
    return text[: len(text) // 2] if language == "zh" else text[: len(text) // 2].rsplit(" ", 1)[0]


def baseline(source: str, target: str, usual: float) -> bool:
    """Return whether a translation is the same as its source, or far from the usual length."""
    ratio = len(target) / len(source) / usual
    return source == target or ratio < 0.5 or ratio > 2


def run() -> None:
    """Check every pair of languages, and print a row for each language of translations."""
    import numpy

    from plenara.documents.validation.renditions import checks_of
    from plenara.search import encoder

    if not (DATA / "pud6").exists():
        print("pud6: not there, left out")
        return
    corpus = json.loads((DATA / "pud6" / "pud6.json").read_text())
    rng = random.Random(SEED)
    chosen = rng.sample(range(len(corpus["ids"])), SENTENCES)
    usual = {each: sum(len(corpus[each][at]) for at in chosen) for each in LANGUAGES}
    texts: dict[str, None] = {}
    cases: list[tuple[str, str, str, str, str]] = []
    for language in LANGUAGES:
        for place, at in enumerate(chosen):
            source = rng.choice([each for each in LANGUAGES if each != language])
            original, right = corpus[source][at], corpus[language][at]
            other = corpus[language][chosen[(place + 1) % len(chosen)]]
            wrong = {
                "as it is": right, "swapped": other, "cut": half(right, language), "untranslated": original,
                "figure": renumbered(right, language),
            }  # fmt: skip
            cases += [(source, language, kind, original, text) for kind, text in wrong.items() if text]
            texts |= dict.fromkeys([original, *(text for text in wrong.values() if text)])
    every = list(texts)
    rows: Any = numpy.vstack([encoder.vectors(every[at : at + 64]) for at in range(0, len(every), 64)])
    place_of = {text: at for at, text in enumerate(every)}
    ours: dict[tuple[str, str], list[bool]] = defaultdict(list)
    theirs: dict[tuple[str, str], list[bool]] = defaultdict(list)
    codes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    cosines: dict[tuple[str, str], list[float]] = defaultdict(list)
    for source, language, kind, original, text in cases:
        cosine = float(rows[place_of[original]] @ rows[place_of[text]])
        found = checks_of("", original, "", "", text, "", source, language, nearness=cosine)
        cosines[language, kind].append(cosine)
        ours[language, kind].append(bool(found))
        theirs[language, kind].append(baseline(original, text, usual[language] / usual[source]))
        for code in {each.code for each in found}:
            codes[kind][code] += 1
        if kind == "as it is":
            ours[language, "refused"].append(any(each.is_refusal for each in found))
    print("Told, by the translation's language, the baseline in brackets:\n")
    print("| | " + " | ".join(KINDS) + " |\n|---|" + "---|" * len(KINDS))
    for language in LANGUAGES:
        cells = [_cell(ours[language, kind], theirs.get((language, kind))) for kind in KINDS]
        print(f"| {language} | " + " | ".join(cells) + " |")
    print("\nWhich remark told it:\n")
    for kind, counts in codes.items():
        whole = sum(len(ours[language, kind]) for language in LANGUAGES)
        print(f"- {kind}: " + ", ".join(f"{code} {count / whole:.0%}" for code, count in sorted(counts.items())))
    print("\nCosine of faithful and of swapped translations (5th, 50th, 95th of a hundred):\n")
    for language in LANGUAGES:
        both = [numpy.quantile(cosines[language, kind], [0.05, 0.5, 0.95]).round(2) for kind in ("as it is", "swapped")]
        print(f"- {language}: {both[0].tolist()}, {both[1].tolist()}")


def _cell(ours: list[bool], theirs: list[bool] | None) -> str:
    share = f"{sum(ours) / len(ours):.0%}"
    return f"{share} ({sum(theirs) / len(theirs):.0%}) of {len(ours)}" if theirs else share


def main() -> None:
    """Run."""
    set_up()
    run()


if __name__ == "__main__":
    sys.exit(main())
