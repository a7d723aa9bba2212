"""The forms of a decision, also on a campaign, of a report, of an appeal and of the decision on it, of a hold, and of a
moderator's preferences.
"""

from collections.abc import Sequence

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from plenara.accounts.forms.sign_in import address_field
from plenara.consultations.models import Thread
from plenara.core.languages import NAMES, current, direction, html_code, in_language
from plenara.core.rows import Json
from plenara.core.vocabulary import language_name
from plenara.moderation import publishable
from plenara.moderation.models import UNDO_TIME, Appeal, Code, Preference
from plenara.moderation.publishable import KINDS, Publishable

#: The choices after a move.
PUBLISH, WAIT = "publish", "wait"

CHOICES = [
    (Code.APPROVED, _("Approve and publish")),
    (Code.RETURNED, _("Return for revision")),
    (Code.MOVED, _("Move to another question")),
    (Code.REJECTED, _("Reject")),
]
HINTS = {
    Code.RETURNED: _("Its author can send it again."),
    Code.MOVED: _("It keeps its author and its words."),
    Code.REJECTED: _("With a reason; its author can appeal."),
}


class QuestionField(forms.ModelChoiceField):
    """A choice of a question, by its number and words."""

    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, Thread)
        return f"{obj.number}. {in_language(obj.question)}"


def offer_reasons(field: forms.Field, kind: Publishable) -> None:
    """Set the choices of a field to the reasons for a kind of thing."""
    assert isinstance(field, forms.ChoiceField)
    offered = ((code, publishable.reason_label(code)) for code in kind.reasons.for_moderators)
    field.choices = [("", _("Choose a reason")), *offered]


class DecisionForm(forms.Form):
    """Approve, return, move or reject, with a reason and a sentence."""

    code = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, required=False)
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, help_text=_("The author reads its full text in their language.")
    )
    thread = QuestionField(
        label=_("The other question"),
        queryset=Thread.objects.none(),
        required=False,
        empty_label=_("Choose a question"),
    )
    there = forms.ChoiceField(
        label=_("What becomes of it there"),
        widget=forms.RadioSelect,
        required=False,
        choices=[
            (PUBLISH, _("It is published there")),
            (WAIT, _("It waits there, for a moderator to decide on it")),
        ],
        initial=PUBLISH,
    )
    sentence = forms.CharField(
        label=_("A sentence for the author"),
        required=False,
        help_text=_("In your own words, up to 1,000 characters; it is sent as you write it."),
        widget=forms.Textarea(attrs={"class": "low", "rows": 3, "dir": "auto"}),
    )
    sentence_language = forms.ChoiceField(
        label=_("Language of your sentence"), required=False, choices=list(NAMES.items()), initial=current
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: Publishable,
        threads: QuerySet[Thread] | None,
        before: bool = True,
        initial: dict[str, object] | None = None,
    ):
        super().__init__(data, initial=initial)
        offer_reasons(self.fields["reason"], kind)
        if not before:
            for name in ("code", "thread", "there", "version"):
                del self.fields[name]
            return
        code, others = self.fields["code"], self.fields["thread"]
        assert isinstance(code, forms.ChoiceField)
        assert isinstance(others, forms.ModelChoiceField)
        self.can_move = threads is not None
        code.choices = [(value, label) for value, label in CHOICES if value != Code.MOVED or threads is not None]
        code.widget.hints = HINTS  # type: ignore[attr-defined]
        others.queryset = Thread.objects.none() if threads is None else threads


class RedactionForm(forms.Form):
    """A redacted text as it would be published, and the reason."""

    text = forms.CharField(
        label=_("The text, without the words to leave out"),
        help_text=_("Delete the words to leave out. Readers see […] in their place. Nothing else can be changed."),
        error_messages={"required": _("Nothing would be left of the text. Return or reject it instead.")},
        widget=forms.Textarea(attrs={"class": "words", "rows": 14}),
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        required=False,
        help_text=_("The author and the readers of the register of decisions see it."),
    )
    sentence = forms.CharField(
        label=_("A sentence for the author"),
        required=False,
        help_text=_("In your own words, up to 1,000 characters; it is sent as you write it."),
        widget=forms.Textarea(attrs={"class": "low", "rows": 3, "dir": "auto"}),
    )
    sentence_language = forms.ChoiceField(
        label=_("Language of your sentence"), required=False, choices=list(NAMES.items()), initial=current
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: Publishable,
        language: str,
        initial: dict[str, object] | None = None,
    ):
        super().__init__(data, initial=initial)
        offer_reasons(self.fields["reason"], kind)
        self.fields["text"].widget.attrs |= {"lang": html_code(language), "dir": direction(language)}


