"""Views for organizers of the installation: its name and pages, and its people."""

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts import actions, permissions, queries
from plenara.accounts.forms.settings import FindForm, InstallationForm, LookForm, PageForm, PasskeysForm, SuspendForm
from plenara.accounts.models import Person
from plenara.accounts.presenters import sample
from plenara.accounts.queries import ACCEPTED_PAGES, PAGES, installation_row, names_in_page, page_texts
from plenara.accounts.session import next_address
from plenara.accounts.views.member import onward
from plenara.core.colours import read_colour, sample_sheet
from plenara.core.languages import NAMES, direction, html_code
from plenara.core.refusals import ActionRefused, Answer
from plenara.core.text import clean_line
from plenara.core.views import FormPage, StaffView

#: The most people that a search shows; for a more common name, type more letters.
MOST_FOUND = 50
#: The most people that a list shows; others are found by their name.
MOST_LISTED = 200


class SetsUp(StaffView):
    """Base of the views for organizers of the installation."""

    def allowed(self, *args: object, **kwargs: object) -> Answer:
        return permissions.may_set_up(self.person)


class InstallationSetup(FormPage[InstallationForm], SetsUp):
    """The installation's name, contact and controller, and what is missing of its pages."""

    template_name = "accounts/installation.html"

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> InstallationForm:
        return InstallationForm(data, files, it=installation_row())

    def save(self, form: InstallationForm) -> HttpResponse:
        try:
            actions.set_up(
                actor=self.person,
                name=form.by_language("name"),
                contact=form.cleaned_data["contact"],
                controller=form.by_language("controller"),
                announcing_takes_two=form.cleaned_data["announcing_takes_two"],
                requires_second_factor=form.cleaned_data["requires_second_factor"],
            )
        except ActionRefused as refused:
            if refused.field == "name":  # in no language at all: it is shown at the first of the six fields
                refused.field = "name_en"
            raise
        messages.success(self.request, _("The information about this site has been saved."))
        return onward(self.request, self.person, reverse("installation"))

    def context(self) -> dict[str, object]:
        it = installation_row()
        pages = [
            {"page": page, "title": title, "renditions": renditions(page_texts(page, it), it.pages.get(page, {}))}
            for page, title in PAGES.items()
        ]
        return {"it": it, "pages": pages, "next": next_address(self.request), "nav_current": "desk"}


class Look(FormPage[LookForm], SetsUp):
    """The installation's colours and mark, with a preview."""

    template_name = "accounts/look.html"

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> LookForm:
        return LookForm(data, files, it=installation_row())

    def save(self, form: LookForm) -> HttpResponse:
        given = form.cleaned_data
        if "save" not in self.request.POST:
            return self.page(self.request, {"form": form, "sample": sample(form), **self.context()})
        actions.set_look(
            actor=self.person,
            accent=given["accent"],
            header=given["header"],
            mark=form.chosen.data if form.chosen else None,
            drop_mark=given.get("drop_mark", False),
            mark_is_name=given["mark_is_name"],
        )
        messages.success(self.request, _("The colours and the logo have been saved."))
        return HttpResponseRedirect(reverse("look"))

    def context(self) -> dict[str, object]:
        return {"nav_current": "desk"}


class SampleColours(SetsUp):
    """The stylesheet of the preview."""

    def get(self, request: HttpRequest, pair: str) -> HttpResponse:
        try:
            accent, header = map(read_colour, pair.split("-"))
        except ValueError as error:
            raise Http404 from error
        return HttpResponse(sample_sheet(accent, header), content_type="text/css; charset=utf-8")


def renditions(texts: dict[str, str], own: dict[str, str]) -> list[dict[str, object]]:
    """Return the state of a page in each of the six languages, for the list of languages."""
    found = []
    for code, name in NAMES.items():
        state, word = ("none", pgettext("label", "missing"))
        if code in own:
            state, word = "open", _("your text")
        elif code in texts:
            state, word = "", _("default text")
        found.append(
            {
                "code": code,
                "name": name,
                "html_lang": html_code(code),
                "dir": direction(code),
                "url": "",
                "current": False,
                "state": state,
                "word": word,
            }
        )
    return found


class InstallationPage(FormPage[PageForm], SetsUp):
    """One of the installation's own pages, in six languages."""

    template_name = "accounts/installation_page.html"

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> PageForm:
        if self.kwargs["page"] not in PAGES:
            raise Http404
        return PageForm(data, texts=page_texts(self.kwargs["page"]))

    def save(self, form: PageForm) -> HttpResponse:
        actions.set_page(actor=self.person, page=self.kwargs["page"], texts=form.cleaned_data)
        messages.success(self.request, _("The page has been saved and published."))
        return HttpResponseRedirect(reverse("installation"))

    def context(self) -> dict[str, object]:
        page = self.kwargs["page"]
        return {
            "page": page,
            "title": PAGES[page],
            "accepted": page in ACCEPTED_PAGES,
            "names": names_in_page(page),
            "nav_current": "desk",
        }


