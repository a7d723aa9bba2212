"""Forms of an outcome: creating and editing it, sections, sending it back, publishing, opening it for comment."""

import datetime
from collections.abc import Iterable

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from plenara.consultations import validation
from plenara.consultations.forms.fields import Choice, InOneLanguage, LocalTime, SixLanguages, Words
from plenara.consultations.models import Consultation, Moderation, State
from plenara.consultations.presenters import wording
from plenara.core import clock
from plenara.core.forms import ActionForm
from plenara.core.languages import NAMES, current, direction, html_code, in_language
from plenara.core.refusals import Denied
from plenara.core.rows import Json
from plenara.documents.validation.contents import title_fits
from plenara.outcomes.actions.outcomes import stamp_of
from plenara.outcomes.forms.common import Edited
from plenara.outcomes.kind import TEMPLATES
from plenara.outcomes.models import Body, Outcome, OutcomeEdition, Section, Stage
from plenara.outcomes.queries.openings import suggested, unnamed_sections
from plenara.outcomes.states import VERSIONS
from plenara.outcomes.validation import contents

TITLE = SixLanguages("title")


class OpeningForm(ActionForm):
    """The settings of a consultation on a draft, except its questions, which are the draft's sections."""

    opens_at = LocalTime(label=pgettext_lazy("label", "Opening date"))
    closes_at = LocalTime(label=pgettext_lazy("label", "Closing date"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages in which people may comment"),
        required=False,
        choices=list(NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Each section needs a heading in each of these languages. The heading becomes a question."
        ),
        error_messages={"invalid_choice": gettext_lazy("Choose from the six languages.")},
    )
    moderation = Choice(
        label=gettext_lazy("When do moderators read contributions?"),
        choices=Moderation.choices,
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose whether moderators read contributions before or after publication."),
    )
    word_limit = forms.IntegerField(
        label=gettext_lazy("Word limit of a comment"),
        required=False,
        help_text=gettext_lazy(
            "Leave this blank for no limit. After the announcement, you can raise the limit but not lower it."
        ),
        error_messages={"invalid": gettext_lazy("Enter a whole number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )
    symbol = Words(
        size=24,
        label=pgettext_lazy("label", "Symbol"),
        help_text=gettext_lazy("The symbol appears in every citation of a comment. You cannot change it later."),
    )
    slug = Words(
        size=40,
        label=pgettext_lazy("label", "Web address"),
        help_text=gettext_lazy("The last part of the web address. You cannot change it later."),
    )

    def __init__(self, data: QueryDict | None = None, *, version: OutcomeEdition):
        known = suggested(version)
        super().__init__(data, initial={**known, **TITLE.initial(known["title"])})
        self.version, self.home = version, version.outcome.body.consultation
        self.fields |= TITLE.fields()
        zone = _("The time zone is that of the body’s consultation: %(zone)s.") % {
            "zone": wording.isolated(self.home.timezone)
        }
        self.fields["opens_at"].help_text = f"{zone} " + _(
            "Leave this blank to open the draft for comment immediately."
        )
        self.fields["closes_at"].help_text = zone

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        arguments = self._arguments(given)
        if not given.get("closes_at") and "closes_at" not in self.errors:
            self.add_error("closes_at", _("Enter the closing date."))
        self.put_all(
            [
                contents.can_be_opened(self.version),
                validation.languages_fit(arguments["languages"]),
                *contents.sections_named(unnamed_sections(self.version, arguments["languages"])),
                *validation.texts_fit("title", arguments["title"]),
                *self._titled(arguments),
                validation.moderation_known(arguments["moderation"]),
                validation.word_limit_fits(arguments["word_limit"], None, is_announced=False),
                validation.dates_fit(arguments["opens_at"] or clock.now(), arguments["closes_at"]),
                *validation.dates_lie_ahead(arguments["opens_at"], arguments["closes_at"]),
                validation.symbol_fits(arguments["symbol"]),
                validation.slug_fits(arguments["slug"]),
            ]
        )
        self._asked = arguments
        return given

    def _titled(self, arguments: Json) -> list[Denied]:
        return [
            Denied(_("Enter the title in each language in which people may comment."), "missing", f"title_{code}")
            for code in arguments["languages"]
            if not arguments["title"].get(code)
        ]

    def _arguments(self, given: Json) -> Json:
        return {
            **{name: given.get(name) or "" for name in ("slug", "symbol", "moderation")},
            "word_limit": given.get("word_limit"),
            "title": TITLE.texts(given),
            "languages": [code for code in NAMES if code in given.get("languages", [])],
            "opens_at": self._moment("opens_at", given),
            "closes_at": self._moment("closes_at", given),
        }

    def _moment(self, name: str, given: Json) -> datetime.datetime | None:
        """Return the moment of a local time; of an ambiguous one the later."""
        if not given.get(name):
            return None
        answer = validation.read_moment(given[name], self.home.timezone, second=True)
        if isinstance(answer, Denied):
            self.add_error(name, str(answer.sentence))
            return None
        return answer.at

    def arguments(self) -> Json:
        """Return the arguments for the action."""
        return self._asked

    def title_fields(self) -> list[InOneLanguage]:
        """Return the six fields of the title."""
        return TITLE.shown(self, self["languages"].value() or ())


HEADING, GUIDANCE = SixLanguages("title"), SixLanguages("guidance", lines=3)


def _title() -> Words:
    return Words(
        label=pgettext_lazy("label", "Title"), help_text=gettext_lazy("Enter the title in the original language.")
    )


def _slug() -> Words:
    return Words(
        size=40,
        label=pgettext_lazy("label", "Web address"),
        help_text=gettext_lazy(
            "The last part of the web address, such as report. You can change it until publication."
        ),
    )


def _consultations() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Which other consultations does this outcome answer?"),
        help_text=gettext_lazy(
            "The outcome answers every contribution to these consultations and to the body’s own "
            "consultation, and every comment on drafts of the outcome."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose consultations from the list.")},
    )


class NewOutcomeForm(ActionForm):
    """A new outcome."""

    title = _title()
    source_language = Choice(
        label=gettext_lazy("Language in which the outcome is written"),
        choices=list(NAMES.items()),
        sentence=gettext_lazy("Choose from the six languages."),
        help_text=gettext_lazy(
            "You cannot change the original language later. The texts in the other five languages are translations."
        ),
    )
    slug = _slug()
    template = Choice(
        label=gettext_lazy("Which template do you want to use?"),
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose a template, or an empty document."),
    )
    consultations = _consultations()

    def __init__(self, data: QueryDict | None = None, *, body: Body):
        super().__init__(data, initial={"source_language": current(), "template": "working_group_report"})
        self.body = body
        self.offered = offer(self, body)
        template = self.fields["template"]
        assert isinstance(template, forms.ChoiceField)
        template.choices = [("working_group_report", _("The report of a working group")), ("", _("An empty document"))]
        template.widget.hints = {  # type: ignore[attr-defined]
            "working_group_report": _(
                "Four sections in six languages: working definition, public policy issues, roles and responsibilities, "
                "report and recommendations."
            ),
            "": _("You create the sections yourself."),
        }

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        slug = given.get("slug", "")
        title = given.get("title", "")
        self.put_all([contents.outcome_is_named(title), title_fits(title), contents.slug_fits(slug)])
        if not given.get("source_language"):
            self.add_error("source_language", _("Choose from the six languages."))
        return given

    def arguments(self) -> Json:
        """Return the arguments for the action."""
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
    """The title of an outcome and the consultations that it answers."""

    title = _title()
    slug = _slug()
    consultations = _consultations()

    def __init__(self, data: QueryDict | None = None, *, outcome: Outcome):
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

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        self.put_all([contents.outcome_is_named(given.get("title", "")), title_fits(given.get("title", ""))])
        if "slug" in self.fields:
            self.put_all([contents.slug_fits(given.get("slug", ""))])
        return given

    def arguments(self) -> Json:
        """Return the arguments for the action."""
        given = self.cleaned_data
        return {
            "title": given["title"],
            "slug": given.get("slug", self.outcome.slug),
            "consultations": chosen(self.offered, given.get("consultations", [])),
        }


class SectionForm(Edited):
    """A section: its heading and guidance in six languages; and its address, when it is new."""

    texts = {"title": pgettext_lazy("option", "Heading"), "guidance": gettext_lazy("Guidance for this section")}

    slug = Words(
        size=40,
        label=pgettext_lazy("label", "Web address"),
        help_text=gettext_lazy(
            "Links to this section use this word, such as recommendations. You cannot change it later."
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, outcome: Outcome, section: Section | None = None):
        it = section or Section()
        initial = {**HEADING.initial(it.title), **GUIDANCE.initial(it.guidance)}
        super().__init__(data, stamp=it.stamp, initial=initial)
        self.outcome, self.section = outcome, it
        self.fields = {**HEADING.fields(), **GUIDANCE.fields(), **self.fields}
        if section:
            del self.fields["slug"]
        self.begin()

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        arguments = self._arguments(given)
        self.put_all(
            [
                contents.in_some_language("title", arguments["title"], self.outcome.document.source_language),
                contents.texts_fit("title", arguments["title"]),
                contents.texts_fit("guidance", arguments["guidance"]),
                *([contents.slug_fits(given.get("slug", ""))] if "slug" in self.fields else []),
            ]
        )
        return given

    def arguments(self) -> Json:
        """Return the arguments for the actions."""
        arguments = self._arguments(self.cleaned_data)
        return {**arguments, "slug": self.cleaned_data["slug"]} if "slug" in self.fields else arguments

    def _arguments(self, given: Json) -> Json:
        return {
            "title": HEADING.texts(given, self.section.title),
            "guidance": GUIDANCE.texts(given, self.section.guidance),
        }

    def rows(self) -> list[tuple[InOneLanguage, InOneLanguage]]:
        """Return heading and guidance side by side, a language a row."""
        needed = [self.outcome.document.source_language]
        return list(zip(HEADING.shown(self, needed), GUIDANCE.shown(self), strict=True))


def offer(form: forms.Form, body: Body, kept: Iterable[str] = ()) -> dict[str, Consultation]:
    """Offer the public consultations besides the body's home; if there is none, remove the field."""
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


WHY_LEFT = SixLanguages("why_left", lines=2)


class NoteForm(ActionForm):
    """Why it is sent back to its writers."""

    note = Words(
        lines=4,
        label=gettext_lazy("What should be changed?"),
        help_text=gettext_lazy("The writers will read your note in an e-mail and at the workbench."),
    )


class PublishForm(ActionForm):
    """The stage of a publication; and for a final text that leaves contributions unanswered, the public reason."""

    stage = Choice(
        label=gettext_lazy("Stage of the text"),
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose the stage of the text."),
    )

    def __init__(self, data: QueryDict | None = None, *, outcome: Outcome, earlier: str, left: int):
        stages = [each for each in Stage if each in VERSIONS[earlier]]
        super().__init__(data, initial={"stage": stages[0] if len(stages) == 1 else ""})
        self.left = left
        if left and Stage.FINAL in stages:
            self.fields |= WHY_LEFT.fields()
        drafts = outcome.editions.filter(stage=Stage.DRAFT).count()
        labels = {Stage.DRAFT: pgettext("label", "Draft %(number)d") % {"number": drafts + 1}}
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, labels.get(each) or each.label) for each in stages]
        field.widget.hints = {  # type: ignore[attr-defined]
            Stage.ZERO_DRAFT: _(
                "The first version. It shows the starting point of the body. You can open this version for comment."
            ),
            Stage.DRAFT: _("A further version. You can open this version for comment."),
            Stage.FINAL: _(
                "The text that the body submits. Once the final text is published, you can publish only corrected "
                "versions of it."
            ),
        }

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if not given.get("stage") and "stage" not in self.errors:
            self.add_error("stage", _("Choose the stage of the text."))
        return given

    def arguments(self) -> Json:
        """Return the arguments for the action."""
        given = self.cleaned_data
        return {"stage": given["stage"], "why_left": WHY_LEFT.texts(given) if "why_left_en" in self.fields else {}}

    def why_fields(self) -> list[InOneLanguage]:
        """Return the six fields of the reason, if there is something to explain."""
        return WHY_LEFT.shown(self) if "why_left_en" in self.fields else []
