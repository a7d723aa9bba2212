"""Actions on persons, the installation, invitations and lost passkeys. django-allauth does the signing in."""

import hashlib
import secrets
from collections.abc import Mapping

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts import emails, invitations, limits, permissions, queries, validation
from plenara.accounts.models import IdentityProof, Installation, Invitation, Person, Session, SuspensionReason
from plenara.accounts.personal_data.erasure import erase as erase
from plenara.accounts.personal_data.erasure import is_last_organizer as is_last_organizer
from plenara.accounts.personal_data.erasure import sweep as sweep
from plenara.accounts.queries import ACCEPTED_PAGES, PAGES, default_page_text, installation_row
from plenara.accounts.queries import one_time_link as one_time_link
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES
from plenara.core.refusals import AlreadyDone, Denied, InvalidInput, require, require_valid
from plenara.core.rows import Json
from plenara.core.store import document
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writing
from plenara.core.vocabulary import Capacity


def passkeys_removal_takes_two(person: Person) -> bool:
    """Return whether a second organizer must confirm the removal of this person's passkeys."""
    it = installation_row()
    return (it.announcing_takes_two or it.requires_second_factor) and permissions.has_any_role(person)


@writing
def request_passkeys_removal(*, actor: Person, person: Person, proof: str) -> Person:
    """Ask a second organizer to confirm the removal of a person's passkeys; the others get an e-mail."""
    person = _lock_person(person)
    require(permissions.may_remove_passkeys(_lock_person(actor), person))
    _require_proof(proof)
    others = list(queries.other_organizers(actor, person).values_list("pk", flat=True))
    if not others:
        raise InvalidInput(
            _("No other organizer of this site can confirm the removal. Make someone else an organizer.")
        )
    if request := queries.passkeys_request_for(person):
        raise AlreadyDone(
            _("%(name)s has already asked for the removal. Another organizer must confirm it.")
            % {"name": request.by.name},
            "already",
        )
    if Authenticator.objects.filter(user=person).exists():
        act = audit.log(queries.PASSKEYS_REQUESTED, actor=actor, about=person, proof=proof)
        emails.ask_to_confirm_passkeys.enqueue_all(
            {
                f"confirm-passkeys-{act.pk}-{pk}": {"person_id": pk, "act_id": act.pk, "of_id": person.pk}
                for pk in others
            }
        )
    return person


@writing
def remove_passkeys(*, actor: Person, person: Person, proof: str = "") -> Person:
    """Remove the passkeys and recovery codes that a person lost, and notify them. They still sign in by e-mail.

    `proof` is how the actor made sure that it is this person (`IdentityProof`). A second organizer's
    confirmation keeps that of the first.
    """
    person = _lock_person(person)
    require(permissions.may_remove_passkeys(_lock_person(actor), person))
    details: Json = {}
    if passkeys_removal_takes_two(person):
        request = _require_passkeys_request(actor, person)
        proof, details = request.proof, {"requested_by": request.by.pk}
    _require_proof(proof)
    if Authenticator.objects.filter(user=person).delete()[0]:
        Session.objects.filter(person=person).delete()  # whoever found the lost device is signed out
        act = audit.log(queries.PASSKEYS_REMOVED, actor=actor, about=person, proof=proof, **details)
        emails.notify_passkeys_removed.using(key=f"passkeys-removed-{act.pk}").enqueue(
            person_id=person.pk, act_id=act.pk, proof=proof
        )
    return person


def _require_proof(proof: str) -> None:
    if proof not in IdentityProof.values:
        raise InvalidInput(_("Choose how you checked this person’s identity."), "proof", "proof")


def _require_passkeys_request(actor: Person, person: Person) -> queries.PasskeysRequest:
    request = queries.passkeys_request_for(person)
    if request is None:
        raise InvalidInput(
            _(
                "No one has asked for the removal, or the request has expired. Ask a second organizer to confirm "
                "the removal."
            )
        )
    if request.by.pk == actor.pk:
        raise InvalidInput(_("You asked for this removal, so another organizer must confirm it."), "own_request")
    return request


