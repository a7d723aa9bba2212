"""Views of a new consultation, of its overview, and of its public steps."""

import datetime
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.consultations import actions, invitations, permissions, queries, states, validation
from plenara.consultations.forms.details import NewForm, detail_in_words, lacking
from plenara.consultations.forms.steps import REASON, CloseEarlyForm, ExtendForm
from plenara.consultations.models import GRACE_MINUTES, Consultation, Role, RoleName, State, Thread
from plenara.consultations.presenters import desk, wording
from plenara.consultations.queries import participants
from plenara.consultations.states import MOVES_ON, Verb
from plenara.consultations.views.staff.base import OfConsultation
from plenara.core.languages import current, join_sentences
from plenara.core.models import AuditEntry
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, InvalidInput
from plenara.core.views import StaffView


class New(StaffView):
    """Creates a draft: title, symbol, address."""

    template_name = "consultations/desk/new.html"

    def allowed(self) -> Answer:
        return permissions.may_create_consultation(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, NewForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewForm(request.POST)
        earlier = self.same(request)
        if earlier is not None:
            return redirect("desk_consultation", slug=earlier.slug)  # a double click
        if not form.is_valid():
            return self.show(request, form, status=422)
        given = form.cleaned_data
        try:
            made = actions.create(
                actor=self.person,
                title={current(): given["title"]},
                symbol=given["symbol"],
                slug=given["slug"],
                languages=[current()],
            )
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=422)
        messages.success(request, _("The draft has been created. Only people to whom you give a role can see it."))
        return redirect("desk_consultation", slug=made.slug)

    def same(self, request: HttpRequest) -> Consultation | None:
        """Return the draft that the same form created a moment ago."""
        title, symbol = request.POST.get("title", "").strip(), request.POST.get("symbol", "").strip()
        for draft in Consultation.objects.filter(symbol=symbol, stage="draft"):
            if draft.title == {current(): title} and permissions.may_organize(self.person, draft):
                return draft
        return None

    def show(self, request: HttpRequest, form: NewForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "crumbs": [(pgettext("label", "Desk"), reverse("desk"))],
            "nav_current": "desk",
        }
        return self.page(request, context, status=status)


