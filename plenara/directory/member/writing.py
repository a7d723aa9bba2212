"""Proposing an entry, changing it, sending it again: a form, a last look with what may be the same, sending it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.accounts.installation import installation
from plenara.accounts.rules import has_accepted
from plenara.core.languages import current
from plenara.core.refusals import NotAllowed, Refused
from plenara.core.views import MemberView
from plenara.directory import actions, checks, duplicates, reading, rules, telling
from plenara.directory.forms import ListingForm, Seal, show_wrong
from plenara.directory.models import EntryState, Kind, Listing
from plenara.directory.tidying import tidy

#: Where what a signed-out person sent is kept until they are back, and how many characters of it.
KEPT, MOST_KEPT = "kept_listing", 60_000


class Writing(MemberView):
    """What a new entry and a change share: nothing typed is lost, and a form counts once."""

    template_name = "directory/write.html"
    kind = ""
    listing: Listing | None = None

    def find(self, **kwargs: Any) -> None:
        """Find the entry that is changed."""

    def may(self) -> Any:
        """Return the rule's answer."""
        raise NotImplementedError

    def told(self) -> dict[str, Any]:
        """Return the details that the form begins with."""
        return {}

    def send(self, details: dict[str, Any], language: str, key: str) -> Listing:
        raise NotImplementedError

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.find(**kwargs)
        here = {"next": request.get_full_path() if request.method == "GET" else request.path}
        if not self.person.has_byline:
            return redirect(f"{reverse('byline')}?{urlencode(here)}")
        # Asked when a form is opened, never when it is sent: nothing typed is lost on the way.
        if request.method == "GET" and not has_accepted(self.person, installation().rules_version):
            return redirect(f"{reverse('accept_rules')}?{urlencode(here)}")
        return super().enter(request, *args, **kwargs)

    @property
    def about(self) -> str:
        """What the form's seal names."""
        return f"{self.kind}-{self.listing.pk if self.listing else 'new'}"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        kept = self.kept(request)
        if kept is not None:
            return self.show(request, self.form(self.sealed(kept)))
        return self.show(request, self.form(initial={"seal": Seal.fresh(self.person, self.about).sealed()}))

    def form(self, data: Any = None, **kwargs: Any) -> ListingForm:
        return ListingForm(data, kind=self.kind, told=self.told(), **kwargs)

    def sealed(self, data: QueryDict) -> QueryDict:
        """Return what was sent under a seal that holds: a forged one, another's or an old one is replaced."""
        if Seal.read(data.get("seal", ""), self.person, self.about) is None:
            data = data.copy()
            data["seal"] = Seal.fresh(self.person, self.about).sealed()
        return data

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        data = self.sealed(request.POST)
        form = self.form(data)
        if "change" in data:
            return self.show(request, form)
        told, wrong = form.details()
        form.is_valid()
        details = tidy(self.kind, told)
        show_wrong(form, wrong, checks.problems(self.kind, details))
        if form.errors:
            return self.show(request, form, status=422)
        if "send" not in data or data["seal"] != request.POST.get("seal"):
            return self.last_look(request, form, details)
        seal = Seal.read(data["seal"], self.person, self.about)
        assert seal
        try:
            made = self.send(details, _first_language(details), seal.key)
        except Refused as refused:
            form.put(refused)
            return self.show(request, form, status=403 if isinstance(refused, NotAllowed) else 422)
        messages.success(
            request, _("We have received it. A moderator reads it, and you get one mail with the decision.")
        )
        return redirect(f"/{current()}/my/listings/{made.pk}/")

    def last_look(self, request: HttpRequest, form: ListingForm, details: dict[str, Any]) -> HttpResponse:
        """Show what will be sent, and which entries may be of the same thing."""
        similar = duplicates.likely(self.kind, details, besides=self.listing.pk if self.listing else None)
        for each in similar:
            each.listing.title = reading.name_of(each.listing)  # type: ignore[attr-defined]
            each.listing.path = reading.path_of(self.kind, each.listing.number or 0)  # type: ignore[attr-defined]
        data: Any = form.data
        hidden = [(name, value) for name in data if name not in {"csrfmiddlewaretoken", "change", "send"}
                  for value in data.getlist(name)]  # fmt: skip
        return self.page(
            request,
            {
                **self.context(),
                "is_last_look": True,
                "hidden": hidden,
                "duplicates": similar,
                "titles": telling.titles(self.kind, details),
                "lines": telling.lines(self.kind, details),
                "texts": telling.texts(self.kind, details),
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

    def context(self) -> dict[str, Any]:
        return {"kind": self.kind, "listing": self.listing, "nav_current": "my"}

    # --- nothing typed is lost when somebody was signed out meanwhile ---

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST":
            owner = Seal.owner(request.POST.get("seal", ""))
            body = request.POST.copy()
            for name in ("csrfmiddlewaretoken", "send", "change"):
                body.pop(name, None)
            if owner and len(body.urlencode()) <= MOST_KEPT * 6:
                request.session[KEPT] = {"path": request.path, "owner": owner, "typed": body.urlencode()}
            return redirect_to_login(request.path)
        return super().sign_in_first(request)

    def kept(self, request: HttpRequest) -> QueryDict | None:
        """Return what the person sent to this page while signed out, once."""
        kept = request.session.get(KEPT)
        if not kept or kept.get("path") != request.path or kept.get("owner") != self.person.pk:
            return None
        del request.session[KEPT]
        return QueryDict(kept["typed"])


def _first_language(details: dict[str, Any]) -> str:
    """Return the language that an entry is written in first: the reader's, where something stands in it."""
    told = [value for value in details.values() if isinstance(value, dict)]
    found = dict.fromkeys(code for each in told for code in each)
    return current() if current() in found or not found else next(iter(found))


class Propose(Writing):
    """A new entry. `kind` is named by its address."""

    is_for_newcomers = True

    def may(self) -> Any:
        return rules.may_propose(self.person)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.kind == Kind.PERSON:
            own = Listing.objects.filter(owner=self.person, of=Kind.PERSON).exclude(
                state__in=[EntryState.WITHDRAWN, EntryState.REMOVED, EntryState.REJECTED]
            )
            if mine := own.first():
                return redirect(f"/{current()}/my/listings/{mine.pk}/")
        return super().get(request, **kwargs)

    def told(self) -> dict[str, Any]:
        if self.kind == Kind.PERSON:
            return {"name": self.person.name}
        return {}

    def send(self, details: dict[str, Any], language: str, key: str) -> Listing:
        return actions.propose(actor=self.person, kind=self.kind, details=details, language=language, key=key)


def mine_or_404(person: Any, pk: int) -> Listing:
    """Return one's own entry; to anybody else it is not there."""
    listing = Listing.objects.filter(pk=pk).first()
    if listing is None or not rules.is_owner(person, listing):
        raise Http404
    return listing


class Change(Writing):
    """A change of what is published or waits, or what was returned once more."""

    def find(self, **kwargs: Any) -> None:
        self.listing = mine_or_404(self.person, kwargs["pk"])
        self.kind = self.listing.of

    @property
    def is_returned(self) -> bool:
        assert self.listing
        return self.listing.state == EntryState.RETURNED

    def may(self) -> Any:
        assert self.listing
        rule = rules.may_send_again if self.is_returned else rules.may_revise
        return rule(self.person, self.listing)

    def told(self) -> dict[str, Any]:
        assert self.listing
        last = self.listing.versions.order_by("number").last()
        return last.details if last and last.details else self.listing.details

    def send(self, details: dict[str, Any], language: str, key: str) -> Listing:
        assert self.listing
        act = actions.send_again if self.is_returned else actions.revise
        act(actor=self.person, listing=self.listing, details=details, language=language, key=key)
        return self.listing