def _lock_person(person: Person) -> Person:
    """Lock a person and return the present row: two organizers may be revoking each other's role at the same time."""
    return Person.objects.select_for_update().get(pk=person.pk)


# --- signing up -------------------------------------------------------------------------------------------------------


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


# --- what a person enters ---------------------------------------------------------------------------------------------


@writing
def set_profile(*, actor: Person, name: str, language: str) -> Person:
    """Change the actor's name and the language of their e-mails. Published bylines keep the old name."""
    name = clean_line(name)
    require(permissions.may_act(actor))
    require_valid(validation.a_name(name), language in NAMES)
    actor.name, actor.language = name, language
    actor.save(update_fields=["name", "language"])
    audit.log("person.changed_profile", actor=actor, about=actor)
    return actor


@writing
def set_byline(
    *,
    actor: Person,
    stakeholder_group: str,
    capacity: str,
    organization: str = "",
    country: str = "",
    withholds_name: bool = False,
    withholds_country: bool = False,
) -> Person:
    """Set the actor's byline, and what of it is withheld, from the next contribution on."""
    organization = clean_line(organization) if capacity == Capacity.ORGANIZATION else ""
    require(permissions.may_act(actor))
    require_valid(
        validation.a_byline(
            stakeholder_group=stakeholder_group,
            capacity=capacity,
            organization=organization,
            country=country,
            withholds_country=withholds_country,
        )
    )
    actor.stakeholder_group, actor.capacity, actor.organization = stakeholder_group, capacity, organization
    actor.country, actor.withholds_name, actor.withholds_country = country, withholds_name, withholds_country
    actor.save(
        update_fields=[
            "stakeholder_group",
            "capacity",
            "organization",
            "country",
            "withholds_name",
            "withholds_country",
        ]
    )
    audit.log("person.told_byline", actor=actor, about=actor)
    return actor


@writing
def accept_rules(*, actor: Person) -> Person:
    """Accept the current rules and licence."""
    actor.rules_version, actor.rules_accepted_at = installation_row().rules_version, clock.now()
    actor.save(update_fields=["rules_version", "rules_accepted_at"])
    audit.log("person.accepted_rules", actor=actor, about=actor, rules_version=actor.rules_version)
    return actor


@writing
def end_sessions(*, actor: Person, current_key: str | None, name: str = "") -> int:
    """End the actor's session of this name (`queries.OpenSession`), or all but the current one; return how many."""
    others = [session.pk for session, _data in queries.sessions_of(actor) if session.pk != current_key]
    ended = Session.objects.filter(pk__in=[key for key in others if not name or digest(key) == name]).delete()[0]
    if ended:
        audit.log("person.ended_sessions", actor=actor, about=actor, count=ended)
    return ended


# --- the installation -------------------------------------------------------------------------------------------------


@writing
def set_up(
    *,
    actor: Person,
    name: Mapping[str, str],
    contact: str,
    controller: Mapping[str, str],
    announcing_takes_two: bool | None = None,
    requires_second_factor: bool | None = None,
) -> Installation:
    """Set the installation's name, contact and controller, and what it requires of people with a role."""
    require(permissions.may_set_up(actor))
    names, controllers = _by_language(name), _by_language(controller)
    contact = contact.strip()
    if not names:
        raise InvalidInput(_("Enter the name of the site in at least one language."), "name", "name")
    require_valid(*(validation.a_name(text, f"name_{code}") for code, text in names.items()))
    require_valid(validation.an_address(contact, "contact"))
    if requires_second_factor and not queries.has_second_factor(actor):
        raise InvalidInput(
            _("Add a passkey or an authenticator app to your own account first."), "own", "requires_second_factor"
        )
    it = _locked_row()
    it.name, it.controller, it.contact, it.is_set_up = names, controllers, contact, True
    if announcing_takes_two is not None:
        it.announcing_takes_two = announcing_takes_two
    if requires_second_factor is not None:
        it.requires_second_factor = requires_second_factor
    it.save()
    audit.log(
        "installation.set_up",
        actor=actor,
        about=it,
        announcing_takes_two=it.announcing_takes_two,
        requires_second_factor=it.requires_second_factor,
    )
    invalidate("installation")
    return it


