"""What a campaign may be: rows under one that leads them, in its thread, and that stands under none itself."""

from plenara.archive.bundle import CONTRIBUTIONS
from plenara.archive.bundle.checking.contributions import REJECTED, Seen
from plenara.archive.bundle.faults import Faults


def check(seen: dict[str, Seen], faults: Faults) -> None:
    """Note every row that stands under nothing, under itself, in another thread, or under one that stands under one."""
    for name, one in seen.items():
        if one.campaign is None:
            continue
        lead = seen.get(one.campaign)
        if lead is None:
            message = f"is {one.campaign!r}, which no row of this file is"
        elif one.campaign == name:
            message = "is the contribution itself"
        elif lead.thread != one.thread:
            message = f"is {one.campaign!r} in thread {lead.thread}, but this one is in thread {one.thread}"
        elif lead.campaign is not None:
            message = f"is {one.campaign!r}, which stands under another itself"
        elif lead.status == REJECTED:
            message = f"is {one.campaign!r}, which was never published"
        else:
            continue
        faults.add(message, CONTRIBUTIONS, one.line, "campaign")
