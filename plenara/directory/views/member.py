"""Views for the owner of an entry: proposing and changing it, their list, and for the owner of an organization."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.accounts.actions import revoke_invitation
from plenara.accounts.models import Person
from plenara.accounts.permissions import has_accepted
from plenara.accounts.queries import installation
from plenara.core.languages import current
from plenara.core.life_cycle import State
from plenara.core.refusals import ActionRefused, Answer, require
from plenara.core.rows import Json
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.directory import actions, permissions, validation
from plenara.directory.actions import invitations
from plenara.directory.forms import AddressForm, DirectoryForm, ListingForm, MailboxForm, Seal, show_wrong
from plenara.directory.models import Kind, Listing, Representative
from plenara.directory.presenters import wording
from plenara.directory.queries import duplicates, lookup, verification
from plenara.directory.queries.desk import OWN_PAGE, own_listings, represented_by
from plenara.directory.validation import host_of, tidy

#: The session key for what a signed-out person sent, and how many characters of it.
REMEMBERED, MOST_REMEMBERED = "kept_listing", 60_000


class Writing(MemberView):
    """Base of proposing and changing an entry: nothing typed is lost, and a form counts once."""

    template_name = "directory/write.html"
    kind = ""
    listing: Listing | None = None

    def find(self, **kwargs: object) -> None:
        """Find the entry that is changed."""

    def may(self) -> Answer:
        """Return the permission."""
        raise NotImplementedError

    def initial_details(self) -> Json:
        """Return the initial details of the form."""
        return {}

    def send(self, details: Json, language: str, key: str) -> Listing:
        raise NotImplementedError

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.find(**kwargs)
        here = {"next": request.get_full_path() if request.method == "GET" else request.path}
        if not self.person.has_byline:
            return redirect(f"{reverse('byline')}?{urlencode(here)}")
        # Checked when a form is opened, never when it is sent: nothing typed is lost on the way.
        if request.method == "GET" and not has_accepted(self.person, installation().rules_version):
            return redirect(f"{reverse('accept_rules')}?{urlencode(here)}")
        return super().enter(request, *args, **kwargs)

    @property
    def about(self) -> str:
        """The purpose in the form's seal."""
        return f"{self.kind}-{self.listing.pk if self.listing else 'new'}"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        kept = self.kept(request)
        if kept is not None:
            return self.show(request, self.form(self.sealed(kept)))
        return self.show(request, self.form(initial={"seal": Seal.fresh(self.person, self.about).sealed()}))

    def form(self, data: QueryDict | None = None, initial: dict[str, str] | None = None) -> ListingForm:
        return ListingForm(data, kind=self.kind, initial_details=self.initial_details(), initial=initial)

    def sealed(self, data: QueryDict) -> QueryDict:
        """Return the form data under a valid seal: a forged, foreign or old one is replaced."""
        if Seal.read(data.get("seal", ""), self.person, self.about) is None:
            data = data.copy()
            data["seal"] = Seal.fresh(self.person, self.about).sealed()
        return data

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        data = self.sealed(request.POST)
        form = self.form(data)
        if "change" in data:
            return self.show(request, form)
        typed, wrong = form.details()
        form.is_valid()
        details = tidy(self.kind, typed)
        show_wrong(form, wrong, validation.problems(self.kind, details))
        if form.errors:
            return self.show(request, form, status=422)
        if "send" not in data or data["seal"] != request.POST.get("seal"):
            return self.last_look(request, form, details)
        seal = Seal.read(data["seal"], self.person, self.about)
        assert seal
        try:
            listing = self.send(details, _first_language(details), seal.key)
        except ActionRefused as refused:
            form.put(refused)
            return self.show(request, form, status=refused.status)
        received = (
            _(
                "We have received your changes. A moderator will read them, and you will get one e-mail with the "
                "decision."
            )
            if self.listing
            else _(
                "We have received your proposal. A moderator will read it, and you will get one e-mail with the "
                "decision."
            )
        )
        messages.success(request, received)
        return redirect(f"/{current()}/my/listings/{listing.pk}/")

    def last_look(self, request: HttpRequest, form: ListingForm, details: Json) -> HttpResponse:
        """Show what will be sent, and entries that may be the same."""
        similar = duplicates.likely(self.kind, details, besides=self.listing.pk if self.listing else None)
        for each in similar:
            each.listing.title = lookup.name_of(each.listing)  # type: ignore[attr-defined]
            each.listing.path = lookup.path_of(self.kind, each.listing.number or 0)  # type: ignore[attr-defined]
        assert isinstance(form.data, QueryDict)
        hidden = [(name, value) for name in form.data if name not in {"csrfmiddlewaretoken", "change", "send"}
                  for value in form.data.getlist(name)]  # fmt: skip
        return self.page(
            request,
            {
                **self.context(),
                "is_last_look": True,
                "hidden": hidden,
                "duplicates": similar,
                "titles": wording.titles(self.kind, details),
                "lines": wording.lines(self.kind, details),
                "texts": wording.texts(self.kind, details),
            },
        )

    def show(self, request: HttpRequest, form: ListingForm, status: int = 200) -> HttpResponse:
        answer = self.may()
        context = {
            "form": form,
            "refused": "" if answer or (form.is_bound and form.errors) else getattr(answer, "sentence", ""),
            **self.context(),
        }
        return self.page(request, context, status=status)

    def context(self) -> dict[str, object]:
        return {"kind": self.kind, "listing": self.listing, "nav_current": "my"}

    # --- nothing typed is lost when the session has ended ---

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST":
            owner = Seal.owner(request.POST.get("seal", ""))
            body = request.POST.copy()
            for name in ("csrfmiddlewaretoken", "send", "change"):
                body.pop(name, None)
            if owner and len(body.urlencode()) <= MOST_REMEMBERED * 6:
                request.session[REMEMBERED] = {"path": request.path, "owner": owner, "typed": body.urlencode()}
            return redirect_to_login(request.path)
        return super().sign_in_first(request)

    def kept(self, request: HttpRequest) -> QueryDict | None:
        """Return what the person sent to this page while signed out, once."""
        kept = request.session.get(REMEMBERED)
        if not kept or kept.get("path") != request.path or kept.get("owner") != self.person.pk:
            return None
        del request.session[REMEMBERED]
        return QueryDict(kept["typed"])


