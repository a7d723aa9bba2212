"""Opening a version for comment: when, in which languages, how it is moderated, and what the consultation is called."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.consultations import checks as consultation_checks
from plenara.consultations import moments, shown
from plenara.consultations.forms.fields import Choice, LocalTime, SixLanguages, Words
from plenara.consultations.models import Moderation
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.refusals import No
from plenara.outcomes import checks
from plenara.outcomes.forms.common import Checked
from plenara.outcomes.models import OutcomeEdition
from plenara.outcomes.opening import suggested, unnamed_sections

TITLE = SixLanguages("title")


class OpeningForm(Checked):
    """What a consultation on a draft begins with; all but its questions, which are the draft's sections."""

    opens_at = LocalTime(label=gettext_lazy("Opening"))
    closes_at = LocalTime(label=gettext_lazy("Closing"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages in which people may comment"),
        required=False,
        choices=list(NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each section needs a heading in each of them: it becomes a question."),
        error_messages={"invalid_choice": gettext_lazy("Choose among the six languages.")},
    )
    moderation = Choice(
        label=gettext_lazy("When do moderators read?"),
        choices=Moderation.choices,
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose whether contributions are read before they are published, or after."),
    )
    word_limit = forms.IntegerField(
        label=gettext_lazy("Word limit of a comment"),
        required=False,
        help_text=gettext_lazy("Left empty, there is none. Once announced it can be raised, not lowered."),
        error_messages={"invalid": gettext_lazy("Write a whole number.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )
    symbol = Words(
        size=24,
        label=gettext_lazy("Symbol"),
        help_text=gettext_lazy("Every comment is cited by it. It stays for good."),
    )
    slug = Words(
        size=40, label=gettext_lazy("Address"), help_text=gettext_lazy("The end of its web address. It stays for good.")
    )

    def __init__(self, data: Any = None, *, version: OutcomeEdition):
        known = suggested(version)
        super().__init__(data, initial={**known, **TITLE.initial(known["title"])})
        self.version, self.home = version, version.outcome.body.consultation
        self.fields |= TITLE.fields()
        zone = _("In the time zone of the body’s consultation, %(zone)s.") % {
            "zone": shown.isolated(self.home.timezone)
        }
        self.fields["opens_at"].help_text = f"{zone} " + _("Left empty, it opens at once.")
        self.fields["closes_at"].help_text = zone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        said = self._said(given)
        if not given.get("closes_at") and "closes_at" not in self.errors:
            self.add_error("closes_at", _("Write when it closes."))
        self.ask(
            [
                checks.can_be_opened(self.version),
                consultation_checks.languages_fit(said["languages"]),
                *checks.sections_named(unnamed_sections(self.version, said["languages"])),
                *consultation_checks.texts_fit("title", said["title"]),
                *self._titled(said),
                consultation_checks.moderation_known(said["moderation"]),
                consultation_checks.word_limit_fits(said["word_limit"], None, is_announced=False),
                consultation_checks.dates_fit(said["opens_at"] or clock.now(), said["closes_at"]),
                *consultation_checks.dates_lie_ahead(said["opens_at"], said["closes_at"]),
                consultation_checks.symbol_fits(said["symbol"]),
                consultation_checks.slug_fits(said["slug"]),
            ]
        )
        self._asked = said
        return given

    def _titled(self, said: dict[str, Any]) -> list[No]:
        return [
            No(_("Write the title in each language in which people may comment."), "missing", f"title_{code}")
            for code in said["languages"]
            if not said["title"].get(code)
        ]

    def _said(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            **{name: given.get(name) or "" for name in ("slug", "symbol", "moderation")},
            "word_limit": given.get("word_limit"),
            "title": TITLE.texts(given),
            "languages": [code for code in NAMES if code in given.get("languages", [])],
            "opens_at": self._moment("opens_at", given),
            "closes_at": self._moment("closes_at", given),
        }

    def _moment(self, name: str, given: dict[str, Any]) -> datetime.datetime | None:
        """Return the moment that a local time means; of one that comes twice the later."""
        if not given.get(name):
            return None
        answer = moments.read(given[name], self.home.timezone, second=True)
        if isinstance(answer, No):
            self.add_error(name, str(answer.sentence))
            return None
        return answer.at

    def said(self) -> dict[str, Any]:
        """Return it as the action takes it."""
        return self._asked

    def title_fields(self) -> Any:
        """Return the six fields of the title."""
        return TITLE.shown(self, self["languages"].value() or ())
