"""The index of a dossier: its contributions by theme, stakeholder group and country."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from plenara.contributions.models import Edition
from plenara.core.languages import current
from plenara.core.templatetags.plenara import country_name, group_label
from plenara.core.vocabulary import StakeholderGroup
from plenara.directory.collation import sort_key
from plenara.documents.printing.entries import anchor_of
from plenara.documents.printing.paper import Block, Heading, Index, Row, Words, words
from plenara.outcomes.printing.dossier_scope import Scope
from plenara.themes import reading as themes


def blocks(scope: Scope, whole: frozenset[int]) -> list[Block]:
    """Return the index. Those of `whole` are in the same paper; the others are found by their permanent address."""
    shown = scope.editions().filter(status=Edition.Status.PUBLISHED)
    editions = list(shown.select_related("byline", "thread", "contribution"))
    if not editions:
        return []
    is_one = len(scope.consultations) == 1

    def place(edition: Edition) -> tuple[str, str]:
        is_inner = edition.contribution_id in whole
        address = f"#{anchor_of(edition)}" if is_inner else f"{settings.SITE_URL}/c/{edition.contribution.public_id}"
        return (str(edition.number) if is_one else edition.symbol, address)

    labels = themes.labels({code for each in editions for code in each.thread.themes})
    groups = {each: Words(group_label(each)) for each in StakeholderGroup.values}
    countries = {each.byline.country for each in editions if each.byline and each.byline.country}
    found: list[Block] = [Heading(Words(_("Index")), anchor="index")]
    for heading, names, keys in (
        (
            _("By theme"),
            {code: words(label.text, label.language) for code, label in labels.items()},
            lambda it: it.thread.themes,
        ),
        (_("By stakeholder group"), groups, lambda it: [it.stakeholder_group]),
        (
            _("By country"),
            {code: Words(country_name(code)) for code in countries},
            lambda it: [it.byline.country] if it.byline else [],
        ),
    ):
        if rows := _rows(editions, names, keys, place):
            found += [Heading(Words(heading), level=3), Index(tuple(rows))]
    return found


def _rows(
    editions: list[Edition],
    names: dict[str, Words],
    keys: Callable[[Edition], Iterable[str]],
    place: Callable[[Edition], tuple[str, str]],
) -> list[Row]:
    places: dict[str, list[tuple[str, str]]] = {}
    for each in editions:
        for key in keys(each):
            if key in names:
                places.setdefault(key, []).append(place(each))
    order = sorted(places, key=lambda key: sort_key(names[key].text, current()))
    return [Row(names[key], tuple(places[key])) for key in order]
