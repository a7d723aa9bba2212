"""Views for readers: a consultation's summaries, and one summary with every statement and its citations."""

import datetime

from django.conf import settings
from django.db.models import F, Min, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.core import atom
from plenara.core.languages import current, in_language, join_sentences
from plenara.core.metadata import edition_symbol, lasting_symbol
from plenara.core.views import PublicView
from plenara.documents.models import DocumentEdition, PublishedText
from plenara.documents.presenters.editions import rendition_read, text_response, updated_at
from plenara.documents.queries.editions import SAME, changes_between, read_edition, titles_of
from plenara.summaries import periods, presenters
from plenara.summaries.corrections import queries as corrections
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.presenters import describe_summary
from plenara.summaries.printing.presenters.summaries import summary_paper
from plenara.summaries.queries import statement_holders
from plenara.summaries.queries.record import (
    editions_of,
    latest_summaries,
    left_out_of,
    listed_summary,
    summaries_in_force,
)
from plenara.summaries.views.public.lists import base_of, consultation_or_404

#: Summaries in one feed.
FEED = 20
#: The most contributions without citation that a summary's page lists by name.
MOST_NAMED = 60


class Summaries(PublicView):
    """The summaries of a consultation, newest first."""

    template_name = "summaries/list.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        found = [
            (each, periods.in_words(each.period_from, each.period_to, consultation))
            for each in latest_summaries([consultation.pk])
        ]
        return self.page(
            request,
            {
                "consultation": consultation,
                "base": base_of(consultation),
                "summaries": found,
                "nav_current": "consultations",
            },
        )


class SummaryView(PublicView):
    """One summary: the edition in force, or the edition with `revision`."""

    def find(self, slug: str, number: int, revision: int | None) -> None:
        """Load the edition that an address names, in the active language."""
        self.consultation = consultation_or_404(slug)
        self.editions = list(editions_of(self.consultation.pk, number))
        wanted = [each for each in self.editions if (each.in_force if revision is None else each.revision == revision)]
        if not wanted:
            raise Http404
        self.edition = wanted[0]
        self.reading = read_edition(self.edition, current())

    @property
    def context(self) -> dict[str, object]:
        """The context that the page and its plain text share."""
        summary = self.edition.summary
        return {
            "consultation": self.consultation,
            "base": base_of(self.consultation),
            "edition": self.edition,
            "reading": self.reading,
            "name": SUMMARY.label(self.edition.number),
            "period": periods.in_words(summary.period_from, summary.period_to, self.consultation),
            "signed": join_sentences(*presenters.signatures_in_words(self.reading)),
        }


class SummaryPage(SummaryView):
    """A summary: statements with citations, coverage, six languages."""

    template_name = "summaries/summary.html"

    def get(self, request: HttpRequest, slug: str, number: int, revision: int | None = None) -> HttpResponse:
        self.find(slug, number, revision)
        figures = self.edition.summary.figures
        ticks = [each == "1" for each in figures.get("ticks", "")]
        left_out = list(left_out_of(self.edition.summary.pk))
        # Very many are linked only by their numbers; those set aside are always listed with the reason.
        named = [each for each in left_out if each.is_set_aside or len(left_out) <= MOST_NAMED]
        groups = presenters.represented(figures)
        description = describe_summary(self.reading, self.consultation)
        response = self.page(
            request,
            {
                **self.context,
                "description": description,
                "renditions": presenters.six_languages(self.reading, slug),
                "in_force": next(each for each in self.editions if each.in_force),
                "editions": self.editions if len(self.editions) > 1 else [],
                "ticks": ticks,
                "cited": sum(ticks),
                "left_out": left_out,
                "named": named,
                "numbered": [each for each in left_out if len(left_out) > MOST_NAMED and not each.is_set_aside],
                "groups": groups,
                "most": max(each.all for each in groups),
                "languages_of": presenters.languages_of(figures),
                "holders": statement_holders.lines(figures),
                "here": SUMMARY.url(slug, number),
                "for_good": f"{settings.SITE_URL}/s/{edition_symbol(self.edition.symbol, self.edition.revision)}",
                "permanent": f"{settings.SITE_URL}/s/{lasting_symbol(self.edition.symbol)}",
                "cited_here": SUMMARY.url(slug, number)
                + ("" if self.edition.in_force else f"rev/{self.edition.revision}/"),
                "corrections": corrections.section(self.edition, self.consultation),
                "nav_current": "consultations",
            },
        )
        response["Link"] = description.link_header
        return response


