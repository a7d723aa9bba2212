"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.refusals import NotPermitted
from plenara.core.tasks import Abort, task


@task
def remind() -> None:
    """Enqueue the letters that are due: about what has come to wait too long, and the day's or week's digests."""
    from plenara.moderation import emails

    emails.remind()


@task
def send_late(*, person_id: int, consultation_id: int) -> None:
    """Tell a moderator that something waits longer than half of what is promised, unless it was decided meanwhile."""
    from plenara.moderation import emails

    emails.send_late(person_id=person_id, consultation_id=consultation_id)


@task
def send_digest(*, person_id: int) -> None:
    """Tell a moderator what waits in each of their consultations."""
    from plenara.moderation import emails

    emails.send_digest(person_id=person_id)


@task
def publish_moved(*, decision_id: int) -> None:
    """Publish what was moved, once the move can no longer be undone."""
    from plenara.moderation.actions import decisions

    decisions.publish_decided(decision_id)


@task
def publish_approved(*, decision_id: int) -> None:
    """Publish what was approved, once the approval can no longer be undone."""
    from plenara.moderation.actions import decisions

    decisions.publish_decided(decision_id)


@task
def look(*, of: str, version_id: int) -> None:
    """Look at a version, of this kind of publishable, for what a moderator may want to know of it."""
    from plenara.moderation.actions import suggestions

    suggestions.look(of, version_id)


@task
def learn(*, of: str, consultation_id: int, after: int = 0) -> None:
    """Let what came by an import be found as the same as what comes now, some hundred texts at a time."""
    from plenara.moderation.actions import suggestions

    suggestions.learn(of, consultation_id, after)


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


@task
def notify_author(*, decision_id: int) -> None:
    """Tell the author what was decided, why, and what can be done next, in their language."""
    from plenara.moderation import emails

    emails.notify_author(decision_id=decision_id)


@task
def ask_redaction(*, redaction_id: int) -> None:
    """Ask an author about words to leave out, in their language; nothing where it was answered or decided already."""
    from plenara.moderation import emails

    emails.ask_redaction(redaction_id=redaction_id)


@task
def notify_of_appeal(*, appeal_id: int) -> None:
    """Tell the author what became of an appeal and why, in their language."""
    from plenara.moderation import emails

    emails.notify_of_appeal(appeal_id=appeal_id)


@task
def ask_reporter(*, report_id: int, token: str) -> None:
    """Ask an address whether it is its reader's own: the link opens a page, the page has a button."""
    from plenara.moderation import emails

    emails.ask_reporter(report_id=report_id, token=token)


@task
def notify_reporter(*, report_id: int) -> None:
    """Tell a reader once what came of what they reported, in their language; then forget the address."""
    from plenara.moderation import emails

    emails.notify_reporter(report_id=report_id)
