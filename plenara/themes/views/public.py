"""The list of themes, and the permanent address of a theme, which redirects by content negotiation."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core.languages import current, html_code, in_language
from plenara.core.metadata import describe, home, types
from plenara.core.views import PublicView
from plenara.themes import queries
from plenara.themes.models import Theme

#: The other forms of a theme: ending of the address by media type. The first is the default.
FORMS = {"text/turtle": ".ttl", "application/ld+json": ".jsonld"}


@dataclass(frozen=True)
class Top:
    """A theme at the top of the tree, and all below it, in order."""

    theme: Theme
    below: list[Theme]

    @property
    def all(self) -> list[Theme]:
        return [self.theme, *self.below]


class List(PublicView):
    """Every theme that is offered, in the order of the tree. One query."""

    template_name = "themes/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        tops: list[Top] = []
        for each in queries.tree():
            if each.depth == 0:
                tops.append(Top(each.theme, []))
            else:
                tops[-1].below.append(each.theme)
        own = any(in_language(each.labels).language in each.own_labels for top in tops for each in top.all)
        address = f"{settings.SITE_URL}/themes"
        page = f"{settings.SITE_URL}/{current()}/themes/"
        description = describe(
            {"@type": "DefinedTermSet", "@id": address, "url": page, "inLanguage": html_code(current())},
            [
                home(),
                (f"{address}.ttl", "alternate", "text/turtle"),
                (f"{address}.jsonld", "alternate", "application/ld+json"),
                (f"{address}.csv", "alternate", "text/csv"),
                *types("DefinedTermSet", "CollectionPage"),
            ],
            title=pgettext("heading", "Themes"),
            opening=_(
                "One list of themes for questions, contributions, summaries, events, organizations, people and "
                "projects."
            ),
            url=page,
            site="",
        )
        response = self.page(
            request, {"tops": tops, "has_own": own, "description": description, "nav_current": "themes"}
        )
        response["Link"] = description.link_header
        return response


class PermanentAddress(PublicView):
    """The permanent address of a theme, or of the whole list: 303 to the requested form (`Accept`)."""

    is_open_to_scripts = True

    def get(self, request: HttpRequest, code: str = "") -> HttpResponse:
        if code and not Theme.objects.filter(code=code).exists():
            raise Http404
        below = f"/{code}" if code else ""
        kind = request.get_preferred_type(["text/html", "application/xhtml+xml", *FORMS])
        target = f"/themes{below}{FORMS[kind]}" if kind in FORMS else f"/{current()}/themes{below}/"
        response = HttpResponse(status=303, headers={"Location": target})
        patch_vary_headers(response, ["Accept", "Accept-Language"])
        patch_cache_control(response, public=True, max_age=0, s_maxage=self.s_maxage)
        response["Access-Control-Allow-Origin"] = "*"
        return response
