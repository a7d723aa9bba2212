"""The queue's views: everything that waits in the consultations one moderates, and how many that are."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.consultations import working_time
from plenara.consultations.models import Consultation
from plenara.core.languages import in_language
from plenara.core.templatetags.plenara import number
from plenara.core.views import StaffView
from plenara.moderation import filters, queue, rules
from plenara.moderation.staff.looking import moderated, query_of, tab_of, threads_of
from plenara.moderation.staff.undoing import just_decided


class Queue(StaffView):
    """Everything that waits in the consultations one moderates, oldest first, in the languages one reads first."""

    template_name = "moderation/queue.html"

    def allowed(self, **kwargs: Any) -> Any:
        return rules.may_open_queue(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        where = moderated(self.person)
        threads = threads_of(where)
        asked = filters.Asked.read(request.GET, where, threads)
        tab = tab_of(request.GET)
        after = queue.Cursor.read(request.GET.get("after", ""))
        preference, only = queue.preference_of(self.person), asked.condition()
        page = queue.page(self.person, tab=tab, only=only, after=after, reads=preference.reads)
        counts = queue.counts(self.person, only)
        offered = filters.offer(asked.values, asked.where, threads)
        if len(where) > 1:
            offered.insert(0, self.by_consultation(where, asked.values.get("consultation", "")))
        return self.page(
            request,
            {
                "rows": page.rows,
                "waiting": counts["all"],
                "waiting_words": queue.count_in_words(counts["all"]),
                "found": counts[tab],
                "tabs": self.tabs(counts, tab, asked.values),
                "tab": tab,
                "filters": offered,
                "marks": asked.marks,
                "is_filtered": bool(asked.values),
                "reads": preference.reads,
                "within": query_of(asked.values, tab=tab),
                "and_within": query_of(asked.values, tab=tab).replace("?", "&", 1),
                "clocks": clocks(asked.where),
                "first_url": address(asked.values, tab=tab) if after else "",
                "next_url": address(asked.values, tab=tab, after=str(page.after)) if page.after else "",
                "just_decided": just_decided(self.person),
                "nav_current": "desk",
            },
        )

    def by_consultation(self, where: list[Consultation], chosen: str) -> filters.Filter:
        """Return the filter that comes first, where somebody moderates more than one consultation."""
        choices = [
            filters.Choice(
                one.slug, str(in_language(one.title)) if one.is_community else f"{one.symbol} {in_language(one.title)}"
            )
            for one in where
        ]
        return filters.Filter("consultation", _("Consultation"), _("All consultations"), choices, chosen)

    def tabs(self, counts: dict[str, int], current: str, values: dict[str, str]) -> list[dict[str, Any]]:
        """Return the parts of the queue, with how many each has of what is looked at."""
        return [
            {"name": tab, "count": counts[tab], "url": address(values, tab=tab), "current": tab == current}
            for tab in queue.TABS
        ]


class Count(StaffView):
    """How many wait, for the page that is open: a number and the words for it."""

    def allowed(self, **kwargs: Any) -> Any:
        return rules.may_open_queue(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        waiting = queue.count(self.person)
        return JsonResponse({"waiting": waiting, "text": queue.count_in_words(waiting)})


def clocks(where: Sequence[Consultation]) -> list[tuple[str, list[Consultation]]]:
    """Return what is promised and which days count: each sentence with the consultations of which it is true."""
    found: dict[str, list[Consultation]] = {}
    for one in where:
        days = one.promise_working_days
        promise = ngettext(
            "A decision is promised within %(days)s working day.",
            "A decision is promised within %(days)s working days.",
            days,
        ) % {"days": number(days)}
        found.setdefault(f"{promise} {working_time.in_words(one)}", []).append(one)
    return list(found.items())


def address(values: dict[str, str], **more: str) -> str:
    """Return the queue's address with these filters."""
    return reverse("moderation:queue") + query_of(values, **more)
