"""Contributions and their editions, the register of moderation, and the search of the site for programs."""

from contextlib import AbstractContextManager, nullcontext

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from plenara.api import problems, validation
from plenara.api.presenters import contributions
from plenara.api.presenters.consultations import FORMAT, head
from plenara.api.views.base import ApiView, OfConsultation
from plenara.contributions.models import Edition
from plenara.exports import addresses
from plenara.exports.presenters import attribution, search_results
from plenara.exports.queries import record
from plenara.exports.queries.search import Search, find_results, how_far
from plenara.moderation.queries.register import RegisterFilters, matching, register_entries, with_means
from plenara.search.queries.results import PAGE
from plenara.search.query import QueryRefused


class Contributions(OfConsultation):
    """Contributions by number, tombstones among them; or the newest first."""

    def read_parameters(self) -> None:
        self.matching = contributions.matching(self.parameters)
        newest = self.parameters.choice("order", ["number", "newest"]) == "newest"
        self.page_request = validation.page_request(self.parameters, newest=newest)

    def answer(self) -> dict[str, object]:
        everything = Edition.objects.filter(consultation=self.consultation, in_force=True)
        chosen = everything.filter(**self.matching) if self.matching else everything
        found, after = validation.part(everything, chosen, self.page_request, contributions.read)
        rows = [contributions.row(each, self.consultation) for each in found]
        return self.list_answer(self.below("contributions"), {"contributions": rows}, after)


class OfContribution(OfConsultation):
    """Base of the views of one contribution."""

    editions: list[Edition]

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        super().find(request, **kwargs)
        found = Edition.objects.filter(consultation=self.consultation, number=self.kwargs["number"])
        self.editions = list(contributions.read(found).select_related("thread").order_by("revision"))
        if not self.editions:
            raise Http404


class OneContribution(OfContribution):
    """A contribution as its edition in force; with `revision`, one edition for good."""

    edition: Edition
    is_for_good = False

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        super().find(request, **kwargs)
        revision = int(self.kwargs["revision"]) if "revision" in self.kwargs else None
        self.is_for_good = revision is not None
        for each in self.editions:
            if each.revision == revision or (revision is None and each.in_force):
                self.edition = each
                break
        else:
            raise Http404
        if not attribution.has_words(self.edition):
            raise problems.gone(self.edition)

    def links(self) -> list[tuple[str, str]]:
        public_id = self.edition.public_id  # type: ignore[attr-defined]
        cited_as = record.for_good(self.edition) if self.is_for_good else addresses.permalink(public_id)
        return [(cited_as, "cite-as"), *super().links()]

    def answer(self) -> dict[str, object]:
        of = contributions.edition_row if self.is_for_good else contributions.row
        answer = {"format": FORMAT, "consultation": head(self.consultation)} | of(self.edition, self.consultation)
        return answer | contributions.more(self.edition, self.consultation, self.editions)


class Editions(OfContribution):
    """Every edition of a contribution, superseded ones too; one that is gone is a stub."""

    def answer(self) -> dict[str, object]:
        below = f"contributions/{self.editions[0].number}/editions"
        rows = [contributions.edition_row(each, self.consultation) for each in self.editions]
        return self.list_answer(self.below(below), {"editions": rows})


class Decisions(OfConsultation):
    """Decisions by number, with the filters of the register's page."""

    filters: RegisterFilters

    def read_parameters(self) -> None:
        self.filters = contributions.decision_filters(self.parameters)
        self.page_request = validation.page_request(self.parameters)

    def answer(self) -> dict[str, object]:
        everything = matching(self.consultation, RegisterFilters())
        chosen = matching(self.consultation, self.filters) if self.filters else everything
        found, after = validation.part(everything, chosen, self.page_request, with_means)
        entries = [
            contributions.decision_row(each, self.consultation) for each in register_entries(found, self.consultation)
        ]
        return self.list_answer(self.below("decisions"), {"decisions": entries}, after)


class SearchView(ApiView):
    """A page of search results, and the address of the next. A search that is refused is a problem."""

    s_maxage = 30
    stale_while_revalidate = 30
    search: Search
    limit: int
    #: Not where the same query may have another answer in a moment.
    is_cacheable = True

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        search = contributions.search_of(self.parameters)
        if search is None:
            raise Http404
        self.search = search
        self.limit = self.parameters.limit(PAGE)
        self.variant = [self.parameters.given, how_far() if self.search.is_by_relevance else None]

    def cache_tags(self) -> None:
        return None  # the results may include anything published

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return super().get(request, *args, **kwargs)
        except QueryRefused as refused:
            raise problems.bad("q", search_results.problem_in_words(refused)) from refused

    def reading(self) -> AbstractContextManager[None]:
        return nullcontext()  # a query that its deadline ends also ends its transaction

    def answer(self) -> dict[str, object]:
        if not self.search.is_asked:
            return contributions.no_rows()
        results = find_results(self.search, limit=self.limit)
        if results.meaning and results.meaning.is_passing:
            self.is_cacheable = False
        return contributions.found_rows(results, self.parameters.given.get("limit", ""))

    def make_cacheable(self, request: HttpRequest, response: HttpResponseBase) -> None:
        super().make_cacheable(request, response)
        if not self.is_cacheable:
            del response["Cache-Control"], response["ETag"]
            patch_cache_control(response, no_store=True)
