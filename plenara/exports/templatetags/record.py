"""Template tags of the archive's pages: figures by thread, names of files."""

from collections import Counter
from collections.abc import Hashable, Sequence

from django import template

from plenara.contributions.models import Paper
from plenara.documents.queries.editions import Place
from plenara.exports.presenters.attribution import paper_name
from plenara.insights.queries.figures import Figures

register = template.Library()


@register.filter
def get(counts: Counter[Hashable], key: Hashable) -> int:
    """Return a count, 0 where there is none."""
    return counts.get(key, 0)


@register.filter
def groups_of(figures: Figures, thread_id: int | None) -> list[tuple[str, int]]:
    """Return (group, count) of a thread or, with None, of all, the largest first."""
    return figures.groups(thread_id)


@register.filter
def languages_of(figures: Figures) -> list[tuple[str, int]]:
    """Return (language, count), the largest first."""
    return figures.by_language.most_common(8)


@register.filter
def largest(rows: Sequence[tuple[str, int]]) -> int:
    """Return the largest count of the rows."""
    return max((n for _name, n in rows), default=0)


@register.filter
def links(places: Sequence[Place]) -> list[tuple[str, str]]:
    """Return (text, address) of the places where words were used."""
    return list(dict.fromkeys((place.label, place.url) for place in places))


@register.filter
def file_name(paper: Paper) -> str:
    """Return the last part of a paper's address."""
    return paper_name(paper)
