"""Listings that tests propose and publish through the product's own actions."""

from itertools import count
from typing import Any

from plenara.accounts.models import Person
from plenara.consultations.community import community
from plenara.directory import actions
from plenara.directory.models import Listing
from plenara.moderation.actions import decide
from plenara.moderation.models import Code
from tests import world

_counter = count(1)

ORGANIZATION: dict[str, Any] = {
    "name": {"fr": "Réseau Sahel Numérique", "en": "Sahel Digital Network"},
    "acronym": "RSN",
    "group": "civil_society",
    "country": "ML",
    "site": "https://www.sahel-numerique.example/",
}
PERSON: dict[str, Any] = {"name": "Aminata Diallo", "country": "ML", "languages": ["fr", "bm"]}
PROJECT: dict[str, Any] = {"title": {"en": "Libraries online"}, "progress": "running", "countries": ["FJ"]}
DETAILS = {"organization": ORGANIZATION, "person": PERSON, "project": PROJECT}


def curator(name: str = "Ana Prieto", role: str = "moderator") -> Person:
    """Return a moderator of the community."""
    return world.grant(world.person(name), community(), role)


def proposed(owner: Person, kind: str = "organization", **details: Any) -> Listing:
    """Return a pending listing."""
    return actions.propose(actor=owner, kind=kind, details={**DETAILS[kind], **details}, language="en")


def decided(listing: Listing, moderator: Person, code: str = Code.APPROVED, **more: Any) -> Listing:
    """Decide on a listing's pending version, and return the listing."""
    version = listing.versions.get(state="pending")
    decide(actor=moderator, kind=listing.kind, pk=listing.pk, version_id=version.pk, code=code, **more)
    return Listing.objects.get(pk=listing.pk)


def published(owner: Person, moderator: Person, kind: str = "organization", **details: Any) -> Listing:
    """Return a listing that was proposed and approved."""
    return decided(proposed(owner, kind, **details), moderator)


def verified(owner: Person, moderator: Person, **details: Any) -> Listing:
    """Return a published organization that the secretariat verified."""
    listing = published(owner, moderator, **details)
    actions.verify(actor=moderator, organization=listing, note="By telephone.")
    return listing
