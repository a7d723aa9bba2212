"""Do the publication checks notice that a statement does not say what it cites?

    python -m benchmarks.understanding.support

Run it from the root. A statement is a sentence, and what it cites the same sentence in another of six languages
(`pud6`: news and encyclopaedia), or in the same one; or a statement of the demo's summaries, in each of its six
languages, with the words of several contributions that it sums up. Each is left as it is, and made wrong in one way:
negated, a number or a country changed, the source swapped for another. Printed is the share of warnings and refusals;
of those left as they are, that is the share of false alarms.

For comparison, a baseline that knows no language: warn if fewer than so many of the statement's runs of four letters
are in the source, with the limit that gives it as many false alarms.
"""

import json
import random
import statistics
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.understanding.corrupting import negated, renamed, renumbered
from benchmarks.understanding.drafts import DATA, set_up

SEED = 20_261_125
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
#: Sentences of each language: enough for a precision of some points.
SENTENCES = 150


@dataclass
class Case:
    """A statement, the words that it cites, and how it was changed."""

    statement: str
    language: str
    words: tuple[tuple[str, str], ...]  # what it cites, each with its language
    kind: str
    of: str
    codes: tuple[str, ...] = ()


type Cites = tuple[tuple[str, str], ...]


def cases_of(pairs: Sequence[tuple[str, str, Cites]], of: str, rng: random.Random) -> list[Case]:
    """Return each (statement, its language, what it cites) unchanged, and made wrong in every possible way."""
    made = []
    for at, (statement, language, words) in enumerate(pairs):
        another = pairs[(at + 1 + rng.randrange(len(pairs) - 1)) % len(pairs)]
        wrong = {
            "as it is": statement,
            "negated": negated(statement, language),
            "number": renumbered(statement, language),
            "country": renamed(statement, language, rng),
        }
        made += [Case(text, language, words, kind, of) for kind, text in wrong.items() if text]
        made.append(Case(statement, language, another[2], "swapped", of))
    return made


def look(cases: Sequence[Case]) -> None:
    """Run the publication checks on every case, as the review page does."""
    import numpy

    from plenara.documents.actions.nearness import MOST_SENTENCES
    from plenara.documents.validation import support
    from plenara.documents.validation.counts import refers
    from plenara.documents.validation.support import analyse
    from plenara.documents.validation.words import sentences
    from plenara.search import encoder

    parts = {each.statement: [each.statement, *sentences(each.statement)[:MOST_SENTENCES]] for each in cases}
    texts = list(
        dict.fromkeys(
            [part for some in parts.values() for part in some]
            + [words for each in cases for words, _language in each.words]
        )
    )
    rows: Any = numpy.vstack([encoder.vectors(texts[at : at + 64]) for at in range(0, len(texts), 64)])
    place = {text: at for at, text in enumerate(texts)}
    for each in cases:
        statement = analyse(each.statement, each.language)
        cited = [support.Cited(analyse(words, language), at) for at, (words, language) in enumerate(each.words)]
        both = [
            (it, max(float(rows[place[part]] @ rows[place[it.read.text]]) for part in parts[each.statement]))
            for it in cited
        ]
        found = []
        unsaid = [
            figure
            for figure in statement.figures
            if not (figure.is_word and figure.value <= 10)
            and not refers(each.statement, figure.begin, each.language)
            and not any(figure.says_the_same(other) for it in cited for other in it.read.figures)
        ]
        if unsaid:
            found.append("figure")
        if support.numbers_swapped(statement, cited):
            found.append("number")
        if support.denies_otherwise(statement, both):
            found.append("polarity")
        if support.names_lacking(statement, cited):
            found.append("name")
        if support.far_in_meaning([cosine for _it, cosine in both]):
            found.append("meaning")
        each.codes = tuple(found)


def overlap(case: Case) -> float:
    """Return the share of a statement's runs of four letters that are in what it cites."""

    def runs(text: str) -> set[str]:
        flat = " ".join(text.casefold().split())
        return {flat[at : at + 4] for at in range(len(flat) - 3)}

    own = runs(case.statement)
    theirs = set().union(*(runs(words) for words, _language in case.words))
    return len(own & theirs) / len(own) if own else 1.0


