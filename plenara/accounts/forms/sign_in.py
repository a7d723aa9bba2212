"""django-allauth's forms with our labels and hints, our limits; nothing reveals whether an address is known."""

import datetime
import secrets
import unicodedata

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts import actions, limits, validation
from plenara.accounts.adapter import attempt, spend
from plenara.accounts.models import Person
from plenara.core.languages import current
from plenara.core.refusals import Sentence
from plenara.core.rows import Json
from plenara.core.text import clean_line


def spend_by_address(purpose: str, address: str, *, by_place: bool = True) -> None:
    """Count one time for an address and for the place that the request comes from; too many is an error of the form."""
    request = allauth_context.request
    spend(request, purpose, ip=limits.ip_of(request) if by_place else "", address=address)


_ADDRESS = pgettext_lazy("label", "E-mail address")


def address_field(*, label: Sentence = _ADDRESS, help_text: Sentence = "") -> forms.EmailField:
    """Return a field for an e-mail address. It is written from left to right in every language."""
    widget = forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr", "maxlength": 254})
    wanted = dict.fromkeys(("required", "invalid"), _("Enter an e-mail address such as name@example.org."))
    return _Address(label=label, help_text=help_text, widget=widget, max_length=254, error_messages=wanted)


class _Address(forms.EmailField):
    def clean(self, value: object) -> str:
        address: str = super().clean(value).lower()
        answer = validation.an_address(address)
        if not answer:
            raise ValidationError(answer.sentence, code="invalid")  # type: ignore[union-attr]
        return address


def password_field(label: Sentence, *, new: bool = False, help_text: Sentence = "") -> forms.CharField:
    """Return a field for a password, which is never shown again in the page."""
    attrs = {"autocomplete": "new-password" if new else "current-password", "dir": "ltr"}
    widget, missing = forms.PasswordInput(attrs=attrs), {"required": _("Enter the password.")}
    return forms.CharField(
        label=label, strip=False, max_length=1000, widget=widget, error_messages=missing, help_text=help_text
    )


# --- signing up -------------------------------------------------------------------------------------------------------


class SignupForm(allauth.SignupForm):
    """Name, address, and the acceptance of rules and licence. A known address gets the same response as a new one."""

    field_order = ["name", "email", "accepts", "website"]

    name = forms.CharField(
        label=pgettext_lazy("label", "Name"),
        help_text=_("Readers see this name beside what you publish. You can ask us later to withhold your name."),
        error_messages={"required": pgettext_lazy("text", "Enter a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    accepts = forms.BooleanField(
        label=_("I accept the rules and the licence"),
        error_messages={
            "required": _("Accept the rules and the licence. You cannot contribute if you do not accept them.")
        },
    )
    # For programs that fill in every field; people do not see it.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = address_field(
            help_text=_("We will send a code to this address. We never publish the address.")
        )
        self.order_fields(self.field_order)

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        answer = validation.a_name(name)
        if not answer:
            raise ValidationError(answer.sentence, code="name")  # type: ignore[union-attr]
        return name

    def validate_unique_email(self, value: str) -> str:
        """Note whether the address has an account. A person who never verified it may sign up again."""
        email = super().validate_unique_email(value)
        if actions.unverified(email).exists():
            self.account_already_exists = False
        return email

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if not self.errors:
            spend_by_address("sign_up", cleaned["email"])
            # By its address alone: many who sign up from one place must not keep others there from signing in.
            spend_by_address("mail", cleaned["email"], by_place=False)
        return cleaned

    def try_save(self, request: HttpRequest) -> tuple[Person | None, object]:
        """Create the person and continue with the code; for a known address, do the same work and continue likewise."""
        email = self.cleaned_data["email"]
        if self.cleaned_data["website"]:
            return None, _as_if(request, email)
        if self.account_already_exists:
            _same_work(self.cleaned_data["name"])
            return super(allauth.SignupForm, self).try_save(request)
        try:
            with transaction.atomic():
                return self.save(request), None
        except IntegrityError:  # the same address signed up at the same time
            self.account_already_exists = True
            return super(allauth.SignupForm, self).try_save(request)

    def save(self, request: HttpRequest) -> Person:
        name, email = self.cleaned_data["name"], self.cleaned_data["email"]
        return actions.sign_up(name=name, email=email, language=current(), joined_from=limits.place_of(request))


def _as_if(request: HttpRequest, email: str) -> HttpResponseRedirect:
    """Redirect a program to the page for a code that is never sent."""
    process = EmailVerificationProcess(request, EmailVerificationProcess.initial_state(None, email))
    process.generate_code()
    process.persist()
    return HttpResponseRedirect(reverse("account_email_verification_sent"))


def _same_work(name: str) -> None:
    """Do the work of a sign-up for nobody: the response time must not reveal that the address is known."""
    with transaction.atomic():
        nobody = actions.sign_up(name=name, email=f"{secrets.token_hex(16)}@example.invalid", language=current())
        for _as_allauth_looks in range(2):
            Person.objects.filter(pk=nobody.pk).first()
            EmailAddress.objects.filter(user=nobody, verified=True).exists()
        transaction.set_rollback(True)


# --- signing in -------------------------------------------------------------------------------------------------------


class LoginForm(allauth.LoginForm):
    """Address and password."""

    #: Declared too, so that a page that shows this form again has it: allauth adds its own only with a form.
    login = address_field()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "login": address_field(),
            "password": password_field(_("Password")),
        }

    def _setup_password_field(self) -> None:
        """Keep the field: allauth removes it where sign-up has no password; here people can set one later."""


