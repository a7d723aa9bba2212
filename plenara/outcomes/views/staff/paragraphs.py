"""A paragraph at the desk: its page, the positions of members, the chair's declaration, and proposals."""

import secrets

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.refusals import Answer
from plenara.core.text import number_in
from plenara.documents import permissions as document_permissions
from plenara.documents.models import Kind, Paragraph
from plenara.documents.queries.history import version_with
from plenara.documents.views.staff import paragraphs
from plenara.documents.views.staff.review import changes_by_others, comments_on
from plenara.outcomes import actions, permissions, states
from plenara.outcomes.forms.paragraphs import AnswerForm, ObjectionForm, ProposalForm
from plenara.outcomes.models import Member, Proposal
from plenara.outcomes.queries import comments
from plenara.outcomes.queries.citations import given_by
from plenara.outcomes.queries.positions import ParagraphState, deciding_members, paragraph_states
from plenara.outcomes.queries.workbench import bench_of
from plenara.outcomes.states import takes_positions
from plenara.outcomes.views.staff.base import OutcomeView


class ParagraphView(paragraphs.ParagraphView, OutcomeView):
    """A view of one paragraph of an outcome."""

    related = ("outcome_paragraph__section",)

    def paragraph_context(self, **more: object) -> dict[str, object]:
        return super().paragraph_context(section=self.paragraph.outcome_paragraph.section, **more)


class ParagraphPage(ParagraphView):
    """One paragraph: words, positions of members, citations, proposals and comments."""

    template_name = "outcomes/desk/paragraph.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, ObjectionForm(self.kept(request)))

    def show(self, request: HttpRequest, objection: ObjectionForm) -> HttpResponse:
        source = self.source()
        state = paragraph_states(self.outcome, self.paragraph.pk)[self.paragraph.pk]
        given, total, pages = given_by(self.paragraph, number_in(request.GET.get("page")))
        if self.conflict:
            data = request.POST.copy()
            data["was"] = source.digest  # the next attempt is based on the words that the person has now seen
            objection.data = data
        proposals = Proposal.objects.filter(paragraph=self.paragraph).select_related("by", "answered_by")
        waiting = [each for each in proposals if each.state == Proposal.State.PENDING]
        takes_part = bool(states.takes_positions(self.document.state))
        held = self.held(state)
        if held["own_position"]:
            objection.initial["reason"] = held["own_position"].reason  # the form begins with the present response
        return self.page(
            request,
            self.paragraph_context(
                text=source,
                form=objection,
                conflict=self.conflict,
                given=given,
                cites=total,
                pages=pages,
                is_frame=self.paragraph.kind == Kind.FRAME,
                waiting=waiting,
                answered=[each for each in proposals if each not in waiting],
                comments=comments_on(self.document, self.paragraph),
                public=comments.comment_count_on(self.outcome, self.paragraph.mark),
                meanwhile=changes_by_others(request, self.document, self.person, self.paragraph.pk),
                before=self.neighbour(-1),
                after=self.neighbour(1),
                may_propose=takes_part and bool(permissions.may_propose(self.person, self.body)),
                may_comment=takes_part and bool(document_permissions.may_comment(self.person, self.document)),
                may_decide=takes_part and bool(permissions.may_take_position(self.person, self.body)),
                may_declare=takes_part and bool(permissions.may_declare(self.person, self.body)),
                **held,
            ),
            status=self.status,
        )

    def held(self, state: ParagraphState) -> dict:
        """Return the members' positions on the paragraph, and the person's own."""
        member = permissions.member_of(self.person, self.body)
        with_position = {each.member_id for each in (*state.agreeing, *state.objections)}
        silent = Member.objects.filter(pk__in=deciding_members(self.outcome) - with_position)
        own = [each for each in (*state.agreeing, *state.objections) if member and each.member_id == member.pk]
        lapsed = [each for each in state.lapsed if member and each.member_id == member.pk]
        return {
            "paragraph_state": state,
            "silent": list(silent.order_by("position", "pk")),
            "own_position": own[0] if own else None,
            "lapsed": lapsed[0] if lapsed else None,
            "held_before": version_with(self.document, self.paragraph.pk, lapsed[0].digest) if lapsed else None,
        }

    def neighbour(self, step: int) -> Paragraph | None:
        """Return the paragraph before this one, or after it."""
        return self.document.paragraphs.filter(number=self.paragraph.number + step).first()


