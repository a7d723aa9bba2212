"""Calendar, directory and themes: lists with the filters of the site, and one of each."""

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest

from plenara.api import endpoints, problems, validation
from plenara.api.presenters import community
from plenara.api.presenters.consultations import FORMAT
from plenara.api.views.base import ApiView
from plenara.bundles.queries import community_bundle
from plenara.directory.models import CACHE_TAG as DIRECTORY
from plenara.directory.models import Listing, Mark
from plenara.directory.queries.lookup import FOLDERS
from plenara.events.models import CACHE_TAG as CALENDAR
from plenara.events.models import Event
from plenara.events.queries import calendar
from plenara.themes.models import CACHE_TAG as THEMES
from plenara.themes.models import Theme
from plenara.themes.queries import code_order


class OfCommunity(ApiView):
    """Base of the views outside consultations."""

    cache_tag: str

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.read_parameters(**kwargs)
        self.variant = self.parameters.given

    def read_parameters(self, **kwargs: object) -> None:
        """Read the parameters, and find the object of the address."""

    def cache_tags(self) -> list[str]:
        return [self.cache_tag]


class Events(OfCommunity):
    """The dates of the calendar, by their beginning."""

    cache_tag = CALENDAR

    def read_parameters(self, **kwargs: object) -> None:
        self.filters = community.filters(self.parameters)
        self.span = community.span(self.parameters)
        self.after = community.after(self.parameters)
        self.limit = self.parameters.limit()

    def cache_tags(self) -> list[str]:
        # The list of themes defines which ones a theme includes.
        return [CALENDAR, THEMES] if self.filters.theme else [CALENDAR]

    def answer(self) -> dict[str, object]:
        found, after = calendar.lines(self.filters, self.span, self.after, limit=self.limit, deadlines=False)
        rows = [community.date_row(each.what) for each in found if not isinstance(each.what, calendar.Deadline)]
        return self.list_answer(endpoints.events(), {"events": rows}, after)


class OneEvent(OfCommunity):
    """An event with all its dates."""

    cache_tag = CALENDAR
    event: Event

    def read_parameters(self, **kwargs: object) -> None:
        found = community_bundle.with_all(
            community_bundle.numbered("event").filter(number=self.kwargs["number"])
        ).first()
        if found is None:
            raise Http404
        if not found.is_published:
            raise problems.entry_gone(found)
        self.event = found

    def answer(self) -> dict[str, object]:
        return {"format": FORMAT} | community.event_row(self.event)


class Listings(OfCommunity):
    """Organizations, people or projects by number; one that is gone or was merged is a stub."""

    cache_tag = DIRECTORY
    kind: str

    def read_parameters(self, **kwargs: object) -> None:
        self.kind = self.kwargs["kind"]
        self.filters = community.listing_filters(self.parameters, self.kind)
        self.page_request = validation.page_request(self.parameters)

    def cache_tags(self) -> list[str]:
        return [DIRECTORY, THEMES] if self.filters.theme else [DIRECTORY]

    def answer(self) -> dict[str, object]:
        everything = community_bundle.numbered(self.kind)
        chosen = everything
        for what, values in self.filters.marks().items():
            chosen = chosen.filter(Exists(Mark.objects.filter(listing=OuterRef("pk"), what=what, value__in=values)))
        found, after = validation.part(everything, chosen, self.page_request, community_bundle.with_all)
        folder = FOLDERS[self.kind]  # type: ignore[index]
        rows = [community.listing_row(each) for each in found]
        return self.list_answer(endpoints.listings(folder), {folder: rows}, after)


class OneListing(OfCommunity):
    """An organization, a person or a project; for a merged one, what it was merged into."""

    cache_tag = DIRECTORY
    listing: Listing

    def read_parameters(self, **kwargs: object) -> None:
        found = community_bundle.with_all(
            community_bundle.numbered(self.kwargs["kind"]).filter(number=self.kwargs["number"])
        ).first()
        if found is None:
            raise Http404
        if not found.is_published:
            raise problems.entry_gone(found)
        self.listing = found

    def answer(self) -> dict[str, object]:
        return {"format": FORMAT} | community.listing_row(self.listing)


class Themes(OfCommunity):
    """The list of themes, retired ones too, in the order of their codes."""

    cache_tag = THEMES

    def read_parameters(self, **kwargs: object) -> None:
        self.after = self.parameters.words("after", 100)
        self.limit = self.parameters.limit()

    def answer(self) -> dict[str, object]:
        codes = sorted(Theme.objects.order_by().values_list("code", flat=True), key=_order)
        codes_after = [code for code in codes if _order(code) > _order(self.after)] if self.after else codes
        found = {
            each.code: each
            for each in community_bundle.themes_with_all(Theme.objects.filter(code__in=codes_after[: self.limit]))
        }
        rows = [community.theme_row(found[code]) for code in codes_after[: self.limit]]
        last = codes_after[self.limit - 1] if len(codes_after) > self.limit else None
        return self.list_answer(endpoints.themes(), {"themes": rows}, last)


def _order(code: str) -> tuple[list[tuple[bool, object]], str]:
    """Return the sort key of a code: C2 before C10, and no two the same."""
    return [(isinstance(part, str), part) for part in code_order(code)], code


class OneTheme(OfCommunity):
    """A theme of the list."""

    cache_tag = THEMES
    theme: Theme

    def read_parameters(self, **kwargs: object) -> None:
        found = community_bundle.themes_with_all(Theme.objects.filter(code=self.kwargs["code"])).first()
        if found is None:
            raise Http404
        self.theme = found

    def answer(self) -> dict[str, object]:
        return {"format": FORMAT} | community.theme_row(self.theme)
