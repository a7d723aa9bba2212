"""Finding the entries that may be of the same thing: by keys first, from an index, then one by one."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count

from plenara.directory.duplicates.folding import OWN, tokens
from plenara.directory.duplicates.likeness import (
    LIKELY,
    SHARED_HOSTS,
    bare,
    initials,
    likeness,
    names_of,
)
from plenara.directory.identifiers import host_of
from plenara.directory.models import Kind, Listing, NameKey

#: Keys of one entry; entries that are looked at one by one; entries that are offered.
MOST_KEYS, MOST_LOOKED_AT, MOST_OFFERED = 120, 40, 5
#: Words of one name of which pairs are made.
MOST_PAIRED = 7


@dataclass(frozen=True)
class Duplicate:
    """A published entry that may be of the same thing, and how likely it is."""

    listing: Listing
    likeness: float


def keys_of(kind: str, details: Mapping[str, Any]) -> list[str]:
    """Return by what an entry is found: identifiers, host, acronyms, names, their words, and pairs of these."""
    return list(dict.fromkeys(_keys(kind, details)))[:MOST_KEYS]


def _keys(kind: str, details: Mapping[str, Any]) -> Iterator[str]:
    for identifier in ("ror", "orcid"):
        if details.get(identifier):
            yield f"i:{details[identifier]}"
    host = host_of(str(details.get("site") or details.get("link") or ""))
    if host and host not in SHARED_HOSTS:
        yield f"h:{host}"[:80]
    if acronym := bare(str(details.get("acronym") or "")):
        yield f"a:{acronym}"[:80]
    names = names_of(kind, details)
    for name in names:
        yield name_key(name)
        yield f"a:{initials(name) or bare(name)}"[:80]
        yield f"a:{bare(name)}"[:80]
    for name in names:
        found = tokens(name, is_person=kind == Kind.PERSON)
        parts = [each.skeleton or each.key for each in found]
        # What very many bear finds nobody by itself, but two of them together do.
        yield from (f"w:{each.skeleton}"[:80] for each in found if each.weight == OWN)
        yield from (f"w:{each.key}"[:80] for each in found if each.weight == OWN and each.key.isascii())
        yield from (f"p:{a} {b}"[:80] for a, b in combinations(sorted(parts[:MOST_PAIRED]), 2))


def name_key(name: str) -> str:
    """Return the key that a very name has: the same with other marks, spaces and accents."""
    return f"n:{hashlib.sha256(bare(name).encode()).hexdigest()[:24]}"


def keep_all(listings: Iterable[Listing], *, are_new: bool = False) -> None:
    """Let listings be found by their names as they are now; what is not published, or merged, is found by none.

    Three queries for some hundred; one where `are_new` says that they have no keys yet.
    """
    rows = {each.pk: each for each in listings}
    wanted = {(pk, key) for pk, each in rows.items() if _stands(each) for key in keys_of(each.of, each.details)}
    if not are_new:
        found = NameKey.objects.filter(listing__in=rows).values_list("pk", "listing_id", "key")
        there = {(listing, key): pk for pk, listing, key in found}
        over = [pk for pair, pk in there.items() if pair not in wanted]
        if over:
            NameKey.objects.filter(pk__in=over).delete()
        wanted -= there.keys()
    NameKey.objects.bulk_create(
        (NameKey(listing_id=pk, of=rows[pk].of, key=key) for pk, key in sorted(wanted)), batch_size=1000
    )


def _stands(listing: Listing) -> bool:
    return listing.is_published and listing.merged_into_id is None


def likely(kind: str, details: Mapping[str, Any], *, besides: int | None = None) -> list[Duplicate]:
    """Return the published entries that may be of the same thing, the likeliest first. Two queries, whatever the size.

    `besides` is the row of the entry itself, which is no duplicate of its own.
    """
    rows = candidates(kind, details, besides=besides)
    scored = [Duplicate(row, likeness(kind, details, row.details)) for row in rows]
    likeliest = [each for each in scored if each.likeness >= LIKELY]
    return sorted(likeliest, key=lambda each: (-each.likeness, each.listing.number or 0))[:MOST_OFFERED]


def candidates(kind: str, details: Mapping[str, Any], *, besides: int | None = None) -> list[Listing]:
    """Return the published entries that share most keys with these details, to be looked at one by one. Two queries."""
    keys = keys_of(kind, details)
    if not keys:
        return []
    found = NameKey.objects.filter(of=kind, key__in=keys)
    if besides:
        found = found.exclude(listing=besides)
    shared = found.values("listing").annotate(count=Count("pk")).order_by("-count", "listing")[:MOST_LOOKED_AT]
    return list(Listing.objects.in_bulk([each["listing"] for each in shared]).values())
