"""How it works, rules, privacy, accessibility, licence: the installation's own pages; and the documentation."""

import functools
import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts.queries import page_text
from plenara.consultations import community
from plenara.core.views import PublicView
from plenara.site.presenters.about import page_facts

TITLES = {
    "how": pgettext_lazy("label", "How it works"),
    "rules": pgettext_lazy("label", "Rules and moderation"),
    "privacy": pgettext_lazy("label", "Privacy"),
    "accessibility": pgettext_lazy("label", "Accessibility"),
    "licence": _("Licence for your contributions"),
}


class About(PublicView):
    """One of the installation's pages."""

    template_name = "site/about.html"

    def get(self, request: HttpRequest, page: str) -> HttpResponse:
        if page not in TITLES:
            raise Http404
        context = {
            "title": TITLES[page],
            "text": page_text(page, facts=page_facts),
            "page": page,
            "titles": TITLES,
            "nav_current": page,
            # Before the first proposal there is no register to link to.
            "has_register": page == "rules" and community.existing() is not None,
        }
        return self.page(request, context)


class Docs(PublicView):
    """A file of the documentation, if this installation shows it (`PLENARA_DOCS`)."""

    def cache_tags(self) -> list[str]:
        return ["installation"]

    def get(self, request: HttpRequest, name: str = "index.html") -> HttpResponse:
        folder: Path | None = settings.DOCS
        if folder is None or name not in _names(folder):
            raise Http404
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        charset = "; charset=utf-8" if kind.startswith("text/") else ""
        return HttpResponse(
            (folder / name).read_bytes(), content_type=f"{kind}{charset}", headers={"Content-Language": "en"}
        )


@functools.cache
def _names(folder: Path) -> frozenset[str]:
    """Return the files in a folder: no address reaches any other."""
    return frozenset(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
