"""Who has an item open, and what rests: the views of claims and holds, and what a page of an item says of both."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core import clock
from plenara.core.refusals import AlreadyDone, Invalid, NotAllowed
from plenara.core.templatetags.plenara import date_in_words
from plenara.moderation import actions, checks, queue, rules
from plenara.moderation.models import Item
from plenara.moderation.publishable import KINDS
from plenara.moderation.queue_forms import HoldForm
from plenara.moderation.staff.looking import WithinQueue


def lease(request: HttpRequest, person: Any, item: Item | None) -> dict[str, Any]:
    """Claim the item that a page shows, where it is free, and return what `moderation/claim.html` says of it.

    Opening a page is enough, and so is sending its form: the claim is a lease that changes nothing of what waits. A
    page that is only read (`?read=1`) or that a browser fetches ahead claims nothing.
    """
    if item is None:
        return {}
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "") or request.method == "HEAD"
    if not ahead and not only_reads(request):
        try:
            actions.claim(actor=person, item=item)
        except NotAllowed:
            return {}  # one's own: another decides
    found = Item.objects.select_related("claimed_by", "held_by", "consultation").filter(pk=item.pk).first()
    if found is None:
        return {}
    return {"claim": found, "is_taken": not rules.is_free(person, found), "only_reads": only_reads(request)}


def only_reads(request: HttpRequest) -> bool:
    """Say whether a page is opened to be read, without a claim and without a form to decide."""
    return request.method in {"GET", "HEAD"} and "read" in request.GET


class _OfItem(WithinQueue):
    """A view of one item of the queue. It may be gone: then the queue says so."""

    item: Item | None

    def allowed(self, pk: int) -> Any:
        found = Item.objects.select_related("claimed_by", "held_by", "consultation", "appeal__decision")
        self.item = found.filter(pk=pk).first()
        if self.item is None:
            return rules.may_open_queue(self.person)
        self.thing = KINDS[self.item.kind].find(self.item.object_id)
        if self.thing is None or self.item.consultation_id not in rules.moderated_by(self.person):
            raise Http404
        return rules.may_claim(self.person, self.thing, self.item)

    def gone(self, request: HttpRequest) -> HttpResponse:
        """Say that the item waits no more."""
        messages.warning(request, _("It waits no more: it was decided on or withdrawn meanwhile."))
        return self.to_queue()

    def page_of(self, item: Item) -> str:
        """Return where the item is decided on."""
        found = (row.url for row in queue.filled([item], self.person))
        return next(found, reverse("moderation:queue")) + self.within


class Claim(_OfItem):
    """Taking over what another has open, or giving back what one has open oneself; a script renews it quietly."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if "renew" in request.POST or "left" in request.POST:
            return self.by_script(request)
        if self.item is None:
            return self.gone(request)
        if "release" in request.POST:
            actions.release(actor=self.person, item=self.item)
            messages.success(request, _("You have given it back. Others can open it now."))
            return self.to_queue()
        try:
            actions.take_over(actor=self.person, item=self.item)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        return redirect(self.page_of(self.item))

    def by_script(self, request: HttpRequest) -> HttpResponse:
        """Renew the claim of a page that is open, or end that of a page that was left, and say where it stands."""
        if self.item and "left" in request.POST:
            # Of this page alone: where another page has renewed it since, it stays.
            actions.release(actor=self.person, item=self.item, until=_moment(request.POST["left"]))
            return HttpResponse(status=204)
        if self.item is None:
            return JsonResponse({"text": _("It waits no more: it was decided on or withdrawn meanwhile.")}, status=409)
        if actions.claim(actor=self.person, item=self.item):
            self.item.refresh_from_db()
            return JsonResponse({"until": self.item.claim_stamp, "text": _yours(self.item)})
        self.item.refresh_from_db()
        answer = rules.is_free(self.person, self.item)
        return JsonResponse({"text": str(getattr(answer, "sentence", ""))}, status=409)


class Hold(_OfItem):
    """Letting an item rest until a day, with a reason that moderators alone read; or ending that."""

    template_name = "moderation/hold.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.item is None:
            return self.gone(request)
        lease(request, self.person, self.item)
        return self.show(request, HoldForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.item is None:
            return self.gone(request)
        form = HoldForm(request.POST)
        try:
            if "end" in request.POST:
                actions.release_hold(actor=self.person, item=self.item)
                messages.success(request, _("It waits again."))
                return redirect(self.page_of(self.item))
            if not form.is_valid():
                return self.show(request, form, status=422)
            held = actions.hold(actor=self.person, item=self.item, **form.cleaned_data)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return self.to_queue()
        except Invalid as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, form, status=422)
        messages.success(request, _("It rests until %(day)s.") % {"day": date_in_words(held.held_day)})
        return self.to_queue()

    def show(self, request: HttpRequest, form: HoldForm, status: int = 200) -> HttpResponse:
        assert self.item and self.item.consultation
        tomorrow = clock.now().astimezone(self.item.consultation.zone).date() + datetime.timedelta(days=1)
        form.fields["until"].widget.attrs |= {
            "min": tomorrow.isoformat(),
            "max": (tomorrow + datetime.timedelta(days=checks.HOLD_DAYS - 1)).isoformat(),
        }
        context = {"form": form, "item": self.item, "back": self.page_of(self.item), "nav_current": "desk"}
        return self.page(request, context, status=status)


def _yours(item: Item) -> str:
    text = ngettext(
        "Claimed by you, %(minutes)s minute left", "Claimed by you, %(minutes)s minutes left", item.claim_minutes
    )
    return text % {"minutes": item.claim_minutes}


def _moment(written: str) -> datetime.datetime:
    """Return the moment that a page says its claim ends; a time that no claim has, where it says none."""
    try:
        return datetime.datetime.fromisoformat(written).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return datetime.datetime.min.replace(tzinfo=datetime.UTC)
