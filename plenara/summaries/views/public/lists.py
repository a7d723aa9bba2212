"""Views for readers: statements of all summaries by question, contributions not covered yet, requests to correct."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation, State
from plenara.core.languages import current
from plenara.core.views import PublicView
from plenara.documents.models import DocumentEdition
from plenara.summaries import periods
from plenara.summaries.corrections import queries
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.queries import record
from plenara.summaries.queries.record import last_covered, uncovered_contributions


def consultation_or_404(slug: str) -> Consultation:
    """Return a consultation that is at least announced."""
    return get_object_or_404(Consultation.objects.exclude(stage=State.DRAFT), slug=slug)


def base_of(consultation: Consultation) -> str:
    """Return a consultation's address in the active language."""
    return f"/{current()}/consultations/{consultation.slug}/"


class Corrections(PublicView):
    """The requests of a summary, oldest first, ten a page."""

    template_name = "summaries/corrections/public.html"

    def get(self, request: HttpRequest, slug: str, number: int, start: int = 1) -> HttpResponse:
        consultation = consultation_or_404(slug)
        found = DocumentEdition.objects.filter(consultation=consultation, kind=NAME, number=number, in_force=True)
        edition = get_object_or_404(found)
        page = queries.listing(edition.document_id, start)
        if start > 1 and not page.requests:
            raise Http404
        return self.page(
            request,
            {
                "consultation": consultation,
                "base": base_of(consultation),
                "edition": edition,
                "name": SUMMARY.label(number),
                "here": SUMMARY.url(slug, number),
                "listing": page,
                "start": start,
                "until": queries.asks_until(edition, consultation),
                "nav_current": "consultations",
            },
        )


class GatheredView(PublicView):
    """Base class for pages on all summaries of a consultation."""

    def context(self, consultation: Consultation, **more: object) -> dict[str, object]:
        """Return the context that these pages share."""
        return {
            "consultation": consultation,
            "base": base_of(consultation),
            "nav_current": "consultations",
            **more,
        }


class Compilation(GatheredView):
    """Every statement in force, by question: on one page if they fit, else a page for each question."""

    template_name = "summaries/compilation.html"

    def get(self, request: HttpRequest, slug: str, number: int | None = None, start: int = 0) -> HttpResponse:
        consultation = consultation_or_404(slug)
        threads = list(consultation.threads.all())
        counts = record.statement_counts(consultation)
        after = None
        if number is not None:
            parts, after = record.compilation_of_thread(consultation, threads, number, start)
            if not parts:
                raise Http404
        elif sum(counts.values()) <= record.COMPILATION_PAGE:
            parts = record.whole_compilation(consultation, threads)
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
                of_whole=counts.get(record.WHOLE, 0),
                total=sum(counts.values()),
                after=after,
                after_label=SUMMARY.label(after) if after else "",
                start=start,
            ),
        )


class UncoveredContributions(GatheredView):
    """The contributions that no summary has covered yet, twenty a page."""

    template_name = "summaries/since.html"

    def get(self, request: HttpRequest, slug: str, start: int = 0) -> HttpResponse:
        consultation = consultation_or_404(slug)
        last = last_covered(consultation)
        found = uncovered_contributions(consultation, last, start)
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

    def pages(self, consultation: Consultation, after: int | None, start: int, shown: list[int]) -> dict[str, object]:
        """Return the links to the first and the next page."""
        links: list[dict[str, object]] = []
        first = reverse("summaries:since", args=[consultation.slug])
        if start:
            links.append({"text": pgettext("label", "First"), "url": first})
        if shown:
            links.append(
                {
                    "text": pgettext("label", "from number %(number)d") % {"number": shown[0]},
                    "current": True,
                }
            )
        onward = reverse("summaries:since_from", args=[consultation.slug, after]) if after else ""
        if after:
            links.append({"text": pgettext("label", "from number %(number)d") % {"number": after}, "url": onward})
        return {"links": links, "previous": "", "next": onward}
