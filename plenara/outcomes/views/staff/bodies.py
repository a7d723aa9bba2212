"""Bodies at the desk: the list, one with its details and outcomes, and its members."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.invitations import InvitationStatus
from plenara.accounts.invitations import statuses as what_became_of
from plenara.consultations.permissions import may_use_desk
from plenara.consultations.views.staff.base import OfConsultation
from plenara.consultations.views.staff.details import number_of
from plenara.core.refusals import ActionRefused, Answer, InvalidInput
from plenara.core.views import StaffView
from plenara.outcomes import actions, invitations, permissions
from plenara.outcomes.forms.bodies import BodyForm, InviteMemberForm, MemberForm, NewBodyForm, NewMemberForm
from plenara.outcomes.forms.outcomes import NewOutcomeForm, SettingsForm
from plenara.outcomes.models import Member
from plenara.outcomes.queries.bodies import ListedMember, listed_members
from plenara.outcomes.queries.desk import bodies_of, body_rows, outcome_rows
from plenara.outcomes.validation.contents import MOST_MEMBERS, may_be_removed
from plenara.outcomes.views.staff.base import Adding, BodyView, Editing, ManagementView, OutcomeView, Step


class BodyPage(BodyView):
    """A body: its mandate, members, outcomes with their progress, and meetings."""

    template_name = "outcomes/desk/body.html"

    def get(self, request: HttpRequest, **more: object) -> HttpResponse:
        members = listed_members(self.body)
        return self.page(
            request,
            self.context(
                rows=outcome_rows([self.body]),
                members=[each for each in members if each.is_present],
                former=[each for each in members if not each.is_present],
                me=permissions.member_of(self.person, self.body),
            ),
        )


class EditBody(ManagementView, Editing[BodyForm]):
    """Its name, mandate and days."""

    template_name = "outcomes/desk/body_form.html"

    def form(self, data: QueryDict | None = None) -> BodyForm:
        return BodyForm(data, body=self.body)

    def save(self, form: BodyForm, stamp: int) -> str:
        actions.edit_body(actor=self.person, body=self.body, stamp=stamp, **form.arguments())
        self.say(
            self.request,
            pgettext("text", "Saved and published.") if self.body.is_public else pgettext("text", "Saved."),
        )
        return self.body_address("desk_body")


class PublishBody(ManagementView):
    """Publishing a body's page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        actions.publish_body(actor=self.person, body=self.body)
        self.say(request, _("The page of this body is now public."))
        return redirect(self.body_address("desk_body"))


class NewOutcome(ManagementView, Adding[NewOutcomeForm]):
    """Creating an outcome."""

    template_name = "outcomes/desk/outcome_form.html"

    def form(self, data: QueryDict | None = None) -> NewOutcomeForm:
        return NewOutcomeForm(data, body=self.body)

    def add(self, form: NewOutcomeForm) -> str:
        outcome = actions.make_outcome(actor=self.person, body=self.body, **form.arguments())
        self.say(self.request, _("The outcome has been created. You can write its first paragraphs."))
        return self.body_address("workbench", outcome.slug)


class Settings(ManagementView, Editing[SettingsForm], OutcomeView):
    """The title and address of an outcome, and the consultations that it answers."""

    template_name = "outcomes/desk/outcome_form.html"
    edited = "outcome"

    def form(self, data: QueryDict | None = None) -> SettingsForm:
        return SettingsForm(data, outcome=self.outcome)

    def save(self, form: SettingsForm, stamp: int) -> str:
        saved = actions.edit_outcome(actor=self.person, outcome=self.outcome, stamp=stamp, **form.arguments())
        self.say(self.request, pgettext("option", "Saved."))
        return self.body_address("settings", saved.slug)


class Bodies(OfConsultation):
    """The bodies of a consultation, with their outcomes."""

    template_name = "outcomes/desk/bodies.html"
    section = "outcomes:desk"
    rule = staticmethod(permissions.may_see_bodies)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = self.consultation.bodies.select_related("consultation").order_by("pk")
        context = {
            **self.frame(),
            "rows": body_rows(found),
            "may_make": bool(permissions.may_make_body(self.person, self.consultation)),
        }
        return self.page(request, context)


class NewBody(Adding[NewBodyForm]):
    """Creating a body."""

    template_name = "outcomes/desk/body_form.html"
    section = "outcomes:desk"
    rule = staticmethod(permissions.may_make_body)

    def form(self, data: QueryDict | None = None) -> NewBodyForm:
        return NewBodyForm(data)

    def add(self, form: NewBodyForm) -> str:
        body = actions.make_body(actor=self.person, consultation=self.consultation, **form.arguments())
        return reverse("outcomes:desk_body", args=[body.slug])

    def context(self, **more: object) -> dict[str, object]:
        here = (pgettext("option", "Outcomes"), reverse("outcomes:desk", args=[self.consultation.slug]), "")
        frame: dict = self.frame()
        return {**frame, "crumbs": [*frame["crumbs"], here], "writer": self.writer(), **more}


