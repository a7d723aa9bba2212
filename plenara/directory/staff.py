"""Doors for moderators of the community: merging, verifying, giving an entry to somebody who keeps it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.common.doors import StaffView
from plenara.common.refusals import NotAllowed, Refused
from plenara.common.text import number_in
from plenara.directory import actions, finding_twins, invitations, reading, rules, telling, verified
from plenara.directory.forms import AddressForm, Mended, MergeForm, VouchForm
from plenara.directory.models import EntryState, Kind, Listing

#: Entries without an owner that the page names.
MOST_NAMED = 20


class Desk(StaffView):
    """Finding an entry by its number, merging two, and which entries nobody keeps.

    Knows `of`, `source` and `target`, with which the form begins; and `of` with `number`, which is opened.
    """

    template_name = "directory/desk.html"

    def allowed(self, *args: Any, **kwargs: Any) -> Any:
        return rules.may_look_after(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        kind, number = request.GET.get("of", ""), number_in(request.GET.get("number", ""))
        if _published(kind, number):
            return redirect("directory:desk_one", kind=kind, number=number)
        if "number" in request.GET:
            return self.show(request, MergeForm(), unknown=True)
        begins = {name: request.GET.get(name, "") for name in ("of", "source", "target")}
        return self.show(request, MergeForm(initial=begins))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = MergeForm(request.POST)
        form.is_valid()
        kind = request.POST.get("of", "")
        two = {name: _published(kind, number_in(request.POST.get(name, ""))) for name in ("source", "target")}
        for name, listing in two.items():
            if listing is None and not form.errors:
                form.add_error(name, _("No entry with this number is published."))
        source, target = two["source"], two["target"]
        if form.errors or source is None or target is None:
            return self.show(request, form, status=422)
        if "sure" not in request.POST:
            return self.page(request, self.context() | {"form": form, "two": (told(source), told(target))})
        try:
            actions.merge(actor=self.person, source=source, target=target)
        except Refused as refused:
            form.put(refused)
            return self.show(request, form, status=403 if isinstance(refused, NotAllowed) else 422)
        messages.success(request, _("The two are one now. The old address leads to it."))
        return redirect("directory:desk_one", kind=kind, number=target.number)

    def show(self, request: HttpRequest, form: MergeForm, status: int = 200, *, unknown: bool = False) -> HttpResponse:
        return self.page(request, self.context() | {"form": form, "unknown": unknown}, status=status)

    def context(self) -> dict[str, Any]:
        nobodys = Listing.objects.filter(owner=None, state=EntryState.PUBLISHED, merged_into=None)
        found = nobodys.exclude(of=Kind.PERSON).order_by("-pk")[: MOST_NAMED + 1]
        return {
            "nobodys": [told(each) for each in found[:MOST_NAMED]],
            "kinds": Kind.choices,
            "more": len(found) > MOST_NAMED,
            "nav_current": "desk",
        }


def told(listing: Listing) -> Listing:
    """Return a listing with its title and address."""
    listing.title = telling.title(listing)  # type: ignore[attr-defined]
    listing.path = reading.path_of(listing.of, listing.number or 0)  # type: ignore[attr-defined]
    return listing


def _published(kind: str, number: int) -> Listing | None:
    if not number or kind not in Kind.values:
        return None
    return Listing.objects.filter(of=kind, number=number, state=EntryState.PUBLISHED).first()


class DeskOne(StaffView):
    """One entry: its verification, its representatives, what may be the same, who keeps it."""

    template_name = "directory/desk_one.html"

    def allowed(self, *args: Any, **kwargs: Any) -> Any:
        return rules.may_look_after(self.person)

    def find(self, kind: str, number: int) -> Listing:
        listing = _published(kind, number)
        if listing is None:
            raise Http404
        return told(listing)

    def get(self, request: HttpRequest, kind: str, number: int) -> HttpResponse:
        return self.show(request, self.find(kind, number))

    def post(self, request: HttpRequest, kind: str, number: int) -> HttpResponse:
        listing = self.find(kind, number)
        what = request.POST.get("what", "")
        form: Mended = AddressForm(request.POST) if what == "owner" else VouchForm(request.POST)
        if not form.is_valid():
            return self.show(request, listing, what=what, form=form, status=422)
        try:
            if what == "verify":
                actions.verify(actor=self.person, organization=listing, note=form.cleaned_data["note"])
                messages.success(request, _("The organization is verified."))
            elif what == "end":
                actions.end_verification(actor=self.person, organization=listing)
                messages.success(request, _("The organization is not verified any more."))
            elif what == "owner":
                actions.hand_over(
                    actor=self.person,
                    listing=listing,
                    address=form.cleaned_data["address"],
                    language=form.cleaned_data["language"],
                )
                messages.success(request, _("The invitation is on its way."))
        except Refused as refused:
            form.put(refused)
            status = getattr(refused, "status", 403 if isinstance(refused, NotAllowed) else 422)
            return self.show(request, listing, what=what, form=form, status=status)
        return redirect(request.path)

    def show(
        self, request: HttpRequest, listing: Listing, *, what: str = "", form: Mended | None = None, status: int = 200
    ) -> HttpResponse:
        twins = finding_twins.likely(listing.of, listing.details, besides=listing.pk)
        context = {
            "listing": listing,
            "standing": verified.standing([listing.pk]).get(listing.pk),
            "acting": list(listing.representatives.filter(until=None).select_related("person").order_by("pk")),
            "twins": [told(each.listing) for each in twins],
            "may_vouch": rules.may_vouch(self.person, listing),
            "may_hand_over": rules.may_hand_over(self.person, listing),
            "waiting": invitations.pending(listing, invitations.OWNER).count(),
            "vouch": form if what in {"verify", "end"} else VouchForm(),
            "owner_form": form if what == "owner" else AddressForm(),
            "form": form,
            "nav_current": "desk",
        }
        return self.page(request, context, status=status)
