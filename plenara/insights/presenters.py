"""The figures of a consultation for its page: tables, the rows of its CSV, its drawing by day, week, month
or year, and its metadata.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation, Thread
from plenara.consultations.presenters.wording import describe_part
from plenara.contributions.models import Channel
from plenara.core.figures import Column, columns, columns_alone
from plenara.core.languages import current, direction, html_code, in_language
from plenara.core.metadata import Description
from plenara.core.templatetags.plenara import percent, short_date, short_day
from plenara.core.text import first_words
from plenara.core.vocabulary import StakeholderGroup, country_name, language_name
from plenara.insights.queries.figures import Figures, countries_of, days_of, figures_of

#: The most columns of a drawing.
MOST = 120

type Day = datetime.date


def _day(day: Day) -> Day:
    return day


def _monday(day: Day) -> Day:
    return day - datetime.timedelta(days=day.weekday())


def _month(day: Day) -> Day:
    return day.replace(day=1)


def _year(day: Day) -> Day:
    return day.replace(month=1, day=1)


#: The spans of time, the shortest first: name, the function for the first day of a day's span, and a number of days
#: that reaches the next span.
SPANS: tuple[tuple[str, Callable[[Day], Day], int], ...] = (
    ("day", _day, 1),
    ("week", _monday, 7),
    ("month", _month, 31),
    ("year", _year, 366),
)


@dataclass(frozen=True)
class Series:
    """How many contributions first appeared in each span of time, from the first to the last, with those between."""

    span: str  # day, week, month or year
    counts: dict[Day, int]  # by the first day of each span

    @property
    def most(self) -> int:
        """The largest of them."""
        return max(self.counts.values(), default=0)


def series(days: Mapping[Day | None, int]) -> Series:
    """Return the counts in the shortest spans that are few enough; undated contributions are left out.

    Of more than a hundred years only the latest.
    """
    dated = {day: count for day, count in days.items() if day and count}
    if not dated:
        return Series("day", {})
    first, last = min(dated), max(dated)
    for span, begins, step in SPANS:
        if span == "year":
            first = max(first, datetime.date(max(last.year - MOST + 1, 1), 1, 1))
        starts = _starts(begins(first), begins(last), begins, step)
        if len(starts) <= MOST:
            break
    counts = dict.fromkeys(starts, 0)
    for day, count in dated.items():
        if (start := begins(day)) in counts:
            counts[start] += count
    return Series(span, counts)


def _starts(first: Day, last: Day, begins: Callable[[Day], Day], step: int) -> list[Day]:
    """Return the first days of all spans between two days; stop at one more than the limit."""
    starts = [first]
    while starts[-1] < last and len(starts) <= MOST:
        starts.append(begins(starts[-1] + datetime.timedelta(days=step)))
    return starts


#: The other forms of the page, below its address.
FORMS = (("figures.csv", "text/csv"), ("figures.json", "application/json"), ("days.svg", "image/svg+xml"))


def address(consultation: Consultation) -> str:
    """Return the absolute address of the page, in the active language."""
    return f"{settings.SITE_URL}/{current()}/consultations/{consultation.slug}/figures/"


def describe_figures(consultation: Consultation) -> Description:
    """Describe the page: a set of data. One query."""
    page = address(consultation)
    forms = [(f"{page}{form}", kind) for form, kind in FORMS]
    return describe_part(consultation, page.removesuffix("figures/"), page, pgettext("label", "Figures"), forms)


#: The most rows of one table on the page, and of its latest days; the download has all.
ROWS, DAYS = 60, 120
#: The columns of the CSV. New ones come at the end; none is ever renamed or moved.
COLUMNS = ("by", "of", "name", "contributions")
#: The CSV's name for undated contributions.
UNDATED = "undated"


@dataclass(frozen=True)
class Row:
    """One row of a table: code, name in the reader's language, and number of contributions."""

    code: str
    name: str
    count: int
    path: str = ""  # below the consultation's address
    language: str = ""  # language of the name, if it is not the reader's


@dataclass(frozen=True)
class Table:
    """The contributions by one of their properties."""

    name: str  # as in the CSV
    title: str
    column: str
    rows: list[Row]

    @property
    def shown(self) -> list[Row]:
        """The rows that the page has."""
        return self.rows[:ROWS]

    @property
    def most(self) -> int:
        return max((row.count for row in self.rows), default=0)


