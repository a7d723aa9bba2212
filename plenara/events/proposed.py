"""An event's details in words, for who proposes it and who decides on it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core.languages import in_language
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.vocabulary import country_name, language_name
from plenara.directory.described import Described, Fact, languages_first
from plenara.directory.models import Kind, Listing
from plenara.directory.telling import listed
from plenara.events import checks
from plenara.events.dates import is_whole_day, read
from plenara.events.hours import at_place
from plenara.themes.reading import labels


def told(details: Mapping[str, Any]) -> Described:
    """Return an event's details as they are read, in the active language. Three queries at most."""
    report = details.get("report") or {}
    texts = [*languages_first(details.get("description")), *languages_first(report.get("text"))]
    return Described(languages_first(details.get("title")), list(_facts(details)), texts)


def _facts(details: Mapping[str, Any]) -> Iterator[Fact]:
    zone = details.get("timezone", "")
    dates, is_off = details.get("dates", []), details.get("cancelled")
    stand = [hours(date, zone) for date in dates if not (is_off or date.get("cancelled"))]
    off = [hours(date, zone) for date in dates if is_off or date.get("cancelled")]
    if stand:
        yield Fact(_("When"), "\n".join(stand))
    if off:
        yield Fact(pgettext("dates of an event", "Cancelled"), "\n".join(off))
    if details.get("place"):
        yield Fact(_("Place"), details["place"])
    if details.get("country"):
        yield Fact(_("Country"), country_name(details["country"]))
    if details.get("online"):
        yield Fact(_("Link"), details["online"], url=details["online"])
    yield from _organizer(details)
    if details.get("languages"):
        yield Fact(_("Languages"), listed(language_name(tag) for tag in details["languages"]))
    if details.get("themes"):
        found = labels(details["themes"])
        yield Fact(_("Themes"), listed(found[code].text if code in found else code for code in details["themes"]))
    if details.get("prepares") and (it := checks.public_consultation(details["prepares"])):
        yield Fact(_("Prepares"), in_language(it.title).text)
    for paper in details.get("documents", []):
        yield Fact(_("Document"), paper["title"], url=paper["url"])
    if url := (details.get("report") or {}).get("url"):
        yield Fact(_("Report"), url, url=url)


def _organizer(details: Mapping[str, Any]) -> Iterator[Fact]:
    if details.get("organizer"):
        listing = Listing.objects.filter(of=Kind.ORGANIZATION, number=details["organizer"]).first()
        if listing and listing.is_published:
            name = in_language(listing.details.get("name"))
            yield Fact(_("Organizer"), name.text, language=name.language)
    elif details.get("organizer_name"):
        yield Fact(_("Organizer"), details["organizer_name"])


def hours(date: Mapping[str, Any], zone: str) -> str:
    """Return a date of an event in words, in the active language: by the clocks at its place, where a zone is known."""
    try:
        start, end = read(date["start"]), read(date["end"])
    except ValueError:
        return f"{date['start']} – {date['end']}"
    first, last = date_in_words(start.date()), date_in_words(end.date())
    if is_whole_day(date["start"]):
        return first if start == end else _("%(first)s to %(last)s") % {"first": first, "last": last}
    values = {"first": first, "from": f"{start:%H:%M}", "last": last, "until": f"{end:%H:%M}"}
    if start.date() == end.date():
        said = _("%(first)s, %(from)s to %(until)s") % values
    else:
        said = _("%(first)s, %(from)s, to %(last)s, %(until)s") % values
    return at_place(said, zone) if zone else f"{said} ({_('no time zone')})"
