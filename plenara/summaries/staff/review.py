"""Review, approval, publication: what stands against a summary, and who leads it on."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.documents import actions as document_actions
from plenara.documents import gate, states
from plenara.documents import rules as document_rules
from plenara.documents.renditions import standings
from plenara.documents.staff.comments import by_statement
from plenara.summaries import actions, holding, periods
from plenara.summaries.correcting.upheld import for_writers
from plenara.summaries.coverage import coverage
from plenara.summaries.forms import NoteForm
from plenara.summaries.kind import SUMMARY
from plenara.summaries.staff.base import SummaryView
from plenara.summaries.staff.rows import statements_of

#: The act that a state waits for: who may not do it is told why.
FIRST = {"draft": "submit_for_review", "in_review": "approve", "approved": "publish"}


class Review(SummaryView):
    """The summary as it stands, with everything that keeps it from being published."""

    template_name = "summaries/desk/review.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, NoteForm(self.kept(request)))

    def show(self, request: HttpRequest, form: NoteForm) -> HttpResponse:
        document, person = self.document, self.person
        numbers = {each.number: each.pk for each in document.paragraphs.all()}
        may = {
            "submit_for_review": document_rules.may_write(person, document),
            "send_back": document_rules.may_send_back(person, document),
            "approve": document_rules.may_approve(person, document),
            "publish": document_rules.may_publish(person, document),
            "reopen": document_rules.may_reopen(person, document),
        }
        covered = coverage(self.summary)
        looked = gate.look(document, coverage=covered)
        faults = looked.faults
        comments = by_statement(document)
        statements = [{**row, "comments": comments.get(row["paragraph"].pk, [])} for row in statements_of(document)]
        return self.page(
            request,
            self.context(
                form=form,
                to_put_right=for_writers(document.pk),
                faults=[(fault, numbers.get(fault.paragraph)) for fault in faults],
                warnings=[(fault, numbers.get(fault.paragraph)) for fault in looked.warnings],
                is_being_compared=looked.is_being_compared,
                holders=holding.live(statements, covered),
                can={act: bool(rule) and bool(states.allows(document.state, act)) for act, rule in may.items()},
                why_not=getattr(may.get(FIRST.get(document.state, "")), "sentence", ""),
                self_approval=bool(may["approve"]) and document_rules.is_self_approval(person, document),
                is_revision=document.number is not None,
                statements=statements,
                comments=comments.get(None, []),
                open_comments=[each for found in comments.values() for each in found if each.resolved_at is None],
                may_comment=bool(document_rules.may_comment(person, document))
                and states.allows(document.state, "comment"),
                coverage=covered,
                standings=standings(document),
                period=periods.in_words(self.summary.period_from, self.summary.period_to, self.consultation),
                public_url=SUMMARY.url(self.consultation.slug, document.number) if document.number else "",
            ),
            status=self.status,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NoteForm(request.POST)
        act = request.POST.get("act", "")
        todo: dict[str, tuple[Callable[[], Any], str]] = {
            "submit_for_review": (
                lambda: actions.ask_approval(actor=self.person, summary=self.summary),
                _("It is in review. The organizers are told."),
            ),
            "send_back": (
                lambda: actions.send_back(
                    actor=self.person, summary=self.summary, note=form.cleaned_data.get("note", "")
                ),
                _("It is a draft again. Its writers are told."),
            ),
            "approve": (
                lambda: actions.approve(actor=self.person, summary=self.summary),
                _("It is approved. The translators are told."),
            ),
            "publish": (
                lambda: actions.publish(actor=self.person, summary=self.summary),
                _("It is published. The authors cited are told."),
            ),
            "correct": (
                lambda: actions.publish(actor=self.person, summary=self.summary, is_correction=True),
                _("The correction is published."),
            ),
            "reopen": (
                lambda: document_actions.reopen(actor=self.person, document=self.document),
                _("It can be changed. What is published stays until you publish again."),
            ),
        }
        if act not in todo:
            raise Http404
        action, done = todo[act]
        if self.attempt(request, form, action):
            self.say(request, done)
            return redirect(self.back_to(request))
        return self.show(request, form)
