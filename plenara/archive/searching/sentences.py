"""What a search is told in sentences: why it was not asked, how much was found, how to ask."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.archive.searching.results import Results
from plenara.core.languages import current
from plenara.core.templatetags.plenara import number
from plenara.search.query import FEWEST_BEFORE_STAR, MOST_CHARACTERS, MOST_TERMS, Problem, Refused


def problem(refused: Refused) -> str:
    """Return why a search was not asked as it stands, and how to narrow it."""
    words = {
        "part": refused.part,
        "characters": number(MOST_CHARACTERS),
        "words": number(MOST_TERMS),
        "letters": number(FEWEST_BEFORE_STAR),
    }
    sentences = {
        Problem.TOO_LONG: _(
            "This is too long to search for: %(characters)s characters at most. Keep the few words that matter."
        ),
        Problem.TOO_MANY: _("These are too many words: %(words)s at most. Keep those that matter."),
        Problem.STAR: _("“%(part)s” would find too much. Write at least %(letters)s letters before the star."),
        Problem.ONLY_EXCLUDED: _("This says only what should not be found. Add a word that should be."),
        Problem.ONLY_COMMON: _("“%(part)s” stands in nearly every text. Add a rarer word, or write a “phrase”."),
        Problem.TOO_SLOW: _(
            "This search took too long and was stopped. Add a word, leave out the star, or choose a consultation, a "
            "question or a period."
        ),
        Problem.NOTHING: _("There is no word in this. Write a word, a symbol or a name."),
    }
    return sentences[refused.problem] % words


def count(results: Results) -> str:
    """Return how much was found, in which order; and no more than is known."""
    n = {"n": number(results.count)}
    if results.search.is_by_relevance:
        if not results.count and results.more_by_meaning:
            return _("No text has these words")
        if results.is_capped:
            return _("More than %(n)s results, the most relevant first") % n
        found = ngettext("%(n)s result, by relevance", "%(n)s results, the most relevant first", results.count)
    elif results.is_capped:
        return _("More than %(n)s results, newest first") % n
    else:
        found = ngettext("%(n)s result", "%(n)s results, newest first", results.count)
    return found % n


def notes(results: Results) -> list[str]:
    """Return what else a reader should know: words left out, what was not ranked, what was found by meaning."""
    said = []
    if results.query.common:
        separator = "、" if current() == "zh" else "، " if current() == "ar" else ", "
        words = separator.join(results.query.common)
        said.append(_("Left out, since nearly every text has them: %(words)s.") % {"words": words})
    if results.ranked:
        said.append(_("Only the newest %(n)s were put in order.") % {"n": number(results.ranked)})
    if results.meaning and (sentence := results.meaning.sentence):
        said.append(sentence)
    return said
