"""The forms of a new consultation, of its details, and of a guiding question in six languages."""

import copy
import datetime
from typing import NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

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
from plenara.core.vocabulary import LICENCES, language_in_sentence, language_name, licence_name
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

    title = Words(label=pgettext_lazy("label", "Title"))
    symbol = Words(
        size=24,
        label=pgettext_lazy("label", "Symbol"),
        help_text=gettext_lazy(
            "Every citation shows the symbol, for example WGIG/2004: the body or subject, a slash, the year. "
            "You can change the symbol until the announcement."
        ),
    )
    slug = Words(
        size=40,
        label=pgettext_lazy("label", "Web address"),
        help_text=gettext_lazy(
            "The last part of the consultation’s web address, for example internet-governance. If "
            "you leave this blank, we create the address from the English title."
        ),
    )

    def __init__(self, data: QueryDict | None = None):
        super().__init__(data)
        title = self.fields["title"]
        title.widget.attrs |= {"lang": html_code(current()), "dir": direction(current())}
        title.help_text = _(
            "Enter the title in the language of this page, %(language)s. You can add the other languages later."
        ) % {"language": language_in_sentence(current())}

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        title, slug = given.get("title", ""), given.get("slug", "")
        if not slug and current() == "en":
            given["slug"] = slug = slugify(title)[:80].strip("-")
        answers = [
            *validation.texts_fit("title", {current(): title} if title else {}),
            title != "" or Denied(pgettext("text", "Enter the title."), "missing", "title"),
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

    slug = Words(
        size=40,
        label=pgettext_lazy("label", "Web address"),
        help_text=gettext_lazy("The last part of the consultation’s web address."),
    )
    symbol = Words(
        size=24,
        label=pgettext_lazy("label", "Symbol"),
        help_text=gettext_lazy("The symbol appears in every citation of what is published in this consultation."),
    )
    timezone = ZoneField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy(
            "Opening and closing dates are shown in this time zone and in UTC. Type the name of a city."
        ),
    )
    opens_at = LocalTime(label=pgettext_lazy("label", "Opening date"))
    closes_at = LocalTime(label=pgettext_lazy("label", "Closing date"))
    languages = forms.MultipleChoiceField(
        label=pgettext_lazy("label", "Languages for contributions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The title and questions must be available in each of these languages before the consultation is announced."
        ),
        error_messages={"invalid_choice": gettext_lazy("Choose from the six languages.")},
    )
    word_limit = forms.IntegerField(
        label=gettext_lazy("Word limit of a contribution"),
        required=False,
        help_text=gettext_lazy(
            "Leave this blank for no limit. After the announcement, you can raise the limit but not lower it."
        ),
        error_messages={"invalid": gettext_lazy("Enter a whole number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )
    licence = Choice(
        label=pgettext_lazy("label", "Licence for contributions"),
        help_text=gettext_lazy(
            "Everyone who contributes accepts this licence. You cannot change it after the announcement."
        ),
        sentence=gettext_lazy("Choose a licence from the list."),
    )
    moderation = Choice(
        label=gettext_lazy("When do moderators read contributions?"),
        choices=Moderation.choices,
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose whether moderators read contributions before or after publication."),
    )
    promise_working_days = forms.IntegerField(
        label=gettext_lazy("Promised decision time, in working days"),
        required=False,
        help_text=gettext_lazy("Contributors see this time. Moderators see how much of the time is left."),
        error_messages={"invalid": gettext_lazy("Enter a whole number.")},
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
            what = pgettext("label", "Title") if name.startswith("title_") else pgettext("label", "Introduction")
            return pgettext("label", "%(what)s in %(language)s") % {
                "what": what,
                "language": language_in_sentence(name[-2:]),
            }
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
            sentence = _(
                "%(time)s occurs twice on that day, because clocks go back. We use the second of the two: %(moment)s."
            ) % {
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
        return str(wording.moment(value, consultation.timezone)) if value else pgettext("label", "not set")
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
        label=gettext_lazy("Change the published words"),
        help_text=gettext_lazy(
            "People may have answered the question as it is now. The earlier words will still be shown next to the "
            "question."
        ),
        required=False,
    )

    themes = forms.MultipleChoiceField(
        label=pgettext_lazy("label", "Themes"),
        help_text=gettext_lazy("People can find the contributions to this question by its themes."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose from the themes in the list.")},
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
            validation.in_some_language("question", question, _("Enter the question in at least one language.")),
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
            return pgettext("option", "Themes")
        what = pgettext("option", "Question") if name.startswith("question_") else pgettext("option", "Guidance")
        return pgettext("option", "%(what)s in %(language)s") % {
            "what": what,
            "language": language_in_sentence(name[-2:]),
        }

    def rows(self) -> list[tuple[InOneLanguage, InOneLanguage]]:
        """Return question and guidance side by side, a language a row."""
        needed = self.consultation.languages
        return list(zip(QUESTION.shown(self, needed), GUIDANCE.shown(self), strict=True))


def lacking(thread: Thread) -> list[str]:
    """Return the names of the languages in which the question is missing."""
    return [language_name(code) for code in NAMES if not thread.question.get(code)]
