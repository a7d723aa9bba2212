"""Views of roles and invitations, and of taking charge where nobody organizes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.invitations import InvitationStatus, statuses
from plenara.consultations import actions, community, invitations, permissions
from plenara.consultations.actions.roles import acting_organizers
from plenara.consultations.forms.steps import InviteForm
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.views.staff.base import OfConsultation
from plenara.consultations.views.staff.details import number_of
from plenara.consultations.views.staff.overview import grouped
from plenara.core.refusals import ActionRefused, Answer, InvalidInput, NotPermitted
from plenara.core.views import StaffView
from plenara.core.vocabulary import language_in_sentence


class Roles(OfConsultation):
    """Invites to roles by e-mail, and revokes roles and invitations."""

    template_name = "consultations/desk/roles.html"
    section = "desk_roles"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, InviteForm(where=self.consultation))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = InviteForm(request.POST, where=self.consultation)
        try:
            match request.POST.get("do"):
                case "revoke":
                    self.revoke(request)
                case "withdraw":
                    self.withdraw(request)
                case _:
                    if not form.is_valid():
                        return self.show(request, form, status=422)
                    try:
                        self.invite(request, form)
                    except NotPermitted:
                        raise
                    except ActionRefused as refused:  # keep what was typed
                        form.put(refused)
                        return self.show(request, form, status=getattr(refused, "status", 422))
        except ActionRefused as refused:
            if refused.field:
                form.put(refused)
                return self.show(request, form, status=422)
            messages.error(request, str(refused))
        if not permissions.may_organize(self.person, self.consultation):
            return redirect("desk")  # it was their own role
        return redirect("desk_roles", slug=slug)

    def invite(self, request: HttpRequest, form: InviteForm) -> None:
        given = form.cleaned_data
        count = actions.invite_all(
            actor=self.person,
            consultation=self.consultation,
            people=form.invitees,
            name=given["role"],
            language=given.get("language", ""),
            email_language=given["email_language"],
        )
        sentence = ngettext(
            "%(count)d invitation has been sent. It can be accepted for 14 days.",
            "%(count)d invitations have been sent. They can be accepted for 14 days.",
            count,
        )
        messages.success(request, sentence % {"count": count})

    def revoke(self, request: HttpRequest) -> None:
        role = self.consultation.roles.filter(pk=number_of(request, "role_id")).first()
        if role is None:
            raise InvalidInput(_("This role has already ended."), "gone")
        actions.revoke_role(actor=self.person, role=role)
        messages.success(request, _("The role has ended. We will notify the person by e-mail."))

    def withdraw(self, request: HttpRequest) -> None:
        invitation = invitations.pending(self.consultation).filter(pk=number_of(request, "invitation")).first()
        if invitation is None:
            raise InvalidInput(
                _(
                    "You cannot withdraw this invitation, because it has expired, or someone has accepted or "
                    "withdrawn it."
                ),
                "gone",
            )
        actions.revoke_invitation(actor=self.person, consultation=self.consultation, invitation=invitation)
        messages.success(request, _("The invitation has been withdrawn. Its link no longer works."))

    def show(self, request: HttpRequest, form: InviteForm, status: int = 200) -> HttpResponse:
        it = self.consultation
        roles = list(it.roles.select_related("person").order_by("person__name", "pk"))
        organizers = set(acting_organizers(it).values_list("pk", flat=True))
        context = {
            **self.frame(),
            "form": form,
            "roles": grouped(roles, it),
            "last_organizer": next(iter(organizers)) if len(organizers) == 1 else 0,
            "invited": [row(each) for each in statuses(invitations.latest(it))],
        }
        return self.page(request, context, status=status)


def row(shown: InvitationStatus) -> dict[str, object]:
    """Return an invitation as the page lists it for organizers, with its recipient."""
    it, purpose = shown.invitation, shown.invitation.purpose
    return {
        "pk": it.pk,
        "shown": shown,
        "role": RoleName(purpose["role"]).label,
        "language": language_in_sentence(purpose["language"]) if purpose["language"] else "",
        "by": it.invited_by.name if it.invited_by else "",
        "is_pending": it.is_pending,
        "until": it.expires_at,
    }


class TakeChargeOfCommunity(StaffView):
    """Lets an organizer of the installation organize the moderation of calendar and directory."""

    http_method_names = ["post"]

    def allowed(self) -> Answer:
        return permissions.may_set_up(self.person)

    def post(self, request: HttpRequest) -> HttpResponse:
        where = community.take_charge(actor=self.person)
        messages.success(request, _("You are now an organizer of the calendar and directory."))
        return redirect("desk_consultation", slug=where.slug)


class TakeCharge(StaffView):
    """Lets an organizer of the installation organize a consultation that nobody organizes."""

    http_method_names = ["post"]

    def allowed(self, slug: str) -> Answer:
        return permissions.may_set_up(self.person)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = Consultation.objects.filter(slug=slug).first()
        if found is None:
            raise Http404
        actions.take_charge(actor=self.person, consultation=found)
        messages.success(request, _("You are now an organizer of this consultation."))
        return redirect("desk_consultation", slug=slug)
