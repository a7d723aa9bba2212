"""Editing a consultation's details, and its questions."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.consultations import actions, states, validation
from plenara.consultations.forms.details import INTRO, TITLE, DetailsForm, QuestionForm, lacking
from plenara.consultations.forms.fields import StampedForm
from plenara.consultations.models import Consultation, Thread
from plenara.consultations.presenters import wording
from plenara.consultations.states import Verb
from plenara.consultations.views.staff.base import OfConsultation
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused, InvalidInput
from plenara.core.rows import Json
from plenara.core.text import number_in


class Conflict:
    """The person who saved a change while this page was open, for `consultations/desk/conflict.html`."""

    def __init__(self, form: StampedForm, kind: str, pk: int):
        act = (
            AuditEntry.objects.filter(about_kind=kind, about_id=str(pk)).exclude(actor_id=None).order_by("-pk").first()
        )
        other = Person.objects.filter(pk=act.actor_id or 0).first() if act else None
        self.name = other.name if other else ""
        self.at = act.at if act else clock.now()
        self.differing = form.differing


class Edit(OfConsultation):
    """Title, introduction, dates and terms on one page."""

    template_name = "consultations/desk/edit.html"
    section = "desk_edit"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        saved = self.kept(request)
        return self.show(request, DetailsForm(saved, consultation=self.consultation))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        it = self.consultation
        form = DetailsForm(request.POST, consultation=it)
        if form.is_valid() and form.changes() and form.cleaned_data["stamp"] != it.stamp:
            return self.conflict(request, form)
        if not form.is_valid():
            return self.show(request, form, status=422)
        changes = form.changes()
        try:
            changed = actions.edit(actor=self.person, consultation=it, stamp=it.stamp, **changes)
        except InvalidInput as refused:
            if refused.code == "stale":
                self.consultation = Consultation.objects.get(pk=it.pk)
                return self.conflict(request, DetailsForm(request.POST, consultation=self.consultation))
            form.put(refused)
            return self.show(request, form, status=422)
        messages.success(request, self.done(changed, changes))
        for sentence in form.warnings:
            messages.warning(request, sentence)
        return redirect("desk_consultation", slug=changed.slug)

    def done(self, changed: Consultation, changes: dict[str, object]) -> str:
        if not changes:
            return pgettext("option", "Nothing has changed.")
        return pgettext("option", "Saved and published.") if changed.is_public else pgettext("option", "Saved.")

    def conflict(self, request: HttpRequest, form: DetailsForm) -> HttpResponse:
        """Show what was typed, merged into what somebody else has saved in the meantime."""
        form.merge(self.consultation.stamp)
        conflict = Conflict(form, "consultation", self.consultation.pk)
        return self.show(request, form, status=409, conflict=conflict)

    def show(self, request: HttpRequest, form: DetailsForm, status: int = 200, **more: object) -> HttpResponse:
        it = self.consultation
        context = {
            **self.frame(),
            "form": form,
            "writer": self.writer(),
            "title_fields": TITLE.shown(form, it.languages) if "title_en" in form.fields else [],
            "intro_fields": INTRO.shown(form) if "intro_en" in form.fields else [],
            "dates": [
                (form[name], saved)
                for name, saved in (
                    ("timezone", None),
                    ("opens_at", wording.opening(it)),
                    ("closes_at", wording.closing(it)),
                )
                if name in form.fields
            ],
            "terms": [
                form[name]
                for name in ("languages", "word_limit", "moderation", "promise_working_days", "licence")
                if name in form.fields
            ],
            "names": [form[name] for name in ("symbol", "slug") if name in form.fields],
            **more,
        }
        return self.page(request, context, status=status)


class Threads(OfConsultation):
    """The questions in their order; in a draft they can be moved and removed."""

    template_name = "consultations/desk/threads.html"
    section = "desk_threads"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        it = self.consultation
        threads = list(it.threads.all())
        context = {
            **self.frame(),
            "rows": [
                {
                    "thread": thread,
                    "lacking": lacking(thread),
                    "up": thread.number - 1 if thread.number > 1 else 0,
                    "down": thread.number + 1 if thread.number < len(threads) else 0,
                }
                for thread in threads
            ],
            "may_arrange": states.allows(it.state, Verb.ARRANGE),
            "is_full": len(threads) >= validation.MOST_THREADS,
        }
        return self.page(request, context)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        thread = self.consultation.threads.filter(pk=number_of(request, "thread")).first()
        try:
            if thread is None:
                messages.warning(request, _("This question has been removed."))
            elif request.POST.get("do") == "remove":
                actions.remove_thread(actor=self.person, thread=thread)
                messages.success(request, _("The question has been removed."))
            else:
                moved = actions.move_thread(actor=self.person, thread=thread, to=number_of(request, "to"))
                messages.success(request, _("The question is now number %(number)d.") % {"number": moved.number})
        except InvalidInput as refused:
            messages.error(request, str(refused))
        return redirect("desk_threads", slug=slug)


def number_of(request: HttpRequest, name: str) -> int:
    """Return a number that a form sent, or 0 where it sent none."""
    return number_in(request.POST.get(name))


class OneThread(OfConsultation):
    """A question and its guidance in six languages: an existing one, or a new one."""

    template_name = "consultations/desk/thread.html"
    section = "desk_threads"
    thread: Thread | None = None

    def get(self, request: HttpRequest, slug: str, number: int | None = None) -> HttpResponseBase:
        if number is not None:
            self.thread = self.consultation.threads.filter(number=number).first()
            if self.thread is None:
                raise Http404
        return self.show(request, QuestionForm(self.kept(request), consultation=self.consultation, thread=self.thread))

    def post(self, request: HttpRequest, slug: str, number: int | None = None) -> HttpResponseBase:
        if number is not None:
            # By its id: another question may have its number now.
            self.thread = self.consultation.threads.filter(pk=number_of(request, "thread")).first()
            if self.thread is None:
                return self.show_removed(request)
        form = QuestionForm(request.POST, consultation=self.consultation, thread=self.thread)
        if not form.is_valid():
            return self.show(request, form, status=422)
        words = form.words()
        thread = self.thread
        if thread and form.cleaned_data["stamp"] != thread.stamp and self.differs(thread, words):
            return self.conflict(request, form, thread)
        try:
            saved = self.save(form, words)
        except InvalidInput as refused:
            if refused.code == "stale" and thread:
                thread.refresh_from_db()
                again = QuestionForm(request.POST, consultation=self.consultation, thread=thread)
                again.full_clean()
                return self.conflict(request, again, thread)
            form.put(refused)
            return self.show(request, form, status=422)
        except ActionRefused as refused:
            form.put(refused)
            return self.show(request, form, status=409)
        messages.success(request, _("Question %(number)d has been saved.") % {"number": saved.number})
        return redirect("desk_threads", slug=slug)

    def save(self, form: QuestionForm, words: Json) -> Thread:
        if self.thread is None:
            return actions.add_thread(actor=self.person, consultation=self.consultation, **words)
        return actions.edit_thread(
            actor=self.person,
            thread=self.thread,
            stamp=self.thread.stamp,
            confirmed=form.cleaned_data["confirmed"],
            **words,
        )

    def differs(self, thread: Thread, words: Json) -> bool:
        return any(words[name] != getattr(thread, name) for name in ("question", "guidance", "themes"))

    def conflict(self, request: HttpRequest, form: QuestionForm, thread: Thread) -> HttpResponse:
        form.merge(thread.stamp)
        return self.show(request, form, status=409, conflict=Conflict(form, "thread", thread.pk))

    def show_removed(self, request: HttpRequest) -> HttpResponse:
        """Say that the question was removed in the meantime, and show again what was typed."""
        typed = [
            text for name in request.POST for text in request.POST.getlist(name) if name.startswith(("quest", "guid"))
        ]
        refused = ActionRefused(_("This question has been removed."), "gone")
        context = {"refused": refused, "kept_text": "\n\n".join(filter(None, typed))}
        return render(request, "core/refused.html", context, status=409)

    def show(self, request: HttpRequest, form: QuestionForm, status: int = 200, **more: object) -> HttpResponse:
        it = self.consultation
        context = {
            **self.frame(),
            "form": form,
            "writer": self.writer(),
            "thread": self.thread,
            "number": self.thread.number if self.thread else it.threads.count() + 1,
            "rows": form.rows(),
            "may_edit": states.allows(it.state, Verb.EDIT_THREAD if self.thread else Verb.ARRANGE),
            "may_reword": states.allows(it.state, Verb.REWORD),
            "rewordings": wording.rewordings(self.thread) if self.thread else [],
            **more,
        }
        return self.page(request, context, status=status)
