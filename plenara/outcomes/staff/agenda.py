"""The items of an agenda at the desk, and what each discusses: found, added, taken away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.consultations.staff.editing import number_of
from plenara.core.refusals import Answer, Invalid, Refused
from plenara.outcomes import actions, matters
from plenara.outcomes.dossiers_shown import items_of
from plenara.outcomes.forms.meetings import ItemForm
from plenara.outcomes.meeting_checks import MOST_MATTERS
from plenara.outcomes.models import AgendaItem, ItemMatter
from plenara.outcomes.staff.editing import Editing
from plenara.outcomes.staff.meetings import KeptMeeting

#: Boxes that one press sends.
MOST_CHOSEN = 50


class NewItem(KeptMeeting):
    """Adding an item."""

    template_name = "outcomes/desk/item_form.html"

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        return self.show(request, ItemForm(self.kept(request)))

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        form, made = ItemForm(request.POST), list[AgendaItem]()

        def add() -> None:
            made.append(actions.add_item(actor=self.person, dossier=self.dossier, **form.said()))

        if self.attempt(request, form, add):
            self.say(request, _("The item is added. Choose what it discusses."))
            return redirect(self.address("item", made[0].pk))
        return self.show(request, form)

    def show(self, request: HttpRequest, form: ItemForm) -> HttpResponse:
        return self.page(request, self.context(form=form), status=self.status)


class ItemView(KeptMeeting):
    """A view to one item. Not one itself."""

    item: AgendaItem | None

    def allowed(self, slug: str = "", *, item: int = 0, **more: Any) -> Answer:
        self.item_pk = item
        return super().allowed(slug, **more)

    def find(self) -> Answer:
        answer = super().find()
        self.item = self.dossier.items.filter(pk=self.item_pk).first()
        if self.item is None and self.request.method != "POST":
            raise Http404
        return answer

    def present(self) -> AgendaItem:
        """Return the item; refused where somebody has taken it away meanwhile."""
        if self.item is None:
            raise Invalid(_("Somebody has taken this item from the agenda meanwhile."), "gone")
        self.item.dossier = self.dossier
        return self.item


class EditItem(Editing, ItemView):
    """An item: its title and note, what it discusses, and a search for more."""

    template_name = "outcomes/desk/item_form.html"

    def form(self, data: Any = None) -> ItemForm:
        return ItemForm(data, item=self.present())

    def about(self) -> tuple[str, int]:
        return "dossier", self.dossier.pk

    def again(self) -> None:
        self.find()

    def save(self, form: ItemForm, stamp: int) -> str:
        actions.edit_item(actor=self.person, item=self.present(), stamp=stamp, **form.said())
        self.say(self.request, _("Saved."))
        return self.address("meeting")

    def show(self, request: HttpRequest, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        item = self.present()
        query = request.GET.get("q", "").replace("\x00", "")[:200]
        shown = next((each for each in items_of(self.dossier, MOST_MATTERS) if each.kept.pk == item.pk), None)
        there = {_value(each.kept) for each in shown.matters} if shown else set()
        found = matters.candidates(self.body, query)
        return super().show(
            request, form, status,
            item=item, shown=shown, query=query, found=[each for each in found if each.value not in there],
            matters_url=self.address("matters", item.pk), **more,
        )  # fmt: skip


class Matters(ItemView):
    """Adding to what an item discusses, and taking away."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        try:
            item = self.present()
            if taken := number_of(request, "take"):
                if matter := ItemMatter.objects.select_related("item").filter(pk=taken, item=item).first():
                    matter.item.dossier = self.dossier
                    actions.take_matter(actor=self.person, matter=matter)
                self.say(request, _("It is taken from the item."))
            else:
                self.add(request, item)
        except Refused as refused:
            messages.warning(request, str(refused))
            if self.item is None:
                return redirect(self.address("meeting"))
        return redirect(f"{self.address('item', self.item_pk)}#matters")

    def add(self, request: HttpRequest, item: AgendaItem) -> None:
        """Add what was chosen."""
        added = 0
        for each in matters.chosen(self.body, request.POST.getlist("chosen")[:MOST_CHOSEN]):
            actions.add_matter(actor=self.person, item=item, **each)  # type: ignore[arg-type]
            added += 1
        if not added:
            raise Invalid(_("Choose at least one thing from the list."), "empty")
        said = ngettext("%(count)d is added to the item.", "%(count)d are added to the item.", added)
        self.say(request, said % {"count": added})

    def sign_in_first(self, request: HttpRequest) -> Any:
        from django.contrib.auth.views import redirect_to_login
        from django.urls import reverse

        here = self.kwargs
        return redirect_to_login(reverse("outcomes:item", args=[here["body"], here["number"], here["item"]]))


def _value(matter: ItemMatter) -> str:
    """Return what the box of something sends that is there already."""
    if matter.outcome_id:
        return f"outcome:{matter.outcome_id}" + (f":{matter.mark}" if matter.mark else "")
    if matter.summary_id:
        return f"summary:{matter.summary_id}"
    return f"contribution:{matter.contribution_id}"
