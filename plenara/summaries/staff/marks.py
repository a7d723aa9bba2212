"""Marking contributions as read at the workbench: one, those of the page, or back to unread."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.contributions.models import Edition
from plenara.documents import rules as document_rules
from plenara.summaries.coverage import coverage
from plenara.summaries.reading_marks import mark_read, mark_unread
from plenara.summaries.staff.base import SummaryView
from plenara.summaries.staff.listing import MOST_FOUND, Listing, asked_before


class Marks(SummaryView):
    """`read` names contributions by number, one or several; `unread` one; `then` says where to go.

    `then=next` leads to the next that nobody has read, of those that `back` asks for; anything else back to the list.
    """

    http_method_names = ["post"]

    def may(self) -> Any:
        return document_rules.may_write(self.person, self.document)

    def post(self, request: HttpRequest) -> HttpResponse:
        numbers = [int(each) for each in request.POST.getlist("read")[:MOST_FOUND] if _is_number(each)]
        found = Edition.objects.filter(consultation=self.consultation, in_force=True)
        if numbers:
            new = mark_read(actor=self.person, summary=self.summary, editions=found.filter(number__in=numbers))
            if new:
                sentence = ngettext("%(count)d contribution is read.", "%(count)d contributions are read.", new)
                self.say(request, sentence % {"count": new})
        back = request.POST.get("unread", "")
        if _is_number(back) and (edition := found.filter(number=int(back)).first()):
            mark_unread(actor=self.person, summary=self.summary, edition=edition)
            self.say(request, _("It is unread again."))
        return self.onward(request, max(numbers, default=0))

    def onward(self, request: HttpRequest, after: int) -> HttpResponse:
        """Lead to the next unread contribution, or back to the list as it was."""
        listing = Listing.read(asked_before(request.POST.get("back", "")), coverage(self.summary))
        if request.POST.get("then") == "next":
            unread = [each.number for each in listing.chosen if not each.is_read] or [
                each.number for each in listing.coverage.contributions if not each.is_read
            ]
            if unread:
                return redirect(self.address("cite", next((each for each in unread if each > after), unread[0])))
            self.say(request, _("Everything of the period is read."))
        query = listing.address()
        return redirect(f"{self.address('workbench')}{'?' + query if query else ''}#contributions")


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 9
