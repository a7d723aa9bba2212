"""Listings as pages show them, in lists and on their own pages, and their structured data."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_skeleton
from django.conf import settings
from django.utils.translation import gettext as _

from plenara.accounts.queries import installation
from plenara.core.languages import FALLBACK, Localized, current, html_code, in_language
from plenara.core.life_cycle import State
from plenara.core.metadata import Description, Link, describe, home, opening_of, types
from plenara.core.rows import Json
from plenara.core.templatetags.plenara import date_in_words, western
from plenara.directory.models import Kind, Listing, Progress, Verification
from plenara.directory.queries import lookup
from plenara.directory.queries.lookup import FOLDERS, Named, texts_of
from plenara.themes.queries import labels

_MONTH = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass
class Row:
    """A listing in a list."""

    listing: Listing
    name: Localized
    url: str
    #: The organizations that it belongs to, and its texts.
    organizations: list[Named]
    text: Localized
    letter: str = ""  # where it is the first under its letter
    verification: Verification | None = None

    @property
    def details(self) -> Json:
        return self.listing.details

    @property
    def progress(self) -> str:
        """The progress of a project, in the active language."""
        return progress_label(self.listing)

    @property
    def period(self) -> str:
        """The period of a project, in words."""
        return period(self.listing)


def rows(listings: Sequence[Listing], initials: Sequence[str] = ()) -> list[Row]:
    """Return listings as a list shows them. Two queries, some more where organizations were merged."""
    names = lookup.named(number for each in listings for number in organizations_of(each))
    verifications = lookup.current_verifications(each.pk for each in listings if each.of == Kind.ORGANIZATION)
    found = []
    for at, each in enumerate(listings):
        row = Row(
            listing=each,
            name=lookup.name_of(each),
            url=lookup.path_of(each.of, each.number or 0),
            organizations=_named(each, names),
            text=in_language(texts_of(each)),
            verification=verifications.get(each.pk),
        )
        if initials and (at == 0 or initials[at] != initials[at - 1]):
            row.letter = initials[at]
        found.append(row)
    return found


def organizations_of(listing: Listing) -> list[int]:
    """Return the numbers of the organizations that a person or a project belongs to."""
    details = listing.details
    return [each for each in [details.get("affiliation"), *details.get("organizations", [])] if each]


def _named(listing: Listing, names: dict[int, Named]) -> list[Named]:
    """Return these organizations with their names, each once: merged ones are one."""
    found = {names[each].number: names[each] for each in organizations_of(listing) if each in names}
    return list(found.values())


@dataclass
class Page:
    """The content of a listing's page."""

    listing: Listing
    name: Localized
    other_names: list[Localized]
    texts: list[Localized]
    results: list[Localized]
    organizations: list[Named]
    themes: list[tuple[str, Localized]]  # code and label
    verification: Verification | None
    url: str

    @property
    def details(self) -> Json:
        return self.listing.details

    @property
    def progress(self) -> str:
        """The progress of a project, in the active language."""
        return progress_label(self.listing)

    @property
    def period(self) -> str:
        """The period of a project, in words."""
        return period(self.listing)

    @property
    def countries(self) -> list[str]:
        """The countries of the listing."""
        details = self.listing.details
        return list(details.get("countries", [])) or [each for each in [details.get("country")] if each]


def page_of(listing: Listing) -> Page:
    """Return the content of a public listing's page. Three queries, some more where organizations were merged."""
    details = listing.details
    codes = list(details.get("themes", []))
    known = labels(codes)
    name = lookup.name_of(listing)
    names = details.get("title" if listing.of == Kind.PROJECT else "name", {})
    others = in_order(names) if isinstance(names, dict) else []
    verifications = lookup.current_verifications([listing.pk]) if listing.of == Kind.ORGANIZATION else {}
    return Page(
        listing=listing,
        name=name,
        other_names=[each for each in others if each.text != name.text],
        texts=in_order(texts_of(listing)),
        results=in_order(details.get("results", {})),
        organizations=_named(listing, lookup.named(organizations_of(listing))),
        themes=[(code, known.get(code, Localized(code, ""))) for code in codes],
        verification=verifications.get(listing.pk),
        url=lookup.path_of(listing.of, listing.number or 0),
    )


def in_order(texts: dict[str, str]) -> list[Localized]:
    """Return a text in all its languages, the reader's first, the others in a fixed order."""
    order = [current(), *FALLBACK, *texts]
    return [Localized(texts[code], code) for code in dict.fromkeys(order) if texts.get(code)]


def progress_label(listing: Listing) -> str:
    """Return the progress of a project, in the active language."""
    code = listing.details.get("progress", "")
    return str(Progress(code).label) if code in Progress.values else ""


def progress_mark(listing: Listing) -> str:
    """Return the class of the mark before the progress of a project."""
    return {"planned": "none", "running": "open", "stopped": "stop"}.get(listing.details.get("progress", ""), "")


def period(listing: Listing) -> str:
    """Return the period of a project, in words."""
    starts, ends = (day_in_words(listing.details.get(each, "")) for each in ("starts", "ends"))
    if starts and ends:
        return starts if starts == ends else _("%(start)s to %(end)s") % {"start": starts, "end": ends}
    if starts:
        return _("since %(start)s") % {"start": starts}
    return _("until %(end)s") % {"end": ends} if ends else ""


