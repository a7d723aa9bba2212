"""A member of a body, and an invitation to act as one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations.forms.fields import Choice, Words
from plenara.core.languages import NAMES, current
from plenara.core.vocabulary import StakeholderGroup, country_choices
from plenara.outcomes import checks
from plenara.outcomes.actions.members import stamp_of
from plenara.outcomes.forms.common import Checked, Day, Edited
from plenara.outcomes.models import Body, Member

_SHOWN = ("part", "name", "stakeholder_group", "organization", "country", "since", "until")


class MemberForm(Edited):
    """What is shown of a member, and from when to when they are one."""

    part = Choice(
        label=pgettext_lazy("of a member", "Part in the body"),
        choices=Member.Part.choices,
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose what the member is in this body."),
    )
    name = Words(label=gettext_lazy("Name"), help_text=gettext_lazy("As the page of the body shows it."))
    stakeholder_group = Choice(
        label=gettext_lazy("Stakeholder group"),
        choices=[("", gettext_lazy("not told")), *StakeholderGroup.choices],
        sentence=gettext_lazy("Choose one of the groups."),
    )
    organization = Words(label=gettext_lazy("Organization"))
    country = Choice(label=gettext_lazy("Country"), sentence=gettext_lazy("Choose a country from the list."))
    since = Day(label=gettext_lazy("Member since"))
    until = Day(
        label=gettext_lazy("Last day as a member"),
        help_text=gettext_lazy(
            "From the day after, they act no more and are shown as a former member. Left empty, they stay."
        ),
    )

    def __init__(self, data: Any = None, *, member: Member | None = None):
        it = member or Member()
        initial: dict[str, Any] = (
            {name: getattr(it, name) for name in _SHOWN} if member else {"part": Member.Part.MEMBER}
        )
        super().__init__(data, stamp=stamp_of(it), initial=initial)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [("", _("not told")), *country_choices()]
        self.fields["part"].widget.hints = _hints()  # type: ignore[attr-defined]
        self.begin()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        told = [given.get(name, "") for name in ("part", "name", "stakeholder_group", "organization", "country")]
        answers = checks.member_fits(*told)
        self.ask([*answers, checks.days_fit(given.get("since"), given.get("until"), "until")])
        return given

    def said(self) -> dict[str, Any]:
        """Return the member as the actions take them."""
        return {name: self.cleaned_data[name] for name in _SHOWN if name in self.fields}

    def days(self) -> list[forms.BoundField]:
        """Return the fields of days."""
        return [self[name] for name in ("since", "until") if name in self.fields]


class NewMemberForm(MemberForm):
    """A member who is added: with the account of somebody who works in the consultation, or without one."""

    person = Choice(
        label=gettext_lazy("Account"),
        help_text=gettext_lazy(
            "Those who work in this consultation already. Anybody else is added without an account; you can then send "
            "them a link by mail, by which they act as this member."
        ),
        sentence=gettext_lazy("Choose somebody from the list."),
    )

    def __init__(self, data: Any = None, *, body: Body):
        super().__init__(data)
        del self.fields["until"]
        self.people = people_for(body)
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [("", _("No account yet")), *((str(each.pk), each.name) for each in self.people)]
        if not self.people:
            del self.fields["person"]

    def clean(self) -> dict[str, Any]:
        chosen = next((each for each in self.people if str(each.pk) == self.cleaned_data.get("person")), None)
        if chosen and not self.cleaned_data.get("name"):
            self.cleaned_data["name"] = chosen.name  # left empty, the account's
        return super().clean()

    def said(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("person")
        person = next((each for each in self.people if str(each.pk) == chosen), None)
        return {**super().said(), "person": person}


class InviteMemberForm(Checked):
    """An address to which a link goes, by which somebody acts as a member."""

    address = Words(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("They get a link that is good for 14 days, whether they have an account or not."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr", "size": 40}),
    )
    letter_language = Choice(
        label=gettext_lazy("Language of the e-mail"),
        choices=list(NAMES.items()),
        sentence=gettext_lazy("Choose among the six languages."),
    )

    def __init__(self, data: Any = None):
        super().__init__(data, initial={"letter_language": current()})


def people_for(body: Body) -> list[Person]:
    """Return those who have a role in a body's home and are not its members yet."""
    there = body.members.filter(until=None).exclude(person=None).values("person")
    found = Person.objects.filter(roles__consultation=body.consultation_id, is_active=True, suspended_at=None)
    return list(found.exclude(pk__in=there).distinct().order_by("name", "pk"))


def _hints() -> dict[str, str]:
    leads, writes = _("Leads: declares paragraphs agreed, approves and publishes; writes too."), _("Writes the text.")
    return {
        Member.Part.CHAIR: leads,
        Member.Part.VICE_CHAIR: leads,
        Member.Part.RAPPORTEUR: writes,
        Member.Part.MEMBER: _("Proposes other words, agrees or objects."),
        Member.Part.OBSERVER: _("Reads and comments."),
        Member.Part.SECRETARIAT: _("Writes the text; does not agree or object."),
    }
