"""The forms of a new consultation, of its details, and of a guiding question in six languages."""

import copy
import datetime
from typing import NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.consultations import states, validation
from plenara.consultations.actions.lifecycle import VERB_OF
from plenara.consultations.actions.threads import would_reword
from plenara.consultations.forms.fields import (
    Choice,
    InOneLanguage,
    LocalTime,
    SixLanguages,
    StampedForm,
    Words,
    ZoneField,
)
from plenara.consultations.models import Consultation, Moderation, Thread
from plenara.consultations.presenters import wording
from plenara.core.languages import NAMES, current, direction, html_code
from plenara.core.refusals import Denied
from plenara.core.rows import Json
from plenara.core.vocabulary import LICENCES, language_name, licence_name
from plenara.themes import queries

TITLE, INTRO = SixLanguages("title"), SixLanguages("intro", lines=6)


class Fixed(NamedTuple):
    """A detail that cannot be changed now: its name, its value, and the reason."""

    name: str
    label: str
    value: str
    sentence: str


class NewForm(forms.Form):
    """What a draft needs at first. The rest is added later."""

    title = Words(label=gettext_lazy("Title"))
    symbol = Words(
        size=24,
        label=gettext_lazy("Symbol"),
        help_text=gettext_lazy(
            "Everything published here is cited by it, such as WGIG/2004: the body or subject, a slash, the year. "
            "It can be changed until the consultation is announced."
        ),
    )
    slug = Words(
        size=40,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "The end of its web address, such as internet-governance. Left empty, it is made from an English title."
        ),
    )

    def __init__(self, data: QueryDict | None = None):
        super().__init__(data)
        title = self.fields["title"]
        title.widget.attrs |= {"lang": html_code(current()), "dir": direction(current())}
        title.help_text = _("In this page’s language, %(language)s. The other languages follow later.") % {
            "language": language_name(current())
        }

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        title, slug = given.get("title", ""), given.get("slug", "")
        if not slug and current() == "en":
            given["slug"] = slug = slugify(title)[:80].strip("-")
        answers = [
            *validation.texts_fit("title", {current(): title} if title else {}),
            title != "" or Denied(_("Write the title."), "missing", "title"),
            validation.symbol_fits(given.get("symbol", "")),
        ]
        if slug or title or current() != "en":  # no second error for what is made from a missing title
            answers.append(validation.slug_fits(slug))
        for answer in answers:
            if isinstance(answer, Denied):
                self.add_error("title" if answer.field == f"title_{current()}" else answer.field, str(answer.sentence))
        return given


