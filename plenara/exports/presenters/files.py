"""The files of a record on its page: the purpose of each, and whether it can be downloaded."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.rows import Json
from plenara.exports import addresses
from plenara.exports.actions import expected_at, next_at
from plenara.exports.presenters.dictionary import DICTIONARY, METADATA
from plenara.exports.queries.files import (
    BAG,
    BUNDLE,
    CSV,
    FIGURES,
    FILES,
    JSON_LINES,
    TEXT,
    Made,
    Record,
    made,
    record_of,
)

#: What each file is, and its purpose.
WORDS = {
    CSV: (
        pgettext_lazy("label", "Table (CSV)"),
        _(
            "One contribution per row, for any spreadsheet program. A text that the program would "
            "read as a formula begins with an apostrophe."
        ),
    ),
    DICTIONARY: (_("Data dictionary of the table (CSV)"), _("The meaning of each column and code, in six languages.")),
    METADATA: (
        _("Data dictionary of the table, for programs"),
        _("The same data dictionary in the standard format “CSV on the Web”."),
    ),
    JSON_LINES: (
        _("Data (JSON Lines)"),
        _("Each contribution is one line of JSON. Every text is exactly as it was written. For programs."),
    ),
    TEXT: (
        pgettext_lazy("label", "Plain text"),
        _("All contributions, question by question. You can read and search them without any special program."),
    ),
    FIGURES: (
        _("Figures (JSON)"),
        _(
            "All figures on the pages of this consultation. You can compare them with figures calculated "
            "from the bundle."
        ),
    ),
    BUNDLE: (
        pgettext_lazy("label", "Bundle (ZIP)"),
        _(
            "The whole record: questions, all editions of the contributions, documents, decisions and summaries. "
            "Another installation can import it."
        ),
    ),
    BAG: (
        _("Package for preservation (BagIt, ZIP)"),
        _("All of the above in one package, with the checksum of each file. For libraries and archives."),
    ),
}


@dataclass(frozen=True)
class Downloads:
    """The files of a consultation: those that can be downloaded, or why there are none and when there will be."""

    record: Record
    made: Made | None
    #: Whether there were files, which are withheld since something may have been withdrawn from the record.
    is_withheld: bool
    #: The expected time of the first or next files; nothing where the present ones are up to date.
    expected: datetime.datetime | None

    def files(self, slug: str) -> list[Json]:
        """Return each file with its description, address, size and checksum, in their order."""
        found = self.made.files if self.made else {}
        return [
            {
                "name": name,
                "title": title,
                "purpose": purpose,
                "address": addresses.export(slug, name),
                "media_type": FILES[name],
                "file": found.get(name),
            }
            for name, (title, purpose) in WORDS.items()
        ]


def downloads_of(consultation: Consultation) -> Downloads:
    """Return the downloads of a consultation. Two queries at most."""
    found, record = made(consultation), record_of(consultation)
    if found is None or found.record.gone != record.gone:
        return Downloads(record, None, found is not None, expected_at(consultation))
    is_behind = found.record.revision != record.revision
    return Downloads(record, found, False, max(next_at(found), clock.now()) if is_behind else None)
