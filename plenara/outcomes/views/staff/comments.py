"""Comments at the desk: internal ones of members, and public ones, answered group by group."""

from itertools import batched

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.consultations.presenters import wording
from plenara.contributions.models import Edition
from plenara.core.languages import Localized
from plenara.core.pagination import pages_of
from plenara.core.refusals import Answer, require, require_valid
from plenara.core.text import number_in
from plenara.core.transaction import writes
from plenara.documents import permissions as document_permissions
from plenara.documents.models import Citation, Comment, Paragraph
from plenara.documents.queries.drafts import part_of
from plenara.documents.views.staff import review
from plenara.outcomes import actions
from plenara.outcomes.actions.responses import MOST_AT_ONCE
from plenara.outcomes.forms.paragraphs import AnsweringForm
from plenara.outcomes.models import Opening, OutcomeParagraph, Section
from plenara.outcomes.presenters.outcomes import stage_of
from plenara.outcomes.queries import comments
from plenara.outcomes.queries.citations import citing_paragraphs
from plenara.outcomes.queries.comments import NOWHERE, CommentCount, CommentGroup, ListedComment
from plenara.outcomes.queries.paragraphs import ReasonedResponse
from plenara.outcomes.validation import contents
from plenara.outcomes.views.staff.base import OutcomeView
from plenara.outcomes.views.staff.responses import CitingView


class Among(review.CommentView, OutcomeView):
    """A mixin for views of members' internal comments."""

    def then(self, paragraph: Paragraph | None, language: str) -> str:
        if language:
            return self.address("rendition", language)
        return self.address("paragraph", paragraph.pk) + "#comments" if paragraph else self.address("comments")


class Comments(OutcomeView):
    """All internal comments on an outcome, open ones first."""

    template_name = "outcomes/desk/comments.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found: dict[Paragraph | None, list[Comment]] = {}
        for each in review.comments_of(self.document):
            found.setdefault(each.paragraph, []).append(each)
        groups = sorted(found.items(), key=lambda pair: pair[0].number if pair[0] else 0)
        return self.page(request, self.context(groups=groups))


class NewComment(review.NewComment, Among):
    """Commenting on a paragraph, or on the whole."""


class Resolve(review.Resolve, Among):
    """Resolving one comment, with or without an answer."""


#: Groups on one page, and comments that one answer answers.
PAGE, MOST = 25, 2_000


class Received(CitingView):
    """All public comments on the drafts of an outcome, by section and paragraph, unanswered ones first."""

    template_name = "outcomes/desk/received.html"

    def may(self) -> Answer:
        return document_permissions.may_see(self.person, self.document)

    def get(self, request: HttpRequest) -> HttpResponse:
        tables = comments.comment_counts(self.outcome)
        outcome_paragraphs = OutcomeParagraph.objects.filter(section__outcome=self.outcome).select_related("paragraph")
        places: dict[int, list[dict]] = {}
        for outcome_paragraph in outcome_paragraphs.order_by("paragraph__number"):
            if count := tables.by_part.get(outcome_paragraph.paragraph.mark or 0):
                places.setdefault(outcome_paragraph.section_id, []).append(
                    {
                        "name": part_of(self.document, outcome_paragraph.paragraph),
                        "url": self.address("received_on", outcome_paragraph.paragraph.pk),
                        "count": count,
                    }
                )
        rows = [self.row_of(each, each.title, places.get(each.pk, []), tables) for each in self.outcome.sections.all()]
        rows.append(self.row_of(None, {}, [], tables))
        return self.page(
            request,
            self.context(
                sections=[each for each in rows if each["places"]],
                whole=tables.whole,
                openings=[
                    {
                        "stage": stage_of(each.edition),
                        "consultation": each.consultation,
                        "url": wording.address(each.consultation),
                    }
                    for each in Opening.objects.filter(outcome=self.outcome)
                    .select_related("edition__edition", "consultation")
                    .order_by("edition")
                ],
            ),
        )

    def row_of(
        self,
        section: Section | None,
        title: dict[str, str],
        places: list[dict],
        tables: comments.CommentCounts,
    ) -> dict[str, object]:
        """Return a section with the paragraphs that have comments, those with unanswered ones first."""
        key = section.pk if section else NOWHERE
        if count := tables.by_section.get(key):
            name = pgettext("label", "The whole section") if section else _("What is missing, and deleted sections")
            places = [*places, {"name": name, "url": self.address("received_in", key), "count": count}]
        places.sort(key=lambda each: not each["count"].left)
        return {
            "section": section,
            "title": title,
            "places": places,
            "count": sum((each["count"] for each in places), CommentCount()),
        }


