"""The installation and its pages, bulk sign-ups, sessions, one-time links, and organizations of similar names."""

import datetime
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.core import signing
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import pgettext_lazy

from plenara.accounts import limits
from plenara.accounts.models import IdentityProof, Installation, Person, Session
from plenara.core import clock, colours
from plenara.core.languages import NAMES, Localized, current, django_code, in_language, translate
from plenara.core.models import AuditEntry
from plenara.core.prepared import prepared
from plenara.core.rows import Json
from plenara.core.text import digest

HOUR = datetime.timedelta(hours=1)
#: More accounts from one place within an hour than a class or an office usually creates.
MANY_SIGN_UPS = 30
#: Sign-ups from one place in an hour after which its codes get a lower priority than those of others.
BUSY_SIGN_UPS = 10


def most_sign_ups_within_an_hour(person: Person) -> int:
    """Return the most accounts made from there within any hour that includes this account's creation. One query."""
    if person is None or not person.joined_from:
        return 0
    moments = list(sign_ups_around(person).order_by("joined_at").values_list("joined_at", flat=True)[:1000])
    starts = [at for at in moments if at <= person.joined_at]
    return max((sum(start <= at <= start + HOUR for at in moments) for start in starts[-200:]), default=0)


def came_in_bulk(person: Person) -> bool:
    """Return whether an account is one of very many that were made from one place within an hour. At most one query.

    False for an account without a place, or so old that its place was deleted.
    """
    if person is None or not person.joined_from or sign_ups_around(person).count() < MANY_SIGN_UPS:
        return False
    return most_sign_ups_within_an_hour(person) >= MANY_SIGN_UPS


def sign_ups_around(person: Person) -> QuerySet[Person]:
    """Return all accounts that were made from there within an hour of this one, including it."""
    # SQLite uses a partial index only if the query itself excludes the other rows.
    near = Person.objects.filter(joined_from=person.joined_from).exclude(joined_from="")
    return near.filter(joined_at__range=(person.joined_at - HOUR, person.joined_at + HOUR))


def has_many_sign_ups(ip: str) -> bool:
    """Return whether many have signed up from an IP address in this hour. One query."""
    return bool(ip) and limits.count_of("sign_up", ip=ip) >= BUSY_SIGN_UPS


#: The pages that an installation has, in the order in which the desk lists them.
PAGES = {
    "how": pgettext_lazy("label", "How it works"),
    "rules": pgettext_lazy("label", "Rules and moderation"),
    "licence": pgettext_lazy("label", "Licence for contributions"),
    "privacy": pgettext_lazy("label", "Privacy"),
    "accessibility": pgettext_lazy("label", "Accessibility"),
}
#: What everybody accepts at sign-up, and again when one of these changes.
ACCEPTED_PAGES = frozenset({"rules", "licence"})

_DEFAULTS = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class LocalizedInstallation:
    """An installation as a page's frame shows it, in one language."""

    name: str
    language: str
    contact: str
    controller: str
    mark_url: str
    mark_is_name: bool
    sheet_url: str  # of a stylesheet with its colours, if it has colours of its own
    is_set_up: bool
    rules_version: str

    def __str__(self) -> str:
        return self.name


def installation_row() -> Installation:
    """Return the installation's row; create it if it does not exist."""
    return Installation.objects.get_or_create(pk=1)[0]


@prepared
def _installations() -> QuerySet[Installation]:
    return Installation.objects.filter(pk=1)


def installation(language: str | None = None) -> LocalizedInstallation:
    """Return the installation as shown in a language (default: the active one)."""
    it = next(iter(_installations()), None) or Installation()
    name = in_language(it.name, language)
    return LocalizedInstallation(
        name=name.text or "Plenara",
        language=name.language,
        contact=it.contact,
        controller=in_language(it.controller, language).text,
        mark_url=f"/mark/{it.mark}.{it.mark_type}" if it.mark else "",
        mark_is_name=it.mark_is_name,
        sheet_url=sheet_url(it.accent, it.header),
        is_set_up=it.is_set_up,
        rules_version=it.rules_version,
    )


@lru_cache(maxsize=16)
def sheet_url(accent: str, header: str) -> str:
    """Return the address of the stylesheet with these colours, which changes with its content; "" for the default."""
    if not accent and not header:
        return ""
    accent = accent or colours.LIGHT["accent"]
    header = header or accent
    return f"/look/{accent[1:]}-{header[1:]}.{sheet_digest(colours.sheet(accent, header))}.css"


def sheet_digest(content: str) -> str:
    """Return the part of a stylesheet's address that changes with its content."""
    return digest(content)[:12]


