"""What is decided after publication: that it is in order, removing it, restoring it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plenara.common.doors import StaffView
from plenara.common.refusals import Invalid, Refused
from plenara.consultations.models import Consultation
from plenara.contributions.models import Contribution, State
from plenara.moderation import actions, queue, reasons, reports, rules
from plenara.moderation.forms import DecisionForm
from plenara.moderation.models import Item
from plenara.moderation.publishable import KINDS
from plenara.moderation.staff.beside import Subject, marked, parts

#: Reports that are shown: the oldest of those that wait.
MOST = 50


class AfterPublication(StaffView):
    """A published contribution that was to be checked or was reported: in order, or removed; a removed one restored."""

    template_name = "moderation/after.html"

    def allowed(self, slug: str, number: int) -> Any:
        consultation = get_object_or_404(Consultation, slug=slug)
        if consultation.pk not in rules.moderated_by(self.person):
            raise Http404
        self.thing = get_object_or_404(
            Contribution.objects.select_related("thread", "consultation", "author", "in_reply_to"),
            consultation=consultation,
            number=number,
        )
        return rules.may_decide(self.person, self.thing)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(request, DecisionForm(threads=None, before=False))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = DecisionForm(request.POST, threads=None, before=False)
        form.is_valid()
        values = {name: form.cleaned_data.get(name, "") for name in ("reason", "sentence")}
        person, kind, pk = self.person, "contribution", self.thing.pk
        try:
            if "in_order" in request.POST:
                actions.check(actor=person, kind=kind, pk=pk, version_id=_number(request.POST.get("version", "")))
                return self.on(request, _("It is in order and stays. Who reported it is told."))
            if self.thing.state == State.REMOVED:
                actions.restore(actor=person, kind=kind, pk=pk, sentence=values["sentence"])
                messages.success(request, _("It is public again. The author is told."))
                return redirect("moderation:after", **kwargs)
            actions.remove(actor=person, kind=kind, pk=pk, **values)
            return self.on(request, _("It is removed. The author is told, and who reported it."))
        except Invalid as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, form, status=422)
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect("moderation:after", **kwargs)

    def on(self, request: HttpRequest, sentence: str) -> HttpResponse:
        """Go on to what waits next."""
        messages.success(request, sentence)
        following = queue.next_after(self.person)
        return redirect(following.url if following else "moderation:queue")

    def show(self, request: HttpRequest, form: DecisionForm, status: int = 200) -> HttpResponse:
        kind = KINDS["contribution"]
        version = kind.version_in_force(self.thing) or kind.latest_version(self.thing)
        if version is None:
            raise Http404  # a note in an imported archive, whose words we never had
        whys = (Item.Why.CHECK, Item.Why.REPORT)
        items = list(Item.objects.filter(kind="contribution", object_id=self.thing.pk, why__in=whys).order_by("since"))
        found = list(reports.waiting("contribution", self.thing.pk)[: MOST + 1])
        context: dict[str, Any] = {
            "form": form,
            "contribution": self.thing,
            "consultation": self.thing.consultation,
            "thread": self.thing.thread,
            "version": version,
            "edition": kind.shown(version),
            "reports": [(each, reasons.label(each.reason)) for each in found[:MOST]],
            "more_reports": len(found) > MOST,
            "items": items,
            "to_check": any(item.why == Item.Why.CHECK for item in items),
            "parts": parts(Subject(self.person, "contribution", self.thing, version, items[0] if items else None)),
            "is_removed": self.thing.state == State.REMOVED,
            "may_restore": rules.may_restore(self.person, self.thing),
            "can": self.thing.state in {State.PUBLISHED, State.REMOVED},
            "nav_current": "desk",
        }
        context["marked"] = marked(context["parts"])
        return self.page(request, context, status=status)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0
