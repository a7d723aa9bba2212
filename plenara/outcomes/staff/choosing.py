"""Lists to choose from: contributions that wait for an answer, and statements that can be cited. A page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core.languages import in_language
from plenara.core.text import excerpt
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, Kind, PublishedParagraph, PublishedText, Reference
from plenara.outcomes.kind import scope
from plenara.outcomes.models import Outcome
from plenara.outcomes.staff.bench import pages_of
from plenara.outcomes.unanswered import left_now, to_answer

#: Contributions or statements on one page, and how many words of a search count.
PAGE, MOST_WORDS = 25, 8
#: No page has a higher number: a database would answer it with an error.
MOST_PAGES = 100_000
LEFT, ALL = "left", "all"


@dataclass(frozen=True)
class Filter:
    """One filter with its choices, and which is chosen."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class Asked:
    """What the address of a list asks for. What is no value of a filter counts as not asked."""

    values: dict[str, str]
    query: str
    wanted: str  # id of the paragraph that is to cite what is chosen
    number: int  # of the page

    @classmethod
    def read(cls, address: Mapping[str, Any], filters: list[Filter]) -> Self:
        """Return what an address asks for."""
        known = {each.name: {value for value, _label in each.choices} for each in filters}
        given = {name: _line(address.get(name)) for name in (*known, "q", "for", "page")}
        return cls(
            {name: given[name] for name, values in known.items() if given[name] and given[name] in values},
            given["q"],
            digits(given["for"]),
            min(max(1, int(digits(given["page"]) or 1)), MOST_PAGES),
        )

    def address(self, **other: Any) -> str:
        """Return the query of this list's address, with some values changed; without its question mark."""
        values = {**self.values, "for": self.wanted, "q": self.query, "page": self.number, **other}
        return urlencode({key: value for key, value in values.items() if value and (key, value) != ("page", 1)})

    def pages(self, total: int) -> dict[str, Any]:
        """Return the links to the pages, as `core/pagination.html` takes them."""
        return pages_of(total, self.number, PAGE, lambda page: f"?{self.address(page=page)}#list")

    def filters(self, offered: list[Filter]) -> list[Filter]:
        """Return the filters with what is chosen of each."""
        return [Filter(each.name, each.label, each.choices, self.values.get(each.name, "")) for each in offered]

    def on_page(self, found: QuerySet[Any]) -> list[Any]:
        """Return what stands on the page, of all that was found. One query."""
        return list(found[(self.number - 1) * PAGE : self.number * PAGE])


def contribution_filters(outcome: Outcome) -> list[Filter]:
    """Return the filters of the contributions that an outcome answers. Two queries."""
    consultations = list(Consultation.objects.filter(pk__in=scope(outcome.document)).order_by("pk"))
    threads = Thread.objects.filter(consultation__in=consultations).order_by("consultation", "number")
    titles = {each.pk: in_language(each.title).text for each in consultations}
    several = len(consultations) > 1
    found = [Filter("show", _("Which"), [(LEFT, _("Unanswered")), (ALL, _("All contributions"))], "")]
    if several:
        found.append(Filter("consultation", _("Consultation"), [(str(pk), title) for pk, title in titles.items()], ""))
    questions = [(str(each.pk), _question(each, titles[each.consultation_id] if several else "")) for each in threads]
    return [
        *found,
        Filter("thread", _("Question"), questions, ""),
        Filter("group", _("Stakeholder group"), [(each.value, str(each.label)) for each in StakeholderGroup], ""),
    ]


def contributions(outcome: Outcome, asked: Asked) -> QuerySet[Edition]:
    """Return the contributions that an address asks for, by consultation and number."""
    found = to_answer(outcome) if asked.values.get("show") == ALL else left_now(outcome)
    names = {"consultation": "consultation", "thread": "thread", "group": "stakeholder_group"}
    found = found.filter(**{field: asked.values[name] for name, field in names.items() if name in asked.values})
    if digits(asked.query) and len(asked.query) < 9:
        return found.filter(number=int(asked.query))
    for word in asked.query.split()[:MOST_WORDS]:
        found = found.filter(
            Q(text__content__icontains=word) | Q(title__icontains=word) | Q(byline__name__icontains=word)
        )
    return found


def statement_filters(outcome: Outcome) -> list[Filter]:
    """Return the documents whose statements an outcome can cite: summaries, and other outcomes. One query."""
    editions = _citable(outcome).select_related("consultation").order_by("consultation", "kind", "number")
    choices = [(str(each.pk), f"{kind_of(each.kind).label(each.number)} ({each.symbol})") for each in editions]
    shown = [(LEFT, _("Not cited yet")), (ALL, _("All statements"))]
    return [Filter("show", _("Which"), shown, ""), Filter("document", _("Document"), choices, "")]


def statements(outcome: Outcome, asked: Asked) -> QuerySet[PublishedParagraph]:
    """Return the statements that an address asks for, in the order of their documents."""
    found = PublishedParagraph.objects.filter(edition__in=_citable(outcome)).exclude(kind=Kind.FRAME)
    if "document" in asked.values:
        found = found.filter(edition=int(asked.values["document"]))
    if asked.values.get("show") != ALL:
        cited = Reference.objects.filter(paragraph__document=outcome.document_id, statement=OuterRef("pk"))
        found = found.filter(~Exists(cited))
    texts = PublishedText.objects.filter(paragraph=OuterRef("pk"), rendition__in_force=True)
    for word in asked.query.split()[:MOST_WORDS]:
        found = found.filter(Exists(texts.filter(Q(text__icontains=word) | Q(heading__icontains=word))))
    found = found.select_related("edition__consultation").annotate(rests_on=Count("citations"))
    return found.order_by("edition__consultation", "edition__kind", "edition__number", "number")


def _citable(outcome: Outcome) -> QuerySet[DocumentEdition]:
    found = DocumentEdition.objects.filter(in_force=True, consultation__in=scope(outcome.document))
    return found.exclude(document=outcome.document_id)


def _question(thread: Thread, consultation: str) -> str:
    question = excerpt(" ".join(in_language(thread.question).text.split()), 80)[0]
    return f"{consultation}: {thread.number}. {question}" if consultation else f"{thread.number}. {question}"


def _line(value: Any) -> str:
    return " ".join(str(value or "")[:200].replace("\x00", "").split())


def digits(value: str) -> str:
    """Return a whole number as it was typed; nothing where it is none."""
    return value if value.isascii() and value.isdigit() and len(value) < 19 else ""
