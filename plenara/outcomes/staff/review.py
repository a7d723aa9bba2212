"""Review, approval, publication: the whole at a glance, what stands against it, and who leads it on."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.consultations import shown
from plenara.consultations.models import State
from plenara.consultations.rules import may_organize
from plenara.core.refusals import require
from plenara.documents import gate, states
from plenara.documents import rules as document_rules
from plenara.documents.models import Comment, Paragraph, ParagraphText
from plenara.documents.renditions import standings
from plenara.outcomes import actions, rules
from plenara.outcomes.commented import openings_of
from plenara.outcomes.forms.review import NoteForm, PublishForm
from plenara.outcomes.glance import Glance, glances
from plenara.outcomes.models import OutcomeEdition, Stage, Stand
from plenara.outcomes.shown import stage_of
from plenara.outcomes.staff.base import OutcomeView
from plenara.outcomes.standing import standings_of
from plenara.outcomes.trails import version_name
from plenara.outcomes.unanswered import left_now, to_answer

#: The act that a state waits for: who may not do it is told why.
FIRST = {"draft": "submit_for_review", "in_review": "approve", "approved": "publish"}


class Review(OutcomeView):
    """The outcome as it stands, with everything that keeps it from being published."""

    template_name = "outcomes/desk/review.html"

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        kept = self.kept(request)
        is_publishing = kept is not None and kept.get("act") in {"publish", "correct"}
        return self.show(
            request,
            NoteForm(None if is_publishing else kept),
            self.publish_form(kept if is_publishing else None),
        )

    def publish_form(self, data: Any = None) -> PublishForm:
        """Return the form of a version, for what may follow the one in force."""
        self.version = self.outcome.editions.select_related("edition").filter(edition__in_force=True).first()
        self.left = left_now(self.outcome).count()
        stage = self.version.stage if self.version else ""
        return PublishForm(data, outcome=self.outcome, earlier=stage, left=self.left)

    def show(self, request: HttpRequest, form: NoteForm, publish_form: PublishForm) -> HttpResponse:
        document, person = self.document, self.person
        numbers = {each.number: each.pk for each in document.paragraphs.all()}
        may = {
            "submit_for_review": document_rules.may_write(person, document),
            "send_back": document_rules.may_send_back(person, document),
            "approve": document_rules.may_approve(person, document),
            "publish": rules.may_publish_outcome(person, self.body),
            "reopen": document_rules.may_reopen(person, document),
        }
        looked = gate.look(document)
        seen = glances([self.outcome])[self.outcome.pk]
        can = {act: bool(rule) and bool(states.allows(document.state, act)) for act, rule in may.items()}
        comments = Comment.objects.filter(document=document, resolved_at=None, language="").select_related("paragraph")
        all_of_it = to_answer(self.outcome).count()
        is_final = self.version is not None and self.version.stage == Stage.FINAL
        return self.page(
            request,
            self.context(
                form=form,
                publish_form=publish_form,
                shown_form=publish_form if publish_form.errors else form,
                faults=[(fault, numbers.get(fault.paragraph)) for fault in looked.faults],
                warnings=[(fault, numbers.get(fault.paragraph)) for fault in looked.warnings],
                is_being_compared=looked.is_being_compared,
                can=can,
                open_rounds=self.open_rounds() if can["publish"] or is_final else [],
                is_final=is_final,
                why_not=getattr(may.get(FIRST.get(document.state, "")), "sentence", ""),
                self_approval=bool(may["approve"]) and document_rules.is_self_approval(person, document),
                version=self.version,
                version_name=version_name(self.version.stage, self.version.draft) if self.version else "",
                versions=self.versions(),
                glance=seen,
                most=max((each.total for each in seen.sections.values()), default=1),
                sections=self.sections(seen),
                left=self.left,
                answered=all_of_it - self.left,
                all=all_of_it,
                left_url=self.address("to_answer") if document_rules.may_write(person, document) else "",
                open_comments=list(comments.order_by("paragraph__number", "pk")),
                standings=standings(document),
            ),
            status=self.status,
        )

    def versions(self) -> list[dict[str, Any]]:
        """Return the versions so far, the newest first."""
        found = OutcomeEdition.objects.filter(outcome=self.outcome).select_related("edition").order_by("-edition")
        return [{"it": each, "name": version_name(each.stage, each.draft)} for each in found]

    def open_rounds(self) -> list[dict[str, Any]]:
        """Return the rounds of comment that still take comments, or will: a final text would end what they promise."""
        return [
            {
                "version": stage_of(each.edition),
                "consultation": each.consultation,
                "url": shown.address(each.consultation),
                "closing": shown.closing(each.consultation),
                "may_close": each.consultation.is_open and bool(may_organize(self.person, each.consultation)),
            }
            for each in openings_of(self.outcome.pk)
            if each.consultation.state in {State.ANNOUNCED, State.OPEN}
        ]

    def sections(self, seen: Glance) -> list[dict[str, Any]]:
        """Return the sections with their paragraphs as they stand. Five queries, whatever the length."""
        standing, source = standings_of(self.outcome), self.document.source_language
        texts = {
            each.paragraph_id: each
            for each in ParagraphText.objects.filter(paragraph__document=self.document, language=source)
        }
        stands = Stand.objects.filter(section__outcome=self.outcome).select_related("paragraph")
        rows: dict[int, list[dict[str, Any]]] = {}
        for stand in stands.order_by("paragraph__number"):
            paragraph: Paragraph = stand.paragraph
            rows.setdefault(stand.section_id, []).append(
                {
                    "paragraph": paragraph,
                    "text": texts.get(paragraph.pk),
                    "standing": standing[paragraph.pk],
                    "url": self.address("paragraph", paragraph.pk),
                }
            )
        return [
            {"section": each, "glance": seen.sections.get(each.pk, Glance()), "rows": rows.get(each.pk, [])}
            for each in self.outcome.sections.all()
        ]

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        act = request.POST.get("act", "")
        if act in {"publish", "correct"} and self.document.state == "published":
            return redirect(self.address("review"))  # a double click
        if act in {"publish", "correct"}:
            require(rules.may_publish_outcome(self.person, self.body))  # who may not has no form to keep
        form: Any = NoteForm(request.POST) if act == "send_back" else NoteForm({})
        publish_form = self.publish_form(request.POST if act in {"publish", "correct"} else None)
        if act in {"publish", "correct"}:
            form = publish_form
        todo: dict[str, tuple[Callable[[], Any], str]] = {
            "submit_for_review": (
                lambda: actions.ask_approval(actor=self.person, outcome=self.outcome),
                _("It is in review. Those who may approve it are told."),
            ),
            "send_back": (
                lambda: actions.send_back(
                    actor=self.person, outcome=self.outcome, note=form.cleaned_data.get("note", "")
                ),
                _("It is a draft again. Its writers are told."),
            ),
            "approve": (
                lambda: actions.approve(actor=self.person, outcome=self.outcome),
                _("It is approved. The translators are told."),
            ),
            "publish": (
                lambda: actions.publish(actor=self.person, outcome=self.outcome, **form.said()),
                _("It is published. Those whose contributions it treats are told."),
            ),
            "correct": (
                lambda: actions.publish(actor=self.person, outcome=self.outcome, is_correction=True, **form.said()),
                _("The correction is published."),
            ),
            "reopen": (
                lambda: actions.reopen(actor=self.person, outcome=self.outcome),
                _("It can be changed. What is published stays until you publish again."),
            ),
        }
        if act not in todo:
            raise Http404
        action, done = todo[act]
        if self.attempt(request, form, action):
            self.say(request, done)
            return redirect(self.back_to(request))
        self.find()
        return self.show(request, NoteForm() if form is publish_form else form, publish_form)
