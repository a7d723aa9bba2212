"""Announcing, extending, closing early and moving on: the steps that the public sees."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.consultations import actions, confirmation, guide, readiness, shown, states, todo
from plenara.consultations.forms.steps import REASON, CloseEarlyForm, ExtendForm
from plenara.consultations.models import GRACE_MINUTES, State
from plenara.consultations.participants import participants
from plenara.consultations.staff.base import OfConsultation
from plenara.consultations.states import MOVES_ON, Verb
from plenara.core.refusals import AlreadyDone, Invalid, Refused


class ItsState(OfConsultation):
    """Where the consultation stands, and the one step that can be taken now."""

    template_name = "consultations/desk/state.html"
    section = "desk_state"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        wanted = request.POST.get("do", "")
        try:
            if wanted == Verb.ANNOUNCE:
                actions.announce(actor=self.person, consultation=self.consultation)
            elif wanted == REQUEST:
                actions.request_announcement(actor=self.person, consultation=self.consultation)
            elif wanted == Verb.OPEN:
                actions.open_now(actor=self.person, consultation=self.consultation)
            elif wanted in MOVES_ON.values():
                actions.move_on(actor=self.person, consultation=self.consultation, verb=Verb(wanted))
            else:
                raise Invalid(_("Choose the step that you want to take."), "verb")
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except Refused as refused:
            self.consultation.refresh_from_db()
            return self.show(request, refused=refused, status=409)
        else:
            messages.success(request, _SAID[wanted]() if wanted in _SAID else _("Done. The public pages say so."))
        return redirect("desk_state", slug=slug)

    def show(self, request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
        it = self.consultation
        verb = Verb.ANNOUNCE if it.state == State.DRAFT else MOVES_ON.get(State(it.state))
        until = guide.return_until(it)
        context = {
            **self.frame(),
            "steps": shown.steps(it),
            "outlook": guide.outlook(it),
            "verb": verb,
            "button": _BUTTONS[verb]() if verb else "",
            "means": _MEANS[verb]() if verb else "",
            **(self.draft() if it.state == State.DRAFT else {}),
            "return_until": shown.moment(until, it.timezone) if until else None,
            "waiting": [
                task
                for task in todo.waiting(self.person, [it])
                if task.urgency != todo.Urgency.IN_TIME and task not in guide.organizing(self.person, [it])
            ],
            "may_open": states.allows(it.state, Verb.OPEN),
            "may_extend": states.allows(it.state, Verb.EXTEND),
            "may_close": states.allows(it.state, Verb.CLOSE),
            **more,
        }
        return self.page(request, context, status=status)

    def draft(self) -> dict[str, Any]:
        """Return what is missing of a draft, and where a second organizer confirms, who has asked and who can."""
        it = self.consultation
        context: dict[str, Any] = {"missing": readiness.required(it), "advised": readiness.advised(self.person, it)}
        if not confirmation.is_needed():
            return context
        request = confirmation.request_for(it)
        is_own = request is not None and request.by.pk == self.person.pk
        is_alone = confirmation.is_alone(self.person, it)
        context |= {"takes_two": True, "request_by": request, "is_own_request": is_own, "is_alone": is_alone}
        if request is None and not is_alone:
            context |= {"verb": REQUEST, "button": _("Ask a second organizer to confirm")}
        elif request is not None and not is_own:
            context |= {"button": _("Confirm and announce it")}
        else:
            context |= {"verb": ""}
        return context


#: Sent by the button that asks a second organizer to confirm.
REQUEST = "request"
_SAID = {
    REQUEST: lambda: _("The request is recorded. The other organizers get an e-mail, and see it at their desk."),
    Verb.OPEN: lambda: _("The consultation is open. Its public page shows the new opening."),
}
_BUTTONS = {
    Verb.ANNOUNCE: lambda: _("Announce it"),
    Verb.BEGIN_SYNTHESIS: lambda: _("Begin the synthesis"),
    Verb.REPORT: lambda: _("Mark it as reported"),
    Verb.ARCHIVE: lambda: _("Archive it"),
}
_MEANS = {
    Verb.ANNOUNCE: lambda: _(
        "Everybody can then read its title, questions and dates. Address, symbol, licence and the number of questions "
        "stay as they are; it opens and closes by itself. This cannot be taken back."
    ),
    Verb.BEGIN_SYNTHESIS: lambda: _(
        "It can then no longer be extended, and no returned text can come back. This cannot be taken back."
    ),
    Verb.REPORT: lambda: _(
        "It says that the result has been handed to those who asked for it. This cannot be taken back."
    ),
    Verb.ARCHIVE: lambda: _("Nothing of it can be edited any more. This cannot be taken back."),
}


class Extend(OfConsultation):
    """A later closing, with the reason that everybody reads."""

    template_name = "consultations/desk/extend.html"
    section = "desk_state"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, ExtendForm(self.kept(request), consultation=self.consultation))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = ExtendForm(request.POST, consultation=self.consultation)
        latest = self.consultation.extensions.last()
        is_valid = form.is_valid()
        if latest and form.moment == latest.closes_at == self.consultation.closes_at:
            messages.warning(request, _("It has been extended until then already."))  # a double click
            return redirect("desk_state", slug=slug)
        if not is_valid or form.moment is None:
            return self.show(request, form, status=422)
        try:
            extension = actions.extend(
                actor=self.person, consultation=self.consultation, closes_at=form.moment, reason=form.reason()
            )
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return redirect("desk_state", slug=slug)
        except Refused as refused:
            form.put(refused)
            return self.show(request, form, status=409)
        told = shown.moment(extension.closes_at, self.consultation.timezone)
        messages.success(
            request, _("It is open until %(moment)s. The participants are told by mail.") % {"moment": told}
        )
        if form.told_twice:
            messages.warning(request, form.told_twice)
        return redirect("desk_state", slug=slug)

    def show(self, request: HttpRequest, form: ExtendForm, status: int = 200) -> HttpResponse:
        it = self.consultation
        context = {
            **self.frame(),
            "form": form,
            "writer": self.writer(),
            "reason_fields": REASON.shown(form),
            "may_extend": states.allows(it.state, Verb.EXTEND),
            "to_tell": participants(it).count(),
            "extensions": [shown.extension(each, it) for each in it.extensions.all()],
        }
        return self.page(request, context, status=status)


class CloseEarly(OfConsultation):
    """Closing before the closing that was announced, with the reason that everybody reads."""

    template_name = "consultations/desk/close.html"
    section = "desk_state"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, CloseEarlyForm(self.kept(request), consultation=self.consultation))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = CloseEarlyForm(request.POST, consultation=self.consultation)
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            actions.close_early(actor=self.person, consultation=self.consultation, reason=form.reason())
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except Refused as refused:
            form.put(refused)
            return self.show(request, form, status=409)
        else:
            messages.success(request, _("The consultation is closed. The participants are notified by e-mail."))
        return redirect("desk_state", slug=slug)

    def show(self, request: HttpRequest, form: CloseEarlyForm, status: int = 200) -> HttpResponse:
        it = self.consultation
        context = {
            **self.frame(),
            "form": form,
            "writer": self.writer(),
            "reason_fields": REASON.shown(form),
            "may_close": states.allows(it.state, Verb.CLOSE),
            "minutes": GRACE_MINUTES,
            "to_tell": participants(it).count(),
        }
        return self.page(request, context, status=status)
