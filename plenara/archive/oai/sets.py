"""The sets of the record: by consultation and question, by language, by theme."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, unquote

from plenara.archive.finding import public_consultations
from plenara.archive.oai.asking import Wrong
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Tally
from plenara.core.languages import CODES, in_language
from plenara.core.vocabulary import language_name
from plenara.themes.reading import labels

CONSULTATIONS, LANGUAGES, THEMES = "consultation", "language", "theme"
#: Consultations on one page of the list of sets.
PAGE = 100
_QUESTION = re.compile(r"q([1-9]\d{0,4})", re.ASCII)

type Set = tuple[str, str]  # setSpec and name


def _spelled(word: str) -> str:
    """Return a word as a part of a setSpec: what may not stand there is spelled as in an address, with ! for %."""
    return quote(word, safe="").replace("%", "!")


def _read(part: str) -> str:
    return unquote(part.replace("!", "%"))


def of_consultation(slug: str) -> str:
    """Return the set of a consultation."""
    return f"{CONSULTATIONS}:{_spelled(slug)}"


def of_thread(slug: str, number: int) -> str:
    """Return the set of a question, within its consultation's."""
    return f"{of_consultation(slug)}:q{number}"


def of_language(tag: str) -> str:
    """Return the set of what is in a language."""
    return f"{LANGUAGES}:{_spelled(tag)}"


def of_theme(code: str) -> str:
    """Return the set of what answers a question with a theme."""
    return f"{THEMES}:{_spelled(code)}"


def parts_of(spec: str) -> tuple[str, str, int | None]:
    """Return the kind of a set, the word that it is of, and the number of its question. Raises `Wrong`."""
    kind, *below = spec.split(":")
    word = _read(below[0]) if below else ""
    question = _QUESTION.fullmatch(below[1]) if len(below) == 2 and kind == CONSULTATIONS else None
    if kind not in {CONSULTATIONS, LANGUAGES, THEMES} or (len(below) > 1 and not question) or "\0" in word:
        raise Wrong("noRecordsMatch", "There is no such set.")
    return kind, word, int(question[1]) if question else None


def threads_of_theme(code: str) -> list[int]:
    """Return the questions with a theme, or with any where none is named. One query."""
    rows = Thread.objects.filter(consultation__in=public_consultations()).exclude(themes=[])
    found = rows.order_by("pk").values_list("pk", "themes")
    return [pk for pk, themes in found if not code or code in themes]


def listed(after: int) -> tuple[list[Set], int | None]:
    """Return a page of the sets, and the consultation after which the next begins. Four queries at most.

    On the first page stand those of languages and themes, and what all others are below.
    """
    rows = public_consultations().filter(pk__gt=after).order_by("pk").defer("intro", "moderation_guide")
    consultations = list(rows[: PAGE + 1])
    more, consultations = consultations[PAGE:], consultations[:PAGE]
    found = [] if after else [*_languages(), *_themes(), (CONSULTATIONS, "By consultation")]
    found += _consultations(consultations)
    return found, consultations[-1].pk if more else None


def _languages() -> Iterator[Set]:
    there = set(Tally.objects.order_by().values_list("language", flat=True).distinct())
    yield LANGUAGES, "By language"
    for tag in sorted({*CODES, *there} - {""}):
        yield of_language(tag), language_name(tag)


def _themes() -> Iterator[Set]:
    threads = Thread.objects.filter(consultation__in=public_consultations()).exclude(themes=[])
    codes = {str(code) for themes in threads.values_list("themes", flat=True) for code in themes}
    if codes:
        yield THEMES, "By theme"
    called = labels(codes)
    for code in sorted(codes):
        yield of_theme(code), f"{code}: {called[code].text}" if code in called else code


def _consultations(consultations: Iterable[Consultation]) -> Iterator[Set]:
    by_id = {each.pk: each for each in consultations}
    threads: dict[int, list[Thread]] = {}
    rows = Thread.objects.filter(consultation__in=list(by_id)).only("consultation_id", "number", "question")
    for thread in rows.order_by("number"):
        threads.setdefault(thread.consultation_id, []).append(thread)
    for each in by_id.values():
        yield of_consultation(each.slug), in_language(each.title).text or each.symbol
        for thread in threads.get(each.pk, []):
            yield of_thread(each.slug, thread.number), in_language(thread.question).text or f"Question {thread.number}"