class TakePosition(ParagraphPage):
    """Agreeing, objecting with a reason, or withdrawing one's position. A refusal keeps the typed text."""

    http_method_names = ["post"]

    def may(self) -> Answer:
        return permissions.may_take_position(self.person, self.body)

    def post(self, request: HttpRequest) -> HttpResponse:
        form, act = ObjectionForm(request.POST), request.POST.get("act", "")

        def hold() -> None:
            person, it, typed = self.person, self.paragraph, form.cleaned_data
            if act == "take_back":
                actions.take_back_position(actor=person, paragraph=it)
            elif act == "agree":
                actions.agree(actor=person, paragraph=it, was=typed["was"])
            else:
                actions.object_to(actor=person, paragraph=it, reason=typed["reason"], was=typed["was"])

        if self.attempt(request, form, hold):
            message = {
                "take_back": _("You have withdrawn your position."),
                "agree": _("You have agreed to this wording."),
            }
            self.say(
                request, message.get(act, _("You have objected to this wording. The paragraph is now in brackets."))
            )
            return redirect(self.here("#status"))
        return self.show(request, form)


class Declare(ParagraphPage):
    """Declaring a paragraph agreed, or opening it again: by the chair."""

    http_method_names = ["post"]

    def may(self) -> Answer:
        return permissions.may_declare(self.person, self.body)

    def post(self, request: HttpRequest) -> HttpResponse:
        form, again = ObjectionForm(request.POST), "open_again" in request.POST

        def declare() -> None:
            if again:
                actions.open_again(actor=self.person, paragraph=self.paragraph)
            else:
                actions.declare_agreed(actor=self.person, paragraph=self.paragraph, was=form.cleaned_data["was"])

        if self.attempt(request, form, declare):
            self.say(
                request,
                _("You have reopened the paragraph.") if again else _("The paragraph has been declared agreed."),
            )
            return redirect(self.here("#status"))
        return self.show(request, form)


class AgreeWithMany(OutcomeView):
    """The paragraphs without a position of the member, or that the chair can declare agreed, each with a checkbox."""

    template_name = "outcomes/desk/agree_many.html"

    def may(self) -> Answer:
        return permissions.may_take_position(self.person, self.body) or permissions.may_declare(self.person, self.body)

    @property
    def decides(self) -> bool:
        """Whether the person is a deciding member."""
        return bool(permissions.may_take_position(self.person, self.body))

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, forms.Form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.Form(request.POST)
        declares = request.POST.get("act") == "declare"
        chosen = self.chosen(request.POST.getlist("shown" if "all" in request.POST else "chosen"))
        done = 0

        def act() -> None:
            nonlocal done
            many = actions.declare_many_agreed if declares else actions.agree_with_many
            done = many(actor=self.person, chosen=chosen)

        if not self.attempt(request, form, act):
            return self.show(request, form)
        if declares:
            message = ngettext(
                "%(count)d paragraph has been declared agreed.", "%(count)d paragraphs have been declared agreed.", done
            )
        else:
            message = ngettext(
                "You have agreed to %(count)d paragraph.", "You have agreed to %(count)d paragraphs.", done
            )
        self.say(request, message % {"count": done})
        if left := len(chosen) - done:
            self.say(
                request,
                ngettext(
                    "%(count)d paragraph was left out, because its wording changed or a member objects to it.",
                    "%(count)d paragraphs were left out, because their wording changed or members object to them.",
                    left,
                )
                % {"count": left},
            )
        return redirect(self.address("agree_with_many"))

    def chosen(self, written: list[str]) -> list[tuple[Paragraph, str]]:
        """Return the chosen paragraphs, each with the digest of the words that were shown."""
        pairs = [each.partition(":") for each in dict.fromkeys(written)]
        known = {each.pk: each for each in self.document.paragraphs.select_related("document")}
        return [(known[number_in(pk)], was) for pk, _colon, was in pairs if number_in(pk) in known]

    def show(self, request: HttpRequest, form: forms.Form) -> HttpResponse:
        page = number_in(request.GET.get("page"))
        bench = bench_of(self.outcome, self.person, show="undecided" if self.decides else "open", page=page)
        return self.page(
            request,
            self.context(
                form=form,
                bench=bench,
                decides=self.decides,
                may_declare=bool(permissions.may_declare(self.person, self.body)),
                takes_positions=takes_positions(self.document.state),
            ),
            status=self.status,
        )


