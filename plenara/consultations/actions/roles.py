"""Roles: offered by e-mail, granted, revoked. A change takes effect at the person's next request."""

import datetime
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plenara.accounts import actions as accounts
from plenara.accounts.models import Invitation, Person
from plenara.accounts.validation import Invitee
from plenara.consultations import emails, permissions, queries, validation
from plenara.consultations.actions.lifecycle import lock_consultation, require_possible
from plenara.consultations.models import Consultation, Role, RoleName
from plenara.consultations.states import Verb
from plenara.core import audit, clock
from plenara.core.refusals import InvalidInput, require, require_valid
from plenara.core.transaction import writing

#: An offer that is sent again within this time counts as a double click.
DOUBLE_CLICK = datetime.timedelta(minutes=1)


@writing
def invite_to_role(
    *,
    actor: Person,
    consultation: Consultation,
    address: str,
    name: str,
    language: str = "",
    email_language: str = "",
    person_name: str = "",
) -> Invitation:
    """Offer a role to an address. The result does not show whether the address has an account."""
    consultation = lock_consultation(consultation)
    require_possible(actor, consultation, Verb.GIVE_ROLES)
    require_valid(validation.role_fits(name, language, consultation))
    return accounts.invite(
        actor=actor,
        address=address,
        purpose={
            "kind": "consultation_role",
            "consultation_id": consultation.pk,
            "role": name,
            "language": language,
        },
        language=email_language,
        name=person_name,
    )[0]


@writing
def invite_all(
    *,
    actor: Person,
    consultation: Consultation,
    people: Sequence[Invitee],
    name: str,
    language: str,
    email_language: str,
) -> int:
    """Offer a role to several people at once, or to none of them where one cannot be invited; return how many.

    A person who got the same offer a moment ago (a double click) keeps it: a second would end the first one's link.
    """
    consultation = lock_consultation(consultation)
    just_now = Invitation.objects.filter(
        invited_by=actor,
        created_at__gt=clock.now() - DOUBLE_CLICK,
        revoked_at=None,
        purpose__kind="consultation_role",
        purpose__consultation_id=consultation.pk,
        purpose__role=name,
        purpose__language=language,
    )
    invited = set(just_now.values_list("address", flat=True))
    for person in people:
        if person.address not in invited:
            invite_to_role(
                actor=actor,
                consultation=consultation,
                address=person.address,
                person_name=person.name,
                name=name,
                language=language,
                email_language=email_language,
            )
    return len(people)


@writing
def revoke_invitation(*, actor: Person, consultation: Consultation, invitation: Invitation) -> None:
    """Revoke an invitation to this consultation that nobody has accepted."""
    consultation = lock_consultation(consultation)
    require_possible(actor, consultation, Verb.GIVE_ROLES)
    if invitation.purpose.get("consultation_id") != consultation.pk:
        raise InvalidInput(
            _("This invitation is for another consultation. Withdraw it on the page of that consultation."), "other"
        )
    accounts.revoke_invitation(actor=actor, invitation=invitation)


@writing
def grant_role(*, actor: Person, consultation: Consultation, person: Person, name: str, language: str = "") -> Role:
    """Give a person a role, unless they have it. Notify them by e-mail unless they did it themselves."""
    consultation = lock_consultation(consultation)
    require_possible(actor, consultation, Verb.GIVE_ROLES)
    require_valid(validation.role_fits(name, language, consultation), validation.can_hold_role(person))
    return give(actor=actor, consultation=consultation, person=person, name=name, language=language)


@writing
def take_charge(*, actor: Person, consultation: Consultation) -> Role:
    """Make the actor organizer of a consultation that has no organizer who can act."""
    consultation = lock_consultation(consultation)
    require(permissions.may_take_charge(actor, consultation, is_headless=not acting_organizers(consultation).exists()))
    return give(actor=actor, consultation=consultation, person=actor, name=RoleName.ORGANIZER)


@writing
def revoke_role(*, actor: Person, role: Role) -> None:
    """Revoke a role. The last organizer who can act stays, so that somebody always answers for the consultation."""
    consultation = lock_consultation(role.consultation)
    granted = consultation.roles.select_related("person").filter(pk=role.pk).first()
    require_possible(actor, consultation, Verb.GIVE_ROLES)
    if granted is None:
        return  # revoked already
    if granted.name == RoleName.ORGANIZER and not acting_organizers(consultation).exclude(pk=granted.pk).exists():
        raise InvalidInput(
            _(
                "This person is the last organizer. First make someone else an organizer. The new "
                "organizer can then end this role."
            ),
            "last",
        )
    act = audit.log(
        "role.revoked",
        actor=actor,
        about=granted.person,
        consultation=consultation,
        role=granted.name,
        language=granted.language,
    )
    if granted.person.pk != actor.pk:
        emails.notify_role_revoked.using(key=f"role-revoked:{act.pk}").enqueue(
            consultation_id=consultation.pk, person_id=granted.person.pk, role=granted.name, language=granted.language
        )
    granted.delete()
    permissions.forget_roles(actor)


def give(
    *, actor: Person, consultation: Consultation, person: Person, name: str, language: str = "", notify: bool = True
) -> Role:
    """Create a role and its audit entry. For actions that have checked the permissions."""
    role, made = Role.objects.get_or_create(consultation=consultation, person=person, name=name, language=language)
    if made:
        audit.log("role.granted", actor=actor, about=person, consultation=consultation, role=name, language=language)
        if notify and person.pk != actor.pk:
            emails.notify_role_granted.using(key=f"role:{role.pk}").enqueue(role_id=role.pk)
    permissions.forget_roles(person)
    return role


def acting_organizers(consultation: Consultation) -> QuerySet[Role]:
    """Return the organizers of a consultation who can act: not suspended, not closed."""
    return queries.acting_organizer_roles(consultation.roles.all())
