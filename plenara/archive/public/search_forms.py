"""A search in other forms, with the parameters of its page: as a feed, as data, as a table; and for browsers."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _

from plenara.accounts.installation import installation
from plenara.archive import addresses, feeds
from plenara.archive.api import problems
from plenara.archive.formats import tables
from plenara.archive.other_form import OtherForm, open_to_all, unless_new
from plenara.archive.searching import rows, sentences
from plenara.archive.searching.by_meaning import how_far
from plenara.archive.searching.entries import entries
from plenara.archive.searching.parameters import NEWEST, SEARCH_PARAMETERS, search_of
from plenara.archive.searching.results import Results, find
from plenara.core import atom
from plenara.core.languages import current, html_code
from plenara.search.query import Problem, Refused


class SearchForm(OtherForm):
    """A search in another form: a page of it, and where the next one is. A search that is refused is a problem."""

    known_parameters: tuple[str, ...] | None = SEARCH_PARAMETERS

    s_maxage = 30
    stale_while_revalidate = 30
    results: Results
    limit = 200
    #: Not where the same question may be answered otherwise in a moment.
    is_kept = True

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        self.search = search_of(request.GET)
        self.variant = [self.search.as_asked(), how_far() if self.search.is_by_relevance else None]

    def cache_tags(self) -> None:
        return None  # whatever is published anywhere may be found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.find(request)
        head = HttpResponse(content_type=self.media_type)
        head["X-Robots-Tag"] = "noindex"
        head["ETag"], modified = self.stamp(request)
        if modified:
            head["Last-Modified"] = http_date(modified)
        if known := unless_new(request, head, modified):
            return open_to_all(known)
        try:
            if not self.search.is_asked:
                raise Refused(Problem.NOTHING)
            self.results = find(self.search, limit=self.limit)
        except Refused as refused:
            return open_to_all(_refused(refused))
        if self.results.next:
            head["Link"] = f'<{self.address()}?{self.results.next}>; rel="next"'
        self.describe(head)
        head.write("".join(self.write()))
        if self.results.meaning and self.results.meaning.is_passing:
            self.is_kept = False
        return open_to_all(head)

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().make_cacheable(request, response)
        if not self.is_kept:
            del response["Cache-Control"], response["ETag"]
            patch_cache_control(response, no_store=True)

    def address(self) -> str:
        """Return where this form of a search stands, without what is asked."""
        return addresses.site(self.request.path)


def _refused(refused: Refused) -> HttpResponse:
    answer = problems.answer(problems.bad("q", sentences.problem(refused)))
    patch_cache_control(answer, no_store=True)
    return answer


class SearchJson(SearchForm):
    """Data for programs."""

    media_type = "application/json; charset=utf-8"

    def write(self) -> Iterable[str]:
        return rows.document(self.results, self.address())


class SearchCsv(SearchForm):
    """A table for spreadsheets."""

    media_type = "text/csv; charset=utf-8; header=present"

    def describe(self, response: HttpResponseBase) -> None:
        response["Content-Disposition"] = 'attachment; filename="search.csv"'

    def write(self) -> Iterable[str]:
        return tables.as_csv(rows.rows(self.results), rows.COLUMNS)


class SearchFeed(SearchForm):
    """What was found, the newest first whatever the order of the page: so that a reader hears of what is new."""

    media_type = atom.MEDIA_TYPE
    limit = 50

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        query = request.GET.copy()
        query["order"] = NEWEST
        self.search = search_of(query)
        self.variant = self.search.as_asked()

    def write(self) -> Iterator[str]:
        told = list(entries(self.results))
        began = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # as of the site's own feed
        asked = self.search.address(order="")
        name = installation().name
        head = atom.Feed(
            id=atom.tag(settings.SITE_URL, began, f"search/{current()}?{asked}"),
            title=self.title(name),
            subtitle=self.search.text,
            updated=feeds.moment(told, began),
            url=self.own_address(),
            home=self.home(),
            language=current(),
            author=name,
            links=(atom.Link(f"{self.address()}?{self.results.next}", "next", "application/atom+xml"),)
            if self.results.next
            else (),
        )
        return atom.write(head, told)

    def title(self, name: str) -> str:
        """Return what the feed of an installation with this name is called."""
        return _("%(name)s: search") % {"name": name}

    def own_address(self) -> str:
        """Return where the feed stands."""
        return f"{self.address()}?{self.search.address(order='', before=self.search.before)}"

    def home(self) -> str:
        """Return the page that it follows."""
        return f"{addresses.home()}search/?{self.search.address(order='')}"


class SearchDescription(OtherForm):
    """How a browser searches here (OpenSearch 1.1)."""

    media_type = "application/opensearchdescription+xml; charset=utf-8"

    def cache_tags(self) -> list[str]:
        return []

    def write(self) -> Iterator[str]:
        name, here = installation().name, f"{addresses.home()}search/"
        yield '<?xml version="1.0" encoding="utf-8"?>\n<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        yield f"<ShortName>{escape(name[:16])}</ShortName>\n<LongName>{escape(name[:48])}</LongName>\n"
        description = _("Search the contributions, documents and summaries of every consultation, in six languages.")
        yield f"<Description>{escape(description)}</Description>\n<InputEncoding>UTF-8</InputEncoding>\n"
        forms = {"text/html": "", "application/atom+xml": "feed.atom", "application/json": "data.json"}
        for media_type, form in forms.items():
            template = quoteattr(f"{here}{form}?q={{searchTerms}}")
            yield f'<Url type="{media_type}" rel="results" template={template}/>\n'
        yield f"<Language>{html_code(current())}</Language>\n"
        yield "</OpenSearchDescription>\n"
