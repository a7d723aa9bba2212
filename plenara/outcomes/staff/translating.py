"""An outcome in the other languages: the pages that every document has, of an outcome."""

from plenara.documents.staff import exchange, phrases, translating
from plenara.outcomes.staff.door import OutcomeDoor


class Rendition(translating.Rendition, OutcomeDoor):
    """Paragraph by paragraph: the source, and the translation."""


class Phrases(phrases.Phrases, OutcomeDoor):
    """The headings of its sections and its reasons."""


class Files(exchange.Files, OutcomeDoor):
    """The files to take away, and the form to return one."""


class RenditionFile(exchange.RenditionFile, OutcomeDoor):
    """A rendition as a file."""


class ReturnedFile(exchange.ReturnedFile, OutcomeDoor):
    """What of a returned file would be taken; the button that takes it."""
