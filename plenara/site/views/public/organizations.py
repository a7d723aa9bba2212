"""An organization of the directory with its contributions, events, people and projects."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from plenara.consultations.models import LIST_CACHE_TAG
from plenara.core.languages import current
from plenara.core.text import number_in
from plenara.directory.models import CACHE_TAG, Kind, Listing
from plenara.directory.presenters import display
from plenara.directory.queries import lookup
from plenara.directory.queries.lists import belonging
from plenara.directory.views.public import ListingView
from plenara.events.models import CACHE_TAG as EVENTS_CACHE_TAG
from plenara.events.presenters import calendar_pages as events
from plenara.events.presenters import icalendar
from plenara.events.queries.calendar import Filters
from plenara.exports import addresses
from plenara.exports.views.base import OtherForm
from plenara.site.queries.overviews import Represented, represented

#: The most of each kind that are shown; the lists have all.
MOST_CONTRIBUTIONS, MOST_EVENTS, MOST_LISTED = 5, 5, 8


class OrganizationView(ListingView):
    """The base of the pages of an organization and of its contributions."""

    kind = Kind.ORGANIZATION

    def context(self, page: display.Page) -> dict[str, object]:
        number = page.listing.number
        return {**super().context(page), "calendar": f"{page.url}calendar.ics", "number": number}


class OrganizationPage(OrganizationView):
    """An organization."""

    template_name = "site/organization.html"

    def context(self, page: display.Page) -> dict[str, object]:
        family = lookup.family(page.listing)
        numbers = list(family.values())
        people, projects = (
            belonging(kind, numbers, current(), MOST_LISTED + 1) for kind in (Kind.PERSON, Kind.PROJECT)
        )
        contributed = represented(family, limit=MOST_CONTRIBUTIONS)
        return {
            **super().context(page),
            "contributed": contributed.editions,
            "more_contributed": contributed.next is not None,
            "events": events.next_lines(_calendar_of(page.listing, numbers), MOST_EVENTS),
            "people": display.rows(people[:MOST_LISTED]),
            "more_people": len(people) > MOST_LISTED,
            "projects": display.rows(projects[:MOST_LISTED]),
            "more_projects": len(projects) > MOST_LISTED,
        }


class OrganizationContributions(OrganizationView):
    """All contributions of an organization, the newest first."""

    template_name = "site/organization_contributions.html"
    start: int | None = None

    def get(self, request: HttpRequest, number: int, start: int | None = None) -> HttpResponseBase:
        if start and not number_in(str(start)):
            raise Http404
        self.start = start
        return super().get(request, number)

    def show(self, request: HttpRequest, page: display.Page) -> HttpResponse:
        contributed = represented(lookup.family(page.listing), start=self.start)
        if self.start and not contributed.editions:
            raise Http404
        return self.page(
            request,
            {
                **self.context(page),
                "contributed": contributed.editions,
                "pages": pages(page.listing, contributed, self.start),
            },
        )


def pages(listing: Listing, contributed: Represented, start: int | None) -> dict[str, str]:
    """Return the links to the newest, next newer and next older page."""

    def address(key: int | None) -> str:
        if key is None:
            return ""
        return reverse("site:organization_contributions_from", args=[listing.number, key])

    newest = reverse("site:organization_contributions", args=[listing.number])
    is_first = start is None or contributed.previous is None
    return {
        "first": "" if is_first else newest,
        "previous": address(contributed.previous),
        "next": address(contributed.next),
    }


class OrganizationCalendar(OtherForm):
    """The calendar of an organization: everything that it organizes, past, coming and cancelled."""

    media_type = icalendar.MEDIA_TYPE
    listing: Listing

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        found = lookup.organization(self.kwargs["number"])
        if found is None:
            raise Http404
        self.listing = found

    def cache_tags(self) -> list[str]:
        return [CACHE_TAG, EVENTS_CACHE_TAG, LIST_CACHE_TAG]

    def write(self) -> Iterable[str]:
        page = addresses.site(lookup.path_of(Kind.ORGANIZATION, self.listing.number or 0))
        filters = _calendar_of(self.listing, lookup.numbers_of(self.listing))
        name = lookup.name_of(self.listing).text
        return icalendar.calendar_text(filters, current(), name=name, source=f"{page}calendar.ics", url=page)


def _calendar_of(listing: Listing, numbers: Iterable[int]) -> Filters:
    """Return the filter for the events of an organization, and of those that were merged into it."""
    return Filters(organization=str(listing.number), organizations=tuple(map(str, numbers)))
