"""A paragraph's desk: its words, what the members hold of them, what it cites, proposals and comments."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from plenara.documents import actions as document_actions
from plenara.documents import rules as document_rules
from plenara.documents.history import version_with
from plenara.documents.models import Kind, Paragraph, ParagraphText
from plenara.documents.naming import part_of
from plenara.documents.staff.comments import comments_on
from plenara.documents.staff.meanwhile import meanwhile
from plenara.outcomes import received, rules, states
from plenara.outcomes.forms.paragraphs import ObjectionForm
from plenara.outcomes.models import Member, Proposal
from plenara.outcomes.staff.base import OutcomeView
from plenara.outcomes.staff.given import given_by
from plenara.outcomes.staff.workbench import number_in
from plenara.outcomes.standing import Standing, deciding_members, standings_of


class ParagraphView(OutcomeView):
    """A view to one paragraph. Where its form outlives it, what was typed can be offered as a new one."""

    outlives = False
    paragraph: Paragraph

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.paragraph_pk = kwargs.pop("paragraph")
        return super().enter(request, *args, **kwargs)

    def find(self) -> Any:
        answer = super().find()
        found = self.document.paragraphs.select_related("stand__section").filter(pk=self.paragraph_pk).first()
        if found is None and not (self.outlives and self.request.method == "POST"):
            raise Http404
        self.is_deleted = found is None
        if found is not None:
            found.document = self.document
            self.paragraph = found
        return answer

    def source(self) -> ParagraphText:
        """Return the paragraph's words as they are now."""
        return document_actions.source_of(self.paragraph, self.document)

    def here(self, anchor: str = "") -> str:
        """Return the address of the paragraph's own page."""
        return self.address("paragraph", self.paragraph.pk) + anchor

    def told(self, **more: Any) -> dict[str, Any]:
        """Return what every page about the paragraph shows."""
        return self.context(
            paragraph=self.paragraph, part=part_of(self.document, self.paragraph),
            section=self.paragraph.stand.section, **more,
        )  # fmt: skip


class ParagraphPage(ParagraphView):
    """One paragraph: its words, what the members hold of them, what it cites, proposals and comments."""

    template_name = "outcomes/desk/paragraph.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, ObjectionForm(self.kept(request)))

    def show(self, request: HttpRequest, objection: ObjectionForm) -> HttpResponse:
        source = self.source()
        standing = standings_of(self.outcome, self.paragraph.pk)[self.paragraph.pk]
        given, total, pages = given_by(self.paragraph, number_in(request.GET.get("page")))
        if self.conflict:
            data = request.POST.copy()
            data["was"] = source.digest  # the next attempt is about the words that the person has now seen
            objection.data = data
        proposals = Proposal.objects.filter(paragraph=self.paragraph).select_related("by", "answered_by")
        waiting = [each for each in proposals if each.state == Proposal.State.PENDING]
        takes_part = bool(states.takes_positions(self.document.state))
        held = self.held(standing)
        if held["mine"]:
            objection.initial["reason"] = held["mine"].reason  # whoever changes it begins with what it is
        return self.page(
            request,
            self.told(
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
                public=received.count_on(self.outcome, self.paragraph.mark),
                meanwhile=meanwhile(request, self.document, self.person, self.paragraph.pk),
                before=self.neighbour(-1),
                after=self.neighbour(1),
                may_propose=takes_part and bool(rules.may_propose(self.person, self.body)),
                may_comment=takes_part and bool(document_rules.may_comment(self.person, self.document)),
                may_hold=takes_part and bool(rules.may_take_position(self.person, self.body)),
                may_declare=takes_part and bool(rules.may_declare(self.person, self.body)),
                **held,
            ),
            status=self.status,
        )

    def held(self, standing: Standing) -> dict[str, Any]:
        """Return what the members hold of the paragraph, and what the person does."""
        member = rules.member_of(self.person, self.body)
        said = {each.member_id for each in (*standing.agreeing, *standing.objections)}
        silent = Member.objects.filter(pk__in=deciding_members(self.outcome) - said)
        mine = [each for each in (*standing.agreeing, *standing.objections) if member and each.member_id == member.pk]
        lapsed = [each for each in standing.lapsed if member and each.member_id == member.pk]
        return {
            "standing": standing,
            "silent": list(silent.order_by("position", "pk")),
            "mine": mine[0] if mine else None,
            "lapsed": lapsed[0] if lapsed else None,
            "held_before": version_with(self.document, self.paragraph.pk, lapsed[0].digest) if lapsed else None,
        }

    def neighbour(self, step: int) -> Paragraph | None:
        """Return the paragraph before this one, or after it."""
        return self.document.paragraphs.filter(number=self.paragraph.number + step).first()
