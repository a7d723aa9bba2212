"""What an event may be: each error names its form field. And cleaning of its details, before they are saved."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from urllib.parse import urlsplit

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, State
from plenara.consultations.validation import zone_exists
from plenara.core import clock, life_cycle
from plenara.core.languages import NAMES
from plenara.core.life_cycle import State as ItemState
from plenara.core.refusals import Answer, Denied
from plenara.core.rows import Json
from plenara.core.text import clean, clean_line
from plenara.core.validation import count_within_an_hour, short_enough, text_fits
from plenara.core.vocabulary import country_names, language_in_sentence
from plenara.directory.models import Kind, Listing
from plenara.events import dates
from plenara.events.models import Date, Details, DocumentLink, Event, EventReport, GivenDate, GivenDetails
from plenara.themes.queries import known


def clean_details(given: GivenDetails) -> Details:
    """Return an event's details as they are stored. `fits` validates them."""
    found: dict[str, object] = {
        "title": _clean_texts(given.get("title"), clean_line),
        "description": _clean_texts(given.get("description"), clean),
        "dates": _clean_dates(given.get("dates") or []),
        "timezone": str(given.get("timezone") or ""),
        "place": clean_line(given.get("place") or ""),
        "online": clean_line(given.get("online") or ""),
        "country": str(given.get("country") or ""),
        "organizer": given.get("organizer") or None,
        "organizer_name": "" if given.get("organizer") else clean_line(given.get("organizer_name") or ""),
        "themes": list(dict.fromkeys(given.get("themes") or [])),
        "languages": list(dict.fromkeys(given.get("languages") or [])),
        "prepares": str(given.get("prepares") or ""),
        "documents": _clean_documents(given.get("documents") or []),
        "report": _clean_report(given.get("report") or {}),
        "cancelled": bool(given.get("cancelled")),
    }
    return {name: value for name, value in found.items() if value}  # type: ignore[return-value]


def _clean_texts(texts: Mapping[str, str] | None, clean_one: Callable[[str], str]) -> dict[str, str]:
    done = {code: clean_one(text or "") for code, text in (texts or {}).items()}
    order = [*NAMES, *(code for code in done if code not in NAMES)]
    return {code: done[code] for code in order if done.get(code)}


def _clean_dates(given: Sequence[GivenDate]) -> list[Date]:
    """Return dates in chronological order. Existing numbers stay; new ones follow the highest."""
    last = max((each.get("number") or 0 for each in given), default=0)
    cleaned = []
    for each in sorted(given, key=lambda one: (one.get("start") or "", one.get("end") or "")):
        number = each.get("number") or 0
        if not number:
            number = last = last + 1
        kept: Date = {"number": number, "start": each.get("start") or "", "end": each.get("end") or ""}
        if each.get("cancelled"):
            kept["cancelled"] = True
        cleaned.append(kept)
    return cleaned


def _clean_documents(given: Sequence[DocumentLink | Json]) -> list[DocumentLink]:
    documents: list[DocumentLink] = [
        {"title": clean_line(each.get("title") or ""), "url": clean_line(each.get("url") or "")} for each in given
    ]
    return [each for each in documents if each["title"] or each["url"]]


def _clean_report(given: EventReport | Json) -> dict[str, object]:
    cleaned = {"url": clean_line(given.get("url") or ""), "text": _clean_texts(given.get("text"), clean)}
    return {name: value for name, value in cleaned.items() if value}


#: Characters of each text, in any language; of an address; and how many items a list may have.
MOST = {"title": 200, "description": 5_000, "place": 300, "organizer_name": 200, "report": 5_000, "paper": 200}
MOST_OF_ADDRESS = 500
MOST_DATES, MOST_THEMES, MOST_LANGUAGES, MOST_DOCUMENTS = 60, 10, 10, 20
#: Days that one date may last, and years from now within which it must be.
MOST_DAYS, YEARS_BACK, YEARS_AHEAD = 366, 30, 10
#: Proposals and changes of one account in an hour; what may be pending at a time, and for a newcomer.
MOST_AN_HOUR, MOST_PENDING, MOST_OF_NEWCOMER = 20, 30, 5
_TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


def fits(details: GivenDetails) -> list[Denied]:
    """Return every error in an event's details. Three queries at most."""
    answers = [
        *texts_fit(details),
        *dates_fit(details.get("dates") or [], details.get("timezone") or ""),
        *places_fit(details),
        *subjects_fit(details),
        *documents_fit(details.get("documents") or []),
        *report_fits(details.get("report") or {}),
    ]
    return [answer for answer in answers if isinstance(answer, Denied)]


