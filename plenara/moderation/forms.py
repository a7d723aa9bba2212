"""The forms of a decision, also on a campaign, of a report, of an appeal and of the decision on it, of a hold, and of a
moderator's preferences.
"""

from collections.abc import Sequence

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts.forms.sign_in import address_field
from plenara.consultations.models import Thread
from plenara.core.languages import NAMES, current, direction, html_code, in_language, join_sentences_lazy
from plenara.core.rows import Json
from plenara.core.vocabulary import language_name
from plenara.moderation import kinds
from plenara.moderation.kinds import KINDS, ModeratedKind
from plenara.moderation.models import UNDO_TIME, Appeal, Code, Preference
from plenara.moderation.validation import HOLD_DAYS, MOST_OF_ANSWER, MOST_OF_APPEAL, MOST_OF_SENTENCE

#: The choices after a move.
PUBLISH, WAIT = "publish", "wait"

CHOICES = [
    (Code.APPROVED, pgettext_lazy("label", "Approve and publish")),
    (Code.RETURNED, _("Return for revision")),
    (Code.MOVED, _("Move to another question")),
    (Code.REJECTED, pgettext_lazy("label", "Reject")),
]
HINTS = {
    Code.RETURNED: _("You give a reason. The author can change the text and submit it again, or appeal."),
    Code.MOVED: _("Only the question changes. The author and the text stay the same."),
    Code.REJECTED: _("You give a reason. The author can appeal."),
}
SENTENCE_HINT = format_lazy(
    _("In your own words, up to {limit} characters. We send your comment unchanged."), limit=MOST_OF_SENTENCE
)


class QuestionField(forms.ModelChoiceField):
    """A choice of a question, by its number and words."""

    def label_from_instance(self, obj: Model) -> str:
        assert isinstance(obj, Thread)
        return f"{obj.number}. {in_language(obj.question)}"


def offer_reasons(field: forms.Field, kind: ModeratedKind) -> None:
    """Set the choices of a field to the reasons for a kind of thing."""
    assert isinstance(field, forms.ChoiceField)
    offered = ((code, kinds.reason_label(code)) for code in kind.reasons.for_moderators)
    field.choices = [("", _("Choose a reason")), *offered]


class DecisionForm(forms.Form):
    """Approve, return, move or reject, with a reason and a sentence."""

    code = forms.ChoiceField(label=pgettext_lazy("label", "Decision"), widget=forms.RadioSelect, required=False)
    reason = forms.ChoiceField(
        label=pgettext_lazy("label", "Reason"),
        required=False,
        help_text=_("The author reads the full text of the reason in their own language."),
    )
    thread = QuestionField(
        label=_("Question to move the contribution to"),
        queryset=Thread.objects.none(),
        required=False,
        empty_label=_("Choose a question"),
    )
    there = forms.ChoiceField(
        label=_("State after the move"),
        widget=forms.RadioSelect,
        required=False,
        choices=[
            (PUBLISH, _("Published under the new question")),
            (WAIT, _("Waiting for a moderator under the new question")),
        ],
        initial=PUBLISH,
    )
    sentence = forms.CharField(
        label=_("Comment for the author"),
        required=False,
        help_text=SENTENCE_HINT,
        widget=forms.Textarea(attrs={"class": "low", "rows": 3, "dir": "auto"}),
    )
    sentence_language = forms.ChoiceField(
        label=_("Language of your comment"), required=False, choices=list(NAMES.items()), initial=current
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: ModeratedKind,
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
        help_text=_("Delete the words to leave out. Readers see […] in their place. You cannot change anything else."),
        error_messages={"required": _("No text would be left. Return or reject the contribution instead.")},
        widget=forms.Textarea(attrs={"class": "words", "rows": 14}),
    )
    reason = forms.ChoiceField(
        label=pgettext_lazy("label", "Reason"),
        required=False,
        help_text=_("The author sees the reason. It also appears in the register of decisions."),
    )
    sentence = forms.CharField(
        label=_("Comment for the author"),
        required=False,
        help_text=SENTENCE_HINT,
        widget=forms.Textarea(attrs={"class": "low", "rows": 3, "dir": "auto"}),
    )
    sentence_language = forms.ChoiceField(
        label=_("Language of your comment"), required=False, choices=list(NAMES.items()), initial=current
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: ModeratedKind,
        language: str,
        initial: dict[str, object] | None = None,
    ):
        super().__init__(data, initial=initial)
        offer_reasons(self.fields["reason"], kind)
        self.fields["text"].widget.attrs |= {"lang": html_code(language), "dir": direction(language)}


