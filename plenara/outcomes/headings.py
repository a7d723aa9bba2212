"""The headings of an outcome's sections, as its translators and its editions have them."""

from collections.abc import Collection

from plenara.documents.kinds import Heading, Headings
from plenara.documents.models import DocumentEdition
from plenara.outcomes.models import PublishedSection, Section


def of(documents: Collection[int]) -> dict[int, list[Heading]]:
    """Return the headings of documents, by the document's id, in order. One query."""
    found: dict[int, list[Heading]] = {}
    for document, *row in Section.objects.filter(outcome__document__in=documents).values_list(
        "outcome__document", "pk", "number", "title"
    ):
        found.setdefault(document, []).append(Heading(*row))
    return found


def keep(pk: int, language: str, text: str) -> None:
    """Keep a heading in a language; a form that was opened before does not overwrite it."""
    section = Section.objects.get(pk=pk)
    section.title = {code: each for code, each in {**section.title, language: text}.items() if each}
    section.stamp += 1
    section.save(update_fields=["title", "stamp"])


def join(edition: DocumentEdition, language: str) -> None:
    """Let the headings of a version be read in a language that joins it."""
    now = dict(Section.objects.filter(outcome__document=edition.document_id).values_list("pk", "title"))
    changed = []
    for each in PublishedSection.objects.filter(edition__edition=edition):
        if text := now.get(each.origin, {}).get(language):
            each.title = {**each.title, language: text}
            changed.append(each)
    PublishedSection.objects.bulk_update(changed, ["title"])


HEADINGS = Headings(of=of, keep=keep, join=join)
