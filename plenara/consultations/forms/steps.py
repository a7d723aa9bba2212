"""Forms that extend a consultation, close it early, and invite to its roles."""

import datetime
from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plenara.accounts import validation as account_validation
from plenara.consultations import validation as consultation_validation
from plenara.consultations.forms.fields import Choice, LocalTime, SixLanguages
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.presenters import wording
from plenara.core.forms import ActionForm
from plenara.core.languages import NAMES, current
from plenara.core.refusals import Answer, Denied

REASON = SixLanguages("reason", lines=3)


class CloseEarlyForm(ActionForm):
    """The reason for an early closing."""

    def __init__(self, data: QueryDict | None = None, *, consultation: Consultation):
        super().__init__(data)
        self.consultation = consultation
        self.fields |= REASON.fields()

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        self.put_all(self.answers(REASON.texts(given)))
        return given

    def answers(self, reason: Mapping[str, str]) -> list[Answer]:
        """Return the answers of the validation."""
        return consultation_validation.early_closing_fits(reason)

    def reason(self) -> dict[str, str]:
        """Return the reason as the action takes it."""
        return REASON.texts(self.cleaned_data)


class ExtendForm(CloseEarlyForm):
    """A later closing and its reason."""

    closes_at = LocalTime(label=gettext_lazy("New closing date"))

    def __init__(self, data: QueryDict | None = None, *, consultation: Consultation):
        super().__init__(data, consultation=consultation)
        self.fields["closes_at"].help_text = _("Enter the date and time in the consultation’s time zone, %(zone)s.") % {
            "zone": wording.isolated(consultation.timezone)
        }
        self.moment: datetime.datetime | None = None
        self.warning = ""

    def clean(self) -> dict[str, object]:
        it, local = self.consultation, self.cleaned_data.get("closes_at")
        if local:
            answer = consultation_validation.read_moment(local, it.timezone, second=True)
            if isinstance(answer, Denied):
                self.add_error("closes_at", str(answer.sentence))
            else:
                self.moment = answer.at
                if answer.comes_twice:
                    self.warning = _(
                        "%(time)s occurs twice on that day, because clocks go back. We use the second of the two: "
                        "%(moment)s."
                    ) % {
                        "time": f"{local:%H:%M}",
                        "moment": wording.moment(answer.at, it.timezone),
                    }
        return super().clean()

    def answers(self, reason: Mapping[str, str]) -> list[Answer]:
        return consultation_validation.extension_fits(self.consultation, self.moment, reason)


class InviteForm(ActionForm):
    """A role offered to an address."""

    people = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy(
            "Enter one person per line: an e-mail address, “Ana Silva <ana@example.org>”, or "
            "spreadsheet cells with name and address. Links are valid for 14 days."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"autocomplete": "off", "dir": "auto", "rows": 3, "class": "low"}),
    )
    role = Choice(
        label=pgettext_lazy("label", "Role"),
        choices=RoleName.choices,
        widget=forms.RadioSelect,
        sentence=pgettext_lazy("text", "Choose a role."),
    )
    language = Choice(
        label=gettext_lazy("Translator’s language"),
        help_text=gettext_lazy("For translators only: the language into which they translate."),
        choices=[("", pgettext_lazy("text", "Choose a language")), *NAMES.items()],
        sentence=gettext_lazy("Choose from the six languages."),
    )
    email_language = Choice(
        label=gettext_lazy("Language of the e-mail"),
        choices=list(NAMES.items()),
        sentence=gettext_lazy("Choose from the six languages."),
    )

    def __init__(self, data: QueryDict | None = None, *, where: Consultation):
        super().__init__(data, initial={"email_language": current()})
        self.fields["people"].validators = []  # what a browser cannot send is removed, line by line
        self.invitees: list[account_validation.Invitee] = []
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(name, RoleName(name).label) for name in consultation_validation.roles_of(where)]
        if where.is_community:
            del self.fields["language"]
        self.fields["role"].widget.hints = {  # type: ignore[attr-defined]
            RoleName.ORGANIZER: _("Gives people roles, sets how moderation works, and can also decide on entries.")
            if where.is_community
            else _("Edits and extends the consultation, gives people roles and approves summaries."),
            RoleName.MODERATOR: _("Decides on events, organizations, people and projects.")
            if where.is_community
            else _("Decides on contributions."),
            RoleName.RAPPORTEUR: _("Writes the summaries."),
            RoleName.TRANSLATOR: _("Translates summaries into one language."),
        }

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        role = given.get("role", "")
        if role != RoleName.TRANSLATOR:
            given["language"] = ""  # a language chosen beside another role means nothing
        self.invitees, wrong = account_validation.read_invitees(given.get("people", ""), "people")
        for each in wrong:
            self.put(each)
        self.put_all([consultation_validation.role_fits(role, given.get("language", ""))])
        return given
