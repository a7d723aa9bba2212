"""Views for the person who proposes events: proposing and changing one in three steps."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.core.languages import current, html_code
from plenara.core.refusals import ActionRefused, Answer, require
from plenara.core.rows import Json
from plenara.core.views import MemberView
from plenara.events import actions, permissions, validation
from plenara.events.forms import (
    MOST_TYPED,
    AboutForm,
    Step,
    TypedValues,
    WhatForm,
    WhereForm,
    next_date,
    ordered,
    values_of,
)
from plenara.events.models import Event
from plenara.events.presenters.proposals import describe_details
from plenara.events.queries.events import events_like
from plenara.events.validation import clean_details
from plenara.events.views.member.events import own_or_404

STEPS: dict[str, type[Step]] = {"what": WhatForm, "where": WhereForm, "about": AboutForm}
#: The review step; and the session key for what a signed-out person sent.
CHECK, SESSION_KEY = "check", "kept_event"


class Proposing(MemberView):
    """Base of proposing and changing an event: the steps, the review, sending it."""

    template_name = "events/propose.html"
    event: Event | None = None

    def find(self, **kwargs: object) -> None:
        """Find the event that is changed."""

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.find(**kwargs)
        return super().enter(request, *args, **kwargs)

    @property
    def about(self) -> int:
        return self.event.pk if self.event else 0

    def initial(self, request: HttpRequest) -> dict[str, list[str]]:
        """Return the initial values of the form."""
        raise NotImplementedError

    def may(self) -> Answer:
        """Return whether the person may send it."""
        raise NotImplementedError

    def send(self, typed: TypedValues, details: Json, language: str) -> Event:
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        require(self.may())
        kept = self.kept(request)
        typed = kept or TypedValues.fresh(self.person, self.about, self.initial(request))
        return self.show(request, typed, CHECK if self.event and kept is None else "what")

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        require(self.may())
        typed = TypedValues.read(request.POST.get("held", ""), self.person, self.about)
        is_old = typed is None
        typed = typed or TypedValues.fresh(self.person, self.about, self.initial(request))
        step = request.POST.get("step", "")
        if step in STEPS:
            form = STEPS[step](request.POST)
            counts = {"what": ["rows"], "about": ["papers"]}.get(step, [])
            typed.take(request.POST, [*form.fields, *counts])
        go = request.POST.get("go", "next")
        if is_old and go == "send":
            return self.show(request, typed, "what", refused=_("This form was open for too long. Fill it in again."))
        if go == "send":
            return self.sent(request, typed)
        if go.removeprefix("to:") in {*STEPS, CHECK}:
            return self.show(request, typed, go.removeprefix("to:"))
        if go in {"date", "paper"} and step in STEPS:
            add_row(typed, go)
            return self.show(request, typed, step)
        if step not in STEPS:
            return self.show(request, typed, CHECK)
        if not self.form(step, typed).is_valid():
            return self.show(request, typed, step, status=422, bound=True)
        following = [*STEPS, CHECK][list(STEPS).index(step) + 1]
        return self.show(request, typed, CHECK if typed.checked else following)

    def form(self, step: str, typed: TypedValues) -> Step:
        """Return a step's form with what was typed."""
        if step == "about":
            return AboutForm(typed.data, kept=self.event.details if self.event else None)
        return STEPS[step](typed.data)

    def sent(self, request: HttpRequest, typed: TypedValues) -> HttpResponse:
        """Send it; where that is refused, show the step with the error."""
        details, language, wrong = self.details(typed)
        if wrong:
            return self.show(request, typed, wrong, status=422, bound=True)
        try:
            event = self.send(typed, details, language)
        except ActionRefused as refused:
            return self.show(request, typed, CHECK, status=refused.status, refused=str(refused))
        received = (
            _(
                "We have received your changes. A moderator will read them, and you will get one e-mail with the "
                "decision."
            )
            if self.event
            else _(
                "We have received your proposal. A moderator will read it, and you will get one e-mail with the "
                "decision."
            )
        )
        messages.success(request, received)
        return redirect(f"/{current()}/my/events/{event.pk}/")

    def details(self, typed: TypedValues) -> tuple[Json, str, str]:
        """Return the details of all steps together, their language, and the first step with an error."""
        details: Json = {}
        wrong = ""
        for step in STEPS:
            form = self.form(step, typed)
            if not form.is_valid():
                wrong = wrong or step
            details |= form.details()
        if self.event:
            details["report"] = self.latest_details().get("report") or {}
        language = next((code for code in ordered() if details["title"].get(code)), current())
        return dict(clean_details(details)) if not wrong else details, language, wrong

    def latest_details(self) -> Json:
        """Return the details that a change begins with: those that were sent last, or are in force."""
        assert self.event
        last = self.event.versions.order_by("number").last()
        return last.details if last else self.event.details

    def show(
        self,
        request: HttpRequest,
        typed: TypedValues,
        step: str,
        *,
        status: int = 200,
        bound: bool = False,
        refused: str = "",
    ) -> HttpResponse:
        context: dict[str, object] = {"step": step, "event": self.event, "refused": refused, "nav_current": "my"}
        if step == CHECK:
            details, language, wrong = self.details(typed)
            if wrong:
                return self.show(request, typed, wrong, status=422, bound=True, refused=refused)
            typed.checked = True
            context |= {
                "described": describe_details(details),
                "language": html_code(language),
                "like": events_like(details, but=self.about, person=self.person),
                "twice": validation.hours_that_come_twice(details),
                "timezone": details["timezone"],
            }
        else:
            form = self.form(step, typed)
            if not bound:
                # Shown as it was typed, but not validated yet.
                form.is_bound, form.initial = False, {name: typed.values.get(name, [""]) for name in form.fields}
                form.initial = {
                    name: value if name in {"themes", "languages"} else value[-1] if value else ""
                    for name, value in form.initial.items()
                }
            context |= {"form": form, "number": list(STEPS).index(step) + 1, "steps": len(STEPS) + 1}
        back = (
            [CHECK if typed.checked else each for each in [*STEPS][: list(STEPS).index(step)]] if step in STEPS else []
        )
        context |= {"held": typed.sealed(), "back": back[-1] if back else ""}
        return self.page(request, context, status=status)

    # --- nothing typed is lost when the session has ended ---

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST":
            sealed = request.POST.get("held", "")
            posted = {
                name: request.POST.getlist(name) for name in request.POST if name not in {"held", "csrfmiddlewaretoken"}
            }
            size = len(sealed) + sum(len(each) for several in posted.values() for each in several)
            owner = TypedValues.owner(sealed)
            if owner and size <= MOST_TYPED:
                request.session[SESSION_KEY] = {"path": request.path, "owner": owner, "held": sealed, "typed": posted}
            return redirect_to_login(request.path)
        return super().sign_in_first(request)

    def kept(self, request: HttpRequest) -> TypedValues | None:
        """Return what the person sent to this page while signed out, once."""
        kept = request.session.get(SESSION_KEY)
        if not kept or kept["path"] != request.path or kept["owner"] != self.person.pk:
            return None
        del request.session[SESSION_KEY]
        typed = TypedValues.read(kept["held"], self.person, self.about)
        if typed is not None:
            typed.values |= {name: values for name, values in kept["typed"].items() if name not in {"step", "go"}}
        return typed


