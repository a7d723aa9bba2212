"""What accounts keep of a person, for the person."""

import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.accounts.actions import verified_addresses
from plenara.accounts.models import Invitation, Person
from plenara.accounts.my_data import Rows, tells
from plenara.accounts.sessions import sessions_of
from plenara.core.models import Act


@tells("profile", _("Your profile: what you told about yourself, and what was decided about your account"), of=[])
def profile(person: Person) -> Rows:
    """Yield the person's own row."""
    told = (
        "name", "language", "stakeholder_group", "capacity", "organization", "country", "withholds_name",
        "withholds_country", "is_organizer", "is_operator", "joined_at", "last_login", "suspended_at",
        "suspension_reason", "rules_version", "rules_accepted_at",
    )  # fmt: skip
    yield {"number": person.pk, **{name: getattr(person, name) for name in told}}


@tells("addresses", _("Your e-mail addresses"), of=["account.EmailAddress.user"])
def addresses(person: Person) -> Rows:
    """Yield the person's addresses."""
    for each in EmailAddress.objects.filter(user=person).order_by("pk"):
        yield {"address": each.email, "is_verified": each.verified, "is_primary": each.primary}


@tells(
    "sign_in",
    _("How you sign in, and where you are signed in now: kinds, names and dates; never a secret"),
    of=["mfa.Authenticator.user"],
)
def sign_in(person: Person) -> Rows:
    """Yield the ways in which the person signs in, and their sessions. What would let somebody in stays here."""
    if person.has_usable_password():
        yield {"what": "password"}
    for each in Authenticator.objects.filter(user=person).order_by("pk"):
        is_passkey = each.type == Authenticator.Type.WEBAUTHN
        yield {
            "what": "passkey" if is_passkey else each.type,
            "name": str(each) if is_passkey else "",
            "made_at": each.created_at,
            "used_at": each.last_used_at,
        }
    for session, held in sessions_of(person):
        began = [it for it in held.get("account_authentication_methods", []) if isinstance(it, dict) and it.get("at")]
        yield {
            "what": "session",
            "signed_in_at": datetime.datetime.fromtimestamp(began[0]["at"], datetime.UTC) if began else None,
            "ends_at": session.expire_date,
        }


@tells(
    "invitations",
    _("Invitations that you sent or received, without the addresses of those whom you invited"),
    of=["accounts.Invitation.invited_by", "accounts.Invitation.accepted_by"],
)
def invitations(person: Person) -> Rows:
    """Yield what the person was offered, and what they offered to others."""
    own = Q(address__in=verified_addresses(person))
    found = Invitation.objects.filter(Q(invited_by=person) | Q(accepted_by=person) | own)
    for each in found.order_by("pk"):
        yield {
            "what": "sent" if each.invited_by_id == person.pk else "received",
            "to": each.purpose,
            # Of somebody else neither name nor address is given out.
            "name": "" if each.invited_by_id == person.pk else each.name,
            "sent_at": each.created_at,
            "ends_at": each.expires_at,
            "accepted_at": each.accepted_at,
            "taken_back_at": each.revoked_at,
        }


@tells("acts", _("What you did here, act by act: what was done, to what, and when"), of=[])
def acts(person: Person) -> Rows:
    """Yield the acts of the person."""
    found: Any = Act.objects.filter(actor_id=person.pk).order_by("pk")
    for each in found.iterator(chunk_size=500):
        yield {"at": each.at, "act": each.verb, "about": f"{each.about_kind} {each.about_id}", "with": each.details}
