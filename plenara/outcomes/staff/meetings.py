"""The meetings of a body at the desk: the list, choosing an event, the agenda, and its files."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plenara.consultations.staff.editing import number_of
from plenara.core.languages import NAMES, in_language
from plenara.core.refusals import Answer, NotAllowed, Refused, require
from plenara.core.store.sending import attachment
from plenara.directory.models import EntryState
from plenara.documents.printing import pdf
from plenara.events import hours
from plenara.events.models import Event, Occurrence
from plenara.outcomes import actions, rules
from plenara.outcomes.dossiers_shown import decisions_of, items_of
from plenara.outcomes.forms.meetings import EventForm, IntroForm
from plenara.outcomes.meeting_checks import MOST_ITEMS, consultations_of
from plenara.outcomes.models import Dossier, DossierFile
from plenara.outcomes.printing import making
from plenara.outcomes.staff.base import BodyView, Step
from plenara.outcomes.staff.editing import Editing

#: Events that can be chosen, and matters that an item shows.
MOST_EVENTS, MOST_MATTERS = 200, 200
_UNDER_WAY = (DossierFile.State.ASKED, DossierFile.State.MAKING)


class Meetings(BodyView):
    """The meetings of a body, and choosing an event for one more."""

    template_name = "outcomes/desk/meetings.html"

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        return self.show(request, EventForm(self.offered()))

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        require(rules.may_keep_meeting(self.person, self.body))
        form = EventForm(self.offered(), request.POST)
        made: list[Dossier] = []

        def make() -> None:
            event = Event.objects.get(pk=form.cleaned_data["event"])
            made.append(actions.make_dossier(actor=self.person, body=self.body, event=event))

        if self.attempt(request, form, make):
            return redirect(self.body_address("meeting", made[0].event.number))
        return self.show(request, form)

    def offered(self) -> list[tuple[str, str]]:
        """Return the events that can be chosen, the newest first."""
        found = Event.objects.filter(
            prepares__in=consultations_of(self.body), state=EntryState.PUBLISHED, dossier=None, number__isnull=False
        )
        events = list(found.order_by("-number")[:MOST_EVENTS])
        when = _whens(events)
        return [(str(each.pk), _name(each, when.get(each.pk))) for each in events]

    def show(self, request: HttpRequest, form: EventForm) -> HttpResponse:
        found = list(self.body.dossiers.select_related("event").order_by("-event__number"))
        when = _whens(each.event for each in found)
        return self.page(
            request,
            self.context(
                form=form,
                may_meet=rules.may_keep_meeting(self.person, self.body),
                has_events=len(form.fields["event"].choices) > 1,  # type: ignore[attr-defined]
                meetings=[
                    {
                        "dossier": each,
                        "title": in_language(each.event.details.get("title")),
                        "when": when.get(each.event_id),
                    }
                    for each in found
                ],
            ),
            status=self.status,
        )


class MeetingView(BodyView):
    """A view to one meeting. What is done there has rules of its own."""

    dossier: Dossier

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.number = kwargs.pop("number")
        return super().enter(request, *args, **kwargs)

    def find(self) -> Answer:
        found = self.body.dossiers.select_related("event").filter(event__number=self.number).first()
        if found is None:
            raise Http404
        found.body = self.body
        self.dossier = found
        return True

    def address(self, name: str, *args: Any) -> str:
        return self.body_address(name, self.dossier.event.number, *args)

    def way(self) -> list[Step]:
        title = in_language(self.dossier.event.details.get("title"))
        meetings = (_("Meetings"), self.body_address("meetings"), "")
        return [*super().way(), meetings, (title.text, self.address("meeting"), title.language)]

    def context(self, **more: Any) -> dict[str, Any]:
        event = self.dossier.event
        return super().context(
            dossier=self.dossier,
            event=event,
            meeting_title=in_language(event.details.get("title")),
            when=_when(event),
            may_meet=rules.may_keep_meeting(self.person, self.body),
            **more,
        )


class KeptMeeting(MeetingView):
    """A view for those who keep the body's meetings. Not one itself."""

    def may(self) -> Answer:
        return rules.may_keep_meeting(self.person, self.body)


