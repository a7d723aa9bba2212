"""Outcomes as a kind of document: names, headings of sections, templates."""

from collections.abc import Callable, Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override, pgettext

from plenara.core.languages import NAMES, django_code
from plenara.documents.kinds import DocumentKind, Heading, Headings, Translating, register
from plenara.documents.models import Document, DocumentEdition, Kind
from plenara.outcomes.models import Opening, PublishedSection, Section
from plenara.outcomes.permissions import PERMISSIONS


def headings_of(documents: Collection[int]) -> dict[int, list[Heading]]:
    """Return the headings of documents, by the document's id, in order. One query."""
    found: dict[int, list[Heading]] = {}
    for document, *row in Section.objects.filter(outcome__document__in=documents).values_list(
        "outcome__document", "pk", "number", "title"
    ):
        found.setdefault(document, []).append(Heading(*row))
    return found


def save_heading(pk: int, language: str, text: str) -> None:
    """Save a heading in a language; a form that was opened before does not overwrite it."""
    section = Section.objects.get(pk=pk)
    section.title = {code: each for code, each in {**section.title, language: text}.items() if each}
    section.stamp += 1
    section.save(update_fields=["title", "stamp"])


def join_heading(edition: DocumentEdition, language: str) -> None:
    """Add the headings of a version in a language that is added to it."""
    now = dict(Section.objects.filter(outcome__document=edition.document_id).values_list("pk", "title"))
    changed = []
    for each in PublishedSection.objects.filter(edition__edition=edition):
        if text := now.get(each.origin, {}).get(language):
            each.title = {**each.title, language: text}
            changed.append(each)
    PublishedSection.objects.bulk_update(changed, ["title"])


HEADINGS = Headings(of=headings_of, keep=save_heading, join=join_heading)


NAME = "outcome"
KINDS = (Kind.FRAME, Kind.DEFINITION, Kind.FINDING, Kind.RECOMMENDATION)


def label(number: int) -> str:
    """Return the name of an outcome."""
    return _("Outcome document %(number)d") % {"number": number}


def place(number: int, paragraph: int) -> str:
    """Return the text of a link from cited words to a paragraph."""
    return _("Answered in outcome document %(number)d, paragraph %(paragraph)d") % {
        "number": number,
        "paragraph": paragraph,
    }


def part(number: int) -> str:
    """Return the name of a numbered paragraph."""
    return pgettext("label", "Paragraph %(number)d") % {"number": number}


def part_in(outcome: str, number: int) -> str:
    """Return that name with its outcome: "Outcome document 1, paragraph 12"."""
    return pgettext("label", "%(title)s, paragraph %(number)d") % {"title": outcome, "number": number}


def scope(document: Document) -> set[int]:
    """Return the consultations whose contributions it may cite: those it answers, and those on its drafts."""
    own = set(document.outcome.consultations.values_list("pk", flat=True))
    return own | set(Opening.objects.filter(outcome=document.outcome).values_list("consultation_id", flat=True))


def address(body: str, outcome: str) -> str:
    """Return the address of an outcome below the language, from the slugs of its body and its own."""
    return f"outcomes/{body}/{outcome}/"


def in_making() -> str:
    """Return the name of an outcome without a number."""
    return pgettext("label", "Outcome in preparation")


def where_translated(document: Document, language: str) -> str:
    """Return the address of an outcome's translation into a language."""
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
    has_responses=True,
    scope=scope,
    part=part,
    part_in=part_in,
    headings=HEADINGS,
    translating=Translating(in_making, where_translated, lambda _document: None, related=("outcome__body",)),
)
register(OUTCOME)


#: A section's address, and its heading and guidance in six languages.
type SectionText = tuple[str, dict[str, str], dict[str, str]]

_REPORT = (
    (
        "definition",
        gettext_noop("Working definition"),
        gettext_noop("The meaning of the terms that the rest of the report uses."),
    ),
    (
        "policy-issues",
        gettext_noop("Public policy issues"),
        gettext_noop("The issues that were identified, and how important each one is and for whom."),
    ),
    (
        "roles",
        gettext_noop("Roles and responsibilities"),
        gettext_noop(
            "What governments, intergovernmental and international organizations, the private sector and civil society "
            "do, and should do."
        ),
    ),
    (
        "recommendations",
        gettext_noop("Report and recommendations"),
        gettext_noop("The conclusions of the group, and what it recommends, to whom and by when."),
    ),
)


def working_group_report() -> list[SectionText]:
    """Return the four sections of a working group's report."""
    return [(slug, in_six(title), in_six(guidance)) for slug, title, guidance in _REPORT]


def in_six(text: str) -> dict[str, str]:
    """Return an interface's text in the six languages."""
    found = {}
    for code in NAMES:
        with override(django_code(code)):
            found[code] = _(text)
    return found


#: By their names in the form.
TEMPLATES: dict[str, Callable[[], Iterable[SectionText]]] = {"working_group_report": working_group_report}
