"""The public register: the facts of a decision, never a text, a name or a moderator's words; and how long it took."""

import datetime
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import batched
from statistics import median_low

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Case, Count, Exists, Func, IntegerField, OuterRef, Q, QuerySet, When
from django.db.models.sql.compiler import SQLCompiler

from plenara.consultations.models import Consultation
from plenara.core.prepared import prepared
from plenara.core.rows import Json
from plenara.moderation.kinds import KINDS
from plenara.moderation.models import APPROVING, Appeal, Code, Decision, Report, Suggestion

#: Decisions on one page of the register.
PAGE = 50
#: Decisions in memory at a time.
CHUNK = 500
#: Besides the outcomes: every appeal.
FILED = "filed"
#: Things that were never public, or not by this decision, have no symbol.
_WITHOUT_SYMBOL = frozenset({Code.RETURNED, Code.REJECTED})


@dataclass(frozen=True)
class RegisterFilters:
    """The filters of the register: a code, the number of a thread, a language, the outcome of an appeal."""

    code: str = ""
    thread: int = 0
    language: str = ""
    appeal: str = ""

    def __bool__(self) -> bool:
        return bool(self.code or self.thread or self.language or self.appeal)

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, in the order of an address."""
        values = {"code": self.code, "thread": str(self.thread or ""), "language": self.language, "appeal": self.appeal}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Plea:
    """The public facts of an appeal. An imported one may have a status that has no label here."""

    status: str
    at: datetime.datetime | None = None
    decided_at: datetime.datetime | None = None

    @property
    def label(self) -> str:
        """Its status in words."""
        return str(Appeal.Status(self.status).label) if self.status in Appeal.Status.values else self.status


@dataclass(frozen=True)
class Entry:
    """One entry of the register: the public facts of a decision, separate from the internal row."""

    number: int
    at: datetime.datetime | None
    role: str
    undone_at: datetime.datetime | None = None
    code: str = ""
    ground: str = ""
    reason: str = ""
    language: str = ""
    thread: int | None = None
    moved_to: int | None = None
    waited: int | None = None
    kind: str = "contribution"
    #: The public facts of its thing: symbol or name, its address below the consultation's, when it was submitted; of a
    #: contribution its number and revision too.
    symbol: str = ""
    label: str = ""  # its name, where a symbol is not enough
    path: str = ""
    contribution: int | None = None
    revision: int = 0
    submitted_at: datetime.datetime | None = None
    appeal: Plea | None = None
    overrules: int | None = None
    overruled_by: int | None = None
    overruled_at: datetime.datetime | None = None
    #: Whether it is known if a machine or a reader noticed it: for local decisions, and where a bundle has it.
    has_means: bool = True
    was_noticed: bool = False
    was_reported: bool = False

    @property
    def code_label(self) -> str:
        """The decision in words; a foreign code as it is."""
        return str(Code(self.code).label) if self.code in Code.values else self.code


@dataclass
class RegisterPage:
    """One page of the register, newest first, and the first numbers of the pages around it."""

    entries: list[Entry]
    total: int
    previous: int | None = None
    next: int | None = None
    last: int | None = None


def matching(consultation: Consultation, wanted: RegisterFilters) -> QuerySet[Decision]:
    """Return the decisions that match a filter; undone ones match none."""
    found = Decision.objects.filter(consultation=consultation)
    if wanted:
        found = found.filter(undone_at=None)
    if wanted.code:
        found = found.filter(code=wanted.code)
    if wanted.thread:
        found = found.filter(thread=wanted.thread)
    if wanted.language:
        found = found.filter(language=wanted.language)
    if wanted.appeal == FILED:
        found = found.filter(appeal__isnull=False)
    elif wanted.appeal:
        found = found.filter(appeal__status=wanted.appeal)
    return found


def register_page(consultation: Consultation, wanted: RegisterFilters, start: int | None = None) -> RegisterPage:
    """Return the page that begins with decision `start`, or the newest. Six queries, whatever the register contains."""
    found = matching(consultation, wanted)
    here = found if start is None else found.filter(number__lte=start)
    some = list(_reason_in_words(here).order_by("-number")[: PAGE + 1])
    above = found.none() if start is None else found.filter(number__gt=start)
    earlier = list(above.order_by("number").values_list("number", flat=True)[:PAGE])
    page = RegisterPage(entries=register_entries(some[:PAGE], consultation), total=found.count())
    page.previous = earlier[-1] if earlier else None
    if len(some) > PAGE:
        page.next = some[PAGE].number
        page.last = list(found.order_by("number").values_list("number", flat=True)[:PAGE])[-1]
    return page


def all_entries(consultation: Consultation, wanted: RegisterFilters) -> Iterator[Entry]:
    """Yield every entry that matches, by number, some hundred at a time."""
    found = with_means(matching(consultation, wanted))
    for some in batched(found.order_by("number").iterator(CHUNK), CHUNK):
        yield from register_entries(some, consultation)


def with_means(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Return decisions with the columns of the register, also whether a machine or a reader noticed the text."""
    noticed = Suggestion.objects.filter(
        kind=OuterRef("kind"), version_id=OuterRef("version_id"), at__lte=OuterRef("at")
    )
    reported = Report.objects.filter(
        kind=OuterRef("kind"), object_id=OuterRef("object_id"), verified_at__lte=OuterRef("at")
    )
    return _reason_in_words(decisions).annotate(noticed=Exists(noticed), reported=Exists(reported))


