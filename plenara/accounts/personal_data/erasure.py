"""Erasing an account, the list of erasures outside the database, and retention."""

import datetime
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from plenara.accounts import emails, permissions
from plenara.accounts.models import Installation, Invitation, Person, Session, Visit
from plenara.accounts.queries import installation_row, sessions_of
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.core.refusals import Answer, InvalidInput, require
from plenara.core.rows import Json
from plenara.core.store.folder import sync
from plenara.core.tasks import task
from plenara.core.transaction import writes, writing

ERASED_VERB = "person.erased"


@dataclass(frozen=True)
class ErasureEntry:
    """One line of the list."""

    person: int
    joined_at: datetime.datetime
    at: datetime.datetime
    choice: str
    mark: str

    def line(self) -> str:
        """Return the entry as the file has it."""
        values = {
            "person": self.person,
            "joined_at": self.joined_at.isoformat(),
            "at": self.at.isoformat(),
            "choice": self.choice,
            "mark": self.mark,
        }
        return json.dumps(values) + "\n"


class UnreadableErasures(ValueError):
    """A line that is not one of ours. The number of the line is its argument."""


def erasures_path() -> Path:
    """Return the path of the list."""
    return Path(settings.DATA) / "erasures.jsonl"


def mark_of(person: Person, key: str = "") -> str:
    """Return the keyed hash that names a person of this database, whatever becomes of their row."""
    own = hmac.new((key or settings.SECRET_KEY).encode(), b"plenara.erasures", hashlib.sha256).digest()
    joined_at = person.joined_at.astimezone(datetime.UTC).isoformat()
    return hmac.new(own, f"{person.pk}:{joined_at}".encode(), hashlib.sha256).hexdigest()


