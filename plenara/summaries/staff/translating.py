"""A summary in the other languages: the pages that every document has, of a summary."""

from plenara.documents.staff import exchange, translating
from plenara.summaries.staff.door import SummaryDoor


class Rendition(translating.Rendition, SummaryDoor):
    """Statement by statement: the source, and the translation."""


class Files(exchange.Files, SummaryDoor):
    """The files to take away, and the form to return one."""


class RenditionFile(exchange.RenditionFile, SummaryDoor):
    """A rendition as a file."""


class ReturnedFile(exchange.ReturnedFile, SummaryDoor):
    """What of a returned file would be taken; the button that takes it."""
