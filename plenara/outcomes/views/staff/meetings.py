"""The meetings of a body at the desk: the list, the agenda, decisions, the report, and the files."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.consultations.views.staff.details import number_of
from plenara.core.languages import NAMES, in_language
from plenara.core.life_cycle import State
from plenara.core.refusals import ActionRefused, Answer, InvalidInput, NotPermitted, require
from plenara.core.store.downloads import attachment
from plenara.documents.presenters import pdf
from plenara.events.models import Event, Occurrence
from plenara.events.presenters import calendar_pages
from plenara.outcomes import actions, permissions
from plenara.outcomes.actions import printed_files
from plenara.outcomes.forms.meetings import DecisionForm, EventForm, IntroForm, ItemForm, ReportForm
from plenara.outcomes.models import AgendaItem, Dossier, DossierFile, ItemMatter, MeetingDecision, Outcome
from plenara.outcomes.queries import meetings
from plenara.outcomes.queries.meetings import decisions_of, items_of
from plenara.outcomes.validation.meetings import MOST_ITEMS, MOST_MATTERS, consultations_of_body
from plenara.outcomes.views.staff.base import Adding, BodyView, Editing, Step

#: The most events that can be chosen, and matters of an item shown.
MOST_EVENTS, MOST_SHOWN_MATTERS = 200, 200
_UNDER_WAY = (DossierFile.State.ASKED, DossierFile.State.MAKING)


class Meetings(BodyView):
    """The meetings of a body, and choosing an event for a new one."""

    template_name = "outcomes/desk/meetings.html"

    def get(self, request: HttpRequest, **more: object) -> HttpResponse:
        return self.show(request, EventForm(self.offered()))

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        require(permissions.may_manage_meeting(self.person, self.body))
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
            prepares__in=consultations_of_body(self.body),
            state=State.PUBLISHED,
            dossier=None,
            number__isnull=False,
        )
        events = list(found.order_by("-number")[:MOST_EVENTS])
        when = _whens(events)
        return [(str(each.pk), _event_name(each, when.get(each.pk))) for each in events]

    def show(self, request: HttpRequest, form: EventForm) -> HttpResponse:
        found = list(self.body.dossiers.select_related("event").order_by("-event__number"))
        when = _whens(each.event for each in found)
        return self.page(
            request,
            self.context(
                form=form,
                may_meet=permissions.may_manage_meeting(self.person, self.body),
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
    """A view of one meeting. Its actions have their own permissions."""

    dossier: Dossier

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.number: int = self.kwargs["number"]
        del kwargs["number"]
        return super().enter(request, *args, **kwargs)

    def find(self) -> Answer:
        found = self.body.dossiers.select_related("event").filter(event__number=self.number).first()
        if found is None:
            raise Http404
        found.body = self.body
        self.dossier = found
        return True

    def address(self, name: str, *args: object) -> str:
        return self.body_address(name, self.dossier.event.number, *args)

    def way(self) -> list[Step]:
        title = in_language(self.dossier.event.details.get("title"))
        meetings = (pgettext("option", "Meetings"), self.body_address("meetings"), "")
        return [*super().way(), meetings, (title.text, self.address("meeting"), title.language)]

    def context(self, **more: object) -> dict[str, object]:
        event = self.dossier.event
        return super().context(
            dossier=self.dossier,
            event=event,
            meeting_title=in_language(event.details.get("title")),
            when=_when(event),
            may_meet=permissions.may_manage_meeting(self.person, self.body),
            **more,
        )


class EditableMeetingView(MeetingView):
    """A mixin for views for the people who manage the body's meetings."""

    edited = "dossier"

    def may(self) -> Answer:
        return permissions.may_manage_meeting(self.person, self.body)


class Meeting(MeetingView):
    """One meeting: its agenda, files and decisions."""

    template_name = "outcomes/desk/meeting.html"

    def get(self, request: HttpRequest, **more: object) -> HttpResponse:
        items = items_of(self.dossier, MOST_SHOWN_MATTERS)
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

    def file(self, code: str, name: str, it: DossierFile | None) -> dict[str, object]:
        """Return the progress of the files in a language."""
        found = list(printed_files.offered(it)) if it else []
        return {
            "code": code,
            "name": name,
            "it": it,
            "is_waiting": it is not None and it.state in _UNDER_WAY,
            "is_failed": it is not None and it.state == DossierFile.State.FAILED,
            "is_gone": it is not None and it.state == DossierFile.State.READY and not found,
            "links": [(ending.upper(), self.address("meeting_file", code, ending)) for ending in found],
        }

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
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
                messages.warning(
                    request, _("Someone else has removed this item from the agenda. You can add the item again.")
                )
            elif do == "delete":
                actions.delete_item(actor=self.person, item=item)
                self.say(request, _("The item has been removed from the agenda."))
            else:
                moved = actions.move_item(actor=self.person, item=item, to=number_of(request, "to"))
                self.say(request, _("The item is now number %(number)d.") % {"number": moved.number})
        except NotPermitted:
            raise
        except ActionRefused as refused:
            messages.warning(request, str(refused))
        return redirect(self.address("meeting"))


