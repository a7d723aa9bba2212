"""Views for moderators of the community: merging, verifying, giving an entry a new owner."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.models import BackgroundTask
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, InvalidInput
from plenara.core.text import clean_line, number_in
from plenara.core.views import StaffView
from plenara.directory import actions, permissions
from plenara.directory.actions import decisions, invitations
from plenara.directory.forms import AddressForm, DirectoryForm, MergeForm, VouchForm
from plenara.directory.models import Kind, Listing
from plenara.directory.presenters import wording
from plenara.directory.queries import desk, duplicates, lookup
from plenara.directory.queries.desk import MOST_ASKED, PAGE
from plenara.directory.queries.verification import known_of
from plenara.directory.validation import host_of

#: Decisions of the last half minute that a page offers to undo: the newest.
MOST_JUST_DECIDED = 5


class Desk(StaffView):
    """Finding an entry by its name, possible duplicates, unverified entries, entries without an owner; merging two.

    Knows `q` and `kind`, the search, and `of`, `source` and `target`, the form's initial values.
    """

    template_name = "directory/desk.html"

    def allowed(self, *args: object, **kwargs: object) -> Answer:
        return permissions.may_look_after(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        begins = {name: request.GET.get(name, "") for name in ("of", "source", "target")}
        return self.show(request, MergeForm(initial=begins))

    def post(self, request: HttpRequest) -> HttpResponse:
        if "distinguish" in request.POST:
            return self.distinguish(request)
        form = MergeForm(request.POST)
        form.is_valid()
        kind = request.POST.get("of", "")
        two = {name: _published(kind, number_in(request.POST.get(name, ""))) for name in ("source", "target")}
        for name, listing in two.items():
            if listing is None and not form.errors:
                form.add_error(name, _("No published entry has this number. Check the number."))
        source, target = two["source"], two["target"]
        if form.errors or source is None or target is None:
            return self.show(request, form, status=422)
        if "sure" not in request.POST:
            context = self.context() | {"form": form, "two": (with_title(source), with_title(target))}
            return self.page(request, context)
        try:
            actions.decide_to_merge(actor=self.person, source=source, target=target)
        except ActionRefused as refused:
            form.put(refused)
            return self.show(request, form, status=refused.status)
        return redirect("directory:desk_one", kind=kind, number=target.number)

    def distinguish(self, request: HttpRequest) -> HttpResponse:
        """Record that two similar entries are different."""
        kind, _dash, numbers = request.POST.get("distinguish", "").partition("-")
        two = [each for number in numbers.split("-")[:2] if (each := _published(kind, number_in(number)))]
        if len(two) < 2:
            messages.warning(request, _("No published entry has this number. Check the number."))
            return redirect("directory:desk")
        try:
            actions.decide_to_distinguish(actor=self.person, first=two[0], second=two[1])
        except (AlreadyDone, InvalidInput) as refused:
            messages.warning(request, str(refused))
        return redirect("directory:desk")

    def show(self, request: HttpRequest, form: MergeForm, status: int = 200) -> HttpResponse:
        return self.page(request, self.context() | {"form": form} | self.lists(request), status=status)

    def lists(self, request: HttpRequest) -> dict[str, object]:
        """Return the search results, and the lists of the desk."""
        asked, kind = clean_line(request.GET.get("q", ""))[:MOST_ASKED], request.GET.get("kind", "")
        found = desk.found_by_name(asked, kind)
        pairs = desk.doubles()
        unverified = desk.unverified(number_in(request.GET.get("unverified", "")))
        nobodys = desk.ownerless(number_in(request.GET.get("nobodys", "")))
        return {
            "asked": asked,
            "asked_kind": kind,
            "found": [with_title(each) for each in found[:PAGE]],
            "is_more": len(found) > PAGE,
            "verified": desk.verified_among(found),
            "pairs": [(with_title(each.first), with_title(each.second), each.percent) for each in pairs[:PAGE]],
            "more_pairs": len(pairs) > PAGE,
            "unverified": [(with_title(each), site_of(each)) for each in unverified.rows],
            "unverified_after": unverified.after,
            "nobodys": [with_title(each) for each in nobodys.rows],
            "nobodys_after": nobodys.after,
        }

    def context(self) -> dict[str, object]:
        return {"kinds": Kind.choices, "just_decided": just_decided(self.person), "nav_current": "desk"}


class Undo(StaffView):
    """Undoing one's own last decision."""

    http_method_names = ["post"]

    def allowed(self, *args: object, **kwargs: object) -> Answer:
        return permissions.may_look_after(self.person)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        task = BackgroundTask.objects.filter(
            pk=pk, task=decisions.carry_out.label, arguments__actor_id=self.person.pk
        ).first()
        if task is None:
            messages.warning(request, _("This decision has already been undone."))
            return redirect("directory:desk")
        try:
            actions.undo_decision(actor=self.person, task=task)
            messages.success(request, _("The decision was undone. The entry does not change."))
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        listing = Listing.objects.filter(pk=task.arguments["listing_id"]).first()
        if listing is None or listing.number is None:
            return redirect("directory:desk")
        return redirect("directory:desk_one", kind=listing.of, number=listing.number)


