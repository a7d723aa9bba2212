"""A paragraph's citations at the desk, and the contributions and statements that it can cite."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core.languages import Localized, current, in_language
from plenara.core.pagination import pages_of
from plenara.core.text import digits, excerpt
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.kinds import kind_of
from plenara.documents.models import (
    Citation,
    Document,
    DocumentEdition,
    Kind,
    Paragraph,
    ParagraphText,
    PublishedCitation,
    PublishedParagraph,
    PublishedText,
    Reason,
    Reference,
    Response,
)
from plenara.documents.queries.drafts import number_of
from plenara.outcomes.kind import scope
from plenara.outcomes.models import Outcome
from plenara.outcomes.presenters.outcomes import statement_label, statement_url
from plenara.outcomes.queries.contributions import to_answer, unanswered_now
from plenara.outcomes.queries.paragraphs import ReasonedResponse

#: Contributions or statements on one page, and how many words of a search count.
CITABLE_PAGE, MOST_WORDS = 25, 8
#: The highest page number: a database would raise an error for a higher one.
MOST_PAGES = 100_000
LEFT, ALL = "left", "all"


@dataclass(frozen=True)
class Filter:
    """One filter with its choices and the chosen one."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class ListQuery:
    """The filters in the address of a list. Unknown values are ignored."""

    values: dict[str, str]
    query: str
    wanted: str  # id of the paragraph that will cite the chosen ones
    number: int  # of the page

    @classmethod
    def read(cls, address: Mapping[str, object], filters: list[Filter]) -> Self:
        """Parse the query of an address."""
        known = {each.name: {value for value, _label in each.choices} for each in filters}
        given = {name: _line(address.get(name)) for name in (*known, "q", "for", "page")}
        return cls(
            {name: given[name] for name, values in known.items() if given[name] and given[name] in values},
            given["q"],
            digits(given["for"]),
            min(max(1, int(digits(given["page"]) or 1)), MOST_PAGES),
        )

    def address(self, **other: str | int) -> str:
        """Return the query of this list's address, with some values changed; without its question mark."""
        values: dict[str, str | int] = {
            **self.values,
            "for": self.wanted,
            "q": self.query,
            "page": self.number,
            **other,
        }
        return urlencode({key: value for key, value in values.items() if value and (key, value) != ("page", 1)})

    def pages(self, total: int) -> dict[str, object]:
        """Return the links to the pages, as `core/pagination.html` takes them."""
        return pages_of(total, self.number, CITABLE_PAGE, lambda page: f"?{self.address(page=page)}#list")

    def filters(self, offered: list[Filter]) -> list[Filter]:
        """Return the filters with the chosen values."""
        return [Filter(each.name, each.label, each.choices, self.values.get(each.name, "")) for each in offered]

    def on_page(self, found: QuerySet) -> list:
        """Return the results on this page. One query."""
        return list(found[(self.number - 1) * CITABLE_PAGE : self.number * CITABLE_PAGE])


def contribution_filters(outcome: Outcome) -> list[Filter]:
    """Return the filters of the contributions that an outcome answers. Two queries."""
    consultations = list(Consultation.objects.filter(pk__in=scope(outcome.document)).order_by("pk"))
    threads = Thread.objects.filter(consultation__in=consultations).order_by("consultation", "number")
    titles = {each.pk: in_language(each.title).text for each in consultations}
    several = len(consultations) > 1
    found = [
        Filter(
            "show",
            pgettext("label", "Status"),
            [(LEFT, pgettext("label", "Unanswered")), (ALL, pgettext("label", "All contributions"))],
            "",
        )
    ]
    if several:
        found.append(
            Filter(
                "consultation",
                pgettext("label", "Consultation"),
                [(str(pk), title) for pk, title in titles.items()],
                "",
            )
        )
    questions = [(str(each.pk), _question(each, titles[each.consultation_id] if several else "")) for each in threads]
    return [
        *found,
        Filter("thread", pgettext("label", "Question"), questions, ""),
        Filter(
            "group",
            pgettext("label", "Stakeholder group"),
            [(each.value, str(each.label)) for each in StakeholderGroup],
            "",
        ),
    ]


def citable_contributions(outcome: Outcome, asked: ListQuery) -> QuerySet[Edition]:
    """Return the filtered contributions, by consultation and number."""
    found = to_answer(outcome) if asked.values.get("show") == ALL else unanswered_now(outcome)
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
    return [
        Filter("show", pgettext("label", "Status"), shown, ""),
        Filter("document", pgettext("label", "Document"), choices, ""),
    ]


