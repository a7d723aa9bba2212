"""Forms of the rapporteur's desk. The rules for inputs are in `validation`."""

import datetime

from django import forms
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from plenara.consultations.models import Consultation, Thread
from plenara.core.languages import NAMES, in_language
from plenara.core.text import excerpt
from plenara.core.vocabulary import weekday_names
from plenara.documents.forms import ParagraphChoice
from plenara.documents.kinds import STATEMENTS
from plenara.documents.models import Kind, Side
from plenara.summaries import periods
from plenara.summaries.models import Schedule

_WORDS = {"class": "words low", "rows": 4}


class PeriodForm(forms.Form):
    """The period and the title of a summary."""

    title = forms.CharField(
        label=pgettext_lazy("label", "Title"),
        required=False,
        help_text=_(
            "Say in a few words what the summary is about, in the language in which you write. You can add the title "
            "later."
        ),
    )
    period_from = forms.DateField(
        label=_("First day of the period"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    period_to = forms.DateField(
        label=_("Last day of the period"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    title_was = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    period_was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
        consultation: Consultation,
    ):
        super().__init__(data, initial=initial)
        self.consultation = consultation
        self.fields["period_from"].help_text = _("Days are in the time zone of the consultation: %(zone)s.") % {
            "zone": consultation.timezone
        }

    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Return the first and the last moment of the period, in UTC."""
        return (
            periods.begins(self.cleaned_data["period_from"], self.consultation),
            periods.ends(self.cleaned_data["period_to"], self.consultation),
        )

    def moments_were(self) -> tuple[datetime.datetime, datetime.datetime]:
        """Return the period that the form was opened on; if forged, one that never existed."""
        try:
            first, last = (
                datetime.datetime.fromisoformat(each) for each in self.cleaned_data["period_was"].split("/", 1)
            )
        except ValueError:
            first = last = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        return first, last


class NewForm(PeriodForm):
    """A new summary: its period and its own language."""

    source_language = forms.ChoiceField(
        label=_("Language in which you write"),
        choices=list(NAMES.items()),
        help_text=_("The other five languages are translated from this language."),
    )
    field_order = ["source_language", "period_from", "period_to", "title"]


def _questions(threads: list[Thread]) -> list[tuple[str, str]]:
    named = [
        (str(each.pk), f"{each.number}. {excerpt(' '.join(in_language(each.question).text.split()), 90)[0]}")
        for each in threads
    ]
    return [("", pgettext("place of a statement", "No question: about the whole consultation")), *named]


class StatementForm(forms.Form):
    """A statement: kind, question, heading, words, and opposing view."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("label", "Kind"),
        choices=[("", pgettext_lazy("option", "Choose a kind")), *((kind.value, kind.label) for kind in STATEMENTS)],
        required=False,
        help_text=_(
            "A note gives the period or the method, or says that a question received no contributions. All other "
            "statements need citations."
        ),
    )
    thread = forms.ChoiceField(
        label=_("Under which question?"),
        required=False,
        help_text=_("The question under which this statement appears."),
    )
    heading = forms.CharField(
        label=pgettext_lazy("label", "Heading"),
        required=False,
        help_text=_("The heading appears above this statement. The next statements appear under the same heading."),
    )
    text = forms.CharField(
        label=pgettext_lazy("label", "Statement"),
        required=False,
        strip=False,
        help_text=_(
            "Write one point that the contributions make. Below it, we add how many contributions make this point, "
            "and from which stakeholder groups."
        ),
        widget=forms.Textarea(attrs=_WORDS),
    )
    against = forms.CharField(
        label=pgettext_lazy("label", "Opposing view"),
        required=False,
        strip=False,
        help_text=_("Only for a disagreement. Both sides are shown next to each other, each with its own citations."),
        widget=forms.Textarea(attrs=_WORDS),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, str] | None = None,
        language: str,
        direction: str,
        threads: list[Thread],
    ):
        super().__init__(data, initial=initial)
        self.threads = {str(each.pk): each for each in threads}
        question = self.fields["thread"]
        assert isinstance(question, forms.ChoiceField)
        question.choices = _questions(threads)
        for name in ("heading", "text", "against"):
            self.fields[name].widget.attrs |= {"lang": language, "dir": direction}

    @property
    def says_both(self) -> bool:
        """Whether the second side is open: it is a disagreement, or has words there already."""
        return self["kind"].value() == Kind.DISAGREEMENT or bool(self["against"].value()) or "against" in self.errors

    def values(self) -> dict:
        """Return the arguments of the action."""
        typed = self.cleaned_data
        return {
            "kind": typed["kind"],
            "thread": self.threads.get(typed["thread"]),
            "heading": typed["heading"],
            "text": typed["text"],
            "against": typed["against"],
        }


class CiteForm(forms.Form):
    """Words of a contribution, and the statement that cites them."""

    statement = forms.ChoiceField(label=_("Which statement cites these words?"), required=False, widget=ParagraphChoice)
    sentences = forms.MultipleChoiceField(
        label=pgettext_lazy("label", "Sentences"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "sentence"}),
    )
    words = forms.CharField(
        label=pgettext_lazy("label", "The exact words"),
        required=False,
        strip=False,
        help_text=_("Select the words in the contribution, or copy them into this field."),
        widget=forms.Textarea(attrs={**_WORDS, "dir": "auto"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind of the new statement"),
        required=False,
        choices=[(kind.value, kind.label) for kind in STATEMENTS if kind != Kind.FRAME],
    )
    text = forms.CharField(
        label=_("Text of the new statement"), required=False, strip=False, widget=forms.Textarea(attrs=_WORDS)
    )
    against = forms.CharField(
        label=pgettext_lazy("label", "Opposing view"),
        required=False,
        strip=False,
        help_text=_("Only for a disagreement."),
        widget=forms.Textarea(attrs=_WORDS),
    )
    thread = forms.ChoiceField(label=_("Question of the new statement"), required=False)
    side = forms.ChoiceField(
        label=_("Which side do these words support?"),
        required=False,
        choices=Side.choices,
        help_text=_("Only a disagreement has two sides."),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
        statements: list[tuple[str, str]],
        threads: list[Thread],
        sentences: list[str],
        language: str,
        direction: str,
    ):
        super().__init__(data, initial=initial)
        statement, chosen = self.fields["statement"], self.fields["sentences"]
        assert isinstance(statement, forms.ChoiceField)
        assert isinstance(chosen, forms.ChoiceField)
        statement.choices = [
            ("", pgettext_lazy("label", "Choose a statement")),
            *statements,
            ("new", _("A new statement (write it below)")),
        ]
        chosen.choices = [(str(place), sentence) for place, sentence in enumerate(sentences)]
        self.threads = {str(each.pk): each for each in threads}
        question = self.fields["thread"]
        assert isinstance(question, forms.ChoiceField)
        question.choices = _questions(threads)
        spoken = {"lang": language, "dir": direction}
        for name in ("text", "against"):
            self.fields[name].widget.attrs |= spoken
        assert isinstance(statement.widget, ParagraphChoice)
        statement.widget.spoken = spoken

    @property
    def has_new(self) -> bool:
        """Whether the fields of a new statement have words or errors, so that they stay visible."""
        written = any(str(self[name].value() or "").strip() for name in ("text", "against"))
        return written or any(self[name].errors for name in ("kind", "thread", "text", "against"))


class SetAsideForm(forms.Form):
    """Why a contribution is set aside."""

    reason = forms.CharField(
        label=_("Why is this contribution set aside?"),
        required=False,
        strip=False,
        help_text=_("Readers will see the reason beside the contribution, in the language of the summary."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "low"}),
    )


class NoteForm(forms.Form):
    """The note to the writers of a summary that is sent back."""

    note = forms.CharField(
        label=_("What should be changed?"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "low", "dir": "auto"}),
    )


