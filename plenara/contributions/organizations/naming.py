"""Whether a byline names an organization of the directory: any of its names, its acronym, or both."""

from collections.abc import Iterable
from typing import Any

from plenara.core.vocabulary import Capacity
from plenara.directory.duplicates import bare
from plenara.directory.models import Listing


def is_named(byline: Any, organization: Listing) -> bool:
    """Say whether a byline, in the capacity of an organization, names this one; marks, spaces and case aside."""
    if byline is None or byline.capacity != Capacity.ORGANIZATION or not byline.organization:
        return False
    return bare(byline.organization) in set(_names(organization))


def _names(organization: Listing) -> Iterable[str]:
    acronym = bare(str(organization.details.get("acronym", "")))
    if acronym:
        yield acronym
    for name in organization.details.get("name", {}).values():
        yield bare(name)
        if acronym:
            yield bare(name) + acronym
            yield acronym + bare(name)
