"""The list's rows. Whoever writes holds the whole list: two changes together could make a circle."""

from collections.abc import Iterable

from django.db.models import Q

from plenara.core import clock
from plenara.core.models import Revision
from plenara.themes.concepts import Concept, of_list
from plenara.themes.models import CACHE_TAG, Theme

_AT_ONCE = 500
_WORDS = ["labels", "alternatives", "definition", "own_labels", "exact_match", "vocabulary", "position", "retired_at"]


def take_hold() -> dict[str, Concept]:
    """Return the whole list by code; nobody else changes it until this transaction has ended."""
    Revision.objects.get_or_create(cache_tag=CACHE_TAG)
    Revision.objects.select_for_update().get(cache_tag=CACHE_TAG)
    return {each.code: each for each in of_list()}


def write(concepts: Iterable[Concept]) -> list[Theme]:
    """Write checked concepts into the list that is held, new and changed ones, and return them as they stand now.

    Rows first and their links afterwards, when all are there. A dozen queries for some hundred themes.
    """
    wanted = {each.code: each for each in concepts}
    now = clock.now()
    known = {each.code: each for each in Theme.objects.filter(code__in=list(wanted))}
    fresh = [Theme(code=code) for code in wanted if code not in known]
    for theme in [*known.values(), *fresh]:
        concept = wanted[theme.code]
        for name in _WORDS[:-1]:
            setattr(theme, name, getattr(concept, name))
        theme.retired_at = (theme.retired_at or now) if concept.retired else None
        if not concept.retired:
            theme.replaced_by = None
        theme.stamp += 1
    Theme.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    # The link first: a theme that is offered again may not be replaced by another at any time.
    Theme.objects.bulk_update(known.values(), ["replaced_by", *_WORDS, "stamp"], batch_size=_AT_ONCE)
    ids = dict(Theme.objects.order_by().values_list("code", "pk"))
    rows = list(Theme.objects.filter(code__in=list(wanted)))
    for theme in rows:
        concept = wanted[theme.code]
        theme.broader_id = ids.get(concept.broader)
        theme.replaced_by_id = ids.get(concept.replaced_by)
    Theme.objects.bulk_update(rows, ["broader", "replaced_by"], batch_size=_AT_ONCE)
    _relate(wanted.values(), ids)
    found = {each.code: each for each in Theme.objects.filter(code__in=list(wanted))}
    return [found[code] for code in wanted]


def _relate(concepts: Iterable[Concept], ids: dict[str, int]) -> None:
    """Let concepts be related to what they name, and to nothing else; the other way round too."""
    pairs = Theme.related.through
    own = {ids[each.code] for each in concepts}
    wanted = {(ids[each.code], ids[code]) for each in concepts for code in each.related}
    pairs.objects.filter(Q(from_theme__in=own) | Q(to_theme__in=own)).delete()
    both = sorted(wanted | {(other, one) for one, other in wanted})
    pairs.objects.bulk_create((pairs(from_theme_id=one, to_theme_id=other) for one, other in both), batch_size=_AT_ONCE)