@dataclass(frozen=True)
class Whole:
    """All figures of a consultation, read at once."""

    threads: Sequence[Thread]
    figures: Figures
    by_country: Mapping[str, int]
    by_day: Mapping[datetime.date | None, int]
    _series: list[Series] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.figures.total

    @property
    def undated(self) -> int:
        """How many have no day in an archive."""
        return self.by_day.get(None, 0)

    @property
    def series(self) -> Series:
        """The days for the drawing."""
        if not self._series:
            self._series.append(series(self.by_day))
        return self._series[0]

    @property
    def dated(self) -> list[tuple[datetime.date, int]]:
        """The days that have contributions, the latest first."""
        return [(day, count) for day, count in self.by_day.items() if day][::-1]


def whole_of(threads: Sequence[Thread]) -> Whole:
    """Return the figures of a consultation's threads. Five queries."""
    keys = [each.pk for each in threads]
    return Whole(threads, figures_of(keys), countries_of(keys), days_of(keys))


def tables(whole: Whole) -> list[Table]:
    """Return the tables of the page, in the active language; of channels only if any is known."""
    found, unknown = whole.figures, pgettext("of a contribution", "Not known")
    labels = {str(group): str(group.label) for group in StakeholderGroup}
    channels = {str(channel): str(channel.label) for channel in Channel}
    made = [
        Table(
            "question",
            pgettext("label", "By question"),
            pgettext("label", "Question"),
            [_question(each, found) for each in whole.threads],
        ),
        _table(
            "stakeholder_group",
            pgettext("label", "By stakeholder group"),
            pgettext("label", "Stakeholder group"),
            {group: found.by_group[group] for group in labels},
            lambda code: labels.get(code, code),
        ),
        _table(
            "country",
            pgettext("label", "By country"),
            pgettext("label", "Country"),
            whole.by_country,
            lambda code: country_name(code) if code else unknown,
        ),
        _table(
            "language",
            pgettext("label", "By language"),
            pgettext("label", "Language"),
            found.by_language,
            language_name,
        ),
    ]
    if any(found.by_channel[code] for code in channels):
        by_channel = found.by_channel
        made.append(
            _table(
                "channel",
                pgettext("label", "By channel"),
                _("How the text was received"),
                by_channel,
                lambda code: channels.get(code, unknown),
            )
        )
    return made


def _question(thread: Thread, figures: Figures) -> Row:
    question = in_language(thread.question)
    return Row(
        code=str(thread.number),
        name=first_words(question.text, 120),
        count=figures.by_thread[thread.pk],
        path=f"threads/{thread.number}/",
        language=question.language if question.language != current() else "",
    )


def _table(name: str, title: str, column: str, counts: Mapping[str, int], named: Callable[[str], str]) -> Table:
    """Return a table, the largest first; unknown values are last."""
    rows = [Row(code, named(code), count) for code, count in counts.items() if count or name == "stakeholder_group"]
    return Table(name, title, column, sorted(rows, key=lambda row: (not row.code, -row.count, row.name.casefold())))


def share(row: Row, whole: Whole) -> str:
    """Return which part of all contributions a row has, in the reader's language."""
    return percent(row.count / whole.total) if whole.total else ""


def rows(whole: Whole) -> Iterator[dict[str, object]]:
    """Yield the rows of the CSV: all, by day, and by each property."""
    yield {"by": "all", "of": "", "name": pgettext("label", "All contributions"), "contributions": whole.total}
    for day, count in whole.by_day.items():
        date = day.isoformat() if day else UNDATED
        yield {"by": "day", "of": date, "name": short_date(day) or _("Undated"), "contributions": count}
    for table in tables(whole):
        for row in table.rows:
            yield {"by": table.name, "of": row.code, "name": row.name, "contributions": row.count}


def title_of(found: Series) -> str:
    """Return the title of the drawing."""
    titles = {
        "day": pgettext("label", "Contributions by day"),
        "week": _("Contributions by week"),
        "month": _("Contributions by month"),
        "year": _("Contributions by year"),
    }
    return titles[found.span]


def drawing(found: Series) -> str:
    """Return the drawing of the days for the page; "" if no day is known."""
    if not found.counts:
        return ""
    axis = pgettext("label", "Contributions")
    return columns(_columns(found), title=title_of(found), axis=axis, direction=direction(current()))


def drawing_alone(found: Series, name: str) -> str:
    """Return the drawing of the days as a file of its own. `name` is the consultation's."""
    language = current()
    return columns_alone(
        _columns(found),
        title=title_of(found),
        below=name,
        axis=pgettext("text", "Contributions"),
        language=html_code(language),
        direction=direction(language),
    )


def _columns(found: Series) -> list[Column]:
    return [Column(short_date(day), count, short_day(day)) for day, count in found.counts.items()]
