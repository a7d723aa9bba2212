"""Metadata of the public pages (`core.metadata`)."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation, Thread
from plenara.consultations.presenters.wording import describe_data, describe_part
from plenara.contributions.models import Byline, Edition
from plenara.core.languages import current, html_code, in_language
from plenara.core.metadata import (
    Description,
    Link,
    describe,
    harvested,
    home,
    oembed_link,
    opening_of,
    references,
    types,
)
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import licence_url
from plenara.exports import addresses
from plenara.exports.presenters import attribution
from plenara.exports.presenters.files import Downloads
from plenara.exports.queries import files, record


def describe_contribution(edition: Edition, consultation: Consultation, *, for_good: bool = False) -> Description:
    """Describe the page of a contribution, or the permanent page of this edition. One query.

    `edition` comes with its text, byline, thread, paper and contribution. A tombstone is not described.
    """
    slug = consultation.slug
    page = addresses.contribution(slug, edition.number)
    permalink = addresses.permalink(edition.contribution.public_id or "")
    if for_good:
        page, permalink = addresses.edition(slug, edition.number, edition.revision), record.for_good(edition)
    thread = addresses.thread(slug, edition.thread.number)
    answered = addresses.contribution(slug, edition.in_reply_to) if edition.in_reply_to else ""
    kind = "Comment" if answered else "DiscussionForumPosting"
    title, opening = edition.title or edition.symbol, opening_of(attribution.words(edition))
    data = {
        "@type": kind,
        "@id": permalink,
        "url": page,
        "headline": title,
        "text": opening,
        "inLanguage": html_code(edition.language),
        "datePublished": iso(edition.dated_at),
        "author": _author(edition.byline),
        "identifier": edition.symbol,
        "isPartOf": {"@type": "WebPage", "@id": thread},
        "parentItem": {"@type": "Comment", "@id": answered} if answered else None,
    }
    links: list[Link] = [
        (permalink, "cite-as", ""),
        *references(page),
        (thread, "collection", "text/html"),
        *types(kind, "AboutPage"),
    ]
    if for_good:
        links.append((addresses.contribution(slug, edition.number), "latest-version", "text/html"))
    else:
        links.append(harvested(edition.contribution.public_id or ""))
    if edition.paper:
        links.append((attribution.paper_address(slug, edition), "item", attribution.media_type(edition.paper)))
    return describe(
        data,
        links,
        title=title,
        opening=opening,
        url=page,
        site=installation().name,
        licence=licence_url(consultation.licence),
        kind="article",
    )


def _author(byline: Byline | None) -> dict[str, object]:
    author: dict[str, object] = {"@type": "Person", "name": attribution.name_in_words(byline)}
    if byline and byline.speaks_for_organization and byline.organization:
        author["affiliation"] = {"@type": "Organization", "name": byline.organization}
    return author


def describe_thread(thread: Thread, consultation: Consultation) -> Description:
    """Describe a thread's page. One query."""
    slug, symbol = consultation.slug, f"{consultation.symbol}/Q{thread.number}"
    page, whole = addresses.thread(slug, thread.number), addresses.consultation(slug)
    question, guidance = in_language(thread.question), in_language(thread.guidance).text
    data = {
        "@type": "CollectionPage",
        "@id": addresses.of_symbol(symbol),
        "url": page,
        "name": question.text,
        "description": opening_of(guidance),
        "inLanguage": html_code(question.language),
        "identifier": symbol,
        "isPartOf": {"@type": "WebPage", "@id": whole},
    }
    links: list[Link] = [
        (addresses.of_symbol(symbol), "cite-as", ""),
        home(),
        (whole, "collection", "text/html"),
        *references(page),
        (f"{page}data.json", "item", "application/json"),
        (f"{page}feed.atom", "alternate", "application/atom+xml"),
        (f"{page}data.csv", "alternate", "text/csv"),
        (f"{page}raw.txt", "alternate", "text/plain"),
        (f"{page}mbox.gz", "alternate", "application/gzip"),
        oembed_link(page),
        *types("CollectionPage"),
    ]
    return describe(
        data,
        links,
        title=question.text,
        opening=opening_of(guidance or in_language(consultation.title).text),
        url=page,
        site=installation().name,
        licence=licence_url(consultation.licence),
    )