class People(SetsUp):
    """Finds people. The search is a POST, so that an e-mail address is not in the URL."""

    template_name = "accounts/people.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        people = queries.people_with_roles()
        lacking = queries.people_with_roles(lacking=True)
        is_filtered = request.GET.get("lacking") == "1"
        shown = list((lacking if is_filtered else people)[: MOST_LISTED + 1])
        context = {
            "form": FindForm(),
            "with_roles": shown[:MOST_LISTED],
            "more_with_roles": len(shown) > MOST_LISTED,
            "role_count": people.count(),
            "lacking_count": lacking.count(),
            "is_filtered": is_filtered,
            "suspended": Person.objects.filter(suspended_at__isnull=False).order_by("name", "pk")[:MOST_LISTED],
            "nav_current": "desk",
        }
        return self.page(request, context)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FindForm(request.POST)
        found = list(find(form.cleaned_data["who"])[: MOST_FOUND + 1]) if form.is_valid() else None
        context = {
            "form": form,
            "found": (found or [])[:MOST_FOUND],
            "was_sought": found is not None,
            "more": bool(found and len(found) > MOST_FOUND),
            "nav_current": "desk",
        }
        return self.page(request, context, status=200 if found is not None else 422)


def find(text: str) -> QuerySet[Person]:
    """Return the persons with this address, or this in their name. Unverified persons are left out."""
    text = clean_line(text)
    owners = EmailAddress.objects.filter(email=text.lower(), verified=True).values("user_id")
    there = Person.objects.filter(Q(emailaddress__verified=True) | Q(is_organizer=True)).distinct()
    return there.filter(Q(pk__in=owners) | Q(name__icontains=text)).order_by("name", "pk")


class OnePerson(SetsUp):
    """A person as an organizer sees them: their byline, and whether they may act."""

    template_name = "accounts/person.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, get_object_or_404(Person, pk=pk), SuspendForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(Person, pk=pk)
        is_about_passkeys = request.POST.get("do") in {"request_passkeys", "remove_passkeys"}
        form = PasskeysForm(request.POST) if is_about_passkeys else SuspendForm(request.POST)
        try:
            done = self.do(request.POST.get("do", ""), person, form)
        except ActionRefused as refused:
            form.put(refused)
        else:
            if done:
                messages.success(request, done)
                return HttpResponseRedirect(reverse("person", args=[pk]))
        return self.show(request, person, form, status=422)

    def do(self, what: str, person: Person, form: SuspendForm | PasskeysForm) -> str:
        """Do one of the six actions of an organizer, and return its message."""
        if what == "unsuspend":
            actions.unsuspend(actor=self.person, person=person)
            return _("The suspension has ended. We have sent the person an e-mail.")
        if what in {"grant", "revoke"}:
            actions.set_organizer(actor=self.person, person=person, is_organizer=what == "grant")
            return (
                _("This person is now an organizer.")
                if what == "grant"
                else _("This person is no longer an organizer.")
            )
        if isinstance(form, PasskeysForm):
            # An organizer who confirms another one's request does not say again how they made sure.
            proof = form.cleaned_data["proof"] if form.is_valid() else ""
            if not proof and not (what == "remove_passkeys" and actions.passkeys_removal_takes_two(person)):
                return ""
            if what == "request_passkeys":
                actions.request_passkeys_removal(actor=self.person, person=person, proof=proof)
                return _("The request has been recorded. The other organizers of this site will get an e-mail.")
            actions.remove_passkeys(actor=self.person, person=person, proof=proof)
            return _("The passkeys, the app and the recovery codes have been removed. The person will get an e-mail.")
        if form.is_valid():
            actions.suspend(actor=self.person, person=person, reason=form.cleaned_data["reason"])
            return _("The person has been suspended. We have sent them the reason.")
        return ""

    def show(
        self, request: HttpRequest, person: Person, form: SuspendForm | PasskeysForm, status: int = 200
    ) -> HttpResponse:
        is_about_passkeys = isinstance(form, PasskeysForm)
        context = {
            "form": form,
            "suspend_form": SuspendForm() if is_about_passkeys else form,
            "passkeys_form": form if is_about_passkeys else PasskeysForm(),
            **self.passkeys(person),
            # In the frame of every page `person` is the person signed in.
            "shown": person,
            "may_suspend": permissions.may_suspend(self.person, person),
            "nav_current": "desk",
        }
        return self.page(request, context, status=status)

    def passkeys(self, person: Person) -> dict[str, object]:
        """Return whether there are passkeys to remove; if that takes two, also who has asked and who can confirm."""
        if not is_mfa_enabled(person) or not actions.passkeys_removal_takes_two(person):
            return {"has_passkeys": is_mfa_enabled(person)}
        request = queries.passkeys_request_for(person)
        return {
            "has_passkeys": True,
            "takes_two": True,
            "request_by": request,
            "is_own_request": request is not None and request.by.pk == self.person.pk,
            "is_alone": not queries.other_organizers(self.person, person).exists(),
        }