def texts_fit(details: GivenDetails) -> Iterable[Answer]:
    """It has a title in at least one of the six languages; no text is too long."""
    titles, descriptions = details.get("title") or {}, details.get("description") or {}
    if not titles:
        yield Denied(pgettext("text", "Enter the title."), "missing", "title")
    for name, texts in (("title", titles), ("description", descriptions)):
        for code, text in texts.items():
            yield text_fits(name, code, text, MOST[name])
    for code in descriptions:
        if code not in titles:
            sentence = _("%(language)s: there is a description but no title. Enter a title too.")
            yield Denied(sentence % {"language": language_in_sentence(code)}, "missing", f"title_{code}")


def dates_fit(found: Sequence[GivenDate], timezone: str) -> Iterable[Answer]:
    """At least one date and at most sixty, each ending after its start, no two the same."""
    zone = zone_exists(timezone)
    if not zone:
        yield zone
    if not found:
        yield Denied(_("Enter the date of the event."), "missing", "day_0")
    if len(found) > MOST_DATES:
        sentence = ngettext("Enter at most %(limit)d date.", "Enter at most %(limit)d dates.", MOST_DATES)
        yield Denied(sentence % {"limit": MOST_DATES}, "too_many", "day_0")
        return
    begun: dict[str, int] = {}
    for place, date in enumerate(found):
        yield date_fits(date, timezone if zone else "UTC", place)
        if (earlier := begun.setdefault(date.get("start", ""), place)) != place:
            sentence = _("Date %(number)d is the same as date %(other)d. Change or delete one of them.")
            yield Denied(sentence % {"number": place + 1, "other": earlier + 1}, "twice", f"day_{place}")


def date_fits(date: GivenDate, timezone: str, place: int = 0) -> Answer:
    """A start and an end that exist locally, in their order, not too far away. Whole days have no hour."""
    day, until = f"day_{place}", f"until_{place}"
    start, end = date.get("start") or "", date.get("end") or ""
    try:
        starts, ends = dates.read(start), dates.read(end)
    except ValueError:
        return Denied(_("Enter the day as 2027-04-30 and the time as 09:30."), "date", day)
    if dates.is_whole_day(start) != dates.is_whole_day(end):
        return Denied(_("Enter both a start time and an end time, or neither for whole days."), "hour", until)
    now = clock.now()
    if not now.year - YEARS_BACK <= starts.year <= now.year + YEARS_AHEAD:
        return Denied(
            _("Enter a year between %(first)d and %(last)d.")
            % {"first": now.year - YEARS_BACK, "last": now.year + YEARS_AHEAD},
            "year",
            day,
        )
    if ends < starts or (ends == starts and not dates.is_whole_day(start)):
        return Denied(_("Enter an end that is after the start."), "order", until)
    if ends - starts > datetime.timedelta(days=MOST_DAYS):
        return Denied(_("One date can last up to a year. Enter an earlier end."), "long", until)
    for local, field in ((start, f"from_{place}"), (end, until)):
        if dates.is_skipped(local, timezone):
            return Denied(
                _("%(hour)s does not exist on that day in %(zone)s because the clocks go forward. Choose another time.")
                % {"hour": local[11:], "zone": timezone},
                "skipped",
                field,
            )
    if dates.moment(end, timezone) < dates.moment(start, timezone):
        return Denied(
            _(
                "The clocks change between these two times, so the event would end before it starts. Enter a "
                "later end time."
            ),
            "order",
            until,
        )
    return True


def hours_that_come_twice(details: GivenDetails) -> list[str]:
    """Return the hours of an event that occur twice locally, where clocks are put back: the first is meant."""
    timezone = details["timezone"]
    found = [date[name] for date in details["dates"] for name in ("start", "end")]
    return [local for local in dict.fromkeys(found) if dates.comes_twice(local, timezone)]


def places_fit(details: GivenDetails) -> Iterable[Answer]:
    """There is a place or a link; a country and languages that exist."""
    place, online = details.get("place") or "", details.get("online") or ""
    if not place and not online:
        yield Denied(_("Enter the place, or the link to take part online."), "missing", "place")
    yield short_enough(place, MOST["place"], "place")
    if online:
        yield address_fits(online, "online")
    country = details.get("country")
    if country and country not in country_names("en"):
        yield Denied(_("Choose a country from the list."), "country", "country")
    spoken = details.get("languages") or []
    if len(spoken) > MOST_LANGUAGES or any(not is_language(tag) for tag in spoken):
        yield Denied(_("Choose languages from the list, up to 10."), "languages", "languages")


def is_language(tag: str) -> bool:
    """Return whether CLDR names the language of a tag: `fr`, `bm`, `zh-Hant`."""
    return tag in NAMES or (bool(_TAG.fullmatch(tag)) and tag.split("-")[0] in _spoken())


