"""Views for readers: all statements of all summaries by question, and what no summary has covered yet."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.core.views import PublicView
from plenara.summaries import compilation, periods
from plenara.summaries.kind import SUMMARY
from plenara.summaries.places import base_of, consultation_or_404
from plenara.summaries.since import last_covered, new_since


class GatheredView(PublicView):
    """What a page gathered from all summaries of a consultation shares."""

    def context(self, consultation: Consultation, **more: Any) -> dict[str, Any]:
        """Return what such a page shows in any case."""
        return {
            "consultation": consultation,
            "base": base_of(consultation),
            "nav_current": "consultations",
            **more,
        }


class Compilation(GatheredView):
    """Every statement in force, by question: on one page where they fit, else a page a question."""

    template_name = "summaries/compilation.html"

    def get(self, request: HttpRequest, slug: str, number: int | None = None, start: int = 0) -> HttpResponse:
        consultation = consultation_or_404(slug)
        threads = list(consultation.threads.all())
        counts = compilation.counts(consultation)
        after = None
        if number is not None:
            parts, after = compilation.of_thread(consultation, threads, number, start)
            if not parts:
                raise Http404
        elif sum(counts.values()) <= compilation.PAGE:
            parts = compilation.all_of(consultation, threads)
        else:
            parts = []
        index = [(each, counts[each.number]) for each in threads if each.number in counts]
        return self.page(
            request,
            self.context(
                consultation,
                parts=parts,
                number=number,
                is_whole=number is None and bool(parts),
                index=index,
                of_whole=counts.get(compilation.WHOLE, 0),
                total=sum(counts.values()),
                after=after,
                after_label=SUMMARY.label(after) if after else "",
                start=start,
            ),
        )


class Since(GatheredView):
    """The contributions that no summary has covered yet, twenty a page."""

    template_name = "summaries/since.html"

    def get(self, request: HttpRequest, slug: str, start: int = 0) -> HttpResponse:
        consultation = consultation_or_404(slug)
        last = last_covered(consultation)
        found = new_since(consultation, last, start)
        if start and not found.editions:
            raise Http404
        return self.page(
            request,
            self.context(
                consultation,
                found=found,
                last=SUMMARY.label(last.number) if last else "",
                last_url=SUMMARY.url(slug, last.number) if last else "",
                period=periods.in_words(last.summary.period_from, last.summary.period_to, consultation) if last else "",
                pages=self.pages(consultation, found.next, start, [each.number for each in found.editions]),
            ),
        )

    def pages(self, consultation: Consultation, after: int | None, start: int, shown: list[int]) -> dict[str, Any]:
        """Return the links to the first and the next page."""
        links: list[dict[str, Any]] = []
        first = reverse("summaries:since", args=[consultation.slug])
        if start:
            links.append({"text": _("First"), "url": first})
        if shown:
            links.append({"text": _("from no. %(number)d") % {"number": shown[0]}, "current": True})
        onward = reverse("summaries:since_from", args=[consultation.slug, after]) if after else ""
        if after:
            links.append({"text": _("from no. %(number)d") % {"number": after}, "url": onward})
        return {"links": links, "previous": "", "next": onward}
