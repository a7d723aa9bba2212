"""Decisions after publication: keeping, removing, restoring; and the decision on an appeal by another moderator."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.consultations.presenters import wording
from plenara.contributions.models import Contribution
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.core import clock, life_cycle
from plenara.core.languages import current
from plenara.core.life_cycle import Moderated, ModeratedVersion, OfKind, State
from plenara.core.refusals import ActionRefused, Answer, InvalidInput, require, require_valid
from plenara.core.text import clean, digest, number_in
from plenara.moderation import actions, emails, kinds, permissions, validation
from plenara.moderation.actions import review_queue
from plenara.moderation.forms import AppealDecisionForm, DecisionForm
from plenara.moderation.kinds import KINDS, ModeratedKind
from plenara.moderation.models import UNDO_TIME, Appeal, Code, Decision, Item
from plenara.moderation.queries import decisions
from plenara.moderation.views.staff.items import Subject, WithinQueue, lease, mark_hints, moderated_or_404, parts

#: Reports that are shown: the oldest pending ones.
MOST = 50


class AfterPublication(WithinQueue):
    """A published thing to be checked or with reports: kept or removed; a removed thing: restored."""

    template_name = "moderation/after.html"

    moderated_kind: ModeratedKind
    thing: Moderated

    def allowed(self, kind: str, pk: int) -> Answer:
        self.thing = moderated_or_404(self.person, kind, pk)
        if self.thing.number is None:
            raise Http404
        self.kind, self.moderated_kind = kind, KINDS[kind]
        return permissions.may_decide(self.person, self.thing)

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        return self.show(request, DecisionForm(kind=self.moderated_kind, threads=None, before=False))

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        form = DecisionForm(request.POST, kind=self.moderated_kind, threads=None, before=False)
        form.is_valid()
        try:
            if "take_over" in request.POST:
                for item in self.items():
                    actions.take_over(actor=self.person, item=item)
                return self.show(request, form)
            if "in_order" in request.POST:
                version_id, reported = number_in(request.POST.get("version", "")), self.is_reported()
                actions.check(actor=self.person, kind=self.kind, pk=self.thing.pk, version_id=version_id)
                stays = _("The text was approved and stays published.")
                return self.on(
                    request,
                    _("The text was approved and stays published. The people who reported it will be notified.")
                    if reported
                    else stays,
                )
            return self.remove_or_restore(request, form)
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=422)
        except ActionRefused as refused:
            if self.has_decided(request):
                return self.onward()  # a double click
            messages.warning(request, str(refused))
        return redirect(kinds.after_url(self.thing) + self.within)

    def has_decided(self, request: HttpRequest) -> bool:
        """Return whether the same person made this very decision a moment ago."""
        code = Code.RESTORED if "restore" in request.POST else Code.REMOVED
        code = Code.APPROVED if "in_order" in request.POST else code
        taken = Decision.objects.filter(kind=self.kind, object_id=self.thing.pk, moderator=self.person, code=code)
        return taken.filter(at__gt=clock.now() - UNDO_TIME).exists()

    def remove_or_restore(self, request: HttpRequest, form: DecisionForm) -> HttpResponse:
        """Show the author's e-mail, and act once that was seen."""
        require(life_cycle.allows(self.thing, "restore" if "restore" in request.POST else "remove"))
        values = {name: form.cleaned_data.get(name, "") for name in ("reason", "sentence", "sentence_language")}
        values["sentence_language"] = values["sentence_language"] or current()
        is_removed = self.thing.state == State.REMOVED
        if is_removed:
            del values["reason"]
        proposed = self.proposed(Code.RESTORED if is_removed else Code.REMOVED, **values)
        email = emails.decision_email(proposed, self.thing, self.thing.author.language) if self.thing.author else None
        digest = email.digest if email else "nobody"
        if request.POST.get("shown") != digest:
            return self.show(request, form, email=email, digest=digest, changed="shown" in request.POST)
        if is_removed:
            actions.restore(actor=self.person, kind=self.kind, pk=self.thing.pk, **values)
            messages.success(request, _("The text was restored and is public again. The author will be notified."))
            return redirect(kinds.after_url(self.thing) + self.within)
        reported = self.is_reported()
        actions.remove(actor=self.person, kind=self.kind, pk=self.thing.pk, **values)
        message = _("The text was removed. The author and the people who reported the text will be notified.")
        return self.on(request, message if reported else _("The text was removed. The author will be notified."))

    def is_reported(self) -> bool:
        """Return whether readers await the outcome of their reports."""
        return decisions.pending_reports(self.kind, self.thing.pk).exists()

    def proposed(self, code: Code, sentence: str, sentence_language: str, reason: str = "") -> Decision:
        """Return the unsaved decision. Raises `InvalidInput` for an invalid one."""
        require_valid(
            validation.reason_given(self.kind, code, reason),
            validation.sentence_fits(clean(sentence)),
            validation.known_language(sentence_language),
        )
        return Decision(code=code, reason=reason, sentence=clean(sentence), sentence_language=sentence_language)

    def items(self) -> list[Item]:
        return list(review_queue.after_publication(self.kind, self.thing.pk))

    def edition(self, version: ModeratedVersion) -> OfKind:
        """Return the text as readers see it."""
        return self.moderated_kind.describe(version)

    def on(self, request: HttpRequest, sentence: str) -> HttpResponse:
        """Show a success message, and continue."""
        messages.success(request, sentence)
        return self.onward()

    def show(self, request: HttpRequest, form: DecisionForm, *, status: int = 200, **more: object) -> HttpResponse:
        kind = self.moderated_kind
        version = kinds.latest_version(self.thing, State.PUBLISHED) or kinds.latest_version(self.thing)
        if version is None:
            raise Http404  # a note in an imported archive, whose words are not in the bundle
        rows = self.items()
        claims = [lease(request, self.person, item) for item in rows]
        found = list(decisions.pending_reports(self.kind, self.thing.pk)[: MOST + 1])
        context: dict = {
            "form": form,
            "kind": kind,
            "label": kind.label(self.thing),
            "public_url": kind.public_path(self.thing, current()),
            "contribution": self.thing,
            "consultation": self.thing.consultation,
            "thread": self.thing.thread,
            "version": version,
            "base": wording.address(self.thing.consultation),
            "edition": self.edition(version),
            "reports": [(each, kinds.reason_label(each.reason)) for each in found[:MOST]],
            "more_reports": len(found) > MOST,
            "waits": bool(rows),
            "to_check": any(item.why == Item.Why.CHECK for item in rows),
            "parts": parts(Subject(self.person, self.kind, self.thing, version, rows[0] if rows else None)),
            "is_removed": self.thing.state == State.REMOVED,
            "may_restore": permissions.may_restore(self.person, self.thing),
            "can": self.thing.state in {State.PUBLISHED, State.REMOVED},
            "nav_current": "desk",
            # Of two rows, the claimed one is shown.
            **next((claim for claim in claims if claim.get("is_taken")), claims[0] if claims else {}),
            **more,
        }
        context["marked"] = mark_hints(context["parts"])
        return self.page(request, context, status=status)


