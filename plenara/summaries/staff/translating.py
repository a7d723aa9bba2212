"""A summary in the other languages: the pages that every document has, of a summary."""

from plenara.documents.staff import exchange, translating
from plenara.summaries.staff.base import SummaryView


class Rendition(translating.Rendition, SummaryView):
    """Statement by statement: the source, and the translation."""


class Files(exchange.Files, SummaryView):
    """The files to take away, and the form to return one."""


class RenditionFile(exchange.RenditionFile, SummaryView):
    """A rendition as a file."""


class ReturnedFile(exchange.ReturnedFile, SummaryView):
    """What of a returned file would be taken; the button that takes it."""
