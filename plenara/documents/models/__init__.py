"""Documents: numbered paragraphs that cite, as they are written (the working side) and as published (the record).

Summaries and outcomes are documents; this package does not know which is which. Publishing copies a document into an
edition, and public pages read editions only. An edition never changes: another one succeeds it, and a language that is
ready later is added as a rendition.
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
    Response,
    Side,
    State,
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