class _SendsCode:
    """A form with an address to which a code is sent."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, str]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = address_field()

    def clean_email(self) -> str:
        spend_by_address("mail", self.cleaned_data["email"])
        email: str = super().clean_email()  # type: ignore[misc]
        return email


class RequestLoginCodeForm(_SendsCode, allauth.RequestLoginCodeForm):
    """An address to which a code is sent."""

    def clean_email(self) -> str:
        email = super().clean_email()
        _look_twice(self._user, email)
        return email


def _look_twice(user: Person | None, email: str) -> None:
    """Query as often for a known address as for an unknown one, for which allauth looks in two tables."""
    if user is not None:
        Person.objects.filter(email=email).exists()


class AsksForCode:
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, str]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.CharField(
            label=_("Code"),
            help_text=_("The code has eight digits. You can enter it with or without the hyphen."),
            error_messages={"required": _("Enter the code.")},
            max_length=40,
            widget=forms.TextInput(
                attrs={
                    "class": "code",
                    "autocomplete": "one-time-code",
                    "inputmode": "numeric",
                    "dir": "ltr",
                    "autocapitalize": "off",
                    "spellcheck": "false",
                }
            ),
        )

    def clean_code(self) -> str:
        # Arabic and Persian keyboards write other digits than our e-mails.
        code = self.cleaned_data["code"]
        digits = (str(unicodedata.decimal(each, each)) for each in unicodedata.normalize("NFKC", code))
        self.cleaned_data["code"] = "".join(digits)
        return super().clean_code()  # type: ignore[misc]


class _MailedCode(AsksForCode):
    """A code sent by e-mail. allauth counts wrong codes in the session, where concurrent requests miss each other.

    So each code is counted in the database before it is compared.
    """

    def what_was_sent(self, request: HttpRequest) -> Json:
        """Return what allauth stores of the code in the session: when it was sent (`at`), and to whom."""
        raise NotImplementedError

    def clean_code(self) -> str:
        request = allauth_context.request
        stored = self.what_was_sent(request)
        at = datetime.datetime.fromtimestamp(stored["at"], datetime.UTC)
        try:
            limits.spend("mailed_code", at=at, code=f"{stored['email']} {stored['at']}")
        except limits.TooMany as refused:
            request.too_many = True
            raise get_adapter().validation_error("too_many_login_attempts") from refused
        return super().clean_code()


class ConfirmLoginCodeForm(_MailedCode, allauth.ConfirmLoginCodeForm):
    """The code from the e-mail, to sign in."""

    def what_was_sent(self, request: HttpRequest) -> Json:
        stage = get_pending_stage(request)
        assert stage is not None
        return stage.state


class ConfirmEmailVerificationCodeForm(_MailedCode, allauth.ConfirmEmailVerificationCodeForm):
    """The code that verifies an address."""

    def what_was_sent(self, request: HttpRequest) -> Json:
        return request.session[EMAIL_VERIFICATION_CODE_SESSION_KEY]

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except ValidationError as error:
            # The code was right and verifies the address: delete those who claimed it before and never verified it.
            if error.code != "email_taken" or self.user is None:
                raise
            actions.delete_unverified(email=self.email, owner=self.user)
            return allauth.ConfirmEmailVerificationCodeForm.clean_code(self)


class ConfirmPasswordResetCodeForm(_MailedCode, allauth.ConfirmPasswordResetCodeForm):
    """The code that allows a new password."""

    def what_was_sent(self, request: HttpRequest) -> Json:
        return request.session[PASSWORD_RESET_VERIFICATION_SESSION_KEY]


# --- passwords and addresses ------------------------------------------------------------------------------------------


class ResetPasswordForm(_SendsCode, allauth.ResetPasswordForm):
    """The address of an account whose password is forgotten."""

    def clean_email(self) -> str:
        email = super().clean_email()
        _look_twice(self.users[0] if self.users else None, email)
        return email


class AddEmailForm(_SendsCode, allauth.AddEmailForm):
    """The address that shall be the account's from now on."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = address_field(
            label=_("New e-mail address"),
            help_text=_("We will send a code to this address. Your old address stays in use until you enter the code."),
        )


class _NewPassword:
    """Base of the forms for a new password: one field, since codes by e-mail help after a mistyped one."""

    fields: dict[str, forms.Field]
    user: Person

    def ask_for_new(self, label: Sentence) -> None:
        self.fields.pop("password2", None)
        self.fields["password1"] = password_field(
            label, new=True, help_text=_("Use at least 12 characters. Several unrelated words make a good password.")
        )

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]  # type: ignore[attr-defined]
        password_validation.validate_password(password, self.user)
        return password


class ChangePasswordForm(_NewPassword, allauth.ChangePasswordForm):
    """The current password, and the new one."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = password_field(_("Current password"))
        self.ask_for_new(_("New password"))

    def clean_oldpassword(self) -> str:
        with attempt("password", address=self.user.email):
            return super().clean_oldpassword()


class SetPasswordForm(_NewPassword, allauth.SetPasswordForm):
    """A first password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.ask_for_new(_("Password"))


class ResetPasswordKeyForm(_NewPassword, allauth.ResetPasswordKeyForm):
    """A new password that replaces a forgotten one."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.ask_for_new(_("New password"))


class ReauthenticateForm(allauth.ReauthenticateForm):
    """The password again, before something important."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field(_("Password"))
