"""How many stand in each list, by group, region and more, as tables and drawings."""

from django.http import HttpRequest, HttpResponse

from plenara.core.languages import current
from plenara.core.views import PublicView
from plenara.directory.figures import figures_of
from plenara.directory.models import Kind
from plenara.directory.public.lists import tabs
from plenara.directory.reading import FOLDERS


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
