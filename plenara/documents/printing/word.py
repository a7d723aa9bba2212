"""A paper as a Word document: real headings, footnotes, page numbers; each word in its language and direction.

python-docx is loaded when the first document is written, not with the pages that offer it.
"""

import io
import zipfile

from plenara.documents.printing.binding import EPOCH
from plenara.documents.printing.paper import Paper

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_docx(paper: Paper) -> bytes:
    """Return a paper as a Word document. The same paper gives the same bytes."""
    from plenara.documents.printing.word_document import written

    found = io.BytesIO()
    written(paper).save(found)
    return _dateless(found)


def _dateless(file: io.BytesIO) -> bytes:
    """Return a zip with the same files in the same order, without the time at which each was put into it."""
    found = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return found.getvalue()
