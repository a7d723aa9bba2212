"""The search: a form that works without scripts, a page of results, and the same as a feed, as data, as a
table; and its description for browsers.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.utils.translation import gettext as _

from plenara.accounts.queries import installation
from plenara.api import problems
from plenara.core import atom
from plenara.core.languages import current, html_code
from plenara.core.views import PublicView, open_to_all
from plenara.exports import addresses
from plenara.exports.presenters import feeds, search_results, tables
from plenara.exports.presenters.search_results import entries
from plenara.exports.queries.search import (
    MEANING,
    NEWEST,
    RELEVANCE,
    SEARCH_PARAMETERS,
    Results,
    Search,
    find_results,
    how_far,
    search_of,
)
from plenara.exports.views.base import OtherForm, unless_new
from plenara.search.query import Problem, QueryRefused
from plenara.site.presenters import search_form


class SearchPage(PublicView):
    """The search page. Knows the parameters of `searching.parameters`; other parameters are ignored."""

    known_parameters = SEARCH_PARAMETERS

    template_name = "site/search.html"
    s_maxage = 30
    stale_while_revalidate = 30
    #: A search that met its deadline, or lacked results by meaning, may improve soon: it is not cached.
    is_cacheable = True

    def get(self, request: HttpRequest) -> HttpResponse:
        search = search_of(request.GET)
        wanted_order = search.order
        results, refused = self.find(search)
        if results:
            search = results.search
        offered = search_form.fields(search)
        response = self.page(
            request,
            {
                "search": search,
                "asked_order": wanted_order,
                "results": results,
                "problem": search_results.problem_in_words(refused) if refused else "",
                "count": search_results.count_in_words(results) if results else "",
                "notes": search_results.notes(results) if results else [],
                "by_words": [each for each in results.rows if not each.is_by_meaning] if results else [],
                "by_meaning": [each for each in results.rows if each.is_by_meaning] if results else [],
                "fields": offered,
                "chosen": search_form.chosen(search, offered),
                # Nothing was found by words: there is no other order to offer.
                "links": links(search, results) | ({} if search.order == wanted_order else {"other_order": ""}),
                "nav_current": "search",
            },
        )
        response["X-Robots-Tag"] = "noindex"
        return response

    def find(self, search: Search) -> tuple[Results | None, QueryRefused | None]:
        """Return the results, or the refusal; neither if there is no query yet."""
        if not search.is_asked:
            return None, None
        try:
            results = find_results(search)
            if search.text and not results.count and not search.before:
                # No text has these words: similar meaning in other words, in any language, is better than nothing.
                results = _near(search) or results
            self.is_cacheable = results.meaning is None or not results.meaning.is_passing
            return results, None
        except QueryRefused as refused:
            self.is_cacheable = refused.problem is not Problem.TOO_SLOW
            return None, refused

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().make_cacheable(request, response)
        if not self.is_cacheable:
            del response["Cache-Control"]
            patch_cache_control(response, no_store=True)


def _near(search: Search) -> Results | None:
    """Return results by meaning for a search that found nothing by its words, if any."""
    if search.is_by_relevance:
        return None
    near = find_results(replace(search, order=RELEVANCE))
    return near if near.rows or (near.meaning and near.meaning.is_passing) else None


def links(search: Search, results: Results | None) -> dict[str, object]:
    """Return the links from a page of results."""
    if results is None:
        return {}
    here = search.address()
    other = NEWEST if search.is_by_relevance else ""
    return {
        "next": f"?{results.next}" if results.next else "",
        "first": f"?{here}" if search.before or search.page > 1 else "",
        "any_word": f"?{search.address(q=any_word)}" if (any_word := _any_word(search, results)) else "",
        "by_meaning": f"?{search.address(order=MEANING)}" if _has_more_by_meaning(search, results) else "",
        "other_order": f"?{search.address(order=other)}" if search.text and results.count else "",
        "feed": f"feed.atom?{search.address(order='')}",
        "csv": f"data.csv?{here}",
        "json": f"data.json?{here}",
        "without_filters": f"?{urlencode({'q': search.text})}" if search.text and search.filters else "",
    }


def _has_more_by_meaning(search: Search, results: Results) -> bool:
    """Return whether a search that found nothing can show the texts nearest in meaning, near or not."""
    found = results.meaning
    return bool(found and found.total and not results.rows and search.order == RELEVANCE and not found.is_passing)


def _any_word(search: Search, results: Results) -> str:
    """Return the words of a search that found nothing, joined by OR; "" for one word, or a query with signs."""
    words = search.text.split()
    plain = len(words) > 1 and all(map(str.isalnum, words))
    return " OR ".join(words) if plain and not results.rows and "OR" not in words else ""


class SearchForm(OtherForm):
    """A search in another form: a page of it, and the address of the next one. A refusal is a problem document."""

    known_parameters: tuple[str, ...] | None = SEARCH_PARAMETERS

    s_maxage = 30
    stale_while_revalidate = 30
    results: Results
    limit = 200
    #: Not if the same query may soon have other results.
    is_cacheable = True

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.search = search_of(request.GET)
        self.variant = [self.search.as_asked(), how_far() if self.search.is_by_relevance else None]

    def cache_tags(self) -> None:
        return None  # any publication may be a result

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
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
                raise QueryRefused(Problem.NOTHING)
            self.results = find_results(self.search, limit=self.limit)
        except QueryRefused as refused:
            return open_to_all(_refused(refused))
        if self.results.next:
            head["Link"] = f'<{self.address()}?{self.results.next}>; rel="next"'
        self.describe(head)
        head.write("".join(self.write()))
        if self.results.meaning and self.results.meaning.is_passing:
            self.is_cacheable = False
        return open_to_all(head)

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().make_cacheable(request, response)
        if not self.is_cacheable:
            del response["Cache-Control"], response["ETag"]
            patch_cache_control(response, no_store=True)

    def address(self) -> str:
        """Return the address of this form of a search, without the query."""
        return addresses.site(self.request.path)


def _refused(refused: QueryRefused) -> HttpResponse:
    answer = problems.answer(problems.bad("q", search_results.problem_in_words(refused)))
    patch_cache_control(answer, no_store=True)
    return answer


class SearchJson(SearchForm):
    """Data for programs."""

    media_type = "application/json; charset=utf-8"

    def write(self) -> Iterable[str]:
        return search_results.document(self.results, self.address())


class SearchCsv(SearchForm):
    """A table for spreadsheets."""

    media_type = "text/csv; charset=utf-8; header=present"

    def describe(self, response: HttpResponseBase) -> None:
        response["Content-Disposition"] = 'attachment; filename="search.csv"'

    def write(self) -> Iterable[str]:
        return tables.as_csv(search_results.rows(self.results), search_results.COLUMNS)


class SearchFeed(SearchForm):
    """The results, always the newest first, so that feed readers show new ones."""

    media_type = atom.MEDIA_TYPE
    limit = 50

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        query = request.GET.copy()
        query["order"] = NEWEST
        self.search = search_of(query)
        self.variant = self.search.as_asked()

    def write(self) -> Iterator[str]:
        found = list(entries(self.results))
        began = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # as in the site's own feed
        wanted = self.search.address(order="")
        name = installation().name
        head = atom.Feed(
            id=atom.tag(settings.SITE_URL, began, f"search/{current()}?{wanted}"),
            title=self.title(name),
            subtitle=self.search.text,
            updated=feeds.moment(found, began),
            url=self.own_address(),
            home=self.home(),
            language=current(),
            author=name,
            links=(atom.Link(f"{self.address()}?{self.results.next}", "next", "application/atom+xml"),)
            if self.results.next
            else (),
        )
        return atom.write(head, found)

    def title(self, name: str) -> str:
        """Return the title of the feed of an installation with this name."""
        return _("Search: %(name)s") % {"name": name}

    def own_address(self) -> str:
        """Return the address of the feed."""
        return f"{self.address()}?{self.search.address(order='', before=self.search.before)}"

    def home(self) -> str:
        """Return the page that it follows."""
        return f"{addresses.home()}search/?{self.search.address(order='')}"


class SearchDescription(OtherForm):
    """The description of the search for browsers (OpenSearch 1.1)."""

    media_type = "application/opensearchdescription+xml; charset=utf-8"

    def cache_tags(self) -> list[str]:
        return ["installation"]

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