def read_erasures(file: Path) -> list[ErasureEntry]:
    """Return the entries of a list; none if the file is missing. Raises `UnreadableErasures`, `OSError`."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8") as lines:
        return list(_erasure_entries(lines))


def _erasure_entries(lines: Iterable[str]) -> Iterator[ErasureEntry]:
    for number, line in enumerate(lines, 1):
        # The last line of a process that was killed while it wrote has no end; the next writer writes it again.
        if not line.endswith("\n") or not line.strip():
            continue
        try:
            yield _erasure_entry(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableErasures(number) from error


def _erasure_entry(values: Json) -> ErasureEntry:
    joined_at, at = (datetime.datetime.fromisoformat(values[name]) for name in ("joined_at", "at"))
    if joined_at.tzinfo is None or at.tzinfo is None:
        raise ValueError
    return ErasureEntry(int(values["person"]), joined_at, at, str(values["choice"]), str(values["mark"]))


@task
def list_erasures() -> None:
    """Write down, outside the database, which accounts were erased."""
    update_erasure_list()


def update_erasure_list() -> int:
    """Write down the erasures of this database that the list does not name yet; return how many."""
    return add_erasures(_erasures())


def missing_erasures() -> int:
    """Return how many erasures of this database the list does not name."""
    known = {each.mark for each in read_erasures(erasures_path())}
    return sum(each.mark not in known for each in _erasures())


def _erasures() -> Iterator[ErasureEntry]:
    for act in AuditEntry.objects.filter(verb=ERASED_VERB).order_by("pk"):
        joined_at = datetime.datetime.fromisoformat(act.details["joined_at"])
        yield ErasureEntry(int(act.about_id), joined_at, act.at, act.details["choice"], act.details["mark"])


def add_erasures(entries: Iterable[ErasureEntry]) -> int:
    """Add entries to the list, each once, and return how many were new. They are on the disk when this returns."""
    with os.fdopen(os.open(erasures_path(), os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = file.read()
        complete = whole[: whole.rfind(b"\n") + 1]
        known = {each.mark for each in _erasure_entries(complete.decode().splitlines(keepends=True))}
        new = {each.mark: each for each in entries if each.mark not in known}
        if not new:
            return 0
        # What a killed process has left of a line is written over.
        file.seek(len(complete))
        file.truncate()
        file.write("".join(each.line() for each in new.values()).encode())
        file.flush()
        os.fsync(file.fileno())
    sync(erasures_path().parent)  # the file's name too
    return len(new)


@dataclass
class ErasuresComparison:
    """What a list says of this database: which persons still exist, and how many may, by a mark of another key."""

    here: list[ErasureEntry]
    doubtful: int = 0


def compare_erasures(keys: Iterable[str] = ()) -> ErasuresComparison:
    """Compare the list with the database. `keys` are further secret keys whose marks are accepted."""
    found = ErasuresComparison([])
    entries = read_erasures(erasures_path())
    persons = Person.objects.in_bulk([each.person for each in entries])
    for entry in entries:
        person = persons.get(entry.person)
        if person is None or person.joined_at != entry.joined_at:
            continue
        if any(hmac.compare_digest(mark_of(person, key), entry.mark) for key in ("", *keys)):
            found.here.append(entry)
        else:
            found.doubtful += 1
    return found


def in_package_order[F: Callable](functions: Iterable[F]) -> list[F]:
    """Return functions in the order of their packages, the lowest first: each may rely on those below it.

    The settings list the packages from the top down, as imports go.
    """
    packages = [config.name for config in reversed(list(apps.get_app_configs()))]
    place = {name: number for number, name in enumerate(packages)}

    def of(function: F) -> int:
        module = function.__module__
        return max(place[name] for name in packages if module.startswith(f"{name}."))

    return sorted(functions, key=of)


#: How long the last e-mail may wait for a mail server: its task holds the only copy of the address.
EMAIL_LIFE = datetime.timedelta(days=7)


class ErasureChoice(models.TextChoices):
    """What happens to the texts in the record."""

    PARTICIPANT = (
        "participant",
        pgettext_lazy("erasure", "Keep what I have published, under “A participant” instead of my name"),
    )
    TOMBSTONES = "tombstones", pgettext_lazy("erasure", "Delete what I have published, and show a notice in its place")


@dataclass(frozen=True)
class PublishedTexts:
    """How many texts of a person are in the record: those that can be erased, and those of archived consultations."""

    free: int = 0
    bound: int = 0


@dataclass
class Erasure:
    """One erasure in progress, as the packages see it. The person exists until all of them have finished."""

    person: Person
    choice: str
    at: datetime.datetime
    addresses: frozenset[str]
    #: Ids of what the person submitted, by kind of moderated item, and of what was erased. Filled by lower packages.
    submitted: dict[str, list[int]] = field(default_factory=dict)
    erased: dict[str, list[int]] = field(default_factory=dict)
    #: Cache tags whose pages change. Invalidated last, so that two writers never wait for each other.
    cache_tags: set[str] = field(default_factory=set)


#: Packages above register these, since accounts cannot import them. `consultations` alone prevents an erasure.
_preventers: list[Callable[[Person], Answer]] = []
_counters: list[Callable[[Person], PublishedTexts]] = []
_lockers: list[Callable[[Person], None]] = []
_erasers: list[Callable[[Erasure], None]] = []


def _registering[F: Callable](known: list[F]) -> Callable[[F], F]:
    def register(function: F) -> F:
        if function not in known:
            known.append(function)
        return function

    return register


prevents_erasure = _registering(_preventers)
counts_published = _registering(_counters)
locks_before_erasure = _registering(_lockers)
erases = _registering(_erasers)


def may_erase(person: Person) -> Answer:
    """Everybody their own account, suspended or not; but the last organizer of anything must find another one first."""
    answer = permissions.may_leave(person, is_last=permissions.is_known(person) and is_last_organizer(person))
    for function in in_package_order(_preventers):
        answer = answer and function(person)
    return answer


def is_last_organizer(person: Person) -> bool:
    """Return whether nobody else can act as an organizer of the installation."""
    acting = Person.objects.filter(is_organizer=True, is_active=True, suspended_at=None)
    return person.is_organizer and not person.is_suspended and not acting.exclude(pk=person.pk).exists()


def published_by(person: Person) -> PublishedTexts:
    """Return how many texts of a person are in the record."""
    counts = [function(person) for function in _counters]
    return PublishedTexts(sum(each.free for each in counts), sum(each.bound for each in counts))


@writing
def erase(*, actor: Person, choice: str) -> None:
    """Erase the actor's own account. A second click does nothing."""
    # One erasure at a time: two last organizers must not leave together, each counting on the other.
    Installation.objects.select_for_update().get(pk=installation_row().pk)
    person = _lock_person(actor.pk)
    if person is None:
        return
    require(may_erase(person))
    if choice not in ErasureChoice.values:
        raise InvalidInput(_("Choose what should happen to what you have published."), "choice", "choice")
    _last_email(person)
    _erase(person, choice, clock.now(), mark_of(person))


