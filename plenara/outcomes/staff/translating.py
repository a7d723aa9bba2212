"""An outcome in the other languages: the pages that every document has, of an outcome."""

from plenara.documents.staff import exchange, phrases, translating
from plenara.outcomes.staff.base import OutcomeView


class Rendition(translating.Rendition, OutcomeView):
    """Paragraph by paragraph: the source, and the translation."""


class Phrases(phrases.Phrases, OutcomeView):
    """The headings of its sections and its reasons."""


class Files(exchange.Files, OutcomeView):
    """The files to take away, and the form to return one."""


class RenditionFile(exchange.RenditionFile, OutcomeView):
    """A rendition as a file."""


class ReturnedFile(exchange.ReturnedFile, OutcomeView):
    """What of a returned file would be taken; the button that takes it."""
