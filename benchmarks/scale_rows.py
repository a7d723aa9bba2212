"""A consultation of any size as a bundle: the same rows for the same seed, written as they are made.

    python -m benchmarks.scale_rows FOLDER [--contributions 2000000] [--people 500000]

Texts are made of the words of `benchmarks.search`, and as long as those of the law for a digital Republic of 2015,
where half of the texts had fewer than 45 words and one in a hundred more than 490. Of a hundred contributions thirty
are replies, mostly to recent ones; two were revised; four were withdrawn, removed or rejected. In memory are only the
last two thousand ids of each thread, whatever the size.
"""

import argparse
import datetime
import json
import random
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.search import LANGUAGES, SEED, Words

THREADS = 30
#: Shares of all; of the fates of a contribution, by thousands.
REPLIES, REVISED = 0.30, 0.02
STATUSES = {"published": 960, "withdrawn": 15, "removed": 10, "rejected": 15}
GROUPS = {
    "civil_society": 46,
    "other": 21,
    "private_sector": 14,
    "technical_academic": 12,
    "government": 5,
    "intergovernmental": 2,
}
COUNTRIES = ("FR", "KE", "CN", "BR", "SN", "RU", "EG", "CA", "IN", "CH", "MX", "AR", "CO", "NG", "ZA", "MA")
#: How many recent contributions of a thread still get replies.
RECENT = 2_000
BEGAN = datetime.datetime(2026, 1, 22, 8, tzinfo=datetime.UTC)
#: Two months, as the largest consultation lasted.
LASTED = datetime.timedelta(days=61)
SLUG, SYMBOL = "scale", "SCALE/2026"


def consultation(threads: int = THREADS) -> dict[str, Any]:
    """Return the consultation, with its threads."""
    return {
        "format": "plenara-bundle/1",
        "slug": SLUG,
        "symbol": SYMBOL,
        "state": "closed",
        "title": {"en": "A debate of a whole country", "fr": "Le débat de tout un pays"},
        "languages": sorted(LANGUAGES),
        "opens_at": written(BEGAN),
        "closes_at": written(BEGAN + LASTED),
        "threads": [
            {"number": number, "slug": f"q{number}", "question": {"en": f"What should change in area {number}?"}}
            for number in range(1, threads + 1)
        ],
    }


def written(moment: datetime.datetime) -> str:
    """Return a moment in the format of a bundle."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def contributions(count: int, people: int, seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Yield the rows of `contributions.jsonl`, in the order in which they came."""
    rng = random.Random(seed)
    words = {language: Words(language) for language in LANGUAGES}
    recent: list[deque[str]] = [deque(maxlen=RECENT) for _thread in range(THREADS)]
    statuses, weights = list(STATUSES), list(STATUSES.values())
    step = LASTED / max(count, 1)
    for number in range(1, count + 1):
        # Most people answer a few questions.
        thread = min(int(rng.paretovariate(1.1) * 2) - 1, rng.randint(1, THREADS))
        person = rng.randrange(people)
        at = BEGAN + step * number
        row: dict[str, Any] = {
            "id": f"c{number}",
            "thread": thread,
            "status": rng.choices(statuses, weights)[0],
            "submitted_at": written(at),
        }
        if recent[thread - 1] and rng.random() < REPLIES:
            row["in_reply_to"] = rng.choice(recent[thread - 1])
        if row["status"] == "rejected":
            yield row | {"reason": f"R{rng.randint(1, 6)}"}
            continue
        row["published_at"] = written(at + datetime.timedelta(hours=rng.randint(1, 48)))
        recent[thread - 1].append(row["id"])
        if row["status"] != "published":
            yield row | {"gone_at": written(at + datetime.timedelta(days=3)), "reason": "R2"}
            continue
        yield row | _said(rng, words, person, row["published_at"])


def _said(rng: random.Random, words: dict[str, Words], person: int, published_at: str) -> dict[str, Any]:
    author, language = _author(person, words)
    text = _text(rng, words[language], _length(rng))
    found: dict[str, Any] = {"language": language, "text": text, "author": author}
    if rng.random() < 0.4:
        found["title"] = words[language].text(rng, rng.randint(3, 9))[:200]
    if rng.random() < REVISED:
        first = _text(rng, words[language], _length(rng))
        found["revisions"] = [
            {"number": 0, "text": first, "language": language, "published_at": published_at},
            {"number": 1, "text": text, "language": language, "published_at": published_at},
        ]
    return found


def _length(rng: random.Random) -> int:
    return min(int(rng.lognormvariate(3.79, 1.08)), 3_000) + 3


def _text(rng: random.Random, words: Words, length: int) -> str:
    """Return a text in paragraphs of some sixty words."""
    parts = [words.text(rng, min(60, length - at)) for at in range(0, length, 60)]
    return "\n\n".join(parts)


def _author(person: int, words: dict[str, Words]) -> tuple[dict[str, Any], str]:
    """Return a person's byline, always the same, and their language."""
    rng = random.Random(person)
    language = rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    group = rng.choices(list(GROUPS), list(GROUPS.values()))[0]
    author: dict[str, Any] = {"stakeholder_group": group, "country": rng.choice(COUNTRIES)}
    if rng.random() < 0.1:
        return author | {"withheld": True}, language
    own = words[language].words
    author["name"] = (
        f"{own[rng.randrange(40, 900) % len(own)].title()} {own[rng.randrange(900, 9000) % len(own)].title()}"
    )
    if rng.random() < 0.15:
        author |= {"capacity": "organization", "organization": f"{own[rng.randrange(40, 4000) % len(own)].title()} 7"}
    return author, language


def decisions(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the register's entries on rows that were rejected or removed, and on one approved in twenty."""
    number = 0
    for row in rows:
        code = {"rejected": "rejected", "removed": "removed"}.get(row["status"])
        if code is None and (row["status"] != "published" or int(row["id"][1:]) % 20):
            continue
        number += 1
        yield {
            "number": number,
            "at": row.get("gone_at") or row.get("published_at") or row["submitted_at"],
            "code": (code or "approved").upper(),
            "contribution": row["id"],
            "thread": row["thread"],
            "waited": int(row["id"][1:]) % 2_000,
            "role": "moderator",
        } | ({"reason": row["reason"]} if code else {"language": row["language"]})


def write(folder: Path, count: int, people: int) -> None:
    """Write the bundle into a new folder."""
    folder.mkdir(parents=True)
    (folder / "consultation.json").write_text(json.dumps(consultation(), ensure_ascii=False, indent=1))
    with (
        (folder / "contributions.jsonl").open("w", encoding="utf-8") as said,
        (folder / "decisions.jsonl").open("w", encoding="utf-8") as decided,
    ):

        def passing() -> Iterator[dict[str, Any]]:
            for row in contributions(count, people):
                said.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
                yield row

        for decision in decisions(passing()):
            decided.write(json.dumps(decision, sort_keys=True) + "\n")


def main() -> None:
    """Write a bundle."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--contributions", type=int, default=2_000_000)
    asked.add_argument("--people", type=int, default=500_000)
    options = asked.parse_args()
    write(options.folder, options.contributions, options.people)


if __name__ == "__main__":
    main()
