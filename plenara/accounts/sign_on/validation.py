"""What an identity provider says of a person, cleaned: all of it is untrusted text."""

from collections.abc import Callable
from dataclasses import dataclass

from plenara.accounts import validation
from plenara.accounts.sign_on.configuration import IdentityProvider
from plenara.core.text import clean_line
from plenara.core.vocabulary import country_names


@dataclass(frozen=True)
class Claims:
    """A person as a provider describes them; blank where it says nothing that fits."""

    name: str = ""
    email: str = ""
    is_vouched_for: bool = False
    organization: str = ""
    country: str = ""
    roles: tuple[str, ...] = ()


def claims_of(provider: IdentityProvider, find: Callable[[str], object], *, is_verified: bool) -> Claims:
    """Return what a provider says. `find` returns the value of a claim by its name; `is_verified` is of the address."""

    def first(key: str, fits: Callable[[str], object]) -> str:
        texts = (clean_line(text) for name in provider.claims[key] for text in _texts(find(name)))
        return next((text for text in texts if text and fits(text)), "")

    email = first("email", lambda text: validation.an_address(text.lower())).lower()
    country = first("country", lambda text: text.upper() in country_names("en")).upper()
    groups = {text for name in provider.claims["groups"] for text in _texts(find(name))}
    return Claims(
        name=first("name", validation.a_name),
        email=email,
        is_vouched_for=bool(email) and is_verified and provider.vouches(email),
        organization=first("organization", _names_an_organization),
        country=country,
        roles=tuple(sorted({role for group, role in provider.roles.items() if group in groups})),
    )


def _names_an_organization(text: str) -> object:
    return validation.a_name(text, "organization", validation.MOST_ORGANIZATION)


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]
