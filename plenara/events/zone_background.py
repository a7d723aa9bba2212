"""The day's look at whether the rules of a time zone have changed."""

import zoneinfo

from plenara.core import clock
from plenara.events import reckoning, tasks


def enqueue_reckoning() -> None:
    """Enqueue the day's look, once."""
    tasks.reckon_zones.using(key=f"events-reckon-zones-{clock.now():%Y-%m-%d}").enqueue()


def reckon_zones() -> None:
    """Reckon the dates of each zone anew whose rules are no longer those that they were reckoned by."""
    zoneinfo.ZoneInfo.clear_cache()  # what this process has read of a zone is from before the update
    for name in reckoning.changed_zones():
        reckoning.reckon_anew(name)
