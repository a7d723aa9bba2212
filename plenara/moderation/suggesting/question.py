"""Whether a text lies closer to another question of its consultation than to its own.

The figures are cosines of sentence vectors, of a text with each question and its guidance. How large a difference is
worth telling was measured: see decision 30.
"""

from collections.abc import Sequence

from plenara.consultations.models import Thread
from plenara.core.languages import in_language
from plenara.core.text import plain, word_count
from plenara.search import encoder

FEWEST_WORDS = 40
#: The other question must be this close at least, and closer than the own one by this much.
CLOSE, CLOSER = 0.35, 0.12


def look(title: str, text: str, language: str, own: int, threads: Sequence[Thread]) -> dict[str, int] | None:
    """Return the number of the question that a text lies closer to, with both figures in hundredths."""
    if len(threads) < 2 or word_count(text) < FEWEST_WORDS:
        return None
    questions = [" ".join(_words(each, language)) for each in threads]
    cosines = encoder.likeness([f"{title}. {plain(text)}" if title else plain(text)], questions)[0]
    figures = {thread.number: float(cosine) for thread, cosine in zip(threads, cosines, strict=True)}
    other = max((number for number in figures if number != own), key=lambda number: figures[number])
    if own not in figures or figures[other] < CLOSE or figures[other] - figures[own] < CLOSER:
        return None
    return {"thread": other, "other": round(figures[other] * 100), "own": max(0, round(figures[own] * 100))}


def _words(thread: Thread, language: str) -> tuple[str, str]:
    code = language.split("-")[0].lower()
    return in_language(thread.question, code).text, plain(in_language(thread.guidance, code).text)
