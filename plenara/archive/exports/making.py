"""Making the files of a record, of one moment of it, in as much memory as some hundred rows take.

Whoever makes them holds the folder alone. What is unfinished lies in a folder of this machine, which goes with a
failure; the earlier files are served meanwhile, and stay where the disk is full.
"""

import datetime
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

import plenara
from plenara.accounts.installation import installation
from plenara.archive.bundle.exporting.bundle import export
from plenara.archive.bundle.writing import written
from plenara.archive.exports import BAG, BUNDLE, CSV, FIGURES, FILES, JSON_LINES, TEXT, bag
from plenara.archive.exports.keeping import DiskFull, clear, file_of, is_full, new_file, tell
from plenara.archive.exports.standing import Made, folder_of, made, name_of, record_of
from plenara.archive.formats import dictionary, plain, tables
from plenara.archive.scope import Scope, with_words
from plenara.archive.snapshot import snapshot
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.store import Stored
from plenara.core.store.alone import alone
from plenara.core.templatetags.plenara import datetime_utc
from plenara.insights import claims

#: Of the files as this program writes them: with another, all are made anew.
FORMAT = "plenara-exports/2"
#: The frame of what is of no language, and the language of the addresses in it. People's words stand in their own.
LANGUAGE = "en"
CHUNK = 200


def how() -> str:
    """Return what the files depend on besides the record: the program, the site's address and name. One query."""
    return json.dumps([FORMAT, plenara.__version__, settings.SITE_URL, installation(LANGUAGE).name])


def make(consultation: Consultation) -> Made:
    """Make the files of the record as it is, unless they are there.

    Raises `DiskFull`, `Unwritable`, `Away` or `OSError`.
    """
    folder = folder_of(consultation)
    try:
        with alone(folder), tempfile.TemporaryDirectory(prefix="part.", dir=folder.workshop()) as part:
            return _make(consultation, folder, Path(part))
    except Exception as error:
        if is_full(error):
            raise DiskFull(f"No space is left in {folder}.") from error
        raise


def _make(consultation: Consultation, folder: Stored, part: Path) -> Made:
    with translation.override(LANGUAGE):
        with snapshot():
            consultation.refresh_from_db()
            how_now, record, found = how(), record_of(consultation), made(consultation)
            if found and found.is_of(record, how_now):
                return found
            _write_from_the_record(consultation, part, record.changed_at)
        _write(part / dictionary.DICTIONARY, dictionary.as_csv())
        _write(part / dictionary.METADATA, dictionary.as_metadata(consultation, CSV, record.changed_at))
        bag.write(part / BAG, consultation, part, record.changed_at)
    files = {name: file_of(part / name) for name in FILES}
    for name, file in files.items():
        (folder / file.sha256).take(part / name)
    new = Made(folder, name_of(consultation), how_now, record, clock.now(), files)
    tell(new)
    clear(new)  # still alone: nobody else has begun to make anything
    return new


def _write_from_the_record(consultation: Consultation, part: Path, changed_at: datetime.datetime) -> None:
    as_of = _("The record as of %(moment)s") % {"moment": datetime_utc(changed_at)}
    with written(part / BUNDLE, as_of) as target:
        export(consultation, target)
    scope = Scope(consultation)
    threads = list(consultation.threads.all())
    questions = {each.pk: each.number for each in threads}
    editions = with_words(scope.editions()).order_by("number").iterator(CHUNK)
    with ExitStack() as stack:
        lines, table = (stack.enter_context(new_file(part / name)) for name in (JSON_LINES, CSV))

        def rows() -> Iterator[dict[str, object]]:
            for edition in editions:
                row = tables.row(edition, scope, questions)
                lines.write(f"{tables.json_line(row)}\n".encode(errors="replace"))
                yield row

        table.writelines(piece.encode(errors="replace") for piece in tables.as_csv(rows()))
    # In the package it lies beside the bundle, where `plenara verify` looks for what to compare.
    _write(part / FIGURES, [claims.as_json(claims.claims(consultation))])
    texts = plain.all_threads([Scope(consultation, each) for each in threads], _in_trees)
    _write(part / TEXT, chain([f"{as_of}\n\n"], texts))


def _in_trees(scope: Scope) -> Iterator[Edition]:
    return with_words(scope.editions()).order_by("root", "number").iterator(CHUNK)


def _write(path: Path, pieces: Iterable[str]) -> None:
    with new_file(path) as file:
        file.writelines(piece.encode(errors="replace") for piece in pieces)
