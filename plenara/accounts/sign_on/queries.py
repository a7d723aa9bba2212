"""The providers of the settings, the identities that a person connected, and where a role came from."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from plenara.accounts.models import Person
from plenara.accounts.sign_on.configuration import IdentityProvider
from plenara.core.models import AuditEntry


def providers() -> list[IdentityProvider]:
    """Return the providers with which people can sign in, in the order of the settings."""
    return list(settings.SIGN_ON)


def provider(identifier: str) -> IdentityProvider | None:
    """Return a provider by its id."""
    return next((each for each in settings.SIGN_ON if each.id == identifier), None)


def name_of(identifier: str) -> str:
    """Return the name of a provider in the active language; its id, if the settings no longer name it."""
    found = provider(identifier)
    return found.name if found else identifier


@dataclass(frozen=True)
class Connection:
    """An identity that a person connected, and the name of its provider."""

    account: SocialAccount
    name: str


def connections(person: Person) -> list[Connection]:
    """Return the identities that a person connected, the first one first."""
    return [
        Connection(each, name_of(each.provider)) for each in SocialAccount.objects.filter(user=person).order_by("pk")
    ]


def is_known_address(address: str) -> bool:
    """Return whether an address has an account: a person whose sign-up anybody could begin again has none."""
    unfinished = Person.objects.filter(last_login=None, is_organizer=False, is_operator=False)
    persons = Person.objects.filter(email=address).exclude(
        pk__in=unfinished.exclude(emailaddress__verified=True).values("pk")
    )
    return persons.exists() or EmailAddress.objects.filter(email=address, verified=True).exists()


def gave_role(identifier: str, person: Person, role: str) -> bool:
    """Return whether the person has a role because a group of this provider gave it, and nobody else did."""
    acts = AuditEntry.objects.filter(
        about_kind="person", about_id=str(person.pk), verb__in=[f"person.made_{role}", f"person.unmade_{role}"]
    )
    last = acts.order_by("-pk").first()
    return last is not None and last.verb == f"person.made_{role}" and last.details.get("provider") == identifier
