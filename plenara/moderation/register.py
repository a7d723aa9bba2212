"""Reading the public register: what anybody may know of a decision. Never a text, a name or a moderator's words.

A decision that was undone keeps its number and says so, and nothing else: it never took effect. What was returned or
rejected has no symbol, even where a later version of it was published: a register must not shame who revised.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from plenara.consultations.models import Consultation
from plenara.moderation.models import Appeal, Code, Decision, Report, Suggestion
from plenara.moderation.publishable import KINDS

#: Decisions on one page of the register.
PAGE = 50
#: Decisions that are in memory at a time.
CHUNK = 500
#: Besides the outcomes: whatever was appealed against.
FILED = "filed"
#: Of what was never public, or not by this decision, no symbol is told.
_WITHOUT_SYMBOL = frozenset({Code.RETURNED, Code.REJECTED})


@dataclass(frozen=True)
class Wanted:
    """The filters of the register: a code, the number of a thread, a language, what became of an appeal."""

    code: str = ""
    thread: int = 0
    language: str = ""
    appeal: str = ""

    def __bool__(self) -> bool:
        return bool(self.code or self.thread or self.language or self.appeal)

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, in the order in which an address has them."""
        told = {"code": self.code, "thread": str(self.thread or ""), "language": self.language, "appeal": self.appeal}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class Plea:
    """The public facts of an appeal. An imported one may have a status that we have no word for."""

    status: str
    at: datetime.datetime | None = None
    decided_at: datetime.datetime | None = None

    @property
    def label(self) -> str:
        """Its status in words."""
        return str(Appeal.Status(self.status).label) if self.status in Appeal.Status.values else self.status


@dataclass(frozen=True)
class Entry:
    """One entry of the register: the public facts of a decision, in no way a row of the working side."""

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
    #: Of what is or was public of it: symbol or name, its address below the consultation's, when it was submitted; of a
    #: contribution its number and revision too.
    symbol: str = ""
    label: str = ""  # what it is called, where a symbol does not say it all
    path: str = ""
    contribution: int | None = None
    revision: int = 0
    submitted_at: datetime.datetime | None = None
    appeal: Plea | None = None
    overrules: int | None = None
    overruled_by: int | None = None
    overruled_at: datetime.datetime | None = None
    #: Whether it is known if a machine or a reader noticed it: of what was taken here, and where a bundle says so.
    has_means: bool = True
    was_noticed: bool = False
    was_reported: bool = False

    @property
    def code_label(self) -> str:
        """The decision in words; a foreign code as it is."""
        return str(Code(self.code).label) if self.code in Code.values else self.code


@dataclass
class RegisterPage:
    """One page of the register, newest first, and the numbers at which the pages around it begin."""

    entries: list[Entry]
    total: int
    previous: int | None = None
    next: int | None = None
    last: int | None = None


def matching(consultation: Consultation, wanted: Wanted) -> QuerySet[Decision]:
    """Return the decisions that a filter asks for; what was undone matches none."""
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


def register_page(consultation: Consultation, wanted: Wanted, start: int | None = None) -> RegisterPage:
    """Return the page that begins with decision `start`, or the newest. Six queries, whatever the register holds."""
    found = matching(consultation, wanted)
    here = found if start is None else found.filter(number__lte=start)
    some = list(_told(here).order_by("-number")[: PAGE + 1])
    above = found.none() if start is None else found.filter(number__gt=start)
    earlier = list(above.order_by("number").values_list("number", flat=True)[:PAGE])
    page = RegisterPage(entries=entries(some[:PAGE], consultation), total=found.count())
    page.previous = earlier[-1] if earlier else None
    if len(some) > PAGE:
        page.next = some[PAGE].number
        page.last = list(found.order_by("number").values_list("number", flat=True)[:PAGE])[-1]
    return page


def all_entries(consultation: Consultation, wanted: Wanted) -> Iterator[Entry]:
    """Yield every entry that matches, by number, some hundred at a time."""
    found = with_means(matching(consultation, wanted))
    for some in batched(found.order_by("number").iterator(CHUNK), CHUNK):
        yield from entries(some, consultation)


def with_means(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Return decisions with what data tell of them, also whether a machine or a reader noticed the text."""
    noticed = Suggestion.objects.filter(
        kind=OuterRef("kind"), version_id=OuterRef("version_id"), at__lte=OuterRef("at")
    )
    reported = Report.objects.filter(
        kind=OuterRef("kind"), object_id=OuterRef("object_id"), verified_at__lte=OuterRef("at")
    )
    return _told(decisions).annotate(noticed=Exists(noticed), reported=Exists(reported))


def _told(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Leave in the database what is nobody's to read, and bring what the register says besides."""
    return decisions.select_related("appeal", "overrules").defer(
        "sentence", "before", "appeal__text", "appeal__answer", "overrules__sentence", "overrules__before"
    )


def entries(decisions: Sequence[Decision], consultation: Consultation) -> list[Entry]:
    """Return the entries of some decisions. A query for each kind, and one for what overrules them."""
    shown = [each for each in decisions if each.undone_at is None and each.code not in _WITHOUT_SYMBOL]
    told: dict[int, dict[str, Any]] = {}
    for kind in {each.kind for each in shown} & set(KINDS):
        told |= KINDS[kind].in_register([each for each in shown if each.kind == kind], consultation)
    later = Decision.objects.filter(overrules__in=[each.pk for each in decisions], undone_at=None).order_by("-number")
    overruling = {
        overruled: (number, at) for overruled, number, at in later.values_list("overrules_id", "number", "at")
    }
    is_ours = consultation.imported_at is None
    return [_entry(each, told.get(each.pk, {}), overruling.get(each.pk, (None, None)), is_ours) for each in decisions]


def _entry(
    decision: Decision,
    told: dict[str, Any],
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
        **told,
    )


def _plea(decision: Decision) -> Plea | None:
    if hasattr(decision, "appeal"):
        return Plea(decision.appeal.status, decision.appeal.at, decision.appeal.decided_at)
    if kept := decision.bundle.get("appeal"):
        return Plea(kept.get("status", ""), _moment(kept.get("at")), _moment(kept.get("decided_at")))
    return None


def _moment(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None