class MyBodies(StaffView):
    """The bodies of which a person is a member, or in whose home they have a role."""

    template_name = "outcomes/desk/my_bodies.html"

    def allowed(self, **more: object) -> Answer:
        return may_use_desk(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        found = bodies_of(self.person)
        memberships = permissions.memberships_of(self.person)
        rows = [{**row, "member": memberships.get(row["body"].pk)} for row in body_rows(found)]
        return self.page(
            request, {"rows": rows, "crumbs": [(pgettext("label", "Desk"), reverse("desk"), "")], "nav_current": "desk"}
        )


class Members(ManagementView):
    """The members in their order, and the open invitations."""

    template_name = "outcomes/desk/members.html"

    def get(self, request: HttpRequest, **more: object) -> HttpResponse:
        rows = listed_members(self.body)
        invited = list(invitations.pending(self.body))
        waiting = {each.purpose["member_id"] for each in invited}
        return self.page(
            request,
            self.context(
                rows=[{"it": each, "is_invited": each.member.pk in waiting} for each in rows],
                count=len(rows),
                is_full=len(rows) >= MOST_MEMBERS,
                invited=[invitation_row(each, rows) for each in what_became_of(invited)],
            ),
        )

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        try:
            if request.POST.get("do") == "withdraw":
                self.withdraw(request)
            else:
                self.move(request)
        except ActionRefused as refused:
            messages.warning(request, str(refused))
        return redirect(self.body_address("members"))

    def move(self, request: HttpRequest) -> None:
        member = self.body.members.filter(pk=number_of(request, "member")).first()
        if member is None:
            raise InvalidInput(_("This member has been removed."), "gone")
        moved = actions.move_member(actor=self.person, member=member, to=number_of(request, "to"))
        self.say(
            request, _("%(name)s is now number %(place)d in the list.") % {"name": moved.name, "place": moved.position}
        )

    def withdraw(self, request: HttpRequest) -> None:
        invitation = invitations.pending(self.body).filter(pk=number_of(request, "invitation")).first()
        if invitation is None:
            raise InvalidInput(
                _(
                    "You cannot withdraw this invitation, because it has expired, or someone has accepted or "
                    "withdrawn it."
                ),
                "gone",
            )
        actions.revoke_member_invitation(actor=self.person, body=self.body, invitation=invitation)
        self.say(request, _("The invitation has been withdrawn. Its link no longer works."))


class BodyMemberView(ManagementView, Editing):
    """A view of one member."""

    member: Member

    def find(self) -> Answer:
        if not permissions.may_manage_body(self.person, self.body):
            return True  # `may` says so
        found = self.body.members.filter(pk=self.kwargs["member"]).first()
        if found is None:
            raise Http404
        found.body, self.member = self.body, found
        return True

    def way(self) -> list[Step]:
        return [*super().way(), (pgettext("label", "Members"), self.body_address("members"), "")]


class EditMember(BodyMemberView):
    """The details of a member and the days of membership."""

    template_name = "outcomes/desk/member_form.html"
    edited = "member"

    def form(self, data: QueryDict | None = None) -> MemberForm:
        return MemberForm(data, member=self.member)

    def save(self, form: MemberForm, stamp: int) -> str:
        actions.edit_member(actor=self.person, member=self.member, stamp=stamp, **form.arguments())
        self.say(
            self.request,
            pgettext("text", "Saved and published.") if self.body.is_public else pgettext("text", "Saved."),
        )
        return self.body_address("members")

    def show(self, request: HttpRequest, form: object, status: int = 200, **more: object) -> HttpResponse:
        invited = [each for each in invitations.pending(self.body) if each.purpose["member_id"] == self.member.pk]
        return super().show(
            request,
            form,
            status,
            member=self.member,
            may_remove=bool(may_be_removed(self.member, self.body)),
            invite_form=more.pop("invite_form", None) or InviteMemberForm(),
            invited=[invitation_row(each, []) for each in what_became_of(invited)],
            **more,
        )


class InviteMember(EditMember):
    """Sending an invitation to act as this member."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        form = InviteMemberForm(request.POST)
        if form.is_valid():
            try:
                actions.invite_member(actor=self.person, member=self.member, **form.cleaned_data)
            except ActionRefused as refused:
                form.put(refused)
            else:
                self.say(request, _("You have sent the invitation. It is valid for 14 days."))
                return redirect(self.body_address("member", self.member.pk))
        return self.show(request, self.form(), status=422, invite_form=form)


class RemoveMember(BodyMemberView):
    """Removing a member who was added by mistake."""

    http_method_names = ["post"]

    def find(self) -> Answer:
        self.found = self.body.members.filter(pk=self.kwargs["member"]).first()
        return True

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        try:
            if self.found:
                actions.remove_member(actor=self.person, member=self.found)
            self.say(request, _("The member has been removed."))
        except InvalidInput as refused:
            messages.warning(request, str(refused))
        return redirect(self.body_address("members"))


class NewMember(ManagementView, Adding[NewMemberForm]):
    """Adding a member."""

    template_name = "outcomes/desk/member_form.html"

    def way(self) -> list[Step]:
        return [*super().way(), (pgettext("label", "Members"), self.body_address("members"), "")]

    def form(self, data: QueryDict | None = None) -> NewMemberForm:
        return NewMemberForm(data, body=self.body)

    def add(self, form: NewMemberForm) -> str:
        """Add the member; without an account, they are invited next."""
        member = actions.add_member(actor=self.person, body=self.body, **form.arguments())
        self.say(self.request, _("%(name)s has been added.") % {"name": member.name})
        return self.body_address("members") if member.person_id else self.body_address("member", member.pk) + "#invite"


def invitation_row(invitation: InvitationStatus, rows: list[ListedMember]) -> dict[str, object]:
    """Return an invitation for a list. The people who manage the body see its address."""
    it = invitation.invitation
    names = {each.member.pk: each.member.name for each in rows}
    return {
        "pk": it.pk,
        "shown": invitation,
        "member": names.get(it.purpose["member_id"], ""),
        "by": it.invited_by.name if it.invited_by else "",
    }
