"""A text that was made to be slow to read: every routine that reads texts takes as many times longer as it is longer.

What takes no time to speak of is not measured twice. Of what does, a fourth of the text is asked too: who takes more
than twice its share for the whole grows with the square, or worse.
"""

import gc
import re
import signal
import time
from collections.abc import Callable

import pytest

from plenara.accounts import validation as accounts
from plenara.core import differences, language_guess, office_files, personal_details, text
from plenara.core.refusals import ActionRefused
from plenara.directory.queries import duplicates
from plenara.documents.validation import figures, numerals, support, words
from plenara.events.validation import calendar_files
from plenara.moderation.actions import suggestions
from plenara.moderation.queries import hints
from plenara.search import analyser, query

pytestmark = pytest.mark.once

#: How many characters: of 100,000, what grows with the square takes a hundred times as long.
LONG = 10_000
#: Seconds of a processor, whoever else uses it, within which growth does not matter. The slowest takes a third of it.
SOON = 0.3
#: Seconds of a processor for one text, however it grows.
MOST = 3

#: Texts, by how many characters they have.
HOSTILE: dict[str, Callable[[int], str]] = {
    "one letter": lambda size: "a" * size,
    "spaces": lambda size: " " * size + "x",
    "line ends": lambda size: "\n" * size + "x",
    "at signs": lambda size: "a@" * (size // 2),
    "dots": lambda size: "a." * (size // 2),
    "an address that never ends": lambda size: "a@" + "b." * (size // 2),
    "digits": lambda size: "1" * size,
    "digits and spaces": lambda size: "+1 " * (size // 3),
    "hyphens": lambda size: "a-" * (size // 2),
    "capitals and hyphens": lambda size: "A-" * (size // 2),
    "words and spaces": lambda size: "a " * (size // 2),
    "open brackets": lambda size: "[" * size,
    "links that never end": lambda size: "[a](" * (size // 4),
    "stars": lambda size: "*a" * (size // 2),
    "stars and underscores": lambda size: "*_" * (size // 2),
    "quotes": lambda size: "> " * (size // 2),
    "nested lists": lambda size: "\n".join(" " * (n % 400) + "- a" for n in range(size // 200)),
    "ampersands": lambda size: "&" * size,
    "entities": lambda size: "&#" * (size // 2),
    "angle brackets": lambda size: "<a " * (size // 3),
    "comments": lambda size: "<!--" * (size // 4),
    "backslashes": lambda size: "\\" * size,
    "combining marks": lambda size: "e" + "\u0301" * size,
    "a ligature that unfolds": lambda size: "\ufdfa" * (size // 18),
    "zero width": lambda size: "a\u200d" * (size // 2),
    "addresses": lambda size: "http://" * (size // 7),
    "slashes": lambda size: "/" * size,
    "chinese": lambda size: "文件" * (size // 2),
    "arabic": lambda size: "وثائق " * (size // 6),
    "alternating scripts": lambda size: "aб文و" * (size // 4),
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
    "held against words": lambda it: text.contains_words(it, it[: len(it) // 2] + "x"),
    "words in their context": lambda it: text.words_in_context(it, it[100:160]),
    "compared": lambda it: differences.differences(it[: len(it) // 2], it[len(it) // 2 :]),
    "its language": lambda it: language_guess.detect(it, "en"),
    "personal data": lambda it: personal_details.look(it, "FR"),
    "links": hints.look_at_links,
    "likeness": suggestions.units,
    "sentences": words.sentences,
    "figures": lambda it: figures.all_figures(it, "en"),
    "Chinese figures": lambda it: figures.all_figures(it, "zh"),
    "Arabic figures": lambda it: figures.all_figures(it, "ar"),
    "dates": lambda it: numerals.dates(it, "fr"),
    "names": lambda it: words.names(it, "en"),
    "negations": lambda it: support.negations(it, "ru"),
    "symbols": words.symbols,
    "words to find": lambda it: list(analyser.tokens(it, "en")),
    "words to find in Chinese": lambda it: list(analyser.tokens(it, "zh")),
    "words to find in Arabic": lambda it: list(analyser.tokens(it, "ar")),
    "a calendar": lambda it: quietly(calendar_files.read_file, it.encode(), "en"),
    "an address": lambda it: accounts.an_address(it),
    "a name": lambda it: accounts.a_name(it),
    "a name's tokens": lambda it: duplicates.tokens(it),
    "a cell": office_files.guard_cell,
    "a search": lambda it: quietly(query.parse, it, "en"),
}


def quietly(read: Callable[..., object], *arguments: object) -> object:
    """Return what a reader returns; nothing where it refuses."""
    try:
        return read(*arguments)
    except (ActionRefused, query.QueryRefused):
        return None


@pytest.fixture
def alarm():
    """Fail whoever is not done in time, also within a regular expression, which looks for signals now and then."""

    def late(*_arguments):
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, late)
    yield lambda most: signal.setitimer(signal.ITIMER_VIRTUAL, most)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def seconds(routine, hostile):
    """Return how long a processor is busy with a text. Looking for garbage, which takes long among tests, waits."""
    gc.disable()
    began = time.process_time()
    try:
        routine(hostile)
        return time.process_time() - began
    finally:
        gc.enable()


def slow(routine, text_of, alarm, most=MOST):
    """Return what is wrong with how long a routine takes for a text; nothing where it is right."""
    try:
        alarm(most)
        whole = seconds(routine, text_of(LONG))
        if whole < SOON:
            return ""
        for more in (100, 200, 300):  # other texts of the same kind: what was asked before may be remembered
            alarm(most)
            part = seconds(routine, text_of(LONG // 16 + more // 16))
            # Between 16 times, which the length explains, and its square there is room for what else the machine does.
            if whole <= 64 * part:
                return ""
            alarm(most)
            whole = min(whole, seconds(routine, text_of(LONG + more)))
    except TimeoutError:
        return f"is not done in {most} seconds"
    return f"takes {whole / max(part, 0.00001):.0f} times as long for 16 times the text"


@pytest.mark.parametrize("name", ROUTINES)
def test_no_text_takes_longer_than_its_length_explains(name, alarm):
    ROUTINES[name]("What a routine loads when it is first asked is there from now on.")
    wrong = {kind: slow(ROUTINES[name], text_of, alarm) for kind, text_of in HOSTILE.items()}
    assert not {kind: why for kind, why in wrong.items() if why}


def test_what_grows_with_the_square_is_noticed(alarm):
    def looks_for_addresses(it):
        re.search(r"[\w.]+\s?@", it)

    assert "times as long" in slow(looks_for_addresses, HOSTILE["one letter"], alarm)
    assert "not done" in slow(lambda it: re.search(r"(a+)+$", it), lambda size: "a" * size + "b", alarm, most=0.5)