class Meeting(MeetingView):
    """One meeting: its agenda, its files, what was decided."""

    template_name = "outcomes/desk/meeting.html"

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        items = items_of(self.dossier, MOST_MATTERS)
        files = {each.language: each for each in self.dossier.files.all()}
        rows = [self.file(code, name, files.get(code)) for code, name in NAMES.items()]
        return self.page(
            request,
            self.context(
                items=items,
                is_full=len(items) >= MOST_ITEMS,
                count=len(items),
                intro=in_language(self.dossier.intro),
                decisions=decisions_of(self.dossier),
                report=in_language(self.dossier.report),
                files=rows,
                is_waiting=any(row["is_waiting"] for row in rows),
                has_pdf=pdf.is_possible(),
            ),
        )

    def file(self, code: str, name: str, it: DossierFile | None) -> dict[str, Any]:
        """Return how far the files in a language are."""
        found = list(making.offered(it)) if it else []
        return {
            "code": code,
            "name": name,
            "it": it,
            "is_waiting": it is not None and it.state in _UNDER_WAY,
            "is_failed": it is not None and it.state == DossierFile.State.FAILED,
            "is_gone": it is not None and it.state == DossierFile.State.READY and not found,
            "links": [(ending.upper(), self.address("meeting_file", code, ending)) for ending in found],
        }

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        do, item = request.POST.get("do", ""), self.dossier.items.filter(pk=number_of(request, "item")).first()
        try:
            if do == "publish":
                actions.publish_dossier(actor=self.person, dossier=self.dossier)
                self.say(request, _("The agenda is public."))
            elif do == "delete_dossier":
                actions.delete_dossier(actor=self.person, dossier=self.dossier)
                return redirect(self.body_address("meetings"))
            elif do == "files":
                actions.ask_files(actor=self.person, dossier=self.dossier, language=request.POST.get("language", ""))
                return redirect(f"{self.address('meeting')}#files")
            elif item is None:
                messages.warning(request, _("Somebody has taken this item from the agenda meanwhile."))
            elif do == "delete":
                actions.delete_item(actor=self.person, item=item)
                self.say(request, _("The item is taken from the agenda."))
            else:
                moved = actions.move_item(actor=self.person, item=item, to=number_of(request, "to"))
                self.say(request, _("It is item %(number)d now.") % {"number": moved.number})
        except NotAllowed:
            raise
        except Refused as refused:
            messages.warning(request, str(refused))
        return redirect(self.address("meeting"))


class EditIntro(Editing, KeptMeeting):
    """What stands at the head of the agenda."""

    template_name = "outcomes/desk/meeting_intro.html"

    def form(self, data: Any = None) -> IntroForm:
        return IntroForm(data, dossier=self.dossier)

    def about(self) -> tuple[str, int]:
        return "dossier", self.dossier.pk

    def again(self) -> None:
        self.find()

    def save(self, form: IntroForm, stamp: int) -> str:
        actions.edit_dossier(actor=self.person, dossier=self.dossier, stamp=stamp, **form.said())
        self.say(self.request, _("Saved."))
        return self.address("meeting")


class MeetingFile(MeetingView):
    """A file of the dossier, for those who work on it: also before the agenda is public."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, language: str, ending: str) -> HttpResponseBase:
        it = DossierFile.objects.filter(dossier=self.dossier, language=language, made_at__isnull=False).first()
        kept = making.offered(it).get(ending) if it else None
        if kept is None:
            raise Http404
        request.META.pop("HTTP_ACCEPT_ENCODING", None)  # it is compressed already
        name = f"dossier-{self.dossier.event.number}-{language}.{ending}"
        try:
            return attachment(kept[0], name, making.FORMS[ending])
        except FileNotFoundError as error:
            raise Http404 from error


def _when(event: Event) -> hours.When | None:
    return _whens([event]).get(event.pk)


def _whens(events: Iterable[Event]) -> dict[int, hours.When]:
    """Return when each event is held first, by its id. One query."""
    first: dict[int, Occurrence] = {}
    for each in Occurrence.objects.filter(event__in=list(events), cancelled_at=None).order_by("starts_at", "pk"):
        first.setdefault(each.event_id, each)
    return {pk: hours.when(each) for pk, each in first.items()}


def _name(event: Event, when: hours.When | None) -> str:
    title = in_language(event.details.get("title")).text
    return f"{title} ({when.date})" if when else title
