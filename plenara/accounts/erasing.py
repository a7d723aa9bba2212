"""Erasing an account: everything that is a person's own goes, in one transaction, or nothing does.

What accounts keep goes here. A package that keeps more of persons registers what it does, and it is done in the order
of the packages, from the bottom up:

    @prevents
    def last_organizer(person) -> Answer: …      # a `No` where somebody has to be found first
    @foresees
    def published(person) -> Published: …        # how many texts stand in the record
    @holds
    def hold(person) -> None: …                  # locks the rows that others may be deciding on, before the person's
    @erases
    def contributions(erasure) -> None: …        # blanks and deletes

The list outside the database that a restored backup is held against stands in `erasure_list.py`.
"""

import datetime
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from plenara.accounts import erasure_list, rules, tasks
from plenara.accounts.installation import row
from plenara.accounts.models import Installation, Invitation, Person
from plenara.accounts.providers import from_the_bottom_up
from plenara.accounts.sessions import sessions_of
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.models import BackgroundTask
from plenara.core.refusals import Answer, Invalid, require
from plenara.core.transaction import writing

#: How long the last letter may wait for a mail server: its task holds the only copy of the address.
LETTER_LIFE = datetime.timedelta(days=7)


class Choice(models.TextChoices):
    """What becomes of the texts that stand in the record."""

    PARTICIPANT = "participant", pgettext_lazy("erasure", "They stay, without my name, under “A participant”")
    TOMBSTONES = "tombstones", pgettext_lazy("erasure", "They go, and a note stands where they were")


@dataclass(frozen=True)
class Published:
    """How many texts of somebody stand in the record: those that can go, and those of archived consultations."""

    free: int = 0
    bound: int = 0


@dataclass
class Erasure:
    """One erasure under way, as the packages see it. The person is there until all of them have done theirs."""

    person: Person
    choice: str
    at: datetime.datetime
    addresses: frozenset[str]
    #: Ids of what the person submitted, by kind of publishable, and of those whose words went. Filled from below.
    submitted: dict[str, list[int]] = field(default_factory=dict)
    gone: dict[str, list[int]] = field(default_factory=dict)
    #: Cache tags whose pages change. Invalidated last, so that two writers never wait for each other.
    cache_tags: set[str] = field(default_factory=set)


_preventers: list[Callable[[Person], Answer]] = []
_foreseers: list[Callable[[Person], Published]] = []
_holders: list[Callable[[Person], None]] = []
_erasers: list[Callable[[Erasure], None]] = []


def _registering[F: Callable[..., Any]](known: list[F]) -> Callable[[F], F]:
    def register(function: F) -> F:
        if function not in known:
            known.append(function)
        return function

    return register


prevents = _registering(_preventers)
foresees = _registering(_foreseers)
holds = _registering(_holders)
erases = _registering(_erasers)


def may_erase(person: Any) -> Answer:
    """Everybody their own account, suspended or not; but the last organizer of anything finds another one first."""
    answer = rules.may_leave(person, is_last=rules.is_known(person) and _is_last_organizer(person))
    for function in from_the_bottom_up(_preventers):
        answer = answer and function(person)
    return answer


def _is_last_organizer(person: Person) -> bool:
    acting = Person.objects.filter(is_organizer=True, is_active=True, suspended_at=None)
    return person.is_organizer and not person.is_suspended and not acting.exclude(pk=person.pk).exists()


def published_by(person: Person) -> Published:
    """Return how many texts of a person stand in the record."""
    counts = [function(person) for function in _foreseers]
    return Published(sum(each.free for each in counts), sum(each.bound for each in counts))


@writing
def erase(*, actor: Person, choice: str) -> None:
    """Erase the actor's own account. A second click finds nobody and does nothing."""
    # One erasure at a time: two last organizers must not leave together, each counting on the other.
    Installation.objects.select_for_update().get(pk=row().pk)
    person = _held(actor.pk)
    if person is None:
        return
    require(may_erase(person))
    if choice not in Choice.values:
        raise Invalid(_("Choose what becomes of what you have published."), "choice", "choice")
    _last_letter(person)
    _erase(person, choice, clock.now(), erasure_list.mark_of(person))


@writing
def erase_again(entry: erasure_list.Entry) -> bool:
    """Carry out an erasure of the list on a database that is older than it; say whether there was anybody to erase."""
    person = _held(entry.person)
    if person is None:
        return False
    # What was done on that day is done as of that day: the record says the same as before.
    with clock.at(entry.at):
        _erase(person, entry.choice, entry.at, entry.mark)
    return True


def _held(pk: int) -> Person | None:
    """Return the person, locked after what others may hold of theirs: whoever decides on it holds that first."""
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        return None
    for function in from_the_bottom_up(_holders):
        function(person)
    # Whatever refers to the person waits from here on: nothing new of theirs can come meanwhile.
    return Person.objects.select_for_update().filter(pk=pk).first()


def _last_letter(person: Person) -> None:
    """Enqueue one letter that says so. Its task alone keeps the address, until it is sent or a week is over."""
    name = f"erased-{secrets.token_hex(16)}"
    until = (clock.now() + LETTER_LIFE).isoformat()
    tasks.letter.using(key=name).enqueue(
        name=name, template="erased", address=person.email, language=person.language, until=until, context={}
    )


def _erase(person: Person, choice: str, at: datetime.datetime, mark: str) -> None:
    own = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    addresses = frozenset(each.lower() for each in (*own, person.email))
    erasure = Erasure(person=person, choice=choice, at=at, addresses=addresses)
    for function in from_the_bottom_up(_erasers):
        function(erasure)
    act = audit.log(
        "person.erased", actor=person, about=person, choice=choice, mark=mark, joined_at=person.joined_at.isoformat()
    )
    # Addresses, passkeys, roles, drafts and what else is theirs alone go with the row; elsewhere nobody is named.
    person.delete()
    for cache_tag in sorted(erasure.cache_tags):
        invalidate(cache_tag)
    tasks.list_erasures.using(key=f"list-erasure-{act.pk}").enqueue()
    transaction.on_commit(erasure_list.bring_up_to_date, robust=True)


@erases
def account(erasure: Erasure) -> None:
    """Delete sessions and letters about signing in, and end the invitations that went to or came from the person."""
    person, at = erasure.person, erasure.at
    sessions = [session.pk for session, _held in sessions_of(person, erasure.addresses)]
    Session.objects.filter(pk__in=sessions).delete()
    letters = BackgroundTask.objects.filter(task="accounts.letter", arguments__address__in=list(erasure.addresses))
    letters.exclude(arguments__template="erased").delete()
    concerned = Invitation.objects.filter(models.Q(invited_by=person) | models.Q(address__in=erasure.addresses))
    concerned.filter(accepted_at=None, revoked_at=None).update(revoked_at=at)
    concerned.update(address="", name="")
