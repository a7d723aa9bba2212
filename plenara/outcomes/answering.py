"""We asked, you said, we did: question by question, written from the matrix of a version.

A fixed number of queries: the database counts, and the first few of everything are told in words.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Case, Count, F, Min, Prefetch, Q, Value, When

from plenara.consultations.models import Thread
from plenara.core.languages import Localized, current, in_language
from plenara.documents.models import PublishedParagraph, PublishedReference, PublishedText, Treatment
from plenara.outcomes.matrix import threads_answered_by
from plenara.outcomes.models import OutcomeEdition, Trace
from plenara.outcomes.reading import Treated
from plenara.outcomes.shown import statement_label, statement_url

#: Questions of a page; statements and paragraphs that are told in words for each.
PAGE, STATEMENTS, PARAGRAPHS = 6, 3, 4


@dataclass(frozen=True)
class Said:
    """A statement of a summary that the outcome cites."""

    label: str
    url: str
    words: Localized


@dataclass(frozen=True)
class Done:
    """A paragraph that treats what was said on a question."""

    mark: int
    words: Localized
    treatments: list[tuple[Treated, int]]  # with the contributions treated so


@dataclass(frozen=True)
class Answer:
    """What was asked, what was said, what was done."""

    thread: Thread
    all: int
    statements: list[Said]
    more_statements: int
    treatments: list[tuple[Treated, int]]
    paragraphs: list[Done]
    more_paragraphs: int

    @property
    def left(self) -> int:
        return max(0, self.all - sum(count for _treated, count in self.treatments))

    @property
    def key(self) -> str:
        """The question as a filter of the matrix has it."""
        return f"{self.thread.consultation.slug}/{self.thread.number}"


@dataclass(frozen=True)
class Page:
    """Some questions, and with which one the next page begins."""

    answers: list[Answer]
    total: int
    next: int | None


def page_of(version: OutcomeEdition, start: int = 1) -> Page | None:
    """Return a page of the answers, from the question in this place on; nothing where there is none. Ten queries."""
    threads = threads_answered_by(version)
    if start < 1 or (start - 1) % PAGE or (start > 1 and start > len(threads)):
        return None
    chosen = threads[start - 1 : start - 1 + PAGE]
    by_paragraph, by_treatment = _counted(version, chosen)
    cited = _cited(version, chosen)
    tops = {each.pk: _most(by_paragraph[each.pk], PARAGRAPHS) for each in chosen}
    words = _words(version, {pk for some in tops.values() for pk in some})
    statements = _statements({pk for some in cited.values() for pk in some[:STATEMENTS]})
    answers = []
    for each in chosen:
        every, _answered = version.figures.get("threads", {}).get(f"{each.consultation.slug}/{each.number}", (0, 0))
        answers.append(
            Answer(
                thread=each,
                all=every,
                statements=[statements[pk] for pk in cited[each.pk][:STATEMENTS] if pk in statements],
                more_statements=max(0, len(cited[each.pk]) - STATEMENTS),
                treatments=_in_order(by_treatment[each.pk]),
                paragraphs=[Done(*words[pk], _in_order(by_paragraph[each.pk][pk])) for pk in tops[each.pk]],
                more_paragraphs=max(0, len(by_paragraph[each.pk]) - PARAGRAPHS),
            )
        )
    return Page(answers, len(threads), start + PAGE if start - 1 + PAGE < len(threads) else None)


def _counted(
    version: OutcomeEdition, threads: list[Thread]
) -> tuple[dict[int, dict[int, Counter[str]]], dict[int, Counter[str]]]:
    """Return, by question, the contributions that each paragraph treats in each way, and that any does.

    Of the second each contribution counts once, with a reason: as what cites it itself treats it, else as what cites a
    statement does; of several treatments the first in their order. So they add up to those that are answered.
    """
    found = Trace.objects.filter(edition=version, cited__thread__in=threads).exclude(treatment="").order_by()
    by_paragraph: dict[int, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for thread, paragraph, treatment, count in found.values_list("cited__thread", "paragraph", "treatment").annotate(
        count=Count("contribution", distinct=True)
    ):
        by_paragraph[thread][paragraph][treatment] = count
    places = [When(treatment=each.value, then=Value(place)) for place, each in enumerate(Treatment)]
    through = Case(When(statement__isnull=False, then=Value(len(places))), default=Value(0))
    by_treatment: dict[int, Counter[str]] = defaultdict(Counter)
    answered = found.filter(reason__isnull=False).values_list("cited__thread", "contribution")
    for thread, _contribution, rank in answered.annotate(rank=Min(Case(*places) + through)).iterator():
        by_treatment[thread][Treatment.values[rank % len(places)]] += 1
    return by_paragraph, by_treatment


def _most(counts: dict[int, Counter[str]], limit: int) -> list[int]:
    return sorted(counts, key=lambda pk: (-counts[pk].total(), pk))[:limit]


def _in_order(counts: Counter[str]) -> list[tuple[Treated, int]]:
    return [(Treated(each.value, None), counts[each.value]) for each in Treatment if counts[each.value]]


def _cited(version: OutcomeEdition, threads: list[Thread]) -> dict[int, list[int]]:
    """Return the statements cited, by the question under which they stand: those cited most first."""
    found = PublishedReference.objects.filter(paragraph__edition=version.edition_id, statement__thread__in=threads)
    rows = found.values_list("statement__thread", "statement").annotate(count=Count("pk"))
    cited: dict[int, list[int]] = defaultdict(list)
    for thread, statement, _count in rows.order_by("-count", "statement"):
        cited[thread].append(statement)
    return cited


def _statements(keys: set[int]) -> dict[int, Said]:
    in_words = Q(language=current()) | Q(language=F("paragraph__edition__source_language"))
    texts = Prefetch("texts", PublishedText.objects.filter(in_words, rendition__in_force=True))
    found = PublishedParagraph.objects.filter(pk__in=keys).select_related("edition__consultation")
    return {
        each.pk: Said(statement_label(each), statement_url(each), _localized(list(each.texts.all())))
        for each in found.prefetch_related(texts)
    }


def _words(version: OutcomeEdition, keys: set[int]) -> dict[int, tuple[int, Localized]]:
    in_words = Q(language=current()) | Q(language=version.edition.source_language)
    texts = Prefetch("texts", PublishedText.objects.filter(in_words, rendition__in_force=True))
    found = PublishedParagraph.objects.filter(pk__in=keys).prefetch_related(texts)
    return {each.pk: (each.told_as, _localized(list(each.texts.all()))) for each in found}


def _localized(texts: list[PublishedText]) -> Localized:
    return in_language({each.language: each.text or each.heading for each in texts})
