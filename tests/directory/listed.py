"""Listings in the directory for tests, in one line each: written directly, without a review."""

from itertools import count
from typing import Any

from plenara.contributions.models.record import OrganizationMark
from plenara.core import clock
from plenara.core.transaction import lock_row, writes
from plenara.directory.actions import entries
from plenara.directory.models import Kind, Listing, ListingVersion, Verification

_keys = count(1)


def organization(name: str | dict[str, str] = "Open Networks Forum", *, owner: Any = None, **more: Any) -> Listing:
    """Return a published organization."""
    return _listed(Kind.ORGANIZATION, owner, {"name": _texts(name), "group": "civil_society", **more})


def person(name: str = "Aminata Diallo", *, owner: Any = None, **more: Any) -> Listing:
    """Return a listed person."""
    return _listed(Kind.PERSON, owner, {"name": name, **more})


def project(title: str | dict[str, str] = "Village radio online", *, owner: Any = None, **more: Any) -> Listing:
    """Return a published project."""
    return _listed(Kind.PROJECT, owner, {"title": _texts(title), **more})


def revised(listing: Listing, **more: Any) -> Listing:
    """Return a listing after a revision of its details was published; `None` removes a key."""
    changed = {name: value for name, value in {**listing.details, **more}.items() if value is not None}
    with writes():
        entries.publish(_version(listing, changed), actor=None)
    return Listing.objects.get(pk=listing.pk)


def stands(listing: Listing, **fields: Any) -> Listing:
    """Return a listing after a change besides its details: archived, merged."""
    with writes():
        held = lock_row(Listing.objects.get(pk=listing.pk))
        for name, value in fields.items():
            setattr(held, name, value)
        held.save()
        entries.changed(held)
    return Listing.objects.get(pk=listing.pk)


def taken_down(listing: Listing, state: str = "removed", reason: str = "spam") -> Listing:
    """Return a listing after it was removed, or withdrawn by its owner."""
    with writes():
        entries.take_down(lock_row(listing), state, reason=reason)
    return Listing.objects.get(pk=listing.pk)


def _texts(name: str | dict[str, str]) -> dict[str, str]:
    return name if isinstance(name, dict) else {"en": name}


def _listed(of: str, owner: Any, details: dict[str, Any]) -> Listing:
    with writes():
        made = Listing.objects.create(of=of, owner=owner, key=f"listing-{next(_keys)}")
        given = {name: value for name, value in details.items() if value is not None}
        entries.publish(_version(made, given), actor=None)
    return Listing.objects.get(pk=made.pk)


def _version(listing: Listing, details: dict[str, Any]) -> ListingVersion:
    return listing.versions.create(number=listing.versions.count() + 1, details=details, language="en")


def of_every_kind(edition: Any) -> dict[str, Any]:
    """Return numbers of entries with all that one can have, of one in another script, of one that is gone."""
    first = organization(
        {"fr": "Réseau Sahel Numérique", "ar": "شبكة الساحل الرقمية", "zh": "萨赫勒数字网络"},
        acronym="RSN",
        country="ML",
        site="https://sahel.example/a-rather-long-address-of-a-page",
        ror="05a28rw58",
        themes=["C2"],
        description={"fr": "Nous relions *des villages*.", "ar": "نربط القرى."},
    )
    proof = Verification.objects.create(organization=first, method="mail", domain="sahel.example")
    OrganizationMark.objects.create(edition=edition, organization=first, verification=proof)
    doubted = organization({"ru": "Институт открытых сетей", "es": "Ñandú"}, group="government")
    stands(doubted, confirmed_at=clock.now(), doubted_at=clock.now())
    one = person(
        "سمير حداد", affiliation=first.number, group="civil_society", country="LB", languages=["ar", "fr"],
        orcid="0000-0002-1825-0097", site="https://samir.example/", about={"ar": "مهندس", "en": "An engineer."},
    )  # fmt: skip
    two = project(
        {"en": "Village radio online"}, organizations=[first.number, doubted.number], countries=["ML", "SN"],
        progress="running", starts="2025-03", ends="2027", themes=["C2"], description={"en": "Radio."},
        link="https://radio.example/", results={"en": "Twelve villages."}, results_link="https://radio.example/r",
    )  # fmt: skip
    return {
        "listed_organization": first.number,
        "doubted_organization": doubted.number,
        "gone_organization": taken_down(organization("Gone")).number,
        "listed_person": one.number,
        "listed_project": two.number,
    }
