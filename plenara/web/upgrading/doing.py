"""The upgrade as a whole: a backup, the steps, the checks; kept where all succeeded, and otherwise as it was before."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from plenara.core import clock
from plenara.web import check, running, starting
from plenara.web.backup import back_up, documents, total
from plenara.web.static_files import collect
from plenara.web.terminal import Bar, Failed
from plenara.web.upgrading import beside, in_one, marks, steps

#: The share of the database's size that its rows have in a backup, at most: they are written down and compressed.
OF_ROWS = 0.5
#: Bytes that stay free besides.
SPARE = 20_000_000


@dataclass(frozen=True)
class Done:
    """What came of an upgrade."""

    steps: int
    backup: Path | None
    interrupted: marks.Mark | None


def default_backup() -> Path:
    """Return where the backup goes unless the operator says otherwise."""
    return Path(settings.DATA) / "backups" / f"before-upgrade-{clock.now():%Y-%m-%dT%H%M%S}.tar.gz"


def upgrade(backup: Path | None = None, tell: Callable[[str], None] = lambda _line: None) -> Done:
    """Bring the database to this version; return what was done. After a `Failed` everything is as it was before."""
    with running.alone(), starting.alone():
        interrupted = _clear_up()
        state = starting.fitness()
        if state in {starting.Fitness.EMPTY, starting.Fitness.AHEAD}:
            starting.require_migrated()
        if state is starting.Fitness.CURRENT:
            return Done(0, None, interrupted)
        path = backup or default_backup()
        require_room(path)
        marks.put(path)
        try:
            count = _upgrade(path, tell)
        finally:
            marks.remove()  # not where we are killed
        return Done(count, path, interrupted)


def _clear_up() -> marks.Mark | None:
    """Take away what an interrupted upgrade left, and return its mark. The database needs no mending."""
    mark = marks.found()
    if mark:
        marks.clear_after(mark)
    if connection.vendor == "sqlite":
        beside.clear()
    return mark


def _upgrade(path: Path, tell: Callable[[str], None]) -> int:
    kept = ""
    try:
        with _kept_if_whole():
            plan = steps.to_take()
            steps.require_possible(plan)
            _back_up(path, tell)
            kept = f" The backup is {path}."
            collect()  # now, since it can fail; whichever version starts next gathers its own where they differ
            tell("Gathered the static files.")
            steps.take(lambda name: tell(f"Migrating {name} ..."))
            if wrong := list(faults()):
                raise Failed(f"The checks afterwards found: {wrong[0]}")
            tell("Checked.")
    except (KeyboardInterrupt, Exception) as error:
        raise Failed(f"{_why(error)} Everything is as it was before.{kept}") from error
    return len(plan)


def _why(error: BaseException) -> str:
    """Return a sentence that says what went wrong."""
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted."
    said = str(error) if isinstance(error, (Failed, steps.StepFailed)) else steps.in_words(error)
    return said if said.endswith(".") else f"{said}."


@contextlib.contextmanager
def _kept_if_whole() -> Iterator[None]:
    if connection.vendor == "sqlite":
        bar = Bar("Copying the database", 1)
        try:
            with beside.kept_if_whole(bar.at):
                bar.end()
                yield
        finally:
            bar.end()
    else:
        with in_one.kept_if_whole():
            yield


def _back_up(path: Path, tell: Callable[[str], None]) -> None:
    apps = steps.apps_before()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Bar("Backing up", total(apps)) as step:
        size = back_up(path, step, apps=apps)
    tell(f"Backed up to {path}: {size:,} bytes.")


def faults() -> Iterator[str]:
    """Yield what must not be wrong with a database that is served from now on.

    What was wrong before, such as a mail server that is away, and what a worker puts right by itself, such as an index
    that is behind, is told by `plenara check` and keeps nobody from a new version.
    """
    if starting.fitness() is not starting.Fitness.CURRENT:
        yield "the database is not the one that this version needs."
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            if (said := cursor.fetchone()[0]) != "ok":
                yield f"the database is damaged ({said})."
    for finding in check.of_record():
        if finding.is_wrong:
            yield f"{finding.subject} {finding.sentence}"


def require_room(backup: Path) -> None:
    """Raise `Failed` where the disk has no room for the backup and, with SQLite, for the copy that is worked on."""
    size = database_size()
    needs = {_folder(backup): int(size * OF_ROWS) + sum(bytes_ for _name, bytes_ in documents()) + SPARE}
    if connection.vendor == "sqlite":
        data = beside.database().parent
        needs[data] = needs.get(data, 0) + size * beside.TIMES
    by_disk: dict[int, tuple[Path, int]] = {}
    for folder, bytes_ in needs.items():
        disk = folder.stat().st_dev
        by_disk[disk] = (folder, by_disk.get(disk, (folder, 0))[1] + bytes_)
    for folder, bytes_ in by_disk.values():
        free = shutil.disk_usage(folder).free
        if free < bytes_:
            raise Failed(
                f"{folder} has {free // 1_000_000:,} MB free, and the upgrade needs {bytes_ // 1_000_000 + 1:,} MB "
                "there: make room, or let the backup go elsewhere with --backup. Nothing was changed."
            )


def _folder(backup: Path) -> Path:
    """Return the nearest folder of a backup's that is there already."""
    return next(each for each in backup.absolute().parents if each.is_dir())


def database_size() -> int:
    """Return how many bytes the database has on its disk."""
    if connection.vendor == "sqlite":
        file = beside.database()
        return sum(each.stat().st_size for each in (file, file.with_name(f"{file.name}-wal")) if each.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]
