"""Forms of a meeting: event, introduction of the agenda, items, report, decisions."""

import re

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plenara.consultations.forms.fields import Choice, InOneLanguage, SixLanguages, Words
from plenara.core.forms import ActionForm
from plenara.core.languages import in_language
from plenara.core.rows import Json
from plenara.outcomes.forms.common import Edited
from plenara.outcomes.models import AgendaItem, Dossier, MeetingDecision, Outcome
from plenara.outcomes.validation import meetings as validation

INTRO, REPORT = SixLanguages("intro", lines=5), SixLanguages("report", lines=10)
TITLE, NOTE, TEXT = SixLanguages("title"), SixLanguages("note", lines=3), SixLanguages("text", lines=2)
_NUMBERS = re.compile(r"\d+")


class EventForm(ActionForm):
    """The event of the calendar that is a meeting of the body."""

    event = Choice(
        label=pgettext_lazy("of the calendar", "Event"),
        sentence=gettext_lazy("Choose an event from the list."),
        help_text=gettext_lazy("The list shows calendar events that prepare for a consultation of this body."),
    )

    def __init__(self, offered: list[tuple[str, str]], data: QueryDict | None = None):
        super().__init__(data)
        field = self.fields["event"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *offered]

    def clean_event(self) -> str:
        chosen: str = self.cleaned_data["event"]
        if not chosen:
            raise forms.ValidationError(_("Choose an event from the list."))
        return chosen


class IntroForm(Edited):
    """The introduction of the agenda."""

    texts = {"intro": gettext_lazy("Introduction to the agenda")}

    def __init__(self, data: QueryDict | None = None, *, dossier: Dossier):
        super().__init__(data, stamp=dossier.stamp, initial=INTRO.initial(dossier.intro))
        self.dossier = dossier
        self.fields = {**INTRO.fields(), **self.fields}
        self.begin()

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        self.put_all([validation.meeting_texts_fit("intro", INTRO.texts(given, self.dossier.intro))])
        return given

    def arguments(self) -> Json:
        """Return the argument for the action."""
        return {"intro": INTRO.texts(self.cleaned_data, self.dossier.intro)}

    def intro_fields(self) -> list[InOneLanguage]:
        """Return the six fields."""
        return INTRO.shown(self)


class ItemForm(Edited):
    """An item of the agenda: its title, and a note."""

    texts = {"title": pgettext_lazy("of an agenda item", "Title"), "note": gettext_lazy("Note")}

    def __init__(self, data: QueryDict | None = None, *, item: AgendaItem | None = None):
        it = item or AgendaItem()
        super().__init__(data, stamp=it.stamp, initial={**TITLE.initial(it.title), **NOTE.initial(it.note)})
        self.item = it
        self.fields = {**TITLE.fields(), **NOTE.fields(), **self.fields}
        self.begin()

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        arguments = self._arguments(given)
        self.put_all(
            [
                validation.meeting_in_some_language("title", arguments["title"]),
                validation.meeting_texts_fit("title", arguments["title"]),
                validation.meeting_texts_fit("note", arguments["note"]),
            ]
        )
        return given

    def arguments(self) -> Json:
        """Return the arguments for the actions."""
        return self._arguments(self.cleaned_data)

    def _arguments(self, given: Json) -> Json:
        return {"title": TITLE.texts(given, self.item.title), "note": NOTE.texts(given, self.item.note)}

    def title_fields(self) -> list[InOneLanguage]:
        """Return the six fields of its title."""
        return TITLE.shown(self)

    def note_fields(self) -> list[InOneLanguage]:
        """Return the six fields of its note."""
        return NOTE.shown(self)


