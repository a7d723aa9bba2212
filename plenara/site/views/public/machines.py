"""Feeds, the sitemap, robots.txt, and permalinks: `/c/{id}`, `/s/{symbol}` and `/`."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import pgettext

import plenara
from plenara.accounts.queries import installation
from plenara.contributions.models import Edition
from plenara.core import atom
from plenara.core.languages import CODES, current, in_language
from plenara.core.text import first_words
from plenara.core.views import PublicView
from plenara.core.vocabulary import licence_name
from plenara.exports import addresses
from plenara.exports.addresses import site
from plenara.exports.presenters import feeds, sitemaps
from plenara.exports.queries import record
from plenara.exports.queries.record import LIST_PARAMETERS, Scope, consultation_or_404, filtered, thread_or_404
from plenara.exports.views.base import LanguageFree, OtherForm, tombstone
from plenara.site.queries import sitemap


class ListFeed(OtherForm):
    """The feed of a consultation or a thread, with the filters of its page; or one of its archive pages."""

    known_parameters = LIST_PARAMETERS

    media_type = atom.MEDIA_TYPE
    scope: Scope
    block: int | None = None

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        slug, number, self.block = self.kwargs["slug"], self.kwargs.get("number"), self.kwargs.get("block")
        if number is None:
            consultation, thread = consultation_or_404(slug), None
        else:
            thread = thread_or_404(slug, number)
            consultation = thread.consultation
        if self.block is not None and not 1 <= self.block <= feeds.full_blocks(consultation):
            raise Http404
        self.scope = filtered(request.GET, consultation, thread)
        self.variant = self.scope.filters

    def cache_tags(self) -> list[str]:
        return [self.scope.consultation.cache_tag]

    def write(self) -> Iterable[str]:
        entries: list[feeds.FeedItem]
        if self.block is not None:
            entries = feeds.of_block(self.scope, self.block)
        else:
            entries = feeds.latest(self.scope)
            if self.scope.thread is None and not self.scope.is_filtered:
                entries = [*feeds.summaries([self.scope.consultation]), *entries]
        return atom.write(self.top(entries), entries)

    def top(self, entries: list[feeds.FeedItem]) -> atom.Feed:
        consultation, thread = self.scope.consultation, self.scope.thread
        title, subtitle = in_language(consultation.title).text, first_words(in_language(consultation.intro).text, 300)
        if thread:
            question = in_language(thread.question).text
            subtitle = title
            title = pgettext("label", "Question %(number)d: %(question)s") % {
                "number": thread.number,
                "question": question,
            }
        return atom.Feed(
            id=feeds.feed_id(self.scope),
            title=title,
            subtitle=subtitle,
            updated=feeds.moment(entries, consultation.created_at),
            url=self.address(self.block),
            home=self.scope.page + self.query(),
            language=current(),
            author=installation().name,
            rights=licence_name(consultation.licence),
            links=tuple(self.neighbours()),
            is_archive=self.block is not None,
        )

    def neighbours(self) -> Iterator[atom.Link]:
        """Yield the links to the other pages of the feed. Two queries at most."""
        kind = "application/atom+xml"
        block = self.block if self.block is not None else feeds.full_blocks(self.scope.consultation) + 1
        if (before := feeds.block_before(self.scope, block)) is not None:
            yield atom.Link(self.address(before), "prev-archive", kind)
        if self.block is not None:
            yield atom.Link(self.address(None), "current", kind)
            if (after := feeds.block_after(self.scope, block)) is not None:
                yield atom.Link(self.address(after), "next-archive", kind)

    def query(self) -> str:
        return f"?{urlencode(self.scope.filters)}" if self.scope.is_filtered else ""

    def address(self, block: int | None) -> str:
        """Return the address of the feed's current page or of one of its archive pages."""
        return f"{self.scope.page}{'feed.atom' if block is None else f'feed/{block}.atom'}{self.query()}"


