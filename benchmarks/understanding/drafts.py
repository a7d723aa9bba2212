"""How much of the content of contributions is in a first draft, and which groups it cites.

    python -m benchmarks.understanding.drafts [--draws 20]

Run it from the root. It needs public bundles in `../shared/data` and leaves out those that are not there; with
PLENARA_DATA naming a folder, imported and embedded contributions stay there for the next time. No measure asks the
encoder:

- held out: the draft is made of a random half of the contributions. For each of the other half, how much its most alike
  statement resembles it, by runs of four letters (TF-IDF, cosine); the mean, in hundredths.
- key points: NETmundial's authors named keywords themselves; those that three contributions or more name, weighted by
  how many do: the share whose words stand in one statement. In République numérique each proposal has a title and
  votes; of the hundred with the most, weighted by them, the share of which half the title stands in one statement.
- groups: how many of the stakeholder groups that contributed are cited, and of the least cited one its share of the
  citations over its share of the contributions (1: neither drowned nor preferred).

Compared: sentences drawn at random (the mean of some draws) and the most central ones, those closest to the whole of
their question by runs of four letters: as many words of them as the draft from groups has, since longer texts say more.
"""

import argparse
import datetime
import json
import math
import os
import random
import statistics
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

SEED = 20_261_125
SIZES = (12, 30, 60)
#: Of République numérique the first three days: embedding all 4,690 contributions takes a quarter of an hour.
UNTIL = {"republique-numerique-2015": "2015-09-29"}
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BUNDLES = ("netmundial-2014", "republique-numerique-2015")
type Picked = list[tuple[str, list[Any]]]  # each statement: its text, and what it cites


