"""The search: a form that works without scripts, and a page of what was found."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from plenara.archive.searching import choices, sentences
from plenara.archive.searching.parameters import NEWEST, RELEVANCE, SEARCH_PARAMETERS, Search, search_of
from plenara.archive.searching.results import Results, find
from plenara.core.views import PublicView
from plenara.search.query import Problem, Refused


class SearchPage(PublicView):
    """The search page. Knows the parameters of `searching.parameters`; other parameters are ignored."""

    known_parameters = SEARCH_PARAMETERS

    template_name = "archive/search.html"
    s_maxage = 30
    stale_while_revalidate = 30
    #: What ended by its deadline, or went without the meaning, may do better in a moment: nobody keeps that.
    is_kept = True

    def get(self, request: HttpRequest) -> HttpResponse:
        search = search_of(request.GET)
        asked_order = search.order
        results, refused = self.find(search)
        if results:
            search = results.search
        offered = choices.fields(search)
        response = self.page(
            request,
            {
                "search": search,
                "asked_order": asked_order,
                "results": results,
                "problem": sentences.problem(refused) if refused else "",
                "count": sentences.count(results) if results else "",
                "notes": sentences.notes(results) if results else [],
                "by_words": [each for each in results.rows if not each.is_by_meaning] if results else [],
                "by_meaning": [each for each in results.rows if each.is_by_meaning] if results else [],
                "fields": offered,
                "chosen": choices.chosen(search, offered),
                # By words alone nothing was found: there is no other order to offer.
                "links": links(search, results) | ({} if search.order == asked_order else {"other_order": ""}),
                "nav_current": "search",
            },
        )
        response["X-Robots-Tag"] = "noindex"
        return response

    def find(self, search: Search) -> tuple[Results | None, Refused | None]:
        """Return what was found, or why it was not asked; neither where nothing is asked yet."""
        if not search.is_asked:
            return None, None
        try:
            results = find(search)
            if search.text and not results.count and not search.before:
                # No text has these words: what says the same in others, in whatever language, is better than nothing.
                results = _near(search) or results
            self.is_kept = results.meaning is None or not results.meaning.is_passing
            return results, None
        except Refused as refused:
            self.is_kept = refused.problem is not Problem.TOO_SLOW
            return None, refused

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().make_cacheable(request, response)
        if not self.is_kept:
            del response["Cache-Control"]
            patch_cache_control(response, no_store=True)


def _near(search: Search) -> Results | None:
    """Return what is near in meaning to a search that found nothing by its words; nothing where nothing is."""
    if search.is_by_relevance:
        return None
    near = find(replace(search, order=RELEVANCE))
    return near if near.rows or (near.meaning and near.meaning.is_passing) else None


def links(search: Search, results: Results | None) -> dict[str, Any]:
    """Return the addresses that lead on from a search that was answered."""
    if results is None:
        return {}
    here = search.address()
    other = NEWEST if search.order == RELEVANCE else ""
    return {
        "next": f"?{results.next}" if results.next else "",
        "first": f"?{here}" if search.before or search.page > 1 else "",
        "any_word": f"?{search.address(q=any_word)}" if (any_word := _any_word(search, results)) else "",
        "other_order": f"?{search.address(order=other)}" if search.text and results.count else "",
        "feed": f"feed.atom?{search.address(order='')}",
        "csv": f"data.csv?{here}",
        "json": f"data.json?{here}",
        "without_filters": f"?{urlencode({'q': search.text})}" if search.text and search.filters else "",
    }


def _any_word(search: Search, results: Results) -> str:
    """Return the words of a search that found nothing, joined by OR; nothing where it has one, or has signs."""
    words = search.text.split()
    plain = len(words) > 1 and all(map(str.isalnum, words))
    return " OR ".join(words) if plain and not results.rows and "OR" not in words else ""