class OfContribution(AfterPublication):
    """The same for a contribution, at the address with its number."""

    thing: Contribution

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        found = Contribution.objects.filter(consultation__slug=self.kwargs["slug"], number=self.kwargs["number"])
        return super().enter(request, kind="contribution", pk=get_object_or_404(found).pk)

    def edition(self, version: ModeratedVersion) -> OfKind:
        editions = self.thing.editions.filter(in_force=True, status="published")
        found = editions.select_related("text", "byline", "paper", "contribution").first()
        attach_byline_statuses([found] if found else [])
        return found or self.moderated_kind.describe(version)


class AppealDesk(WithinQueue):
    """One appeal in full, with the decision that it is against."""

    template_name = "moderation/appeal_desk.html"

    appeal: Appeal
    thing: Moderated

    def allowed(self, pk: int) -> Answer:
        found = Appeal.objects.select_related("decision__moderator", "decision__consultation", "decided_by")
        self.appeal = get_object_or_404(found, pk=pk)
        decision = self.appeal.decision
        self.thing = moderated_or_404(self.person, decision.kind, decision.object_id or 0)
        return permissions.may_view_at_desk(self.person, self.thing)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, self.form())

    def form(self, data: QueryDict | None = None) -> AppealDecisionForm:
        return AppealDecisionForm(data, kind=KINDS[self.appeal.decision.kind])

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        values = {**form.cleaned_data, "answer_language": form.cleaned_data["answer_language"] or current()}
        try:
            if "take_over" in request.POST:
                return self.take_over(request, form)
            email = self.email(**values)
            if request.POST.get("shown") != digest(email):
                return self.show(request, form, email=email, changed="shown" in request.POST)
            decided = actions.decide_appeal(actor=self.person, appeal_id=pk, **values)
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=422)
        except ActionRefused as refused:
            if self.has_decided(values["outcome"]):
                return self.onward()  # a double click
            messages.warning(request, str(refused))
            return redirect(reverse("moderation:appeal_desk", args=[pk]) + self.within)
        is_upheld = decided.status == Appeal.Status.UPHELD
        messages.success(
            request,
            str(KINDS[decided.decision.kind].sentences["upheld"])
            if is_upheld
            else _("The appeal was dismissed and the decision is not changed. The author will be notified."),
        )
        return self.onward()

    def has_decided(self, outcome: str) -> bool:
        """Return whether the same person has made this decision already."""
        return Appeal.objects.filter(pk=self.appeal.pk, status=outcome, decided_by=self.person).exists()

    def take_over(self, request: HttpRequest, form: AppealDecisionForm) -> HttpResponse:
        """Take over the claim of another moderator, with what was typed."""
        if item := self.item():
            actions.take_over(actor=self.person, item=item)
        return self.show(request, form)

    def item(self) -> Item | None:
        return Item.objects.filter(appeal=self.appeal).first()

    def email(self, outcome: str, answer: str, answer_language: str) -> str:
        """Return the author's e-mail. Raises `InvalidInput` for an invalid decision."""
        require_valid(*validation.appeal_decision_fits(outcome, clean(answer), answer_language))
        proposed = Appeal(status=outcome, answer=clean(answer), answer_language=answer_language)
        language = self.thing.author.language if self.thing.author else current()
        return f"{emails.appeal_email(proposed, self.thing, language)}\n\n{clean(answer)}"

    def show(
        self, request: HttpRequest, form: AppealDecisionForm, *, status: int = 200, email: str = "", **more: object
    ) -> HttpResponse:
        decision, thing = self.appeal.decision, self.thing
        kind = KINDS[decision.kind]
        version = decisions.version_of(decision, thing) or kinds.latest_version(thing)
        item = self.item()
        context: dict = {
            "form": form,
            "kind": kind,
            "appeal": self.appeal,
            "decision": decision,
            "reason_label": kinds.reason_label(decision.reason),
            "contribution": thing,
            "consultation": thing.consultation,
            "thread": thing.thread,
            "version": version,
            "edition": kind.describe(version),
            "waits": self.appeal.status == Appeal.Status.PENDING,
            "may_decide": permissions.may_decide_appeal(self.person, decision, thing),
            "parts": parts(Subject(self.person, decision.kind, thing, version, item)),
            "email": email,
            "email_language": thing.author.language if thing.author else current(),
            "digest": digest(email) if email else "",
            "nav_current": "desk",
            **lease(request, self.person, item),
            **more,
        }
        context["marked"] = mark_hints(context["parts"])
        return self.page(request, context, status=status)
