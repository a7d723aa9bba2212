"""An event's details in words, for its owner and for the moderator who decides on it; and the rows of a calendar file
as its sender sees them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.core.languages import NAMES, in_language
from plenara.core.life_cycle import State
from plenara.core.rows import Json
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.vocabulary import country_name, language_name
from plenara.directory.models import Kind, Listing
from plenara.directory.presenters.wording import Described, Fact, languages_first, listed
from plenara.events import validation
from plenara.events.dates import is_whole_day, read
from plenara.events.models import Event, GivenDate, GivenDetails
from plenara.events.presenters.calendar_pages import at_place
from plenara.events.queries.events import Like, events_like
from plenara.events.validation import calendar_files, clean_details
from plenara.themes.queries import known, labels


def describe_details(details: GivenDetails) -> Described:
    """Return an event's details in words, in the active language. Three queries at most."""
    report = details.get("report") or {}
    texts = [*languages_first(details.get("description")), *languages_first(report.get("text"))]
    return Described(languages_first(details.get("title")), list(_facts(details)), texts)


def _facts(details: GivenDetails) -> Iterator[Fact]:
    zone = details.get("timezone", "")
    dates, is_off = details.get("dates", []), details.get("cancelled")
    hours = [hours_in_words(date, zone) for date in dates if not (is_off or date.get("cancelled"))]
    off = [hours_in_words(date, zone) for date in dates if is_off or date.get("cancelled")]
    if hours:
        yield Fact(pgettext("label", "When"), "\n".join(hours))
    if off:
        yield Fact(pgettext("dates of an event", "Cancelled"), "\n".join(off))
    if details.get("place"):
        yield Fact(pgettext("label", "Place"), details["place"])
    if details.get("country"):
        yield Fact(pgettext("label", "Country"), country_name(details["country"]))
    if details.get("online"):
        yield Fact(_("Link"), details["online"], url=details["online"])
    yield from _organizer(details)
    if details.get("languages"):
        yield Fact(pgettext("label", "Languages"), listed(language_name(tag) for tag in details["languages"]))
    if details.get("themes"):
        found = labels(details["themes"])
        yield Fact(
            pgettext("label", "Themes"),
            listed(found[code].text if code in found else code for code in details["themes"]),
        )
    if details.get("prepares") and (it := validation.public_consultation(details["prepares"])):
        yield Fact(_("Prepares the consultation"), in_language(it.title).text)
    for paper in details.get("documents", []):
        yield Fact(pgettext("label", "Document"), paper["title"], url=paper["url"])
    if url := (details.get("report") or {}).get("url"):
        yield Fact(_("Report"), url, url=url)


def _organizer(details: GivenDetails) -> Iterator[Fact]:
    if details.get("organizer"):
        listing = Listing.objects.filter(of=Kind.ORGANIZATION, number=details["organizer"]).first()
        if listing and listing.is_published:
            name = in_language(listing.details.get("name"))
            yield Fact(pgettext("label", "Organizer"), name.text, language=name.language)
    elif details.get("organizer_name"):
        yield Fact(pgettext("label", "Organizer"), details["organizer_name"])


def hours_in_words(date: GivenDate, zone: str) -> str:
    """Return a date of an event in words, in the active language: in local hours, where the zone is known."""
    try:
        start, end = read(date["start"]), read(date["end"])
    except ValueError:
        return f"{date['start']} – {date['end']}"
    first, last = date_in_words(start.date()), date_in_words(end.date())
    if is_whole_day(date["start"]):
        return first if start == end else pgettext("label", "%(first)s to %(last)s") % {"first": first, "last": last}
    values = {"first": first, "from": f"{start:%H:%M}", "last": last, "until": f"{end:%H:%M}"}
    if start.date() == end.date():
        words = _("%(first)s, %(from)s to %(until)s") % values
    else:
        words = _("%(first)s, %(from)s, to %(last)s, %(until)s") % values
    return at_place(words, zone) if zone else _("%(when)s (no time zone)") % {"when": words}


#: Events that are compared with the calendar: each needs a query.
MOST_COMPARED = 100
#: Dates of one event that are shown.
MOST_DATES = 3


@dataclass
class FileRow:
    """One event of a file: its number there, its details, its errors, and similar events."""

    number: int
    uid: str
    details: Json
    language: str
    problems: list[str] = field(default_factory=list)
    is_known: bool = False  # the same event was proposed from a file before
    like: list[Like] = field(default_factory=list)
    needs_zone: bool = False
    zone_named: str = ""

    @property
    def can_be_taken(self) -> bool:
        """Whether it has no errors, and is not in the calendar already."""
        return not self.problems and not self.is_known

    @property
    def is_preselected(self) -> bool:
        """Whether it is selected by default: nothing is similar to it."""
        return self.can_be_taken and not self.like

    @property
    def where(self) -> str:
        """The place, or the link."""
        return str(self.details.get("place") or self.details.get("online") or "")

    @property
    def whens(self) -> list[str]:
        """Return its first dates in words, in local hours."""
        zone = self.details.get("timezone") or ""
        return [hours_in_words(each, zone) for each in self.details.get("dates", [])[:MOST_DATES]]

    @property
    def title(self) -> str:
        """The title in the active language."""
        return next(iter((self.details.get("title") or {}).values()), "") or _("No title")


def file_rows(rows: Sequence[Json], zone: str, *, person: Person, compare: bool = True) -> list[FileRow]:
    """Return the rows of a file for their page, in the active language.

    Without `compare` similar events are not searched for, which takes a query for each row.
    """
    sentences = calendar_files.problem_sentences()
    themes = known({code for row in rows for code in row["details"].get("themes", [])})
    uids = {row["uid"] for row in rows if row["uid"]}
    # Pending events of other people are not shown: nor do they prevent anybody from sending the same.
    gone = [State.WITHDRAWN, State.REJECTED, State.REMOVED]
    brought = Event.objects.filter(imported_from__in=uids).exclude(state__in=gone)
    own_or_public = brought.filter(Q(state=State.PUBLISHED) | Q(owner=person))
    there = set(own_or_public.values_list("imported_from", flat=True))
    found = []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows, 1):
        details = clean_details(calendar_files.details_of(row, zone, themes))
        language = next((code for code in details.get("title", {}) if code in NAMES), "en")
        one = FileRow(number, row["uid"], dict(details), language, needs_zone=row["needs_zone"])
        one.zone_named, one.is_known = row["zone_named"], bool(row["uid"]) and row["uid"] in there
        one.problems = [sentences.get(code, sentences["broken"]) for code in row["errors"]]
        if not one.problems:
            one.problems = _problems(one)
        start = next((each["start"] for each in details.get("dates", [])), "")
        if not one.problems and (one.title, start) in seen:
            one.problems = [_("The same event appears earlier in the file.")]
        seen.add((one.title, start))
        if compare and not one.problems and not one.is_known and number <= MOST_COMPARED:
            one.like = events_like(one.details)
        found.append(one)
    return found


def _problems(row: FileRow) -> list[str]:
    if row.needs_zone and not row.details.get("timezone"):
        return [_("The times of this event do not state a known time zone. Choose a time zone above.")]
    return [str(each.sentence) for each in validation.fits(row.details)]
