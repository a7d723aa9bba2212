"""Documents: numbered paragraphs that cite, as they are written (the working side) and as published (the record).

A summary is one, an outcome is one: nothing here knows which. Publishing copies a document into an edition;
public pages read editions alone. An edition is never changed: another one succeeds it, and a language that is ready
later joins it as a rendition of its own.
"""

from plenara.documents.models.drafts import (
    LANGUAGES,
    Change,
    Citation,
    Comment,
    Document,
    Kind,
    Origin,
    Paragraph,
    ParagraphText,
    Reason,
    Reference,
    Rendition,
    RenditionState,
    Side,
    State,
    Treatment,
    digest_of,
)
from plenara.documents.models.record import (
    DocumentEdition,
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedReference,
    PublishedRendition,
    PublishedText,
    Signature,
)
from plenara.documents.models.translation import Asking, IncomingFile, MemoryUnit, Nearness, Suggestion, Term