def _reason_in_words(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Do not load private columns, and load the reason in words."""
    return decisions.select_related("appeal", "overrules").defer(
        "sentence", "before", "appeal__text", "appeal__answer", "overrules__sentence", "overrules__before"
    )


def register_entries(decisions: Sequence[Decision], consultation: Consultation) -> list[Entry]:
    """Return the entries of some decisions. A query for each kind, and one for the decisions on appeals."""
    shown = [each for each in decisions if each.undone_at is None and each.code not in _WITHOUT_SYMBOL]
    details: dict[int, Json] = {}
    for kind in {each.kind for each in shown} & set(KINDS):
        details |= KINDS[kind].in_register([each for each in shown if each.kind == kind])
    later = Decision.objects.filter(overrules__in=[each.pk for each in decisions], undone_at=None).order_by("-number")
    overruling = {
        overruled: (number, at) for overruled, number, at in later.values_list("overrules_id", "number", "at")
    }
    is_ours = consultation.imported_at is None
    return [
        _entry(each, details.get(each.pk, {}), overruling.get(each.pk, (None, None)), is_ours) for each in decisions
    ]


def _entry(
    decision: Decision,
    details: Json,
    overruling: tuple[int | None, datetime.datetime | None],
    is_ours: bool,
) -> Entry:
    if decision.undone_at is not None:
        return Entry(decision.number, decision.at, decision.role, undone_at=decision.undone_at)
    plea = _plea(decision)
    overruled_by, overruled_at = overruling
    overruled_at = overruled_at or _moment(decision.bundle.get("overruled_at"))
    if overruled_at is None and plea and plea.status == Appeal.Status.UPHELD:
        overruled_at = plea.decided_at
    return Entry(
        number=decision.number,
        at=decision.at,
        role=decision.role,
        kind=decision.kind,
        code=decision.code,
        ground=decision.ground,
        reason=decision.bundle.get("reason", decision.reason),
        language=decision.language,
        thread=decision.thread,
        moved_to=decision.moved_to,
        waited=decision.waited,
        appeal=plea,
        overrules=decision.overrules.number if decision.overrules else None,
        overruled_by=overruled_by,
        overruled_at=overruled_at,
        has_means=is_ours or bool(decision.version_id or decision.moderator_id) or "noticed" in decision.bundle,
        was_noticed=decision.bundle.get("noticed", False) or getattr(decision, "noticed", False),
        was_reported=decision.bundle.get("reported", False) or getattr(decision, "reported", False),
        **details,
    )


def _plea(decision: Decision) -> Plea | None:
    if hasattr(decision, "appeal"):
        return Plea(decision.appeal.status, decision.appeal.at, decision.appeal.decided_at)
    if kept := decision.bundle.get("appeal"):
        return Plea(kept.get("status", ""), _moment(kept.get("at")), _moment(kept.get("decided_at")))
    return None


def _moment(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


#: Approvals with a redaction are counted as approvals.
BEFORE_PUBLICATION = (Code.APPROVED, Code.RETURNED, Code.MOVED, Code.REJECTED)
_BEFORE = frozenset(str(code) for code in BEFORE_PUBLICATION)
_DECIDING = APPROVING | set(BEFORE_PUBLICATION)
#: The Monday from which weeks are counted: the one before the epoch of the databases' clocks.
_FIRST_MONDAY = datetime.date(1969, 12, 29)
#: The latest decisions that a promise is compared with, and the least number that is meaningful.
LATEST, FEWEST = 200, 5


class Week(Func):  # type: ignore[explicit-any] # as Func, of any expressions
    """The week of a moment, counted from `_FIRST_MONDAY`: calculated in the database, on both engines."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: str) -> tuple[str, tuple]:
        # Without the fraction, which SQLite would round up into the next week.
        template = "((CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER) + 259200) / 604800)"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: str) -> tuple[str, tuple]:
        template = "FLOOR((EXTRACT(EPOCH FROM %(expressions)s) + 259200) / 604800)::integer"
        return self.as_sql(compiler, connection, template=template, **extra)


