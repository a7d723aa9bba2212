"""Organizations of the directory that somebody may mean by the name that they typed in a byline."""

from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz

from plenara.accounts import known_organizations
from plenara.directory.duplicates import bare, candidates, likeness
from plenara.directory.duplicates.likeness import names_of
from plenara.directory.models import Kind, Listing
from plenara.directory.reading import name_of

#: From here on a name is nearly another: by its words, and letter by letter. And how many are offered.
NEARLY, NEARLY_SPELT, MOST = 0.6, 0.85, 3


def organizations(name: str, country: str) -> list[str]:
    """Return the names of listed organizations that are nearly this one, the likeliest first. Two queries.

    None where one has this very name or acronym: then it is known which one is meant.
    """
    details = {"name": {"": name}, "acronym": name, "country": country}
    listed = [each for each in candidates(Kind.ORGANIZATION, details) if each.is_listed]
    typed = bare(name)
    if any(typed in _names(each) for each in listed):
        return []
    scored = [(_score(typed, details, each), each) for each in listed]
    likeliest = sorted((pair for pair in scored if pair[0] >= NEARLY), key=lambda pair: (-pair[0], pair[1].pk))
    return [name_of(each).text for _how, each in likeliest[:MOST]]


def _score(typed: str, details: Mapping[str, Any], listing: Listing) -> float:
    spelt = max((fuzz.ratio(typed, each) / 100 for each in _names(listing)), default=0.0)
    return max(likeness(Kind.ORGANIZATION, details, listing.details), spelt if spelt >= NEARLY_SPELT else 0.0)


def _names(listing: Listing) -> set[str]:
    details = listing.details
    return {bare(each) for each in (*names_of(Kind.ORGANIZATION, details), str(details.get("acronym") or "")) if each}


known_organizations.found_by(organizations)
