"""An outcome: begun, and what it is called and answers; its sections."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.consultations.forms.fields import Choice, SixLanguages, Words
from plenara.consultations.models import Consultation, State
from plenara.core.languages import NAMES, current, direction, html_code, in_language
from plenara.documents.checks import title_fits
from plenara.outcomes import checks
from plenara.outcomes.actions.making import stamp_of
from plenara.outcomes.forms.common import Checked, Edited
from plenara.outcomes.models import Body, Outcome, Section
from plenara.outcomes.starting import TEMPLATES

HEADING, GUIDANCE = SixLanguages("title"), SixLanguages("guidance", lines=3)


def _title() -> Words:
    return Words(label=gettext_lazy("Title"), help_text=gettext_lazy("In the language that it is written in."))


def _slug() -> Words:
    return Words(
        size=40,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("The end of its web address, such as report. It is free until it is published."),
    )


def _consultations() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Which other consultations does it answer?"),
        help_text=gettext_lazy(
            "It answers every contribution to them and to its own consultation. What is said of its drafts joins them."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose consultations from the list.")},
    )


class NewOutcomeForm(Checked):
    """What an outcome begins with."""

    title = _title()
    source_language = Choice(
        label=gettext_lazy("Language in which it is written"),
        choices=list(NAMES.items()),
        sentence=gettext_lazy("Choose among the six languages."),
        help_text=gettext_lazy("It cannot be changed afterwards. The other five are translations of it."),
    )
    slug = _slug()
    template = Choice(
        label=gettext_lazy("What does it begin with?"),
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose what it begins with."),
    )
    consultations = _consultations()

    def __init__(self, data: Any = None, *, body: Body):
        super().__init__(data, initial={"source_language": current(), "template": "working_group_report"})
        self.body = body
        self.offered = offer(self, body)
        template = self.fields["template"]
        assert isinstance(template, forms.ChoiceField)
        template.choices = [("working_group_report", _("The report of a working group")), ("", _("Nothing"))]
        template.widget.hints = {  # type: ignore[attr-defined]
            "working_group_report": _(
                "Four sections in six languages: working definition, public policy issues, roles and responsibilities, "
                "report and recommendations."
            ),
            "": _("You make the sections yourself."),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        slug = given.get("slug", "")
        title = given.get("title", "")
        self.ask([checks.outcome_is_named(title), title_fits(title), checks.slug_fits(slug)])
        if not given.get("source_language"):
            self.add_error("source_language", _("Choose among the six languages."))
        return given

    def said(self) -> dict[str, Any]:
        """Return the outcome as the action takes it."""
        given = self.cleaned_data
        template = given["template"] if given["template"] in TEMPLATES else ""
        return {
            "title": given["title"],
            "source_language": given["source_language"],
            "slug": given["slug"],
            "template": template,
            "consultations": chosen(self.offered, given.get("consultations", [])),
        }


class SettingsForm(Edited):
    """What an outcome is called and answers."""

    title = _title()
    slug = _slug()
    consultations = _consultations()

    def __init__(self, data: Any = None, *, outcome: Outcome):
        document = outcome.document
        others = outcome.consultations.exclude(pk=outcome.body.consultation_id)
        answers = [str(pk) for pk in others.values_list("pk", flat=True)]
        initial = {
            "title": document.title.get(document.source_language, ""), "slug": outcome.slug, "consultations": answers,
        }  # fmt: skip
        super().__init__(data, stamp=stamp_of(outcome), initial=initial)
        self.outcome = outcome
        self.offered = offer(self, outcome.body, answers)
        code = document.source_language
        self.fields["title"].widget.attrs |= {"lang": html_code(code), "dir": direction(code)}
        if document.number is not None:
            del self.fields["slug"]
        self.begin()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.ask([checks.outcome_is_named(given.get("title", "")), title_fits(given.get("title", ""))])
        if "slug" in self.fields:
            self.ask([checks.slug_fits(given.get("slug", ""))])
        return given

    def said(self) -> dict[str, Any]:
        """Return the settings as the action takes them."""
        given = self.cleaned_data
        return {
            "title": given["title"],
            "slug": given.get("slug", self.outcome.slug),
            "consultations": chosen(self.offered, given.get("consultations", [])),
        }


class SectionForm(Edited):
    """A section: its heading and what belongs there, in six languages; and its address, when it is added."""

    texts = {"title": gettext_lazy("Heading"), "guidance": gettext_lazy("What belongs here")}

    slug = Words(
        size=40,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("By which links find it, such as recommendations. It stays as it is."),
    )

    def __init__(self, data: Any = None, *, outcome: Outcome, section: Section | None = None):
        it = section or Section()
        initial = {**HEADING.initial(it.title), **GUIDANCE.initial(it.guidance)}
        super().__init__(data, stamp=it.stamp, initial=initial)
        self.outcome, self.section = outcome, it
        self.fields = {**HEADING.fields(), **GUIDANCE.fields(), **self.fields}
        if section:
            del self.fields["slug"]
        self.begin()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        said = self._said(given)
        self.ask(
            [
                checks.in_some_language("title", said["title"], self.outcome.document.source_language),
                checks.texts_fit("title", said["title"]),
                checks.texts_fit("guidance", said["guidance"]),
                *([checks.slug_fits(given.get("slug", ""))] if "slug" in self.fields else []),
            ]
        )
        return given

    def said(self) -> dict[str, Any]:
        """Return the section as the actions take it."""
        said = self._said(self.cleaned_data)
        return {**said, "slug": self.cleaned_data["slug"]} if "slug" in self.fields else said

    def _said(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "title": HEADING.texts(given, self.section.title),
            "guidance": GUIDANCE.texts(given, self.section.guidance),
        }

    def rows(self) -> Any:
        """Return heading and guidance side by side, a language a row."""
        needed = [self.outcome.document.source_language]
        return list(zip(HEADING.shown(self, needed), GUIDANCE.shown(self), strict=True))


def offer(form: forms.Form, body: Body, kept: Any = ()) -> dict[str, Consultation]:
    """Offer the public consultations besides the body's home; without any, take the question out."""
    public = Q(parent=None) & ~Q(stage=State.DRAFT) & Q(is_community=False)
    found = Consultation.objects.filter(public | Q(pk__in=[int(pk) for pk in kept])).exclude(pk=body.consultation_id)
    offered = {str(each.pk): each for each in found.order_by("-pk")}
    field = form.fields["consultations"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(pk, f"{in_language(each.title)} ({each.symbol})") for pk, each in offered.items()]
    if not offered:
        del form.fields["consultations"]
    return offered


def chosen(offered: dict[str, Consultation], ids: list[str]) -> list[Consultation]:
    """Return the consultations that were ticked."""
    return [each for pk, each in offered.items() if pk in ids]
