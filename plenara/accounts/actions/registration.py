"""Actions of signing up, and of verifying an address."""

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from plenara.accounts import validation
from plenara.accounts.models import Person
from plenara.accounts.queries import installation_row
from plenara.core import audit, clock
from plenara.core.refusals import require_valid
from plenara.core.text import clean_line
from plenara.core.transaction import writing


def unverified(email: str) -> QuerySet[Person]:
    """Return the persons who signed up with an address and never verified it: they may sign up again."""
    return Person.objects.filter(email=email.lower(), last_login=None, is_organizer=False, is_operator=False).exclude(
        emailaddress__verified=True
    )


@writing
def sign_up(*, name: str, email: str, language: str, joined_from: str = "") -> Person:
    """Create a person who has accepted the current rules and licence. The address is verified afterwards.

    `joined_from` is a keyed hash of the place that the request came from (`limits.place_of`).
    """
    name, email = clean_line(name), email.strip().lower()
    require_valid(validation.a_name(name), validation.an_address(email))
    person = unverified(email).first() or Person(email=email)
    person.name, person.language, person.joined_from = name, language, joined_from
    person.rules_version, person.rules_accepted_at = installation_row().rules_version, clock.now()
    if not person.pk:
        person.set_unusable_password()
    person.save()
    _save_address(person, verified=False)
    audit.log("person.signed_up", actor=person, about=person, rules_version=person.rules_version)
    return person


@writing
def register(*, name: str, email: str, language: str = "en", **byline: object) -> Person:
    """Create a person with a verified address, for the demo and for tests. `byline` holds the fields of the byline."""
    person = Person.objects.create_user(email, None, name=clean_line(name), language=language, **byline)
    person.rules_version, person.rules_accepted_at = installation_row().rules_version, clock.now()
    person.save()
    _save_address(person, verified=True)
    return person


@writing
def make_organizer(*, email: str, language: str = "en", name: str = "") -> Person:
    """Make an address an organizer of the installation, with or without an account: for the operator's command line."""
    email, name = email.strip().lower(), clean_line(name)
    require_valid(validation.an_address(email), validation.a_name(name) if name else True)
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(
        email, name=name, language=language
    )
    if not person.is_organizer:
        person.is_organizer = True
        person.save(update_fields=["is_organizer"])
        audit.log("person.made_organizer", actor=None, about=person)
    if not EmailAddress.objects.filter(user=person, email=email).exists():
        _save_address(person, verified=False)
    return person


@writing
def vouch_for(person: Person) -> None:
    """Mark a person's address as verified: an operator, who controls the whole installation, gave them a link."""
    _save_address(person, verified=True)
    audit.log("person.used_link", actor=person, about=person)


@writing
def verify_by_provider(person: Person, *, provider: str) -> None:
    """Mark a person's address as verified: an identity provider whose word counts has verified it."""
    _save_address(person, verified=True)
    audit.log("person.verified_by_provider", actor=person, about=person, provider=provider)


@writing
def use_link(person: Person) -> bool:
    """Use up a person's one-time link and verify their address; return False if it was used in the meantime.

    The link is valid until they sign in. Check and update are one statement.
    """
    fresh = Person.objects.filter(pk=person.pk, last_login=person.last_login)
    if not fresh.update(last_login=clock.now()):
        return False
    vouch_for(person)
    return True


@writing
def delete_unverified(*, email: str, owner: Person) -> None:
    """Delete the unverified persons with an address that `owner` has now verified."""
    for person in unverified(email).exclude(pk=owner.pk):
        audit.log("person.forgotten", actor=owner, about=person)
        person.delete()


def _save_address(person: Person, *, verified: bool) -> None:
    address, _made = EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"primary": True, "verified": verified}
    )
    EmailAddress.objects.fill_cache_for_user(person, [address])
