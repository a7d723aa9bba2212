"""One item in full, with its question beside it and the decision below."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.common.doors import StaffView
from plenara.common.languages import current, direction, html_code
from plenara.common.refusals import AlreadyDone, Invalid, require_valid
from plenara.moderation import actions, checks, letters, queue, rules
from plenara.moderation.forms import DecisionForm
from plenara.moderation.models import Code, Decision, Item
from plenara.moderation.publishable import KINDS, Publishable
from plenara.moderation.reasons import ground_of
from plenara.moderation.staff.beside import Subject, parts
from plenara.moderation.staff.claiming import lease


class Decide(StaffView):
    """One item in full, with its question beside it and the decision below."""

    template_name = "moderation/decide.html"

    kind: str
    publishable: Publishable
    thing: Any

    def allowed(self, kind: str, pk: int) -> Any:
        found = KINDS[kind].find(pk) if kind in KINDS else None
        if found is None or found.consultation_id not in rules.moderated_by(self.person):
            raise Http404
        self.kind, self.publishable, self.thing = kind, KINDS[kind], found
        return rules.may_open_queue(self.person)

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        return self.show(request, self.form())

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        form = self.form(request.POST)
        if "take_over" in request.POST:
            return self.take_over(request, form)
        if not form.is_valid():
            return self.show(request, form, status=422)
        values = form.cleaned_data
        try:
            if "letter" in request.POST:
                require_valid(checks.reason_given(values["code"], values["reason"]))
                return self.show(request, form, letter_for=self.proposed(values))
            decision = actions.decide(
                actor=self.person,
                kind=kind,
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
        following = queue.next_after(self.person)
        return redirect(following.url if following else "moderation:queue")

    def take_over(self, request: HttpRequest, form: DecisionForm) -> HttpResponse:
        """Let what another has open be one's own, and keep what was typed."""
        item = self.item()
        try:
            if item:
                actions.take_over(actor=self.person, item=item)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return redirect("moderation:queue")
        return self.show(request, form)

    def item(self) -> Item | None:
        """Return its row in the queue; nothing where it waits no more."""
        return Item.objects.filter(kind=self.kind, object_id=self.thing.pk, why=Item.Why.PENDING).first()

    def form(self, data: Any = None) -> DecisionForm:
        version = self.publishable.waiting_version(self.thing)
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
        version = self.publishable.waiting_version(self.thing)
        item = self.item()
        if item is None:
            version = None  # decided, and published in a moment
        claim = lease(request, self.person, item)  # before the queue beside it is read
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
            **claim,
        }
        if version:
            context |= {
                "edition": self.publishable.shown(version),
                "may_decide": rules.may_decide(self.person, self.thing),
                "earlier": self.earlier(version),
                "parts": parts(Subject(self.person, self.kind, self.thing, version, item)),
            }
        else:
            context["decision"] = (
                Decision.objects.filter(kind=self.kind, object_id=self.thing.pk).select_related("moderator").last()
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
