"""The forms of the directory. They return details, which `validation` checks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plenara.core import seals
from plenara.core.languages import NAMES, current, direction, html_code
from plenara.core.life_cycle import State
from plenara.core.refusals import ActionRefused, Denied, Sentence
from plenara.core.rows import Json
from plenara.core.text import clean_line
from plenara.core.vocabulary import StakeholderGroup, country_choices
from plenara.directory.models import Kind, NameKey, Progress
from plenara.directory.presenters.wording import LABELS, language_names, language_tags
from plenara.directory.queries import duplicates
from plenara.directory.validation import FIELDS, LINES, NAMED_BY, TEXTS
from plenara.themes import queries as themes

#: Lines that are looked up; far more than an entry can have.
MOST_LINES = 100
_NUMBER = re.compile(r"(?:.*/organizations/)?(\d{1,9})/?", re.ASCII)


class Seal(seals.Seal):
    """What the form of an entry was opened for: for this entry, or for a new one of a kind."""

    salt = "plenara.listing"


class DirectoryForm(forms.Form):
    """A form that shows an action's refusal at the field that it is about."""

    def put(self, refused: Denied | ActionRefused) -> None:
        """Show a refusal, at its field or above all."""
        self.add_error(self.place_of(refused.field), str(refused.sentence))

    def place_of(self, field: str | None) -> str | None:
        """Return the field for an error: of a text in several languages that of the reader's."""
        for name in (field, f"{field}_{current()}"):
            if name in self.fields:
                return name
        return None


class ListingForm(DirectoryForm):
    """The fields of an entry's kind. Texts have up to six languages."""

    seal = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: str,
        initial_details: Json | None = None,
        initial: Mapping[str, str] | None = None,
    ):
        super().__init__(data, initial={**_initial(kind, initial_details or {}), **(initial or {})})
        self.kind, self.initial_details = kind, initial_details or {}
        for name, sort in FIELDS[kind].items():
            if sort in {LINES, TEXTS}:
                for code in _languages():
                    self.fields[f"{name}_{code}"] = _in_language(code, sort)
            elif name != "affiliation":
                self.fields[name] = _field(kind, name, self.initial_details)
        if kind == Kind.PERSON:
            self.fields["languages_more"] = forms.CharField(
                label=pgettext_lazy("label", "Other languages"),
                help_text=gettext_lazy("Write the names of the languages in your own language, separated by commas."),
                required=False,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )
            self.order_fields([*FIELDS[kind], "languages", "languages_more"])

    @property
    def needed(self) -> tuple[str, ...]:
        """The required fields, besides a text in several languages, which shows that itself."""
        return {Kind.ORGANIZATION: ("group",), Kind.PERSON: ("name",)}.get(Kind(self.kind), ())

    def parts(self) -> Iterator[tuple[str, object]]:
        """Yield the fields in their order: (name, field), or (name, list of fields) for a text in six languages."""
        for name, sort in FIELDS[self.kind].items():
            if sort in {LINES, TEXTS}:
                yield name, Several(self, name)
            elif name != "affiliation":
                yield name, self[name]
            if name == "languages":
                yield name, self["languages_more"]

    def details(self) -> tuple[dict[str, object], list[tuple[str, str]]]:
        """Return the typed details, not cleaned yet, and the errors in what could not be parsed: (field, sentence)."""
        details: Json = {}
        wrong: list[tuple[str, str]] = []
        for name, sort in FIELDS[self.kind].items():
            if sort in {LINES, TEXTS}:
                details[name] = {code: self._typed(f"{name}_{code}") for code in NAMES}
            elif name in {"themes", "languages", "countries"}:
                details[name] = self.data.getlist(name) if hasattr(self.data, "getlist") else self.data.get(name, [])
            elif name != "affiliation":
                details[name] = self._typed(name)
        if self.kind == Kind.PERSON:
            tags, unknown = language_tags(self._typed("languages_more"))
            details["languages"] = [*details["languages"], *tags]
            if unknown:
                sentence = _("We do not recognize the language “%(name)s”. Check the spelling.") % {"name": unknown}
                wrong.append(("languages_more", sentence))
            details["affiliation"] = numbers_of([details["affiliation_name"]]).get(details["affiliation_name"])
        if self.kind == Kind.PROJECT:
            written = [line.strip() for line in details["organizations"].splitlines() if line.strip()][:MOST_LINES]
            found = numbers_of(written)
            details["organizations"] = [found[line] for line in written if line in found]
            if missing := [line for line in written if line not in found]:
                sentence = _(
                    "“%(name)s” is not in the directory. Enter the organization’s number in the directory, or delete "
                    "the name."
                )
                wrong.append(("organizations", sentence % {"name": missing[0]}))
        return details, wrong

    def _typed(self, name: str) -> str:
        return str(self.data.get(name, "")).replace("\x00", "")


