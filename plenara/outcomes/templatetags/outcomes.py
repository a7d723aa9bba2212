"""Tags for the pages of outcomes: first words, words for beads, lists of numbers."""

from babel.lists import format_list
from django import template
from django.utils.translation import pgettext

from plenara.core.languages import current, html_code
from plenara.core.text import first_words
from plenara.core.vocabulary import StakeholderGroup

register = template.Library()


@register.filter
def opening_words(text: object, limit: int) -> str:
    """Return a text's first words on one line, without Markdown, cut at a word."""
    return first_words(str(text), limit)


@register.filter
def group_word(group: str) -> str:
    """Return the word for a bead, for screen readers."""
    return (
        str(StakeholderGroup(group).label) if group in StakeholderGroup.values else pgettext("label", "no longer shown")
    )


@register.filter
def numbers(found: list[int]) -> str:
    """Return numbers in order as a list in words, with ranges: "1–4, 7 and 9"."""
    runs: list[list[int]] = []
    for each in sorted(found):
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    parts = [part for run in runs for part in ([f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run))]
    return format_list(parts, locale=html_code(current()).replace("-", "_"))
