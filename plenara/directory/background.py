"""The letters of the directory: receipts, the link that verifies, the question of each year."""

from contextlib import suppress
from typing import Any

from django.conf import settings

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.tasks import Abort
from plenara.directory import telling, yearly
from plenara.directory.actions import deciding
from plenara.directory.models import Listing, ListingVersion, Proof
from plenara.mail import letters


def receipt(version_id: int) -> None:
    """Send who proposed or changed an entry a receipt."""
    version = ListingVersion.objects.select_related("listing__owner").filter(pk=version_id).first()
    if version is None or version.listing.owner is None or not version.details:
        return  # erased meanwhile
    listing = version.listing
    _send(
        listing.owner,
        "receipt",
        key=f"listing-receipt-{version_id}",
        name=telling.title_of(listing.of, version.details, version.language),
        version=version,
        is_first=version.number == 1,
        path=f"my/listings/{listing.pk}/",
    )


def carry_out(listing_id: int, actor_id: int, what: str, other: int) -> None:
    """Do what a moderator decided half a minute ago."""
    deciding.carry_out(listing_id=listing_id, actor_id=actor_id, what=what, other=other)


def send_proof(proof_id: int, token: str, address: str) -> None:
    """Send the link that verifies an organization to an address of its domain. Nothing in it was typed by who asked."""
    proof = Proof.objects.select_related("organization", "asked_by").filter(pk=proof_id).first()
    if proof is None or proof.used_at or proof.expires_at <= clock.now() or proof.organization.number is None:
        return
    language = proof.asked_by.language
    # That there is no such mailbox is no failure: nobody is told, and the task must not keep the address.
    with suppress(Abort):
        letters.send(
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


def ask_owners(day: str, part: int = 1) -> None:
    """Look which entries nobody has confirmed for a year, for a month since, for three more; a part at a time."""
    yearly.look(day, part)


def ask_owner(person_id: int, listing_ids: list[int], day: str) -> None:
    """Ask somebody whether their entries still hold: one letter for all of them."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    found = Listing.objects.filter(pk__in=listing_ids, owner=person_id, asked_at__isnull=False).order_by("of", "pk")
    entries = [each for each in found if each.is_published and each.merged_into_id is None]
    if person is None or not entries:
        return
    _send(
        person,
        "yearly",
        key=f"yearly-{person_id}-{day}",
        entries=[telling.title(each, person.language) for each in entries],
        path=f"directory/confirm/{yearly.token_of(person, entries)}/",
    )


def _send(person: Any, template: str, *, key: str, **context: Any) -> None:
    letters.send(to=person, template=f"directory/mail/{template}", context=context, key=key)