@dataclass(frozen=True)
class JustDecided:
    """A decision that takes effect in some seconds, and can be undone until then."""

    pk: int
    sentence: str
    seconds: int


def just_decided(person: Person) -> list[JustDecided]:
    """Return the decisions that a person can still undo, the newest first. Two queries at most."""
    now = clock.now()
    found = decisions.carry_out.pending().filter(due_at__gt=now)
    rows = list(found.filter(arguments__actor_id=person.pk).order_by("-pk")[:MOST_JUST_DECIDED])
    ids = {each.arguments[name] for each in rows for name in ("listing_id", "other")}
    listings = Listing.objects.in_bulk(ids) if rows else {}
    undoable = []
    for each in rows:
        listing, other = listings.get(each.arguments["listing_id"]), listings.get(each.arguments["other"])
        if listing is not None:
            values = {
                "title": wording.title(listing),
                "other": wording.title(other) if other and each.arguments["what"] in _OF_TWO else "",
            }
            sentence = str(_DECIDED[each.arguments["what"]]) % values
            undoable.append(JustDecided(each.pk, sentence, int((each.due_at - now).total_seconds())))
    return undoable


_DECIDED = {
    decisions.VERIFY: gettext_lazy("The organization %(title)s will be verified."),
    decisions.END: gettext_lazy("The verification of %(title)s will end."),
    decisions.MERGE: gettext_lazy("The entry %(title)s will be merged into %(other)s."),
    decisions.DISTINGUISH: gettext_lazy("%(title)s and %(other)s will be marked as different entries."),
}
_OF_TWO = frozenset({decisions.MERGE, decisions.DISTINGUISH})


def site_of(listing: Listing) -> str:
    """Return the domain of an entry's site, by which it can be verified."""
    return host_of(str(listing.details.get("site", "")))


def with_title(listing: Listing) -> Listing:
    """Return a listing with its title, the title's language, and its address."""
    listing.title = wording.title(listing)  # type: ignore[attr-defined]
    listing.title_language = lookup.name_of(listing).language  # type: ignore[attr-defined]
    listing.path = lookup.path_of(listing.of, listing.number or 0)  # type: ignore[attr-defined]
    return listing


def _published(kind: str, number: int) -> Listing | None:
    if not number or kind not in Kind.values:
        return None
    return Listing.objects.filter(of=kind, number=number, state=State.PUBLISHED).first()


class DeskOne(StaffView):
    """One entry: its verification, its representatives, possible duplicates, its owner."""

    template_name = "directory/desk_one.html"

    def allowed(self, *args: object, **kwargs: object) -> Answer:
        return permissions.may_look_after(self.person)

    def find(self, kind: str, number: int) -> Listing:
        listing = _published(kind, number)
        if listing is None:
            raise Http404
        return with_title(listing)

    def get(self, request: HttpRequest, kind: str, number: int) -> HttpResponse:
        return self.show(request, self.find(kind, number))

    def post(self, request: HttpRequest, kind: str, number: int) -> HttpResponse:
        listing = self.find(kind, number)
        what = request.POST.get("what", "")
        form: DirectoryForm = AddressForm(request.POST) if what == "owner" else VouchForm(request.POST)
        if not form.is_valid():
            return self.show(request, listing, what=what, form=form, status=422)
        try:
            if what == "verify":
                actions.decide_to_verify(actor=self.person, organization=listing, note=form.cleaned_data["note"])
            elif what == "end":
                actions.decide_to_end(actor=self.person, organization=listing)
            elif what == "owner":
                actions.hand_over(
                    actor=self.person,
                    listing=listing,
                    address=form.cleaned_data["address"],
                    language=form.cleaned_data["language"],
                )
                messages.success(request, _("The invitation has been sent."))
        except ActionRefused as refused:
            form.put(refused)
            return self.show(request, listing, what=what, form=form, status=refused.status)
        return redirect(request.path)

    def show(
        self,
        request: HttpRequest,
        listing: Listing,
        *,
        what: str = "",
        form: DirectoryForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        apart = {pk for pair in decisions.distinguished() if listing.pk in pair for pk in pair}
        similar = duplicates.likely(listing.of, listing.details, besides=listing.pk)
        may_hand_over = permissions.may_hand_over(self.person, listing)
        invited = invitations.latest(listing, invitations.OWNER)
        context = {
            "listing": listing,
            "known": known_of(listing) if listing.of == Kind.ORGANIZATION else None,
            "decided": decisions.pending(listing),
            "just_decided": just_decided(self.person),
            "verification": lookup.current_verifications([listing.pk]).get(listing.pk),
            "acting": list(listing.representatives.filter(until=None).select_related("person").order_by("pk")),
            "duplicates": [with_title(each.listing) for each in similar if each.listing.pk not in apart],
            "may_vouch": permissions.may_vouch(self.person, listing),
            "may_hand_over": may_hand_over,
            "invited": invited if may_hand_over else [],
            "waiting": any(each.invitation.is_pending for each in invited),
            "vouch": form if what in {"verify", "end"} else VouchForm(),
            "owner_form": form if what == "owner" else AddressForm(),
            "form": form,
            "now": clock.now(),
            "nav_current": "desk",
        }
        return self.page(request, context, status=status)
