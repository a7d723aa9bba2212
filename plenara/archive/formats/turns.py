"""The figures of the turnaround: as rows of the page's tables, as bars, and as a table for spreadsheets."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.archive.formats.tables import as_csv
from plenara.consultations.models import Thread
from plenara.core import figures
from plenara.core.languages import current, direction
from plenara.core.templatetags.plenara import language_name, number, percent, short_date
from plenara.moderation.models import Code
from plenara.moderation.turnaround import BEFORE_PUBLICATION, Turn, Turnaround, hours

#: The first line of the CSV. New columns come at the end; none is ever renamed or moved.
COLUMNS = (
    "by",
    "of",
    "decided",
    *BEFORE_PUBLICATION,
    "timed",
    "median_minutes",
    "ninetieth_minutes",
)


@dataclass(frozen=True)
class Line:
    """One row of a table: what it is of, and its cells in the order of the columns, each with its column's head."""

    label: str
    cells: list[tuple[str, str]]


@dataclass(frozen=True)
class Part:
    """One section of the page: its id and heading, the head of the first column, its rows and its drawing."""

    name: str
    title: str
    column: str
    lines: list[Line]
    drawing: Any


def parts(found: Turnaround, threads: Iterable[Thread], weeks: Sequence[tuple[datetime.date, Turn]]) -> list[Part]:
    """Return the sections of the page: by question, by language, by week."""
    asked = {each.number for each in threads}
    by_thread = [
        (_("Question %(number)d") % {"number": number}, turn)
        for number, turn in found.threads.items()
        if number in asked
    ]
    by_language = [(language_name(code), turn) for code, turn in found.languages.items()]
    return [
        _part("questions", _("By question"), _("Question"), by_thread),
        _part("languages", _("By language"), _("Language"), by_language),
        _part("weeks", _("By week"), _("Week from"), [(short_date(day), turn) for day, turn in weeks]),
    ]


def line(label: str, turn: Turn) -> Line:
    """Return a row: how many, which part had which code, and the hours."""
    shares = [percent(turn.share(code)) if turn.decided else "" for code in BEFORE_PUBLICATION]
    cells = [number(turn.decided), *shares, in_hours(turn.median), in_hours(turn.ninetieth)]
    return Line(label, list(zip(columns(), cells, strict=True)))


def columns() -> list[str]:
    """Return the heads of the columns after the first."""
    return [
        _("Decided"),
        pgettext("share", "Approved"),
        pgettext("share", "Returned"),
        pgettext("share", "Moved"),
        pgettext("share", "Rejected"),
        *legend(),
    ]


def legend() -> figures.Legend:
    """Return what the two parts of a bar are."""
    return figures.Legend(_("Half within, hours"), _("Nine of ten, hours"))


def shares(turn: Turn) -> list[tuple[str, int, str]]:
    """Return (decision, how many, which part of all)."""
    return [(str(code.label), turn.codes[code], percent(turn.share(code))) for code in BEFORE_PUBLICATION]


def after(found: Turnaround) -> list[tuple[str, int]]:
    """Return (what was decided after publication, how often)."""
    told = [
        (_("Checked after publication and left as it is"), found.after[Code.APPROVED]),
        (str(Code.REMOVED.label), found.after[Code.REMOVED]),
        (str(Code.RESTORED.label), found.after[Code.RESTORED]),
    ]
    return [(label, n) for label, n in told if n]


def weekly(weeks: Sequence[tuple[datetime.date, Turn]]) -> list[figures.Bar]:
    """Return the bars of some weeks."""
    return _bars([(short_date(day), turn) for day, turn in weeks])


def _part(name: str, title: str, column: str, rows: Sequence[tuple[str, Turn]]) -> Part:
    drawing = figures.bars(_bars(rows), title=title, axis=_("Hours"), legend=legend(), direction=direction(current()))
    timed = any(turn.times for _label, turn in rows)
    return Part(name, title, column, [line(*row) for row in rows], drawing if timed else "")


def _bars(rows: Sequence[tuple[str, Turn]]) -> list[figures.Bar]:
    return [
        figures.Bar(label, (turn.ninetieth or 0) / 60, (turn.median or 0) / 60, _both(turn)) for label, turn in rows
    ]


def _both(turn: Turn) -> str:
    """Return both times as they stand at the end of a bar."""
    if not turn.times:
        return ""
    # Translators: hours within which half, and nine of ten, were decided: "11, 40".
    return pgettext("turnaround", "%(half)s, %(most)s") % {
        "half": in_hours(turn.median),
        "most": in_hours(turn.ninetieth),
    }


def in_hours(minutes: int | None) -> str:
    """Return minutes as whole hours, as a page writes them; nothing where there are none."""
    found = hours(minutes)
    return "" if found is None else number(found)


def csv_of(found: Turnaround) -> Iterator[str]:
    """Yield the figures as CSV: all, by question, by language, by week (its Monday)."""
    rows: list[tuple[str, Any, Turn]] = [("all", "", found.overall)]
    rows += [("question", key, turn) for key, turn in found.threads.items()]
    rows += [("language", key, turn) for key, turn in found.languages.items()]
    rows += [("week", day.isoformat(), turn) for day, turn in found.weeks.items()]
    return as_csv((_row(*row) for row in rows), COLUMNS)


def _row(by: str, of: Any, turn: Turn) -> dict[str, Any]:
    told: dict[str, Any] = {"by": by, "of": of, "decided": turn.decided, "timed": len(turn.times)}
    told |= {str(code): turn.codes[code] for code in BEFORE_PUBLICATION}
    if turn.times:
        told |= {"median_minutes": turn.median, "ninetieth_minutes": turn.ninetieth}
    return told
