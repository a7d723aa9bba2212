"""Leaving a note for the next moderator; the notes themselves stand beside the text."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.core.refusals import Invalid
from plenara.core.text import number_in
from plenara.moderation import actions, queue, rules
from plenara.moderation.models import Item
from plenara.moderation.publishable import KINDS
from plenara.moderation.staff.looking import WithinQueue


class Notes(WithinQueue):
    """Takes a note on a thing, and leads back to it."""

    http_method_names = ["post"]

    def allowed(self, kind: str, pk: int) -> Any:
        found = KINDS[kind].find(pk) if kind in KINDS else None
        if found is None or found.consultation_id not in rules.moderated_by(self.person):
            raise Http404
        return rules.may_note(self.person, found)

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        text = request.POST.get("note", "").replace("\x00", "")
        try:
            actions.leave_note(actor=self.person, kind=kind, pk=pk, text=text)
        except Invalid as refused:
            return render(request, "core/refused.html", {"refused": refused, "kept_text": text}, status=422)
        messages.success(request, _("Your note is kept."))
        return redirect(self.page_it_came_from(request, kind, pk))

    def page_it_came_from(self, request: HttpRequest, kind: str, pk: int) -> str:
        """Return the page of the row that the form names: before publication, after it, or of an appeal."""
        found = Item.objects.select_related("consultation", "appeal__decision").filter(kind=kind, object_id=pk)
        items = found.filter(pk=number_in(request.GET.get("item", "")))
        url = next((row.url for row in queue.filled(list(items), self.person)), "")
        return (url or reverse("moderation:decide", args=[kind, pk])) + self.within
