"""Views of one's own events: the list, cancelling, withdrawing, reporting the outcome."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import life_cycle
from plenara.core.languages import current, in_language
from plenara.core.refusals import ActionRefused, NotPermitted, require
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.events import actions, permissions
from plenara.events.forms import (
    OutcomeForm,
    TypedValues,
)
from plenara.events.models import Event
from plenara.events.presenters.proposals import hours_in_words
from plenara.events.queries import events


def own_or_404(person: Person, pk: int) -> Event:
    """Return an event of the person; 404 for anybody else."""
    found = Event.objects.filter(pk=pk, owner=person).first()
    if found is None:
        raise Http404
    return found


class OwnEvents(MemberView):
    """One's own events, the newest first. Knows `before`, the id of the event where a further page begins."""

    template_name = "events/own_events.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        before = number_in(request.GET.get("before", ""))
        found = events.own_events(self.person, before)
        context = {
            "events": found[: events.OWN_PAGE],
            "older": found[events.OWN_PAGE - 1].pk if len(found) > events.OWN_PAGE else None,
            "is_later": bool(before),
            "may_propose": bool(permissions.may_propose(self.person)),
            "nav_current": "my",
        }
        return self.page(request, context)


class OwnEventView(MemberView):
    """Base of the pages about one of one's own events."""

    event: Event

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.event = own_or_404(self.person, self.kwargs["pk"])
        return super().enter(request, *args, **kwargs)

    def show(self, request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
        last = self.event.versions.order_by("number").last()
        title = in_language((last.details if last else {}).get("title"))
        context = {"event": self.event, "title": title, "nav_current": "my", **more}
        return self.page(request, context, status=status)

    def back(self) -> HttpResponse:
        """Redirect to the event's page."""
        return redirect(f"/{current()}/my/events/{self.event.pk}/")


class Cancel(OwnEventView):
    """Asks what to cancel, the whole event or one date, and for confirmation."""

    template_name = "events/cancel.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(permissions.may_cancel(self.person, self.event))
        return self.show(request, dates=self.dates())

    def dates(self) -> list[dict[str, object]]:
        """Return the dates that can be cancelled one by one: those of a series that are not cancelled yet."""
        zone = self.event.details["timezone"]
        dates = self.event.details["dates"]
        found = [{**each, "hours": hours_in_words(each, zone)} for each in dates if not each.get("cancelled")]
        return found if len(self.event.details["dates"]) > 1 else []

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        chosen = request.POST.get("date", "")
        number = number_in(chosen)
        if not number and chosen != "all":
            sentence = _("Choose what you want to cancel.")
            return self.show(request, 422, dates=self.dates(), refused=sentence)
        try:
            actions.cancel(actor=self.person, event=self.event, date=number or None)
        except ActionRefused as refused:
            if isinstance(refused, NotPermitted):
                raise
            return self.show(request, 422, dates=self.dates(), refused=str(refused))
        cancelled = (
            _("You have cancelled the date. The calendar still shows it, marked as cancelled.")
            if number
            else _("You have cancelled the event. The calendar still shows it, marked as cancelled.")
        )
        messages.success(request, cancelled)
        return self.back()


class Withdraw(OwnEventView):
    """Asks for confirmation, and withdraws the event."""

    template_name = "events/withdraw.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(permissions.may_withdraw(self.person, self.event))
        return self.show(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.withdraw(actor=self.person, event=self.event)
        messages.success(request, _("You have withdrawn the event."))
        return self.back()


class Outcome(OwnEventView):
    """Reports the outcome of an event."""

    template_name = "events/outcome.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        require(permissions.may_report_outcome(self.person, self.event))
        pending = life_cycle.pending_version(self.event)
        report = (pending.details if pending else self.event.details).get("report") or {}
        written = in_language(report.get("text"))
        initial = {
            "report_url": report.get("url", ""),
            "report_text": written.text,
            "report_language": written.language if written.text else current(),
            "key": TypedValues.fresh(self.person, pk, {}).key,
        }
        return self.show(request, form=OutcomeForm(initial=initial))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = OutcomeForm(request.POST)
        if not form.is_valid():
            return self.show(request, 422, form=form)
        given = form.cleaned_data
        try:
            actions.report_outcome(
                actor=self.person,
                event=self.event,
                url=given["report_url"],
                text=given["report_text"],
                language=given["report_language"] or current(),
                # The key names its event, so that a key written by hand cannot block another event.
                key=f"outcome-{pk}-{given['key']}"[:64] if given["key"] else None,
            )
        except ActionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, refused.status, form=form)
        messages.success(
            request, _("We have received the results of the event. A moderator will read them before they are shown.")
        )
        return self.back()
