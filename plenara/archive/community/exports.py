"""The community bundle as a file to download: made by a task when calendar, directory or themes have changed.

As with a consultation's files, what only grew may be an hour behind where it is large; and from the moment at which
something may have gone from one of the three cache tags nobody is served what was made before.
"""

import datetime
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import plenara
from plenara.archive import tasks
from plenara.archive.bundle.writing import written
from plenara.archive.community import SLUG
from plenara.archive.community.exporting import export
from plenara.archive.exports.keeping import DiskFull, clear, file_of, is_full, tell
from plenara.archive.exports.scheduling import SOON, due_at, next_at
from plenara.archive.exports.standing import Made, Record, told_in
from plenara.archive.snapshot import snapshot
from plenara.consultations.community import existing
from plenara.core import clock
from plenara.core.cache_tags import withdrawn_from
from plenara.core.models import Revision
from plenara.core.store import Stored
from plenara.core.store import exports as room
from plenara.core.store.alone import alone
from plenara.core.store.sending import sha256_of
from plenara.core.transaction import writes
from plenara.directory.models import CACHE_TAG as DIRECTORY
from plenara.directory.models import Counter
from plenara.events.models import CACHE_TAG as EVENTS
from plenara.themes.models import CACHE_TAG as THEMES

NAME, MEDIA_TYPE = "bundle.zip", "application/zip"
CACHE_TAGS = (EVENTS, DIRECTORY, THEMES)
#: Of the file as this program writes it: with another, it is made anew.
FORMAT = "plenara-community-exports/1"


def is_there() -> bool:
    """Say whether anything was ever published in the calendar or the directory. One query."""
    return Counter.objects.filter(last__gt=0).exists()


def folder() -> Stored:
    """Return where the file lies."""
    return room() / SLUG


def how() -> str:
    """Return what the file depends on besides the record."""
    return json.dumps([FORMAT, plenara.__version__])


def record() -> Record:
    """Return the sums of the numbers of three cache tags: each only grows, so no two states have the same sums."""
    found = Revision.objects.filter(cache_tag__in=[*CACHE_TAGS, *map(withdrawn_from, CACHE_TAGS)]).values_list(
        "cache_tag", "number", "at"
    )
    rows = {name: (number, at) for name, number, at in found}
    none = (0, datetime.datetime.min.replace(tzinfo=datetime.UTC))
    changed_at = max(rows.get(each, none)[1] for each in CACHE_TAGS)
    return Record(
        sum(rows.get(each, none)[0] for each in CACHE_TAGS),
        sum(rows.get(withdrawn_from(each), none)[0] for each in CACHE_TAGS),
        changed_at,
    )


def made() -> Made | None:
    """Return what was made last, whatever has changed since; None where it is not whole, or another database's."""
    found = told_in(folder(), _name())
    return found if found and found.is_whole([NAME]) else None


def for_download() -> Made | None:
    """Return what may be served now; None where nothing is made, or something may have gone since."""
    found = made()
    return found if found and found.record.gone == record().gone else None


def _name() -> str:
    """Return what tells this community from one of a database that was made anew, which counts from the beginning."""
    row = existing()
    return f"{SLUG} {row.created_at.isoformat()}" if row else SLUG


def make() -> Made:
    """Make the file of the record as it is, unless it is there.

    Raises `DiskFull`, `Unwritable`, `Away` or `OSError`.
    """
    try:
        with alone(folder()), tempfile.TemporaryDirectory(prefix="part.", dir=folder().workshop()) as part:
            return _make(Path(part))
    except Exception as error:
        if is_full(error):
            raise DiskFull(f"No space is left in {folder()}.") from error
        raise


def _make(part: Path) -> Made:
    with snapshot():
        now, found, name = record(), made(), _name()
        if found and found.is_of(now, how()):
            return found
        with written(part / NAME) as target:
            export(target)
    file = file_of(part / NAME)
    (folder() / file.sha256).take(part / NAME)
    new = Made(folder(), name, how(), now, clock.now(), {NAME: file})
    tell(new)
    clear(new)
    return new


def is_due() -> bool:
    """Say whether it is time to make the file."""
    due = due_at(made(), record(), how())
    return is_there() and due is not None and due <= clock.now()


def enqueue_export() -> bool:
    """Enqueue the file where the record has changed; say whether it was enqueued. The worker asks now and then."""
    if not is_there():
        return False
    stands, now = record(), clock.now()
    due = due_at(made(), stands, how())
    if due is None:
        return False
    at_once = due <= now
    open_ones = tasks.make_community_export.pending().values_list("arguments", flat=True)
    # As with a consultation's: one that waits for the hour does not serve where something has gone meanwhile.
    if any(one.get("gone") == stands.gone and (one.get("at_once") or not at_once) for one in open_ones):
        return False
    with writes():
        tasks.make_community_export.using(
            key=f"export-{SLUG}-{stands.revision}-{stands.gone}-{now:%Y%m%d%H%M%S}", run_after=due
        ).enqueue(gone=stands.gone, at_once=at_once)
    return True


def expected_at() -> datetime.datetime:
    """Return when a file that may be served can be expected, where there is none. One query."""
    queued = tasks.make_community_export.pending().filter(arguments__at_once=True)
    due = queued.order_by("due_at").values_list("due_at", flat=True).first()
    return max(due or clock.now(), clock.now()) + SOON


def faults() -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with what was made. The file is read."""
    if not is_there():
        return
    found, stands, late = told_in(folder(), _name()), record(), clock.now() - datetime.timedelta(minutes=15)
    if found is None or found.record.gone != stands.gone:
        if stands.changed_at < late:
            yield f"{SLUG}: no file is made that may be served, though the record stands since {stands.changed_at}."
        return
    try:
        is_right = sha256_of(found.path(NAME)) == found.files[NAME].sha256
    except OSError as error:
        yield f"{SLUG}: {NAME} cannot be read ({error.strerror}); it is made anew within minutes."
        return
    if not is_right:
        yield f"{SLUG}: {NAME} is damaged: delete the folder {found.folder}, and it is made anew."
    elif not found.is_of(stands, how()) and max(next_at(found), stands.changed_at) < late:
        yield f"{SLUG}: {NAME} was not made anew though the record changed."
