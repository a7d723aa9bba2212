"""Addresses that stay: `/c/{id}`, `/s/{symbol}` and `/` lead to the page in the reader's language."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_cache_control, patch_vary_headers

from plenara.archive import addresses, symbols
from plenara.archive.tombstones import tombstone
from plenara.contributions.models import Edition
from plenara.core.views import PublicView


class Permalink(PublicView):
    """The contribution with an id."""

    is_open_to_scripts = True

    def get(self, request: HttpRequest, public_id: str) -> HttpResponse:
        edition = symbols.edition_of_id(public_id)
        if edition is None:
            raise Http404
        if edition.is_gone:
            return tombstone(request, edition)
        return self.lead(addresses.contribution(edition.consultation.slug, edition.number))

    def lead(self, address: str) -> HttpResponse:
        """Return a redirect, which may be kept for as long as a page, by language."""
        # By path alone: whoever came by another name of this host stays there.
        response = HttpResponseRedirect(address.removeprefix(settings.SITE_URL))
        patch_vary_headers(response, ["Accept-Language"])
        patch_cache_control(response, public=True, max_age=0, s_maxage=self.s_maxage)
        response["Access-Control-Allow-Origin"] = "*"
        return response


class BySymbol(Permalink):
    """Whatever has a symbol: a consultation, a question, a contribution, an edition, a summary."""

    def get(self, request: HttpRequest, symbol: str) -> HttpResponse:  # type: ignore[override]
        found = symbols.address_or_tombstone(symbol.rstrip("/"))
        if found is None:
            raise Http404
        return tombstone(request, found) if isinstance(found, Edition) else self.lead(found)


class Root(Permalink):
    """The first page, in the reader's language."""

    def get(self, request: HttpRequest) -> HttpResponse:  # type: ignore[override]
        return self.lead(addresses.home())
