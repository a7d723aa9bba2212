"""Outcomes, from their three files: `outcomes.bundling` makes them; we find what they cite."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Q

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.cache_tags import invalidate
from plenara.core.rows import Json
from plenara.outcomes.bundle.actions import links, meetings, outcomes

type Row = Json


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
    return outcomes.load(consultation, rows, by_version, lines, _Finding(ids))


def link_with(consultation: Consultation) -> list[str]:
    """Link what is here with a consultation that has come in; return the slugs of the consultations that were waiting.

    Those are its comment rounds, and the homes of outcomes that name it.
    """
    above = []
    at: Consultation | None = consultation
    while at is not None:
        above.append(at.pk)
        at = at.parent
    below = Consultation.objects.filter(parent=None, parent_slug=consultation.slug).exclude(pk__in=above)
    children = list(below.order_by("pk"))
    for child in children:
        child.parent = consultation
        child.save(update_fields=["parent"])
        invalidate(child.cache_tag, nothing_withdrawn=True)
    linked = links.link_with(consultation, _Finding({})) | meetings.link_with(consultation)
    return sorted({*(each.slug for each in children), *linked})


class Pending(NamedTuple):
    """A consultation or a document that is named and not linked, and how often."""

    name: str
    links: int
    #: It is a consultation that is here, without what is named of it.
    is_here: bool


def pending_links(consultation: Consultation) -> list[Pending]:
    """Return what a consultation and its outcomes name and is not linked."""
    consultations, documents = links.unlinked_names(consultation)
    slugs, symbols, events = meetings.unlinked_names(consultation)
    consultations.update(slugs)
    documents.update(symbols)
    if consultation.parent is None and consultation.parent_slug:
        consultations[consultation.parent_slug] += 1
    here = set(Consultation.objects.filter(slug__in=consultations).values_list("slug", flat=True))
    return [
        *(Pending(slug, count, slug in here) for slug, count in sorted(consultations.items())),
        *(Pending(f"the document {symbol}", count, False) for symbol, count in sorted(documents.items())),
        *(Pending(f"event {number} of the calendar", 1, False) for number in events),
    ]


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
