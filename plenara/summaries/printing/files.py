"""How summaries are kept as files: `documents.printing.files` keeps them, `summary_paper` says what they show."""

from plenara.documents.printing.files import Printer
from plenara.summaries.kind import NAME
from plenara.summaries.printing.showing import summary_paper

PRINTER = Printer(
    kind=NAME,
    folder="printed.files",
    paper=summary_paper,
    cache_tags=lambda consultation: [consultation.cache_tag],
    related=("summary",),
)
