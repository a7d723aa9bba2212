"""How soon it was decided and how: reckoned from the decisions themselves at each reading, so it cannot drift.

Counted is what was decided before publication and stands: not what was undone, and not what an appeal decided again.
Times are minutes of the secretariat's working days from submission (or the latest revision) to decision, as `decide`
keeps them with the decision; an imported register may have none. Weeks begin on Monday, 00:00 UTC.
"""

import datetime
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median_low
from typing import Any

from django.db.models import BooleanField, Case, Count, Func, IntegerField, Q, When

from plenara.consultations.models import Consultation
from plenara.moderation.models import APPROVING, Appeal, Code, Decision

#: What was approved with words left out is counted with what was approved.
BEFORE_PUBLICATION = (Code.APPROVED, Code.RETURNED, Code.MOVED, Code.REJECTED)
_BEFORE = frozenset(str(code) for code in BEFORE_PUBLICATION)
_DECIDING = APPROVING | set(BEFORE_PUBLICATION)
#: The Monday from which weeks are counted: the one before the epoch of the databases' clocks.
_FIRST_MONDAY = datetime.date(1969, 12, 29)
#: How many of the latest decisions a promise is held against, and how few say nothing.
LATEST, FEWEST = 200, 5


class Week(Func):
    """Which week a moment lies in, counted from `_FIRST_MONDAY`: reckoned where the rows are, on both databases."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # Without the fraction, which SQLite would round up into the next week.
        template = "((CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER) + 259200) / 604800)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "FLOOR((EXTRACT(EPOCH FROM %(expressions)s) + 259200) / 604800)::integer"
        return self.as_sql(compiler, connection, template=template, **extra)


@dataclass
class Turn:
    """The decisions of one thread, language or week, or all of them."""

    codes: Counter[str] = field(default_factory=Counter)
    times: list[int] = field(default_factory=list)  # minutes, in order

    @property
    def decided(self) -> int:
        """How many decisions."""
        return self.codes.total()

    @property
    def median(self) -> int | None:
        """The minutes within which half were decided."""
        return median_low(self.times) if self.times else None

    @property
    def ninetieth(self) -> int | None:
        """The minutes within which nine of ten were decided (the nearest rank)."""
        return self.times[math.ceil(len(self.times) * 0.9) - 1] if self.times else None

    def share(self, code: str) -> float:
        """Return which part of the decisions had this code."""
        return self.codes[code] / self.decided if self.decided else 0.0


@dataclass
class Turnaround:
    """The figures of a consultation's moderation."""

    overall: Turn
    threads: dict[int, Turn]
    languages: dict[str, Turn]
    weeks: dict[datetime.date, Turn]  # by their Monday, every week from the first to the last
    after: Counter[str]  # by code: what was checked after publication and let stand, removed, restored
    appeals: Counter[str]  # by what became of them

    @property
    def filed(self) -> int:
        """How many appeals were filed."""
        return self.appeals.total()


def turnaround(consultation: Consultation) -> Turnaround:
    """Return the figures of a consultation. Two queries, whatever the register holds."""
    standing = Decision.objects.filter(consultation=consultation, undone_at=None)
    here = consultation.imported_at is None
    after: Counter[str] = Counter()
    cells: dict[Any, Turn] = {}  # of each question, language and week together: few, however many decisions
    checked = Case(When(_is_check(is_here=here), then=True), default=False, output_field=BooleanField())
    columns = ("thread", "language", Week("at"), "code", "waited", "overrules_id", checked)
    for *cell, code, waited, again, is_check in standing.values_list(*columns).iterator(5000):
        code = Code.APPROVED.value if code in APPROVING else code
        if code not in _BEFORE or (is_check and not again):
            after[code] += 1
        elif not again:
            turn = cells.setdefault(tuple(cell), Turn())
            turn.codes[code] += 1
            if waited is not None:
                turn.times.append(waited)
    overall, threads, languages, weeks = (_together(cells, which) for which in (None, 0, 1, 2))
    appeals = Appeal.objects.filter(decision__consultation=consultation, decision__undone_at=None)
    return Turnaround(
        overall=overall.get("", Turn()),
        threads=dict(sorted(threads.items())),
        languages=dict(sorted(languages.items(), key=lambda each: (-each[1].decided, each[0]))),
        weeks=_all_weeks(weeks),
        after=after,
        appeals=Counter(dict(appeals.values_list("status").annotate(Count("pk")))),
    )


def _is_check(*, is_here: bool) -> Q:
    """Return which decisions let stand what was published before anybody decided: they name no version.

    Of those that came with a bundle only the bundle can say it.
    """
    ours = Q() if is_here else Q(moderator__isnull=False)
    return Q(code=Code.APPROVED) & (Q(ours, version_id=None) | Q(bundle__after_publication=True))


def was_after_publication(decision: Decision, *, is_here: bool) -> bool:
    """Say the same of one decision. `is_here` is false in a consultation that was imported."""
    ours = decision.version_id is None and (is_here or decision.moderator_id is not None)
    return decision.code == Code.APPROVED and (ours or bool(decision.bundle.get("after_publication")))


def _together(cells: dict[Any, Turn], which: int | None) -> dict[Any, Turn]:
    """Return the cells put together by one of their three parts, or all of them under one name."""
    turns: dict[Any, Turn] = {}
    for cell, turn in cells.items():
        key = "" if which is None else cell[which]
        if which is None or key not in {None, ""}:
            one = turns.setdefault(key, Turn())
            one.codes.update(turn.codes)
            one.times += turn.times
    for turn in turns.values():
        turn.times.sort()
    return turns


def _all_weeks(weeks: dict[int, Turn]) -> dict[datetime.date, Turn]:
    """Return the weeks by their Mondays, those without a decision among them."""
    if not weeks:
        return {}
    among = range(min(weeks), max(weeks) + 1)
    return {_FIRST_MONDAY + datetime.timedelta(weeks=week): weeks.get(week, Turn()) for week in among}


def lately(consultation: Consultation) -> int | None:
    """Return the minutes within which half of the latest decisions came; nothing of too few. One query."""
    latest = Decision.objects.filter(
        consultation=consultation, undone_at=None, overrules=None, code__in=_DECIDING, waited__isnull=False
    )
    found = latest.order_by("-number").values_list("waited", flat=True)[:LATEST]
    times = [minutes for minutes in found if minutes is not None]
    return median_low(times) if len(times) >= FEWEST else None


def hours(minutes: int | None) -> int | None:
    """Return minutes as whole hours within which it was done."""
    return None if minutes is None else max(math.ceil(minutes / 60), 1)


def latest_weeks(weeks: dict[datetime.date, Turn], most: int) -> Sequence[tuple[datetime.date, Turn]]:
    """Return the latest weeks, the newest first."""
    return list(weeks.items())[: -most - 1 : -1]