@lru_cache(maxsize=64)
def default_page_text(page: str, language: str) -> str:
    """Return the text that comes with the software, with its `{installation}` and other names not filled in."""
    if page not in PAGES or language not in NAMES:
        return ""
    return translate(page, (_DEFAULTS / f"{page}.md").read_text("utf-8").strip(), language)


def page_texts(page: str, it: Installation | None = None) -> dict[str, str]:
    """Return a page's text by language: the installation's own where there is one, else the default."""
    own = ((it or installation_row()).pages or {}).get(page, {})
    texts = {language: own.get(language) or default_page_text(page, language) for language in NAMES}
    return {language: text for language, text in texts.items() if text}


def names_in_page(page: str) -> list[str]:
    """Return the names in braces that are filled in: the installation's, and those of the page's default text."""
    of_page = re.findall(r"\{(\w+)\}", default_page_text(page, "en"))
    return list(dict.fromkeys(["installation", "controller", "contact", *of_page]))


def page_text(
    page: str, language: str | None = None, *, facts: Callable[[str], Mapping[str, str]] = lambda language: {}
) -> Localized:
    """Return a page as Markdown in a language, or in a fallback language, with the names in braces filled in.

    `facts` returns what other packages know, in the language of the text: time limits, and the reasons of decisions.
    """
    it = installation_row()
    text, found = in_language(page_texts(page, it), language or current())
    values = {
        **facts(found),
        "installation": _as_words(in_language(it.name, found).text or "Plenara"),
        "controller": _as_words(
            in_language(it.controller, found).text or in_language(it.name, found).text or "Plenara"
        ),
        "contact": f"[{_as_words(it.contact)}](mailto:{it.contact})" if it.contact else settings.SITE_URL,
    }
    return Localized(re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), text), found)


def _as_words(text: str) -> str:
    """Return a text escaped for Markdown."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!<>|~&])", r"\\\1", " ".join(text.split()))


@dataclass(frozen=True)
class ConfirmationRequest:
    """Who asked a second organizer to confirm something, and when."""

    by: Person
    at: datetime.datetime
    act_id: int


def second_organizer_is_needed() -> bool:
    """Return whether this installation requires a second organizer."""
    return installation_row().announcing_takes_two


#: What a person can have besides the code by e-mail or the password. Recovery codes are not one: they replace one.
SECOND_FACTORS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)


def has_second_factor(person: Person) -> bool:
    """Return whether a person has a passkey or an authenticator app. One query."""
    return Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS).exists()


def lacks_required_factor(person: Person) -> bool:
    """Return whether this installation requires a second factor that a person with a role does not have. One query."""
    own = Authenticator.objects.filter(user=person, type__in=SECOND_FACTORS)
    return Installation.objects.filter(~Exists(own), pk=1, requires_second_factor=True).exists()


#: Functions of packages above, which cannot be imported: of `outcomes`, as members of a body work at the desk.
_workers: list[Callable[[], QuerySet[Model, int]]] = []


def lists_workers(function: Callable[[], QuerySet[Model, int]]) -> Callable[[], QuerySet[Model, int]]:
    """Register a function that returns the ids of people who work at the desk without a role (`permissions`)."""
    if function not in _workers:
        _workers.append(function)
    return function


def people_with_roles(*, lacking: bool = False) -> QuerySet[Person]:
    """Return those who can open the desk, by name, each with `has_second_factor`; or those of them who lack one."""
    with_role = Person.objects.filter(pk=OuterRef("pk"), roles__isnull=False)
    reasons = Q(is_organizer=True) | Q(is_operator=True) | Q(Exists(with_role))
    for workers in _workers:
        reasons |= Q(pk__in=workers())
    factors = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS))
    found = Person.objects.filter(reasons, suspended_at=None, is_active=True)
    found = found.filter(~factors) if lacking else found
    return found.annotate(has_second_factor=factors).order_by("name", "pk")


def _none(_name: str, _country: str) -> list[str]:
    return []


#: `directory` registers its search: it is above and cannot be imported.
_find: Callable[[str, str], list[str]] = _none


def organizations_found_by(function: Callable[[str, str], list[str]]) -> None:
    """Register the function that returns the organizations with a similar name in a country."""
    global _find
    _find = function


def organizations_nearly_named(name: str, country: str) -> list[str]:
    """Return the names of known organizations similar to this one; none if one has exactly this name."""
    return _find(name, country)


LINK_HOURS = 24
_LINK_SALT = "plenara.accounts.one-time-link"


def one_time_link(person: Person) -> str:
    """Return the address, with host, of a page where this person signs in with one press, once, within 24 hours."""
    until = clock.now() + datetime.timedelta(hours=LINK_HOURS)
    token = signing.dumps([person.pk, int(until.timestamp()), _last_login(person)], salt=_LINK_SALT)
    with translation.override(django_code(person.language)):
        return settings.SITE_URL + reverse("one_time_link", args=[token])


def person_of_link(token: str) -> Person | None:
    """Return the person whom a link signs in; None if it was used, is too old or is invalid."""
    try:
        pk, until, last_login = signing.loads(token, salt=_LINK_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if until < clock.now().timestamp():
        return None
    person = Person.objects.filter(pk=pk, is_active=True).first()
    return person if person and _last_login(person) == last_login else None


def _last_login(person: Person) -> str:
    return person.last_login.astimezone(datetime.UTC).isoformat() if person.last_login else ""


def sessions_of(person: Person, addresses: frozenset[str] = frozenset()) -> Iterator[tuple[Session, Json]]:
    """Yield the sessions in which a person is signed in, with their data, and those with an address of theirs.

    The latter belong to a sign-in that was begun and not finished.
    """
    found = Session.objects.filter(expire_date__gt=clock.now())
    if not addresses:
        found = found.filter(person=person)
    for session in found.iterator():
        data = session.get_decoded()
        if session.person_id == person.pk or (addresses and _session_names(data, addresses)):
            yield session, data


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner sees it."""

    name: str  # stands for its key, which no page shows
    began_at: datetime.datetime | None
    used_at: datetime.datetime
    is_current: bool


