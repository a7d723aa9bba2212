"""A consultation's record as files to download: made by tasks when it has changed, kept until it changes again.

`making` writes them from one moment of the record, `bag` packs them for those who preserve, `standing` says what may
be served, `scheduling` when they are to be made, `checking` what is wrong with them. `formats/dictionary.py` says what
the columns of the table mean.
"""

from plenara.archive.formats.dictionary import DICTIONARY, METADATA

BUNDLE, CSV, JSON_LINES, TEXT, FIGURES, BAG = (
    "bundle.zip",
    "contributions.csv",
    "contributions.jsonl",
    "contributions.txt",
    "figures.json",
    "bagit.zip",
)

#: By name, in the order in which a page lists them: the media type.
FILES = {
    CSV: "text/csv; charset=utf-8; header=present",
    DICTIONARY: "text/csv; charset=utf-8; header=present",
    METADATA: "application/csvm+json",
    JSON_LINES: "application/jsonl; charset=utf-8",
    TEXT: "text/plain; charset=utf-8",
    FIGURES: "application/json; charset=utf-8",
    BUNDLE: "application/zip",
    BAG: "application/zip",
}
