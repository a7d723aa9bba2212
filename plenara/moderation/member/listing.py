"""An owner's page of a listing, of whichever kind it is."""

from django.http import Http404, HttpRequest, HttpResponse

from plenara.directory.models import Listing
from plenara.moderation.member.entries import MineEntry


class MineListing(MineEntry):
    """One of one's own entries of the directory."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.kind = Listing.objects.filter(pk=pk, owner=self.person).values_list("of", flat=True).first() or ""
        if not self.kind:
            raise Http404
        return super().get(request, pk)
