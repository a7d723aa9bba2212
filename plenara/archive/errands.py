"""What follows a change of a large record: its files are made anew."""

from plenara.archive import exports
from plenara.archive.finding import public_consultations
from plenara.ledger.errands import errand


@errand(exports.ERRAND)
def make_export(consultation_id: int) -> None:
    """Make the bundle and the table of a consultation, of the record as it is by now."""
    if consultation := public_consultations().filter(pk=consultation_id).first():
        exports.make(consultation)
