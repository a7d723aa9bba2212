"""The least similarity of a text to a query: how near nonsense comes, and how near real queries.

    python -m benchmarks.nonsense [BUNDLE ...] [--most 400]

Run it from the root. It reads the texts of the demo, and of any bundles (folders with a `contributions.jsonl`), by the
product's own encoder; queries all of them with meaningless words in four scripts; and then with `retrieval_questions`
for the demo. It shows how many find something: any result for nonsense is wrong, and for a real query one
that answers it should be found. A text must be nearer than `LEAST`, and than a part of the query's own likeness to
nonsense; the product's part (`search.meaning.PART_OF_NONSENSE`) is chosen from this.
"""

import argparse
import json
import os
import random
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "plenara_sample" / "content"
#: Letters for nonsense, by script. For Chinese, random characters that are words.
LETTERS = {
    "Latin": "abcdefghijklmnopqrstuvwxyz",
    "Cyrillic": "абвгдежзийклмнопрстуфхцчшщыьэюя",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "Chinese": "猫椅砖雾鞋糖鹅钉瓜毯蒜笛缸鳞蝶锈栗藤钩砂",
}
_VOWELS, _CONSONANTS = "aeiou", "bdfgklmnprstvz"
#: Queries of each kind of nonsense, and parts of the likeness to nonsense that are shown.
EACH = 60
PARTS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7)


def main() -> None:
    """Read, query, and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("bundles", nargs="*", type=Path)
    options.add_argument("--most", type=int, default=400, help="texts of each bundle that are read")
    chosen = options.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenara.config.settings")
    import django

    django.setup()
    from plenara.search import encoder
    from plenara.search.queries.similarity import LEAST, PART_OF_NONSENSE

    encoder._load_encoder()
    print(f"{encoder.name()}; the product has {LEAST} and the part {PART_OF_NONSENSE}.")
    nonsense = dict(_nonsense(random.Random(7)))
    for name, texts in _corpora(chosen.bundles, chosen.most):
        rows = _vectors(texts)
        print(f"\n## {name}: {len(texts)} texts\n")
        _table({kind: _nearest(asked, rows) for kind, asked in nonsense.items()})
    print("\n## What is really asked of the demo: at least one text that answers it\n")
    _table(dict(_answered()))


def _nonsense(chance: random.Random) -> Iterator[tuple[str, list[str]]]:
    """Yield kinds of nonsense with queries of one to three words each."""
    for script, letters in LETTERS.items():
        lengths = (1, 2) if script == "Chinese" else (4, 9)
        yield (
            f"random letters, {script}",
            [" ".join(_word(chance, letters, *lengths) for _ in range(chance.randint(1, 3))) for _ in range(EACH)],
        )
    yield (
        "words made up",
        [" ".join(_made_up(chance) for _ in range(chance.randint(1, 3))) for _ in range(EACH)],
    )


def _word(chance: random.Random, letters: str, least: int, most: int) -> str:
    return "".join(chance.choices(letters, k=chance.randint(least, most)))


def _made_up(chance: random.Random) -> str:
    return "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(chance.randint(2, 4)))


def _corpora(bundles: list[Path], most: int) -> Iterator[tuple[str, list[str]]]:
    yield "The demo", [row["text"] for row in _of_demo()]
    for bundle in bundles:
        lines = (bundle / "contributions.jsonl").read_text().splitlines()
        chosen = lines[:: max(len(lines) // most, 1)][:most]
        texts = [row["text"] for line in chosen if (row := json.loads(line)).get("text")]
        yield bundle.name, texts


def _of_demo() -> list[dict[str, Any]]:
    slugs = ("internet-governance", "digital-cooperation")
    return [row for slug in slugs for row in json.loads((CONTENT / slug / "contributions.json").read_text())]


def _vectors(texts: list[str]) -> Any:
    """Return the vectors of texts as the product stores them, one call for each as it does."""
    import numpy

    from plenara.core.text import plain
    from plenara.search import encoder
    from plenara.search.vector_store import quantised

    return numpy.stack([quantised(encoder.vectors([plain(text)]))[0] for text in texts])


def _nearest(asked: list[str], rows: Any) -> list[tuple[float, float]]:
    """Return for each query how near the nearest text is, and how near the query is to nonsense."""
    from plenara.search.encoder import likeness_to_nonsense
    from plenara.search.vector_store import LENGTH, products

    questions = _vectors(asked)
    nearest = products(questions, rows).max(axis=1)
    return [(float(near) / LENGTH**2, likeness_to_nonsense(row)) for near, row in zip(nearest, questions, strict=True)]


def _answered() -> Iterator[tuple[str, list[tuple[float, float]]]]:
    """Yield how near the nearest answer of each query is, for sentences and for few words."""
    from benchmarks.retrieval_questions import WANTS

    demo = _of_demo()
    rows = dict(zip([row["key"] for row in demo], _vectors([row["text"] for row in demo]), strict=True))
    for title, form in (("asked in a sentence", "asked"), ("asked in few words", "few")):
        found: list[tuple[float, float]] = []
        for want in WANTS:
            answers = [rows[key] for key in want.answers if key in rows]
            if answers:
                import numpy

                found += _nearest(list(getattr(want, form).values()), numpy.stack(answers))
        yield title, found


def _table(found: dict[str, list[tuple[float, float]]]) -> None:
    """Print how many of a hundred queries find something, by the required part of their likeness to nonsense."""
    from plenara.search.queries.similarity import LEAST

    print(f"| asked | likeness to nonsense | {' | '.join(f'part {part}' for part in PARTS)} |")
    print(f"|{'---|' * (2 + len(PARTS))}")
    for name, values in found.items():
        like = statistics.median(likeness for _near, likeness in values)
        shares = [sum(near >= max(LEAST, part * own) for near, own in values) * 100 // len(values) for part in PARTS]
        print(f"| {name} | {like:.2f} | {' | '.join(f'{share} %' for share in shares)} |")


if __name__ == "__main__":
    main()
