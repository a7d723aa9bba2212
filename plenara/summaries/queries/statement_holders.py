"""In how many contributions of the period a statement's view appears, by stakeholder group."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.languages import current, html_code
from plenara.core.rows import Json
from plenara.core.templatetags.plenara import number
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.models import Citation, Kind, Side
from plenara.summaries.queries.coverage import Coverage, Covered


@dataclass(frozen=True)
class Holders:
    """The contributions that one side of a statement cites."""

    inside: list[Covered]  # of the period; of a campaign all, since they have one text
    outside: int  # of other periods, or no longer published

    @property
    def groups(self) -> dict[str, int]:
        return dict(Counter(each.group for each in self.inside))


def holders_of(citations: Iterable[Citation], coverage: Coverage) -> Holders:
    """Return the contributions of citations, whose `edition` is loaded. No query."""
    known = coverage.by_contribution
    cited: dict[int, None] = {}
    for each in citations:
        cited[each.edition.contribution_id] = None
        cited |= dict.fromkeys(coverage.campaigns.get(each.edition.contribution_id, ()))
    inside = [known[key] for key in cited if key in known]
    return Holders(inside, len(cited) - len(inside))


def figures_of_citations(citations: Mapping[int, Iterable[Citation]], coverage: Coverage) -> Json:
    """Return the figures for the record: by statement and side, the contributions by group, and from elsewhere."""
    found: Json = {}
    for statement, some in citations.items():
        sides: dict[str, list[Citation]] = {}
        for each in some:
            sides.setdefault(each.side, []).append(each)
        for side, side_citations in sides.items():
            it = holders_of(side_citations, coverage)
            found.setdefault(str(statement), {})[side or "held"] = {"groups": it.groups, "outside": it.outside}
    return found


def figures_of_document(document_id: int, coverage: Coverage) -> Json:
    """Return the figures of a document for the record. One query."""
    cited: dict[int, list[Citation]] = {}
    citations = Citation.objects.filter(paragraph__document_id=document_id).exclude(paragraph__kind=Kind.FRAME)
    for each in citations.select_related("edition", "paragraph").order_by("paragraph__number", "position"):
        cited.setdefault(each.paragraph.number, []).append(each)
    return figures_of_citations(cited, coverage)


def working_lines(rows: Iterable[dict], coverage: Coverage) -> dict[int, list["Line"]]:
    """Return the sentences for a summary in the making, by statement number. No query: `rows` are the desk's."""
    cited = {row["paragraph"].number: row["citations"] for row in rows if row["paragraph"].kind != Kind.FRAME}
    return lines({**coverage.figures(), "held": figures_of_citations(cited, coverage)})


@dataclass(frozen=True)
class Line:
    """A sentence on the contributions of one side of a statement, in the reader's language."""

    side: str
    sentence: str


def lines(figures: Json) -> dict[int, list[Line]]:
    """Return the sentences for an edition, by statement number, from the figures in the record."""
    all_of_group = {group: counts[0] for group, counts in figures.get("groups", {}).items()}
    return {
        int(statement): [
            Line(str(Side.AGAINST if side == "against" else Side.HELD), sentence)
            for side in ("held", "against")
            if side in sides and (sentence := in_words(sides[side], all_of_group, against=side == "against"))
        ]
        for statement, sides in figures.get("held", {}).items()
    }


def in_words(counts: Json, all_of_group: Mapping[str, int], *, against: bool = False) -> str:
    """Return "This view appears in 9 of the 45 contributions from the period: 7 of the 12 from governments, …"."""
    groups = sorted(counts["groups"].items(), key=lambda pair: (-pair[1], _place(pair[0])))
    part, whole, outside = sum(count for _group, count in groups), sum(all_of_group.values()), counts["outside"]
    elsewhere = _elsewhere(outside) if outside else ""
    if not part:
        sentence = _("The opposing view appears in %(what)s.") if against else _("This view appears in %(what)s.")
        return sentence % {"what": elsewhere}
    values = {
        "part": number(part),
        "all": number(whole),
        "groups": _listed([_of_group(group, count, all_of_group.get(group, count)) for group, count in groups]),
        "elsewhere": elsewhere,
    }
    return _sentence(whole, against=against, outside=bool(outside)) % values


def _sentence(whole: int, *, against: bool, outside: bool) -> str:
    if against and outside:
        return ngettext(
            "The opposing view appears in %(part)s of the %(all)s contribution from the period: "
            "%(groups)s; and in %(elsewhere)s.",
            "The opposing view appears in %(part)s of the %(all)s contributions from the period: "
            "%(groups)s; and in %(elsewhere)s.",
            whole,
        )
    if against:
        return ngettext(
            "The opposing view appears in %(part)s of the %(all)s contribution from the period: %(groups)s.",
            "The opposing view appears in %(part)s of the %(all)s contributions from the period: %(groups)s.",
            whole,
        )
    if outside:
        return ngettext(
            "This view appears in %(part)s of the %(all)s contribution from the period: %(groups)s; "
            "and in %(elsewhere)s.",
            "This view appears in %(part)s of the %(all)s contributions from the period: %(groups)s; "
            "and in %(elsewhere)s.",
            whole,
        )
    return ngettext(
        "This view appears in %(part)s of the %(all)s contribution from the period: %(groups)s.",
        "This view appears in %(part)s of the %(all)s contributions from the period: %(groups)s.",
        whole,
    )


def _elsewhere(count: int) -> str:
    return ngettext(
        "%(count)s contribution from outside the period", "%(count)s contributions from outside the period", count
    ) % {"count": number(count)}


def _place(group: str) -> int:
    return StakeholderGroup.values.index(group) if group in StakeholderGroup.values else len(StakeholderGroup.values)


def _of_group(group: str, part: int, whole: int) -> str:
    if group == StakeholderGroup.GOVERNMENT:
        sentence = ngettext(
            "%(part)s of the %(all)s from governments", "%(part)s of the %(all)s from governments", whole
        )
    elif group == StakeholderGroup.INTERGOVERNMENTAL:
        sentence = ngettext(
            "%(part)s of the %(all)s from intergovernmental organizations",
            "%(part)s of the %(all)s from intergovernmental organizations",
            whole,
        )
    elif group == StakeholderGroup.PRIVATE_SECTOR:
        sentence = ngettext(
            "%(part)s of the %(all)s from the private sector", "%(part)s of the %(all)s from the private sector", whole
        )
    elif group == StakeholderGroup.CIVIL_SOCIETY:
        sentence = ngettext(
            "%(part)s of the %(all)s from civil society", "%(part)s of the %(all)s from civil society", whole
        )
    elif group == StakeholderGroup.TECHNICAL_ACADEMIC:
        sentence = ngettext(
            "%(part)s of the %(all)s from the technical and academic group",
            "%(part)s of the %(all)s from the technical and academic group",
            whole,
        )
    else:
        sentence = ngettext(
            "%(part)s of the %(all)s from other groups", "%(part)s of the %(all)s from other groups", whole
        )
    return sentence % {"part": number(part), "all": number(whole)}


def _listed(groups: list[str]) -> str:
    return format_list(groups, locale=html_code(current()).replace("-", "_"))