class GroupChoice(forms.ChoiceField):
    """A choice among groups. Its values carry the stamp with which a group was shown, which may be old."""

    offered: list[tuple[str, str]]

    def valid_value(self, value: object) -> bool:
        pk = str(value).partition(":")[0]
        return any(pk == str(known).partition(":")[0] for known, _label in self.offered)


class NameForm(forms.Form):
    """The name of a group."""

    name = forms.CharField(
        label=_("Name of the group"),
        required=False,
        help_text=_(
            "Say in a few words what the sentences of the group have in common. The name is for you and your "
            "colleagues."
        ),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)


class MergeForm(forms.Form):
    """The group into which another is merged, with the stamps of both."""

    to = GroupChoice(label=_("Merge this group into"), required=False)
    stamp = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
        groups: list[tuple[str, str]],
        prefix: str | None = None,
    ):
        super().__init__(data, initial=initial, prefix=prefix)
        to = self.fields["to"]
        assert isinstance(to, GroupChoice)
        to.offered = groups
        to.choices = [("", _("Choose a group")), *groups]


class SentencesForm(forms.Form):
    """The target of the chosen sentences: another group, or a new one."""

    to = forms.ChoiceField(label=_("Move the selected sentences to"), required=False)
    new_name = forms.CharField(
        label=_("Name of the new group"), required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
        groups: list[tuple[str, str]],
        prefix: str | None = None,
    ):
        super().__init__(data, initial=initial, prefix=prefix)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [("", _("Choose a group")), *groups, (NEW, _("A new group"))]


NEW = "new"


def _weekdays() -> list[tuple[int, str]]:
    return list(enumerate(weekday_names(), 1))


class ScheduleForm(forms.Form):
    """How often a summary is due, and in how many working days."""

    is_on = forms.BooleanField(
        label=_("Summaries are due regularly"),
        required=False,
        help_text=_("Periods are set automatically, and rapporteurs and translators receive reminders."),
    )
    every = forms.ChoiceField(label=_("How often summaries are due"), choices=Schedule.Every.choices)
    weekday = forms.TypedChoiceField(
        label=_("Day on which a period ends"),
        coerce=int,
        choices=lazy(_weekdays, list)(),
        help_text=_("For monthly summaries, the period ends on the last occurrence of this weekday in the month."),
    )
    source_language = forms.ChoiceField(label=_("Language in which summaries are written"), choices=list(NAMES.items()))
    writing_days = forms.IntegerField(
        label=_("Working days for writing"),
        help_text=_("Time from the end of the period until the summary is sent for review."),
    )
    translating_days = forms.IntegerField(
        label=_("Working days for translating"),
        help_text=_("Time from the approval of the summary until the other five languages are ready."),
    )
    was = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_was(self) -> int:
        """Return the stamp that the form was opened on; 0 without one."""
        return self.cleaned_data["was"] or 0
