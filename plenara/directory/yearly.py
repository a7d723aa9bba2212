"""Once a year: whose entries are asked about, which are marked, which leave the lists. Events are not asked about."""

import datetime
from typing import Any

from django.core import signing

from plenara.core import audit, clock
from plenara.core.transaction import writing
from plenara.directory import actions, tasks
from plenara.directory.models import EntryState, Listing

#: After how long an entry is asked about; what of the same owner is nearly due is asked about with it.
YEAR, NEARLY = datetime.timedelta(days=365), datetime.timedelta(days=335)
#: How long an answer is waited for until it is marked, and how long a marked one stays in the lists.
MONTH, QUARTER = datetime.timedelta(days=30), datetime.timedelta(days=90)
#: Entries that one task sees to.
BATCH = 200
_SALT, _LINK_LIFE = "plenara.directory.confirm", 200 * 24 * 3600


@writing
def enqueue_look() -> None:
    """Enqueue this day's look at what is due. Several workers enqueue the same one."""
    day = f"{clock.now():%Y-%m-%d}"
    tasks.ask_owners.using(key=f"ask-owners-{day}-1").enqueue(day=day)


def look(day: str, part: int) -> None:
    """Ask, mark and archive what is due, some of each; enqueue the next part where there may be more."""
    done = _ask(day), _doubt(), _archive()
    if max(done) >= BATCH:
        _enqueue_next(day, part + 1)


@writing
def _enqueue_next(day: str, part: int) -> None:
    tasks.ask_owners.using(key=f"ask-owners-{day}-{part}").enqueue(day=day, part=part)


def _listed() -> Any:
    return Listing.objects.filter(state=EntryState.PUBLISHED, merged_into=None, archived_at=None)


@writing
def _ask(day: str) -> int:
    now = clock.now()
    due = _listed().filter(confirmed_at__lt=now - YEAR, asked_at=None).order_by("confirmed_at", "pk")
    found = list(due.values_list("pk", "owner")[:BATCH])
    owners = {owner for _pk, owner in found if owner}
    theirs: dict[int, list[int]] = {}
    nearly = _listed().filter(owner__in=owners, confirmed_at__lt=now - NEARLY, asked_at=None).order_by("pk")
    for pk, owner in nearly.values_list("pk", "owner"):
        theirs.setdefault(owner, []).append(pk)
    asked = {pk for pk, _owner in found} | {pk for pks in theirs.values() for pk in pks}
    # Of what nobody keeps, nobody is asked; it is marked in its time all the same.
    Listing.objects.filter(pk__in=asked).update(asked_at=now)
    audit.log_all("listing.asked", actor=None, about=[(each, {}) for each in Listing.objects.filter(pk__in=asked)])
    for owner, pks in theirs.items():
        tasks.ask_owner.using(key=f"ask-owner-{owner}-{day}-{pks[0]}").enqueue(
            person_id=owner, listing_ids=pks, day=f"{day}-{pks[0]}"
        )
    return len(found)


def _doubt() -> int:
    due = _listed().filter(asked_at__lt=clock.now() - MONTH, doubted_at=None).order_by("asked_at", "pk")[:BATCH]
    return len([actions.doubt(each) for each in list(due)])


def _archive() -> int:
    due = _listed().filter(doubted_at__lt=clock.now() - QUARTER).order_by("doubted_at", "pk")[:BATCH]
    return len([actions.archive(each) for each in list(due)])


def token_of(person: Any, entries: list[Listing]) -> str:
    """Return what the letter's link carries: whose entries, and which. It confirms, and does nothing else."""
    return signing.dumps([person.pk, [each.pk for each in entries]], salt=_SALT, compress=True)


def read_token(token: str) -> tuple[int, list[int]] | None:
    """Return the person and the entries that a link is about; nothing where it is forged or too old."""
    try:
        person, entries = signing.loads(token, salt=_SALT, max_age=_LINK_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return person, entries
