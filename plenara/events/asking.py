"""What the address of a calendar asks for, and what its form offers. What nobody could have chosen is ignored."""

import re
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation, State
from plenara.core.languages import in_language
from plenara.core.reading import reading
from plenara.core.vocabulary import country_name, country_names, language_name
from plenara.directory import reading as directory
from plenara.directory.models import Kind, Listing
from plenara.events import zones
from plenara.events.calendar import Filters, Key, key_of
from plenara.events.models import EventMark
from plenara.themes import reading as themes

#: Consultations that the form offers, the newest.
MOST = 100
#: The parameters of its filters, and those of a page of it.
FILTER_PARAMETERS = ("theme", "organization", "country", "language", "consultation")
PAGE_PARAMETERS = (*FILTER_PARAMETERS, "tz", "from")
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")


def filters_of(query: QueryDict) -> Filters:
    """Return the filters of an address. A query for each that needs one to be known."""
    theme = query.get("theme", "")
    included: tuple[str, ...] = ()
    if theme.isprintable() and 0 < len(theme) <= 100 and themes.known([theme]):
        included = tuple(themes.with_narrower(theme))
    number, organizations = _organization(query.get("organization", ""))
    country, language = query.get("country", ""), query.get("language", "")
    return Filters(
        theme=theme if included else "",
        country=country if country in country_names("en") else "",
        language=language if language_name(language, "en") != language else "",
        consultation=_consultation(query.get("consultation", "")),
        organization=number,
        themes=included,
        organizations=organizations,
    )


def _consultation(slug: str) -> str:
    if not _SLUG.fullmatch(slug):
        return ""
    return slug if Consultation.objects.filter(slug=slug).exclude(stage=State.DRAFT).exists() else ""


def _organization(number: str) -> tuple[str, tuple[str, ...]]:
    """Return the number of an organization, of a merged one that of what it went into; and all that it had."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return "", ()
    found = directory.organization(int(number))
    if found is None or found.number is None:
        return "", ()
    return str(found.number), tuple(str(each) for each in directory.family(found).values())


@dataclass(frozen=True)
class Asked:
    """What the address of a page of the calendar asks for."""

    filters: Filters
    zone: str = ""
    after: Key | None = None

    @property
    def query(self) -> str:
        """What stays on the way from page to page, as the end of an address; with its question mark."""
        asked = {**self.filters.asked, **({"tz": self.zone} if self.zone else {})}
        return f"?{urlencode(asked)}" if asked else ""

    def onward(self, key: Key) -> str:
        """Return the end of the address of the page after a line."""
        return f"{self.query}{'&' if self.query else '?'}from={key}"


def asked(query: QueryDict) -> Asked:
    """Return what an address asks for."""
    return Asked(filters_of(query), zones.readers(query.get("tz", "")), key_of(query.get("from", "")))


@dataclass(frozen=True)
class Choice:
    """Something to choose in the form."""

    name: str
    label: str
    text: str  # what nothing chosen is called; without it one is always chosen
    choices: list[tuple[str, str]]
    value: str


@dataclass(frozen=True)
class Chosen:
    """A filter that no choice of the form shows, and the address without it."""

    label: str
    text: str
    without: str


def choices(it: Asked) -> list[Choice]:
    """Return the form's choices: of what would be long, only what occurs. Four queries."""
    filters = it.filters
    offered = [
        Choice("theme", _("Theme"), _("All themes"), _themes(filters.theme), filters.theme),
        Choice("country", _("Country"), _("All countries"), _countries(filters.country), filters.country),
        Choice("language", _("Language"), _("All languages"), _languages(filters.language), filters.language),
        Choice("consultation", _("Consultation"), _("All consultations"), _consultations(), filters.consultation),
        Choice("tz", _("Hours also in"), "", zones.offered(it.zone), it.zone or "UTC"),
    ]
    return [each for each in offered if each.choices]


def organization(it: Asked) -> Chosen | None:
    """Return the organization whose events are asked for. One query, where one is."""
    number = it.filters.organization
    found = Listing.objects.filter(of=Kind.ORGANIZATION, number=int(number)).first() if number else None
    if found is None:
        return None
    left = {**it.filters.asked, **({"tz": it.zone} if it.zone else {})}
    left.pop("organization")
    return Chosen(_("Organizer"), in_language(found.details.get("name")).text or number, f"?{urlencode(left)}")


def _countries(chosen: str) -> list[tuple[str, str]]:
    found = {*occurring(EventMark.What.COUNTRY), chosen} - {""}
    return sorted(((each, country_name(each)) for each in found), key=lambda each: each[1])


def _languages(chosen: str) -> list[tuple[str, str]]:
    found = {*occurring(EventMark.What.LANGUAGE), chosen} - {""}
    return sorted(((each, language_name(each)) for each in found), key=lambda each: each[1])


def _consultations() -> list[tuple[str, str]]:
    found = Consultation.objects.exclude(stage=State.DRAFT).order_by("-opens_at", "-pk")[:MOST]
    return [(each.slug, in_language(each.title).text) for each in found]


def occurring(what: str) -> list[str]:
    """Return the values that marks of a kind have, in the order of their codes.

    From each to the next one by the index: what stands in between, tens of thousands of marks, is not read.
    """
    first = "SELECT value FROM events_eventmark WHERE what = %s"
    with reading().cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE found(value) AS (SELECT ({first} ORDER BY value LIMIT 1) UNION ALL "  # noqa: S608 - nothing of it is asked
            f"SELECT ({first} AND value > found.value ORDER BY value LIMIT 1) FROM found "
            "WHERE found.value IS NOT NULL) SELECT value FROM found WHERE value IS NOT NULL",
            [what, what],
        )
        return [value for (value,) in cursor.fetchall()]


def _themes(chosen: str) -> list[tuple[str, str]]:
    return themes.choices(most=themes.MOST_OFFERED, also=[chosen])
