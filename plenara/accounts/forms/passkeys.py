"""Forms of django-allauth for passkeys, authenticator apps and recovery codes, with our labels and limits."""

import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts import limits
from plenara.accounts.adapter import attempt
from plenara.accounts.forms.sign_in import AsksForCode
from plenara.accounts.models import Person
from plenara.core.text import clean_line


class _CodeOfAppOrRecoveryCode(AsksForCode):
    user: Person
    authenticator: Authenticator

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        if Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).exists():
            field.label = _("Code from the app, or recovery code")
            field.help_text = _("The app shows six digits. A recovery code has eight digits and works only once.")
        else:
            field.label = _("Recovery code")
            field.help_text = _("Enter one of the recovery codes that you saved. Each code works only once.")

    def clean_code(self) -> str:
        with attempt("code", person=self.user):
            code = super().clean_code()
            if self.authenticator.type == Authenticator.Type.TOTP:
                _use_code_of_app(self.authenticator, code)
        return code


def _use_code_of_app(app: Authenticator, code: str) -> None:
    """Let each code of an app work once (RFC 6238, 5.2). allauth notes used codes in the cache, of one process each."""
    secret = decrypt(app.data["secret"])
    for counter in yield_hotp_counters_from_time():
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter))):
            at = datetime.datetime.fromtimestamp(counter * app_settings.TOTP_PERIOD, datetime.UTC)
            try:
                limits.spend("app_code", at=at, code=f"{app.pk} {counter}")
            except limits.TooMany as refused:
                sentence = _("This code has already been used. Enter the next code that the app shows.")
                raise ValidationError(sentence, code="used") from refused


class AuthenticateForm(_CodeOfAppOrRecoveryCode, mfa.AuthenticateForm):
    """A code of the app, or a recovery code, where neither passkey nor app is at hand."""


class ReauthenticateCodeForm(_CodeOfAppOrRecoveryCode, mfa.ReauthenticateForm):
    """The same, before something important."""


class ActivateAppForm(AsksForCode, totp.ActivateTOTPForm):
    """The first code of an authenticator app, which shows that the app has the key."""

    user: Person

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")
        self.fields["code"].help_text = _("The app shows six digits.")

    def clean_code(self) -> str:
        with attempt("code", person=self.user):
            try:
                return super().clean_code()
            except ValidationError as error:
                if error.code != "incorrect_code":
                    raise
                sentence = _(
                    "This is not the code that the app shows now. Enter the next code. If that fails too, check the "
                    "clock of your phone."
                )
                raise ValidationError(sentence, code="incorrect_code") from error


class _CredentialField(forms.JSONField):
    """What a browser sends of a passkey, unchanged. JSON that is nested too deeply is invalid."""

    def to_python(self, value: object) -> object:  # type: ignore[override] # JSON of any kind
        try:
            return super().to_python(value)
        except RecursionError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": ""}) from error

    def bound_data(self, data: object, initial: object) -> object:
        try:
            return super().bound_data(data, initial)
        except RecursionError:
            return None


class _Credential:
    """What a browser sends of a passkey. An invented one is an error of the form, not of the server."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        take_any_credential(self.fields)

    def clean_credential(self) -> object:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


def take_any_credential(fields: dict[str, forms.Field]) -> None:
    """Let a form's credential be any JSON that was sent, without a failure."""
    fields["credential"] = _CredentialField(required=True, widget=fields["credential"].widget)


class LoginWebAuthnForm(_Credential, webauthn.LoginWebAuthnForm):
    """A passkey, to sign in with nothing else."""


class AuthenticateWebAuthnForm(_Credential, webauthn.AuthenticateWebAuthnForm):
    """A passkey, after a code or a password."""


class ReauthenticateWebAuthnForm(_Credential, webauthn.ReauthenticateWebAuthnForm):
    """A passkey, before something important."""


class _PasskeyName:
    """The name of a passkey in the list."""

    fields: dict[str, forms.Field]

    def ask_for_name(self) -> None:
        self.fields["name"] = forms.CharField(
            label=_("Name of the passkey"),
            help_text=_("Enter a name by which you will recognize the passkey. Examples: “Phone”, “Office key”."),
            max_length=80,
            error_messages={"required": pgettext_lazy("text", "Enter a name.")},
            widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        )

    def clean_name(self) -> str:
        name: str = clean_line(self.cleaned_data["name"])  # type: ignore[attr-defined]
        if not name:
            raise ValidationError(pgettext_lazy("text", "Enter a name."), code="name")
        return name


class AddWebAuthnForm(_PasskeyName, webauthn.AddWebAuthnForm):
    """A new passkey; it signs in without an address or a password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        take_any_credential(self.fields)
        self.ask_for_name()
        self.fields["name"].required = False  # the browser has already made the key: a missing name must not lose it

    def clean_name(self) -> str:
        return clean_line(webauthn.AddWebAuthnForm.clean_name(self))[:80]

    def clean(self) -> dict[str, object]:
        try:
            return super().clean()
        except (TypeError, LookupError, AttributeError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class EditWebAuthnForm(_PasskeyName, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.ask_for_name()
