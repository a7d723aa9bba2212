"""Small pages that other sites may show in a frame, and the response that describes them (oEmbed 1.0)."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.csp import CSP
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from plenara.accounts.queries import installation
from plenara.consultations.presenters import wording
from plenara.core.languages import CODES, current, django_code, in_language
from plenara.core.metadata import HEIGHT, WIDTH, frame_html
from plenara.core.views import PublicView, open_to_all
from plenara.documents.queries.editions import ReadParagraph
from plenara.events.presenters import calendar_pages as events
from plenara.events.queries.calendar import Filters
from plenara.exports import addresses
from plenara.exports.queries.record import consultation_or_404, thread_or_404
from plenara.exports.views.base import LanguageFree
from plenara.insights.queries.figures import figures_of
from plenara.summaries.kind import SUMMARY
from plenara.summaries.views.public.pages import SummaryView

#: The most events of an embedded calendar.
EVENTS = 6
#: Characters of an embedded summary, after which it links to the whole one: a frame must stay small.
CHARACTERS = 4000

FRAMEABLE: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": ["*"],
}


@method_decorator([xframe_options_exempt, csp_override(FRAMEABLE)], name="dispatch")
class EmbeddedPage(PublicView):
    """A short page, which any site may show in a frame. Its links open the whole page in a new tab."""


class EmbeddedConsultation(EmbeddedPage):
    """A consultation: its state, its days and its questions, with a count for each."""

    template_name = "site/embed/consultation.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        threads = list(consultation.threads.all())
        return self.page(
            request,
            {
                "title": in_language(consultation.title),
                "whole": addresses.consultation(slug),
                "consultation": consultation,
                "threads": threads,
                "figures": figures_of([each.pk for each in threads]),
                "closing": wording.closing(consultation),
                "time_left": wording.time_left(consultation),
                "mark": wording.mark(consultation),
            },
        )


class EmbeddedThread(EmbeddedPage):
    """A question, with how many contributed to it from which groups."""

    template_name = "site/embed/thread.html"

    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        thread = thread_or_404(slug, number)
        return self.page(
            request,
            {
                "title": in_language(thread.question),
                "whole": addresses.thread(slug, number),
                "consultation": thread.consultation,
                "thread": thread,
                "figures": figures_of([thread.pk]),
                "closing": wording.closing(thread.consultation),
                "time_left": wording.time_left(thread.consultation),
                "mark": wording.mark(thread.consultation),
            },
        )


class EmbeddedSummary(EmbeddedPage, SummaryView):
    """The first statements of a summary in force, each with links to the words that it cites."""

    template_name = "site/embed/summary.html"

    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        self.find(slug, number, None)
        statements: list[ReadParagraph] = []
        characters = 0
        for each in self.reading.paragraphs:
            characters += len(each.text) + len(each.against)
            if statements and characters > CHARACTERS:
                break
            statements.append(each)
        return self.page(
            request,
            {
                **self.context,
                "whole": addresses.site(SUMMARY.url(slug, number)),
                "statements": statements,
                "is_cut": len(statements) < len(self.reading.paragraphs),
            },
        )


class EmbeddedCalendar(EmbeddedPage):
    """The next lines of the calendar."""

    template_name = "site/embed/calendar.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        whole = addresses.site(f"/{current()}/events/")
        return self.page(request, {"whole": whole, "lines": events.next_lines(Filters(), EVENTS)})


#: The path of a page that can be embedded. Further pages and editions count as the whole.
_EMBEDDABLE = re.compile(
    rf"/(?P<language>{'|'.join(CODES)})/"
    r"(?:(?P<calendar>events/)|(?P<consultation>consultations/(?P<slug>[-a-zA-Z0-9_]+)/)"
    r"(?:threads/(?P<thread>[0-9]{1,9})/(?:from/[0-9]+/)?|summaries/(?P<summary>[0-9]{1,9})/(?:rev/[0-9]+/)?)?)"
    r"(?:[?#].*)?"
)


class Oembed(LanguageFree):
    """How to embed the page at `url`, as JSON."""

    known_parameters = ("url", "format", "maxwidth", "maxheight")

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.GET.get("format", "json") != "json":
            return open_to_all(
                HttpResponse(
                    _("Request the format “json”. No other format is available."), "text/plain; charset=utf-8", 501
                )
            )
        url = request.GET.get("url", "")
        is_ours = url.startswith(f"{settings.SITE_URL}/")
        found = _EMBEDDABLE.fullmatch(url.removeprefix(settings.SITE_URL)) if is_ours else None
        if found is None:
            raise Http404
        size = {"width": _least(request, "maxwidth", WIDTH), "height": _least(request, "maxheight", HEIGHT)}
        with translation.override(django_code(found["language"])):
            page, title = _named(found)
            site = installation().name
        return open_to_all(
            JsonResponse(
                {
                    "version": "1.0",
                    "type": "rich",
                    "title": title,
                    "provider_name": site,
                    "provider_url": f"{settings.SITE_URL}/",
                    "cache_age": 3600,
                    "html": frame_html(page, title, **size),
                    **size,
                },
                json_dumps_params={"ensure_ascii": False},
            )
        )


def _named(found: re.Match[str]) -> tuple[str, str]:
    """Return the address and the title of the page at an address, in the active language. Raises `Http404`."""
    slug = found["slug"]
    if found["calendar"]:
        return addresses.site(f"/{current()}/events/"), pgettext("label", "Calendar")
    if found["thread"]:
        thread = thread_or_404(slug, int(found["thread"]))
        return addresses.thread(slug, thread.number), in_language(thread.question).text
    if found["summary"]:
        summary = SummaryView()
        summary.find(slug, int(found["summary"]), None)
        label = SUMMARY.label(summary.edition.number)
        page = addresses.site(SUMMARY.url(slug, summary.edition.number))
        return page, f"{label}: {summary.reading.title}" if summary.reading.title else label
    return addresses.consultation(slug), in_language(consultation_or_404(slug).title).text


def _least(request: HttpRequest, name: str, ours: int) -> int:
    """Return the smaller of our size and the largest one that the client takes; other values are ignored."""
    wanted = str(request.GET.get(name, ""))
    return min(ours, int(wanted)) if re.fullmatch("[1-9][0-9]{0,5}", wanted) else ours
