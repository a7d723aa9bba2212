"""The search of the site, for programs: the same parameters, the same results."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from plenara.archive.api import problems, searching
from plenara.archive.api.paging import MANY
from plenara.archive.api.public.base import ApiView
from plenara.archive.searching import sentences
from plenara.archive.searching.by_meaning import how_far
from plenara.archive.searching.parameters import Search
from plenara.archive.searching.results import find
from plenara.search.finding import PAGE
from plenara.search.query import Refused


class SearchView(ApiView):
    """A page of what was found, and where the next one is. What cannot be searched for is a problem."""

    s_maxage = 30
    stale_while_revalidate = 30
    search: Search
    limit: int
    #: Not where the same question may be answered otherwise in a moment.
    is_kept = True

    def find(self, request: HttpRequest, **kwargs: Any) -> None:
        wanted = searching.wanted(self.parameters)
        if wanted is None:
            raise Http404
        self.search = wanted
        self.limit = self.parameters.number("limit", least=1, most=MANY) or PAGE
        self.variant = [self.parameters.asked, how_far() if self.search.is_by_relevance else None]

    def cache_tags(self) -> None:
        return None  # whatever is published anywhere may be found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().get(request, *args, **kwargs)
        except Refused as refused:
            raise problems.bad("q", sentences.problem(refused)) from refused

    def reading(self) -> AbstractContextManager[None]:
        return nullcontext()  # a question that ends by its deadline ends its transaction too

    def tell(self) -> dict[str, Any]:
        if not self.search.is_asked:
            return searching.nothing()
        results = find(self.search, limit=self.limit)
        if results.meaning and results.meaning.is_passing:
            self.is_kept = False
        return searching.told(results, self.parameters.asked.get("limit", ""))

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().make_cacheable(request, response)
        if not self.is_kept:
            del response["Cache-Control"], response["ETag"]
            patch_cache_control(response, no_store=True)