class Overview(OfConsultation):
    """Shows what is missing, the tasks, the roles, and what comes next."""

    template_name = "consultations/desk/overview.html"
    rule = staticmethod(permissions.may_work_in)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        it = self.consultation
        if it.is_community:
            return self.community(request)
        threads = list(it.threads.all())
        may_organize = bool(permissions.may_organize(self.person, it))
        context = {
            **self.frame(),
            "may_organize": may_organize,
            "outlook": desk.outlook(it),
            "tasks": desk.pending_tasks(self.person, [it]),
            "missing": desk.required_gaps(it) if may_organize and not it.is_public else [],
            "renditions": self.renditions(threads, may_organize=may_organize),
            "questions": [(thread, lacking(thread)) for thread in threads],
            "details": [
                (pgettext("label", "Opening date"), wording.opening(it) or pgettext("label", "not set")),
                (pgettext("label", "Closing date"), wording.closing(it) or pgettext("label", "not set")),
                (pgettext("label", "Languages for contributions"), detail_in_words(it, "languages")),
                (_("Word limit of a contribution"), detail_in_words(it, "word_limit")),
                (pgettext("label", "Moderation"), detail_in_words(it, "moderation")),
                (_("Promised decision time"), wording.working_days(it.promise_working_days)),
                (pgettext("label", "Licence for contributions"), detail_in_words(it, "licence")),
                (pgettext("label", "Web address"), format_html('<bdi dir="ltr">{}</bdi>', wording.address(it))),
            ],
            "extensions": [wording.extension(each, it) for each in it.extensions.all()],
            "roles": grouped(list(it.roles.select_related("person").order_by("person__name", "pk")), it),
            "invited": invitations.pending(it).count() if may_organize else 0,
            "last_change": self.last_change(),
        }
        return self.page(request, context)

    def community(self, request: HttpRequest) -> HttpResponse:
        """Show the tasks of calendar and directory, and who decides."""
        it = self.consultation
        context = {
            **self.frame(),
            "may_organize": bool(permissions.may_organize(self.person, it)),
            "tasks": desk.pending_tasks(self.person, [it]),
            "promise_working_days": it.promise_working_days,
            "roles": grouped(list(it.roles.select_related("person").order_by("person__name", "pk")), it),
            "invited": invitations.pending(it).count(),
            "last_change": self.last_change(),
        }
        self.template_name = "consultations/desk/community.html"
        return self.page(request, context)

    def renditions(self, threads: Sequence[Thread], *, may_organize: bool) -> list[dict[str, object]]:
        found = wording.languages(self.consultation, threads)
        edit = reverse("desk_edit", args=[self.consultation.slug])
        return [
            {
                "code": each.code,
                "name": each.name,
                "html_lang": each.html_lang,
                "dir": each.dir,
                "url": f"{edit}#id_title_{each.code}" if may_organize else "",
                "current": False,
                "state": "stop" if each.is_accepted and not each.can_be_read else each.state,
                "word": each.word,
            }
            for each in found
        ]

    def last_change(self) -> tuple[str, datetime.datetime] | None:
        """Return who changed it last, and when."""
        act = (
            AuditEntry.objects.filter(consultation_id=self.consultation.pk, about_kind__in=["consultation", "thread"])
            .exclude(actor_id=None)
            .order_by("-pk")
            .first()
        )
        person = Person.objects.filter(pk=act.actor_id or 0).first() if act else None
        return (person.name, act.at) if act and person else None


def grouped(roles: list[Role], where: Consultation) -> list[tuple[str, list[Role]]]:
    """Return roles by their name, in the usual order; a role that nobody has is included."""
    names = [RoleName(name) for name in validation.roles_of(where)]
    return [(str(name.label), [role for role in roles if role.name == name]) for name in names]