def describe_consultation(consultation: Consultation) -> Description:
    """Describe a consultation's page: a set of data that can be downloaded. One query."""
    page, symbol = addresses.consultation(consultation.slug), addresses.of_symbol(consultation.symbol)
    bundle, table = (addresses.export(consultation.slug, name) for name in (files.BUNDLE, files.CSV))
    period = [iso(at) or ".." for at in (consultation.opens_at, consultation.closes_at)]
    return describe_data(
        consultation,
        page,
        name=in_language(consultation.title),
        opening=opening_of(in_language(consultation.intro).text),
        **{"@id": symbol},
        identifier=consultation.symbol,
        temporalCoverage="/".join(period) if period != ["..", ".."] else "",
        distribution=[
            {"@type": "DataDownload", "contentUrl": bundle, "encodingFormat": "application/zip"},
            {"@type": "DataDownload", "contentUrl": table, "encodingFormat": "text/csv"},
        ],
        links=[
            (symbol, "cite-as", ""),
            home(),
            (addresses.site(f"/{current()}/consultations/"), "collection", "text/html"),
            *references(page),
            (f"{page}data.json", "item", "application/json"),
            (f"{page}feed.atom", "alternate", "application/atom+xml"),
            (bundle, "item", "application/zip"),
            (table, "item", "text/csv"),
            oembed_link(page),
            *types("Dataset", "AboutPage"),
        ],
    )


def describe_downloads(consultation: Consultation, found: Downloads) -> Description:
    """Describe the page of a consultation's files: the set of data, and each file of it. One query."""
    files = found.files(consultation.slug)
    symbol = addresses.of_symbol(consultation.symbol)
    return describe_data(
        consultation,
        addresses.downloads(consultation.slug),
        name=in_language(consultation.title),
        opening=_("Download the complete public record of a consultation, with checksums."),
        **{"@id": symbol},
        identifier=consultation.symbol,
        dateModified=iso(found.made.record.changed_at) if found.made else "",
        distribution=[
            {
                "@type": "DataDownload",
                "name": str(each["title"]),
                "contentUrl": each["address"],
                "encodingFormat": each["media_type"].split(";")[0],
                "contentSize": str(each["file"].size),
                "sha256": each["file"].sha256,
            }
            for each in files
            if each["file"]
        ],
        links=[
            (symbol, "cite-as", ""),
            (addresses.consultation(consultation.slug), "collection", "text/html"),
            *((each["address"], "item", each["media_type"].split(";")[0]) for each in files),
            *types("Dataset"),
        ],
    )


def describe_register(consultation: Consultation) -> Description:
    """Describe the register of a consultation's moderation: a set of data too. One query."""
    forms = [("data.csv", "text/csv"), ("data.json", "application/json")]
    return _describe_moderation(consultation, pgettext("label", "Moderation decisions"), forms)


def describe_turnaround(consultation: Consultation) -> Description:
    """Describe the page of turnaround times. One query."""
    forms = [("turnaround.csv", "text/csv"), ("turnaround.svg", "image/svg+xml")]
    return _describe_moderation(consultation, pgettext("label", "Time to decision"), forms, below="turnaround/")


def _describe_moderation(
    consultation: Consultation, name: str, forms: list[tuple[str, str]], below: str = ""
) -> Description:
    register = addresses.decisions(consultation.slug)
    found = [(f"{register}{ending}", kind) for ending, kind in forms]
    # The calendar and the directory have no page of a consultation: their rules lead to the register.
    rules = addresses.site(f"/{current()}/about/rules/")
    whole = rules if consultation.is_community else addresses.consultation(consultation.slug)
    return describe_part(consultation, whole, f"{register}{below}", name, found)
