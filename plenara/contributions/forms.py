"""Forms of contributions and the seal in one; of shared drafts and signatures; of letters and spreadsheets; of disputed
bylines.
"""

import datetime
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from plenara.accounts.forms.settings import BylineForm
from plenara.accounts.models import Person
from plenara.consultations.forms.fields import Words
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Channel, Contribution, Dispute
from plenara.contributions.queries.submissions import Part
from plenara.contributions.validation import DAYS, MOST_REMARK
from plenara.contributions.validation.papers import MOST_BYTES
from plenara.core import clock
from plenara.core.forms import ActionForm
from plenara.core.languages import NAMES, current, direction, html_code, in_language, join_sentences_lazy
from plenara.core.refusals import ActionRefused, Denied, Sentence
from plenara.core.rows import Json
from plenara.core.seals import fresh_key, seal, unseal
from plenara.core.text import first_words, number_in, plain
from plenara.core.vocabulary import Capacity, StakeholderGroup, country_choices, language_name

#: How a text is marked up, below the fields for it.
MARKUP = gettext_lazy(
    "At the start of a line, write “-\u00a0” for a list and “>\u00a0” for a quote. In the text: *emphasis* and "
    "[link](https://example.org)."
)


class ShareForm(ActionForm):
    """How long a link to a draft is open."""

    days = forms.IntegerField(
        label=gettext_lazy("For how many days does the link work?"),
        help_text=gettext_lazy("From 1 to 30 days. You can turn off the link at any time."),
        initial=14,
        error_messages={
            "required": gettext_lazy("Enter a number of days from 1 to 30."),
            "invalid": gettext_lazy("Enter a number of days from 1 to 30."),
        },
        widget=forms.NumberInput(attrs={"min": DAYS[0], "max": DAYS[1], "inputmode": "numeric"}),
    )


class AskForm(ActionForm):
    """The people who are asked to sign, and the language of the e-mail."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses of the people you ask to sign"),
        help_text=gettext_lazy(
            "One e-mail address per line, up to 50. We send each person one e-mail with a link. "
            "They do not need an account."
        ),
        error_messages={"required": gettext_lazy("Enter at least one e-mail address.")},
        max_length=20_000,
        widget=forms.Textarea(attrs={"class": "low", "rows": 4, "dir": "ltr", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the e-mail"), choices=list(NAMES.items()))

    @property
    def written(self) -> list[str]:
        """The addresses, with any separator."""
        return [each for each in re.split(r"[\s,;]+", self.cleaned_data["addresses"]) if each]


class RemarkForm(ActionForm):
    """A remark on a draft."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        error_messages={"required": pgettext_lazy("text", "Enter a name.")},
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Your remark"),
        help_text=format_lazy(
            gettext_lazy("Only the author can read your remark. Up to {limit} characters."), limit=MOST_REMARK
        ),
        error_messages={"required": pgettext_lazy("text", "Enter your remark.")},
        max_length=MOST_REMARK * 10,  # a longer one is reported by the validation, and stays in the form
        widget=forms.Textarea(attrs={"class": "low", "rows": 5, "dir": "auto"}),
    )


class SignForm(BylineForm):
    """The byline of a signatory. A signature has a name, so that cannot be withheld."""

    withholds_name = None  # type: ignore[assignment]  # Django's way to leave a field out
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("Your name is published with the text."),
        error_messages={"required": pgettext_lazy("text", "Enter a name.")},
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ("name", "stakeholder_group", "capacity", "organization", "country", "withholds_country", "sha256")

    @classmethod
    def for_words(cls, sha256: str, **values: object) -> "SignForm":
        """Return the form for a text with this digest, filled in with earlier answers."""
        return cls(initial={**values, "sha256": sha256})


_ENTRY_KEY = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)
#: The question and what is replied to stay when an entry is corrected.
FIXED_FIELDS = ("question", "in_reply_to")