@writing
def set_look(
    *,
    actor: Person,
    accent: str,
    header: str,
    mark: bytes | None = None,
    drop_mark: bool = False,
    mark_is_name: bool = False,
) -> Installation:
    """Set the installation's colours ("" for the default) and its mark. Without `mark` the present one stays."""
    require(permissions.may_set_up(actor))
    require_valid(validation.an_accent(accent), validation.a_header(header))
    it = _locked_row()
    it.accent, it.header, it.mark_is_name = accent, header, mark_is_name
    if mark:
        found = validation.read_mark(mark)
        if isinstance(found, Denied):
            raise InvalidInput(found.sentence, found.code, found.field)
        it.mark, it.mark_type = _store_file(found.data), found.type
    elif drop_mark:
        it.mark = ""
    it.save()
    audit.log("installation.set_look", actor=actor, about=it, accent=accent, header=header, mark=it.mark)
    invalidate("installation")
    return it


@writing
def set_page(*, actor: Person, page: str, texts: Mapping[str, str]) -> Installation:
    """Set one of the installation's pages. A blank text, or one equal to the default, restores the default."""
    require(permissions.may_set_up(actor))
    if page not in PAGES:
        raise InvalidInput(_("This site has no page with this name. Choose another page."), "page")
    own = {code: clean(text) for code, text in texts.items() if code in NAMES}
    own = {code: text for code, text in own.items() if text and text != clean(default_page_text(page, code))}
    it = _locked_row()
    if own == it.pages.get(page, {}):
        return it
    it.pages = {**{other: its for other, its in it.pages.items() if other != page}, **({page: own} if own else {})}
    if page in ACCEPTED_PAGES:
        it.rules_version = str(int(it.rules_version) + 1)
    it.save()
    audit.log("installation.changed_page", actor=actor, about=it, page=page, rules_version=it.rules_version)
    invalidate("installation")
    return it


def lock_person_after_installation(person: Person) -> Person:
    """Lock the installation, then a person: of two last organizers, only one at a time can cease to be one."""
    _locked_row()
    return _lock_person(person)


def _locked_row() -> Installation:
    return Installation.objects.select_for_update().get(pk=installation_row().pk)


def _by_language(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code in NAMES if (text := clean_line(texts.get(code, "")))}


def _store_file(data: bytes) -> str:
    """Store bytes among the documents under their SHA-256, and return it."""
    sha256 = hashlib.sha256(data).hexdigest()
    document(sha256).put(data)
    return sha256


# --- suspension, and who organizes ------------------------------------------------------------------------------------


@writing
def suspend(*, actor: Person, person: Person, reason: str) -> Person:
    """Suspend a person, who can still read but not act, and notify them of the reason."""
    person = _lock_person(person)
    require(permissions.may_suspend(_lock_person(actor), person))
    if reason not in SuspensionReason.values:
        raise InvalidInput(pgettext("text", "Choose a reason."), "reason", "reason")
    if person.is_suspended:
        return person
    person.suspended_at, person.suspension_reason = clock.now(), reason
    person.save(update_fields=["suspended_at", "suspension_reason"])
    act = audit.log("person.suspended", actor=actor, about=person, reason=reason)
    emails.notify_suspended.using(key=f"suspended-{act.pk}").enqueue(person_id=person.pk, act_id=act.pk)
    return person


@writing
def unsuspend(*, actor: Person, person: Person) -> Person:
    """Let a suspended person act again, and notify them."""
    person = _lock_person(person)
    require(permissions.may_suspend(_lock_person(actor), person))
    if not person.is_suspended:
        return person
    person.suspended_at, person.suspension_reason = None, ""
    person.save(update_fields=["suspended_at", "suspension_reason"])
    act = audit.log("person.unsuspended", actor=actor, about=person)
    emails.notify_unsuspended.using(key=f"unsuspended-{act.pk}").enqueue(person_id=person.pk, act_id=act.pk)
    return person


