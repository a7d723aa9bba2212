"""Views for a participant: one's own contributions or entries, an appeal against a decision, the answer to a proposed
redaction.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.consultations.models import Thread
from plenara.consultations.presenters import wording
from plenara.contributions import permissions as contribution_permissions
from plenara.contributions.models import Contribution, Version
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.contributions.queries.record import answered_by_text, as_edition
from plenara.contributions.queries.submissions import is_quarantined
from plenara.contributions.views.member.contributions import own_or_404
from plenara.core.languages import current
from plenara.core.life_cycle import Moderated, OfKind, State
from plenara.core.refusals import ActionRefused, AlreadyDone, InvalidInput
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.core.vocabulary import licence_name
from plenara.directory.models import Listing
from plenara.moderation import actions, validation
from plenara.moderation import permissions as moderation_permissions
from plenara.moderation.forms import AppealForm
from plenara.moderation.kinds import KINDS, appeal_path, latest_version, reason_in_words
from plenara.moderation.kinds.entries import Entries
from plenara.moderation.queries import decisions
from plenara.moderation.queries.timeline import Timeline, parts_on, timeline_of


class Appealing(MemberView):
    """The effect of an appeal, the decision that it is against, and the author's words; or its outcome."""

    template_name = "moderation/appeal.html"

    def get(self, request: HttpRequest, pk: int, kind: str = "contribution") -> HttpResponse:
        return self.show(request, self.thing_or_404(kind, pk), AppealForm())

    def thing_or_404(self, kind: str, pk: int) -> OfKind:
        """Return the person's own thing; 404 for anybody else."""
        found = KINDS[kind].find(pk) if kind in KINDS else None
        if found is None or found.author_id != self.person.pk:
            raise Http404
        return found

    def post(self, request: HttpRequest, pk: int, kind: str = "contribution") -> HttpResponse:
        thing, form = self.thing_or_404(kind, pk), AppealForm(request.POST)
        if not form.is_valid():
            return self.show(request, thing, form, status=422)
        try:
            actions.appeal(
                actor=self.person,
                kind=kind,
                pk=pk,
                decision_id=form.cleaned_data["decision"],
                text=form.cleaned_data["text"],
            )
        except (AlreadyDone, InvalidInput) as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, thing, form, status=409 if isinstance(refused, AlreadyDone) else 422)
        messages.success(request, _("We have received your appeal. We will send you one e-mail with the result."))
        return redirect(appeal_path(thing, current()))

    def show(self, request: HttpRequest, thing: Moderated, form: AppealForm, status: int = 200) -> HttpResponse:
        moderated_kind = KINDS[thing.kind]
        decision_in_force = decisions.decision_on(thing.kind, thing)
        # An upheld or withdrawn decision is no longer in force; it is shown with its appeal all the same.
        appeal = decisions.last_appeal_of(thing.kind, thing)
        if appeal and decision_in_force and appeal.decision_id != decision_in_force.pk:
            appeal = None
        decision = decision_in_force or (appeal.decision if appeal else None)
        context = {
            "form": form,
            "kind": moderated_kind,
            "contribution": thing,
            "author_path": moderated_kind.author_path(thing, current()),
            "consultation": thing.consultation,
            "thread": thing.thread,
            "base": wording.address(thing.consultation),
            "edition": moderated_kind.describe(latest_version(thing)),
            "decision": decision,
            **reason_in_words(decision),
            "appeal": appeal,
            "may_appeal": moderation_permissions.may_appeal(self.person, decision_in_force, thing),
            "until": decisions.last_day_of_appeal(decision, thing.consultation) if decision else None,
            "nav_current": "my",
        }
        return self.page(request, context, status=status)


class OwnEntry(MemberView):
    """One of one's own entries. `kind` is in its address."""

    template_name = "moderation/entries/own_entry.html"
    kind = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        moderated_kind = KINDS[self.kind]
        assert isinstance(moderated_kind, Entries)
        thing = moderated_kind.find(pk)
        if thing is None or thing.owner_id != self.person.pk:
            raise Http404
        versions = moderated_kind.versions(thing)
        latest = versions[-1]
        # The entry itself shows changes that needed no moderator.
        sent = [each for each in versions if not (each.key or "").startswith("cancel-")]
        timeline = timeline_of(thing, sent)
        decision_in_force = decisions.decision_on(thing.kind, thing)
        may_appeal = moderation_permissions.may_appeal(self.person, decision_in_force, thing)
        decision = timeline.on(latest)
        is_notified = timeline.state == thing.state
        context = {
            "kind": moderated_kind,
            "thing": thing,
            "timeline": timeline,
            "latest": latest,
            "title": moderated_kind.title(latest.details, current()) or moderated_kind.sentences["name"],
            "edition": moderated_kind.describe(latest),
            "consultation": thing.consultation,
            "public_url": moderated_kind.public_path(thing, current()) if thing.is_published else "",
            "steps": moderated_kind.steps(self.person, thing) if is_notified else [],
            "decision": decision,
            **reason_in_words(decision),
            "may_appeal": may_appeal,
            "appeal_until": decisions.last_day_of_appeal(decision_in_force, thing.consultation)
            if decision_in_force and may_appeal
            else None,
            "appeal_url": appeal_path(thing, current()),
            "appeal": decisions.last_appeal_of(thing.kind, thing),
            "nav_current": "my",
        }
        return self.page(request, context)


