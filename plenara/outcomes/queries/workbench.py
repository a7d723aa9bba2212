"""An outcome as its members see it: sections, the state of each paragraph, what is pending. A page at a time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count as Number
from django.db.models import QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.core.pagination import pages_of
from plenara.documents.actions import stamp
from plenara.documents.models import Citation, Comment, Kind, Paragraph, ParagraphText, Reference, Response
from plenara.documents.queries import drafts
from plenara.outcomes import permissions
from plenara.outcomes.models import Agreement, Outcome, OutcomeParagraph, Position, Proposal, Section
from plenara.outcomes.queries.comments import CommentCount, comment_counts
from plenara.outcomes.queries.paragraphs import MARKS
from plenara.outcomes.queries.positions import ParagraphState, paragraph_states

#: Paragraphs on one page of the workbench.
PAGE = 40


class Choice(NamedTuple):
    """A choice of the filter, with the number of its paragraphs."""

    value: str
    label: str
    how_many: int


class ResponseCount(NamedTuple):
    """The number of citations of a paragraph with one response, and the class of its mark."""

    mark: str
    word: str
    how_many: int


@dataclass
class Row:
    """A paragraph at the workbench."""

    outcome_paragraph: OutcomeParagraph
    state: ParagraphState
    number: str  # its permanent number, or its place before publication; blank: new
    name: str  # "Paragraph 7"
    proposals: int = 0
    comments: int = 0
    public: CommentCount | None = None  # public comments on it
    cites: int = 0
    own_position: Position | None = None  # the person's position on its words
    lapsed: Position | None = None  # their position on earlier words
    text: ParagraphText | None = None
    responses: list[ResponseCount] = field(default_factory=list)
    above: int | None = None  # its place one step up: after this one; 0: as the first
    below: int | None = None

    @property
    def paragraph(self) -> Paragraph:
        return self.outcome_paragraph.paragraph

    @property
    def cites_nothing(self) -> bool:
        return not self.cites and self.paragraph.kind != Kind.FRAME

    @property
    def was(self) -> str:
        return stamp(self.paragraph, self.text) if self.text else ""


@dataclass
class Part:
    """A section with those of its paragraphs that the page shows."""

    section: Section
    rows: list[Row]
    counts: Counter[str]
    goes_on: bool  # continued from the page before

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def agreed(self) -> int:
        return self.counts[Agreement.AGREED]


@dataclass
class Bench:
    """A page of the workbench."""

    parts: list[Part]
    counts: Counter[str]  # paragraphs by agreement
    proposals: int
    comments: int
    choices: list[Choice]
    contents: list[Part]  # every section, with the agreement on its paragraphs
    show: str
    section: str
    shown: int  # filtered paragraphs, on all pages
    number: int  # of the page

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def sections(self) -> list[Section]:
        return [each.section for each in self.contents]

    def address(self, page: int) -> str:
        """Return the query of a page with the filters."""
        asked = {"show": self.show, "section": self.section, "page": page if page > 1 else ""}
        return urlencode({name: value for name, value in asked.items() if value})

    @property
    def pages(self) -> dict[str, object]:
        """The links to the pages, as `core/pagination.html` takes them."""
        return pages_of(self.shown, self.number, PAGE, lambda page: f"?{self.address(page)}#paragraphs")


def bench_of(outcome: Outcome, person: Person, *, show: str = "", section: str = "", page: int = 1) -> Bench:
    """Return a page of an outcome's paragraphs, filtered by agreement, of all sections or of one by its slug."""
    sections = list(outcome.sections.all())
    rows = _rows(outcome, person)
    member = permissions.member_of(person, outcome.body)
    decides = member is not None and member.part in permissions.DECIDING
    choices = [
        Choice(value, label, sum(matches(row) for row in rows)) for value, label, matches in _filters(decides=decides)
    ]
    show = show if show in {each.value for each in choices} else ""
    section = section if section in {each.slug for each in sections} else ""
    matches = next(each for value, _label, each in _filters(decides=decides) if value == show)
    slugs = {each.pk: each.slug for each in sections}
    asked = [row for row in rows if matches(row) and section in {"", slugs[row.outcome_paragraph.section_id]}]
    last = max(1, -(-len(asked) // PAGE))
    page = min(max(page, 1), last)
    begin = (page - 1) * PAGE
    here = asked[begin : begin + PAGE]
    _add_words(outcome, here)
    parts, contents = [], []
    for each in sections:
        counts = Counter(row.state.agreement for row in rows if row.outcome_paragraph.section_id == each.pk)
        contents.append(Part(each, [], counts, goes_on=False))
        if section and each.slug != section:
            continue
        section_rows = [row for row in here if row.outcome_paragraph.section_id == each.pk]
        if section_rows or (not show and not counts and _is_here(each, asked, begin, is_last=page == last)):
            goes_on = begin > 0 and bool(section_rows) and asked[begin - 1].outcome_paragraph.section_id == each.pk
            parts.append(Part(each, section_rows, counts, goes_on))
    return Bench(
        parts=parts,
        counts=Counter(row.state.agreement for row in rows),
        proposals=sum(row.proposals for row in rows),
        comments=sum(row.comments for row in rows),
        choices=choices,
        contents=contents,
        show=show,
        section=section,
        shown=len(asked),
        number=page,
    )


def _filters(*, decides: bool) -> list[tuple[str, str, Callable[[Row], bool]]]:
    found: list[tuple[str, str, Callable[[Row], bool]]] = [
        ("", pgettext("paragraphs", "All"), lambda row: True),
        ("open", pgettext("paragraphs", "Not yet agreed"), lambda row: row.state.agreement == Agreement.OPEN),
        ("bracketed", pgettext("paragraphs", "In brackets"), lambda row: row.state.agreement == Agreement.BRACKETED),
        ("agreed", pgettext("paragraphs", "Agreed"), lambda row: row.state.agreement == Agreement.AGREED),
    ]
    if decides:
        found += [
            ("undecided", _("Waiting for your position"), lambda row: row.own_position is None),
            ("lapsed", _("Changed since you agreed or objected"), lambda row: row.lapsed is not None),
        ]
    return [
        *found,
        ("proposals", _("With proposals waiting for an answer"), lambda row: row.proposals > 0),
        ("comments", _("With open comments"), lambda row: row.comments > 0),
        ("public", _("With public comments to answer"), lambda row: bool(row.public and row.public.left)),
        ("uncited", _("Without citations"), lambda row: row.cites_nothing),
    ]


def _rows(outcome: Outcome, person: Person) -> list[Row]:
    """Return every paragraph in order, with its state and pending work; not yet its words.

    Nine queries; three more once there was a version to comment on.
    """
    document = outcome.document
    member = permissions.member_of(person, outcome.body)
    states = paragraph_states(outcome)
    of = {"paragraph__document": document}
    proposals = _count(Proposal.objects.filter(state=Proposal.State.PENDING, **of))
    comments = _count(Comment.objects.filter(resolved_at=None, language="", **of))
    cites = Counter(_count(Citation.objects.filter(**of)))
    cites.update(_count(Reference.objects.filter(**of)))
    outcome_paragraphs = (
        OutcomeParagraph.objects.filter(section__outcome=outcome)
        .select_related("paragraph", "section")
        .order_by("paragraph__number")
    )
    public = comment_counts(outcome).by_part if document.last_mark else {}
    rows = []
    for outcome_paragraph in outcome_paragraphs.order_by("paragraph__number"):
        pk, state = outcome_paragraph.paragraph_id, states[outcome_paragraph.paragraph_id]
        row = Row(
            outcome_paragraph,
            state,
            ""
            if drafts.is_new(document, outcome_paragraph.paragraph)
            else drafts.number_of(document, outcome_paragraph.paragraph),
            drafts.part_of(document, outcome_paragraph.paragraph),
            proposals=proposals.get(pk, 0),
            comments=comments.get(pk, 0),
            public=public.get(outcome_paragraph.paragraph.mark or 0),
            cites=cites[pk],
        )
        if member:
            held = [*state.agreeing, *state.objections]
            row.own_position = next((each for each in held if each.member_id == member.pk), None)
            row.lapsed = next((each for each in state.lapsed if each.member_id == member.pk), None)
        rows.append(row)
    _place(rows)
    return rows


def _place(rows: list[Row]) -> None:
    """Set after which paragraph each one comes when it is moved up, and down, within its section."""
    for place, row in enumerate(rows):
        before = [rows[at] for at in (place - 2, place - 1) if at >= 0 and _together(rows[at], row)]
        if before:
            row.above = before[0].outcome_paragraph.paragraph_id if len(before) == 2 else 0
        if place + 1 < len(rows) and _together(rows[place + 1], row):
            row.below = rows[place + 1].outcome_paragraph.paragraph_id


def _together(one: Row, other: Row) -> bool:
    return one.outcome_paragraph.section_id == other.outcome_paragraph.section_id


def _count(found: QuerySet) -> dict[int, int]:
    return dict(found.values_list("paragraph").annotate(count=Number("pk")).order_by("paragraph"))


def _add_words(outcome: Outcome, rows: list[Row]) -> None:
    """Read the words of some paragraphs, and their responses. Three queries."""
    ids = [row.outcome_paragraph.paragraph_id for row in rows]
    words = ParagraphText.objects.filter(paragraph__in=ids, language=outcome.document.source_language)
    texts = {each.paragraph_id: each for each in words.select_related("changed_by")}
    counts: Counter[tuple[int, str]] = Counter()
    for given in (Citation, Reference):
        found = given.objects.filter(paragraph__in=ids).values_list("paragraph", "response")
        for paragraph, response, count in found.annotate(count=Number("pk")).order_by("paragraph"):
            counts[paragraph, response] += count
    for row in rows:
        pk = row.outcome_paragraph.paragraph_id
        row.text = texts.get(pk)
        row.responses = [
            ResponseCount(MARKS[each], str(each.label), counts[pk, each]) for each in Response if counts[pk, each]
        ]
        if unanswered := counts[pk, ""]:
            row.responses.append(ResponseCount("wait", _("without a response"), unanswered))


def _is_here(section: Section, asked: list[Row], begin: int, *, is_last: bool) -> bool:
    """Return whether a section without paragraphs belongs to a page: after the section before it."""
    before = sum(row.outcome_paragraph.section.number < section.number for row in asked)
    return begin <= before < begin + PAGE or (is_last and before == len(asked))


def place_of(paragraph: Paragraph) -> str:
    """Return the end of the workbench's address that leads to a paragraph: its page, and its place there."""
    page = (paragraph.number - 1) // PAGE + 1
    return f"{f'?page={page}' if page > 1 else ''}#p{paragraph.pk}"
