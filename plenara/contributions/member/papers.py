"""Views to papers that are not public, or not yet: for their author and for who decides on them."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from plenara.contributions import rules
from plenara.contributions.models import Draft, Paper, Version
from plenara.contributions.papers import TYPES, file_of
from plenara.core.store.sending import attachment
from plenara.core.views import MemberView


class OneVersions(MemberView):
    """The paper that goes with a version: its author's, and its moderators'."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        found = Version.objects.select_related("paper", "contribution__consultation")
        version = get_object_or_404(found, pk=pk, paper__isnull=False)
        if not rules.may_see(self.person, version.contribution):
            raise Http404
        return as_file(version.paper)


class OneDrafts(MemberView):
    """The paper that goes with one's own draft."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        draft = get_object_or_404(Draft.objects.select_related("paper"), pk=pk, person=self.person, paper__isnull=False)
        return as_file(draft.paper)


def as_file(paper: Any) -> HttpResponseBase:
    """Return a paper to be kept as a file. No browser opens it here, and what opens it all the same can do nothing."""
    assert isinstance(paper, Paper)
    known = paper.media_type if paper.media_type in TYPES.values() else "application/octet-stream"
    try:
        response = attachment(file_of(paper), paper.name, known)
    except FileNotFoundError as error:
        raise Http404 from error
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