class ItsState(OfConsultation):
    """Shows the state of the consultation, and the step that can be taken now."""

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
                raise InvalidInput(_("Choose a step."), "verb")
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except ActionRefused as refused:
            self.consultation.refresh_from_db()
            return self.show(request, refused=refused, status=409)
        else:
            messages.success(
                request,
                _DONE_SENTENCES[wanted]()
                if wanted in _DONE_SENTENCES
                else _("Done. The public pages show the change."),
            )
        return redirect("desk_state", slug=slug)

    def show(self, request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
        it = self.consultation
        verb = Verb.ANNOUNCE if it.state == State.DRAFT else MOVES_ON.get(State(it.state))
        until = desk.return_until(it)
        context = {
            **self.frame(),
            "steps": wording.steps(it),
            "outlook": desk.outlook(it),
            "verb": verb,
            "button": _BUTTONS[verb]() if verb else "",
            "means": _MEANS[verb]() if verb else "",
            **(self.draft() if it.state == State.DRAFT else {}),
            "return_until": wording.moment(until, it.timezone) if until else None,
            "waiting": [
                task
                for task in desk.pending_tasks(self.person, [it])
                if task.urgency != desk.Urgency.IN_TIME and task not in desk.organizer_tasks(self.person, [it])
            ],
            "may_open": states.allows(it.state, Verb.OPEN),
            "may_extend": states.allows(it.state, Verb.EXTEND),
            "may_close": states.allows(it.state, Verb.CLOSE),
            **more,
        }
        return self.page(request, context, status=status)

    def draft(self) -> dict[str, object]:
        """Return what is missing of a draft; with a second organizer, who has asked and who can confirm."""
        it = self.consultation
        context: dict[str, object] = {"missing": desk.required_gaps(it), "advised": desk.advised_gaps(self.person, it)}
        if not queries.second_organizer_is_needed():
            return context
        request = queries.announcement_request_for(it)
        is_own = request is not None and request.by.pk == self.person.pk
        is_alone = queries.is_only_organizer(self.person, it)
        context |= {"takes_two": True, "request_by": request, "is_own_request": is_own, "is_alone": is_alone}
        if request is None and not is_alone:
            context |= {"verb": REQUEST, "button": _("Ask a second organizer to confirm")}
        elif request is not None and not is_own:
            context |= {"button": _("Confirm and announce the consultation")}
        else:
            context |= {"verb": ""}
        return context


#: The value of the button that asks a second organizer to confirm.
REQUEST = "request"
_DONE_SENTENCES = {
    REQUEST: lambda: _(
        "Your request has been recorded. The other organizers get an e-mail, and see the request at the desk."
    ),
    Verb.OPEN: lambda: _("The consultation is open. Its public page shows the new opening date."),
}
_BUTTONS = {
    Verb.ANNOUNCE: lambda: pgettext("label", "Announce the consultation"),
    Verb.BEGIN_SYNTHESIS: lambda: pgettext("label", "Start summarizing"),
    Verb.REPORT: lambda: pgettext("label", "Confirm that the summary was delivered"),
    Verb.ARCHIVE: lambda: pgettext("label", "Archive the consultation"),
}
_MEANS = {
    Verb.ANNOUNCE: lambda: join_sentences(
        _(
            "After the announcement, everyone can read the title, questions and dates. The web address, "
            "symbol, licence and number of questions can no longer change."
        ),
        _("The consultation opens and closes automatically. You cannot undo the announcement."),
    ),
    Verb.BEGIN_SYNTHESIS: lambda: _(
        "You will no longer be able to extend the consultation, and authors will no longer be "
        "able to submit returned texts. You cannot undo this."
    ),
    Verb.REPORT: lambda: _(
        "The public pages will say that the final summary has been delivered to the people who "
        "asked for it. You cannot undo this."
    ),
    Verb.ARCHIVE: lambda: _("You will no longer be able to edit anything in the consultation. You cannot undo this."),
}


class Extend(OfConsultation):
    """Sets a later closing, with a public reason."""

    template_name = "consultations/desk/extend.html"
    section = "desk_state"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, ExtendForm(self.kept(request), consultation=self.consultation))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = ExtendForm(request.POST, consultation=self.consultation)
        latest = self.consultation.extensions.last()
        is_valid = form.is_valid()
        if latest and form.moment == latest.closes_at == self.consultation.closes_at:
            messages.warning(
                request, _("The consultation has already been extended to this closing date.")
            )  # a double click
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
        except ActionRefused as refused:
            form.put(refused)
            return self.show(request, form, status=409)
        moment = wording.moment(extension.closes_at, self.consultation.timezone)
        messages.success(
            request,
            _("The consultation is open until %(moment)s. We will notify the participants by e-mail.")
            % {"moment": moment},
        )
        if form.warning:
            messages.warning(request, form.warning)
        return redirect("desk_state", slug=slug)

    def show(self, request: HttpRequest, form: ExtendForm, status: int = 200) -> HttpResponse:
        it = self.consultation
        context = {
            **self.frame(),
            "form": form,
            "writer": self.writer(),
            "reason_fields": REASON.shown(form),
            "may_extend": states.allows(it.state, Verb.EXTEND),
            "to_notify": participants(it).count(),
            "extensions": [wording.extension(each, it) for each in it.extensions.all()],
        }
        return self.page(request, context, status=status)


class CloseEarly(OfConsultation):
    """Closes before the announced closing, with a public reason."""

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
        except ActionRefused as refused:
            form.put(refused)
            return self.show(request, form, status=409)
        else:
            messages.success(request, _("The consultation has closed. We will notify the participants by e-mail."))
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
            "to_notify": participants(it).count(),
        }
        return self.page(request, context, status=status)
