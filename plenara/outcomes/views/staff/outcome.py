"""An outcome at the desk: workbench, history, translations, review and publication, opening for comment."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.consultations.models import State
from plenara.consultations.permissions import may_organize, may_work_in
from plenara.consultations.presenters import wording
from plenara.core.refusals import Answer, require
from plenara.core.text import number_in
from plenara.documents.models import Comment, Paragraph, ParagraphText
from plenara.documents.validation import publication
from plenara.documents.views.staff import files, review, translation
from plenara.documents.views.staff.paragraphs import WritingView
from plenara.outcomes import actions, permissions
from plenara.outcomes.forms.outcomes import NoteForm, OpeningForm, PublishForm
from plenara.outcomes.models import Opening, OutcomeEdition, OutcomeParagraph, Stage
from plenara.outcomes.presenters.outcomes import stage_of
from plenara.outcomes.queries.comments import openings_of
from plenara.outcomes.queries.contributions import to_answer, unanswered_now, version_name
from plenara.outcomes.queries.positions import Glance, glances, paragraph_states
from plenara.outcomes.queries.workbench import bench_of, place_of
from plenara.outcomes.validation.contents import can_be_opened
from plenara.outcomes.views.staff.base import OutcomeView


class History(review.History, OutcomeView):
    """The changes of an outcome, newest first; with `statement`, those of one of its paragraphs, deleted or not."""


class OpenForComment(OutcomeView):
    """The form that opens the version in force, and the earlier openings."""

    template_name = "outcomes/desk/opening.html"

    def may(self) -> Answer:
        return permissions.may_open_for_comment(self.person, self.body)

    def find(self) -> Answer:
        found = super().find()
        versions = OutcomeEdition.objects.filter(outcome=self.outcome).select_related("edition")
        self.version = versions.filter(edition__in_force=True).first()
        if self.version:
            self.version.outcome = self.outcome
        return found

    def get(self, request: HttpRequest) -> HttpResponse:
        form = OpeningForm(self.kept(request), version=self.version) if self.version else None
        return self.show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        version = self.version
        if version is None or Opening.objects.filter(edition=version).exists():
            return redirect(self.address("opening"))  # a double click
        form = OpeningForm(request.POST, version=version)
        if self.attempt(
            request, form, lambda: actions.open_for_comment(actor=self.person, version=version, **form.arguments())
        ):
            self.say(request, _("The draft is open for comment. Everyone can read it and comment on it."))
            return redirect(self.address("opening"))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: OpeningForm | None) -> HttpResponse:
        openings = list(
            Opening.objects.filter(outcome=self.outcome)
            .select_related("edition__edition", "consultation")
            .order_by("-edition")
        )
        is_opened = any(each.edition_id == self.version.pk for each in openings) if self.version else False
        refused = can_be_opened(self.version) if self.version and not is_opened else True
        return self.page(
            request,
            self.context(
                form=form,
                version=self.version,
                stage=stage_of(self.version) if self.version else "",
                is_opened=is_opened,
                refused="" if refused else getattr(refused, "sentence", ""),
                openings=[self.row(each) for each in openings],
                sections=[each.title for each in self.version.sections.all()] if self.version else [],
            ),
            status=self.status,
        )

    def row(self, opening: Opening) -> dict[str, object]:
        """Return an opening for the page."""
        it = opening.consultation
        return {
            "stage": stage_of(opening.edition),
            "consultation": it,
            "url": wording.address(it),
            "mark": wording.mark(it),
            "closing": wording.closing(it),
            "has_desk": bool(may_work_in(self.person, it)),
        }


class Review(review.Review[NoteForm | PublishForm], OutcomeView):
    """The outcome as it is, with everything that prevents its publication."""

    template_name = "outcomes/desk/review.html"
    submitted = gettext_lazy("The outcome is in review. We have notified the people who can approve it.")
    published = gettext_lazy(
        "The outcome has been published. We have notified the people whose contributions it answers."
    )

    def get(self, request: HttpRequest, **more: object) -> HttpResponse:
        kept = self.kept(request)
        is_publishing = kept is not None and kept.get("act") in {"publish", "correct"}
        return self.show(
            request,
            NoteForm(None if is_publishing else kept),
            self.publish_form(kept if is_publishing else None),
        )

    def publish_form(self, data: QueryDict | None = None) -> PublishForm:
        """Return the form for the next version."""
        self.version = self.outcome.editions.select_related("edition").filter(edition__in_force=True).first()
        self.left = unanswered_now(self.outcome).count()
        stage = self.version.stage if self.version else ""
        return PublishForm(data, outcome=self.outcome, earlier=stage, left=self.left)

    def may_publish(self) -> Answer:
        return permissions.may_publish_outcome(self.person, self.body)

    def publish(self, form: NoteForm | PublishForm, *, is_correction: bool) -> None:
        assert isinstance(form, PublishForm)
        actions.publish(actor=self.person, outcome=self.outcome, is_correction=is_correction, **form.arguments())

    def show(self, request: HttpRequest, form: NoteForm, publish_form: PublishForm) -> HttpResponse:
        document, can = self.document, self.can
        seen = glances([self.outcome])[self.outcome.pk]
        comments = Comment.objects.filter(document=document, resolved_at=None, language="").select_related("paragraph")
        all_of_it = to_answer(self.outcome).count()
        is_final = self.version is not None and self.version.stage == Stage.FINAL
        return self.page(
            request,
            self.review_context(
                publication.findings_of(document),
                form=form,
                publish_form=publish_form,
                shown_form=publish_form if publish_form.errors else form,
                open_rounds=self.open_rounds() if can["publish"] or is_final else [],
                is_final=is_final,
                version=self.version,
                version_name=version_name(self.version.stage, self.version.draft) if self.version else "",
                versions=self.versions(),
                glance=seen,
                most=max((each.total for each in seen.sections.values()), default=1),
                sections=self.sections(seen),
                left=self.left,
                answered=all_of_it - self.left,
                to_answer=all_of_it,
                left_url=self.address("to_answer") if self.may_act["submit_for_review"] else "",
                open_comments=list(comments.order_by("paragraph__number", "pk")),
            ),
            status=self.status,
        )

    def versions(self) -> list[dict[str, object]]:
        """Return the versions, the newest first."""
        found = OutcomeEdition.objects.filter(outcome=self.outcome).select_related("edition").order_by("-edition")
        return [{"it": each, "name": version_name(each.stage, each.draft)} for each in found]

    def open_rounds(self) -> list[dict[str, object]]:
        """Return the present and future rounds of comment, which a final text would end."""
        return [
            {
                "version": stage_of(each.edition),
                "consultation": each.consultation,
                "url": wording.address(each.consultation),
                "closing": wording.closing(each.consultation),
                "may_close": each.consultation.is_open and bool(may_organize(self.person, each.consultation)),
            }
            for each in openings_of(self.outcome.pk)
            if each.consultation.state in {State.ANNOUNCED, State.OPEN}
        ]

    def sections(self, seen: Glance) -> list[dict[str, object]]:
        """Return the sections with their present paragraphs. Five queries, whatever the length."""
        by_paragraph, source = paragraph_states(self.outcome), self.document.source_language
        texts = {
            each.paragraph_id: each
            for each in ParagraphText.objects.filter(paragraph__document=self.document, language=source)
        }
        outcome_paragraphs = OutcomeParagraph.objects.filter(section__outcome=self.outcome).select_related("paragraph")
        rows: dict[int, list[dict[str, object]]] = {}
        for outcome_paragraph in outcome_paragraphs.order_by("paragraph__number"):
            paragraph: Paragraph = outcome_paragraph.paragraph
            rows.setdefault(outcome_paragraph.section_id, []).append(
                {
                    "paragraph": paragraph,
                    "text": texts.get(paragraph.pk),
                    "state": by_paragraph[paragraph.pk],
                    "url": self.address("paragraph", paragraph.pk),
                }
            )
        return [
            {"section": each, "glance": seen.sections.get(each.pk, Glance()), "rows": rows.get(each.pk, [])}
            for each in self.outcome.sections.all()
        ]

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        act = request.POST.get("act", "")
        if act in {"publish", "correct"} and self.document.state == "published":
            return redirect(self.address("review"))  # a double click
        if act in {"publish", "correct"}:
            require(self.may_publish())  # a person who may not publish has no form
        note = NoteForm(request.POST if act == "send_back" else {})
        is_publishing = act in {"publish", "correct"}
        publish_form = self.publish_form(request.POST if is_publishing else None)
        if done := self.carry_out(request, act, publish_form if is_publishing else note):
            return done
        self.find()
        return self.show(request, NoteForm() if is_publishing else note, publish_form)


class Rendition(translation.RenditionDesk, OutcomeView):
    """Paragraph by paragraph: the source, and the translation."""


class Phrases(translation.Phrases, OutcomeView):
    """The headings of its sections and its reasons."""


class Files(files.Files, OutcomeView):
    """The files to download, and the form to return one."""


class RenditionFile(files.RenditionFile, OutcomeView):
    """A rendition as a file."""


class ReturnedFile(files.ReturnedFile, OutcomeView):
    """What would be saved of a returned file; the button that saves it."""


class Workbench(OutcomeView):
    """The progress of the draft, pending work, and the paragraphs, a page at a time."""

    template_name = "outcomes/desk/workbench.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = {name: request.GET.get(name, "")[:80] for name in ("show", "section")}
        bench = bench_of(self.outcome, self.person, page=number_in(request.GET.get("page")), **asked)
        answers = to_answer(self.outcome).count()
        left = unanswered_now(self.outcome).count()
        return self.page(
            request,
            self.context(
                bench=bench,
                answers=answers,
                answered=answers - left,
                left=left,
                note=self.document.note,
                meanwhile=review.changes_by_others(request, self.document, self.person),
                may_agree=bool(
                    permissions.may_take_position(self.person, self.body)
                    or permissions.may_declare(self.person, self.body)
                ),
                may_propose=bool(permissions.may_propose(self.person, self.body)),
            ),
        )


class Move(WritingView, OutcomeView):
    """Moving a paragraph: `place` has its section and the paragraph before it, as `section:after`."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        pk, _colon, place = request.POST.get("move", "").partition(":")
        section, _colon, after = (place or request.POST.get("place", "")).partition(":")
        ids = [number_in(each) for each in (pk, section, after)]
        paragraph = self.document.paragraphs.select_related("document").filter(pk=ids[0]).first()
        target = self.outcome.sections.filter(pk=ids[1]).first()
        if paragraph is None or target is None:
            raise Http404
        before = self.document.paragraphs.filter(pk=ids[2]).first() if ids[2] else None
        moved = actions.move_paragraph(actor=self.person, paragraph=paragraph, section=target, after=before)
        return redirect(self.address("workbench") + place_of(moved))
