"""The form that completes a new account after somebody signed in with an identity provider."""

from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from plenara.accounts import limits
from plenara.accounts.forms.sign_in import SignupForm, spend_by_address
from plenara.accounts.models import Person
from plenara.accounts.sign_on import actions, queries
from plenara.accounts.sign_on.adapter import to_sign_in_first, vouched_address
from plenara.core.languages import current


class SignOnForm(SignupForm):
    """The sign-up form, filled in. An address that the provider has verified is not asked for."""

    def __init__(self, *args: object, sociallogin: SocialLogin, **kwargs: object) -> None:
        self.login, self.vouched = sociallogin, vouched_address(sociallogin)
        person = sociallogin.user
        super().__init__(*args, **{**kwargs, "initial": {"name": person.name, "email": person.email}})
        if self.vouched:
            del self.fields["email"]

    @property
    def provider_name(self) -> str:
        return queries.name_of(self.login.account.provider)

    def clean(self) -> dict[str, object]:
        if not self.vouched:
            return super().clean()
        self.cleaned_data["email"] = self.vouched
        if not self.errors:
            spend_by_address("sign_up", self.vouched)
        return self.cleaned_data

    def try_save(self, request: HttpRequest) -> tuple[Person | None, object]:
        if self.vouched and queries.is_known_address(self.vouched):  # since the person left the provider
            return None, to_sign_in_first(request, queries.provider(self.login.account.provider))
        return super().try_save(request)

    def save(self, request: HttpRequest) -> Person:
        described = self.login.user
        self.login.user = actions.sign_up(
            name=self.cleaned_data["name"],
            email=self.cleaned_data["email"],
            language=current(),
            joined_from=limits.place_of(request),
            provider=self.login.account.provider,
            is_vouched_for=bool(self.vouched),
            organization=described.organization,
            country=described.country,
        )
        return self.login.user
