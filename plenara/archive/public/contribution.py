"""A contribution: the edition in force or an earlier one for good, its history, its replies, who cites it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.archive.finding import consultation_or_404
from plenara.common.doors import PublicView, gone
from plenara.common.languages import current
from plenara.common.templatetags.plenara import date_in_words
from plenara.common.text import mark_words, to_html
from plenara.common.vocabulary import licence_name, licence_url
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.contributions.papers import shown_text
from plenara.contributions.reading import answered_by, replies_to
from plenara.documents.citations import cited_in
from plenara.moderation.reasons import label


class ContributionPage(PublicView):
    """The edition in force of a contribution; with `rev`, one edition for good, where citations point."""

    template_name = "archive/contribution.html"

    def get(self, request: HttpRequest, slug: str, number: int, rev: int | None = None) -> HttpResponse:
        consultation = consultation_or_404(slug)
        editions = list(
            Edition.objects.filter(consultation=consultation, number=number)
            .select_related("text", "byline", "paper", "thread", "contribution")
            .order_by("revision")
        )
        edition = next((each for each in editions if (each.in_force if rev is None else each.revision == rev)), None)
        if edition is None:
            raise Http404
        if edition.is_gone:
            return tombstone(request, edition)
        replies = replies_to(edition)
        answered = answered_by(consultation.pk, [edition])
        cited = cited_in([each.pk for each in [*editions, *replies]])
        places = cited.get(edition.pk, [])
        return self.page(request, self.context(consultation, edition, editions, replies, answered, cited, places))

    def context(
        self,
        consultation: Consultation,
        edition: Edition,
        editions: list[Edition],
        replies: list[Edition],
        answered: dict[int, Edition],
        cited: dict[int, Any],
        places: list[Any],
    ) -> dict[str, Any]:
        assert edition.text is not None
        marks = [(place.words, place.url, str(place.number)) for place in places if place.words]
        return {
            "consultation": consultation,
            "thread": edition.thread,
            "edition": edition,
            "marked": mark_words(to_html(edition.text.content), marks),
            "answered": answered.get(edition.in_reply_to) if edition.in_reply_to else None,
            "editions": editions,
            "newer": next((each for each in reversed(editions) if each.in_force and each != edition), None),
            "replies": [{"edition": each, "cited": cited.get(each.pk, []), "answered": None} for each in replies],
            "places": places,
            "paper_text": shown_text(edition.paper) if edition.paper else "",
            "base": f"/{current()}/consultations/{consultation.slug}/",
            "contribute_url": reverse("contributions:contribute", args=[consultation.slug, edition.thread.number]),
            "licence": licence_name(consultation.licence),
            "licence_url": licence_url(consultation.licence),
            "nav_current": "consultations",
        }


def tombstone(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Return the page that stands where a contribution was: symbol, date, reason code; none of its words."""
    when = {"date": date_in_words(edition.gone_at)}
    withdrawn = edition.status == Edition.Status.WITHDRAWN
    sentence = (
        _("This contribution was withdrawn by its author on %(date)s.") % when
        if withdrawn
        else _("This contribution was removed by a moderator on %(date)s.") % when
    )
    reason = "" if withdrawn or not edition.gone_reason else f"{edition.gone_reason} · {label(edition.gone_reason)}"
    links = [
        (
            _("The question and its contributions"),
            reverse("archive:thread", args=[edition.consultation.slug, edition.thread.number]),
        )
    ]
    return gone(request, {"sentence": sentence, "symbol": edition.symbol, "reason": reason, "links": links})