class EntryForm(forms.Form):
    """One letter or statement. `entries.read` validates it, and a spreadsheet's row too."""

    question = forms.CharField(label=pgettext_lazy("label", "Question"), required=False, widget=forms.Select)
    channel = forms.CharField(
        label=gettext_lazy("How you received the text"),
        required=False,
        widget=forms.RadioSelect(
            choices=[
                (Channel.LETTER, pgettext_lazy("channel", "Letter")),
                (Channel.MEETING, pgettext_lazy("channel", "Said at a meeting")),
            ]
        ),
    )
    occasion = Words(
        label=gettext_lazy("Name of the meeting, or reference of the letter"),
        help_text=gettext_lazy(
            "Readers see what you enter. For example: “Open Consultation, Geneva”. Optional for a letter."
        ),
    )
    date = Words(
        label=gettext_lazy("Date of receipt, or of the meeting"), widget=forms.TextInput(attrs={"type": "date"})
    )
    in_reply_to = Words(
        label=gettext_lazy("Number of the contribution that the text replies to"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )
    language = forms.CharField(label=gettext_lazy("Language of the text"), required=False, widget=forms.Select)
    title = Words(label=pgettext_lazy("label", "Title"))
    text = Words(
        lines=12,
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"class": "words", "rows": 12, "dir": "auto"}),
        help_text=join_sentences_lazy(gettext_lazy("Copy the text word for word."), MARKUP),
    )
    name = Words(label=gettext_lazy("Author’s name"))
    name_withheld = forms.BooleanField(
        label=gettext_lazy("Withhold the author’s name"),
        required=False,
        help_text=gettext_lazy("We do not store the name at all. Moderators do not see it either."),
    )
    stakeholder_group = forms.CharField(
        label=pgettext_lazy("label", "Stakeholder group"),
        required=False,
        widget=forms.RadioSelect(choices=StakeholderGroup.choices),
    )
    capacity = forms.CharField(
        label=gettext_lazy("In what capacity does the author speak?"),
        required=False,
        widget=forms.RadioSelect(choices=Capacity.choices),
    )
    organization = Words(
        label=pgettext_lazy("label", "Organization"),
        help_text=gettext_lazy("Fill this in only if the author speaks for an organization."),
    )
    country = forms.CharField(label=pgettext_lazy("label", "Country"), required=False, widget=forms.Select)
    original = forms.FileField(
        label=pgettext_lazy("label", "Original document"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy(
            "A PDF, Word (DOCX), OpenDocument (ODT) or plain text file, up to 10 MB. Only moderators can see it."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.txt"}),
    )
    publishes_original = forms.BooleanField(
        label=gettext_lazy("Publish the original with the contribution"),
        required=False,
        help_text=gettext_lazy(
            "Anyone will be able to download the original. Check that it does not show an address or a signature."
        ),
    )
    consent = Words(
        lines=2,
        label=gettext_lazy("How and when the author agreed to publication"),
        help_text=gettext_lazy(
            "We never publish your answer. For example: “In the letter itself” or “By telephone on 3 March”."
        ),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict | None = None,
        *,
        consultation: Consultation,
        corrects: Contribution | None = None,
        initial: Mapping[str, str] | None = None,
    ):
        super().__init__(data, files, initial={"key": secrets.token_urlsafe(24), **(initial or {})})
        choose = [("", gettext("Choose an option"))]
        self._offer("question", [*choose, *_question_choices(consultation)])
        accepted = [(code, NAMES.get(code) or language_name(code)) for code in consultation.languages]
        self._offer("language", accepted if len(accepted) == 1 else [*choose, *accepted])
        self._offer("country", [("", pgettext("label", "Not stated")), *country_choices()])
        if corrects:
            for name in FIXED_FIELDS:
                del self.fields[name]
            if corrects.original_id:
                self.fields["original"].help_text = gettext(
                    "If you choose another document, it replaces the current one."
                )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)
        widget.choices = choices

    def values(self) -> dict[str, str]:
        """Return the typed values as those of a spreadsheet's row."""
        names = self.fields.keys() - {"original", "publishes_original", "key"}
        values = {name: self.cleaned_data.get(name) or "" for name in names}
        return {name: ("yes" if value else "") if name == "name_withheld" else value for name, value in values.items()}

    def key_sent(self) -> str:
        """Return the idempotency key of this form, or another where it was tampered with."""
        key = self.cleaned_data.get("key", "")
        return f"entered-{key if _ENTRY_KEY.fullmatch(key) else secrets.token_urlsafe(24)}"

    def document(self) -> tuple[str, bytes] | None:
        """Return name and bytes of the original; of a file that is too large only as much as shows that."""
        file = self.cleaned_data.get("original")
        return (file.name, file.read(MOST_BYTES + 1)) if file else None

    def put(self, refused: ActionRefused | Denied) -> None:
        """Show a refusal, at its field or above all."""
        field = {"paper": "original"}.get(refused.field or "", refused.field)
        self.add_error(field if field in self.fields else None, str(refused.sentence))


def _question_choices(consultation: Consultation) -> list[tuple[str, str]]:
    return [
        (str(each.number), f"{each.number}. {first_words(in_language(each.question).text, 90)}")
        for each in consultation.threads.all()
    ]


class SheetForm(forms.Form):
    """A spreadsheet to upload."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("A CSV or XLSX file, up to 5 MB and 2,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


_SEAL_SALT = "plenara.contribute"


def typed(data: Mapping[str, str]) -> dict[str, str]:
    """Return the typed text without NUL bytes, which no database stores."""
    return {name: data.get(name, "").replace("\x00", "") for name in ("text", "language", "title", "part")}


def as_sent(values: Mapping[str, str]) -> Json:
    """Return the typed values as the actions take them: of the paragraph its number, or an unknown one for nonsense."""
    part = values["part"].strip()
    return {**values, "part": number_in(part) if part else None}


@dataclass(frozen=True)
class Seal:
    """What a form was opened for: the person, the thread and reply, the time; and an idempotency key."""

    key: str
    person: int
    thread: int
    answers: int  # a contribution's number, or 0
    opened_at: datetime.datetime

    def sealed(self) -> str:
        """Return it signed, for the hidden field: readable, but protected against forgery."""
        parts = [self.key, self.person, self.thread, self.answers, int(self.opened_at.timestamp())]
        return seal(parts, _SEAL_SALT)

    @classmethod
    def fresh(cls, person: Person, thread: Thread, answers: int, key: str = "") -> "Seal":
        """Return the seal of a newly opened form."""
        return cls(key or fresh_key(), person.pk, thread.pk, answers, clock.now())

    @classmethod
    def read(cls, sealed: str, person: Person, thread: Thread, answers: int) -> "Seal | None":
        """Return the seal, or nothing where it is forged, older than a month, or of another form."""
        parts = unseal(sealed, _SEAL_SALT, 5)
        if not parts or parts[1:4] != [person.pk, thread.pk, answers]:
            return None
        key, owner, where, what, opened = parts
        return cls(key, owner, where, what, datetime.datetime.fromtimestamp(opened, datetime.UTC))

    @staticmethod
    def owner(sealed: str) -> int | None:
        """Return the id of the person whose form carries this seal; nothing where it is forged or too old."""
        parts = unseal(sealed, _SEAL_SALT, 5)
        return parts[1] if parts else None


class ContributionForm(forms.Form):
    """A text, its language and an optional title; for a draft's section, the paragraph that it is about."""

    part = forms.ChoiceField(
        label=gettext_lazy("Which paragraph are you commenting on?"),
        required=False,
        help_text=gettext_lazy("Leave this blank if you are commenting on the whole section."),
    )
    text = forms.CharField(
        label=pgettext_lazy("label", "Your contribution"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "words", "rows": 12, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of your text"), required=False)
    title = forms.CharField(
        label=pgettext_lazy("label", "Title"),
        required=False,
        help_text=gettext_lazy("A few words that say what the text is about."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    paper = forms.FileField(
        label=pgettext_lazy("label", "Longer document"),
        required=False,
        help_text=gettext_lazy(
            "One PDF, Word (DOCX), OpenDocument (ODT) or plain text file, up to 10 MB. It is published with your text."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.txt"}),
    )
    seal = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        consultation: Consultation,
        parts: Sequence[Part] = (),
        initial: dict[str, str] | None = None,
    ):
        super().__init__(data, initial=initial)
        self._offer(parts)
        accepted = [(code, NAMES.get(code) or language_name(code)) for code in consultation.languages]
        choices = accepted if len(accepted) == 1 else [("", pgettext_lazy("label", "Choose a language")), *accepted]
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        written_in = str((self.data if self.is_bound else self.initial).get("language") or "")
        if written_in in consultation.languages:
            spoken = {"lang": html_code(written_in), "dir": direction(written_in)}
            self.fields["text"].widget.attrs |= spoken
            self.fields["title"].widget.attrs |= spoken
        limit = consultation.word_limit
        rule = (
            gettext_lazy("Up to %(limit)d words. No one will edit your text.") % {"limit": limit}
            if limit
            else gettext_lazy("No one will edit your text.")
        )
        self.fields["text"].help_text = join_sentences_lazy(rule, MARKUP)
        if limit:
            self.fields["text"].widget.attrs["data-limit"] = limit

    def _offer(self, parts: Sequence[Part]) -> None:
        """Offer the paragraphs of the thread; where there are none, the field is left out."""
        if not parts:
            del self.fields["part"]
            return
        field = self.fields["part"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", pgettext_lazy("label", "The whole section")),
            *((str(each.number), _part_choice(each)) for each in parts),
        ]
        field.error_messages["invalid_choice"] = gettext_lazy("Choose one of the paragraphs of this section, or none.")


def _part_choice(part: Part) -> str:
    """Return a paragraph as a choice. Its words may run in the other direction than the page."""
    words = Truncator(plain(part.text)).chars(80)
    return f"{part.label}: \u2068{words}\u2069" if words else part.label


def _words_field(label: Sentence, hint: Sentence) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "words low", "rows": 6, "dir": "auto"})
    return forms.CharField(label=label, help_text=hint, required=False, strip=False, widget=widget)


def _language_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Language of your text"), required=False, choices=list(NAMES.items()), initial=current
    )


class DisputeForm(ActionForm):
    """The reason why a contribution does not speak for the organization."""

    text = _words_field(
        gettext_lazy("Why does this contribution not speak for the organization?"),
        gettext_lazy("The moderators of this consultation read your answer. It is not published."),
    )
    language = _language_field()


class DisputeDecisionForm(ActionForm):
    """Upheld or dismissed, with the reason."""

    status = forms.ChoiceField(
        label=pgettext_lazy("dispute", "What do you decide?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (
                Dispute.Status.UPHELD,
                gettext_lazy(
                    "The organization is right: the contribution is permanently marked as not speaking for "
                    "the organization"
                ),
            ),
            (
                Dispute.Status.DISMISSED,
                gettext_lazy("The byline does not change: readers no longer see the dispute"),
            ),
        ],
    )
    answer = _words_field(
        pgettext_lazy("option", "The reason"),
        gettext_lazy("We e-mail your reason to the author and the organization. It is not published."),
    )
    answer_language = _language_field()
