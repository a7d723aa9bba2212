"""An outcome, as a kind of document."""

from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.documents.kinds import DocumentKind, Translating, register
from plenara.documents.models import Document, Kind
from plenara.outcomes.headings import HEADINGS
from plenara.outcomes.models import Opening
from plenara.outcomes.rules import PERMISSIONS

NAME = "outcome"
KINDS = (Kind.FRAME, Kind.DEFINITION, Kind.FINDING, Kind.RECOMMENDATION)


def label(number: int) -> str:
    """Return what an outcome is called."""
    return _("Outcome document %(number)d") % {"number": number}


def place(number: int, paragraph: int) -> str:
    """Return what a link from cited words to a paragraph says."""
    return _("Answered in outcome document %(number)d, paragraph %(paragraph)d") % {
        "number": number,
        "paragraph": paragraph,
    }


def part(number: int) -> str:
    """Return what a numbered paragraph is called."""
    return _("Paragraph %(number)d") % {"number": number}


def part_in(outcome: str, number: int) -> str:
    """Return that, within its outcome: "Outcome document 1, paragraph 12"."""
    return _("%(outcome)s, paragraph %(number)d") % {"outcome": outcome, "number": number}


def scope(document: Document) -> set[int]:
    """Return the consultations whose contributions it may cite: those it answers, and what is said of its drafts."""
    own = set(document.outcome.consultations.values_list("pk", flat=True))
    return own | set(Opening.objects.filter(outcome=document.outcome).values_list("consultation_id", flat=True))


def address(body: str, outcome: str) -> str:
    """Return where an outcome stands, below the language, by the slugs of its body and its own."""
    return f"outcomes/{body}/{outcome}/"


def in_making() -> str:
    """Return what an outcome is called that has no number yet."""
    return _("An outcome in the making")


def where_translated(document: Document, language: str) -> str:
    """Return where an outcome is translated into a language."""
    return reverse("outcomes:rendition", args=[document.outcome.body.slug, document.outcome.slug, language])


OUTCOME = DocumentKind(
    name=NAME,
    letters="OUT",
    path="",
    label=label,
    place=place,
    paragraph_kinds=KINDS,
    permissions=PERMISSIONS,
    numbers_for_good=True,
    treats=True,
    scope=scope,
    part=part,
    part_in=part_in,
    headings=HEADINGS,
    translating=Translating(in_making, where_translated, lambda _document: None, related=("outcome__body",)),
)
register(OUTCOME)