@writing
def set_organizer(*, actor: Person, person: Person, is_organizer: bool) -> Person:
    """Make a person an organizer of the installation, or end that."""
    person = _lock_person(person)
    require(permissions.may_grant(_lock_person(actor), person))
    if person.is_organizer != is_organizer:
        person.is_organizer = is_organizer
        person.save(update_fields=["is_organizer"])
        audit.log("person.made_organizer" if is_organizer else "person.unmade_organizer", actor=actor, about=person)
    return person


# --- invitations ------------------------------------------------------------------------------------------------------


@writing
def invite(*, actor: Person, address: str, purpose: Json, language: str = "", name: str = "") -> tuple[Invitation, str]:
    """Offer a role to an address by e-mail; return the invitation and the token of its link.

    A pending offer of the same role is revoked: only one link works at a time.
    The package that registered `purpose["kind"]` checks whether the actor may offer it. `language` is that of
    the e-mail, by default the actor's. `name` is how the e-mail addresses the person.
    """
    address, name = address.strip().lower(), clean_line(name)
    require(permissions.may_act(actor))
    require_valid(validation.an_address(address, "address"), validation.a_name(name) if name else True)
    if not invitations.is_kind(purpose.get("kind")):
        raise InvalidInput(_("You cannot offer this role. Choose another role."), "kind")
    limits.spend("invite", person=actor, address=address)
    for earlier in Invitation.objects.filter(address=address, purpose=purpose, accepted_at=None, revoked_at=None):
        revoke_invitation(actor=actor, invitation=earlier)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        address=address,
        name=name,
        token_digest=digest(token),
        purpose=purpose,
        language=language if language in NAMES else actor.language,
        invited_by=actor,
        created_at=clock.now(),
        expires_at=clock.now() + invitations.INVITATION_LIFE,
    )
    audit.log("invitation.sent", actor=actor, about=invitation, purpose=purpose)
    emails.send_invitation.using(key=f"invitation-{invitation.pk}").enqueue(invitation_id=invitation.pk, token=token)
    return invitation, token


@writing
def accept_invitation(*, actor: Person, token: str) -> str | None:
    """Accept an invitation; return the address of the next page, if the invitation has one."""
    invitation = Invitation.objects.select_for_update().filter(token_digest=digest(token)).first()
    if invitation is None:
        raise InvalidInput(_("This invitation is not valid. Ask the person who invited you for a new one."), "unknown")
    if invitation.accepted_at:
        raise AlreadyDone(_("This invitation has already been accepted."), "accepted")
    if not invitation.is_pending:
        raise InvalidInput(
            _("This invitation has expired or been withdrawn. Ask the person who invited you for a new one."), "over"
        )
    require(permissions.may_accept(actor, invitation, verified_addresses(actor)))
    invitation.accepted_at, invitation.accepted_by = clock.now(), actor
    invitation.address = invitation.name = ""
    invitation.save(update_fields=["accepted_at", "accepted_by", "address", "name"])
    audit.log("invitation.accepted", actor=actor, about=invitation, purpose=invitation.purpose)
    return invitations.open_for(invitation, actor)


@writing
def revoke_invitation(*, actor: Person, invitation: Invitation) -> Invitation:
    """Revoke an invitation that is not accepted yet. The package that offered it checks whether the actor may."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    require(permissions.may_act(actor))
    if invitation.accepted_at:
        raise AlreadyDone(_("This invitation has already been accepted."), "accepted")
    if not invitation.revoked_at:
        invitation.revoked_at, invitation.address, invitation.name = clock.now(), "", ""
        invitation.save(update_fields=["revoked_at", "address", "name"])
        audit.log("invitation.revoked", actor=actor, about=invitation, purpose=invitation.purpose)
    return invitation


def verified_addresses(person: Person) -> frozenset[str]:
    """Return a person's verified addresses."""
    found = EmailAddress.objects.filter(user_id=person.pk, verified=True).values_list("email", flat=True)
    return frozenset(address.lower() for address in found)
