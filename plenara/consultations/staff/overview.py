"""A new consultation, and the page from which each is led."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations import actions, checks, guide, invitations, readiness, rules, shown, todo
from plenara.consultations.forms.details import NewForm, told
from plenara.consultations.forms.questions import lacking
from plenara.consultations.models import Consultation, Role, RoleName
from plenara.consultations.staff.base import OfConsultation
from plenara.core.languages import current
from plenara.core.models import Act
from plenara.core.refusals import Answer, Invalid
from plenara.core.views import StaffView


class New(StaffView):
    """Makes a draft: title, symbol, address."""

    template_name = "consultations/desk/new.html"

    def allowed(self) -> Answer:
        return rules.may_create_consultation(self.person)

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
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=422)
        messages.success(request, _("The draft is made. Nobody sees it but those to whom you give a role."))
        return redirect("desk_consultation", slug=made.slug)

    def same(self, request: HttpRequest) -> Consultation | None:
        """Return the draft that this very form made a moment ago."""
        title, symbol = request.POST.get("title", "").strip(), request.POST.get("symbol", "").strip()
        for draft in Consultation.objects.filter(symbol=symbol, stage="draft"):
            if draft.title == {current(): title} and rules.may_organize(self.person, draft):
                return draft
        return None

    def show(self, request: HttpRequest, form: NewForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "crumbs": [(_("Desk"), reverse("desk"))],
            "nav_current": "desk",
        }
        return self.page(request, context, status=status)


class Overview(OfConsultation):
    """What is missing, what waits, who does what, and what comes next."""

    template_name = "consultations/desk/overview.html"
    rule = staticmethod(rules.may_work_in)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        it = self.consultation
        if it.is_community:
            return self.community(request)
        threads = list(it.threads.all())
        may_organize = bool(rules.may_organize(self.person, it))
        context = {
            **self.frame(),
            "may_organize": may_organize,
            "outlook": guide.outlook(it),
            "tasks": todo.waiting(self.person, [it]),
            "missing": readiness.required(it) if may_organize and not it.is_public else [],
            "renditions": self.renditions(threads, may_organize=may_organize),
            "questions": [(thread, lacking(thread)) for thread in threads],
            "details": [
                (_("Opening"), shown.opening(it) or _("not set")),
                (_("Closing"), shown.closing(it) or _("not set")),
                (_("Languages in which people may contribute"), told(it, "languages")),
                (_("Word limit of a contribution"), told(it, "word_limit")),
                (_("Moderation"), told(it, "moderation")),
                (_("Promise"), _("decided %(promise)s") % {"promise": shown.promise(it.promise_working_days)}),
                (_("Licence of the contributions"), told(it, "licence")),
                (_("Address"), format_html('<bdi dir="ltr">{}</bdi>', shown.address(it))),
            ],
            "extensions": [shown.extension(each, it) for each in it.extensions.all()],
            "roles": grouped(list(it.roles.select_related("person").order_by("person__name", "pk")), it),
            "invited": invitations.pending(it).count() if may_organize else 0,
            "last_change": self.last_change(),
        }
        return self.page(request, context)

    def community(self, request: HttpRequest) -> HttpResponse:
        """Show what waits of calendar and directory, and who decides."""
        it = self.consultation
        context = {
            **self.frame(),
            "may_organize": bool(rules.may_organize(self.person, it)),
            "tasks": todo.waiting(self.person, [it]),
            "promise": shown.promise(it.promise_working_days),
            "roles": grouped(list(it.roles.select_related("person").order_by("person__name", "pk")), it),
            "invited": invitations.pending(it).count(),
            "last_change": self.last_change(),
        }
        self.template_name = "consultations/desk/community.html"
        return self.page(request, context)

    def renditions(self, threads: Any, *, may_organize: bool) -> list[dict[str, Any]]:
        found = shown.languages(self.consultation, threads)
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

    def last_change(self) -> tuple[str, Any] | None:
        """Return who changed it last, and when."""
        act = (
            Act.objects.filter(consultation_id=self.consultation.pk, about_kind__in=["consultation", "thread"])
            .exclude(actor_id=None)
            .order_by("-pk")
            .first()
        )
        person = Person.objects.filter(pk=act.actor_id or 0).first() if act else None
        return (person.name, act.at) if act and person else None


def grouped(roles: list[Role], where: Consultation) -> list[tuple[str, list[Role]]]:
    """Return roles by their name, in the order in which the house names them; a role that nobody has is there too."""
    names = [RoleName(name) for name in checks.roles_of(where)]
    return [(str(name.label), [role for role in roles if role.name == name]) for name in names]