class Changes(PublicView):
    """The changes of an edition against the one before, statement by statement."""

    template_name = "summaries/changes.html"

    def get(self, request: HttpRequest, slug: str, number: int, revision: int) -> HttpResponse:
        consultation = consultation_or_404(slug)
        editions = DocumentEdition.objects.filter(consultation=consultation, kind=NAME, number=number)
        edition = get_object_or_404(editions.select_related("consultation"), revision=revision)
        earlier = editions.filter(revision__lt=revision).order_by("-revision").first()
        if earlier is None:
            raise Http404
        found = changes_between(earlier, edition, current())
        changed = [each for each in found if each.what != SAME]
        before, after = (titles_of(each, current()) for each in (earlier, edition))
        language = current() if current() in before and current() in after else edition.source_language
        return self.page(
            request,
            {
                "consultation": consultation,
                "base": base_of(consultation),
                "here": SUMMARY.url(slug, number),
                "name": SUMMARY.label(number),
                "edition": edition,
                "earlier": earlier,
                "changed": changed,
                "same": [each.number for each in found if each.what == SAME],
                "in_original": any(each.is_original for each in changed),
                "title_before": before.get(language, ""),
                "title_after": after.get(language, ""),
                "title_language": language,
                "nav_current": "consultations",
            },
        )


class SummaryText(SummaryView):
    """A summary as plain text, for a terminal, an archive or a screen reader."""

    def get(self, request: HttpRequest, slug: str, number: int) -> HttpResponse:
        self.find(slug, number, None)
        self.edition.consultation = self.consultation  # already loaded: one query less
        paper = summary_paper(self.edition, current(), self.reading)
        return text_response(self.edition, paper, self.reading.language)


class Feed(PublicView):
    """The newest summaries of a consultation as an Atom feed, with their statements, in one language."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        consultation = consultation_or_404(slug)
        texts = PublishedText.objects.select_related("paragraph").order_by("paragraph__number")
        texts = texts.filter(Q(language=current()) | Q(language=F("paragraph__edition__source_language")))
        editions = list(
            summaries_in_force([consultation.pk]).prefetch_related("renditions", Prefetch("renditions__texts", texts))[
                :FEED
            ]
        )
        title = in_language(consultation.title)
        home = f"{settings.SITE_URL}{base_of(consultation)}summaries/"
        feed = atom.Feed(
            id=atom.tag(settings.SITE_URL, consultation.created_at, f"/{current()}/consultations/{slug}/summaries"),
            title=_("%(consultation)s: summaries") % {"consultation": title.text},
            updated=max((updated_at(each) for each in editions), default=consultation.created_at),
            url=f"{home}feed.atom",
            home=home,
            language=current(),
            rights=consultation.licence,
        )
        first = DocumentEdition.objects.filter(document__in=[each.document_id for each in editions])
        begun = dict(first.order_by().values_list("document").annotate(begun=Min("published_at")))
        entries = (_entry(each, consultation, begun[each.document_id]) for each in editions)
        return HttpResponse("".join(atom.write(feed, entries)), content_type=atom.MEDIA_TYPE)


def _entry(edition: DocumentEdition, consultation: Consultation, begun: datetime.datetime | None) -> atom.Entry:
    found, rendition = listed_summary(edition), rendition_read(edition)
    return atom.Entry(
        id=atom.tag(settings.SITE_URL, consultation.created_at, f"/s/{consultation.symbol}/SUM/{edition.number}"),
        title=f"{found.label}: {found.title.text}" if found.title.text else found.label,
        updated=updated_at(edition),
        published=begun,  # of a later edition too, when the summary was published first (RFC 4287, 4.2.9)
        url=f"{settings.SITE_URL}{found.url}",
        language=rendition.language,
        html=render_to_string(
            "summaries/entry.html", {"texts": rendition.texts.all(), "url": found.url, "edition": edition}
        ),
    )