@cache
def _spoken() -> frozenset[str]:
    return frozenset(Locale("en").languages)


def address_fits(address: str, field: str) -> Answer:
    """An https address on the web."""
    try:
        parts = urlsplit(address)
        good = parts.scheme == "https" and bool(parts.hostname) and not parts.username and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or any(letter.isspace() or letter in '<>"\\`' for letter in address):
        return Denied(_("Enter the whole web address, beginning with https://."), "address", field)
    return short_enough(address, MOST_OF_ADDRESS, field)


def subjects_fit(details: GivenDetails) -> Iterable[Answer]:
    """Existing themes, an organization of the directory, a public consultation."""
    codes = details.get("themes") or []
    if len(codes) > MOST_THEMES:
        yield Denied(_("Choose at most 10 themes."), "too_many", "themes")
    elif set(codes) - known(codes):
        yield Denied(_("Choose themes from the list."), "themes", "themes")
    yield short_enough(details.get("organizer_name") or "", MOST["organizer_name"], "organizer")
    if (number := details.get("organizer")) and not organization(number):
        yield Denied(_("No organization in the directory has this number. Check the number."), "organizer", "organizer")
    if (slug := details.get("prepares")) and not public_consultation(slug):
        yield Denied(_("Choose a consultation from the list."), "prepares", "prepares")


def organization(number: object) -> Listing | None:
    """Return a published organization of the directory by its number. One query."""
    if not isinstance(number, int) or not 0 < number < 2**31:
        return None
    return Listing.objects.filter(of=Kind.ORGANIZATION, number=number, state=ItemState.PUBLISHED).first()


def public_consultation(slug: str) -> Consultation | None:
    """Return a consultation that readers see. One query."""
    if "\x00" in slug:  # which PostgreSQL does not even search for
        return None
    return Consultation.objects.filter(slug=slug).exclude(stage=State.DRAFT).first()


def documents_fit(documents: Sequence[DocumentLink | Json]) -> Iterable[Answer]:
    """Each document has a name and an address."""
    if len(documents) > MOST_DOCUMENTS:
        yield Denied(_("Enter at most 20 documents."), "too_many", "paper_0")
        return
    for place, document in enumerate(documents):
        title, url = document.get("title") or "", document.get("url") or ""
        if not any(letter.isalnum() for letter in title):
            yield Denied(_("Enter the name of the document."), "missing", f"paper_{place}")
        yield short_enough(title, MOST["paper"], f"paper_{place}")
        yield address_fits(url, f"address_{place}")


def report_fits(report: EventReport | Json) -> Iterable[Answer]:
    """The outcome of an event: an address, or words."""
    if report.get("url"):
        yield address_fits(report["url"], "report_url")
    for code, text in (report.get("text") or {}).items():
        if code not in NAMES:
            yield Denied(_("The text must be in one of the six languages."), "language", "report_language")
        yield short_enough(text, MOST["report"], "report_text")


def known_language(language: str) -> Answer:
    """Its first language is one of the six."""
    return language in NAMES or Denied(_("Choose the language of your text."), "language", "language")


def has_changed(event: Event, details: GivenDetails) -> Answer:
    """A revision differs from the pending version, or else from the published one."""
    pending = life_cycle.pending_version(event)
    kept = pending.details if pending else event.details
    return kept != details or Denied(
        _("You have not changed anything. Change the event before you submit it."), "unchanged"
    )


def not_too_often(person: Person) -> Answer:
    """Limits on an account's proposals in an hour and on its pending events; lower for a newcomer. Three queries."""
    sent = count_within_an_hour(person.pk, "event.proposed", "event.revised")
    if sent >= MOST_AN_HOUR:
        return Denied(
            _("You have submitted %(count)d proposals in the last hour. Submit your next proposal in an hour.")
            % {"count": sent},
            "too_often",
        )
    return has_room_for(person, 1)


def has_room_for(person: Person, more: int) -> Answer:
    """Limit on the person's events pending for a moderator, with these. Two queries."""
    own_events = Event.objects.filter(owner=person)
    most = MOST_PENDING if own_events.filter(state=ItemState.PUBLISHED).exists() else MOST_OF_NEWCOMER
    pending = own_events.filter(state=ItemState.PENDING).count()
    if pending + more <= most:
        return True
    return Denied(
        ngettext(
            "%(count)d of your events is already waiting for a moderator. Wait until a moderator has decided on it.",
            "%(count)d of your events are already waiting for a moderator. Wait until a moderator has "
            "decided on some of them.",
            pending,
        )
        % {"count": pending},
        "too_many_wait",
    )
