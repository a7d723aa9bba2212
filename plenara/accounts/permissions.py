"""Who may: acting at all, and what concerns the installation and its people. Pure functions of a person and a thing."""

from collections.abc import Callable
from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from plenara.accounts.models import Invitation, Person
from plenara.core.refusals import Answer, Denied


def is_known(person: Person | AnonymousUser | None) -> TypeGuard[Person]:
    """Return whether this is a person who is signed in."""
    return bool(person and person.is_authenticated)


def may_act(person: Person | AnonymousUser | None) -> Answer:
    """Signed in, with a verified address (sign-in asks for it), and not suspended."""
    if person is None or not person.is_authenticated:
        return Denied(_("Sign in first."), "sign_in")
    if person.is_suspended:
        return Denied(
            _(
                "Your account is suspended. You can only read. If you think that the suspension is wrong, write "
                "to the contact address of this site."
            ),
            "suspended",
        )
    return True


#: Functions of packages above, which cannot be imported: of `outcomes`, as members of a body work at the desk.
_workers: list[Callable[[Person], bool]] = []


def has_desk(function: Callable[[Person], bool]) -> Callable[[Person], bool]:
    """Register a function that returns whether a person works at the desk without a role."""
    if function not in _workers:
        _workers.append(function)
    return function


def works_at_desk(person: Person) -> bool:
    """Return whether a package above gives a person access to the desk."""
    return is_known(person) and any(function(person) for function in _workers)


def has_any_role(person: Person) -> bool:
    """Return whether a person has a role, here or in a consultation, or works at the desk for another reason."""
    return bool(person.is_organizer or person.is_operator or person.roles.exists() or works_at_desk(person))


def may_see_installation(person: Person) -> Answer:
    """Organizers of the installation and operators: what is enqueued, failed and wrong."""
    return may_act(person) and (
        bool(person.is_organizer or person.is_operator)
        or Denied(_("Only an organizer or operator of this site can see this page."))
    )


def may_set_up(person: Person) -> Answer:
    """An organizer of the installation: its name, pages, and who is suspended."""
    return may_act(person) and (
        bool(person.is_organizer) or Denied(_("Only organizers of this site can do this. Ask one of them."))
    )


def may_suspend(person: Person, other: Person) -> Answer:
    """An organizer of the installation, but not oneself: so one always remains who can act."""
    return may_set_up(person) and (
        person.pk != other.pk or Denied(_("You cannot suspend your own account. Another organizer can do this."))
    )


def may_remove_passkeys(person: Person, other: Person) -> Answer:
    """An organizer of the installation, for somebody who lost them; never for oneself."""
    return may_set_up(person) and (
        person.pk != other.pk
        or Denied(
            _("You cannot remove your own passkeys or authenticator app on this page. Another organizer can do this.")
        )
    )


def may_grant(person: Person, other: Person) -> Answer:
    """An organizer of the installation, but nobody changes what they are themselves: so one always remains."""
    return may_set_up(person) and (
        person.pk != other.pk or Denied(_("You cannot change your own role. Another organizer can do this."))
    )


def may_leave(person: Person, *, is_last: bool) -> Answer:
    """Anybody with an account, suspended or not; but the last organizer must find another one first."""
    if not is_known(person):
        return Denied(_("Sign in first."), "sign_in")
    return not is_last or Denied(
        _("You are the last organizer of this site. Make someone else an organizer before you erase your account."),
        "last_organizer",
    )


def may_accept(person: Person, invitation: Invitation, addresses: frozenset[str]) -> Answer:
    """Who has verified the address that the invitation went to. `addresses` are this person's verified ones."""
    return may_act(person) and (
        invitation.address.lower() in addresses
        or Denied(
            _("This invitation was sent to a different address. Sign in with the address that received it."),
            "other_address",
        )
    )


def has_accepted(person: Person, rules_version: str) -> Answer:
    """Return whether the person accepted the current rules and licence, as sign-up and sign-in require."""
    return person.rules_version == rules_version or Denied(
        _("The rules or the licence of this site have changed. Read and accept the current version first."), "rules"
    )
