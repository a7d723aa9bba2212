"""Errors in the files of records, compared with the record: for `plenara check`."""

import datetime
from collections.abc import Iterator

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.store.downloads import sha256_of
from plenara.exports import tasks
from plenara.exports.actions import how, next_at
from plenara.exports.queries.files import FILES, Made, Record, read_made, record_of
from plenara.exports.queries.record import public_consultations

#: How long a due export may be pending before it is reported: other tasks, a large record.
PATIENCE = datetime.timedelta(minutes=15)


def errors() -> Iterator[str]:
    """Yield a sentence for each error in a consultation's files. Every file is read."""
    how_now = how()
    for consultation in public_consultations().order_by("pk"):
        for error in _errors(consultation, how_now):
            yield f"{consultation.slug}: {error}{_why(consultation)}"


def _errors(consultation: Consultation, how_now: str) -> Iterator[str]:
    found, record, now = read_made(consultation), record_of(consultation), clock.now()
    if found is None:
        if now > record.changed_at + PATIENCE:
            yield f"the files have not been created, although the record changed ({_in_words(record.changed_at)})."
        return
    yield from _damaged(found)
    if found.record.gone != record.gone:
        if now > record.changed_at + PATIENCE:
            since = _in_words(record.changed_at)
            yield (
                f"the files are withheld, because something may have been removed from the record ({since}). "
                "They have not been created again."
            )
    elif not found.is_of(record, how_now) and now > _due(found, record) + PATIENCE:
        changed = _in_words(record.changed_at)
        made = _in_words(found.made_at)
        yield f"the files were created on {made}, and not again, although the record changed ({changed})."


def _damaged(found: Made) -> Iterator[str]:
    for name in FILES:
        if name not in found.files:
            yield f"{name} is missing. It will be created within minutes."
            continue
        try:
            digest = sha256_of(found.path(name))
        except OSError as error:
            yield f"{name} cannot be read ({error.strerror}). It will be created again within minutes."
            continue
        if digest != found.files[name].sha256:
            yield f"{name} is damaged. Delete the folder {found.folder}, and the file will be created again."


def _due(found: Made, record: Record) -> datetime.datetime:
    """Return when the files of a record that grew were due."""
    return max(next_at(found), record.changed_at)


def _why(consultation: Consultation) -> str:
    """Return the reason of the last failure to create the files, if there was one."""
    failed = tasks.make_export.rows().filter(done_at=None, arguments__consultation_id=consultation.pk)
    reason = failed.exclude(last_error="").order_by("-pk").values_list("last_error", flat=True).first()
    return f" The last attempt failed: {reason}." if reason else ""


def _in_words(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y-%m-%d %H:%M} UTC"