class Several:
    """A text in several languages: the field of the reader's, and those of the others, folded while they are empty."""

    def __init__(self, form: ListingForm, name: str):
        fields = [form[f"{name}_{code}"] for code in _languages()]
        self.label = str(_own_label(form.kind, name))
        self.first, self.others = fields[0], fields[1:]
        self.is_needed = name == NAMED_BY[Kind(form.kind)]
        self.is_several = True

    @property
    def is_open(self) -> bool:
        """Whether another language is filled in or has an error."""
        return any(field.value() or field.errors for field in self.others)


def _languages() -> list[str]:
    return [current(), *(code for code in NAMES if code != current())]


def _own_label(kind: str, name: str) -> Sentence:
    if name == "about":
        return gettext_lazy("About you")
    return LABELS[name]


def _in_language(code: str, sort: str) -> forms.CharField:
    attrs = {"lang": html_code(code), "dir": direction(code)}
    widget = forms.TextInput(attrs) if sort == LINES else forms.Textarea({**attrs, "class": "low", "rows": 4})
    return forms.CharField(label=NAMES[code], required=False, strip=False, widget=widget)


def _initial(kind: str, details: Json) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, sort in FIELDS[kind].items():
        value = details.get(name)
        if sort in {LINES, TEXTS}:
            found |= {f"{name}_{code}": text for code, text in (value or {}).items()}
        elif name == "organizations":
            found[name] = "\n".join(map(str, value or []))
        elif name == "languages":
            found[name] = [tag for tag in value or [] if tag in NAMES]
            found["languages_more"] = language_names(tag for tag in value or [] if tag not in NAMES)
        elif value:
            found["affiliation_name" if name == "affiliation" else name] = str(value) if sort != "codes" else value
    return found


class FieldTexts(TypedDict):
    """The arguments that all fields have in common."""

    label: Sentence
    help_text: Sentence
    required: bool


def _field(kind: str, name: str, details: Json) -> forms.Field:
    label = _own_label(kind, name)
    hint = _HINTS.get((kind, name)) or _HINTS.get(name, "")
    more: FieldTexts = {"label": label, "help_text": hint, "required": False}
    if name == "group":
        if kind == Kind.ORGANIZATION:
            return forms.ChoiceField(choices=StakeholderGroup.choices, widget=forms.RadioSelect, **more)
        return forms.ChoiceField(choices=[("", "–"), *StakeholderGroup.choices], **more)
    if name == "progress":
        return forms.ChoiceField(choices=[("", "–"), *Progress.choices], **more)
    if name == "country":
        return forms.ChoiceField(choices=[("", "–"), *country_choices()], **more)
    if name == "countries":
        widget = forms.SelectMultiple(attrs={"size": 8})
        return forms.MultipleChoiceField(choices=country_choices(), widget=widget, **more)
    if name == "languages":
        boxes = forms.CheckboxSelectMultiple()
        return forms.MultipleChoiceField(choices=list(NAMES.items()), widget=boxes, **more)
    if name == "themes":
        # A retired theme stays with an entry that has it, as long as its owner does not remove it.
        offered = themes.choices(also=details.get("themes", []))
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple(), **more)
    if name == "organizations":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "class": "low", "dir": "auto"}), **more)
    if name in {"site", "link", "results_link"}:
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}), **more)
    if name in {"ror", "orcid", "starts", "ends"}:
        return forms.CharField(widget=forms.TextInput(attrs={"size": 22, "dir": "ltr"}), **more)
    return forms.CharField(widget=forms.TextInput(attrs={"dir": "auto"}), **more)