class EditIntro(EditableMeetingView, Editing[IntroForm]):
    """The introduction of the agenda."""

    template_name = "outcomes/desk/meeting_intro.html"

    def form(self, data: QueryDict | None = None) -> IntroForm:
        return IntroForm(data, dossier=self.dossier)

    def save(self, form: IntroForm, stamp: int) -> str:
        actions.edit_dossier(actor=self.person, dossier=self.dossier, stamp=stamp, **form.arguments())
        self.say(self.request, pgettext("option", "Saved."))
        return self.address("meeting")


class MeetingFile(MeetingView):
    """A file of the dossier, for its writers also before the agenda is public."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, language: str, ending: str) -> HttpResponseBase:
        it = DossierFile.objects.filter(dossier=self.dossier, language=language, made_at__isnull=False).first()
        kept = printed_files.offered(it).get(ending) if it else None
        if kept is None:
            raise Http404
        request.META.pop("HTTP_ACCEPT_ENCODING", None)  # it is compressed already
        name = f"dossier-{self.dossier.event.number}-{language}.{ending}"
        try:
            return attachment(kept[0], name, printed_files.FORMS[ending])
        except FileNotFoundError as error:
            raise Http404 from error


def _when(event: Event) -> calendar_pages.When | None:
    return _whens([event]).get(event.pk)


def _whens(events: Iterable[Event]) -> dict[int, calendar_pages.When]:
    """Return the first date of each event, by its id. One query."""
    first: dict[int, Occurrence] = {}
    for each in Occurrence.objects.filter(event__in=list(events), cancelled_at=None).order_by("starts_at", "pk"):
        first.setdefault(each.event_id, each)
    return {pk: calendar_pages.when(each) for pk, each in first.items()}


def _event_name(event: Event, when: calendar_pages.When | None) -> str:
    title = in_language(event.details.get("title")).text
    return f"{title} ({when.date})" if when else title


#: The most checkboxes of one form.
MOST_CHOSEN = 50


class NewItem(EditableMeetingView, Adding[ItemForm]):
    """Adding an item."""

    template_name = "outcomes/desk/item_form.html"

    def form(self, data: QueryDict | None = None) -> ItemForm:
        return ItemForm(data)

    def add(self, form: ItemForm) -> str:
        item = actions.add_item(actor=self.person, dossier=self.dossier, **form.arguments())
        self.say(self.request, _("The item has been added. Now choose the texts for discussion."))
        return self.address("item", item.pk)


class ItemView(EditableMeetingView):
    """A mixin for views of one item."""

    item: AgendaItem | None

    def find(self) -> Answer:
        answer = super().find()
        self.item = self.dossier.items.filter(pk=self.kwargs["item"]).first()
        if self.item is None and self.request.method != "POST":
            raise Http404
        return answer

    def present(self) -> AgendaItem:
        """Return the item; refused if somebody has removed it in the meantime."""
        if self.item is None:
            raise InvalidInput(
                _("Someone else has removed this item from the agenda. You can add the item again."), "gone"
            )
        self.item.dossier = self.dossier
        return self.item


class EditItem(ItemView, Editing[ItemForm]):
    """An item: title, note and matters, and a search for more."""

    template_name = "outcomes/desk/item_form.html"

    def form(self, data: QueryDict | None = None) -> ItemForm:
        return ItemForm(data, item=self.present())

    def save(self, form: ItemForm, stamp: int) -> str:
        actions.edit_item(actor=self.person, item=self.present(), stamp=stamp, **form.arguments())
        self.say(self.request, pgettext("option", "Saved."))
        return self.address("meeting")

    def show(self, request: HttpRequest, form: ItemForm, status: int = 200, **more: object) -> HttpResponse:
        item = self.present()
        query = request.GET.get("q", "").replace("\x00", "")[:200]
        shown = next((each for each in items_of(self.dossier, MOST_MATTERS) if each.kept.pk == item.pk), None)
        there = {_value(each.kept) for each in shown.matters} if shown else set()
        found = meetings.candidates(self.body, query)
        return super().show(
            request, form, status,
            item=item, shown=shown, query=query, found=[each for each in found if each.value not in there],
            matters_url=self.address("matters", item.pk), **more,
        )  # fmt: skip


class Matters(ItemView):
    """Adding and removing matters of an item."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, **more: object) -> HttpResponse:
        try:
            item = self.present()
            if taken := number_of(request, "take"):
                if matter := ItemMatter.objects.select_related("item").filter(pk=taken, item=item).first():
                    matter.item.dossier = self.dossier
                    actions.take_matter(actor=self.person, matter=matter)
                self.say(request, _("The text has been removed from the item."))
            else:
                self.add(request, item)
        except ActionRefused as refused:
            messages.warning(request, str(refused))
            if self.item is None:
                return redirect(self.address("meeting"))
        return redirect(f"{self.address('item', self.kwargs['item'])}#matters")

    def add(self, request: HttpRequest, item: AgendaItem) -> None:
        """Add the chosen matters."""
        added = 0
        for each in meetings.chosen_matters(self.body, request.POST.getlist("chosen")[:MOST_CHOSEN]):
            actions.add_matter(actor=self.person, item=item, **each)  # type: ignore[arg-type]
            added += 1
        if not added:
            raise InvalidInput(_("Choose at least one text from the list."), "empty")
        message = ngettext(
            "%(count)d text has been added to the item.", "%(count)d texts have been added to the item.", added
        )
        self.say(request, message % {"count": added})

    def page_of_buttons(self) -> str:
        return reverse("outcomes:item", args=[self.kwargs[name] for name in ("body", "number", "item")])


