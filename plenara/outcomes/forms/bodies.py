"""Forms of a body and its members: name, mandate and days; a member's details; an invitation to act as one."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations.forms.fields import Choice, InOneLanguage, SixLanguages, Words
from plenara.core.forms import ActionForm
from plenara.core.languages import NAMES, current
from plenara.core.rows import Json
from plenara.core.vocabulary import StakeholderGroup, country_choices
from plenara.outcomes.actions.bodies import member_stamp
from plenara.outcomes.forms.common import Day, Edited
from plenara.outcomes.models import Body, Member
from plenara.outcomes.validation import contents

NAME, MANDATE = SixLanguages("name"), SixLanguages("mandate", lines=6)


class BodyForm(Edited):
    """The details of a body."""

    texts = {"name": pgettext_lazy("of a body", "Name"), "mandate": pgettext_lazy("option", "Mandate")}

    begins_on = Day(label=gettext_lazy("First day"), help_text=gettext_lazy("The day on which the mandate begins."))
    ends_on = Day(label=gettext_lazy("Last day"), help_text=gettext_lazy("The day on which the mandate ends."))

    def __init__(self, data: QueryDict | None = None, *, body: Body | None = None):
        it = body or Body()
        initial = {
            **NAME.initial(it.name), **MANDATE.initial(it.mandate), "begins_on": it.begins_on, "ends_on": it.ends_on,
        }  # fmt: skip
        super().__init__(data, stamp=it.stamp, initial=initial)
        self.body = it
        self.fields = {**NAME.fields(), **MANDATE.fields(), **self.fields}
        self.begin()

    def clean(self) -> dict:
        given = super().clean() or {}
        arguments = self._arguments(given)
        self.put_all(
            [
                contents.in_some_language("name", arguments["name"], current()),
                contents.texts_fit("name", arguments["name"]),
                contents.texts_fit("mandate", arguments["mandate"]),
                contents.days_fit(arguments["begins_on"], arguments["ends_on"], "ends_on"),
            ]
        )
        return given

    def arguments(self) -> Json:
        """Return the arguments for the actions."""
        return self._arguments(self.cleaned_data)

    def _arguments(self, given: Json) -> Json:
        return {
            "name": NAME.texts(given, self.body.name),
            "mandate": MANDATE.texts(given, self.body.mandate),
            "begins_on": given.get("begins_on"),
            "ends_on": given.get("ends_on"),
        }

    def name_fields(self) -> list[InOneLanguage]:
        """Return the six fields of its name."""
        return NAME.shown(self)

    def mandate_fields(self) -> list[InOneLanguage]:
        """Return the six fields of its mandate."""
        return MANDATE.shown(self)


class NewBodyForm(BodyForm):
    """A new body."""

    slug = Words(
        size=40,
        label=pgettext_lazy("label", "Web address"),
        help_text=gettext_lazy(
            "The last part of the web address, such as working-group. You cannot change it later, "
            "because people will cite it."
        ),
    )

    def clean(self) -> dict:
        given = super().clean()
        slug = given.get("slug", "")
        if not slug:
            self.add_error("slug", _("Enter the last part of the web address, such as working-group."))
        else:
            self.put_all([contents.slug_fits(slug)])
        return given

    def arguments(self) -> Json:
        return {**super().arguments(), "slug": self.cleaned_data["slug"]}


_MEMBER_FIELDS = ("part", "name", "stakeholder_group", "organization", "country", "since", "until")


class MemberForm(Edited):
    """The details of a member and the days of membership."""

    part = Choice(
        label=pgettext_lazy("of a member", "Role in the body"),
        choices=Member.Part.choices,
        widget=forms.RadioSelect,
        sentence=gettext_lazy("Choose the role of the member in this body."),
    )
    name = Words(
        label=pgettext_lazy("label", "Name"),
        help_text=gettext_lazy("Enter the name to show on the public page of the body."),
    )
    stakeholder_group = Choice(
        label=pgettext_lazy("label", "Stakeholder group"),
        choices=[("", gettext_lazy("not stated")), *StakeholderGroup.choices],
        sentence=gettext_lazy("Choose a stakeholder group."),
    )
    organization = Words(label=pgettext_lazy("label", "Organization"))
    country = Choice(label=pgettext_lazy("label", "Country"), sentence=gettext_lazy("Choose a country from the list."))
    since = Day(label=gettext_lazy("Member since"))
    until = Day(
        label=gettext_lazy("Last day as a member"),
        help_text=gettext_lazy(
            "From the next day, this person is a former member and can no longer take part. Leave blank if there "
            "is no end date."
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, member: Member | None = None):
        it = member or Member()
        initial: dict[str, object] = (
            {name: getattr(it, name) for name in _MEMBER_FIELDS} if member else {"part": Member.Part.MEMBER}
        )
        super().__init__(data, stamp=member_stamp(it), initial=initial)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [("", _("not stated")), *country_choices()]
        self.fields["part"].widget.hints = _hints()  # type: ignore[attr-defined]
        self.begin()

    def clean(self) -> dict:
        given = super().clean() or {}
        values = [given.get(name, "") for name in ("part", "name", "stakeholder_group", "organization", "country")]
        answers = contents.member_fits(*values)
        self.put_all([*answers, contents.days_fit(given.get("since"), given.get("until"), "until")])
        return given

    def arguments(self) -> Json:
        """Return the arguments for the actions."""
        return {name: self.cleaned_data[name] for name in _MEMBER_FIELDS if name in self.fields}

    def days(self) -> list[forms.BoundField]:
        """Return the fields of days."""
        return [self[name] for name in ("since", "until") if name in self.fields]


class NewMemberForm(MemberForm):
    """A new member, with the account of a person who has a role in the consultation, or without one."""

    person = Choice(
        label=pgettext_lazy("label", "Account"),
        help_text=gettext_lazy(
            "The list shows people who already work in this consultation. You can add other people who "
            "have no account, and then invite them by e-mail."
        ),
        sentence=gettext_lazy("Choose a person from the list."),
    )

    def __init__(self, data: QueryDict | None = None, *, body: Body):
        super().__init__(data)
        del self.fields["until"]
        self.people = people_for(body)
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [("", _("No account yet")), *((str(each.pk), each.name) for each in self.people)]
        if not self.people:
            del self.fields["person"]

    def clean(self) -> dict:
        chosen = next((each for each in self.people if str(each.pk) == self.cleaned_data.get("person")), None)
        if chosen and not self.cleaned_data.get("name"):
            self.cleaned_data["name"] = chosen.name  # if empty, the account's
        return super().clean()

    def arguments(self) -> Json:
        chosen = self.cleaned_data.get("person")
        person = next((each for each in self.people if str(each.pk) == chosen), None)
        return {**super().arguments(), "person": person}


class InviteMemberForm(ActionForm):
    """The e-mail address of an invitation to act as a member."""

    address = Words(
        label=pgettext_lazy("label", "E-mail address"),
        help_text=gettext_lazy(
            "We send the person a link that is valid for 14 days. The person does not need an account."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr", "size": 40}),
    )
    email_language = Choice(
        label=gettext_lazy("Language of the e-mail"),
        choices=list(NAMES.items()),
        sentence=gettext_lazy("Choose from the six languages."),
    )

    def __init__(self, data: QueryDict | None = None):
        super().__init__(data, initial={"email_language": current()})


def people_for(body: Body) -> list[Person]:
    """Return the people who have a role in a body's home and are not its members yet."""
    there = body.members.filter(until=None).exclude(person=None).values("person")
    found = Person.objects.filter(roles__consultation=body.consultation_id, is_active=True, suspended_at=None)
    return list(found.exclude(pk__in=there).distinct().order_by("name", "pk"))


def _hints() -> dict[str, str]:
    leads, writes = (
        _("Leads the body, writes the text, declares paragraphs agreed, approves and publishes."),
        _("Writes the text."),
    )
    return {
        Member.Part.CHAIR: leads,
        Member.Part.VICE_CHAIR: leads,
        Member.Part.RAPPORTEUR: writes,
        Member.Part.MEMBER: _("Proposes other wording, agrees or objects."),
        Member.Part.OBSERVER: _("Reads and comments."),
        Member.Part.SECRETARIAT: _("Writes the text. Does not agree or object."),
    }