class Answering(Received):
    """A mixin for views of some comments, with the form by which a paragraph answers the chosen ones."""

    template_name = "outcomes/desk/received_on.html"

    def comments(self) -> list[ListedComment]:
        """Return the comments of this page, without their words."""
        raise NotImplementedError

    def about(self) -> dict[str, object]:
        """Return the context about the section or paragraph."""
        raise NotImplementedError

    def form(self, data: QueryDict | None = None) -> AnsweringForm:
        paragraph = self.wanted()
        initial = {"paragraph": str(paragraph.pk) if paragraph else ""}
        return AnsweringForm(data, initial=initial, paragraphs=citing_paragraphs(self.document), **self.known())

    def wanted(self) -> Paragraph | None:
        """Return the default answering paragraph."""
        return None

    def get(self, request: HttpRequest, **more: object) -> HttpResponse:
        kept = self.kept(request)
        return self.show(request, self.form(kept), kept.getlist("chosen") if kept else [])

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        require(document_permissions.may_write(self.person, self.document))
        form = self.form(request.POST)
        chosen = request.POST.getlist("chosen")
        done: list[int] = []

        def answer() -> None:
            typed = form.cleaned_data
            ids = self.members(chosen)
            require_valid(contents.few_enough(len(ids), MOST))
            paragraph = self.paragraph_in(typed)
            with writes():
                for some in batched(ids, MOST_AT_ONCE):
                    editions = comments.comments_on(self.outcome).filter(pk__in=some)
                    actions.respond_to_many(
                        actor=self.person, paragraph=paragraph, editions=editions, response=typed["response"],
                        reason=typed["reason"],
                    )  # fmt: skip
            done.extend(ids)

        if self.attempt(request, form, answer):
            message = ngettext(
                "%(count)d comment has been answered.", "%(count)d comments have been answered.", len(done)
            )
            self.say(request, message % {"count": len(done)})
            return redirect(request.path)
        return self.show(request, form, chosen)

    def members(self, chosen: list[str]) -> list[int]:
        """Return the ids of all unanswered comments in the groups whose first ones were chosen."""
        wanted = {number_in(each) for each in chosen}
        groups = [each for each in comments.grouped_comments(self.comments()) if each.lead.pk in wanted]
        return [each.pk for group in groups for each in (group.left or group.members)]

    def show(self, request: HttpRequest, form: AnsweringForm, chosen: list[str]) -> HttpResponse:
        groups = comments.grouped_comments(self.comments())
        here = min(max(number_in(request.GET.get("page")), 1), max(1, -(-len(groups) // PAGE)))
        wanted = {number_in(each) for each in chosen}
        page = groups[(here - 1) * PAGE : here * PAGE]
        left = sum(len(each.left) for each in groups)
        return self.page(
            request,
            self.context(
                form=form,
                rows=self.rows(page, wanted),
                total=sum(len(each.members) for each in groups),
                left=left,
                pages=pages_of(len(groups), here, PAGE, lambda page: f"?page={page}#list"),
                **self.about(),
            ),
            status=self.status,
        )

    def rows(self, groups: list[CommentGroup], chosen: set[int]) -> list[dict[str, object]]:
        """Return the groups of a page: the first comment of each in full, the number of others, and the responses."""
        found = Edition.objects.select_related("text", "byline", "thread", "consultation").in_bulk(
            [each.lead.pk for each in groups]
        )
        answers = self.answers([each.contribution for group in groups for each in group.members[:1]])
        return [
            {
                "edition": found[each.lead.pk],
                "same": len(each.members),
                "left": len(each.left),
                "answers": answers.get(each.lead.contribution, []),
                "is_chosen": each.lead.pk in chosen,
            }
            for each in groups
            if each.lead.pk in found
        ]

    def answers(self, contributions: list[int]) -> dict[int, list[dict[str, object]]]:
        """Return the responses to contributions in the present draft. One query."""
        found: dict[int, list[dict[str, object]]] = {}
        citations = Citation.objects.filter(
            paragraph__document=self.document, edition__contribution__in=contributions, reason__isnull=False
        ).exclude(response="")
        for each in citations.select_related("paragraph", "reason", "edition").order_by("paragraph__number", "pk"):
            assert each.reason
            reason = Localized(each.reason.text, self.document.source_language)
            details = {"part": part_of(self.document, each.paragraph), "url": self.address("citation", each.pk)}
            found.setdefault(each.edition.contribution_id, []).append(
                {**details, "response": ReasonedResponse(each.response, reason)}
            )
        return found


class ReceivedOn(Answering):
    """The comments on one paragraph."""

    def find(self) -> Answer:
        found = super().find()
        paragraphs = self.document.paragraphs.select_related("outcome_paragraph__section")
        paragraph = paragraphs.filter(pk=self.kwargs["paragraph"]).first()
        if paragraph is None:
            raise Http404
        paragraph.document = self.document
        self.paragraph = paragraph
        return found

    def wanted(self) -> Paragraph | None:
        return self.paragraph

    def comments(self) -> list[ListedComment]:
        return comments.listed_comments(self.outcome, part=self.paragraph.mark) if self.paragraph.mark else []

    def about(self) -> dict[str, object]:
        source = self.paragraph.texts.filter(language=self.document.source_language).first()
        return {
            "paragraph": self.paragraph,
            "part": part_of(self.document, self.paragraph),
            "section": self.paragraph.outcome_paragraph.section,
            "text": source,
        }


class ReceivedIn(Answering):
    """The comments on a section without a present paragraph."""

    def find(self) -> Answer:
        found = super().find()
        self.section_pk = self.kwargs["section"]
        self.its_section = self.outcome.sections.filter(pk=self.section_pk).first()
        if self.its_section is None and self.section_pk != NOWHERE:
            raise Http404
        return found

    def comments(self) -> list[ListedComment]:
        return comments.without_paragraph(self.outcome, self.section_pk)

    def about(self) -> dict[str, object]:
        return {"section": self.its_section}
