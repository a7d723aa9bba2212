"""A summary, as a kind of document."""

import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.core import clock
from plenara.documents.kinds import DocumentKind, Translating, register
from plenara.documents.models import Document
from plenara.summaries.schedule.queries import translating_due

NAME = "summary"


def label(number: int) -> str:
    """Return the name of a summary."""
    return _("Summary %(number)d") % {"number": number}


def place(number: int, statement: int) -> str:
    """Return the text of a link from cited words to a statement."""
    return _("Cited in Summary %(number)d, statement %(statement)d") % {"number": number, "statement": statement}


def in_making() -> str:
    """Return the name of a summary without a number."""
    return _("A summary in preparation")


def where_translated(document: Document, language: str) -> str:
    """Return the address of a summary's translation into a language."""
    return reverse("summaries:rendition", args=[document.consultation.slug, document.summary.pk, language])


def due_at(document: Document) -> datetime.datetime | None:
    """Return when its translations are due."""
    due: datetime.datetime | None = document.summary.translations_due_at
    return due


def set_due(document: Document) -> None:
    """Set the day by which an approved summary's translations are due."""
    document.summary.translations_due_at = translating_due(document.consultation, clock.now())
    document.summary.save(update_fields=["translations_due_at"])


SUMMARY = DocumentKind(
    name=NAME,
    letters="SUM",
    path="summaries/{number}/",
    label=label,
    place=place,
    approved=set_due,
    translating=Translating(in_making, where_translated, due_at, related=("summary",)),
)
register(SUMMARY)