def _value(matter: ItemMatter) -> str:
    """Return the checkbox value of a matter that is there already."""
    if matter.outcome_id:
        return f"outcome:{matter.outcome_id}" + (f":{matter.mark}" if matter.mark else "")
    if matter.summary_id:
        return f"summary:{matter.summary_id}"
    return f"contribution:{matter.contribution_id}"


class Report(EditableMeetingView, Editing[ReportForm]):
    """The report, saved as a draft or published."""

    template_name = "outcomes/desk/meeting_report.html"

    def form(self, data: QueryDict | None = None) -> ReportForm:
        return ReportForm(data, dossier=self.dossier)

    def save(self, form: ReportForm, stamp: int) -> str:
        kept = actions.write_report(actor=self.person, dossier=self.dossier, stamp=stamp, **form.arguments())
        self.say(self.request, _("The report is public.") if kept.reported_at else pgettext("text", "Saved."))
        return self.address("meeting")


class DecisionView(EditableMeetingView):
    """A mixin for views of a decision."""

    def outcomes(self) -> list[Outcome]:
        """Return the outcomes of the body with a published version."""
        found = self.body.outcomes.filter(editions__edition__in_force=True).select_related("document")
        return list(found.distinct().order_by("pk"))


class NewDecision(DecisionView, Adding[DecisionForm]):
    """Adding a decision."""

    template_name = "outcomes/desk/decision_form.html"

    def form(self, data: QueryDict | None = None) -> DecisionForm:
        return DecisionForm(data, dossier=self.dossier, outcomes=self.outcomes())

    def add(self, form: DecisionForm) -> str:
        decision = actions.write_decision(actor=self.person, dossier=self.dossier, **form.arguments())
        self.say(self.request, _("The decision has been saved as decision %(number)d.") % {"number": decision.number})
        return f"{self.address('meeting')}#decisions"


class EditDecision(DecisionView, Editing[DecisionForm]):
    """Correcting a decision; its number stays."""

    template_name = "outcomes/desk/decision_form.html"
    decision: MeetingDecision

    def find(self) -> Answer:
        answer = super().find()
        found = self.dossier.decisions.filter(number=self.kwargs["decision"]).first()
        if found is None:
            raise Http404
        self.decision = found
        return answer

    def form(self, data: QueryDict | None = None) -> DecisionForm:
        return DecisionForm(data, dossier=self.dossier, outcomes=self.outcomes(), decision=self.decision)

    def save(self, form: DecisionForm, stamp: int) -> str:
        self.decision.dossier = self.dossier
        actions.edit_decision(actor=self.person, decision=self.decision, stamp=stamp, **form.arguments())
        self.say(self.request, pgettext("option", "Saved."))
        return f"{self.address('meeting')}#decisions"

    def show(self, request: HttpRequest, form: DecisionForm, status: int = 200, **more: object) -> HttpResponse:
        return super().show(request, form, status, decision=self.decision, **more)
