"""Views for readers: bodies, their members, the feed of their versions, and the dossier of a meeting."""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from plenara.core import atom, clock
from plenara.core.languages import NAMES, current, in_language
from plenara.core.store import Away
from plenara.core.views import PublicView
from plenara.documents.models import PublishedText
from plenara.documents.presenters.editions import rendition_read, updated_at
from plenara.events.models import Occurrence
from plenara.events.presenters import calendar_pages
from plenara.outcomes.actions import printed_files
from plenara.outcomes.models import Body, Dossier, DossierFile, OutcomeEdition
from plenara.outcomes.presenters.outcomes import body_name, outcome_name, stage_of, title_of
from plenara.outcomes.queries.bodies import (
    FEW_MEMBERS,
    MEMBERS_PAGE,
    NEWEST_FIRST,
    members_in_order,
    outcomes_of_bodies,
)
from plenara.outcomes.queries.meetings import decisions_of, items_of, meetings_of
from plenara.outcomes.queries.versions import body_or_404, body_url, public_bodies, public_versions, version_url

#: Bodies in the list, the newest first; the others are found by their consultations.
MOST = 60


class Bodies(PublicView):
    """Every body, with its outcomes."""

    template_name = "outcomes/bodies.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        bodies = list(public_bodies().order_by("-published_at", "slug")[:MOST])
        outcomes = outcomes_of_bodies(each.pk for each in bodies)
        return self.page(
            request,
            {
                "bodies": [(each, body_url(each), outcomes.get(each.pk, [])) for each in bodies],
                "nav_current": "consultations",
            },
        )


class BodyPage(PublicView):
    """A body: name, mandate, members, outcomes, meetings."""

    template_name = "outcomes/body.html"

    def get(self, request: HttpRequest, body: str) -> HttpResponse:
        found = body_or_404(body)
        members = members_in_order(found)
        count = found.members.count()
        shown = list(members[:FEW_MEMBERS])
        return self.page(
            request,
            {
                "body": found,
                "consultation": found.consultation,
                "body_url": body_url(found),
                "outcomes": outcomes_of_bodies([found.pk]).get(found.pk, []),
                "members": [each for each in shown if not each.is_former],  # type: ignore[attr-defined]
                "former": [each for each in shown if each.is_former],  # type: ignore[attr-defined]
                "count": count,
                "is_more": count > FEW_MEMBERS,
                "meetings": meetings_of(found),
                "has_ended": found.ends_on is not None and found.ends_on < clock.now().date(),
                "nav_current": "consultations",
            },
        )


class Members(PublicView):
    """All members of a body, former ones last, a hundred a page."""

    template_name = "outcomes/members.html"

    def get(self, request: HttpRequest, body: str, start: int = 1) -> HttpResponse:
        found = body_or_404(body)
        members = members_in_order(found)
        if start < 1 or start > 100_000 or (start - 1) % MEMBERS_PAGE:
            raise Http404
        shown = list(members[start - 1 : start + MEMBERS_PAGE])
        if start > 1 and not shown:
            raise Http404
        base, shown, further = f"{body_url(found)}members/", shown[:MEMBERS_PAGE], len(shown) > MEMBERS_PAGE
        return self.page(
            request,
            {
                "body": found,
                "body_url": body_url(found),
                "members": [each for each in shown if not each.is_former],  # type: ignore[attr-defined]
                "former": [each for each in shown if each.is_former],  # type: ignore[attr-defined]
                "first_url": base if start > 1 else "",
                "next_url": f"{base}from/{start + MEMBERS_PAGE}/" if further else "",
                "nav_current": "consultations",
            },
        )


#: Dates in its header.
MOST_DATES = 10


