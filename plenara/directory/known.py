"""What is known of an organization that is to be verified, and of the people who speak for it: facts, no judgement."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from plenara.accounts.models import Person
from plenara.core.refusals import No
from plenara.directory import verifying
from plenara.directory.duplicates.likeness import alike, names_of
from plenara.directory.identifiers import host_of
from plenara.directory.models import EntryState, Kind, Listing, Proof, Verification

#: From here on an organization that a profile names is taken for the one of the entry.
SAME_NAME = 0.8
#: Messages to its domain, and earlier verifications, that are named.
MOST = 10


@dataclass(frozen=True)
class KnownPerson:
    """What is known of somebody who keeps the entry or asked to have it verified. Never the address."""

    person: Person
    is_owner: bool
    mail_domain: str
    says: str  # "same" domain as the site's, "free" where anybody has a mailbox, or "other"
    names_it: bool  # their profile names this organization
    entries: int  # of theirs that are published


@dataclass(frozen=True)
class Known:
    """What is known of the entry and of people."""

    site: str
    domain: str
    refusal: str  # why the domain tells nothing
    proposed_at: datetime.datetime
    confirmed_at: datetime.datetime | None
    people: list[KnownPerson] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    earlier: list[Verification] = field(default_factory=list)


def known_of(organization: Listing) -> Known:
    """Return what is known of an organization. Five queries, and one for each person, of whom there are few."""
    domain = host_of(str(organization.details.get("site", "")))
    own = verifying.is_own_domain(domain)
    proofs = list(organization.proofs.select_related("asked_by").order_by("-pk")[:MOST])
    earlier = organization.verifications.exclude(ended_at=None).exclude(ended_at=F("at")).order_by("-pk")[:MOST]
    owner: Any = organization.owner
    people = {each.pk: each for each in [owner, *(proof.asked_by for proof in proofs)] if each is not None}
    return Known(
        site=str(organization.details.get("site", "")),
        domain=domain,
        refusal=str(own.sentence) if isinstance(own, No) else "",
        proposed_at=organization.proposed_at,
        confirmed_at=organization.confirmed_at,
        people=[_known(each, organization, domain) for each in list(people.values())[:MOST]],
        proofs=proofs,
        earlier=list(earlier),
    )


def _known(person: Person, organization: Listing, domain: str) -> KnownPerson:
    theirs = person.mail_domain
    if verifying.is_shared(theirs):
        says = "free"
    else:
        says = "same" if verifying.is_of(theirs, domain) else "other"
    names = names_of(Kind.ORGANIZATION, organization.details)
    return KnownPerson(
        person=person,
        is_owner=organization.owner_id == person.pk,
        mail_domain=theirs,
        says=says,
        names_it=any(alike(person.organization, name) >= SAME_NAME for name in names if person.organization),
        entries=Listing.objects.filter(owner=person, state=EntryState.PUBLISHED).count(),
    )
