"""Metadata of public pages for machines: JSON-LD and Open Graph in the head, Signposting in the `Link` header, and
oEmbed.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from plenara.core.languages import current
from plenara.core.rows import Json
from plenara.core.text import first_words

#: The most characters of a text in a description.
OPENING = 200
#: The media type of a reference, by the ending of its address.
REFERENCES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
}
#: Characters that could end the script element, or a line of the script that reads it.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

#: The suffix after the symbol of a first edition, where only that edition is meant.
FIRST = "/Rev.0"

type Link = tuple[str, str, str]  # address, relation, media type


@dataclass(frozen=True)
class Description:
    """The content of a page's head and of its `Link` header."""

    head_html: SafeString
    link_header: str


def describe(
    data: Json,
    links: Sequence[Link],
    *,
    title: str,
    opening: str,
    url: str,
    site: str,
    licence: str = "",
    kind: str = "website",
) -> Description:
    """Return a page's description; `data` is its JSON-LD, without its blank values."""
    properties = {
        "og:type": kind,
        "og:title": title,
        "og:description": opening,
        "og:url": url,
        "og:site_name": site,
        "og:locale": {"zh": "zh_CN"}.get(current(), current()),
    }
    tags = format_html_join("", '<meta property="{}" content="{}">', ((k, v) for k, v in properties.items() if v))
    if licence:
        data, links = data | {"license": licence}, [*links, (licence, "license", "")]
    return Description(format_html("{}{}", tags, json_ld(data)), link_header(links))


def json_ld(data: Json) -> SafeString:
    """Return JSON-LD as a script element; nothing in it can end the element."""
    document = {"@context": "https://schema.org", **{name: value for name, value in data.items() if value}}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def link_header(links: Sequence[Link]) -> str:
    """Return a `Link` header (RFC 8288)."""
    return ", ".join(f'<{url}>; rel="{rel}"' + (f'; type="{kind}"' if kind else "") for url, rel, kind in links)


def references(page: str) -> list[Link]:
    """Return the links to the references of a page, at addresses below it."""
    return [(f"{page}cite.{ending}", "describedby", kind) for ending, kind in REFERENCES.items()]


def lasting_symbol(symbol: str) -> str:
    """Return the symbol of an edition without its revision, which stays the same."""
    return re.sub(r"/(Rev|Corr)\.[0-9]+$", "", symbol)


def site_host() -> str:
    """Return the host name of this site's address."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def oai_identifier(name: str) -> str:
    """Return the OAI identifier of a contribution, by its id, or of a summary, by its symbol."""
    return f"oai:{site_host()}:{quote(name, safe='/')}"


def harvested(name: str) -> Link:
    """Return the link to its OAI record."""
    query = f"verb=GetRecord&metadataPrefix=oai_dc&identifier={oai_identifier(name)}"
    return (f"{settings.SITE_URL}/oai?{query}", "describedby", "text/xml")


def home() -> Link:
    """Return the link to the publisher of this site."""
    return (f"{settings.SITE_URL}/{current()}/", "author", "text/html")


def publisher(name: str) -> Json:
    """Return the publisher of this site, as JSON-LD."""
    return {"@type": "Organization", "name": name, "url": f"{settings.SITE_URL}/"}


def edition_symbol(symbol: str, revision: int) -> str:
    """Return the permanent symbol of one edition; a bare symbol names the edition in force."""
    return symbol if revision else f"{symbol}{FIRST}"


def types(*names: str) -> list[Link]:
    """Return the links to a page's types in schema.org."""
    return [(f"https://schema.org/{name}", "type", "") for name in names]


def opening_of(text: str) -> str:
    """Return the first words of a text on one line."""
    return first_words(text, OPENING)


#: The default size of a frame in CSS pixels.
WIDTH, HEIGHT = 600, 420
MEDIA_TYPE = "application/json+oembed"


def frame_html(page: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> SafeString:
    """Return the HTML element that embeds `page`, an absolute address, in another site's page."""
    element = '<iframe src="{}embed/" title="{}" width="{}" height="{}" loading="lazy"></iframe>'
    return format_html(element, page, title, width, height)


def oembed_link(page: str) -> tuple[str, str, str]:
    """Return the link by which clients of oEmbed find out how to embed `page` (address, relation, media type)."""
    return (f"{settings.SITE_URL}/oembed?url={quote(page, safe='')}", "alternate", MEDIA_TYPE)
