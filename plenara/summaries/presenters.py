"""The page of a summary: signatures, six languages, the stakeholder groups of its contributions, metadata."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation
from plenara.core.languages import current, html_code
from plenara.core.metadata import (
    Description,
    Link,
    describe,
    edition_symbol,
    harvested,
    home,
    lasting_symbol,
    oembed_link,
    opening_of,
    publisher,
    references,
    types,
)
from plenara.core.rows import Json
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import StakeholderGroup, language_name, licence_url
from plenara.documents.actions import printed_files
from plenara.documents.presenters import pdf
from plenara.documents.presenters.editions import language_rows, names_in_words
from plenara.documents.queries.editions import Reading
from plenara.summaries.kind import SUMMARY


def describe_summary(reading: Reading, consultation: Consultation) -> Description:
    """Return the metadata of a summary's page. One query."""
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
        files = (("pdf", pdf.MEDIA_TYPE), ("docx", printed_files.WORD_MEDIA_TYPE), ("txt", "text/plain"))
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


def signatures_in_words(reading: Reading) -> list[str]:
    """Return the sentences on its writers and approvers; none for an import without signatures."""
    writers = [each for each in reading.writers if each]
    if not reading.writers and reading.approver is None:
        is_by_schedule = reading.edition.summary.figures.get("by_schedule")
        return (
            [_("Published automatically, according to the schedule of this consultation. No one wrote this summary.")]
            if is_by_schedule
            else []
        )
    wrote = (
        ngettext("Written by %(names)s, rapporteur.", "Written by %(names)s, rapporteurs.", len(writers))
        % {"names": names_in_words(writers)}
        if writers
        else _("Written by the rapporteur.")
    )
    if reading.approver is None:
        return [wrote]
    if reading.edition.self_approved:
        approved = (
            _("Approved by %(name)s, who also helped to write the summary. This consultation has no other organizer.")
            % {"name": names_in_words([reading.approver])}
            if reading.approver
            else _(
                "Approved by an organizer who also helped to write the summary. This consultation has no other "
                "organizer."
            )
        )
    elif reading.approver:
        approved = _("Approved by %(name)s, organizer.") % {"name": names_in_words([reading.approver])}
    else:
        approved = _("Approved by an organizer.")
    return [wrote, approved]


def six_languages(reading: Reading, slug: str) -> list[dict[str, object]]:
    """Return the state of its six languages for `core/languages.html`."""
    edition = reading.edition
    return language_rows(edition, reading.renditions, lambda code: SUMMARY.url(slug, edition.number, code))


@dataclass(frozen=True)
class Represented:
    """A stakeholder group's part in a period: how many contributions, and how many of them are cited."""

    group: str
    all: int
    cited: int


def represented(figures: Json) -> list[Represented]:
    """Return every stakeholder group, also those without contributions, to show who is missing."""
    groups = figures.get("groups", {})
    found = [Represented(group, *groups.get(group, (0, 0))) for group in StakeholderGroup.values]
    return sorted(found, key=lambda each: -each.all)


def languages_of(figures: Json) -> list[tuple[str, int]]:
    """Return the languages of a period's contributions with their numbers, the largest first."""
    counts = figures.get("languages", {}).items()
    return [(language_name(code), count) for code, count in sorted(counts, key=lambda pair: (-pair[1], pair[0]))]