def day_in_words(written: str) -> str:
    """Return a day, a month or a year in the active language; nothing for anything else."""
    found = _MONTH.fullmatch(written)
    if not found:
        return ""
    year, month, day = (int(each) if each else 0 for each in found.groups())
    try:
        first = datetime.date(year, month or 1, day or 1)
    except ValueError:
        return ""
    if day:
        return date_in_words(first)
    locale = {"en": "en_GB"}.get(current(), html_code(current()).replace("-", "_"))
    return western(format_skeleton("yMMMM" if month else "y", first, locale=locale))


def verified_in_words(verification: Verification) -> str:
    """Return how and when an organization was verified, as a sentence in the active language."""
    date = date_in_words(verification.at)
    if verification.method == Verification.Method.MAIL:
        sentence = _("Verified on %(date)s by e-mail to an address at its own domain, %(domain)s.")
        return sentence % {"date": date, "domain": verification.domain}
    return _("Verified on %(date)s by the moderators of the directory.") % {"date": date}


def gone_in_words(listing: Listing) -> str:
    """Return the state of a listing that is no longer public, in words."""
    date = date_in_words(listing.state_at)
    if listing.state == State.WITHDRAWN:
        return _("This directory entry was withdrawn on %(date)s by the person who maintained it.") % {"date": date}
    return _("This directory entry was removed on %(date)s by a moderator.") % {"date": date}


#: The schema.org type of each kind.
TYPES = {Kind.ORGANIZATION: "Organization", Kind.PERSON: "Person", Kind.PROJECT: "Project"}
FORMS = (("feed.atom", "application/atom+xml"), ("data.csv", "text/csv"), ("data.json", "application/json"))


def address(page: Page) -> str:
    """Return the absolute address of a listing's page."""
    return f"{settings.SITE_URL}{page.url}"


def ror(page: Page) -> str:
    """Return an organization's address in the Research Organization Registry, if it gave its id."""
    identifier = page.details.get("ror")
    return f"https://ror.org/{identifier}" if identifier else ""


def orcid(page: Page) -> str:
    """Return a person's address at ORCID, if they gave their id."""
    identifier = page.details.get("orcid")
    return f"https://orcid.org/{identifier}" if identifier else ""


def describe_listing(page: Page) -> Description:
    """Describe the page of a listing for machines. One query."""
    kind = Kind(page.listing.of)
    opening = opening_of(page.texts[0].text) if page.texts else ""
    data: dict[str, object] = {
        "@type": TYPES[kind],
        "@id": address(page),
        "name": page.name.text,
        "description": opening,
        "knowsAbout": [label.text for _code, label in page.themes],
        "mainEntityOfPage": {"@type": "ProfilePage", "@id": address(page), "inLanguage": html_code(current())},
        **_OF[kind](page),
    }
    links: list[Link] = [
        home(),
        (f"{settings.SITE_URL}/{current()}/{FOLDERS[kind]}/", "collection", "text/html"),
        *types(TYPES[kind], "ProfilePage"),
    ]
    name, url = installation().name, address(page)
    return describe(data, links, title=page.name.text, opening=opening, url=url, site=name, kind="profile")


def _organization(page: Page) -> dict[str, object]:
    acronym = page.details.get("acronym")
    country = page.details.get("country")
    return {
        "alternateName": [*(each.text for each in page.other_names), *([acronym] if acronym else [])],
        "url": page.details.get("site"),
        "sameAs": ror(page),
        "identifier": ror(page),
        # The country alone; no street address.
        "location": {"@type": "Country", "name": country} if country else None,
    }


def _person(page: Page) -> dict[str, object]:
    written = page.details.get("affiliation_name")
    affiliation = [_member(each) for each in page.organizations]
    return {
        "affiliation": affiliation or ({"@type": "Organization", "name": written} if written else None),
        "knowsLanguage": page.details.get("languages"),
        "url": page.details.get("site"),
        "sameAs": orcid(page),
        "identifier": orcid(page),
    }


def _project(page: Page) -> dict[str, object]:
    return {
        "alternateName": [each.text for each in page.other_names],
        "url": page.details.get("link"),
        "foundingDate": page.details.get("starts"),
        "dissolutionDate": page.details.get("ends"),
        "member": [_member(each) for each in page.organizations],
        "areaServed": [{"@type": "Country", "name": each} for each in page.countries],
    }


def _member(organization: Named) -> dict[str, object]:
    url = f"{settings.SITE_URL}{organization.url}"
    return {"@type": "Organization", "@id": url, "name": organization.name, "url": url}


_OF = {Kind.ORGANIZATION: _organization, Kind.PERSON: _person, Kind.PROJECT: _project}


def describe_list(kind: str, name: str, query: str) -> Description:
    """Describe a list for machines, with its other forms. One query."""
    page = f"{settings.SITE_URL}/{current()}/{FOLDERS[Kind(kind)]}/"
    ending = f"?{query}" if query else ""
    data = {"@type": "CollectionPage", "@id": page, "url": page, "name": name, "inLanguage": html_code(current())}
    links = [
        home(),
        *((f"{page}{form}{ending}", "alternate", media) for form, media in FORMS),
        *types("CollectionPage"),
    ]
    return describe(data, links, title=name, opening="", url=page, site=installation().name)
