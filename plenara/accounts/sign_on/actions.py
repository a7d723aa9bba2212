"""Actions on identities of other providers: connecting, disconnecting, and the roles that their groups give."""

from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext as _

from plenara.accounts import actions as accounts
from plenara.accounts import emails, permissions
from plenara.accounts.models import Person
from plenara.accounts.sign_on import queries
from plenara.accounts.sign_on.configuration import ROLES
from plenara.core import audit
from plenara.core.refusals import InvalidInput, require
from plenara.core.transaction import writing


@writing
def sign_up(
    *,
    name: str,
    email: str,
    language: str,
    joined_from: str,
    provider: str,
    is_vouched_for: bool,
    organization: str = "",
    country: str = "",
) -> Person:
    """Create a person whom a provider described. Signing in connects the identity, once the address is verified."""
    person = accounts.sign_up(name=name, email=email, language=language, joined_from=joined_from)
    person.organization, person.country = organization, country
    person.save(update_fields=["organization", "country"])
    if is_vouched_for:
        accounts.verify_by_provider(person, provider=provider)
    return person


@writing
def connect(*, actor: Person, provider: str, uid: str) -> None:
    """Let the actor sign in with an identity from now on. One identity belongs to one person."""
    require(permissions.may_act(actor))
    account, is_new = SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": actor})
    if account.user_id != actor.pk:
        raise InvalidInput(
            _(
                "This account is already connected to another account on this site. Sign in to that account and "
                "disconnect this one first."
            ),
            "other",
        )
    if is_new:
        act = audit.log("person.connected_identity", actor=actor, about=actor, provider=provider)
        _notify("identity_connected", actor, act.pk, provider)


@writing
def disconnect(*, actor: Person, connection: int) -> None:
    """Let nobody sign in with an identity of the actor's any more, and take back the roles that its groups gave."""
    account = SocialAccount.objects.select_for_update().filter(pk=connection, user=actor).first()
    if account is None:
        return
    provider = account.provider
    account.delete()
    act = audit.log("person.disconnected_identity", actor=actor, about=actor, provider=provider)
    if not SocialAccount.objects.filter(user=actor, provider=provider).exists():
        _set_roles(actor, provider, frozenset())
    _notify("identity_disconnected", actor, act.pk, provider)


@writing
def signed_in(*, person: Person, provider: str, uid: str, roles: frozenset[str]) -> None:
    """Complete a sign-in with an identity: connect that of a new account, give and take back roles by its groups."""
    account, is_new = SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": person})
    if account.user_id != person.pk:
        return  # two sign-ups with it at once: the other one was first
    if is_new:
        audit.log("person.connected_identity", actor=person, about=person, provider=provider)
    if queries.provider(provider) is not None:
        _set_roles(person, provider, roles)


def _set_roles(person: Person, provider: str, roles: frozenset[str]) -> None:
    """Give a person the roles of their groups, and take back those that groups of this provider gave before."""
    row = accounts.lock_person_after_installation(person)
    for role in ROLES:
        column, has = f"is_{role}", getattr(row, f"is_{role}")
        if role in roles and not has:
            verb = f"person.made_{role}"
        elif role not in roles and has and queries.gave_role(provider, row, role) and not _is_last(row, role):
            verb = f"person.unmade_{role}"
        else:
            continue
        setattr(row, column, not has)
        setattr(person, column, not has)
        row.save(update_fields=[column])
        audit.log(verb, actor=None, about=row, provider=provider)


def _is_last(person: Person, role: str) -> bool:
    return role == "organizer" and accounts.is_last_organizer(person)


def _notify(template: str, person: Person, act_id: int, provider: str) -> None:
    emails.notify_identity.using(key=f"identity-{act_id}").enqueue(
        person_id=person.pk, act_id=act_id, template=template, provider=provider
    )
