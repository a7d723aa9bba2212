"""The view for readers to the feed of a body's versions."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from plenara.core import atom
from plenara.core.languages import current
from plenara.core.views import PublicView
from plenara.documents.models import PublishedText
from plenara.outcomes.listing import NEWEST_FIRST
from plenara.outcomes.models import Body, OutcomeEdition
from plenara.outcomes.places import body_or_404, body_url, public_versions, version_url
from plenara.outcomes.shown import body_name, called, stage_of, title_of

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
            title=_("%(body)s: versions of what it writes") % {"body": body_name(found).text},
            updated=max((_updated(each) for each in versions), default=found.created_at),
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
        pairs |= Q(paragraph__edition=each.edition_id, language=_language(each))
    rows = PublishedText.objects.filter(pairs, rendition__in_force=True, paragraph__number__lte=PARAGRAPHS)
    found: dict[int, list[PublishedText]] = {}
    for text in rows.select_related("paragraph").order_by("paragraph__number"):
        found.setdefault(text.paragraph.edition_id, []).append(text)
    return found


def _language(version: OutcomeEdition) -> str:
    there = {each.language for each in version.edition.renditions.all() if each.in_force}
    return current() if current() in there else version.edition.source_language


def _updated(version: OutcomeEdition) -> datetime.datetime:
    renditions = [each for each in version.edition.renditions.all() if each.language == _language(version)]
    moments = [version.edition.published_at, *(each.published_at for each in renditions if each.in_force)]
    return max((each for each in moments if each), default=version.edition.minted_at)


def _entry(version: OutcomeEdition, body: Body, texts: list[PublishedText]) -> atom.Entry:
    edition = version.edition
    renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
    title, url = title_of(renditions, edition.source_language), version_url(version)
    return atom.Entry(
        id=atom.tag(settings.SITE_URL, body.created_at, f"/s/{edition.symbol}"),
        title=_("%(title)s: %(stage)s") % {"title": called(version, title), "stage": stage_of(version)},
        updated=_updated(version),
        published=edition.published_at,
        url=settings.SITE_URL + url,
        language=_language(version),
        html=render_to_string("outcomes/entry.html", {"texts": texts}),
    )
