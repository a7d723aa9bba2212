"""What a working paragraph is called: by its number for good where it has one, else by its place."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.documents.kinds import kind_of
from plenara.documents.models import Document, Paragraph


def is_new(document: Document, paragraph: Paragraph) -> bool:
    """Say whether others of its document have their numbers for good, and it has none yet."""
    return paragraph.mark is None and document.last_mark > 0


def number_of(document: Document, paragraph: Paragraph) -> str:
    """Return the number that stands beside a paragraph, or that it is new."""
    if is_new(document, paragraph):
        return pgettext("paragraph without a number", "new")
    return str(paragraph.mark or paragraph.number)


def part_of(document: Document, paragraph: Paragraph) -> str:
    """Return what a paragraph is called: "Statement 7", "Paragraph 12"."""
    if is_new(document, paragraph):
        return _("New paragraph, in place %(place)d") % {"place": paragraph.number}
    return kind_of(document.kind).part(paragraph.mark or paragraph.number)


def part_once(document: Document, paragraph: int | None, number: int) -> str:
    """Return what a paragraph is called that had a number once: by its id, or by that number where it is deleted.

    Numbers of a kind that numbers for good are places only until then: of what is deleted, no number is told.
    """
    if not kind_of(document.kind).numbers_for_good:
        return kind_of(document.kind).part(number)
    there = _paragraphs(document).get(paragraph or 0)
    return part_of(document, there) if there else _("A paragraph that was deleted")


def _paragraphs(document: Document) -> Mapping[int, Paragraph]:
    """Return a document's paragraphs by id, read once for a page."""
    if not hasattr(document, "_paragraphs_told"):
        document._paragraphs_told = {each.pk: each for each in document.paragraphs.all()}  # type: ignore[attr-defined]
    return document._paragraphs_told  # type: ignore[attr-defined, no-any-return]