class DossierPage(PublicView):
    """The dossier of an event, once its agenda is shown."""

    template_name = "outcomes/dossier.html"

    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        found = Dossier.objects.select_related("event", "body__consultation")
        dossier = found.filter(event__number=number, published_at__isnull=False).first()
        if dossier is None:
            raise Http404
        event = dossier.event
        if not event.is_published:
            return HttpResponseRedirect(f"/{current()}/events/{number}/")  # which shows its state
        dates = Occurrence.objects.filter(event=event, cancelled_at=None).order_by("starts_at", "number")[:MOST_DATES]
        is_reported = dossier.reported_at is not None
        made = DossierFile.objects.filter(dossier=dossier, made_at__isnull=False)
        try:
            offered, is_whole = {each.language: list(printed_files.offered(each)) for each in made}, True
        except Away:
            offered, is_whole = {}, False  # the agenda is still shown
        response = self.page(
            request,
            {
                "dossier": dossier,
                "event": event,
                "title": in_language(event.details.get("title")),
                "body": dossier.body,
                "body_url": body_url(dossier.body) if dossier.body.is_public else "",
                "consultation": dossier.body.consultation,
                "dates": [calendar_pages.when(each) for each in dates],
                "intro": in_language(dossier.intro),
                "items": items_of(dossier),
                "decisions": decisions_of(dossier) if is_reported else [],
                "report": in_language(dossier.report) if is_reported else None,
                "files": [(code, name, offered[code]) for code, name in NAMES.items() if offered.get(code)],
                "nav_current": "calendar",
            },
        )
        if not is_whole:
            patch_cache_control(response, no_store=True)
        return response


#: Versions in one feed, and paragraphs of a version in it.
FEED, PARAGRAPHS = 20, 60


class Feed(PublicView):
    """The versions of a body's outcomes as an Atom feed, newest first, in one language."""

    def get(self, request: HttpRequest, body: str) -> HttpResponse:
        found = body_or_404(body)
        versions = list(
            public_versions()
            .filter(outcome__body=found)
            .prefetch_related("edition__renditions")
            .order_by(*NEWEST_FIRST)[:FEED]
        )
        home = settings.SITE_URL + body_url(found)
        feed = atom.Feed(
            id=atom.tag(settings.SITE_URL, found.created_at, f"/{current()}/outcomes/{found.slug}"),
            title=_("%(body)s: versions of its documents") % {"body": body_name(found).text},
            updated=max((updated_at(each.edition) for each in versions), default=found.created_at),
            url=f"{home}feed.atom",
            home=home,
            language=current(),
            rights=found.consultation.licence,
        )
        texts = _texts(versions)
        entries = (_entry(each, found, texts.get(each.edition_id, [])) for each in versions)
        return HttpResponse("".join(atom.write(feed, entries)), content_type=atom.MEDIA_TYPE)


def _texts(versions: Iterable[OutcomeEdition]) -> dict[int, list[PublishedText]]:
    """Return the first paragraphs of versions, in the reader's language or in their own. One query."""
    pairs = Q(pk__in=[])
    for each in versions:
        pairs |= Q(paragraph__edition=each.edition_id, language=rendition_read(each.edition).language)
    rows = PublishedText.objects.filter(pairs, rendition__in_force=True, paragraph__number__lte=PARAGRAPHS)
    found: dict[int, list[PublishedText]] = {}
    for text in rows.select_related("paragraph").order_by("paragraph__number"):
        found.setdefault(text.paragraph.edition_id, []).append(text)
    return found


def _entry(version: OutcomeEdition, body: Body, texts: list[PublishedText]) -> atom.Entry:
    edition = version.edition
    renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
    title, url = title_of(renditions, edition.source_language), version_url(version)
    return atom.Entry(
        id=atom.tag(settings.SITE_URL, body.created_at, f"/s/{edition.symbol}"),
        title=_("%(title)s: %(stage)s") % {"title": outcome_name(version, title), "stage": stage_of(version)},
        updated=updated_at(edition),
        published=edition.published_at,
        url=settings.SITE_URL + url,
        language=rendition_read(edition).language,
        html=render_to_string("outcomes/entry.html", {"texts": texts}),
    )