_DAY = gettext_lazy("Enter a year, a month or a day, such as 2026, 2026-12 or 2026-12-01.")
_HINTS: Mapping[str | tuple[str, str], Sentence] = {
    "acronym": gettext_lazy("Write the acronym as the organization does, for example UNESCO."),
    "site": gettext_lazy("The web address begins with https://."),
    "link": gettext_lazy("The web address begins with https://."),
    "results_link": gettext_lazy("The web address begins with https://."),
    "ror": gettext_lazy(
        "Enter the identifier if the organization has one, such as 05a28rw58. You can find it at ror.org."
    ),
    "orcid": gettext_lazy("Enter your identifier if you have one, such as 0000-0002-1825-0097."),
    "themes": gettext_lazy("Choose up to 12 themes."),
    "affiliation_name": gettext_lazy(
        "Enter the name of the organization, or the number at the end of the web address of its entry."
    ),
    "starts": _DAY,
    "ends": _DAY,
    "organizations": gettext_lazy(
        "One organization per line: its name, or the number at the end of the web address of its entry."
    ),
    "countries": gettext_lazy("To choose several options, hold down the Ctrl key (on a Mac, the Command key)."),
    (Kind.ORGANIZATION.value, "site"): gettext_lazy(
        "The web address begins with https://. You can later use its domain to verify the organization."
    ),
    (Kind.PERSON.value, "group"): gettext_lazy("Leave blank anything that you do not want to show."),
}


def numbers_of(written: Iterable[str]) -> dict[str, int]:
    """Return the organizations on these lines: by number, address or exact name. One query."""
    lines = [line for line in dict.fromkeys(map(str, written)) if line.strip()]
    found: dict[str, int] = {}
    keys: dict[str, str] = {}
    for line in lines:
        if match := _NUMBER.fullmatch(line.strip()):
            found[line] = int(match[1])
        else:
            keys[duplicates.name_key(clean_line(line))] = line
    rows = NameKey.objects.filter(
        of=Kind.ORGANIZATION, key__in=keys, listing__state=State.PUBLISHED, listing__merged_into=None
    )
    several: dict[str, list[int]] = {}
    for key, number in rows.values_list("key", "listing__number") if keys else ():
        several.setdefault(keys[key], []).append(number or 0)
    # Where two organizations have exactly this name, it is ambiguous.
    return found | {line: numbers[0] for line, numbers in several.items() if len(numbers) == 1}


class AddressForm(DirectoryForm):
    """An address to invite, and the language of its e-mail."""

    address = forms.EmailField(
        label=pgettext_lazy("label", "E-mail address"),
        required=False,
        max_length=254,
        error_messages={"invalid": gettext_lazy("Enter an e-mail address such as name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the e-mail"), choices=list(NAMES.items()), required=False, initial=current
    )


class MailboxForm(DirectoryForm):
    """The part before the “@” of the organization's own domain."""

    mailbox = forms.CharField(
        label=gettext_lazy("Which e-mail address should we write to?"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "size": 20, "autocapitalize": "none"}),
    )


class VouchForm(DirectoryForm):
    """The secretariat's evidence that an organization is what it claims to be."""

    note = forms.CharField(
        label=gettext_lazy("How did you confirm the identity of the organization?"),
        help_text=gettext_lazy("Other moderators can read your answer. We never publish it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "low", "dir": "auto"}),
    )


class MergeForm(DirectoryForm):
    """Two entries by their numbers: which one is merged into which."""

    of = forms.ChoiceField(label=pgettext_lazy("label", "Kind of entry"), choices=Kind.choices, required=False)
    source = forms.CharField(
        label=gettext_lazy("Number of the entry to merge into the other"),
        help_text=gettext_lazy(
            "The number is at the end of the entry’s web address. After the merge, this web address"
            " leads to the other entry."
        ),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8, "dir": "ltr"}),
    )
    target = forms.CharField(
        label=pgettext_lazy("merging", "Number of the entry that remains"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8, "dir": "ltr"}),
    )


def show_wrong(form: ListingForm, wrong: Iterable[tuple[str, str]], problems: Iterable[Denied]) -> None:
    """Add each error to its field."""
    for field, sentence in wrong:
        form.add_error(field, sentence)
    for each in problems:
        place = form.place_of("affiliation_name" if each.field == "affiliation" else each.field)
        form.add_error(place, str(each.sentence))
