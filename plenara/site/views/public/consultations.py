"""A consultation, its threads and contributions, signatories of a campaign, and its downloads."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation, State, Thread
from plenara.consultations.presenters import wording
from plenara.consultations.queries import threads_of
from plenara.contributions.models import Channel, Edition
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.contributions.queries import campaigns
from plenara.contributions.queries.campaigns import campaigns_of, named_in
from plenara.contributions.queries.papers import preview_text
from plenara.contributions.queries.record import (
    REPLIES,
    EditionsPage,
    answered_by,
    attach_signatories,
    editions_of,
    newest_editions,
    replies_to,
    thread_page,
)
from plenara.contributions.queries.submissions import draft_about, link_parts
from plenara.contributions.queries.translations import offered_translation, translated_texts
from plenara.core.metadata import Description
from plenara.core.text import first_words, mark_words, to_html
from plenara.core.views import Destination, PublicView
from plenara.core.vocabulary import StakeholderGroup, licence_name, licence_url
from plenara.directory.models import CACHE_TAG as DIRECTORY
from plenara.documents.queries.editions import Place, cited_in
from plenara.events.presenters import calendar_pages as events
from plenara.exports import addresses
from plenara.exports.presenters import dictionary
from plenara.exports.presenters.files import downloads_of
from plenara.exports.queries import record
from plenara.exports.queries.files import BUNDLE
from plenara.exports.queries.record import consultation_or_404, edition_or_404, thread_or_404
from plenara.exports.views.base import tombstone
from plenara.insights.queries.figures import figures_of
from plenara.moderation.queries.register import hours_in_words, latest_turnaround
from plenara.outcomes.queries.bodies import outcomes_of
from plenara.outcomes.queries.contributions import trails_of
from plenara.site.presenters.descriptions import (
    describe_consultation,
    describe_contribution,
    describe_downloads,
    describe_thread,
)
from plenara.site.queries.overviews import related
from plenara.summaries.queries.record import latest_summaries
from plenara.themes.models import CACHE_TAG as THEMES
from plenara.themes.queries import named

#: The most outcomes that a consultation's page lists, the newest first.
OUTCOMES = 10


class ConsultationPage(PublicView):
    """One consultation."""

    template_name = "site/consultation.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        description = describe_consultation(consultation)
        response = self.page(request, consultation_context(consultation, description))
        response["Link"] = description.link_header
        return response


def consultation_context(consultation: Consultation, description: Description) -> dict[str, object]:
    """Return what the page of a consultation shows."""
    threads = list(consultation.threads.all())
    called = {each.code: each for each in named(code for thread in threads for code in thread.themes)}
    for thread in threads:
        thread.named_themes = [called[code] for code in thread.themes if code in called]  # type: ignore[attr-defined]
    extensions = [wording.extension(each, consultation) for each in consultation.extensions.all()]
    newest = next(iter(newest_editions(consultation.pk)), None)
    coming, held = events.of_consultation(consultation)
    return {
        "description": description,
        "consultation": consultation,
        "threads": threads,
        "draft": draft_about(consultation),
        "figures": figures_of([each.pk for each in threads]),
        "steps": wording.steps(consultation),
        # Of one that was imported after its end, only the dates are known.
        "took_place_elsewhere": consultation.imported_at is not None and not consultation.is_open,
        "is_over": consultation.state not in {State.ANNOUNCED, State.OPEN},
        "closing": wording.closing(consultation),
        "opening": wording.opening(consultation),
        "time_left": wording.time_left(consultation),
        "mark": wording.mark(consultation),
        "lately": hours_in_words(latest_turnaround(consultation)),
        "extensions": extensions,
        "languages_state": wording.languages(consultation, threads),
        "permanent": addresses.of_symbol(consultation.symbol),
        "here": wording.address(consultation),
        "licence": licence_name(consultation.licence),
        "licence_url": licence_url(consultation.licence),
        "summaries": latest_summaries([consultation.pk]),
        "outcomes": outcomes_of([consultation.pk], limit=OUTCOMES),
        "newest": newest,
        "coming": coming,
        "held": held,
        "nav_current": "consultations",
    }


#: Characters of a contribution without a title that are its page's heading.
OPENING = 90


class ContributionPage(PublicView):
    """The edition in force of a contribution; with `rev`, one permanent edition, where citations point."""

    template_name = "site/contribution.html"

    def get(self, request: HttpRequest, slug: str, number: int, rev: int | None = None) -> HttpResponse:
        consultation = consultation_or_404(slug)
        editions = list(editions_of(consultation.pk, number))
        edition = next((each for each in editions if (each.in_force if rev is None else each.revision == rev)), None)
        if edition is None:
            raise Http404
        if edition.is_gone:
            edition.consultation = consultation
            return tombstone(request, edition)
        attach_signatories([edition])
        replies = replies_to(edition)
        gathered = campaigns_of(consultation.pk, [edition, *replies])
        attach_byline_statuses([edition, *replies, *named_in(gathered)])
        link_parts([edition, *replies], draft_about(consultation))
        answered = answered_by(consultation.pk, [edition])
        cited = cited_in([each.pk for each in [*editions, *replies]])
        places = [each for each in cited.get(edition.pk, []) if not each.response]
        trail = trails_of([edition.contribution_id]).get(edition.contribution_id)
        description = describe_contribution(edition, consultation, for_good=rev is not None)
        context = self.context(consultation, edition, editions, replies, answered, cited, places)
        context |= {
            "campaign": gathered.get(edition.number) if edition.in_force else None,
            "related": related(edition) if edition.in_force else [],
            "trail": trail,
            "replies": [
                {"edition": each, "cited": cited.get(each.pk, []), "campaign": gathered.get(each.number)}
                for each in replies[:REPLIES]
            ],
        }
        response = self.page(request, {**context, "description": description})
        response["Link"] = description.link_header
        return response

    def context(
        self,
        consultation: Consultation,
        edition: Edition,
        editions: list[Edition],
        replies: list[Edition],
        answered: dict[int, Edition],
        cited: dict[int, list[Place]],
        places: list[Place],
    ) -> dict[str, object]:
        assert edition.text is not None
        contribute_url = reverse("contributions:contribute", args=[consultation.slug, edition.thread.number])
        marks = [(place.words, place.url, str(place.number)) for place in places if place.words]
        return {
            "consultation": consultation,
            "thread": edition.thread,
            "edition": edition,
            "opening": edition.title or first_words(edition.text.content, OPENING) or edition.symbol,
            "marked": mark_words(to_html(edition.text.content), marks),
            "answered": answered.get(edition.in_reply_to) if edition.in_reply_to else None,
            "editions": editions,
            "offered": offered_translation(edition, editions),
            "newer": next((each for each in reversed(editions) if each.in_force and each != edition), None),
            "more_replies": replies[REPLIES] if len(replies) > REPLIES else None,
            "votes": votes(edition),
            "places": list({(place.url, place.text): place for place in places}.values()),
            "paper_text": preview_text(edition.paper) if edition.paper else "",
            "base": wording.address(consultation),
            "for_good": record.for_good(edition),
            "permanent": addresses.of_symbol(edition.contribution.symbol or edition.symbol),
            "here": f"{wording.address(consultation)}contributions/{edition.number}/"
            + ("" if edition.in_force else f"rev/{edition.revision}/"),
            "contribute_url": contribute_url,
            "reply_url": contribute_url if consultation.is_open else "",
            "licence": licence_name(consultation.licence),
            "licence_url": licence_url(consultation.licence),
            "nav_current": "consultations",
        }


def votes(edition: Edition) -> list[tuple[str, int]]:
    """Return (label, count) of the votes of an imported contribution."""
    brought = edition.contribution.bundle.get("tallies", {})
    labels = {
        "agree": pgettext("count of votes", "Agree"),
        "disagree": pgettext("count of votes", "Disagree"),
        "pass": pgettext("count of votes", "Neither"),
    }
    return [(label, brought[key]) for key, label in labels.items() if key in brought]


class Downloads(PublicView):
    """The files of a consultation's record. Tasks make them; this page lists them."""

    template_name = "site/downloads.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        found = downloads_of(consultation)
        files = found.files(slug)
        description = describe_downloads(consultation, found)
        response = self.page(
            request,
            {
                "description": description,
                "consultation": consultation,
                "base": wording.address(consultation),
                "found": found,
                "files": files,
                "bundle_name": found.made.download_name(BUNDLE) if found.made else f"{slug}-{BUNDLE}",
                "columns": dictionary.COLUMNS,
                "licence": licence_name(consultation.licence),
                "licence_url": licence_url(consultation.licence),
                "permalink": addresses.of_symbol(consultation.symbol),
                "nav_current": "consultations",
            },
        )
        response["Link"] = description.link_header
        return response


