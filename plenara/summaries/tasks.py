"""The background tasks of this package; those that send e-mails are in `emails.py`.

What each does is imported when it runs: it may enqueue further tasks.
"""

from plenara.core.tasks import task


@task
def make_draft(*, draft_id: int) -> None:
    """Make a draft, or its next part."""
    from plenara.summaries.drafts import actions

    actions.make_draft(draft_id=draft_id)


@task
def print_edition(*, edition_id: int, piece: int = 0) -> None:
    """Make the files of an edition in each language that it has, if it is in force still."""
    from plenara.summaries.printing.presenters.summaries import PRINTER

    PRINTER.print_edition(edition_id, piece)


@task
def print_changed(*, consultation_id: int, piece: int = 0) -> None:
    """Make anew what has changed of the files of a consultation's summaries."""
    from plenara.summaries.printing.presenters.summaries import PRINTER

    PRINTER.print_changed(consultation_id, piece)


@task
def make_pack(*, pack_id: int, piece: int = 0) -> None:
    """Make some papers of a conference pack, and bind it when all are there."""
    from plenara.summaries.printing import actions

    actions.make_pack(pack_id=pack_id, piece=piece)


@task
def keep_time() -> None:
    """Cut what is due, and enqueue the reminders."""
    from plenara.summaries.schedule import actions

    actions.cut_and_remind()


@task
def read_period(*, grouping_id: int, run: int, piece: int) -> None:
    """Read a piece of a period into vectors and enqueue the next, or the groups."""
    from plenara.summaries.groups.actions import editing

    editing.read_period(grouping_id=grouping_id, run=run, piece=piece)


@task
def group(*, grouping_id: int, run: int) -> None:
    """Make the groups of what was read. Once more where a person changed them meanwhile."""
    from plenara.summaries.groups.actions import editing

    editing.make_groups(grouping_id=grouping_id, run=run)


@task
def forget_vectors(*, edition_id: int) -> None:
    """Forget what was read of an edition whose words went, and take its sentences out of all groups."""
    from plenara.summaries.groups.actions import editing

    editing.forget_vectors(edition_id=edition_id)