def set_up() -> None:
    """Set up a separate installation, unless there is one."""
    from django.apps import apps

    if apps.ready:
        return
    os.environ.setdefault("PLENARA_DATA", tempfile.mkdtemp(prefix="plenara-benchmark-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plenara.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def rows_of(name: str) -> list[dict[str, Any]]:
    """Return a bundle's contributions of the measured days."""
    rows = [json.loads(line) for line in (DATA / name / "contributions.jsonl").read_text("utf-8").splitlines()]
    return [row for row in rows if row["submitted_at"] < UNTIL[name]] if name in UNTIL else rows


def slug_of(name: str) -> str:
    """Return the slug of the consultation here; a part of one has its own."""
    return f"{name}-cut" if name in UNTIL else name


def cut(name: str, folder: Path) -> Path:
    """Return the bundle, or one in a folder with only the measured days."""
    if name not in UNTIL:
        return DATA / name
    consultation = json.loads((DATA / name / "consultation.json").read_text("utf-8"))
    consultation |= {"slug": slug_of(name), "symbol": f"{consultation['symbol']}-CUT"}
    (folder / "consultation.json").write_text(json.dumps(consultation), "utf-8")
    rows = rows_of(name)
    known = {row["id"] for row in rows}
    for row in rows:
        if row.get("in_reply_to") not in known:
            row.pop("in_reply_to", None)
            row.pop("stance", None)
    (folder / "contributions.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return folder


def summary_of(name: str) -> Any:
    """Return a summary of everything in a bundle, grouped; imported and embedded where it is not yet."""
    from plenara.accounts.models import Person
    from plenara.bundles.actions.bundle import import_bundle
    from plenara.consultations.models import Consultation, Role
    from plenara.core import clock
    from plenara.core.tasks import run_all
    from plenara.summaries.actions.summaries import create
    from plenara.summaries.groups.actions.editing import ask_groups
    from plenara.summaries.models import Summary

    with tempfile.TemporaryDirectory() as folder:
        import_bundle(cut(name, Path(folder)), lambda *_done: None)
    where = Consultation.objects.get(slug=slug_of(name))
    if there := Summary.objects.filter(consultation=where, grouping__made_at__isnull=False).first():
        return there
    writer = Person.objects.create_user(f"benchmark-{where.pk}-{clock.now():%s}@people.example", name="Benchmark")
    Role.objects.create(person=writer, consultation=where, name="rapporteur")
    made = create(
        actor=Person.objects.get(pk=writer.pk),
        consultation=where,
        source_language="en" if "en" in where.languages else where.languages[0],
        period_from=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC),
        period_to=clock.now() + datetime.timedelta(days=1),
    )
    ask_groups(actor=writer, summary=made)
    run_all(limit=100_000)
    return Summary.objects.get(pk=made.pk)


# ---- runs of four letters ----


def runs(text: str) -> Counter[str]:
    """Return how often each run of four letters occurs in a text."""
    bare = f" {' '.join(text.casefold().split())} "
    return Counter(bare[at : at + 4] for at in range(len(bare) - 3))


class Letters:
    """TF-IDF of runs of four letters, learnt from some texts."""

    def __init__(self, texts: Iterable[str]):
        counts = [set(runs(text)) for text in texts]
        seen = Counter(run for each in counts for run in each)
        self.rarity = {run: math.log(len(counts) / count) for run, count in seen.items()}

    def vector(self, text: str) -> dict[str, float]:
        weighed = {run: (1 + math.log(n)) * self.rarity.get(run, 0.0) for run, n in runs(text).items()}
        length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
        return {run: value / length for run, value in weighed.items() if value}

    def resembled(self, texts: Sequence[dict[str, float]], statements: Sequence[str]) -> float:
        """Return the mean over texts of the cosine with the statement that is the most alike."""
        postings: dict[str, list[tuple[int, float]]] = {}
        for at, statement in enumerate(statements):
            for run, value in self.vector(statement).items():
                postings.setdefault(run, []).append((at, value))
        total = 0.0
        for text in texts:
            alike = [0.0] * len(statements)
            for run, value in text.items():
                for at, other in postings.get(run, ()):
                    alike[at] += value * other
            total += max(alike, default=0.0)
        return total / max(len(texts), 1)


# ---- key points ----


def key_points(name: str) -> list[tuple[frozenset[str], float, float]]:
    """Return what contributors themselves called important: its words, its weight, and the required share of words."""
    from plenara.summaries.drafts.sentences import terms

    rows = rows_of(name)
    if name.startswith("netmundial"):
        named: Counter[str] = Counter(
            " ".join(word.casefold().split()) for row in rows for word in set(row.get("keywords", []))
        )
        return [(terms(word, "en"), n, 1.0) for word, n in sorted(named.items()) if n >= 3 and terms(word, "en")]
    voted = [
        (sum(row["tallies"].get(each, 0) for each in ("agree", "disagree", "pass")), row["title"])
        for row in rows
        if row.get("title") and "in_reply_to" not in row
    ]
    return [
        (terms(title, "fr"), votes, 0.5) for votes, title in sorted(voted, reverse=True)[:100] if terms(title, "fr")
    ]


def recall(points: Sequence[tuple[frozenset[str], float, float]], statements: Sequence[str], language: str) -> float:
    """Return the weighted share of key points that a statement contains."""
    from plenara.summaries.drafts.sentences import terms

    said = [terms(statement, language) for statement in statements]
    found = sum(
        weight for words, weight, part in points if any(len(words & each) >= part * len(words) for each in said)
    )
    return found / (sum(weight for _words, weight, _part in points) or 1)


# ---- the draft and what it is measured against ----


def drafted(summary: Any, most: int, left_out: set[int]) -> Picked:
    """Return a draft's statements from the groups."""
    from plenara.summaries.drafts.ideas import from_groups
    from plenara.summaries.groups.queries import groups_of

    return _chosen(from_groups(groups_of(summary), left_out, most), most, summary.document.source_language)


def drafted_by_words(said: Sequence[Any], most: int, language: str) -> Picked:
    """Return a draft's statements without groups."""
    from plenara.summaries.drafts.ideas import from_words

    return _chosen(from_words(said, most), most, language)


def _chosen(ideas: Sequence[Any], most: int, language: str) -> Picked:
    from plenara.summaries.drafts.queries import choose_once, sound_ideas, sound_statements
    from plenara.summaries.drafts.statements import statement_of

    # As `planning.plan` without a model: no first person, one sentence of a contribution.
    ideas, _left_out = sound_ideas(ideas, language)
    made, _more = sound_statements(
        [statement_of(idea, language) for idea in choose_once(ideas, most, language)], language
    )
    return [(f"{each.text} {each.against}".strip(), [quote.sentence for quote in each.quotes]) for each in made]


def central(said: Sequence[Any], most: int, letters: Letters) -> Picked:
    """Return the sentences closest to the whole of their question, each question in turn, one of a contribution."""
    by_thread: dict[int, list[Any]] = {}
    for each in said:
        by_thread.setdefault(each.thread, []).append(each)
    ranked = []
    for _thread, some in sorted(by_thread.items()):
        vectors = [letters.vector(each.words) for each in some]
        whole: Counter[str] = Counter()
        for vector in vectors:
            whole.update(vector)  # type: ignore[arg-type]
        score = [sum(value * whole[run] for run, value in vector.items()) for vector in vectors]
        order = sorted(range(len(some)), key=lambda at: (-score[at], at))
        seen: set[int] = set()
        ranked.append(
            [some[at] for at in order if not (some[at].contribution in seen or seen.add(some[at].contribution))]
        )
    turns = [each for turn in range(most) for some in ranked for each in some[turn : turn + 1]]
    return [(each.words, [each]) for each in turns[:most]]


def at_random(said: Sequence[Any], most: int, rng: random.Random) -> Picked:
    """Return sentences drawn at random."""
    return [(each.words, [each]) for each in rng.sample(list(said), min(most, len(said)))]


def as_long(picked: Picked, words: int) -> Picked:
    """Return the first of some sentences, of about so many words together."""
    found: Picked = []
    for each in picked:
        before = sum(len(text.split()) for text, _cites in found)
        if found and before + len(each[0].split()) / 2 > words:
            break
        found.append(each)
    return found


def voices(picked: Picked, said: Sequence[Any]) -> tuple[int, int, float]:
    """Return how many of the contributing stakeholder groups are cited, and the share of the least cited."""
    own = Counter({each.contribution: each.group for each in said}.values())
    cited = Counter(each.group for _text, cites in picked for each in cites)
    total, all_of_them = sum(cited.values()) or 1, sum(own.values())
    least = min((cited[group] / total) / (count / all_of_them) for group, count in own.items())
    return sum(group in cited for group in own), len(own), least


class Bundle:
    """The measurements on one bundle."""

    def __init__(self, name: str):
        from plenara.contributions.models import Edition
        from plenara.summaries.drafts.sentences import sentences_of

        self.summary = summary_of(name)
        self.language = self.summary.document.source_language
        self.said = sentences_of(self.summary)
        editions = Edition.objects.filter(pk__in={each.edition for each in self.said})
        self.texts = dict(editions.values_list("contribution_id", "text__content"))
        self.letters = Letters(self.texts.values())
        everything = sorted(self.texts)
        self.held_out = set(random.Random(SEED).sample(everything, len(everything) // 2))
        self.outside = [self.letters.vector(self.texts[pk]) for pk in sorted(self.held_out)]
        self.half = [each for each in self.said if each.contribution not in self.held_out]
        self.points = key_points(name)

    def from_groups(self, most: int, cut: bool, _draw: int) -> Picked:
        return drafted(self.summary, most, self.held_out if cut else set())

    def from_words(self, most: int, cut: bool, _draw: int) -> Picked:
        return drafted_by_words(self.half if cut else self.said, most, self.language)

    def central(self, most: int, cut: bool, _draw: int) -> Picked:
        picked = central(self.half if cut else self.said, most * 2, self.letters)
        return as_long(picked, self.words(most, cut))

    def at_random(self, most: int, cut: bool, draw: int) -> Picked:
        picked = at_random(self.half if cut else self.said, most * 4, random.Random(SEED + draw))
        return as_long(picked, self.words(most, cut))

    def words(self, most: int, cut: bool) -> int:
        """Return the number of words of the draft from groups."""
        return sum(len(text.split()) for text, _cites in self.from_groups(most, cut, 0))

    def measured(self, make: Callable[[int, bool, int], Picked], most: int, draws: int) -> str:
        """Return a row of the table, without its beginning."""
        rows = []
        for draw in range(draws):
            whole, cut = make(most, False, draw), make(most, True, draw)
            texts = [text for text, _cites in whole]
            held = self.letters.resembled(self.outside, [text for text, _cites in cut])
            heard, of, least = voices(whole, self.said)
            key = recall(self.points, texts, self.language)
            rows.append((100 * held, 100 * key, heard, of, least, len(texts), sum(len(text.split()) for text in texts)))
        held, key, heard, of, least, count, words = (statistics.mean(column) for column in zip(*rows, strict=True))
        return f"{held:.1f} | {key:.1f} % | {heard:.1f} of {of:.0f} | {least:.2f} | {count:.0f} | {words:.0f} |"


def run(draws: int = 20) -> str:
    """Measure the available data and return tables."""
    set_up()
    lines: list[str] = []
    for name in BUNDLES:
        if not (DATA / name).is_dir():
            lines.append(f"{name}: left out, since {DATA / name} is not there.\n")
            continue
        it = Bundle(name)
        lines += [
            f"{name}: {len(it.texts)} contributions, {len(it.said)} sentences, {len(it.points)} key points", "",
            "| at most | | held out | key points | groups cited | least cited | sentences | words |",
            "|---|---|---|---|---|---|---|---|",
        ]  # fmt: skip
        for most in SIZES:
            lines += [
                f"| {most} | draft, from groups | {it.measured(it.from_groups, most, 1)}",
                f"| {most} | draft, without groups | {it.measured(it.from_words, most, 1)}",
                f"| {most} | most central sentences | {it.measured(it.central, most, 1)}",
                f"| {most} | random sentences | {it.measured(it.at_random, most, draws)}",
            ]
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--draws", type=int, default=20)
    print(run(asked.parse_args().draws))


if __name__ == "__main__":
    main()