class Propose(Proposing):
    """A new event. Knows `consultation`, the slug of the one that it prepares."""

    is_for_newcomers = True

    def initial(self, request: HttpRequest) -> dict[str, list[str]]:
        slug = request.GET.get("consultation", "")
        known = slug if slug and len(slug) <= 80 and validation.public_consultation(slug) else ""
        return {"prepares": [known], "rows": ["1"]}

    def may(self) -> Answer:
        return permissions.may_propose(self.person)

    def send(self, typed: TypedValues, details: Json, language: str) -> Event:
        return actions.propose(actor=self.person, details=details, language=language, key=typed.key)


class Revise(Proposing):
    """A change of a published event, or a returned event sent again."""

    def find(self, **kwargs: object) -> None:
        self.event = own_or_404(self.person, self.kwargs["pk"])

    def initial(self, request: HttpRequest) -> dict[str, list[str]]:
        return values_of(self.latest_details())

    def may(self) -> Answer:
        assert self.event
        return permissions.may_change(self.person, self.event)

    def send(self, typed: TypedValues, details: Json, language: str) -> Event:
        assert self.event
        actions.change(actor=self.person, event=self.event, details=details, language=language, key=typed.key)
        return self.event


def add_row(typed: TypedValues, what: str) -> None:
    """Add a row to a step: a row of dates continues the series."""
    count = "rows" if what == "date" else "papers"
    written = typed.first(count)
    rows = int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 1
    if what == "paper":
        typed.values[count] = [str(min(max(rows, 3) + 1, validation.MOST_DOCUMENTS))]
        return
    if rows >= validation.MOST_DATES:
        return
    typed.values["rows"] = [str(rows + 1)]
    before = typed.first(f"day_{rows - 2}") if rows > 1 else ""
    if day := next_date(typed.first(f"day_{rows - 1}"), before):
        last = typed.first(f"last_{rows - 1}")
        typed.values[f"day_{rows}"] = [day]
        typed.values[f"from_{rows}"] = [typed.first(f"from_{rows - 1}")]
        typed.values[f"until_{rows}"] = [typed.first(f"until_{rows - 1}")]
        typed.values[f"last_{rows}"] = [_as_long(typed.first(f"day_{rows - 1}"), last, day) if last else ""]


def _as_long(first: str, last: str, day: str) -> str:
    from datetime import date

    try:
        return (date.fromisoformat(day) + (date.fromisoformat(last) - date.fromisoformat(first))).isoformat()
    except (ValueError, OverflowError):
        return ""
