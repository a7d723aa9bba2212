"""The export of a person's data as one file, and the data of accounts."""

import datetime
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Invitation, Person
from plenara.accounts.personal_data.erasure import in_package_order
from plenara.accounts.queries import began_at, installation, sessions_of, verified_addresses
from plenara.core import clock
from plenara.core.languages import django_code
from plenara.core.models import AuditEntry
from plenara.core.refusals import Sentence
from plenara.core.store import Stored

type Rows = Iterator[dict[str, object]]
type Provider = Callable[[Person], Rows]
type Encloser = Callable[[Person], Iterator[tuple[str, Stored]]]


class Purpose(StrEnum):
    """What a kind of personal data is processed for (`operations/presenters/processing.py` describes each)."""

    ACCOUNTS = "accounts"
    CONTRIBUTIONS = "contributions"
    MODERATION = "moderation"
    COMMUNITY = "community"
    WORK = "work"
    LOG = "log"


@dataclass(frozen=True)
class Part:
    """One kind of personal data: the name of its file, its label, the columns that it covers, and its purpose."""

    name: str
    label: Sentence
    rows: Provider
    of: tuple[str, ...]
    purpose: Purpose


_parts: dict[Provider, Part] = {}
#: `contributions` registers the papers that a person sent: accounts are below it and cannot import it.
_enclosers: list[Encloser] = []


def exports(name: str, label: Sentence, *, of: Iterable[str], purpose: Purpose) -> Callable[[Provider], Provider]:
    """Register a function that yields one kind of a person's data. `of` are columns, as "app.Model.field"."""

    def register(function: Provider) -> Provider:
        _parts[function] = Part(name, label, function, tuple(of), purpose)
        return function

    return register


def encloses(function: Encloser) -> Encloser:
    """Register a function that yields files that belong to a person."""
    if function not in _enclosers:
        _enclosers.append(function)
    return function


def parts() -> list[Part]:
    """Return the kinds of personal data, the account's own first."""
    return [_parts[function] for function in in_package_order(_parts)]


def covered_columns() -> frozenset[str]:
    """Return the columns that are exported."""
    return frozenset(column for part in parts() for column in part.of)


def file_name() -> str:
    """Return the name of the file."""
    return f"my-data-{clock.now():%Y-%m-%d}.zip"


def write_export(person: Person, target: IO[bytes]) -> None:
    """Write a person's data: a ZIP with a JSON file of each kind, papers, and a page that explains them.

    Row by row, in as much memory as one row takes.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_member("README.txt"), _explanation(person))
        for part in parts():
            with archive.open(_member(f"{part.name}.json"), "w") as file:
                _write_rows(file, part.rows(person))
        for encloser in in_package_order(_enclosers):
            for name, stored in encloser(person):
                try:
                    pieces = stored.pieces()
                except FileNotFoundError:
                    continue  # a missing file must not prevent the export; its name is in the rows
                with archive.open(_member(f"papers/{name}"), "w") as copy:
                    copy.writelines(pieces)


def _member(name: str) -> zipfile.ZipInfo:
    """Return a member of the archive with its time and with permissions for its owner only."""
    found = zipfile.ZipInfo(name, clock.now().timetuple()[:6])
    found.compress_type, found.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return found


def _explanation(person: Person) -> str:
    with translation.override(django_code(person.language)):
        context = {"parts": parts(), "installation": installation(), "at": clock.now(), "name": person.name}
        return render_to_string("accounts/my_data.txt", context).strip() + "\n"


def _write_rows(file: IO[bytes], rows: Rows) -> None:
    separator = b"[\n"
    for row in rows:
        file.write(
            separator
            + json.dumps(_filled_in(row), ensure_ascii=False, default=_plain, indent=1).encode(errors="replace")
        )
        separator = b",\n"
    file.write(b"[]\n" if separator == b"[\n" else b"\n]\n")


def _filled_in(value: object) -> object:
    """Return a row without its blank values, at any depth."""
    if isinstance(value, dict):
        return {key: _filled_in(each) for key, each in value.items() if each not in (None, "")}
    return [_filled_in(each) for each in value] if isinstance(value, list) else value


def _plain(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(value)


@exports(
    "profile",
    _("Your profile: what you entered about yourself, and the decisions about your account"),
    of=[],
    purpose=Purpose.ACCOUNTS,
)
def profile(person: Person) -> Rows:
    """Yield the person's own row."""
    names = (
        "name", "language", "stakeholder_group", "capacity", "organization", "country", "withholds_name",
        "withholds_country", "is_organizer", "is_operator", "joined_at", "last_login", "suspended_at",
        "suspension_reason", "rules_version", "rules_accepted_at",
    )  # fmt: skip
    yield {"number": person.pk, **{name: getattr(person, name) for name in names}}


@exports("addresses", _("Your e-mail addresses"), of=["account.EmailAddress.user"], purpose=Purpose.ACCOUNTS)
def addresses(person: Person) -> Rows:
    """Yield the person's addresses."""
    for each in EmailAddress.objects.filter(user=person).order_by("pk"):
        yield {"address": each.email, "is_verified": each.verified, "is_primary": each.primary}


@exports(
    "sign_in",
    _("How you sign in, and where you are signed in now: types, names and dates, but no passwords or keys"),
    of=["mfa.Authenticator.user", "socialaccount.SocialAccount.user", "accounts.Session.person"],
    purpose=Purpose.ACCOUNTS,
)
def sign_in(person: Person) -> Rows:
    """Yield the ways in which the person signs in, and their sessions. Secrets are left out."""
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
    for each in SocialAccount.objects.filter(user=person).order_by("pk"):
        yield {
            "what": "account with another provider",
            "provider": each.provider,
            "name": each.uid,
            "roles": each.extra_data.get("roles", []),
            "made_at": each.date_joined,
            "used_at": each.last_login,
        }
    for session, data in sessions_of(person):
        yield {
            "what": "session",
            "signed_in_at": began_at(data),
            "used_at": session.used_at,
            "ends_at": session.expire_date,
        }


@exports(
    "invitations",
    _("Invitations that you sent or received, without the addresses of the people whom you invited"),
    of=["accounts.Invitation.invited_by", "accounts.Invitation.accepted_by"],
    purpose=Purpose.ACCOUNTS,
)
def invitations(person: Person) -> Rows:
    """Yield invitations to the person, and those that they sent."""
    own = Q(address__in=verified_addresses(person))
    found = Invitation.objects.filter(Q(invited_by=person) | Q(accepted_by=person) | own)
    for each in found.order_by("pk"):
        yield {
            "what": "sent" if each.invited_by_id == person.pk else "received",
            "to": each.purpose,
            # Names and addresses of others are not exported.
            "name": "" if each.invited_by_id == person.pk else each.name,
            "sent_at": each.created_at,
            "ends_at": each.expires_at,
            "accepted_at": each.accepted_at,
            "taken_back_at": each.revoked_at,
        }


@exports("acts", _("Your actions on this site: what you did, what it concerned, and when"), of=[], purpose=Purpose.LOG)
def audit_entries(person: Person) -> Rows:
    """Yield the person's audit entries."""
    found = AuditEntry.objects.filter(actor_id=person.pk).order_by("pk")
    for each in found.iterator(chunk_size=500):
        yield {"at": each.at, "act": each.verb, "about": f"{each.about_kind} {each.about_id}", "with": each.details}
