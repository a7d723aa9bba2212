"""What pages of the directory say of themselves to machines (`common.describing`). Nothing that they do not show."""

from typing import Any

from django.conf import settings

from plenara.accounts.installation import installation
from plenara.core.describing import Description, Link, describe, home, opening_of, types
from plenara.core.languages import current, html_code
from plenara.directory.models import Kind
from plenara.directory.reading import FOLDERS, Named
from plenara.directory.shown import Page

#: What schema.org calls each kind.
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
    """Describe the page of a listing. One query."""
    kind = Kind(page.listing.of)
    opening = opening_of(page.texts[0].text) if page.texts else ""
    data: dict[str, Any] = {
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


def _organization(page: Page) -> dict[str, Any]:
    acronym = page.details.get("acronym")
    country = page.details.get("country")
    return {
        "alternateName": [*(each.text for each in page.other_names), *([acronym] if acronym else [])],
        "url": page.details.get("site"),
        "sameAs": ror(page),
        "identifier": ror(page),
        # The country alone; nobody's street.
        "location": {"@type": "Country", "name": country} if country else None,
    }


def _person(page: Page) -> dict[str, Any]:
    written = page.details.get("affiliation_name")
    affiliation = [_member(each) for each in page.organizations]
    return {
        "affiliation": affiliation or ({"@type": "Organization", "name": written} if written else None),
        "knowsLanguage": page.details.get("languages"),
        "url": page.details.get("site"),
        "sameAs": orcid(page),
        "identifier": orcid(page),
    }


def _project(page: Page) -> dict[str, Any]:
    return {
        "alternateName": [each.text for each in page.other_names],
        "url": page.details.get("link"),
        "foundingDate": page.details.get("starts"),
        "dissolutionDate": page.details.get("ends"),
        "member": [_member(each) for each in page.organizations],
        "areaServed": [{"@type": "Country", "name": each} for each in page.countries],
    }


def _member(organization: Named) -> dict[str, Any]:
    url = f"{settings.SITE_URL}{organization.url}"
    return {"@type": "Organization", "@id": url, "name": organization.name, "url": url}


_OF = {Kind.ORGANIZATION: _organization, Kind.PERSON: _person, Kind.PROJECT: _project}


def describe_list(kind: str, name: str, query: str) -> Description:
    """Describe a list, with the other forms of it. One query."""
    page = f"{settings.SITE_URL}/{current()}/{FOLDERS[Kind(kind)]}/"
    ending = f"?{query}" if query else ""
    data = {"@type": "CollectionPage", "@id": page, "url": page, "name": name, "inLanguage": html_code(current())}
    links = [
        home(),
        *((f"{page}{form}{ending}", "alternate", media) for form, media in FORMS),
        *types("CollectionPage"),
    ]
    return describe(data, links, title=name, opening="", url=page, site=installation().name)
