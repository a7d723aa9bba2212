"""What follows a change of a record: its files are made anew."""

from plenara.archive.community import exports as community
from plenara.archive.exports import scheduling
from plenara.archive.exports.making import make
from plenara.archive.finding import public_consultations


def make_export(consultation_id: int, gone: int = 0, at_once: bool = False) -> None:
    """Make the files of a consultation, of the record as it is by now, if it is time to.

    `gone` and `at_once` say why it was enqueued; meanwhile another may have made them.
    """
    consultation = public_consultations().filter(pk=consultation_id).first()
    if consultation and scheduling.is_due(consultation):
        make(consultation)


def make_community_export(gone: int = 0, at_once: bool = False) -> None:
    """Make the file of calendar, directory and themes as they are by now, if it is time to."""
    if community.is_due():
        community.make()
