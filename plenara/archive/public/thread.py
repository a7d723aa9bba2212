"""A thread: twenty contributions a page, oldest first, with what cites them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plenara.archive.describing import describe_thread
from plenara.archive.finding import thread_or_404
from plenara.consultations import shown
from plenara.consultations.models import Thread
from plenara.contributions.models import Channel
from plenara.contributions.parts import about, lead
from plenara.contributions.reading import ThreadPage, thread_page
from plenara.contributions.translating.reading import translated
from plenara.core.views import Destination, PublicView
from plenara.core.vocabulary import StakeholderGroup
from plenara.directory.models import CACHE_TAG as DIRECTORY
from plenara.documents.citations import cited_in
from plenara.insights.figures import figures_of
from plenara.summaries.reading import latest_summaries
from plenara.themes.models import CACHE_TAG as THEMES
from plenara.themes.reading import named


class ThreadView(PublicView):
    """A page of a thread. Knows `group`, `language`, `channel` and `order`; other parameters are ignored."""

    template_name = "archive/thread.html"
    known_parameters = ("group", "language", "channel", "order")

    @classmethod
    def destination(cls, arguments: dict[str, Any]) -> Destination | None:
        """Return the question."""
        return shown.question(arguments["slug"], arguments["number"])

    def cache_tags(self) -> list[str]:
        return [self.consultation.cache_tag, THEMES, DIRECTORY]

    def get(self, request: HttpRequest, slug: str, number: int, start: int | None = None) -> HttpResponse:
        thread = thread_or_404(slug, number)
        self.consultation = thread.consultation
        context = self.page_of(request, thread, start)
        response = self.page(request, context)
        response["Link"] = context["description"].link_header
        return response

    def page_of(self, request: HttpRequest, thread: Thread, start: int | None = None) -> dict[str, Any]:
        """Return what a page of a thread shows."""
        consultation = thread.consultation
        threads = list(consultation.threads.all())
        figures = figures_of([thread.pk])
        group = request.GET.get("group", "")
        group = group if group in StakeholderGroup.values else ""
        language = request.GET.get("language", "")
        language = language if language in figures.by_language or language in consultation.languages else ""
        channel = request.GET.get("channel", "")
        channel = channel if channel in Channel.values else ""
        newest = request.GET.get("order") == "newest"
        page = thread_page(thread, start=start, group=group, language=language, channel=channel, newest=newest)
        if start is not None and not page.editions:
            raise Http404
        cited = cited_in([each.pk for each in page.editions])
        draft = about(consultation)
        lead(page.editions, draft)
        readable = translated(page.editions)
        asked = {"group": group, "language": language, "channel": channel}
        filters = urlencode({name: value for name, value in asked.items() if value})
        query = urlencode({name: value for name, value in {**asked, "order": "newest" * newest}.items() if value})
        description = describe_thread(thread, consultation)
        contribute_url = reverse("contributions:contribute", args=[consultation.slug, thread.number])
        return {
            "description": description,
            "consultation": consultation,
            "thread": thread,
            "threads": threads,
            "draft": draft,
            "figures": figures,
            "page": page,
            "entries": trees(page, cited, flat=newest),
            "readable": readable,
            "group": group,
            "language": language,
            "channel": channel,
            "newest": newest,
            "groups": StakeholderGroup.choices,
            "languages_there": sorted(figures.by_language),
            "pages": pages(thread, page, query, start),
            "base": shown.address(consultation),
            "contribute_url": contribute_url,
            "reply_url": contribute_url if consultation.is_open else "",
            "closing": shown.closing(consultation),
            "mark": shown.mark(consultation),
            "rewordings": shown.rewordings(thread),
            "summaries": latest_summaries([consultation.pk]),
            "themes": named(thread.themes),
            "filters": filters,
            "nav_current": "consultations",
        }


def trees(page: ThreadPage, cited: dict[int, Any], *, flat: bool) -> list[dict[str, Any]]:
    """Return the page's editions as entries, replies hung below their top one step in (or all alone)."""
    entries: list[dict[str, Any]] = []
    tops: dict[int, dict[str, Any]] = {}
    for edition in page.editions:
        entry = {"edition": edition, "cited": cited.get(edition.pk, []), "replies": [], "answered": None}
        entry["campaign"] = page.campaigns.get(edition.number)
        answered = page.answered.get(edition.in_reply_to) if edition.in_reply_to else None
        top = tops.get(edition.root)
        if flat or top is None or edition.number == edition.root:
            entry["answered"] = answered
            entries.append(entry)
            if edition.number == edition.root:
                tops[edition.root] = entry
        else:
            if answered and answered.number != edition.root:
                entry["answered"] = answered  # a reply to a reply says so; a reply to the top stands below it
            top["replies"].append(entry)
    return entries


def pages(thread: Thread, page: ThreadPage, query: str, start: int | None) -> dict[str, Any]:
    """Return the links to the first, previous, next and last page."""

    def address(number: int | None, *, first: bool = False) -> str:
        args: list[Any] = [thread.consultation.slug, thread.number]
        name = "archive:thread" if first else "archive:thread_from"
        path = reverse(name, args=args if first else [*args, number])
        return f"{path}?{query}" if query else path

    numbers = [each.number for each in page.editions]
    links: list[dict[str, Any]] = []
    if page.previous is not None:
        links.append({"text": _("First"), "url": address(None, first=True)})
    if numbers:
        # Replies stand below what they answer, so the numbers of a page are no range.
        links.append({"text": _("from no. %(number)d") % {"number": numbers[0]}, "current": True})
    if page.next is not None:
        links.append({"text": _("Last"), "url": address(page.last)})
    return {
        "links": links,
        "previous": address(page.previous) if page.previous is not None else "",
        "next": address(page.next) if page.next is not None else "",
    }
