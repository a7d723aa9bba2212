"""Views for readers: the traceability matrix, coverage, unanswered contributions, answers, comments on drafts."""

from collections.abc import Mapping

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from plenara.consultations.presenters import wording
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.models import Response
from plenara.outcomes.models import Opening, SectionThread
from plenara.outcomes.presenters.outcomes import stage_of
from plenara.outcomes.queries import comments, contributions, matrix
from plenara.outcomes.queries.versions import version_url
from plenara.outcomes.views.public.outcome import OutcomeView


class Answers(OutcomeView):
    """We asked, you said, we did: a few questions a page."""

    template_name = "outcomes/answers.html"

    def get(self, request: HttpRequest, body: str, outcome: str, start: int = 1) -> HttpResponse:
        self.find(body, outcome)
        found = matrix.answers_page(self.version, start)
        if found is None:
            raise Http404
        base = f"{self.place.outcome_url}answers/"
        return self.page(
            request,
            self.context(
                found=found,
                answered=self.version.figures.get("answered", 0),
                left=self.version.figures.get("left", 0),
                is_of_several=len({each.thread.consultation_id for each in found.answers}) > 1,
                first_url=base if start > 1 else "",
                next_url=f"{base}from/{found.next}/" if found.next else "",
            ),
        )


class Comments(OutcomeView):
    """Every version that was opened for comment, with the numbers of comments and answers of each paragraph."""

    template_name = "outcomes/comments.html"

    def get(self, request: HttpRequest, body: str, outcome: str) -> HttpResponse:
        self.find(body, outcome)
        return self.page(request, self.context(openings=comments.openings_overview(self.version)))


class SomeComments(OutcomeView):
    """Base class for pages of comments on one part of a version, twenty a page."""

    template_name = "outcomes/comments_on.html"
    opening: Opening

    def find_opening(self, revision: int) -> None:
        """Load the version that was opened. Raises `Http404` if it was not."""
        openings = comments.openings_of(self.version.outcome_id)
        found = openings.filter(edition__edition__revision=revision).first()
        if found is None:
            raise Http404
        self.opening = found

    def show(
        self, request: HttpRequest, which: Mapping[str, object], start: int | None, here: str, **more: object
    ) -> HttpResponse:
        child, opened = self.opening.consultation, self.opening.edition
        found = comments.comments_page(child, self.version, start, **which)
        page = found.page
        if start is not None and not page.editions:
            raise Http404
        is_same = opened.edition_id == self.version.edition_id
        return self.page(
            request,
            self.context(
                found=found,
                child=child,
                base=wording.address(child),
                opened_stage=stage_of(opened),
                opened_url=version_url(opened),
                is_unanswered_yet=is_same,
                pages={
                    "links": [],
                    "previous": f"{here}from/{page.previous}/" if page.previous is not None else "",
                    "next": f"{here}from/{page.next}/" if page.next is not None else "",
                },
                first_url=here if start is not None else "",
                **more,
            ),
        )


class CommentsOnParagraph(SomeComments):
    """The comments on one paragraph of a version, with its words in that version."""

    def get(
        self, request: HttpRequest, body: str, outcome: str, revision: int, mark: int, start: int | None = None
    ) -> HttpResponse:
        self.find(body, outcome)
        self.find_opening(revision)
        words = comments.words_of(self.opening.edition, mark)
        if words is None:
            raise Http404
        of = Q(section__outcome_paragraphs__paragraph__mark=mark)
        section = SectionThread.objects.filter(of, opening=self.opening).select_related("thread").first()
        here = reverse("outcomes:public_comments_on", args=[body, outcome, revision, mark])
        return self.show(request, {"part": mark}, start, here, mark=mark, words=words, section=section)


class CommentsOnSection(SomeComments):
    """The comments on a section of a version that name no paragraph."""

    def get(
        self, request: HttpRequest, body: str, outcome: str, revision: int, thread: int, start: int | None = None
    ) -> HttpResponse:
        self.find(body, outcome)
        self.find_opening(revision)
        threads = SectionThread.objects.filter(opening=self.opening, thread__number=thread)
        section = threads.select_related("thread", "section").first()
        if section is None:
            raise Http404
        here = reverse("outcomes:public_comments_in", args=[body, outcome, revision, thread])
        which = {"thread": section.thread, "part": None}
        return self.show(request, which, start, here, section=section, title_of_section=section.thread.question)


class Matrix(OutcomeView):
    """Each contribution with the paragraphs that answer it, fifty links a page."""

    known_parameters = matrix.PARAMETERS

    template_name = "outcomes/matrix.html"

    def get(self, request: HttpRequest, body: str, outcome: str, start: int | None = None) -> HttpResponse:
        self.find(body, outcome)
        filters = matrix.filters_of(request.GET.dict())
        found = matrix.page_of(self.version, filters, start)
        if found is None or (start is not None and not found.rows):
            raise Http404
        threads = matrix.threads_to_answer(self.place.outcome)
        base = f"{self.place.outcome_url}matrix/"
        return self.page(
            request,
            self.context(
                found=found,
                filters=filters,
                start=start,
                responses=Response.choices,
                groups=StakeholderGroup.choices,
                threads=[(f"{each.consultation.slug}/{each.number}", each) for each in threads],
                is_of_several=len({each.consultation_id for each in threads}) > 1,
                counts=matrix.counts_by_response(self.version),
                first_url=f"{base}{filters.query}" if start is not None else "",
                next_url=f"{base}from/{found.next}/{filters.query}" if found.next else "",
            ),
        )


class Coverage(OutcomeView):
    """How many contributions are answered, by group, question, language, channel and country."""

    template_name = "outcomes/coverage.html"

    def get(self, request: HttpRequest, body: str, outcome: str) -> HttpResponse:
        self.find(body, outcome)
        kept = self.version.figures
        answered, left = kept.get("answered", 0), kept.get("left", 0)
        return self.page(
            request,
            self.context(
                tables=contributions.figure_tables(kept), answered=answered, left=left, to_answer=answered + left
            ),
        )


class Unanswered(OutcomeView):
    """The contributions without a response and a reason in the version in force, forty a page."""

    template_name = "outcomes/unanswered.html"

    def get(
        self, request: HttpRequest, body: str, outcome: str, consultation: str = "", number: int = 0
    ) -> HttpResponse:
        self.find(body, outcome)
        found = contributions.unanswered_page(self.version, consultation, number)
        if found is None:
            raise Http404
        base = f"{self.place.outcome_url}unanswered/"
        more: dict[str, object] = {
            "found": found,
            "left_then": self.version.figures.get("left", 0),
            "left_now": contributions.unanswered_by(self.version).count(),
            "first_url": base if number else "",
            "next_url": f"{base}from/{found.next[0]}/{found.next[1]}/" if found.next else "",
        }
        return self.page(request, self.context(**more))
