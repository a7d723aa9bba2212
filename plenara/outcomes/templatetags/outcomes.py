"""Tags for the pages of outcomes: lists of numbers."""

from babel.lists import format_list
from django import template

from plenara.core.languages import current, html_code

register = template.Library()


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
