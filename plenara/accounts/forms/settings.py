"""Forms of our own views: the byline, the settings, the installation, its people. Those of allauth are in `sign_in`."""

from base64 import b64decode, b64encode
from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from plenara.accounts import queries, validation
from plenara.accounts.forms.sign_in import address_field
from plenara.accounts.models import IdentityProof, Installation, Person, SuspensionReason
from plenara.accounts.personal_data.erasure import ErasureChoice, PublishedTexts
from plenara.core.colours import read_colour
from plenara.core.forms import ActionForm
from plenara.core.languages import NAMES, direction, html_code, join_sentences_lazy
from plenara.core.refusals import Answer, Denied, Sentence
from plenara.core.rows import Json
from plenara.core.text import clean_line
from plenara.core.vocabulary import Capacity, StakeholderGroup, country_choices


def _choose(sentence: Sentence) -> dict[str, Sentence]:
    """Return the error messages of a choice that is missing or invalid."""
    return {"required": sentence, "invalid_choice": sentence}


#: The answer of a person who means none of the similarly named organizations.
AS_TYPED = "-"


class BylineForm(ActionForm):
    """For whom a person speaks, and what of it is withheld.

    A name similar to that of a known organization is checked once: the form comes back with the field
    `meant`, and with the name in question, `asked`.
    """

    stakeholder_group = forms.ChoiceField(
        label=_("Which stakeholder group do you belong to?"),
        choices=StakeholderGroup.choices,
        widget=forms.RadioSelect,
        error_messages=_choose(_("Choose the stakeholder group that you belong to.")),
    )
    capacity = forms.ChoiceField(
        label=_("Do you speak as an individual or for an organization?"),
        choices=Capacity.choices,
        widget=forms.RadioSelect,
        error_messages=_choose(_("Choose whether you speak as an individual or for an organization.")),
    )
    organization = forms.CharField(
        label=pgettext_lazy("label", "Organization"),
        help_text=_(
            "Fill this in only if you speak for an organization. Readers see “not verified” beside the "
            "organization’s name. The directory suggests names as you type."
        ),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto", "list": "organizations"}),
    )
    country = forms.ChoiceField(
        label=pgettext_lazy("label", "Country"),
        required=False,
        error_messages=_choose(_("Choose a country from the list.")),
    )
    withholds_name = forms.BooleanField(
        label=_("Withhold my name"),
        help_text=_("Your contributions appear without your name on every page and in every feed and file."),
        required=False,
    )
    withholds_country = forms.BooleanField(
        label=_("Withhold my country"),
        help_text=_("If you tick this box, you do not need to choose a country."),
        required=False,
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)
        country.choices = [("", "–"), *country_choices()]
        country.widget.attrs["autocomplete"] = "country"

    def clean(self) -> dict[str, object] | None:
        """Show every error at once: the action that sets a byline stops at the first."""
        given = super().clean() or self.cleaned_data
        answers: list[Answer] = []
        if given.get("capacity") == Capacity.ORGANIZATION and "organization" in given:
            answers.append(validation.organization_of(given["capacity"], clean_line(given["organization"])))
        if "country" in given:
            answers.append(validation.country_of(given["country"], given.get("withholds_country", False)))
        for answer in answers:
            if isinstance(answer, Denied):
                self.add_error(answer.field, str(answer.sentence))
        if given.get("capacity") == Capacity.ORGANIZATION and given.get("organization"):
            self._choose_organization(given)
        return given

    def _choose_organization(self, given: Json) -> None:
        """Use the organization that was chosen, or ask which one is meant."""
        typed = clean_line(given["organization"])
        names = queries.organizations_nearly_named(typed, given.get("country", ""))
        if not names:
            return
        meant = self.data.get("meant") if self.data.get("asked") == typed else None
        if meant in names:
            given["organization"] = meant
        elif meant != AS_TYPED:
            sent = self.data.dict() if isinstance(self.data, QueryDict) else self.data
            self.data = {**sent, "asked": typed}
            choices = [
                *((name, name) for name in names),
                (AS_TYPED, gettext("Another organization, with the name that I entered")),
            ]
            self.fields["meant"] = forms.ChoiceField(
                label=gettext("Which organization do you mean?"), choices=choices, widget=forms.RadioSelect
            )
            self.fields["asked"] = forms.CharField(widget=forms.HiddenInput)
            order = list(self.fields)
            self.order_fields([*order[: order.index("organization") + 1], "meant", *order])
            question = gettext(
                "The directory has organizations with similar names. Choose one, or keep the name that you entered."
            )
            self.add_error("meant", question)

    @classmethod
    def of(cls, person: Person) -> "BylineForm":
        """Return the form filled in with the person's byline."""
        return cls(initial={name: getattr(person, name) for name in cls.base_fields})