class DetailsForm(StampedForm):
    """Everything of a consultation but its questions and roles. What its state fixes is shown without a field."""

    slug = Words(size=40, label=gettext_lazy("Address"), help_text=gettext_lazy("The end of its web address."))
    symbol = Words(
        size=24, label=gettext_lazy("Symbol"), help_text=gettext_lazy("Everything published here is cited by it.")
    )
    timezone = ZoneField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Opening and closing are named in it, and in UTC beside it. Type the name of a city."),
    )
    opens_at = LocalTime(label=gettext_lazy("Opening"))
    closes_at = LocalTime(label=gettext_lazy("Closing"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages in which people may contribute"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Title and questions must exist in each of them before the consultation is announced."),
        error_messages={"invalid_choice": gettext_lazy("Choose among the six languages.")},
    )
    word_limit = forms.IntegerField(
        label=gettext_lazy("Word limit of a contribution"),
        required=False,
        help_text=gettext_lazy("Left empty, there is none. Once announced it can be raised, not lowered."),
        error_messages={"invalid": gettext_lazy("Write a whole number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )
    licence = Choice(
        label=gettext_lazy("Licence of the contributions"),
        help_text=gettext_lazy("Everybody who contributes agrees to it. It cannot be changed once announced."),
        sentence=gettext_lazy("Choose a licence from the list."),
    )
    moderation = Choice(
        label=gettext_lazy("When do moderators read?"),
        choices=Moderation.choices,
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose whether contributions are read before they are published, or after."),
    )
    promise_working_days = forms.IntegerField(
        label=gettext_lazy("Promised time to a decision, in working days"),
        required=False,
        help_text=gettext_lazy("Shown to everybody who contributes, and counted at the desk."),
        error_messages={"invalid": gettext_lazy("Write a whole number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    )

    def __init__(self, data: QueryDict | None = None, *, consultation: Consultation):
        zone = consultation.timezone
        initial = {
            **TITLE.initial(consultation.title),
            **INTRO.initial(consultation.intro),
            **{name: getattr(consultation, name) for name in VERB_OF if name not in {"title", "intro"}},
            "opens_at": validation.local_moment(consultation.opens_at, zone),
            "closes_at": validation.local_moment(consultation.closes_at, zone),
        }
        super().__init__(data, stamp=consultation.stamp, initial=initial)
        self.consultation = consultation
        self.fields = {**TITLE.fields(), **INTRO.fields(), **self.fields}
        self._choices()
        self.fixed = self._fix()
        self.warnings: list[str] = []
        self.begin()

    def _choices(self) -> None:
        it = self.consultation
        zone = self.fields["timezone"]
        assert isinstance(zone, ZoneField)
        zone.offer()
        licences = list(LICENCES) if it.licence in LICENCES else [it.licence, *LICENCES]
        for name, choices in {
            "licence": [(licence, licence_name(licence)) for licence in licences],
            "languages": list(NAMES.items()),
        }.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def _fix(self) -> list[Fixed]:
        """Remove the fields that the state fixes, and return them with the reason."""
        fixed = []
        for name, verb in VERB_OF.items():
            answer = states.allows(self.consultation.state, verb)
            if isinstance(answer, Denied) and name in self.fields:
                label = str(self.fields.pop(name).label)
                fixed.append(Fixed(name, label, detail_in_words(self.consultation, name), str(answer.sentence)))
        return fixed

    def full_label(self, name: str) -> str:
        label = super().full_label(name)
        if name.startswith(("title_", "intro_")):
            what = _("Title") if name.startswith("title_") else _("Introduction")
            return _("%(what)s in %(language)s") % {"what": what, "language": language_name(name[-2:])}
        return label

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        changed = copy.copy(self.consultation)
        changes = self.changes(given)
        for name, value in changes.items():
            setattr(changed, name, value)
        self.put_all(validation.details_fit(changed, changes, self.consultation))
        return given

    def changes(self, given: Json | None = None) -> dict[str, object]:
        """Return what differs from the saved values, by the names that `actions.edit` takes."""
        given = self.cleaned_data if given is None else given
        it = self.consultation
        found = {
            "title": TITLE.texts(given, it.title),
            "intro": INTRO.texts(given, it.intro),
            **{name: given[name] for name in VERB_OF if name in given},
        }
        if "languages" in found:
            found["languages"] = [code for code in NAMES if code in given["languages"]]
            if set(found["languages"]) == set(it.languages):
                found["languages"] = it.languages
        for name in ("opens_at", "closes_at"):
            if name in found:
                found[name] = self._moment(name, given)
        return {name: value for name, value in found.items() if name not in self.errors and value != getattr(it, name)}

    def _moment(self, name: str, given: Json) -> datetime.datetime | None:
        """Return the moment that a local time means. An unchanged one stays as it is, to the second."""
        it, local, zone = self.consultation, given[name], given.get("timezone") or self.consultation.timezone
        current = getattr(it, name)
        if local is None or not validation.zone_exists(zone):
            return None if local is None else current
        before = validation.local_moment(current, it.timezone)
        if zone == it.timezone and before and local == before.replace(second=0, microsecond=0):
            return current
        # A time that comes twice means the later one: nobody is shut out an hour early.
        answer = validation.read_moment(local, zone, second=True)
        if isinstance(answer, Denied):
            self.add_error(name, str(answer.sentence))
            return current
        if answer.comes_twice:
            sentence = _("%(time)s comes twice on that day. The second is meant: %(moment)s.") % {
                "time": f"{local:%H:%M}",
                "moment": wording.moment(answer.at, zone),
            }
            if sentence not in self.warnings:
                self.warnings.append(sentence)
        return answer.at


def detail_in_words(consultation: Consultation, name: str) -> str:
    """Return a detail as it is shown where it cannot be changed, or where it is read."""
    value = getattr(consultation, name)
    if name in {"opens_at", "closes_at"}:
        return str(wording.moment(value, consultation.timezone)) if value else _("not set")
    if name == "languages":
        return " · ".join(language_name(code) for code in value)
    if name == "licence":
        return licence_name(value)
    if name == "moderation":
        return str(Moderation(value).label)
    if name == "word_limit":
        return _("none") if value is None else str(value)
    return str(value)


QUESTION, GUIDANCE = SixLanguages("question", lines=2), SixLanguages("guidance", lines=4)


class QuestionForm(StampedForm):
    """Question and guidance; and where published words would change, the confirmation of it."""

    confirmed = forms.BooleanField(
        label=gettext_lazy("I want to change published words"),
        help_text=gettext_lazy(
            "People may have answered the question as it stands. The earlier words stay readable beside it."
        ),
        required=False,
    )

    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Themes"),
        help_text=gettext_lazy("What is contributed to this question is found by its themes."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose among the themes of the list.")},
    )

    def __init__(self, data: QueryDict | None = None, *, consultation: Consultation, thread: Thread | None = None):
        question, guidance = (thread.question, thread.guidance) if thread else ({}, {})
        chosen = list(thread.themes) if thread else []
        super().__init__(
            data,
            stamp=thread.stamp if thread else 0,
            initial={**QUESTION.initial(question), **GUIDANCE.initial(guidance), "themes": chosen},
        )
        self.consultation, self.thread = consultation, thread
        self.fields = {**QUESTION.fields(), **GUIDANCE.fields(), **self.fields}
        self.fields["themes"].choices = queries.choices(also=chosen)  # type: ignore[attr-defined]
        self.asks_to_confirm = False
        self.begin()

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        question = QUESTION.texts(given, self.thread.question if self.thread else None)
        answers = [
            validation.in_some_language("question", question, _("Write the question in at least one language.")),
            *validation.texts_fit("question", question),
            *validation.texts_fit("guidance", GUIDANCE.texts(given)),
            validation.themes_fit(given.get("themes", []), self.thread.themes if self.thread else []),
        ]
        for answer in answers:
            if isinstance(answer, Denied):
                self.put(answer)
        # Shown only where it is needed, and from then on always.
        self.asks_to_confirm = bool(self.thread and self.consultation.is_public and would_reword(self.thread, question))
        return given

    def words(self) -> Json:
        """Return question, guidance and themes as the actions take them."""
        thread = self.thread
        return {
            "question": QUESTION.texts(self.cleaned_data, thread.question if thread else None),
            "guidance": GUIDANCE.texts(self.cleaned_data, thread.guidance if thread else None),
            "themes": self.cleaned_data["themes"],
        }

    def full_label(self, name: str) -> str:
        if name == "themes":
            return _("Themes")
        what = _("Question") if name.startswith("question_") else _("Guidance")
        return _("%(what)s in %(language)s") % {"what": what, "language": language_name(name[-2:])}

    def rows(self) -> list[tuple[InOneLanguage, InOneLanguage]]:
        """Return question and guidance side by side, a language a row."""
        needed = self.consultation.languages
        return list(zip(QUESTION.shown(self, needed), GUIDANCE.shown(self), strict=True))


def lacking(thread: Thread) -> list[str]:
    """Return the names of the languages in which the question is missing."""
    return [language_name(code) for code in NAMES if not thread.question.get(code)]
