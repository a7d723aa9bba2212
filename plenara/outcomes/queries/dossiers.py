"""The contents of a meeting's dossier: its items, their paragraphs, and the contributions in full."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from plenara.contributions.models import Edition
from plenara.contributions.queries.record import parts_of
from plenara.documents.models import DocumentEdition, PublishedCitation, PublishedParagraph
from plenara.outcomes.models import AgendaItem, Dossier, ItemMatter, PublishedObjection
from plenara.outcomes.presenters.paper import notes_per_paragraph

#: Characters of contributions in one paper, which takes some ten seconds to typeset.
MOST_CHARACTERS = 250_000


@dataclass(frozen=True)
class Matter:
    """A matter of an item: paragraphs of one edition, or a contribution."""

    kept: ItemMatter
    edition: DocumentEdition | None  # None for a contribution, and if nothing is published any more
    paragraphs: tuple[int, ...] = ()  # their ids, in their order

    @property
    def prefix(self) -> str:
        """The prefix of its paragraphs' anchors, since two items may discuss the same paragraph."""
        return f"i{self.kept.item_id}-{self.kept.pk}-"

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole outcome or summary."""
        return self.kept.mark is None


class Scope:
    """The contents of a dossier, read once."""

    def __init__(self, dossier: Dossier):
        self.dossier = dossier

    @cached_property
    def items(self) -> list[tuple[AgendaItem, list[Matter]]]:
        """The items with their matters. A few queries for each matter."""
        found = self.dossier.items.prefetch_related("matters__outcome__document", "matters__summary")
        return [(item, [_matter(each) for each in item.matters.all()]) for item in found]

    @cached_property
    def paragraphs(self) -> list[int]:
        """The ids of all paragraphs on the agenda."""
        return sorted({pk for _item, matters in self.items for each in matters for pk in each.paragraphs})

    @cached_property
    def room(self) -> int:
        """How many notes each paragraph may have; 0: all."""
        return notes_per_paragraph(pk for _item, matters in self.items for each in matters for pk in each.paragraphs)

    @cached_property
    def contributions(self) -> set[int]:
        """The ids of its contributions: those on the agenda, and those that paragraphs cite."""
        cited = PublishedCitation.objects.filter(paragraph__in=self.paragraphs)
        own = (each.kept.contribution_id for _item, matters in self.items for each in matters)
        return {pk for pk in own if pk} | set(cited.values_list("edition__contribution", flat=True))

    def editions(self, ids: Iterable[int] | None = None) -> QuerySet[Edition]:
        """Return the contributions as they are now, including the notices of removed ones."""
        found = Edition.objects.filter(contribution__in=self.contributions if ids is None else ids, in_force=True)
        return found.order_by("consultation", "number")

    @cached_property
    def parts(self) -> list[list[int]]:
        """The ids of the contributions, split into papers. One query."""
        return [[pk for _number, pk in part] for part in parts_of(self.editions(), MOST_CHARACTERS)]

    @cached_property
    def consultations(self) -> list[int]:
        """The consultations of its contributions."""
        return sorted(set(self.editions().order_by().values_list("consultation", flat=True)))

    @cached_property
    def dated_at(self) -> datetime.datetime:
        """The latest moment of the record that it shows, so that the same record gives the same date."""
        moments = [self.dossier.created_at, self.dossier.published_at, self.dossier.reported_at]
        moments += self.editions().values_list("minted_at", flat=True)
        moments += DocumentEdition.objects.filter(paragraphs__in=self.paragraphs).values_list("minted_at", flat=True)
        return max(each for each in moments if each)

    def people(self) -> dict[str, list[int]]:
        """Return the ids of the words of people in it: editions that are shown or cited, objections."""
        cited = PublishedCitation.objects.filter(paragraph__in=self.paragraphs).values_list("edition", flat=True)
        objections = PublishedObjection.objects.filter(outcome_paragraph__paragraph__in=self.paragraphs)
        return {
            "editions": sorted({*self.editions().values_list("pk", flat=True), *cited}),
            "objections": sorted(objections.values_list("pk", flat=True)),
        }


def _matter(kept: ItemMatter) -> Matter:
    document = kept.outcome.document_id if kept.outcome else kept.summary_id
    if document is None:
        return Matter(kept, None)
    found = PublishedParagraph.objects.filter(edition__document=document)
    if kept.mark:
        # If deleted from the text since, its last words are shown.
        last = found.filter(mark=kept.mark).select_related("edition").order_by("-edition__revision").first()
        return Matter(kept, last.edition, (last.pk,)) if last else Matter(kept, None)
    edition = DocumentEdition.objects.filter(document=document, in_force=True).first()
    if edition is None:
        return Matter(kept, None)
    numbers = found.filter(edition=edition).order_by("number")
    return Matter(kept, edition, tuple(numbers.values_list("pk", flat=True)))
