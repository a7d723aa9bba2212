"""A text of a hundred thousand characters that was made to be slow to read: every routine that reads texts ends soon.

What it is held against is far above what any of them takes: only what grows with the square, or worse, comes near it.
"""

import signal
from collections.abc import Callable

import pytest

from plenara.accounts import checks as accounts
from plenara.common import cells, differences, language_guess, text
from plenara.common.refusals import Refused
from plenara.directory.finding_twins import folding
from plenara.documents import sentences
from plenara.documents.support import dates, figures, names, negation, symbols
from plenara.events import importing
from plenara.moderation.suggesting import links, personal, same
from plenara.search import analyser, query

pytestmark = pytest.mark.once

#: Seconds of a processor for one text, whoever else uses it. The slowest takes about one on a slow machine.
MOST = 30
LONG = 100_000

HOSTILE = {
    "one letter": "a" * LONG,
    "spaces": " " * LONG + "x",
    "line ends": "\n" * LONG + "x",
    "at signs": "a@" * (LONG // 2),
    "dots": "a." * (LONG // 2),
    "an address that never ends": "a@" + "b." * (LONG // 2),
    "digits": "1" * LONG,
    "digits and spaces": "+1 " * (LONG // 3),
    "hyphens": "a-" * (LONG // 2),
    "capitals and hyphens": "A-" * (LONG // 2),
    "words and spaces": "a " * (LONG // 2),
    "open brackets": "[" * LONG,
    "links that never end": "[a](" * (LONG // 4),
    "stars": "*a" * (LONG // 2),
    "stars and underscores": "*_" * (LONG // 2),
    "quotes": "> " * (LONG // 2),
    "nested lists": "\n".join(" " * (n % 400) + "- a" for n in range(LONG // 200)),
    "ampersands": "&" * LONG,
    "entities": "&#" * (LONG // 2),
    "angle brackets": "<a " * (LONG // 3),
    "comments": "<!--" * (LONG // 4),
    "backslashes": "\\" * LONG,
    "combining marks": "e" + "\u0301" * LONG,
    "a ligature that unfolds": "\ufdfa" * (LONG // 18),
    "zero width": "a\u200d" * (LONG // 2),
    "addresses": "http://" * (LONG // 7),
    "slashes": "/" * LONG,
    "chinese": "文件" * (LONG // 2),
    "arabic": "وثائق " * (LONG // 6),
    "alternating scripts": "aб文و" * (LONG // 4),
}

#: What reads texts that people send, by name. Routines that are asked of a pair compare a text with its other half.
ROUTINES: dict[str, Callable[[str], object]] = {
    "cleaned": text.clean,
    "cleaned to a line": text.clean_line,
    "as HTML": text.to_html,
    "as the HTML of a page": text.page_to_html,
    "as plain words": text.plain,
    "cut": text.excerpt,
    "its first words": lambda it: text.first_words(it, 160),
    "counted": text.word_count,
    "held against words": lambda it: text.contains_words(it, it[: LONG // 2] + "x"),
    "words in their context": lambda it: text.words_in_context(it, it[100:160]),
    "compared": lambda it: differences.differences(it[: LONG // 2], it[LONG // 2 :]),
    "its language": lambda it: language_guess.detect(it, "en"),
    "personal data": lambda it: personal.look(it, "FR"),
    "links": links.look,
    "likeness": same.units,
    "sentences": sentences.sentences,
    "figures": lambda it: figures.all_figures(it, "en"),
    "Chinese figures": lambda it: figures.all_figures(it, "zh"),
    "Arabic figures": lambda it: figures.all_figures(it, "ar"),
    "dates": lambda it: dates.dates(it, "fr"),
    "names": lambda it: names.names(it, "en"),
    "negations": lambda it: negation.negations(it, "ru"),
    "symbols": symbols.symbols,
    "words to find": lambda it: list(analyser.tokens(it, "en")),
    "words to find in Chinese": lambda it: list(analyser.tokens(it, "zh")),
    "words to find in Arabic": lambda it: list(analyser.tokens(it, "ar")),
    "a calendar": lambda it: quietly(importing.read, it.encode(), "en"),
    "an address": lambda it: accounts.an_address(it),
    "a name": lambda it: accounts.a_name(it),
    "a name's tokens": lambda it: folding.tokens(it),
    "a cell": cells.guarded,
    "a search": lambda it: quietly(query.parse, it, "en"),
}


def quietly(read: Callable[..., object], *arguments: object) -> object:
    """Return what a reader returns; nothing where it refuses."""
    try:
        return read(*arguments)
    except (Refused, query.Refused):
        return None


@pytest.fixture
def alarm():
    """Fail whoever is not done in time, also within a regular expression, which looks for signals now and then."""

    def late(*_arguments):
        raise AssertionError(f"not done in {MOST} seconds")

    before = signal.signal(signal.SIGVTALRM, late)
    yield lambda: signal.setitimer(signal.ITIMER_VIRTUAL, MOST)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("name", ROUTINES)
def test_no_text_of_a_hundred_thousand_characters_is_slow(name, alarm):
    for kind, hostile in HOSTILE.items():
        alarm()
        try:
            ROUTINES[name](hostile)
        except AssertionError:
            pytest.fail(f"{name}: {kind} is not done in {MOST} seconds")
