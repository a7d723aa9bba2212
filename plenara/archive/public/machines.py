"""What search engines ask for: the sitemap and its files, and what they may read."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest

from plenara.archive import sitemap
from plenara.archive.addresses import site
from plenara.archive.formats import sitemaps
from plenara.archive.formats.sitemaps import Page
from plenara.archive.other_form import LanguageFree, OtherForm
from plenara.core.languages import CODES

#: Below each language: what is of no use to a reader without an account.
PRIVATE = ("account", "contribute", "desk", "my")
#: Pages without end; whatever they find stands elsewhere.
ENDLESS = ("search",)


class SiteForm(LanguageFree, OtherForm):
    """What is of the whole site: stale whenever anything is published."""

    media_type = "application/xml; charset=utf-8"

    def cache_tags(self) -> None:
        return None


class SitemapIndex(SiteForm):
    """The list of the sitemap's files."""

    def write(self) -> Iterable[str]:
        return sitemaps.index(sitemap.files())


class SitemapFile(SiteForm):
    """One file of the sitemap."""

    pages: Iterator[Page]

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        pages = sitemap.pages_of(kwargs["kind"], kwargs["block"])
        if pages is None:
            raise Http404
        first = next(pages, None)
        if first is None and kwargs["block"] > 1 and request.path not in {each.path for each in sitemap.files()}:
            raise Http404
        self.pages = chain([first], pages) if first is not None else pages

    def write(self) -> Iterable[str]:
        return sitemaps.addresses(self.pages)


class Robots(LanguageFree, OtherForm):
    """What robots may read: everything that is public."""

    media_type = "text/plain; charset=utf-8"

    def cache_tags(self) -> list[str]:
        return []

    def write(self) -> Iterable[str]:
        yield "User-agent: *\n"
        for language in CODES:
            for part in PRIVATE + ENDLESS:
                yield f"Disallow: /{language}/{part}/\n"
        yield f"Allow: /\n\nSitemap: {site('/sitemap.xml')}\n"