def _first_language(details: Json) -> str:
    """Return the original language of an entry: the reader's, if it has a text in it."""
    texts = [value for value in details.values() if isinstance(value, dict)]
    found = dict.fromkeys(code for each in texts for code in each)
    return current() if current() in found or not found else next(iter(found))


class Propose(Writing):
    """A new entry. `kind` is in its address."""

    is_for_newcomers = True

    def may(self) -> Answer:
        return permissions.may_propose(self.person)

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        if self.kind == Kind.PERSON:
            own = Listing.objects.filter(owner=self.person, of=Kind.PERSON).exclude(
                state__in=[State.WITHDRAWN, State.REMOVED, State.REJECTED]
            )
            if existing := own.first():
                return redirect(f"/{current()}/my/listings/{existing.pk}/")
        return super().get(request, **kwargs)

    def initial_details(self) -> Json:
        if self.kind == Kind.PERSON:
            return {"name": self.person.name}
        return {}

    def send(self, details: Json, language: str, key: str) -> Listing:
        return actions.propose(actor=self.person, kind=self.kind, details=details, language=language, key=key)


def own_or_404(person: Person, pk: int) -> Listing:
    """Return one's own entry; 404 for anybody else."""
    listing = Listing.objects.filter(pk=pk).first()
    if listing is None or not permissions.is_owner(person, listing):
        raise Http404
    return listing


class Change(Writing):
    """A change of a published or pending entry, or a returned one sent again."""

    def find(self, **kwargs: object) -> None:
        self.listing = own_or_404(self.person, self.kwargs["pk"])
        self.kind = self.listing.of

    @property
    def is_returned(self) -> bool:
        assert self.listing
        return self.listing.state == State.RETURNED

    def may(self) -> Answer:
        assert self.listing
        rule = permissions.may_send_again if self.is_returned else permissions.may_revise
        return rule(self.person, self.listing)

    def initial_details(self) -> Json:
        assert self.listing
        last = self.listing.versions.order_by("number").last()
        return last.details if last and last.details else self.listing.details

    def send(self, details: Json, language: str, key: str) -> Listing:
        assert self.listing
        act = actions.send_again if self.is_returned else actions.revise
        act(actor=self.person, listing=self.listing, details=details, language=language, key=key)
        return self.listing


class OwnEntries(MemberView):
    """One's own entries, the newest first, and the organizations one represents. Knows `before`, the page's start."""

    template_name = "directory/own_entries.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        before = number_in(request.GET.get("before", ""))
        found = own_listings(self.person, before)
        context = {
            "listings": found[:OWN_PAGE],
            "older": found[OWN_PAGE - 1].pk if len(found) > OWN_PAGE else None,
            "is_later": bool(before),
            "represented": represented_by(self.person) if not before else [],
            "may_list_oneself": bool(validation.one_each(self.person)),
            "nav_current": "my",
        }
        return self.page(request, context)