class SettingsForm(ActionForm):
    """Name and language of e-mails."""

    name = forms.CharField(
        label=pgettext_lazy("label", "Name"),
        help_text=_("What you have already published keeps the name that you had when you submitted it."),
        error_messages={"required": pgettext_lazy("text", "Enter a name.")},
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of the e-mails that we send you"), choices=list(NAMES.items()))


class EraseForm(ActionForm):
    """What happens to the person's published texts, and a word that confirms it."""

    choice = forms.ChoiceField(
        label=_("What should happen to what you have published?"),
        widget=forms.RadioSelect,
        error_messages=_choose(_("Choose what should happen to what you have published.")),
    )
    sure = forms.BooleanField(
        label=_("I understand that the erasure cannot be undone"),
        error_messages={"required": _("Tick the box to confirm that you want to erase your account.")},
    )

    def __init__(self, data: QueryDict | None, *, published: PublishedTexts) -> None:
        super().__init__(data)
        choice = self.fields["choice"]
        assert isinstance(choice, forms.ChoiceField)
        if published.free:
            choice.choices = ErasureChoice.choices
        else:  # there is nothing to choose: the record of an archived consultation does not change
            choice.choices = [(ErasureChoice.PARTICIPANT.value, "")]
            choice.initial, choice.widget = ErasureChoice.PARTICIPANT.value, forms.HiddenInput()


class InstallationForm(ActionForm):
    """Name, contact and controller of the installation; name and controller in six languages."""

    contact = address_field(
        label=_("Contact e-mail address"),
        help_text=_("Every page shows this e-mail address, so that people can write with questions about the site."),
    )
    announcing_takes_two = forms.BooleanField(
        label=_("A second organizer must confirm before a consultation is announced"),
        help_text=join_sentences_lazy(
            _(
                "One organizer asks to announce the consultation. Another organizer of the same consultation "
                "confirms the announcement."
            ),
            _(
                "A second organizer of this site must also confirm the removal of a passkey or an authenticator app if "
                "the person has a role."
            ),
        ),
        required=False,
    )
    requires_second_factor = forms.BooleanField(
        label=_("People with a role must use a passkey or an authenticator app"),
        help_text=join_sentences_lazy(
            _("People who have neither can open the desk only after they have added one."),
            _(
                "A second organizer of this site must also confirm the removal of a passkey or an authenticator app if "
                "the person has a role."
            ),
        ),
        required=False,
    )

    def __init__(self, data: QueryDict | None, files: MultiValueDict | None, *, it: Installation) -> None:
        initial: dict[str, object] = {
            "contact": it.contact,
            "announcing_takes_two": it.announcing_takes_two,
            "requires_second_factor": it.requires_second_factor,
        }
        for code in NAMES:
            initial[f"name_{code}"] = it.name.get(code, "")
            initial[f"controller_{code}"] = it.controller.get(code, "")
        super().__init__(data, files, initial=initial)
        for code, name in NAMES.items():
            self.fields[f"name_{code}"] = _in_language(code, name, forms.TextInput)
            self.fields[f"controller_{code}"] = _in_language(code, name, forms.TextInput)

    @property
    def names(self) -> list[forms.BoundField]:
        return [self[f"name_{code}"] for code in NAMES]

    @property
    def controllers(self) -> list[forms.BoundField]:
        return [self[f"controller_{code}"] for code in NAMES]

    @property
    def missing(self) -> dict[str, list[str]]:
        """Return the languages, by their own names, in which there is no name or no controller yet."""
        return {
            what: [NAMES[code] for code in NAMES if not self[f"{what}_{code}"].value()]
            for what in ("name", "controller")
        }

    def by_language(self, what: str) -> dict[str, str]:
        """Return what was written in each language."""
        return {code: self.cleaned_data.get(f"{what}_{code}", "") for code in NAMES}


class ColourField(forms.CharField):
    """A colour in hexadecimal digits, or none. Its contrast is checked by `validation`."""

    widget = forms.TextInput(attrs={"class": "code", "dir": "ltr", "autocomplete": "off"})

    def clean(self, value: str | None) -> str:
        text = super().clean(value)
        try:
            return read_colour(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("Enter a colour in hexadecimal digits, such as #00594a.")) from error


class LookForm(ActionForm):
    """Colours and mark of the installation. An uploaded picture stays in the form until it is saved."""

    accent = ColourField(
        label=_("Colour of links and buttons"),
        help_text=join_sentences_lazy(
            _("Enter a colour in hexadecimal digits, such as #00594a."),
            _("If you leave this field blank, the site has the default colour."),
        ),
        required=False,
        max_length=20,
    )
    header = ColourField(
        label=_("Colour of the header"),
        help_text=join_sentences_lazy(
            _("This is the colour of the line at the top of every page."),
            _("If you leave this field blank, the line has the colour of links and buttons."),
        ),
        required=False,
        max_length=20,
    )
    mark = forms.FileField(
        label=_("Logo"),
        help_text=join_sentences_lazy(
            _("An SVG drawing, or a PNG picture of at most 1,024 by 1,024 pixels. The file can be up to 200 KB."),
            _("In dark mode the logo has a light background."),
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".svg,.png,image/svg+xml,image/png"}),
    )
    picture = forms.CharField(required=False, widget=forms.HiddenInput)  # what was uploaded before, in Base64
    mark_is_name = forms.BooleanField(
        label=_("The logo contains the name of the site"),
        help_text=_("If you tick this box, the header shows the logo without the name beside it."),
        required=False,
    )
    drop_mark = forms.BooleanField(label=_("Do not show a logo"), required=False)

    def __init__(self, data: QueryDict | None, files: MultiValueDict | None, *, it: Installation) -> None:
        initial = {"accent": it.accent, "header": it.header, "mark_is_name": it.mark_is_name}
        super().__init__(data, files, initial=initial)
        self.chosen: validation.Mark | None = None
        if not it.mark:
            del self.fields["drop_mark"]

    def clean(self) -> Json:
        given = super().clean() or {}
        self.put_all([validation.an_accent(given.get("accent", "")), validation.a_header(given.get("header", ""))])
        file, text = given.get("mark"), given.get("picture")
        try:
            # A byte more than allowed is enough to be refused for its size.
            data = file.read(validation.MOST_MARK_BYTES + 1) if file else b64decode(text or "", validate=True)
        except ValueError:
            data = b"?"
        found = validation.read_mark(data) if data else None
        if isinstance(found, Denied):
            self.put(found)
        elif found:
            self.chosen = found
            assert isinstance(self.data, QueryDict)
            self.data = self.data.copy()
            self.data["picture"] = b64encode(found.data).decode()
        return given


