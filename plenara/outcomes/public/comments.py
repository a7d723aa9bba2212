"""Views for readers to the comments on an outcome's drafts: all that was opened, one paragraph's, one section's."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from plenara.consultations import shown
from plenara.contributions.models import Edition
from plenara.outcomes import commented
from plenara.outcomes.models import Opening, SectionThread
from plenara.outcomes.places import version_url
from plenara.outcomes.public.base import OutcomeView
from plenara.outcomes.shown import stage_of


class Comments(OutcomeView):
    """Every version that was opened for comment, with how many comments each paragraph has, and how many answers."""

    template_name = "outcomes/comments.html"

    def get(self, request: HttpRequest, body: str, outcome: str) -> HttpResponse:
        self.find(body, outcome)
        return self.page(request, self.context(openings=commented.overview(self.version)))


class SomeComments(OutcomeView):
    """Comments on one part of a version, twenty a page. Not a view itself."""

    template_name = "outcomes/comments_on.html"
    opening: Opening

    def find_opening(self, revision: int) -> None:
        """Find the version that was opened. Raises `Http404` where it was not."""
        openings = commented.openings_of(self.version.outcome_id)
        found = openings.filter(edition__edition__revision=revision).first()
        if found is None:
            raise Http404
        self.opening = found

    def show(
        self, request: HttpRequest, found: QuerySet[Edition], start: int | None, here: str, **more: Any
    ) -> HttpResponse:
        child, opened = self.opening.consultation, self.opening.edition
        page = commented.page_of(found, child, self.version, start)
        if start is not None and not page.editions:
            raise Http404
        is_same = opened.edition_id == self.version.edition_id
        return self.page(
            request,
            self.context(
                found=page,
                child=child,
                base=shown.address(child),
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
    """The comments on one paragraph of a version, with its words as they were then."""

    def get(
        self, request: HttpRequest, body: str, outcome: str, revision: int, mark: int, start: int | None = None
    ) -> HttpResponse:
        self.find(body, outcome)
        self.find_opening(revision)
        words = commented.words_of(self.opening.edition, mark)
        if words is None:
            raise Http404
        of = Q(section__stands__paragraph__mark=mark)
        section = SectionThread.objects.filter(of, opening=self.opening).select_related("thread").first()
        here = reverse("outcomes:public_comments_on", args=[body, outcome, revision, mark])
        found = Edition.objects.filter(part=mark)
        return self.show(request, found, start, here, mark=mark, words=words, section=section)


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
        found = Edition.objects.filter(thread=section.thread, part=None)
        return self.show(request, found, start, here, section=section, title_of_section=section.thread.question)
