"""A guiding question in six languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.consultations import checks
from plenara.consultations.actions.threads import would_reword
from plenara.consultations.forms.fields import InOneLanguage, SixLanguages
from plenara.consultations.forms.stamped import StampedForm
from plenara.consultations.models import Consultation, Thread
from plenara.core.languages import NAMES
from plenara.core.refusals import No
from plenara.core.vocabulary import language_name
from plenara.themes import reading

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

    def __init__(self, data: Any = None, *, consultation: Consultation, thread: Thread | None = None):
        question, guidance = (thread.question, thread.guidance) if thread else ({}, {})
        kept = list(thread.themes) if thread else []
        super().__init__(
            data,
            stamp=thread.stamp if thread else 0,
            initial={**QUESTION.initial(question), **GUIDANCE.initial(guidance), "themes": kept},
        )
        self.consultation, self.thread = consultation, thread
        self.fields = {**QUESTION.fields(), **GUIDANCE.fields(), **self.fields}
        self.fields["themes"].choices = reading.choices(also=kept)  # type: ignore[attr-defined]
        self.asks_to_confirm = False
        self.begin()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        question = QUESTION.texts(given, self.thread.question if self.thread else None)
        answers = [
            checks.in_some_language("question", question, _("Write the question in at least one language.")),
            *checks.texts_fit("question", question),
            *checks.texts_fit("guidance", GUIDANCE.texts(given)),
            checks.themes_fit(given.get("themes", []), self.thread.themes if self.thread else []),
        ]
        for answer in answers:
            if isinstance(answer, No):
                self.put(answer)
        # Asked only where it is needed, and from then on kept in sight.
        self.asks_to_confirm = bool(self.thread and self.consultation.is_public and would_reword(self.thread, question))
        return given

    def words(self) -> dict[str, Any]:
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
    """Return the names of the languages in which a question is not there yet."""
    return [language_name(code) for code in NAMES if not thread.question.get(code)]