@writing
def erase_again(entry: ErasureEntry) -> bool:
    """Carry out an erasure of the list on a database that is older than it; return whether the person existed."""
    person = _lock_person(entry.person)
    if person is None:
        return False
    # It is done with the date of the first erasure: the record is the same as before.
    with clock.at(entry.at):
        _erase(person, entry.choice, entry.at, entry.mark)
    return True


def _lock_person(pk: int) -> Person | None:
    """Lock a person and return the row, after locking what they submitted: a decision locks that first."""
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        return None
    for function in in_package_order(_lockers):
        function(person)
    # Writes that refer to the person wait from here on: they can submit nothing in the meantime.
    return Person.objects.select_for_update().filter(pk=pk).first()


def _last_email(person: Person) -> None:
    """Enqueue an e-mail about the erasure. Only its task has the address, until it is sent or a week has passed."""
    name = f"erased-{secrets.token_hex(16)}"
    until = (clock.now() + EMAIL_LIFE).isoformat()
    emails.letter.using(key=name).enqueue(
        name=name, template="erased", address=person.email, language=person.language, until=until, context={}
    )


def _erase(person: Person, choice: str, at: datetime.datetime, mark: str) -> None:
    own = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    addresses = frozenset(each.lower() for each in (*own, person.email))
    erasure = Erasure(person=person, choice=choice, at=at, addresses=addresses)
    for function in in_package_order(_erasers):
        function(erasure)
    act = audit.log(
        "person.erased", actor=person, about=person, choice=choice, mark=mark, joined_at=person.joined_at.isoformat()
    )
    # Addresses, passkeys, roles, drafts and other rows of theirs are deleted with the row; others no longer name them.
    person.delete()
    for cache_tag in sorted(erasure.cache_tags):
        invalidate(cache_tag)
    list_erasures.using(key=f"list-erasure-{act.pk}").enqueue()
    transaction.on_commit(update_erasure_list, robust=True)


@erases
def erase_sessions_and_invitations(erasure: Erasure) -> None:
    """Delete sessions and e-mails about signing in, and end the invitations to and from the person."""
    person, at = erasure.person, erasure.at
    sessions = [session.pk for session, _held in sessions_of(person, erasure.addresses)]
    Session.objects.filter(pk__in=sessions).delete()
    sign_in_emails = BackgroundTask.objects.filter(
        task="accounts.letter", arguments__address__in=list(erasure.addresses)
    )
    sign_in_emails.exclude(arguments__template="erased").delete()
    concerned = Invitation.objects.filter(models.Q(invited_by=person) | models.Q(address__in=erasure.addresses))
    concerned.filter(accepted_at=None, revoked_at=None).update(revoked_at=at)
    concerned.update(address="", name="")


#: How many persons are deleted in one transaction: a flood of sign-ups must not delay other writers.
AT_ONCE = 200


def sweep() -> dict[str, int]:
    """Delete what has expired and return how many of each: unverified persons, counts, places, addresses, etc."""
    now = clock.now()
    swept = {"unverified": _delete_unverified(now - datetime.timedelta(days=settings.KEEP_DAYS["unverified"]))}
    oldest = now - datetime.timedelta(days=settings.KEEP_DAYS["ip"])
    with writes():
        swept["visits"] = Visit.objects.filter(hour__lt=oldest).delete()[0]
        placed = Person.objects.filter(joined_at__lt=oldest).exclude(joined_from="")
        swept["places"] = placed.update(joined_from="")
        over = Invitation.objects.filter(
            Q(expires_at__lte=now) | Q(accepted_at__isnull=False) | Q(revoked_at__isnull=False)
        )
        swept["invitations"] = over.exclude(address="").update(address="", name="")
        swept["sessions"] = Session.objects.filter(expire_date__lt=now).delete()[0]
        # An e-mail that could not be sent holds an address, and a code that is no longer valid.
        swept["letters"] = BackgroundTask.objects.filter(task="accounts.letter", failed_at__lt=oldest).delete()[0]
        if any(swept.values()):
            audit.log("installation.swept", actor=None, about=installation_row(), swept=swept)
    return swept


def _delete_unverified(joined_before: datetime.datetime) -> int:
    """Delete persons who signed up and never verified the address."""
    never = Person.objects.filter(
        joined_at__lt=joined_before, last_login=None, is_organizer=False, is_operator=False
    ).exclude(emailaddress__verified=True)
    deleted = 0
    while True:
        with writes():
            ids = list(never.values_list("pk", flat=True)[:AT_ONCE])
            Person.objects.filter(pk__in=ids).delete()
        deleted += len(ids)
        if len(ids) < AT_ONCE:
            return deleted