class ReportForm(forms.Form):
    """A reader's report: what is wrong, words of their own, and an address where nobody is signed in."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong with it.")},
    )
    text = forms.CharField(
        label=_("In your own words"),
        required=False,
        help_text=_("What should the moderator look at? Its author does not see this."),
        widget=forms.Textarea(attrs={"class": "low", "rows": 4, "dir": "auto"}),
    )

    def __init__(self, data: QueryDict | None = None, *, kind: Publishable, asks_address: bool):
        super().__init__(data)
        self.asks_address = asks_address
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [(code, publishable.reason_label(code)) for code in kind.reasons.for_readers]
        if asks_address:
            self.fields["address"] = address_field(
                label=_("Your e-mail address"),
                help_text=_(
                    "You get a mail with a link to confirm the report, and one with what came of it. Nobody here sees "
                    "the address, and it is deleted then."
                ),
            )


class AppealForm(forms.Form):
    """An author's reason for an appeal. It names the decision that was read."""

    text = forms.CharField(
        label=_("Why should the decision be changed?"),
        help_text=_("In your own words, up to 5,000 characters. Only those who moderate this consultation read it."),
        error_messages={"required": _("Say why the decision should be changed.")},
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    decision = forms.IntegerField(widget=forms.HiddenInput)  # set by the page: the decision that it shows


class AppealDecisionForm(forms.Form):
    """Upheld or dismissed, with the reason."""

    outcome = forms.ChoiceField(
        label=_("What becomes of the appeal"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of the appeal.")},
    )
    answer = forms.CharField(
        label=_("The reason, for the author"),
        help_text=_("In your own words, up to 1,000 characters; it is sent as you write it."),
        error_messages={"required": _("Give the reason in your own words. The author reads it.")},
        widget=forms.Textarea(attrs={"class": "low", "rows": 5, "dir": "auto"}),
    )
    answer_language = forms.ChoiceField(
        label=_("Language of your reason"), required=False, choices=list(NAMES.items()), initial=current
    )

    def __init__(self, data: QueryDict | None = None, *, kind: Publishable):
        super().__init__(data)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [
            (Appeal.Status.UPHELD, kind.sentences["uphold"]),
            (Appeal.Status.OVERRULED, _("Dismiss it: the decision is not changed")),
        ]


ALL, SOME = "all", "some"


class CampaignForm(DecisionForm):
    """Approve, return or reject all pending items, or the selected ones."""

    which = forms.ChoiceField(
        label=_("Which of them"),
        widget=forms.RadioSelect,
        choices=[(ALL, _("All that wait")), (SOME, _("Those that are chosen above"))],
        initial=ALL,
    )
    until = forms.IntegerField(widget=forms.HiddenInput)  # the latest item that the page shows or counts

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, object] | None = None):
        super().__init__(data, kind=KINDS["contribution"], threads=None, initial=initial)
        for name in ("version", "thread", "there"):
            del self.fields[name]
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)
        labels = {
            Code.APPROVED: _("Approve and publish, as one text with all who submitted it"),
            Code.RETURNED: _("Return for revision"),
            Code.REJECTED: _("Reject"),
        }
        code.choices = list(labels.items())
        seconds = int(UNDO_TIME.total_seconds())
        hint = _("They are published after %(seconds)d seconds. Until then you can undo it.") % {"seconds": seconds}
        code.widget.hints = {Code.APPROVED: hint}  # type: ignore[attr-defined]
        self.order_fields(["which", "code", "reason", "sentence", "sentence_language", "until"])


def _named(code: str) -> str:
    """Return a language by its own name, marked as such; one that is not among the six by the reader's."""
    return (
        format_html('<span lang="{}">{}</span>', html_code(code), NAMES[code]) if code in NAMES else language_name(code)
    )


class HoldForm(forms.Form):
    """The last day of a hold, and its reason."""

    until = forms.DateField(
        label=_("On hold until"),
        required=False,
        help_text=_("On this day it waits again. At most sixty days from now; it can be decided on meanwhile."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write a date, such as 2026-10-20.")},
    )
    reason = forms.CharField(
        label=_("Why it is on hold"),
        required=False,
        help_text=_("For the other moderators. Neither its author nor the public reads it."),
        widget=forms.Textarea(attrs={"class": "low", "rows": 3, "dir": "auto"}),
    )


class PreferenceForm(forms.Form):
    """The languages that a moderator reads, and when they get e-mail about pending items."""

    reads = forms.MultipleChoiceField(
        label=_("Languages that you read"),
        required=False,
        help_text=_("What is in these languages comes first in your queue. Choose none to see all by age alone."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose languages from the list.")},
    )
    tell_late = forms.BooleanField(
        label=_("Write to me when something waits longer than half of what is promised"), required=False
    )
    digest = forms.ChoiceField(
        label=_("An e-mail that sums up what waits"),
        help_text=_("Nothing is sent when nothing waits."),
        choices=Preference.Digest.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often."), "invalid_choice": _("Choose how often.")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        languages: Sequence[str],
        initial: dict[str, object] | None = None,
    ):
        super().__init__(data, initial=initial)
        reads = self.fields["reads"]
        assert isinstance(reads, forms.MultipleChoiceField)
        reads.choices = [(code, _named(code)) for code in languages]

    @classmethod
    def of(cls, preference: Preference, languages: Sequence[str]) -> "PreferenceForm":
        """Return the form with the saved values."""
        initial = {"reads": preference.reads, "tell_late": preference.notify_late, "digest": preference.digest}
        return cls(initial=initial, languages=languages)

    def preferences(self) -> Json:
        """Return the values as arguments of `set_preference`."""
        data = self.cleaned_data
        return {"reads": data["reads"], "notify_late": data["tell_late"], "digest": data["digest"]}
