"""One's own events: their list, and what is done with one of them at once."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.core.languages import current, in_language
from plenara.core.refusals import NotAllowed, Refused, require
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.directory.entries import waiting_version
from plenara.events import actions, mine, rules
from plenara.events.forms import OutcomeForm
from plenara.events.held import Held
from plenara.events.models import Event
from plenara.events.proposed import hours


def mine_or_404(person: Any, pk: int) -> Event:
    """Return an event of the person; to anybody else it is not there."""
    found = Event.objects.filter(pk=pk, owner=person).first()
    if found is None:
        raise Http404
    return found


class Mine(MemberView):
    """One's events, the newest first. Knows `before`, an event's id, where a further page begins."""

    template_name = "events/mine.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        before = number_in(request.GET.get("before", ""))
        found = mine.of_person(self.person, before)
        context = {
            "events": found[: mine.PAGE],
            "older": found[mine.PAGE - 1].pk if len(found) > mine.PAGE else None,
            "is_later": bool(before),
            "may_propose": bool(rules.may_propose(self.person)),
            "nav_current": "my",
        }
        return self.page(request, context)


class OfEvent(MemberView):
    """A page about one of one's events. Not a view itself."""

    event: Event

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.event = mine_or_404(self.person, kwargs["pk"])
        return super().enter(request, *args, **kwargs)

    def show(self, request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
        last = self.event.versions.order_by("number").last()
        title = in_language((last.details if last else {}).get("title"))
        context = {"event": self.event, "title": title, "nav_current": "my", **more}
        return self.page(request, context, status=status)

    def back(self) -> HttpResponse:
        """Lead to the event's page."""
        return redirect(f"/{current()}/my/events/{self.event.pk}/")


class Cancel(OfEvent):
    """Asks what is cancelled, all of it or one date, and whether that is meant."""

    template_name = "events/cancel.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(rules.may_cancel(self.person, self.event))
        return self.show(request, dates=self.dates())

    def dates(self) -> list[dict[str, Any]]:
        """Return the dates that can be cancelled singly: those of a series that are not cancelled yet."""
        zone = self.event.details["timezone"]
        dates = self.event.details["dates"]
        found = [{**each, "hours": hours(each, zone)} for each in dates if not each.get("cancelled")]
        return found if len(self.event.details["dates"]) > 1 else []

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        chosen = request.POST.get("date", "")
        number = number_in(chosen)
        if not number and chosen != "all":
            sentence = _("Choose what is cancelled.")
            return self.show(request, 422, dates=self.dates(), refused=sentence)
        try:
            actions.cancel(actor=self.person, event=self.event, date=number or None)
        except Refused as refused:
            if isinstance(refused, NotAllowed):
                raise
            return self.show(request, 422, dates=self.dates(), refused=str(refused))
        messages.success(request, _("It is cancelled, and stays in the calendar, marked."))
        return self.back()


class Withdraw(OfEvent):
    """Asks once more, and withdraws."""

    template_name = "events/withdraw.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(rules.may_withdraw(self.person, self.event))
        return self.show(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.withdraw(actor=self.person, event=self.event)
        messages.success(request, _("It is withdrawn."))
        return self.back()


class Outcome(OfEvent):
    """Tells what came of an event."""

    template_name = "events/outcome.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(rules.may_tell_outcome(self.person, self.event))
        waits = waiting_version(self.event)
        report = (waits.details if waits else self.event.details).get("report") or {}
        written = in_language(report.get("text"))
        initial = {
            "report_url": report.get("url", ""),
            "report_text": written.text,
            "report_language": written.language if written.text else current(),
            "key": Held.fresh(self.person, pk, {}).key,
        }
        return self.show(request, form=OutcomeForm(initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = OutcomeForm(request.POST)
        if not form.is_valid():
            return self.show(request, 422, form=form)
        given = form.cleaned_data
        try:
            actions.tell_outcome(
                actor=self.person,
                event=self.event,
                url=given["report_url"],
                text=given["report_text"],
                language=given["report_language"] or current(),
                # Named for its event: a key that somebody wrote by hand is in nobody's way.
                key=f"outcome-{pk}-{given['key']}"[:64] if given["key"] else None,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, 403 if isinstance(refused, NotAllowed) else 422, form=form)
        messages.success(request, _("We have received it. A moderator reads it before it is shown."))
        return self.back()
