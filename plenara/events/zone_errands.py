"""The day's look at whether the rules of a time zone have changed."""

import zoneinfo

from plenara.common import clock
from plenara.events import reckoning
from plenara.ledger.actions import owe
from plenara.ledger.errands import errand


def owe_reckoning() -> None:
    """Owe the day's look, once."""
    owe("events.reckon_zones", key=f"events-reckon-zones-{clock.now():%Y-%m-%d}")


@errand("events.reckon_zones")
def reckon_zones() -> None:
    """Reckon the dates of each zone anew whose rules are no longer those that they were reckoned by."""
    zoneinfo.ZoneInfo.clear_cache()  # what this process has read of a zone is from before the update
    for name in reckoning.changed_zones():
        reckoning.reckon_anew(name)