def citable_statements(outcome: Outcome, asked: ListQuery) -> QuerySet[PublishedParagraph]:
    """Return the filtered statements, in the order of their documents."""
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


def _line(value: object) -> str:
    return " ".join(str(value or "")[:200].replace("\x00", "").split())


#: Citations of a paragraph on one page; and the most earlier reasons offered.
CITATIONS_PAGE, MOST_REASONS = 40, 60

_ORDER = Case(
    *(When(response=each, then=Value(place)) for place, each in enumerate(Response.values)),
    default=Value(-1),  # those without a response come first
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class Given:
    """A contribution or a statement that a paragraph cites, with its response."""

    citation: Citation | None = None
    reference: Reference | None = None
    words: Localized | None = None  # of a statement
    language: str = ""  # of the document, in which the reason is written

    @property
    def it(self) -> Citation | Reference:
        found = self.citation or self.reference
        assert found is not None
        return found

    @property
    def response(self) -> ReasonedResponse:
        reason = self.it.reason
        return ReasonedResponse(self.it.response, Localized(reason.text, self.language) if reason else None)

    @property
    def label(self) -> str:
        """Return the name of a statement."""
        return statement_label(self.reference.statement) if self.reference else ""

    @property
    def url(self) -> str:
        """Return the address of a statement."""
        return statement_url(self.reference.statement) if self.reference else ""


def given_by(paragraph: Paragraph, page: int = 1) -> tuple[list[Given], int, dict[str, object]]:
    """Return a page of a paragraph's citations, their number, and the links to the pages. Six queries."""
    citations, references = paragraph.citations.all(), paragraph.references.all()
    cited = citations.count()
    total = cited + references.count()
    page = min(max(page, 1), max(1, -(-total // CITATIONS_PAGE)))
    begin, end = (page - 1) * CITATIONS_PAGE, page * CITATIONS_PAGE
    language = paragraph.document.source_language
    rows = [
        Given(citation=each, language=language)
        for each in _citations_of(citations, "edition__byline", "edition__consultation")[begin:end]
    ]
    if (rest := CITATIONS_PAGE - len(rows)) > 0:
        first = max(0, begin - cited)
        referred = list(_citations_of(references, "statement__edition__consultation")[first : first + rest])
        words = words_of([each.statement for each in referred])
        rows += [Given(reference=each, words=words.get(each.statement_id), language=language) for each in referred]
    return rows, total, pages_of(total, page, CITATIONS_PAGE, lambda number: f"?page={number}#cites")


def _citations_of(found: QuerySet, *related: str) -> QuerySet:
    ordered: QuerySet = found.select_related("reason", *related).order_by(_ORDER, "position", "pk")
    return ordered


def words_of(statements: list[PublishedParagraph]) -> dict[int, Localized]:
    """Return the words of published paragraphs in the reader's language, or in their own, by id. One query."""
    texts: dict[int, dict[str, str]] = {}
    found = PublishedText.objects.filter(paragraph__in=[each.pk for each in statements], rendition__in_force=True)
    for each in found:
        texts.setdefault(each.paragraph_id, {})[each.language] = each.text
    own = {each.pk: each.edition.source_language for each in statements}
    language = current()
    return {pk: in_language(several, language if language in several else own[pk]) for pk, several in texts.items()}


def beneath(statements: list[PublishedParagraph]) -> dict[int, int]:
    """Return how many contributions published statements cite, by the statement's id. One query."""
    found = PublishedCitation.objects.filter(paragraph__in=[each.pk for each in statements])
    counts = found.values_list("paragraph").annotate(count=Count("edition__contribution", distinct=True))
    return dict(counts.order_by("paragraph"))


def reasons_of(document: Document) -> list[str]:
    """Return the reasons in a document, the most used first."""
    found = Reason.objects.filter(document=document).annotate(count=Count("citations", distinct=True))
    return list(found.order_by("-count", "pk").values_list("text", flat=True)[:MOST_REASONS])


def citing_paragraphs(document: Document) -> list[tuple[str, str]]:
    """Return the paragraphs that can cite, as choices: ids, and their number and first words. Two queries."""
    texts = ParagraphText.objects.filter(paragraph__document=document, language=document.source_language)
    found = texts.exclude(paragraph__kind=Kind.FRAME).select_related("paragraph").order_by("paragraph__number")
    return [
        (str(each.paragraph_id), f"{number_of(document, each.paragraph)}. {excerpt(each.text, 90)[0]}")
        for each in found
    ]