class SiteFeed(OtherForm):
    """Everything new on this site: consultations, summaries, contributions."""

    media_type = atom.MEDIA_TYPE

    def cache_tags(self) -> None:
        return None  # whatever is published anywhere

    def write(self) -> Iterable[str]:
        consultations = feeds.listed()
        entries: list[feeds.FeedItem] = [
            *feeds.of_consultations(consultations),
            *feeds.summaries(consultations, feeds.BLOCK),
            *feeds.of_all(consultations),
        ]
        entries.sort(key=feeds.moment_of, reverse=True)
        entries = entries[: 2 * feeds.BLOCK]
        began = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        name = installation().name
        head = atom.Feed(
            # The day of an id must never change, and the site itself has no day.
            id=atom.tag(settings.SITE_URL, began, f"feed/{current()}"),
            title=name,
            updated=feeds.moment(entries, began),
            url=f"{addresses.home()}feed.atom",
            home=addresses.home(),
            language=current(),
            author=name,
        )
        return atom.write(head, entries)


#: Paths below each language that are of no use to a reader without an account.
PRIVATE = ("account", "contribute", "desk", "my")
#: Forms with an address among public pages.
FORMS = tuple(f"{folder}/propose" for folder in ("events", "organizations", "people", "projects"))
#: Pages with unlimited variants; their content is on other pages.
ENDLESS = ("search",)


class SiteForm(LanguageFree, OtherForm):
    """Forms of the whole site: stale whenever anything is published."""

    media_type = "application/xml; charset=utf-8"

    def cache_tags(self) -> None:
        return None


class SitemapIndex(SiteForm):
    """The list of the sitemap's files."""

    def write(self) -> Iterable[str]:
        return sitemaps.index(sitemap.files())


class SitemapFile(SiteForm):
    """One file of the sitemap. It has its own date, so that a crawler that has it is answered with 304."""

    part: sitemap.Part

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        found = sitemap.part_of(self.kwargs["kind"], self.kwargs["block"])
        if found is None:
            raise Http404
        self.part = found

    def stamp(self, request: HttpRequest) -> tuple[str, int | None]:
        at = self.part.changed
        values = [plenara.__version__, settings.SITE_URL, request.path, self.part.size, at.isoformat() if at else ""]
        etag = quote_etag(hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32])
        return etag, int(at.timestamp()) if at else None

    def write(self) -> Iterable[str]:
        return sitemaps.addresses(sitemap.pages_of(self.kwargs["kind"], self.kwargs["block"]))


class Robots(LanguageFree, OtherForm):
    """robots.txt: everything that is public."""

    media_type = "text/plain; charset=utf-8"

    def cache_tags(self) -> list[str]:
        return ["installation"]

    def write(self) -> Iterable[str]:
        yield "User-agent: *\n"
        for language in CODES:
            for part in PRIVATE + FORMS + ENDLESS:
                yield f"Disallow: /{language}/{part}/\n"
        if settings.DEMO:
            yield "Disallow: /demo/\n"
        yield f"Allow: /\n\nSitemap: {site('/sitemap.xml')}\n"


class Permalink(PublicView):
    """The contribution with an id."""

    is_open_to_scripts = True

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        edition = record.edition_of_id(public_id)
        if edition is None:
            raise Http404
        if edition.is_gone:
            return tombstone(request, edition)
        return self.lead(addresses.contribution(edition.consultation.slug, edition.number))

    def lead(self, address: str) -> HttpResponse:
        """Return a redirect, which may be kept for as long as a page, by language."""
        # Only the path: a reader who uses another name of this host stays there.
        response = HttpResponseRedirect(address.removeprefix(settings.SITE_URL))
        patch_vary_headers(response, ["Accept-Language"])
        patch_cache_control(response, public=True, max_age=0, s_maxage=self.s_maxage)
        response["Access-Control-Allow-Origin"] = "*"
        return response


class BySymbol(Permalink):
    """A thing with a symbol: a consultation, a question, a contribution, an edition, a summary."""

    def get(self, request: HttpRequest, symbol: str) -> HttpResponse:  # type: ignore[override]
        found = record.address_or_tombstone(symbol.rstrip("/"))
        if found is None:
            raise Http404
        return tombstone(request, found) if isinstance(found, Edition) else self.lead(found)


class Root(Permalink):
    """The first page, in the reader's language."""

    def get(self, request: HttpRequest) -> HttpResponse:  # type: ignore[override]
        return self.lead(addresses.home())
