"""The upgrade as a whole: a mark that one is under way, a backup, the steps, the checks; kept where all succeeded,
otherwise as it was before.
"""

import contextlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from plenara.core import clock
from plenara.operations import health, startup
from plenara.operations.actions import migration
from plenara.operations.actions.backup import back_up, documents, total
from plenara.operations.static_files import collect
from plenara.operations.terminal import Bar, Failed

MARK_NAME = "upgrade.json"


@dataclass(frozen=True)
class Mark:
    """When an upgrade began, and the backup that it makes."""

    began_at: str
    backup: str


def mark_path() -> Path:
    """Return where the mark lies."""
    return Path(settings.DATA) / MARK_NAME


def put_mark(backup: Path) -> None:
    """Write down that an upgrade begins now."""
    mark = Mark(f"{clock.now():%Y-%m-%d %H:%M} UTC", str(backup))
    part = mark_path().with_name(f"{MARK_NAME}.{secrets.token_hex(4)}")
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(mark)))
    part.replace(mark_path())


def found_mark() -> Mark | None:
    """Return the mark of an upgrade that was interrupted, where there is one."""
    try:
        return Mark(**json.loads(mark_path().read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        return Mark("", "")  # the power went while it was written: it says that much


def remove_mark() -> None:
    """Take the mark away: the upgrade has ended, one way or the other."""
    mark_path().unlink(missing_ok=True)


def clear_after(mark: Mark) -> None:
    """Take away the mark of an interrupted upgrade, and the part of a backup that it left."""
    if mark.backup:
        backup = Path(mark.backup)
        for part in backup.parent.glob(f".{backup.name}.*.part"):
            part.unlink(missing_ok=True)
    for part in mark_path().parent.glob(f"{MARK_NAME}.*"):
        part.unlink(missing_ok=True)
    remove_mark()


#: The share of the database's size that its rows have in a backup, at most: they are written down and compressed.
OF_ROWS = 0.5
#: Bytes that stay free besides.
SPARE = 20_000_000


@dataclass(frozen=True)
class Done:
    """What came of an upgrade."""

    steps: int
    backup: Path | None
    interrupted: Mark | None


def default_backup() -> Path:
    """Return where the backup goes unless the operator says otherwise."""
    return Path(settings.DATA) / "backups" / f"before-upgrade-{clock.now():%Y-%m-%dT%H%M%S}.tar.gz"


def upgrade(backup: Path | None = None, report: Callable[[str], None] = lambda _line: None) -> Done:
    """Bring the database to this version; return what was done. After a `Failed` everything is as it was before."""
    with startup.alone_on_machine(), startup.alone():
        interrupted = _clear_up()
        state = startup.fitness()
        if state in {startup.Fitness.EMPTY, startup.Fitness.AHEAD}:
            startup.require_migrated()
        if state is startup.Fitness.CURRENT:
            return Done(0, None, interrupted)
        path = backup or default_backup()
        require_room(path)
        put_mark(path)
        try:
            count = _upgrade(path, report)
        finally:
            remove_mark()  # not where we are killed
        return Done(count, path, interrupted)


def _clear_up() -> Mark | None:
    """Take away what an interrupted upgrade left, and return its mark. The database needs no mending."""
    mark = found_mark()
    if mark:
        clear_after(mark)
    if connection.vendor == "sqlite":
        migration.clear_copies()
    return mark


def _upgrade(path: Path, report: Callable[[str], None]) -> int:
    kept = ""
    try:
        with _all_or_nothing():
            plan = migration.steps_to_take()
            migration.require_possible(plan)
            _back_up(path, report)
            kept = f" The backup is {path}."
            collect()  # now, since it can fail; whichever version starts next gathers its own where they differ
            report("Gathered the static files.")
            migration.take_steps(lambda name: report(f"Migrating {name} ..."))
            if wrong := list(errors()):
                raise Failed(f"The checks afterwards found: {wrong[0]}")
            report("Checked.")
    except (KeyboardInterrupt, Exception) as error:
        raise Failed(f"{_why(error)} Everything is as it was before.{kept}") from error
    return len(plan)


def _why(error: BaseException) -> str:
    """Return a sentence that says what went wrong."""
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted."
    said = str(error) if isinstance(error, (Failed, migration.StepFailed)) else migration.steps_in_words(error)
    return said if said.endswith(".") else f"{said}."


@contextlib.contextmanager
def _all_or_nothing() -> Iterator[None]:
    if connection.vendor == "sqlite":
        bar = Bar("Copying the database", 1)
        try:
            with migration.all_in_a_copy(bar.at):
                bar.end()
                yield
        finally:
            bar.end()
    else:
        with migration.all_in_a_transaction():
            yield


def _back_up(path: Path, report: Callable[[str], None]) -> None:
    apps = migration.apps_before()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Bar("Backing up", total(apps)) as step:
        size = back_up(path, step, apps=apps)
    report(f"Backed up to {path}: {size:,} bytes.")


def errors() -> Iterator[str]:
    """Yield what must not be wrong with a database that is served from now on.

    What was wrong before, such as a mail server that is away, and what a worker puts right by itself, such as an index
    that is behind, is told by `plenara check` and keeps nobody from a new version.
    """
    if startup.fitness() is not startup.Fitness.CURRENT:
        yield "the database is not the one that this version needs."
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            if (said := cursor.fetchone()[0]) != "ok":
                yield f"the database is damaged ({said})."
    for finding in health.of_record():
        if finding.is_wrong:
            yield f"{finding.subject} {finding.sentence}"


def require_room(backup: Path) -> None:
    """Raise `Failed` where the disk has no room for the backup and, with SQLite, for the copy that is worked on."""
    size = database_size()
    needs = {_folder(backup): int(size * OF_ROWS) + sum(bytes_ for _name, bytes_ in documents()) + SPARE}
    if connection.vendor == "sqlite":
        data = migration.database_file().parent
        needs[data] = needs.get(data, 0) + size * migration.TIMES
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
        file = migration.database_file()
        return sum(each.stat().st_size for each in (file, file.with_name(f"{file.name}-wal")) if each.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]