class SignatoriesPage(PublicView):
    """A page of the people who submitted the words of a campaign."""

    template_name = "site/signatories.html"

    def get(self, request: HttpRequest, slug: str, number: int, page: int = 1) -> HttpResponse:
        consultation = consultation_or_404(slug)
        edition = edition_or_404(consultation, number, None)
        if edition.is_gone:
            return tombstone(request, edition)
        found, count = campaigns.signatories(edition, max(page, 1))
        if not found or page < 1:
            raise Http404
        attach_byline_statuses([edition, *found])
        return self.page(
            request,
            {
                "consultation": consultation,
                "edition": edition,
                "signatories": found,
                "total": count + 1,
                "number": page,
                "last": -(-count // campaigns.PAGE),
                "base": wording.address(consultation),
                "nav_current": "consultations",
            },
        )


class ThreadPage(PublicView):
    """A page of a thread. Knows `group`, `language`, `channel` and `order`; other parameters are ignored."""

    template_name = "site/thread.html"
    known_parameters = ("group", "language", "channel", "order")

    @classmethod
    def destination(cls, found: ResolverMatch) -> Destination | None:
        """Return the question."""
        return wording.question(found.kwargs["slug"], found.kwargs["number"])

    def cache_tags(self) -> list[str]:
        return [self.consultation.cache_tag, THEMES, DIRECTORY]

    def get(self, request: HttpRequest, slug: str, number: int, start: int | None = None) -> HttpResponse:
        thread = thread_or_404(slug, number)
        self.consultation = thread.consultation
        description = describe_thread(thread, thread.consultation)
        response = self.page(request, self.page_of(request, thread, description, start))
        response["Link"] = description.link_header
        return response

    def page_of(
        self, request: HttpRequest, thread: Thread, description: Description, start: int | None = None
    ) -> dict[str, object]:
        """Return what a page of a thread shows."""
        consultation = thread.consultation
        threads = list(threads_of(consultation.pk))
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
        draft = draft_about(consultation)
        link_parts(page.editions, draft)
        readable = translated_texts(page.editions)
        wanted = {"group": group, "language": language, "channel": channel}
        filters = urlencode({name: value for name, value in wanted.items() if value})
        query = urlencode({name: value for name, value in {**wanted, "order": "newest" * newest}.items() if value})
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
            "pages": thread_pages(thread, page, query, start),
            "base": wording.address(consultation),
            "contribute_url": contribute_url,
            "reply_url": contribute_url if consultation.is_open else "",
            "closing": wording.closing(consultation),
            "mark": wording.mark(consultation),
            "rewordings": wording.rewordings(thread),
            "summaries": latest_summaries([consultation.pk]),
            "themes": named(thread.themes),
            "filters": filters,
            "nav_current": "consultations",
        }