class OfOne(MemberView):
    """Base of the pages about one of one's own entries: they find it, show a form, and show a refusal at its field."""

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.listing = own_or_404(self.person, self.kwargs["pk"])
        return super().enter(request, *args, **kwargs)

    def context(self) -> dict[str, object]:
        return {"listing": self.listing, "title": wording.title(self.listing), "nav_current": "my"}

    def back(self) -> HttpResponse:
        return redirect(f"/{current()}/my/listings/{self.listing.pk}/")

    def show(self, request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
        return self.page(request, {**self.context(), **more}, status=status)

    def again(self, request: HttpRequest, form: DirectoryForm, refused: ActionRefused, **more: object) -> HttpResponse:
        """Show the form with what was typed, and the refusal."""
        form.put(refused)
        return self.show(request, status=refused.status, form=form, **more)


class Withdraw(OfOne):
    """Withdrawing an entry, after a confirmation."""

    template_name = "directory/withdraw.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(permissions.may_withdraw(self.person, self.listing))
        return self.show(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.withdraw(actor=self.person, listing=self.listing)
        messages.success(request, _("You have withdrawn your entry."))
        return self.back()


class StillHolds(OfOne):
    """Confirming that an entry is up to date."""

    template_name = "directory/still_holds.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(permissions.may_confirm(self.person, self.listing))
        return self.show(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.confirm(actor=self.person, listing=self.listing)
        messages.success(request, _("Thank you. Readers can see that the entry was confirmed today."))
        return self.back()


class HandOver(OfOne):
    """Inviting somebody to take over an entry, and revoking an invitation."""

    template_name = "directory/hand_over.html"

    def context(self) -> dict[str, object]:
        return {**super().context(), "invited": invitations.latest(self.listing, invitations.OWNER)}

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(permissions.may_hand_over(self.person, self.listing))
        return self.show(request, form=AddressForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if revoke_from_form(self, request, invitations.OWNER):
            return redirect(request.path)
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self.show(request, status=422, form=form)
        try:
            actions.hand_over(
                actor=self.person,
                listing=self.listing,
                address=form.cleaned_data["address"],
                language=form.cleaned_data["language"],
            )
        except ActionRefused as refused:
            return self.again(request, form, refused)
        messages.success(
            request, _("The invitation has been sent. You maintain the entry until the person accepts the invitation.")
        )
        return redirect(request.path)


def revoke_from_form(view: OfOne, request: HttpRequest, kind: str) -> bool:
    """Revoke an invitation that the form names, if it is one to this entry; return whether the form named one."""
    if "revoke" not in request.POST:
        return False
    invitation = invitations.pending(view.listing, kind).filter(pk=number_in(request.POST["revoke"])).first()
    if invitation:
        revoke_invitation(actor=view.person, invitation=invitation)
    return True


class Prove(OfOne):
    """Asking for a link to an address of the organization's own domain. The answer is the same in every case."""

    template_name = "directory/prove.html"

    def context(self) -> dict[str, object]:
        domain = host_of(str(self.listing.details.get("site", "")))
        answer = verification.is_own_domain(domain)
        return {
            **super().context(),
            "domain": domain,
            "refused": "" if answer else getattr(answer, "sentence", ""),
            "verification": lookup.current_verifications([self.listing.pk]).get(self.listing.pk),
        }

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(permissions.may_prove(self.person, self.listing))
        return self.show(request, form=MailboxForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = MailboxForm(request.POST)
        if not form.is_valid():
            return self.show(request, status=422, form=form)
        try:
            actions.ask_for_proof(actor=self.person, organization=self.listing, mailbox=form.cleaned_data["mailbox"])
        except ActionRefused as refused:
            return self.again(request, form, refused)
        messages.success(
            request,
            _("If this address exists, we have sent it a link. The link is valid for three days and can be used once."),
        )
        return redirect(request.path)


class Representatives(OfOne):
    """The representatives of a verified organization: inviting somebody, revoking an invitation, ending it."""

    template_name = "directory/representatives.html"

    def context(self) -> dict[str, object]:
        acting = self.listing.representatives.filter(until=None).select_related("person").order_by("since", "pk")
        return {
            **super().context(),
            "acting": list(acting),
            "invited": invitations.latest(self.listing, invitations.REPRESENTATIVE),
            "may_name": permissions.may_name(self.person, self.listing),
        }

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(permissions.may_prove(self.person, self.listing))
        return self.show(request, form=AddressForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if revoke_from_form(self, request, invitations.REPRESENTATIVE):
            return redirect(request.path)
        if "end" in request.POST:
            found = self.listing.representatives.filter(pk=number_in(request.POST["end"])).first()
            if found:
                actions.end_representation(actor=self.person, representative=found)
                messages.success(
                    request,
                    _(
                        "This person no longer represents the organization. The contributions that this person "
                        "submitted for the organization are still marked as verified."
                    ),
                )
            return redirect(request.path)
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self.show(request, status=422, form=form)
        try:
            actions.name_representative(
                actor=self.person,
                organization=self.listing,
                address=form.cleaned_data["address"],
                language=form.cleaned_data["language"],
            )
        except ActionRefused as refused:
            return self.again(request, form, refused)
        messages.success(
            request,
            _("The invitation has been sent. The person becomes a representative when they accept the invitation."),
        )
        return redirect(request.path)


class StepDown(MemberView):
    """Ending one's own representation, after a confirmation."""

    template_name = "directory/step_down.html"

    def find(self, pk: int) -> Representative:
        found = Representative.objects.filter(pk=pk, person=self.person, until=None).select_related("organization")
        representative = found.first()
        if representative is None:
            raise Http404
        return representative

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self.find(pk)
        return self.page(request, {"title": wording.title(found.organization), "nav_current": "my"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.end_representation(actor=self.person, representative=self.find(pk))
        messages.success(
            request,
            _(
                "You no longer represent this organization. Your existing contributions for the organization "
                "are still marked as verified."
            ),
        )
        return redirect("directory:own_entries")
