"""The whole upgrade: a mark that it has begun, a backup, the migrations, the checks; kept if all succeeded,
otherwise undone.
"""

import contextlib
import itertools
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
    """The start of an upgrade, and its backup."""

    began_at: str
    backup: str


def mark_path() -> Path:
    """Return the path of the mark."""
    return Path(settings.DATA) / MARK_NAME


def put_mark(backup: Path) -> None:
    """Write the mark of an upgrade that begins now."""
    mark = Mark(f"{clock.now():%Y-%m-%d %H:%M} UTC", str(backup))
    part = mark_path().with_name(f"{MARK_NAME}.{secrets.token_hex(4)}")
    part.touch(mode=0o600)
    part.write_text(json.dumps(asdict(mark)))
    part.replace(mark_path())


def found_mark() -> Mark | None:
    """Return the mark of an interrupted upgrade, if there is one."""
    try:
        return Mark(**json.loads(mark_path().read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        return Mark("", "")  # a power cut while it was written: an upgrade had begun


def remove_mark() -> None:
    """Delete the mark: the upgrade has ended, with or without success."""
    mark_path().unlink(missing_ok=True)


def clear_after(mark: Mark) -> None:
    """Delete the mark of an interrupted upgrade, and its incomplete backup."""
    if mark.backup:
        backup = Path(mark.backup)
        for part in backup.parent.glob(f".{backup.name}.*.part"):
            part.unlink(missing_ok=True)
    for part in mark_path().parent.glob(f"{MARK_NAME}.*"):
        part.unlink(missing_ok=True)
    remove_mark()


#: The largest share of the database's size that its rows have in a backup: they are compressed.
OF_ROWS = 0.5
#: Bytes that must stay free.
SPARE = 20_000_000


@dataclass(frozen=True)
class Done:
    """The result of an upgrade."""

    steps: int
    backup: Path | None
    interrupted: Mark | None


def default_backup() -> Path:
    """Return the default path of the backup; another one if there is a backup of the same second."""
    name = Path(settings.DATA) / "backups" / f"before-upgrade-{clock.now():%Y-%m-%dT%H%M%S}"
    others = (f"{name}-{number}" for number in itertools.count(2))
    paths = (Path(f"{each}.tar.gz") for each in itertools.chain([name], others))
    return next(path for path in paths if not path.exists())


def upgrade(backup: Path | None = None, report: Callable[[str], None] = lambda _line: None) -> Done:
    """Upgrade the database to this version; return what was done. After a `Failed` everything is as before."""
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
            remove_mark()  # not after a kill
        return Done(count, path, interrupted)


def _clear_up() -> Mark | None:
    """Delete what an interrupted upgrade left, and return its mark. The database needs no repair."""
    mark = found_mark()
    if mark:
        clear_after(mark)
    if connection.vendor == "sqlite":
        migration.clear_copies()
    return mark


def _upgrade(path: Path, report: Callable[[str], None]) -> int:
    note = ""
    try:
        with _all_or_nothing():
            plan = migration.steps_to_take()
            migration.require_possible(plan)
            _back_up(path, report)
            note = f" The backup is {path}."
            collect()  # now, since it can fail; another version collects its own at its start
            report("Collected the static files.")
            migration.take_steps(lambda name: report(f"Migrating {name} ..."))
            if wrong := list(errors()):
                raise Failed(f"The checks after the upgrade found: {wrong[0]}")
            report("The checks found no errors.")
    except (KeyboardInterrupt, Exception) as error:
        raise Failed(f"{_why(error)} Nothing was changed.{note}") from error
    return len(plan)


def _why(error: BaseException) -> str:
    """Return a sentence about the error."""
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted."
    sentence = str(error) if isinstance(error, (Failed, migration.StepFailed)) else migration.steps_in_words(error)
    return sentence if sentence.endswith(".") else f"{sentence}."


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
    """Yield the errors that must stop an upgraded database from being served.

    Earlier errors, such as an unavailable mail server, and what a worker repairs by itself, such as an index
    that is behind, are shown by `plenara check` and do not prevent an upgrade.
    """
    if startup.fitness() is not startup.Fitness.CURRENT:
        yield "the database is not the one that this version needs."
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            if (answer := cursor.fetchone()[0]) != "ok":
                yield f"the database is damaged ({answer})."
    for finding in health.of_record():
        if finding.is_wrong:
            yield f"{finding.subject} {finding.sentence}"


def require_room(backup: Path) -> None:
    """Raise `Failed` if the disk has no room for the backup and, with SQLite, for the copy."""
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
                f"{folder} has {free // 1_000_000:,} MB free. The upgrade needs {bytes_ // 1_000_000 + 1:,} MB there. "
                "Free up space, or store the backup elsewhere with --backup. Nothing was changed."
            )


def _folder(backup: Path) -> Path:
    """Return the nearest existing folder above a backup."""
    return next(each for each in backup.absolute().parents if each.is_dir())


def database_size() -> int:
    """Return the size of the database in bytes."""
    if connection.vendor == "sqlite":
        file = migration.database_file()
        return sum(each.stat().st_size for each in (file, file.with_name(f"{file.name}-wal")) if each.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]