def trees(page: EditionsPage, cited: dict[int, list[Place]], *, flat: bool) -> list[dict[str, object]]:
    """Return the page's editions as entries, replies one step below their top (or all flat)."""
    entries: list[dict[str, object]] = []
    tops: dict[int, list[dict[str, object]]] = {}
    for edition in page.editions:
        replies: list[dict[str, object]] = []
        entry = {"edition": edition, "cited": cited.get(edition.pk, []), "replies": replies, "answered": None}
        entry["campaign"] = page.campaigns.get(edition.number)
        answered = page.answered.get(edition.in_reply_to) if edition.in_reply_to else None
        top = tops.get(edition.root)
        if flat or top is None or edition.number == edition.root:
            entry["answered"] = answered
            entries.append(entry)
            if edition.number == edition.root:
                tops[edition.root] = replies
        else:
            if answered and answered.number != edition.root:
                entry["answered"] = answered  # a reply to a reply names its parent; a reply to the top is below it
            top.append(entry)
    return entries


def thread_pages(thread: Thread, page: EditionsPage, query: str, start: int | None) -> dict[str, object]:
    """Return the links to the first, previous, next and last page."""

    def address(number: int | None, *, first: bool = False) -> str:
        args: list[object] = [thread.consultation.slug, thread.number]
        name = "site:thread" if first else "site:thread_from"
        path = reverse(name, args=args if first else [*args, number])
        return f"{path}?{query}" if query else path

    numbers = [each.number for each in page.editions]
    links: list[dict[str, object]] = []
    if page.previous is not None:
        links.append({"text": pgettext("label", "First"), "url": address(None, first=True)})
    if numbers:
        # Replies are below their parents, so the numbers of a page are no range.
        links.append(
            {
                "text": pgettext("label", "from number %(number)d") % {"number": numbers[0]},
                "current": True,
            }
        )
    if page.next is not None:
        links.append({"text": pgettext("label", "Last"), "url": address(page.last)})
    return {
        "links": links,
        "previous": address(page.previous) if page.previous is not None else "",
        "next": address(page.next) if page.next is not None else "",
    }
