"""The page of a person or of a project. That of an organization gathers from elsewhere: it stands in the archive."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from plenara.core.languages import current
from plenara.core.views import PublicView, gone
from plenara.directory import describing, reading, shown
from plenara.directory.models import Kind, Listing
from plenara.directory.public.lists import tabs
from plenara.directory.reading import FOLDERS
from plenara.directory.searching import kind_names


class ListingView(PublicView):
    """A listing by its number: its page, what it was merged into, or that it has gone."""

    kind = Kind.PERSON

    def get(self, request: HttpRequest, number: int) -> HttpResponseBase:
        listing = Listing.objects.filter(of=self.kind, number=number).select_related("merged_into").first()
        if listing is None:
            raise Http404
        if listing.merged_into:
            return HttpResponsePermanentRedirect(reading.path_of(self.kind, listing.merged_into.number or 0))
        if not listing.is_published:
            back = f"/{current()}/{FOLDERS[self.kind]}/"
            return gone(request, {"sentence": shown.gone_in_words(listing), "links": [(kind_names()[self.kind], back)]})
        return self.show(request, shown.page_of(listing))

    def show(self, request: HttpRequest, page: shown.Page) -> HttpResponse:
        """Return the page of a listing that is public."""
        description = describing.describe_listing(page)
        response = self.page(request, {**self.context(page), "description": description})
        response["Link"] = description.link_header
        return response

    def context(self, page: shown.Page) -> dict[str, object]:
        """Return what the page shows."""
        listing = page.listing
        return {
            "page": page,
            "listing": listing,
            "details": listing.details,
            "crumbs": [(each["name"], each["url"]) for each in tabs(self.kind) if each["is_current"]],
            "ror": describing.ror(page),
            "orcid": describing.orcid(page),
            "verified": shown.verified_in_words(page.verification) if page.verification else "",
            "nav_current": "directory",
        }


class PersonPage(ListingView):
    """Somebody who asked to be listed, with what they show of themselves."""

    template_name = "directory/person.html"


class ProjectPage(ListingView):
    """A project."""

    template_name = "directory/project.html"
    kind = Kind.PROJECT

    def context(self, page: shown.Page) -> dict[str, object]:
        mark = shown.progress_mark(page.listing)
        return {**super().context(page), "mark": mark}
