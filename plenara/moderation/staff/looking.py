"""The part of the queue that a moderator looks through: an address carries it from one item to the next, and back."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from plenara.consultations.models import Consultation, Thread
from plenara.core.views import StaffView
from plenara.moderation import filters, queue, rules


def threads_of(where: Sequence[Consultation]) -> list[Thread]:
    """Return the questions of consultations, as the filters need them. One query."""
    found = Thread.objects.filter(consultation__in=[each.pk for each in where])
    return list(found.defer("guidance", "rewordings", "themes"))


def moderated(person: Any) -> list[Consultation]:
    """Return the consultations that a person moderates, the newest first. One query."""
    return list(Consultation.objects.filter(pk__in=rules.moderated_by(person)).order_by("-pk"))


def tab_of(address: Mapping[str, Any]) -> str:
    """Return the part of the queue that an address names; the first where it names none."""
    tab = address.get("tab", "")
    return tab if tab in queue.TABS else ""


def query_of(values: Mapping[str, str], **more: str) -> str:
    """Return what an address has behind its path to name these filters."""
    query = {name: value for name, value in {**values, **more}.items() if value}
    return f"?{urlencode(query)}" if query else ""


class WithinQueue(StaffView):
    """A view that is reached from the queue. It leads on within what of the queue its reader had chosen to look at."""

    @cached_property
    def asked(self) -> filters.Asked:
        """What of the queue is looked at. Two queries where the address says anything, none else."""
        if not self.request.GET:
            return filters.Asked({}, [])
        where = moderated(self.person)
        return filters.Asked.read(self.request.GET, where, threads_of(where))

    @cached_property
    def within(self) -> str:
        """What the address of each page on the way says of it."""
        return query_of(self.asked.values, tab=tab_of(self.request.GET))

    def page(self, request: HttpRequest, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
        more = {"within": self.within, "and_within": self.within.replace("?", "&", 1), "queue_url": self.queue_url()}
        return super().page(request, {**more, **(context or {})}, status)

    def queue_url(self) -> str:
        """Return where the queue is, as it was looked at."""
        return reverse("moderation:queue") + self.within

    def to_queue(self) -> HttpResponseRedirectBase:
        """Lead back to the queue."""
        return redirect(self.queue_url())

    def onward(self) -> HttpResponseRedirectBase:
        """Lead to what waits next of what is looked at; to the queue, which says so, where nothing is left of it."""
        only, tab = self.asked.condition(), tab_of(self.request.GET)
        return redirect(queue.onward(self.person, only=only, tab=tab, query=self.within))

    def rows(self) -> tuple[list[queue.Row], int]:
        """Return the first rows of what is looked at, to stand beside what is open, and how many it has in all."""
        return queue.rows(self.person, only=self.asked.condition(), tab=tab_of(self.request.GET))
