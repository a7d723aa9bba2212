"""The background task of this package that has the name of an action."""

from plenara.core.refusals import NotPermitted
from plenara.core.tasks import Abort, task


@task
def decide_campaign(
    *, campaign_id: int, decision_id: int, items: list[int] | None = None, until: int = 0, after: int = 0
) -> None:
    """Decide on the next items of a campaign as on the first, unless its moderator may not any more."""
    from plenara.moderation.actions import campaigns

    try:
        campaigns.go_on(campaign_id=campaign_id, decision_id=decision_id, items=items, until=until, after=after)
    except NotPermitted as refused:
        raise Abort from refused
