"""Views for readers of the directory: its lists, the page of a person or a project, figures."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import pgettext

from plenara.core.languages import current
from plenara.core.text import number_in
from plenara.core.views import PublicView, gone
from plenara.directory.models import Kind, Listing
from plenara.directory.presenters import display
from plenara.directory.presenters.display import describe_list
from plenara.directory.presenters.wording import kind_names
from plenara.directory.queries import lists, lookup
from plenara.directory.queries.figures import figures_of
from plenara.directory.queries.lists import PARAMETERS, ListFilters, ListPage, list_filters, list_page
from plenara.directory.queries.lookup import FOLDERS


class ListView(PublicView):
    """A list, in the order of the reader's alphabet. Knows its filters, `letter` and `from`; others are ignored."""

    known_parameters = (*PARAMETERS, "from")

    template_name = "directory/list.html"
    kind = Kind.ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        language = current()
        asked = list_filters(request.GET, self.kind, language)
        start = number_in(request.GET.get("from", ""))
        page = list_page(self.kind, asked, language, start if start < 1 << 31 else 0)
        fields = lists.form_fields(self.kind, asked)
        query = asked.address()
        description = describe_list(self.kind, kind_names()[self.kind], query)
        response = self.page(
            request,
            {
                "description": description,
                "kind": self.kind,
                "tabs": tabs(self.kind),
                "folder": FOLDERS[self.kind],
                "rows": display.rows([each.listing for each in page.places], [each.initial for each in page.places]),
                "fields": fields,
                "chosen": lists.chosen(asked, fields),
                "letters": lists.letters(asked, page.letters, language),
                "every_letter": asked.without("letter").address(),
                "wanted": asked,
                "query": query,
                "page": page,
                "pages": pages(page, asked),
                "nav_current": "directory",
            },
        )
        response["Link"] = description.link_header
        return response


class Organizations(ListView):
    """Organizations."""


class People(ListView):
    """People who asked to be listed."""

    kind = Kind.PERSON


class Projects(ListView):
    """Projects."""

    kind = Kind.PROJECT


def tabs(kind: str) -> list[dict[str, object]]:
    """Return the links between the three lists."""
    names = kind_names()
    return [
        {"name": names[each], "url": f"/{current()}/{folder}/", "is_current": each == kind}
        for each, folder in FOLDERS.items()
    ]


def pages(page: ListPage, asked: ListFilters) -> dict[str, object]:
    """Return the links to the first, previous and next page, and the letters of this one."""
    initials = [each.initial for each in page.places]
    span = ""
    if initials:
        first, last = initials[0], initials[-1]
        span = first if first == last else pgettext("label", "%(first)s to %(last)s") % {"first": first, "last": last}
    return {
        "first": "" if page.is_first else f"?{asked.address()}",
        "previous": _begins_with(page.previous, asked),
        "next": _begins_with(page.next, asked),
        "span": span,
    }


def _begins_with(number: int | None, asked: ListFilters) -> str:
    return f"?{asked.address(**{'from': number})}" if number is not None else ""


class DirectoryFigures(PublicView):
    """The figures of one of the three lists."""

    template_name = "directory/figures.html"

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        there = [{**each, "url": f"{each['url']}figures/"} for each in tabs(kind)]
        return self.page(
            request,
            {
                "kind": kind,
                "tabs": there,
                "list_url": f"/{current()}/{FOLDERS[Kind(kind)]}/",
                "figures": figures_of(kind),
                "nav_current": "directory",
            },
        )


class ListingView(PublicView):
    """A listing by its number: its page, a redirect to what it was merged into, or 410."""

    kind = Kind.PERSON

    def get(self, request: HttpRequest, number: int) -> HttpResponseBase:
        listing = Listing.objects.filter(of=self.kind, number=number).select_related("merged_into").first()
        if listing is None:
            raise Http404
        if listing.merged_into:
            return HttpResponsePermanentRedirect(lookup.path_of(self.kind, listing.merged_into.number or 0))
        if not listing.is_published:
            back = f"/{current()}/{FOLDERS[self.kind]}/"
            return gone(
                request, {"sentence": display.gone_in_words(listing), "links": [(kind_names()[self.kind], back)]}
            )
        return self.show(request, display.page_of(listing))

    def show(self, request: HttpRequest, page: display.Page) -> HttpResponse:
        """Return the page of a listing that is public."""
        description = display.describe_listing(page)
        response = self.page(request, {**self.context(page), "description": description})
        response["Link"] = description.link_header
        return response

    def context(self, page: display.Page) -> dict[str, object]:
        """Return the context of the page."""
        listing = page.listing
        return {
            "page": page,
            "listing": listing,
            "details": listing.details,
            "crumbs": [(each["name"], each["url"]) for each in tabs(self.kind) if each["is_current"]],
            "ror": display.ror(page),
            "orcid": display.orcid(page),
            "verified": display.verified_in_words(page.verification) if page.verification else "",
            "nav_current": "directory",
        }


class PersonPage(ListingView):
    """A person who asked to be listed, with what they chose to show."""

    template_name = "directory/person.html"


class ProjectPage(ListingView):
    """A project."""

    template_name = "directory/project.html"
    kind = Kind.PROJECT

    def context(self, page: display.Page) -> dict[str, object]:
        mark = display.progress_mark(page.listing)
        return {**super().context(page), "mark": mark}
