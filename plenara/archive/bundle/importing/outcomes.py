"""Outcomes, from their three files: `outcomes.bundling` makes them; we find what they cite."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.outcomes.bundling import importing

type Row = dict[str, Any]


def load(
    consultation: Consultation,
    rows: Iterable[Row],
    paragraphs: Iterable[Row],
    matrix: Iterable[Row],
    ids: Mapping[str, int],
) -> int:
    """Make the outcomes; return how many. `ids` are the contributions' keys by their id in the bundle."""
    by_version: dict[str, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for each in paragraphs:
        by_version[each["outcome"]][each["version"]].append(each)
    lines: dict[str, list[Row]] = defaultdict(list)
    for each in matrix:
        lines[each["outcome"]].append(each)
    return importing.load(consultation, rows, by_version, lines, _Finding(ids))


class _Finding:
    """Finds the edition that a row cites: in this consultation by the bundle's ids, in another one by its own."""

    def __init__(self, ids: Mapping[str, int]):
        self._ids = ids
        self._found: dict[tuple[str, str, int], Edition | None] = {}

    def __call__(self, cite: Row) -> Edition | None:
        key = (cite.get("consultation", ""), cite["id"], cite["revision"])
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, slug: str, name: str, revision: int) -> Edition | None:
        found = Edition.objects.filter(revision=revision)
        if not slug:
            return found.filter(contribution=self._ids[name]).first()
        named = Q(contribution__bundle_id=name) | Q(contribution__public_id=name)
        return found.filter(named, consultation__slug=slug).first()
