"""The events of a calendar file as its sender sees them: what is wrong with each, and what stands here already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from plenara.core.languages import NAMES
from plenara.directory.models import EntryState
from plenara.events import checks, importing
from plenara.events.actions.cleaning import cleaned
from plenara.events.likeness import Like, like
from plenara.events.models import Event
from plenara.events.proposed import hours
from plenara.themes.reading import known

#: Events that are compared with the calendar: each needs a query.
MOST_COMPARED = 100
#: Dates of one event that are shown.
MOST_DATES = 3


@dataclass
class ToldRow:
    """One event of a file: its number there, its details, what is wrong with it, what is like it."""

    number: int
    uid: str
    details: dict[str, Any]
    language: str
    problems: list[str] = field(default_factory=list)
    is_known: bool = False  # the same event was taken from a file before
    like: list[Like] = field(default_factory=list)
    needs_zone: bool = False
    zone_named: str = ""

    @property
    def can_be_taken(self) -> bool:
        """Whether nothing is wrong with it, and it does not stand here already."""
        return not self.problems and not self.is_known

    @property
    def is_wanted(self) -> bool:
        """Whether it is chosen unless its sender says otherwise: nothing is like it."""
        return self.can_be_taken and not self.like

    @property
    def where(self) -> str:
        """Where it takes place: the place, or the link."""
        return str(self.details.get("place") or self.details.get("online") or "")

    @property
    def whens(self) -> list[str]:
        """Return its first dates in words, by the clocks at its place."""
        zone = self.details.get("timezone") or ""
        return [hours(each, zone) for each in self.details.get("dates", [])[:MOST_DATES]]

    @property
    def title(self) -> str:
        """What it is called."""
        return next(iter((self.details.get("title") or {}).values()), "") or _("Without a title")


def told(rows: Sequence[Mapping[str, Any]], zone: str, *, person: Any, compare: bool = True) -> list[ToldRow]:
    """Return the rows of a file with what is said of each, in the active language.

    Without `compare` nothing that is like them is looked for, which takes a query for each.
    """
    sentences = importing.sentences()
    themes = known({code for row in rows for code in row["details"].get("themes", [])})
    uids = {row["uid"] for row in rows if row["uid"]}
    # What others have sent and nobody has decided on is not told: nor does it keep anybody from sending theirs.
    gone = [EntryState.WITHDRAWN, EntryState.REJECTED, EntryState.REMOVED]
    brought = Event.objects.filter(imported_from__in=uids).exclude(state__in=gone)
    own_or_public = brought.filter(Q(state=EntryState.PUBLISHED) | Q(owner=person))
    there = set(own_or_public.values_list("imported_from", flat=True))
    found = []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, 1):
        details = cleaned(importing.details_of(row, zone, themes))
        language = next((code for code in details.get("title", {}) if code in NAMES), "en")
        one = ToldRow(number, row["uid"], dict(details), language, needs_zone=row["needs_zone"])
        one.zone_named, one.is_known = row["zone_named"], bool(row["uid"]) and row["uid"] in there
        one.problems = [sentences.get(code, sentences["broken"]) for code in row["faults"]]
        if not one.problems:
            one.problems = _problems(one)
        start = next((each["start"] for each in details.get("dates", [])), "")
        if not one.problems and (one.title, start) in seen:
            one.problems = [_("The same event stands in the file before it.")]
        seen.add((one.title, start))
        if compare and not one.problems and not one.is_known and number <= MOST_COMPARED:
            one.like = like(one.details)
        found.append(one)
    return found


def _problems(row: ToldRow) -> list[str]:
    if row.needs_zone and not row.details.get("timezone"):
        return [_("Its hours name no time zone that is known. Choose one for them above.")]
    return [str(each.sentence) for each in checks.fits(row.details)]