class ReportForm(Edited):
    """The report of a meeting, and whether it is shown."""

    texts = {"report": pgettext_lazy("option", "Meeting report")}

    is_shown = forms.BooleanField(
        label=gettext_lazy("Publish the report and the decisions"),
        help_text=gettext_lazy("Everyone can then read the report and the decisions. You can still correct both."),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, dossier: Dossier):
        super().__init__(data, stamp=dossier.stamp, initial=REPORT.initial(dossier.report))
        self.dossier = dossier
        self.fields = {**REPORT.fields(), **self.fields}
        if dossier.reported_at:
            del self.fields["is_shown"]
        self.begin()

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        self.put_all([validation.meeting_texts_fit("report", REPORT.texts(given, self.dossier.report))])
        return given

    def arguments(self) -> Json:
        """Return the arguments for the action."""
        given = self.cleaned_data
        return {"report": REPORT.texts(given, self.dossier.report), "is_shown": bool(given.get("is_shown"))}

    def report_fields(self) -> list[InOneLanguage]:
        """Return the six fields."""
        return REPORT.shown(self)


class DecisionForm(Edited):
    """A decision: its words, the item under which it was taken, and the paragraphs that it changed."""

    texts = {"text": pgettext_lazy("option", "What was decided")}

    item = Choice(label=gettext_lazy("Agenda item"), sentence=gettext_lazy("Choose an agenda item of this meeting."))

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        dossier: Dossier,
        outcomes: list[Outcome],
        decision: MeetingDecision | None = None,
    ):
        it = decision or MeetingDecision()
        kept = list(it.paragraphs.values_list("outcome", "mark")) if decision else []
        marks = {
            f"paragraphs_{each.pk}": ", ".join(str(mark) for outcome, mark in kept if outcome == each.pk)
            for each in outcomes
        }
        super().__init__(
            data, stamp=it.stamp, initial={**TEXT.initial(it.text), "item": str(it.item_id or ""), **marks}
        )
        self.decision, self.outcomes, self.items = it, outcomes, list(dossier.items.all())
        item = self.fields["item"]
        assert isinstance(item, forms.ChoiceField)
        item.choices = [
            ("", _("None")),
            *((str(each.pk), f"{each.number}. {in_language(each.title).text}") for each in self.items),
        ]
        changed = {
            f"paragraphs_{each.pk}": Words(
                size=30,
                label=_("Changed paragraphs of “%(outcome)s”")
                % {"outcome": in_language(each.document.title).text or each.slug},
                help_text=_("Enter paragraph numbers, such as 3, 7."),
            )
            for each in outcomes
        }
        self.fields = {**TEXT.fields(), "item": item, **changed, **self.fields}
        self.begin()

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        text = TEXT.texts(given, self.decision.text)
        self.put_all([validation.meeting_in_some_language("text", text), validation.meeting_texts_fit("text", text)])
        for each in self.outcomes:
            name = f"paragraphs_{each.pk}"
            for mark in _marks(given.get(name, "")):
                answer = validation.has_paragraph(each, mark)
                if not answer:
                    self.add_error(name, str(answer.sentence))  # type: ignore[union-attr]
                    break
        return given

    def arguments(self) -> Json:
        """Return the arguments for the actions."""
        given = self.cleaned_data
        chosen = next((each for each in self.items if str(each.pk) == given.get("item")), None)
        return {
            "text": TEXT.texts(given, self.decision.text),
            "item": chosen,
            "paragraphs": [(each, mark) for each in self.outcomes for mark in _marks(given[f"paragraphs_{each.pk}"])],
        }

    def text_fields(self) -> list[InOneLanguage]:
        """Return the six fields of its words."""
        return TEXT.shown(self)

    def changed_fields(self) -> list[forms.BoundField]:
        """Return a field for each outcome."""
        return [self[f"paragraphs_{each.pk}"] for each in self.outcomes]


def _marks(typed: str) -> list[int]:
    """Return the distinct numbers in typed text, without those that are too long."""
    return list(
        dict.fromkeys(int(each) for each in _NUMBERS.findall(typed)[: validation.MOST_PARAGRAPHS + 1] if len(each) < 9)
    )