class ReportForm(forms.Form):
    """A reader's report: what is wrong, words of their own, and an address where nobody is signed in."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("label", "What is wrong?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    text = forms.CharField(
        label=_("In your own words"),
        required=False,
        help_text=_("What should the moderator look at? The author does not see your words."),
        widget=forms.Textarea(attrs={"class": "low", "rows": 4, "dir": "auto"}),
    )

    def __init__(self, data: QueryDict | None = None, *, kind: ModeratedKind, asks_address: bool):
        super().__init__(data)
        self.asks_address = asks_address
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [(code, kinds.reason_label(code)) for code in kind.reasons.for_readers]
        if asks_address:
            self.fields["address"] = address_field(
                label=_("Your e-mail address"),
                help_text=_(
                    "We send one e-mail to confirm the report and one with the decision. Moderators do not see your "
                    "address. We delete it after the decision."
                ),
            )


class AppealForm(forms.Form):
    """An author's reason for an appeal. It names the decision that was read."""

    text = forms.CharField(
        label=_("Why should the decision be changed?"),
        help_text=format_lazy(
            _("In your own words, up to {limit} characters. Only the moderators of this consultation will read them."),
            limit=MOST_OF_APPEAL,
        ),
        error_messages={"required": _("Say why the decision should be changed.")},
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
    )
    decision = forms.IntegerField(widget=forms.HiddenInput)  # set by the page: the decision that it shows


class AppealDecisionForm(forms.Form):
    """Upheld or dismissed, with the reason."""

    outcome = forms.ChoiceField(
        label=_("Decision on the appeal"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision on the appeal.")},
    )
    answer = forms.CharField(
        label=_("Reason for the decision"),
        help_text=format_lazy(
            _("In your own words, up to {limit} characters. We send the reason to the author unchanged."),
            limit=MOST_OF_ANSWER,
        ),
        error_messages={"required": _("Give the reason in your own words. The author will read the reason.")},
        widget=forms.Textarea(attrs={"class": "low", "rows": 5, "dir": "auto"}),
    )
    answer_language = forms.ChoiceField(
        label=_("Language of your reason"), required=False, choices=list(NAMES.items()), initial=current
    )

    def __init__(self, data: QueryDict | None = None, *, kind: ModeratedKind):
        super().__init__(data)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [
            (Appeal.Status.UPHELD, kind.sentences["uphold"]),
            (Appeal.Status.OVERRULED, _("Dismiss the appeal: the decision is not changed")),
        ]


ALL, SOME = "all", "some"


class CampaignForm(DecisionForm):
    """Approve, return or reject all pending items, or the selected ones."""

    which = forms.ChoiceField(
        label=_("Contributions to decide on"),
        widget=forms.RadioSelect,
        choices=[
            (ALL, _("All contributions that are waiting for a decision")),
            (SOME, _("Contributions ticked in the table")),
        ],
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
            Code.APPROVED: _("Approve: publish the text once, with the names of all its authors"),
            Code.RETURNED: _("Return for revision"),
            Code.REJECTED: pgettext_lazy("option", "Reject"),
        }
        code.choices = list(labels.items())
        seconds = int(UNDO_TIME.total_seconds())
        hint = _("The text is published after %(seconds)d seconds. Until then, you can undo the decision.") % {
            "seconds": seconds
        }
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
        help_text=join_sentences_lazy(
            format_lazy(
                _("The text returns to the queue on this day. Choose a day within the next {limit} days."),
                limit=HOLD_DAYS,
            ),
            _("A moderator can still decide on the text before then."),
        ),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a date, such as 2026-10-20.")},
    )
    reason = forms.CharField(
        label=_("Reason for the hold"),
        required=False,
        help_text=_("Write the reason for the other moderators. The author and the public cannot read the reason."),
        widget=forms.Textarea(attrs={"class": "low", "rows": 3, "dir": "auto"}),
    )


class PreferenceForm(forms.Form):
    """The languages that a moderator reads, and when they get e-mail about pending items."""

    reads = forms.MultipleChoiceField(
        label=_("Languages that you read"),
        required=False,
        help_text=_(
            "Texts in these languages come first in your queue. If you choose none, the oldest texts come first."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose languages from the list.")},
    )
    tell_late = forms.BooleanField(
        label=_("Send an e-mail when an item has waited for more than half of the promised time"), required=False
    )
    digest = forms.ChoiceField(
        label=_("E-mail summary of what is waiting for a decision"),
        help_text=_("We send no e-mail when nothing is waiting for a decision."),
        choices=Preference.Digest.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": pgettext_lazy("text", "Choose how often you want to get the e-mail."),
            "invalid_choice": pgettext_lazy("text", "Choose how often you want to get the e-mail."),
        },
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
