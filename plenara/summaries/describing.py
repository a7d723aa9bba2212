"""What a summary's page says of itself to machines (`common.describing`)."""

from django.conf import settings

from plenara.accounts.installation import installation
from plenara.consultations.models import Consultation
from plenara.core.describing import (
    Description,
    Link,
    describe,
    edition_symbol,
    harvested,
    home,
    lasting_symbol,
    opening_of,
    publisher,
    references,
    types,
)
from plenara.core.embedding import oembed_link
from plenara.core.languages import current, html_code
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import licence_url
from plenara.documents.printing import pdf, word
from plenara.documents.reading import Reading
from plenara.summaries.kind import SUMMARY


def describe_summary(reading: Reading, consultation: Consultation) -> Description:
    """Describe the page of a summary as it is read. One query."""
    edition = reading.edition
    in_force = settings.SITE_URL + SUMMARY.url(consultation.slug, edition.number)
    page, symbol = in_force, f"{settings.SITE_URL}/s/{edition.symbol}"
    if not edition.in_force:
        page = f"{in_force}rev/{edition.revision}/"
        symbol = f"{settings.SITE_URL}/s/{edition_symbol(edition.symbol, edition.revision)}"
    whole = f"{settings.SITE_URL}/{current()}/consultations/{consultation.slug}/"
    label = SUMMARY.label(edition.number)
    title = f"{label}: {reading.title}" if reading.title else label
    data = {
        "@type": "Report",
        "@id": symbol,
        "url": page,
        "name": title,
        "reportNumber": edition.symbol,
        "inLanguage": html_code(reading.language),
        "datePublished": iso(edition.published_at),
        "author": [{"@type": "Person", "name": each} for each in reading.writers if each],
        "publisher": publisher(site := installation().name),
        "isPartOf": {"@type": "WebPage", "@id": whole},
    }
    links: list[Link] = [
        (symbol, "cite-as", ""),
        *references(page),
        home(),
        (whole, "collection", "text/html"),
        *types("Report", "AboutPage"),
    ]
    if edition.in_force:
        files = (("pdf", pdf.MEDIA_TYPE), ("docx", word.MEDIA_TYPE), ("txt", "text/plain"))
        links += [(f"{page}summary.{ending}", "item", kind) for ending, kind in files]
        links += [harvested(lasting_symbol(edition.symbol)), oembed_link(page)]
    else:
        links.append((in_force, "latest-version", "text/html"))
    return describe(
        data,
        links,
        title=title,
        opening=opening_of(next((each.text for each in reading.paragraphs if each.text), "")),
        url=page,
        site=site,
        licence=licence_url(consultation.licence),
        kind="article",
    )