class OwnListing(OwnEntry):
    """One of one's own entries of the directory."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.kind = Listing.objects.filter(pk=pk, owner=self.person).values_list("of", flat=True).first() or ""
        if not self.kind:
            raise Http404
        return super().get(request, pk)


class OwnContribution(MemberView):
    """One of one's own contributions: its history, the next steps, and its versions.

    Knows `version`, the number of the version that is shown with its receipt; the last one if unset.
    """

    template_name = "moderation/own_contribution.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution = own_or_404(self.person, pk)
        consultation = contribution.consultation
        versions = list(contribution.versions.order_by("number"))
        latest = versions[-1]
        shown_version, earlier = self.chosen(contribution, request.GET.get("version", ""), latest.number)
        timeline = timeline_of(contribution, versions)
        decision = timeline.on(latest)
        edition = contribution.editions.filter(version=shown_version, status="published").select_related(
            "text", "byline", "paper"
        )
        shown_edition = edition.first() or as_edition(shown_version)
        attach_byline_statuses([shown_edition])
        context = {
            "contribution": contribution,
            "consultation": consultation,
            "thread": self.thread(contribution, timeline),
            "timeline": timeline,
            "versions": versions,
            "latest": latest,
            "version": shown_version,
            "earlier": earlier,
            "edition": shown_edition,
            "base": wording.address(consultation),
            "answered": answered_by_text(contribution.in_reply_to),
            "licence": licence_name(consultation.licence),
            "decision": decision,
            **reason_in_words(decision),
            "parts": parts_on(contribution),
            "is_held": timeline.state == State.PENDING and is_quarantined(self.person, consultation),
            "nav_current": "my",
            **self.next(contribution, latest, timeline),
        }
        if proposal := decisions.open_redaction("contribution", pk):
            context |= {
                "redaction": proposal,
                "signed": latest.signatories.filter(confirmed_at__isnull=False).count(),
                "can_come_back": validation.can_come_back(contribution),
            }
        return self.page(request, context)

    def chosen(self, contribution: Contribution, asked: str, last: int) -> tuple[Version, Version | None]:
        """Return the version that the page shows, and the one before it. One query."""
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else last
        found = contribution.versions.select_related("text", "byline", "paper").filter(number__in=[number - 1, number])
        by_number = {each.number: each for each in found}
        if number not in by_number:
            raise Http404
        return by_number[number], by_number.get(number - 1)

    def thread(self, contribution: Contribution, timeline: Timeline) -> Thread:
        """Return the question for the author: a move that may still be undone is not shown."""
        if timeline.thread_id == contribution.thread_id:
            return contribution.thread
        return Thread.objects.select_related("consultation").get(pk=timeline.thread_id or 0)

    def next(self, contribution: Contribution, latest: Version, timeline: Timeline) -> dict[str, object]:
        """Return the author's next steps. A decision that may still be undone cannot be answered yet."""
        decision_in_force = decisions.decision_on("contribution", contribution)
        is_notified = timeline.state == contribution.state
        may_appeal = moderation_permissions.may_appeal(self.person, decision_in_force, contribution)
        is_pending = latest.state == State.PENDING
        seems_pending = is_pending or (timeline.state == State.PENDING and not is_notified)
        may_correct = seems_pending and contribution_permissions.may_correct_pending(self.person, contribution)
        may_revise = not is_pending and contribution_permissions.may_revise(self.person, contribution)
        return {
            "may_send_again": is_notified and contribution_permissions.may_send_again(self.person, contribution),
            "may_correct": may_correct,
            "may_revise": may_revise,
            "may_withdraw": contribution_permissions.may_withdraw(self.person, contribution) if is_notified else True,
            "may_appeal": may_appeal,
            "appeal_until": decisions.last_day_of_appeal(decision_in_force, contribution.consultation)
            if decision_in_force and may_appeal
            else None,
            "appeal": decisions.last_appeal_of("contribution", contribution),
        }


class RedactionAsked(MemberView):
    """The omitted words, and the answer: publish, decline, or withdraw the text to change it oneself."""

    template_name = "moderation/redaction.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution = own_or_404(self.person, pk)
        proposal = decisions.open_redaction("contribution", pk)
        if proposal is None:
            return redirect("moderation:own_contribution", pk=pk)
        version = latest_version(contribution, State.PENDING)
        return self.page(
            request,
            {
                "contribution": contribution,
                "consultation": contribution.consultation,
                "thread": contribution.thread,
                "redaction": proposal,
                "version": version,
                "signed": version.signatories.filter(confirmed_at__isnull=False).count() if version else 0,
                "can_come_back": validation.can_come_back(contribution),
                "nav_current": "my",
            },
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution = own_or_404(self.person, pk)
        about: dict = {
            "actor": self.person,
            "kind": "contribution",
            "pk": pk,
            "redaction_id": number_in(request.POST.get("redaction", "")),
        }
        try:
            if "consent" in request.POST:
                version = actions.consent(**about)
                if version.state == State.PUBLISHED:
                    messages.success(request, _("Thank you. Your contribution is published without these words."))
                else:
                    messages.success(
                        request, _("Thank you. A moderator will decide on your contribution without these words.")
                    )
            elif "decline" in request.POST:
                actions.decline(**about)
                messages.success(
                    request, _("No words are left out. A moderator will decide on your text as you submitted it.")
                )
            elif "take_back" in request.POST:
                actions.take_back(**about)
                messages.success(request, _("Your text has been returned to you. Change it and submit it again."))
                return redirect("contributions:revise", pk=contribution.pk)
            else:
                return redirect("moderation:redaction", pk=pk)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except ActionRefused as refused:
            messages.warning(request, str(refused))
            return redirect("moderation:redaction", pk=pk)
        return redirect("moderation:own_contribution", pk=pk)
