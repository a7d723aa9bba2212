"""Proposing to an author that some words be left out: edited, shown with its letter, sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from plenara.core.languages import current
from plenara.core.refusals import AlreadyDone, Invalid, require_valid
from plenara.core.text import clean, digest
from plenara.moderation import actions, checks, letters, redactions, rules
from plenara.moderation.forms import RedactionForm
from plenara.moderation.models import Code, Redaction
from plenara.moderation.publishable import KINDS
from plenara.moderation.staff.claiming import lease
from plenara.moderation.staff.deciding import OfThing


class Redact(OfThing):
    """A text to take words out of, then the difference and the letter, then the question to its author."""

    template_name = "moderation/redact.html"

    def allowed(self, kind: str, pk: int) -> Any:
        return super().allowed(kind, pk) and rules.may_redact(self.person, self.thing)

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        version, _item = self.waiting()
        if version is None or redactions.of_version(kind, version.pk):
            return self.to_it()
        begun = {"version": version.pk, "text": version.text.content}
        return self.show(request, RedactionForm(initial=begun, kind=KINDS[kind], language=version.language), version)

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        version, _item = self.waiting()
        if version is None:
            return self.to_it()
        form = RedactionForm(request.POST, kind=KINDS[kind], language=version.language)
        if not form.is_valid():
            return self.show(request, form, version, status=422)
        values = form.cleaned_data
        language = values["sentence_language"] or current()
        choice = {"text": clean(values["text"]), "reason": values["reason"], "sentence": clean(values["sentence"])}
        try:
            require_valid(
                checks.only_omits(version.text.content, choice["text"]),
                checks.reason_given(kind, Code.REDACTED, choice["reason"]),
                checks.sentence_fits(choice["sentence"]),
            )
            letter = self.letter(choice["reason"], choice["sentence"], language)
            text = redactions.marked(version.text.content, choice["text"])
            shown = digest(letter.digest + text)
            if "confirm" not in request.POST or request.POST.get("shown") != shown:
                return self.show(request, form, version, text=text, letter=letter, digest=shown)
            actions.propose_redaction(
                actor=self.person,
                kind=kind,
                pk=pk,
                version_id=values["version"],
                sentence_language=language,
                **choice,
            )
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return self.to_it()
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, version, status=422)
        messages.success(request, _("Its author is asked. It waits among what is with its authors."))
        return self.onward()

    def letter(self, reason: str, sentence: str, language: str) -> letters.Letter:
        """Return what the author will read."""
        proposal = Redaction(reason=reason, sentence=sentence, sentence_language=language if sentence else "")
        return letters.redaction_letter(proposal, self.thing, self.thing.author.language)

    def show(
        self, request: HttpRequest, form: RedactionForm, version: Any, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        _version, item = self.waiting()
        context = {
            "form": form,
            "contribution": self.thing,
            "consultation": self.thing.consultation,
            "thread": self.thing.thread,
            "version": version,
            "nav_current": "desk",
            **lease(request, self.person, item),
            **more,
        }
        return self.page(request, context, status=status)
