"""E-mails of the directory: receipts, the link that verifies, and the yearly request to confirm entries."""

import datetime
from contextlib import suppress

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet

from plenara.accounts.models import Person
from plenara.core import audit, clock
from plenara.core.life_cycle import State
from plenara.core.tasks import Abort
from plenara.core.transaction import writing
from plenara.directory import actions, tasks
from plenara.directory.models import Listing, ListingVersion, Proof
from plenara.directory.presenters import wording
from plenara.email import delivery

#: Time until an owner is asked to confirm an entry; entries of theirs that are nearly due are included.
YEAR, NEARLY = datetime.timedelta(days=365), datetime.timedelta(days=335)
#: Time to answer until an entry is marked, and time that a marked one stays in the lists.
MONTH, QUARTER = datetime.timedelta(days=30), datetime.timedelta(days=90)
#: Entries that one task handles.
BATCH = 200
_SALT, _LINK_LIFE = "plenara.directory.confirm", 200 * 24 * 3600


@writing
def enqueue_yearly_review() -> None:
    """Enqueue the daily check of what is due. Several workers enqueue the same one."""
    day = f"{clock.now():%Y-%m-%d}"
    tasks.ask_owners.using(key=f"ask-owners-{day}-1").enqueue(day=day)


def review_due(day: str, part: int = 1) -> None:
    """Ask, mark and archive what is due, some of each; enqueue the next part if there may be more."""
    done = _ask_due_owners(day), _mark_due(), _archive_due()
    if max(done) >= BATCH:
        _enqueue_next(day, part + 1)


@writing
def _enqueue_next(day: str, part: int) -> None:
    tasks.ask_owners.using(key=f"ask-owners-{day}-{part}").enqueue(day=day, part=part)


def _listed() -> QuerySet[Listing]:
    return Listing.objects.filter(state=State.PUBLISHED, merged_into=None, archived_at=None)


@writing
def _ask_due_owners(day: str) -> int:
    now = clock.now()
    due = _listed().filter(confirmed_at__lt=now - YEAR, asked_at=None).order_by("confirmed_at", "pk")
    found = list(due.values_list("pk", "owner")[:BATCH])
    owners = {owner for _pk, owner in found if owner}
    theirs: dict[int, list[int]] = {}
    nearly = _listed().filter(owner__in=owners, confirmed_at__lt=now - NEARLY, asked_at=None).order_by("pk")
    for pk, owner in nearly.values_list("pk", "owner"):
        theirs.setdefault(owner, []).append(pk)
    ids = {pk for pk, _owner in found} | {pk for pks in theirs.values() for pk in pks}
    # An entry without an owner is not asked about; it is marked when it is due.
    Listing.objects.filter(pk__in=ids).update(asked_at=now)
    audit.log_all("listing.asked", actor=None, about=[(each, {}) for each in Listing.objects.filter(pk__in=ids)])
    for owner, pks in theirs.items():
        tasks.ask_owner.using(key=f"ask-owner-{owner}-{day}-{pks[0]}").enqueue(
            person_id=owner, listing_ids=pks, day=f"{day}-{pks[0]}"
        )
    return len(found)


def _mark_due() -> int:
    due = _listed().filter(asked_at__lt=clock.now() - MONTH, doubted_at=None).order_by("asked_at", "pk")[:BATCH]
    return len([actions.doubt(each) for each in list(due)])


def _archive_due() -> int:
    due = _listed().filter(doubted_at__lt=clock.now() - QUARTER).order_by("doubted_at", "pk")[:BATCH]
    return len([actions.archive(each) for each in list(due)])


def confirmation_token(person: Person, entries: list[Listing]) -> str:
    """Return the token in the e-mail's link: whose entries, and which. It can only confirm them."""
    return signing.dumps([person.pk, [each.pk for each in entries]], salt=_SALT, compress=True)


def read_confirmation_token(token: str) -> tuple[int, list[int]] | None:
    """Return the person and the entries of a token; nothing where it is forged or too old."""
    try:
        person, entries = signing.loads(token, salt=_SALT, max_age=_LINK_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return person, entries


def receipt(version_id: int) -> None:
    """Send the person who proposed or changed an entry a receipt."""
    version = ListingVersion.objects.select_related("listing__owner").filter(pk=version_id).first()
    if version is None or (owner := version.listing.owner) is None or not version.details:
        return  # erased in the meantime
    listing = version.listing
    _send(
        owner,
        "receipt",
        key=f"listing-receipt-{version_id}",
        name=wording.title_of(listing.of, version.details, version.language),
        version=version,
        is_first=version.number == 1,
        path=f"my/listings/{listing.pk}/",
    )


def send_proof(proof_id: int, token: str, address: str) -> None:
    """Send the link that verifies an organization to an address of its domain. It contains no typed text."""
    proof = Proof.objects.select_related("organization", "asked_by").filter(pk=proof_id).first()
    if proof is None or proof.used_at or proof.expires_at <= clock.now() or proof.organization.number is None:
        return
    language = proof.asked_by.language
    # An unknown mailbox is no failure: nobody is notified, and the task must not store the address.
    with suppress(Abort):
        delivery.send(
            to=address,
            language=language,
            template="directory/mail/proof",
            context={
                "domain": proof.domain,
                "entry": f"{settings.SITE_URL}/{language}/organizations/{proof.organization.number}/",
                "link": f"{settings.SITE_URL}/{language}/organizations/verify/{token}/",
                "until": proof.expires_at,
            },
            key=f"proof-{proof_id}",
        )


def ask_owner(person_id: int, listing_ids: list[int], day: str) -> None:
    """Ask a person to confirm their entries: one e-mail for all of them."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    found = Listing.objects.filter(pk__in=listing_ids, owner=person_id, asked_at__isnull=False).order_by("of", "pk")
    entries = [each for each in found if each.is_published and each.merged_into_id is None]
    if person is None or not entries:
        return
    _send(
        person,
        "yearly",
        key=f"yearly-{person_id}-{day}",
        entries=[wording.title(each, person.language) for each in entries],
        path=f"directory/confirm/{confirmation_token(person, entries)}/",
    )


def _send(person: Person, template: str, *, key: str, **context: object) -> None:
    delivery.send(to=person, template=f"directory/mail/{template}", context=context, key=key)