@dataclass
class Turn:
    """The decisions of one thread, language or week, or all of them."""

    codes: Counter[str] = field(default_factory=Counter)
    times: list[int] = field(default_factory=list)  # minutes, in order

    @property
    def decided(self) -> int:
        """The number of decisions."""
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
        """Return the share of the decisions with this code."""
        return self.codes[code] / self.decided if self.decided else 0.0


@dataclass
class Turnaround:
    """The figures of a consultation's moderation."""

    overall: Turn
    threads: dict[int, Turn]
    languages: dict[str, Turn]
    weeks: dict[datetime.date, Turn]  # by their Monday, every week from the first to the last
    after: Counter[str]  # by code: published things that were checked, removed, restored
    appeals: Counter[str]  # by outcome

    @property
    def filed(self) -> int:
        """The number of filed appeals."""
        return self.appeals.total()


def turnaround(consultation: Consultation) -> Turnaround:
    """Return the figures of a consultation. Two queries, whatever the register contains."""
    in_force = Decision.objects.filter(consultation=consultation, undone_at=None)
    here = consultation.imported_at is None
    after: Counter[str] = Counter()
    cells: dict[tuple, Turn] = {}  # by question, language and week together: few, however many decisions
    checked = Case(When(_is_check(is_here=here), then=True), default=False, output_field=BooleanField())
    columns = ("thread", "language", Week("at"), "code", "waited", "overrules_id", checked)
    for *cell, code, waited, again, is_check in in_force.values_list(*columns).iterator(5000):
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
    """Return the approvals of things that were published without review: they name no version.

    For imported decisions only the bundle has this fact.
    """
    ours = Q() if is_here else Q(moderator__isnull=False)
    return Q(code=Code.APPROVED) & (Q(ours, version_id=None) | Q(bundle__after_publication=True))


def was_after_publication(decision: Decision, *, is_here: bool) -> bool:
    """Return the same for one decision. `is_here` is false in a consultation that was imported."""
    ours = decision.version_id is None and (is_here or decision.moderator_id is not None)
    return decision.code == Code.APPROVED and (ours or bool(decision.bundle.get("after_publication")))


def _together(cells: dict[tuple, Turn], which: int | None) -> dict:
    """Return the cells merged by one of their three parts, or all of them under one name."""
    turns: dict = {}
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
    """Return the weeks by their Mondays, including those without a decision."""
    if not weeks:
        return {}
    among = range(min(weeks), max(weeks) + 1)
    return {_FIRST_MONDAY + datetime.timedelta(weeks=week): weeks.get(week, Turn()) for week in among}


def latest_turnaround(consultation: Consultation) -> int | None:
    """Return the median minutes of the latest decisions; nothing for too few. One query."""
    times = [minutes for minutes in _latest_waits(consultation.pk) if minutes is not None]
    return median_low(times) if len(times) >= FEWEST else None


@prepared
def _latest_waits(consultation: int) -> QuerySet[Decision, int | None]:
    latest = Decision.objects.filter(
        consultation=consultation, undone_at=None, overrules=None, code__in=_DECIDING, waited__isnull=False
    )
    return latest.order_by("-number").values_list("waited", flat=True)[:LATEST]


def hours_in_words(minutes: int | None) -> int | None:
    """Return minutes rounded up to hours, in words."""
    return None if minutes is None else max(math.ceil(minutes / 60), 1)


def latest_weeks(weeks: dict[datetime.date, Turn], most: int) -> Sequence[tuple[datetime.date, Turn]]:
    """Return the latest weeks, the newest first."""
    return list(weeks.items())[: -most - 1 : -1]