def open_sessions(person: Person, current_key: str | None) -> list[OpenSession]:
    """Return the sessions in which a person is signed in, this one first, then the last used. One query."""
    found = []
    for session, data in sessions_of(person):
        # A changed password has ended the others, whose rows stay until they expire.
        if data.get(HASH_SESSION_KEY) == person.get_session_auth_hash():
            is_current = session.pk == current_key
            found.append(OpenSession(digest(session.pk), began_at(data), session.used_at, is_current))
    return sorted(found, key=lambda each: (each.is_current, each.used_at), reverse=True)


def began_at(data: Json) -> datetime.datetime | None:
    """Return when a session began, if it is known."""
    for record in data.get("account_authentication_methods", []):
        if isinstance(record, dict) and record.get("at"):
            return datetime.datetime.fromtimestamp(record["at"], datetime.UTC)
    return None


def _session_names(data: Json, addresses: frozenset[str]) -> bool:
    text = json.dumps(data, default=str).lower()
    return any(json.dumps(address) in text for address in addresses)


PASSKEYS_REQUESTED, PASSKEYS_REMOVED = "person.passkeys_removal_requested", "person.removed_passkeys"
#: How long a request can be confirmed, from its time.
PASSKEYS_REQUEST_LIFE = datetime.timedelta(days=7)


@dataclass(frozen=True)
class PasskeysRequest(ConfirmationRequest):
    """An organizer's request, and how they made sure that it is this person."""

    proof: str

    @property
    def proof_words(self) -> str:
        return str(IdentityProof(self.proof).label)


def passkeys_request_for(person: Person) -> PasskeysRequest | None:
    """Return the pending request to a second organizer. It ends once the person adds or uses a passkey."""
    acts = AuditEntry.objects.filter(
        about_kind="person", about_id=str(person.pk), verb__in=[PASSKEYS_REQUESTED, PASSKEYS_REMOVED]
    )
    act = acts.order_by("-pk").first()
    if act is None or act.verb != PASSKEYS_REQUESTED or act.at < clock.now() - PASSKEYS_REQUEST_LIFE:
        return None
    by = _acting_organizers().filter(pk=act.actor_id or 0).first()
    has_own = Authenticator.objects.filter(user=person).filter(Q(created_at__gt=act.at) | Q(last_used_at__gt=act.at))
    if by is None or has_own.exists():
        return None
    return PasskeysRequest(by, act.at, act.pk, act.details["proof"])


def other_organizers(actor: Person, person: Person) -> QuerySet[Person]:
    """Return the organizers of the installation who can confirm what one of them asks for somebody."""
    return _acting_organizers().exclude(pk__in=[actor.pk, person.pk])


def _acting_organizers() -> QuerySet[Person]:
    return Person.objects.filter(is_organizer=True, suspended_at=None, is_active=True)


def verified_addresses(person: Person) -> frozenset[str]:
    """Return a person's verified addresses."""
    found = EmailAddress.objects.filter(user_id=person.pk, verified=True).values_list("email", flat=True)
    return frozenset(address.lower() for address in found)
