"""Lists of addresses for search engines (sitemaps.org), each page in its six languages."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from plenara.core.languages import CODES, html_code
from plenara.core.templatetags.plenara import iso
from plenara.exports.addresses import site

#: Addresses that one file may have at most, by the protocol.
MOST_ADDRESSES = 50_000


@dataclass(frozen=True)
class Page:
    """A page: its address after the language, and its last change."""

    path: str
    changed: datetime.datetime | None = None


def index(files: Iterable[Page]) -> Iterator[str]:
    """Yield the list of the lists; `path` is a file's whole path."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for each in files:
        yield f"<sitemap><loc>{escape(site(each.path))}</loc>{_changed(each)}</sitemap>\n"
    yield "</sitemapindex>\n"


def addresses(pages: Iterable[Page]) -> Iterator[str]:
    """Yield a list of pages: one address a language, each with all the others as alternatives."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
    )
    for page in pages:
        at = {code: escape(site(f"/{code}/{page.path}"), {'"': "&quot;"}) for code in CODES}
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{html_code(code)}" href="{other}"/>' for code, other in at.items()
        )
        for address in at.values():
            yield f"<url><loc>{address}</loc>{_changed(page)}{others}</url>\n"
    yield "</urlset>\n"


def _changed(page: Page) -> str:
    return f"<lastmod>{iso(page.changed)}</lastmod>" if page.changed else ""
