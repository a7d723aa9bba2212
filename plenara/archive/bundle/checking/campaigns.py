"""What a campaign may be: rows under one that leads them, in its thread, and that stands under none itself."""

from plenara.archive.bundle import CONTRIBUTIONS
from plenara.archive.bundle.checking.seen import REJECTED, Rows
from plenara.archive.bundle.faults import Faults


def check(seen: Rows, faults: Faults) -> None:
    """Note every row that stands under nothing, under itself, in another thread, or under one that stands under one."""
    for name, line, thread, campaign, found, its_thread, its_campaign, status in seen.ask(
        "SELECT s.name, s.line, s.thread, s.campaign, p.position, p.thread, p.campaign, p.status"
        " FROM seen s LEFT JOIN seen p ON p.name = s.campaign WHERE s.campaign NOTNULL ORDER BY s.position"
    ):
        if found is None:
            message = f"is {campaign!r}, which no row of this file is"
        elif campaign == name:
            message = "is the contribution itself"
        elif its_thread != thread:
            message = f"is {campaign!r} in thread {its_thread}, but this one is in thread {thread}"
        elif its_campaign is not None:
            message = f"is {campaign!r}, which stands under another itself"
        elif status == REJECTED:
            message = f"is {campaign!r}, which was never published"
        else:
            continue
        faults.add(message, CONTRIBUTIONS, line, "campaign")