def table(cases: Sequence[Case], group: Any) -> list[str]:
    """Return a table's rows: by group, the share found of each kind, and that of the baseline."""
    by: dict[Any, dict[str, list[Case]]] = defaultdict(lambda: defaultdict(list))
    for each in cases:
        by[group(each)][each.kind].append(each)
    kinds = ("as it is", "negated", "number", "country", "swapped")
    lines = ["| | " + " | ".join(kinds) + " |", "|---|" + "---|" * len(kinds)]
    for name, by_kind in sorted(by.items()):
        kept = sorted(overlap(each) for each in by_kind["as it is"])
        alarms = sum(bool(each.codes) for each in by_kind["as it is"])
        bound = kept[alarms] if alarms < len(kept) else 1.0
        cells = []
        for kind in kinds:
            some = by_kind.get(kind, [])
            if not some:
                cells.append("–")
                continue
            ours = sum(bool(each.codes) for each in some) / len(some)
            theirs = sum(overlap(each) < bound for each in some) / len(some)
            cells.append(f"{ours:.0%} ({theirs:.0%}) of {len(some)}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def parallel(rng: random.Random) -> list[Case]:
    """Return cases from sentences in six languages: half cite words in their own, half in another."""
    corpus = json.loads((DATA / "pud6" / "pud6.json").read_text())
    chosen = rng.sample(range(len(corpus["ids"])), SENTENCES)
    cases = []
    for language in LANGUAGES:
        others = [each for each in LANGUAGES if each != language]
        across = [
            (corpus[language][at], language, ((corpus[other][at], other),))
            for at in chosen
            for other in [rng.choice(others)]
        ]
        cases += cases_of(across, "words in another language", rng)
        same = [(corpus[language][at], language, ((corpus[language][at], language),)) for at in chosen]
        cases += cases_of(same, "words in the same language", rng)
    return cases


def demo(rng: random.Random) -> list[Case]:
    """Return cases from the demo's summaries: what a rapporteur wrote of several contributions, in six languages."""
    from plenara.documents.models import Side
    from plenara_sample import content

    languages = {each["key"]: each["language"] for each in content("internet-governance/contributions")}
    pairs: dict[str, list[tuple[str, str, Cites]]] = defaultdict(list)
    for summary in content("internet-governance/summaries"):
        for statement in summary["statements"]:
            for side in Side.values:
                cites = tuple(
                    (each["words"], languages[each["contribution"]])
                    for each in statement.get("cites", [])
                    if each.get("side", "") == side
                )
                texts = statement.get("against", {}) if side else statement["text"]
                for language, text in texts.items():
                    if cites and text:
                        pairs[language].append((text, language, cites))
    return [case for some in pairs.values() for case in cases_of(some, "the demo's summaries", rng)]


def run() -> None:
    """Check all available data, and print."""
    rng, cases = random.Random(SEED), []
    if (DATA / "pud6").exists():
        cases += parallel(rng)
    else:
        print("pud6: not there, left out\n")
    cases += demo(rng)
    look(cases)
    print("Told, the baseline in brackets:\n")
    print("\n".join(table(cases, lambda each: each.of)))
    print("\nSentences, by the statement's language:\n")
    print("\n".join(table([each for each in cases if "demo" not in each.of], lambda each: each.language)))
    print("\nWhich warning told it, of all cases:\n")
    for kind in ("as it is", "negated", "number", "country", "swapped"):
        some = [each for each in cases if each.kind == kind]
        counts = {code: sum(code in each.codes for each in some) / len(some) for code in
                  ("figure", "number", "polarity", "name", "meaning")}  # fmt: skip
        print(f"- {kind}: " + ", ".join(f"{code} {share:.0%}" for code, share in counts.items()))
    print(
        "\nMean share told of what is wrong:",
        f"{statistics.fmean(bool(e.codes) for e in cases if e.kind != 'as it is'):.0%}",
    )


def main() -> None:
    """Run."""
    set_up()
    run()


if __name__ == "__main__":
    sys.exit(main())
