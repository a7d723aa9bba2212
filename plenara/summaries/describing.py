"""What a summary's page says of itself to machines (`common.describing`)."""

from django.conf import settings

from plenara.accounts.installation import installation
from plenara.common.describing import Description, Link, describe, opening_of, references, types
from plenara.common.languages import current, html_code
from plenara.common.templatetags.plenara import iso
from plenara.common.vocabulary import licence_url
from plenara.consultations.models import Consultation
from plenara.documents.reading import Reading
from plenara.summaries.kind import SUMMARY
from plenara.summaries.printing import pdf, word


def describe_summary(reading: Reading, consultation: Consultation) -> Description:
    """Describe the page of a summary as it is read. One query."""
    edition = reading.edition
    page = settings.SITE_URL + SUMMARY.url(consultation.slug, edition.number)
    symbol = f"{settings.SITE_URL}/s/{edition.symbol}"
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
        "isPartOf": {"@type": "WebPage", "@id": whole},
    }
    links: list[Link] = [
        (symbol, "cite-as", ""),
        *references(page),
        (f"{page}summary.pdf", "alternate", pdf.MEDIA_TYPE),
        (f"{page}summary.docx", "alternate", word.MEDIA_TYPE),
        (f"{page}summary.txt", "alternate", "text/plain"),
        (whole, "collection", "text/html"),
        *types("Report", "AboutPage"),
    ]
    return describe(
        data,
        links,
        title=title,
        opening=opening_of(next((each.text for each in reading.paragraphs if each.text), "")),
        url=page,
        site=installation().name,
        licence=licence_url(consultation.licence),
        kind="article",
    )
