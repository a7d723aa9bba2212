"""What a row may hold of who signed an edition of a summary or of an outcome."""

from typing import Any

from plenara.archive.bundle.checking.fields import Row, present


def read(row: Row) -> dict[str, Any]:
    """Return who wrote and who approved an edition, with the keys that have a value, clean."""
    return present(
        written_by=[_signatory(each) for each in row.rows("written_by")],
        approved_by=[_signatory(each) for each in row.rows("approved_by")],
        self_approved=row.truth("self_approved") or None,
    )


def _signatory(row: Row) -> dict[str, Any]:
    withheld = row.truth("withheld") or None
    # A name beside the mark that it is withheld goes no further.
    name = row.line("name", 120, required=not withheld)
    row.finish()
    return present(name=None if withheld else name, withheld=withheld)