class PageForm(ActionForm):
    """One of the installation's pages, in six languages."""

    def __init__(self, data: QueryDict | None, *, texts: dict[str, str]) -> None:
        super().__init__(data, initial=texts)
        for code, name in NAMES.items():
            self.fields[code] = _in_language(code, name, forms.Textarea, most=40_000)


def _in_language(code: str, name: str, widget: type[forms.Widget], most: int = 400) -> forms.CharField:
    attrs = {"lang": html_code(code), "dir": direction(code)}
    return forms.CharField(label=name, required=False, max_length=most, widget=widget(attrs=attrs))


class FindForm(forms.Form):
    """A search for people by exact address or a part of the name."""

    who = forms.CharField(
        label=_("Name or e-mail address"),
        help_text=_("Enter part of the name, or the whole e-mail address."),
        error_messages={"required": _("Enter part of the name, or the whole e-mail address.")},
        max_length=254,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


class PasskeysForm(ActionForm):
    """How an organizer knows that it is the person who lost their passkeys."""

    proof = forms.ChoiceField(
        label=_("How did you check this person’s identity?"),
        help_text=_("We record your answer and send it to the person by e-mail."),
        choices=[(each.value, capfirst(each.label)) for each in IdentityProof],
        widget=forms.RadioSelect,
        error_messages=_choose(_("Choose how you checked this person’s identity.")),
    )


class SuspendForm(ActionForm):
    """The reason for a suspension."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("label", "Reason"),
        help_text=_("We send the person an e-mail with the reason, in their language."),
        choices=SuspensionReason.choices,
        widget=forms.RadioSelect,
        error_messages=_choose(pgettext_lazy("text", "Choose a reason.")),
    )
