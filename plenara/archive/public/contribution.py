"""A contribution: the edition in force or an earlier one for good, its history, its replies, who cites it."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import pgettext

from plenara.archive import addresses, symbols
from plenara.archive.describing import describe_contribution
from plenara.archive.finding import consultation_or_404
from plenara.archive.related import related
from plenara.archive.tombstones import tombstone
from plenara.consultations import shown
from plenara.consultations.models import Consultation
from plenara.contributions.campaigns import campaigns_of, named_in
from plenara.contributions.models import Edition
from plenara.contributions.organizations.reading import tell
from plenara.contributions.papers import shown_text
from plenara.contributions.parts import about, lead
from plenara.contributions.reading import SIGNATORIES, answered_by, replies_to
from plenara.contributions.translating.reading import offered
from plenara.core.text import first_words, mark_words, to_html
from plenara.core.views import PublicView
from plenara.core.vocabulary import licence_name, licence_url
from plenara.documents.citations import cited_in
from plenara.outcomes.trails import trails_of

#: Replies on a contribution's page; the rest stand on the question's.
REPLIES = 50
#: How much of a contribution without a title is its page's heading.
OPENING = 90


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
            edition.consultation = consultation
            return tombstone(request, edition)
        prefetch_related_objects([edition], SIGNATORIES)
        replies = replies_to(edition, REPLIES + 1)
        gathered = campaigns_of(consultation.pk, [edition, *replies])
        tell([edition, *replies, *named_in(gathered)])
        lead([edition, *replies], about(consultation))
        answered = answered_by(consultation.pk, [edition])
        cited = cited_in([each.pk for each in [*editions, *replies]])
        places = [each for each in cited.get(edition.pk, []) if not each.treatment]
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
        cited: dict[int, Any],
        places: list[Any],
    ) -> dict[str, Any]:
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
            "offered": offered(edition, editions),
            "newer": next((each for each in reversed(editions) if each.in_force and each != edition), None),
            "more_replies": replies[REPLIES] if len(replies) > REPLIES else None,
            "votes": votes(edition),
            "places": list({(place.url, place.text): place for place in places}.values()),
            "paper_text": shown_text(edition.paper) if edition.paper else "",
            "base": shown.address(consultation),
            "for_good": symbols.for_good(edition),
            "permanent": addresses.of_symbol(edition.contribution.symbol or edition.symbol),
            "here": f"{shown.address(consultation)}contributions/{edition.number}/"
            + ("" if edition.in_force else f"rev/{edition.revision}/"),
            "contribute_url": contribute_url,
            "reply_url": contribute_url if consultation.is_open else "",
            "licence": licence_name(consultation.licence),
            "licence_url": licence_url(consultation.licence),
            "nav_current": "consultations",
        }


def votes(edition: Edition) -> list[tuple[str, int]]:
    """Return (label, count) of the votes that an imported contribution brought with it."""
    brought = edition.contribution.bundle.get("tallies", {})
    labels = {
        "agree": pgettext("count of votes", "Agree"),
        "disagree": pgettext("count of votes", "Disagree"),
        "pass": pgettext("count of votes", "Neither"),
    }
    return [(label, brought[key]) for key, label in labels.items() if key in brought]