class Propose(ParagraphView):
    """Proposing other words, starting from the present ones."""

    template_name = "outcomes/desk/propose.html"
    outlives = True

    def may(self) -> Answer:
        return permissions.may_propose(self.person, self.body)

    def form(self, data: QueryDict | None = None, **initial: str) -> ProposalForm:
        return ProposalForm(data, initial=initial, **self.spoken)

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
                None,
                _(
                    "Someone else deleted this paragraph while you were writing. Copy your text and propose it "
                    "for another paragraph."
                ),
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
            self.say(
                request,
                _(
                    "Your proposal has been sent. A writer of this body will accept the proposal, or decline "
                    "it with a reason."
                ),
            )
            return redirect(self.here("#proposals"))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: ProposalForm) -> HttpResponse:
        source = self.source()
        if self.conflict:
            data = request.POST.copy()
            data["was"] = source.digest  # the next attempt is based on the words that the person has now seen
            form.data = data
        typed = form["text"].value() or ""
        return self.page(
            request,
            self.paragraph_context(form=form, text=source, conflict=self.conflict, typed=typed),
            status=self.status,
        )


class OneProposal(ParagraphView):
    """A proposal beside the present words: accepted, declined, or withdrawn by its proposer."""

    template_name = "outcomes/desk/proposal.html"

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.proposal_pk = kwargs.pop("proposal")
        return super().enter(request, *args, paragraph=0, **kwargs)

    def find(self) -> Answer:
        found = Proposal.objects.select_related("paragraph", "by", "answered_by")
        self.proposal = get_object_or_404(
            found, pk=self.proposal_pk, paragraph__document__outcome__body=self.body,
            paragraph__document__outcome__slug=self.outcome_slug,
        )  # fmt: skip
        self.paragraph_pk = self.proposal.paragraph_id
        return super().find()

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, AnswerForm(self.kept(request), initial={"was": self.stamp()}))

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
            message = {
                "withdraw": _("You have withdrawn your proposal."),
                "decline": _("The proposal has been declined."),
            }
            self.say(request, message.get(act, _("The proposal has been accepted. The paragraph has the new wording.")))
            return redirect(self.here("#proposals"))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: AnswerForm) -> HttpResponse:
        source = self.source()
        if self.conflict:
            data = request.POST.copy()
            data["was"] = self.stamp()
            data.pop("confirmed", None)  # the confirmation was about other words
            form.data = data
        waits = self.proposal.state == Proposal.State.PENDING
        return self.page(
            request,
            self.paragraph_context(
                form=form,
                proposal=self.proposal,
                text=source,
                conflict=self.conflict,
                waits=waits,
                moved_on=waits and self.proposal.was != source.digest,
                may_answer=waits and bool(permissions.may_answer_proposal(self.person, self.body)),
                may_withdraw=waits and bool(permissions.may_withdraw(self.person, self.proposal, self.body)),
            ),
            status=self.status,
        )
