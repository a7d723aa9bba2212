"""Time zones as readers choose and read them: which ones a page knows, and what a place is called."""

import functools

from plenara.consultations.moments import zone_names
from plenara.consultations.shown import city

#: What a reader without a script chooses from: about one place for each rule that many people live by.
OFFERED = (
    "UTC", "Africa/Abidjan", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos",
    "Africa/Nairobi", "Africa/Tunis", "America/Bogota", "America/Chicago", "America/Denver", "America/Halifax",
    "America/Los_Angeles", "America/Mexico_City", "America/New_York", "America/Santiago", "America/Sao_Paulo",
    "Asia/Baghdad", "Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai", "Asia/Jakarta", "Asia/Karachi", "Asia/Kathmandu",
    "Asia/Kolkata", "Asia/Manila", "Asia/Seoul", "Asia/Shanghai", "Asia/Tehran", "Asia/Tokyo", "Asia/Yangon",
    "Australia/Adelaide", "Australia/Perth", "Australia/Sydney", "Europe/Istanbul", "Europe/London", "Europe/Moscow",
    "Europe/Paris", "Pacific/Apia", "Pacific/Auckland", "Pacific/Honolulu",
)  # fmt: skip

_REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(["UTC", *(name for name in zone_names() if name.partition("/")[0] in _REGIONS and "/" in name)])


def readers(name: str) -> str:
    """Return the zone that an address asks for, or nothing where it is none that pages know.

    Only names of places on the IANA list are taken: so there are no more forms of a page than there are places.
    """
    return name if name in _known() else ""


def offered(chosen: str) -> list[tuple[str, str]]:
    """Return the zones of a form with the names of their places, by name; the chosen one among them."""
    names = {*OFFERED[1:], chosen} - {"", "UTC"}
    return [("UTC", "UTC"), *sorted(((each, city(each)) for each in names), key=lambda each: each[1])]
