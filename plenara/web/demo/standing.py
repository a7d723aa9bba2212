"""Who stands behind what in the demo's directory: verified, represented, merged, confirmed or not, disputed."""

from functools import partial
from typing import Any

from plenara.accounts.actions import accept_invitation
from plenara.contributions.models import Edition
from plenara.contributions.organizations import actions as byline
from plenara.core.models import BackgroundTask
from plenara.directory import actions as directory
from plenara.directory.models import Kind
from plenara.directory.yearly import enqueue_look
from plenara.web.demo.community import MODERATOR, Community, Row
from plenara.web.demo.story import content

FILE = "community/standing"


def stand(told: Community) -> None:
    """Add to the timeline what became of entries of the directory after they were published."""
    add, rows = told.story.timeline.add, content(FILE)
    for row in rows["verified"]:
        act = _verify if "by" in row else _prove
        add(told.at(row), f"{row['organization']} verified", partial(act, told, row))
    for row in rows["representatives"]:
        token: list[str] = []
        add(told.at(row), f"{row['person']} named", partial(_name, told, row, token))
        add(told.at(row["accepted"]), f"{row['person']} speaks", partial(_accept, told, row, token))
    for row in rows["merged"]:
        add(told.at(row), f"{row['source']} merged", partial(_merge, told, row))
    for row in rows["confirmed"]:
        add(told.at(row), f"{row['organization']} confirmed", partial(_confirm, told, row))
    for row in rows["disputes"]:
        add(told.at(row), f"{row['on']} disputed", partial(_dispute, told, row))
    for days_ago in rows["asked_days_ago"]:
        # The worker looks every day. Here it looks on those on which there is something to ask or to mark.
        add(told.at({"days_ago": days_ago, "time": "04:10"}), "yearly questions", enqueue_look)


def _organization(told: Community, row: Row, name: str = "organization") -> Any:
    return told.entry(Kind.ORGANIZATION, row[name])


def _owner(told: Community, row: Row) -> Any:
    return _organization(told, row).owner


def _verify(told: Community, row: Row) -> None:
    actor = told.story.people[row["by"]]
    directory.verify(actor=actor, organization=_organization(told, row), note=row["note"])


def _prove(told: Community, row: Row) -> None:
    """Ask for the letter, and open its link at once."""
    directory.ask_for_proof(actor=_owner(told, row), organization=_organization(told, row), mailbox=row["mailbox"])
    proof = _organization(told, row).proofs.get()
    directory.prove(token=BackgroundTask.objects.get(key=f"proof-{proof.pk}").arguments["token"])


def _name(told: Community, row: Row, token: list[str]) -> None:
    invitation = directory.name_representative(
        actor=told.story.people[row["named_by"]],
        organization=_organization(told, row),
        address=told.story.people[row["person"]].email if row["person"] in told.story.people else row["address"],
    )
    token.append(BackgroundTask.objects.get(key=f"invitation-{invitation.pk}").arguments["token"])


def _accept(told: Community, row: Row, token: list[str]) -> None:
    accept_invitation(actor=told.story.people[row["person"]], token=token[0])


def _merge(told: Community, row: Row) -> None:
    directory.merge(
        actor=told.story.people[MODERATOR],
        source=_organization(told, row, "source"),
        target=_organization(told, row, "target"),
    )


def _confirm(told: Community, row: Row) -> None:
    directory.confirm(actor=_owner(told, row), listing=_organization(told, row))


def _dispute(told: Community, row: Row) -> None:
    edition = Edition.objects.get(contribution=told.story.contributions[row["on"]], in_force=True)
    byline.dispute(
        actor=told.story.people[row["by"]],
        edition=edition,
        organization=_organization(told, row),
        text=row["text"],
        language=row["language"],
    )
