"""Metadata of an outcome's pages."""

from collections.abc import Iterable

from django.conf import settings

from plenara.accounts.queries import installation
from plenara.core.languages import Localized, html_code
from plenara.core.metadata import (
    Description,
    Link,
    describe,
    harvested,
    home,
    lasting_symbol,
    opening_of,
    publisher,
    references,
    types,
)
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import licence_url
from plenara.documents.models import Signature
from plenara.outcomes.presenters.outcomes import body_name, outcome_name
from plenara.outcomes.queries.paragraphs import ReadParagraph
from plenara.outcomes.queries.versions import Place, body_url

#: By the ending of the address: the report as a file.
FILES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
}


def describe_outcome(
    place: Place, title: Localized, language: str, signatures: Iterable[Signature], opening: str
) -> Description:
    """Return the metadata of a version of an outcome. One query."""
    edition = place.version.edition
    page, in_force = settings.SITE_URL + place.here, settings.SITE_URL + place.outcome_url
    symbol = place.permanent if edition.in_force and not place.is_for_good else place.for_good
    links: list[Link] = [
        (symbol, "cite-as", ""),
        *references(page),
        home(),
        (settings.SITE_URL + body_url(place.body), "collection", "text/html"),
        *types("Report", "AboutPage"),
    ]
    if edition.in_force:
        links += [(f"{in_force}outcome.{ending}", "item", kind) for ending, kind in FILES.items()]
        links.append(harvested(lasting_symbol(edition.symbol)))
    else:
        links.append((in_force, "latest-version", "text/html"))
    name = outcome_name(place.version, title)
    data = _data(place, name, language, symbol, page) | {
        "author": [{"@type": "Person", "name": each.name} for each in signatures if each.name and each.part == "wrote"],
    }
    return _described(place, data, links, name, opening, page)


def describe_paragraph(place: Place, title: Localized, paragraph: ReadParagraph, here: str) -> Description:
    """Return the metadata of a paragraph of a version. One query."""
    page = settings.SITE_URL + here
    symbol = f"{place.permanent if not place.is_for_good else place.for_good}#s{paragraph.number}"
    whole = settings.SITE_URL + place.here
    name = f"{outcome_name(place.version, title)}, {paragraph.number}"
    data = _data(place, name, paragraph.language, symbol, page) | {
        "@type": "Chapter",
        "position": paragraph.number,
        "isPartOf": {"@type": "Report", "@id": whole},
    }
    links: list[Link] = [
        (symbol, "cite-as", ""),
        *references(page),
        home(),
        (whole, "collection", "text/html"),
        *types("Chapter", "AboutPage"),
    ]
    return _described(place, data, links, name, paragraph.text, page)


def _data(place: Place, name: str, language: str, symbol: str, page: str) -> dict[str, object]:
    edition = place.version.edition
    return {
        "@type": "Report",
        "@id": symbol,
        "url": page,
        "name": name,
        "reportNumber": edition.symbol,
        "inLanguage": html_code(language),
        "datePublished": iso(edition.published_at),
        "creativeWorkStatus": place.version.stage,
        "sourceOrganization": {
            "@type": "Organization",
            "name": body_name(place.body).text,
            "url": settings.SITE_URL + body_url(place.body),
        },
        "isPartOf": {"@type": "WebPage", "@id": settings.SITE_URL + body_url(place.body)},
    }


def _described(
    place: Place, data: dict[str, object], links: list[Link], name: str, opening: str, page: str
) -> Description:
    site = installation().name
    return describe(
        data | {"publisher": publisher(site)},
        links,
        title=name,
        opening=opening_of(opening),
        url=page,
        site=site,
        licence=licence_url(place.consultation.licence),
        kind="article",
    )
