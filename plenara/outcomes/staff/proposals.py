"""Proposals for a paragraph: making one, reading it beside the words that stand there, taking or declining it."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plenara.core.languages import direction, html_code
from plenara.documents import actions as document_actions
from plenara.outcomes import actions, rules
from plenara.outcomes.forms.paragraphs import AnswerForm, ProposalForm
from plenara.outcomes.models import Proposal
from plenara.outcomes.staff.paragraphs import ParagraphView


class Propose(ParagraphView):
    """Proposing other words, beginning with those that stand there."""

    template_name = "outcomes/desk/propose.html"
    outlives = True

    def may(self) -> Any:
        return rules.may_propose(self.person, self.body)

    def form(self, data: Any = None, **initial: Any) -> ProposalForm:
        code = self.document.source_language
        return ProposalForm(data, initial=initial, language=html_code(code), direction=direction(code))

    def get(self, request: HttpRequest) -> HttpResponse:
        source = self.source()
        form = self.form(
            self.kept(request),
            heading=source.heading,
            text=source.text,
            was=source.digest,
            key=secrets.token_urlsafe(24),
        )
        return self.show(request, form)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if self.is_deleted:
            form.is_valid()
            form.add_error(
                None, _("Somebody deleted this paragraph while you wrote. Keep your words, and propose them elsewhere.")
            )
            return self.page(request, self.context(form=form, deleted=True), status=409)

        def propose() -> None:
            typed = form.cleaned_data
            actions.propose(
                actor=self.person,
                paragraph=self.paragraph,
                heading=typed["heading"],
                text=typed["text"],
                note=typed["note"],
                was=typed["was"],
                key=typed["key"] or None,
            )

        if self.attempt(request, form, propose):
            self.say(request, _("Proposed. Who writes for the body takes it, or tells you why not."))
            return redirect(self.here("#proposals"))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: ProposalForm) -> HttpResponse:
        source = self.source()
        if self.conflict:
            data = request.POST.copy()
            data["was"] = source.digest  # the next attempt is about the words that the person has now seen
            form.data = data
        typed = form["text"].value() or ""
        return self.page(
            request, self.told(form=form, text=source, conflict=self.conflict, typed=typed), status=self.status
        )


class OneProposal(ParagraphView):
    """A proposal beside the words that stand there: taken, declined, or taken back by who made it."""

    template_name = "outcomes/desk/proposal.html"

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.proposal_pk = kwargs.pop("proposal")
        return super().enter(request, *args, paragraph=0, **kwargs)

    def find(self) -> Any:
        found = Proposal.objects.select_related("paragraph", "by", "answered_by")
        self.proposal = get_object_or_404(
            found, pk=self.proposal_pk, paragraph__document__outcome__body=self.body,
            paragraph__document__outcome__slug=self.outcome_slug,
        )  # fmt: skip
        self.paragraph_pk = self.proposal.paragraph_id
        return super().find()

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, AnswerForm(self.kept(request), initial={"was": self.stamp()}))

    def stamp(self) -> str:
        """Return what a form opened on the paragraph's words now carries."""
        return document_actions.stamp(self.paragraph, self.source())

    def post(self, request: HttpRequest) -> HttpResponse:
        form, act = AnswerForm(request.POST), request.POST.get("act", "")

        def answer() -> None:
            person, it, typed = self.person, self.proposal, form.cleaned_data
            if act == "withdraw":
                actions.withdraw(actor=person, proposal=it)
            elif act == "decline":
                actions.decline(actor=person, proposal=it, answer=typed["answer"])
            else:
                actions.accept(
                    actor=person, proposal=it, was=typed["was"], answer=typed["answer"], confirmed=typed["confirmed"]
                )

        if self.attempt(request, form, answer):
            said = {"withdraw": _("It is taken back."), "decline": _("It is declined.")}
            self.say(request, said.get(act, _("Its words stand in the paragraph now.")))
            return redirect(self.here("#proposals"))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: AnswerForm) -> HttpResponse:
        source = self.source()
        if self.conflict:
            data = request.POST.copy()
            data["was"] = self.stamp()
            data.pop("confirmed", None)  # what was confirmed was about other words
            form.data = data
        waits = self.proposal.state == Proposal.State.PENDING
        return self.page(
            request,
            self.told(
                form=form,
                proposal=self.proposal,
                text=source,
                conflict=self.conflict,
                waits=waits,
                moved_on=waits and self.proposal.was != source.digest,
                may_answer=waits and bool(rules.may_answer_proposal(self.person, self.body)),
                may_withdraw=waits and bool(rules.may_withdraw(self.person, self.proposal, self.body)),
            ),
            status=self.status,
        )
