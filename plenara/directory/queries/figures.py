"""The number of listings in the directory, by group, region, language and state. From counts over an index alone."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core import figures
from plenara.core.languages import current, direction, html_code
from plenara.core.templatetags.plenara import number, percent
from plenara.core.vocabulary import StakeholderGroup, language_name
from plenara.directory.models import Kind, Mark, Place, Progress
from plenara.directory.queries.lookup import BROADER, region_name

_What = Mark.What
#: The counts of each kind.
COUNTED = {
    Kind.ORGANIZATION: (_What.GROUP, _What.REGION),
    Kind.PERSON: (_What.GROUP, _What.REGION, _What.LANGUAGE),
    Kind.PROJECT: (_What.STATE, _What.REGION),
}
#: Languages that are listed; the rest is rare.
MOST = 12


@dataclass(frozen=True)
class Row:
    """One line of a table: its code and name, the count, and its share of all."""

    code: str
    name: str
    count: int
    share: str
    depth: int = 0  # of a region within a wider one


@dataclass(frozen=True)
class Table:
    """A table of counts, with its drawing."""

    what: str
    title: str
    column: str
    rows: list[Row]
    note: str = ""

    @property
    def most(self) -> int:
        """The largest count of the table."""
        return max(each.count for each in self.rows)

    def drawing(self, name: str) -> SafeString:
        """Return the table as a chart; `name` is its title. Of regions only the widest are shown."""
        widest = [each for each in self.rows if not each.depth]
        bars = [figures.Bar(each.name, each.count, each.count, number(each.count)) for each in widest]
        language = html_code(current())
        return figures.alone(
            bars,
            title=name,
            below=self.title,
            axis=pgettext("text", "Entries"),
            language=language,
            direction=direction(current()),
        )


@dataclass(frozen=True)
class Figures:
    """The figures of a kind."""

    total: int
    tables: list[Table]


def figures_of(kind: str) -> Figures:
    """Return the figures of a kind. Two queries, both answered from an index."""
    total = Place.objects.filter(of=kind, language=current()).count()
    marks = COUNTED[Kind(kind)]
    rows = Mark.objects.filter(of=kind, what__in=marks).values_list("what", "value").order_by()
    counts: dict[str, dict[str, int]] = {}
    for what, value, count in rows.annotate(n=Count("listing")):
        counts.setdefault(what, {})[value] = count
    return Figures(total, [_table(what, counts.get(what, {}), total) for what in marks if counts.get(what)])


def _table(what: str, counts: dict[str, int], total: int) -> Table:
    title, column, names = _TABLES[what]()
    rows = [
        Row(code, name, counts[code], percent(counts[code] / total if total else 0), _depth(what, code))
        for code, name in names(counts)
        if counts.get(code)
    ]
    note = ""
    if what == _What.LANGUAGE:
        note = _("A person who works in several languages is counted in each of them.")
    elif what == _What.REGION:
        note = _(
            "Regions are those of the United Nations (M49). An entry for several regions is counted in each of them."
        )
    return Table(what, title, column, rows, note)


def _depth(what: str, code: str) -> int:
    depth = 0
    while what == _What.REGION and BROADER[code]:
        code, depth = BROADER[code], depth + 1
    return depth


type _Named = tuple[str, str, Callable[[dict[str, int]], list[tuple[str, str]]]]


def _groups() -> _Named:
    order = [(code, str(label)) for code, label in StakeholderGroup.choices]
    return pgettext("label", "By stakeholder group"), pgettext("label", "Stakeholder group"), lambda _counts: order


def _states() -> _Named:
    order = [(code, str(label)) for code, label in Progress.choices]
    return pgettext("of projects", "By state"), pgettext("of a project", "State"), lambda _counts: order


def _regions() -> _Named:
    order = [(code, region_name(code)) for code in BROADER]
    return _("By region"), pgettext("label", "Region"), lambda _counts: order


def _languages() -> _Named:
    def largest(counts: dict[str, int]) -> list[tuple[str, str]]:
        codes = sorted(counts, key=lambda code: (-counts[code], code))[:MOST]
        return [(code, language_name(code)) for code in codes]

    return pgettext("label", "By language"), pgettext("label", "Language"), largest


_TABLES: dict[str, Callable[[], _Named]] = {
    _What.GROUP: _groups,
    _What.STATE: _states,
    _What.REGION: _regions,
    _What.LANGUAGE: _languages,
}
