"""Doors of the moderation desk: the queue, one item with its decision, and what is decided after publication."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plenara.common.doors import StaffView
from plenara.common.languages import current, direction, html_code
from plenara.common.refusals import AlreadyDone, Invalid, Refused, require_valid
from plenara.common.text import word_count
from plenara.consultations.models import Consultation
from plenara.contributions.models import Contribution, State
from plenara.moderation import actions, checks, letters, queue, rules
from plenara.moderation.forms import DecisionForm
from plenara.moderation.models import Code, Decision
from plenara.moderation.publishable import KINDS
from plenara.moderation.reasons import ground_of


class Queue(StaffView):
    """Everything that waits in the consultations one moderates, oldest first."""

    template_name = "moderation/queue.html"

    def allowed(self, **kwargs: Any) -> Any:
        return rules.may_open_queue(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, waiting = queue.rows(self.person)
        return self.page(request, {"rows": rows, "waiting": waiting, "nav_current": "desk"})


class Decide(StaffView):
    """One item in full, with its question beside it and the decision below."""

    template_name = "moderation/decide.html"

    def allowed(self, pk: int) -> Any:
        found = Contribution.objects.select_related("thread", "consultation", "author").filter(pk=pk).first()
        if found is None or found.consultation_id not in rules.moderated_by(self.person):
            raise Http404
        self.thing = found
        return rules.may_open_queue(self.person)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, self.form())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        values = form.cleaned_data
        try:
            if "letter" in request.POST:
                require_valid(checks.reason_given(values["code"], values["reason"]))
                return self.show(request, form, letter_for=self.proposed(values))
            decision = actions.decide(
                actor=self.person,
                kind="contribution",
                pk=pk,
                version_id=values["version"],
                code=values["code"],
                reason=values["reason"],
                sentence=values["sentence"],
                thread=values["thread"],
            )
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return redirect("moderation:queue")
        except Invalid as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, form, status=422)
        messages.success(
            request,
            _("%(decision)s: %(what)s. The author is told.")
            % {"decision": decision.symbol, "what": decision.get_code_display()},
        )
        following = queue.next_after(self.person, pk)
        return (
            redirect("moderation:decide", pk=following.contribution_id) if following else redirect("moderation:queue")
        )

    def form(self, data: Any = None) -> DecisionForm:
        version = KINDS["contribution"].waiting_version(self.thing)
        threads = self.thing.consultation.threads.exclude(pk=self.thing.thread_id)
        return DecisionForm(data, threads=threads, initial={"version": version.pk if version else None})

    def proposed(self, values: dict[str, Any]) -> Decision:
        """Return the decision as it would be, unsaved, to show its letter."""
        return Decision(
            code=values["code"] or Code.APPROVED,
            reason=values["reason"],
            ground=ground_of(values["reason"]),
            sentence=values["sentence"],
            sentence_language=current() if values["sentence"] else "",
            moved_to=values["thread"].number if values["thread"] else None,
        )

    def show(
        self, request: HttpRequest, form: DecisionForm, *, letter_for: Decision | None = None, status: int = 200
    ) -> HttpResponse:
        publishable = KINDS["contribution"]
        version = publishable.waiting_version(self.thing)
        rows, waiting = queue.rows(self.person)
        context: dict[str, Any] = {
            "form": form,
            "contribution": self.thing,
            "consultation": self.thing.consultation,
            "thread": self.thing.thread,
            "version": version,
            "rows": rows,
            "waiting": waiting,
            "nav_current": "desk",
        }
        if version:
            context |= {
                "edition": publishable.shown(version),
                "words": word_count(version.text.content),
                "may_decide": rules.may_decide(self.person, self.thing),
                "earlier": self.earlier(version),
            }
        else:
            context["decision"] = (
                Decision.objects.filter(kind="contribution", object_id=self.thing.pk).select_related("moderator").last()
            )
        if letter_for and self.thing.author:
            language = self.thing.author.language
            context |= {
                "letter": letters.body_shown(letter_for, self.thing, language),
                "letter_language": language,
                "letter_lang": html_code(language),
                "letter_dir": direction(language),
            }
        return self.page(request, context, status=status)

    def earlier(self, version: Any) -> list[Any]:
        """Return the versions before this one, for the moderator to compare."""
        return list(self.thing.versions.filter(number__lt=version.number).select_related("text"))


class AfterPublication(StaffView):
    """Removing a published contribution, or restoring a removed one."""

    template_name = "moderation/after.html"

    def allowed(self, slug: str, number: int) -> Any:
        consultation = get_object_or_404(Consultation, slug=slug)
        if consultation.pk not in rules.moderated_by(self.person):
            raise Http404
        self.thing = get_object_or_404(
            Contribution.objects.select_related("thread", "consultation", "author"),
            consultation=consultation,
            number=number,
        )
        return rules.may_decide(self.person, self.thing)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(request, DecisionForm(threads=None, before=False))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = DecisionForm(request.POST, threads=None, before=False)
        form.is_valid()
        values = {name: form.cleaned_data.get(name, "") for name in ("reason", "sentence")}
        try:
            if self.thing.state == State.REMOVED:
                actions.restore(actor=self.person, kind="contribution", pk=self.thing.pk, sentence=values["sentence"])
            else:
                actions.remove(actor=self.person, kind="contribution", pk=self.thing.pk, **values)
        except Invalid as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, form, status=422)
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("Done. The author is told."))
        return redirect("moderation:after", **kwargs)

    def show(self, request: HttpRequest, form: DecisionForm, status: int = 200) -> HttpResponse:
        version = self.thing.versions.select_related("text", "byline").latest("number")
        context = {
            "form": form,
            "contribution": self.thing,
            "consultation": self.thing.consultation,
            "thread": self.thing.thread,
            "edition": KINDS["contribution"].shown(version),
            "nav_current": "desk",
            "is_removed": self.thing.state == State.REMOVED,
            "can": self.thing.state in {State.PUBLISHED, State.REMOVED},
        }
        return self.page(request, context, status=status)
