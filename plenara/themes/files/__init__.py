"""The list as files: SKOS in Turtle and JSON-LD, and a table; and what files of others say of themes."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from plenara.core.refusals import Invalid
from plenara.themes.checks import Fault

#: A file that is read. A vocabulary of five thousand themes in six languages has about this.
MOST_BYTES = 4 * 1024 * 1024


@dataclass
class Read:
    """What a file says: a row a theme, what is wrong with it, and what of it was left out."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sha256: str = ""


def read(data: bytes, *, name: str) -> Read:
    """Return what a file says of themes. Raises `Invalid` where the file as a whole cannot be taken."""
    from plenara.themes.files import skos, table

    if len(data) > MOST_BYTES:
        raise Invalid(_("The file is larger than 4 MB. Divide it into several."), "too_large", "file")
    if not data.strip():
        raise Invalid(_("The file is empty."), "empty", "file")
    text = _decoded(data)
    ending = name.lower().rpartition(".")[2]
    if ending in {"rdf", "xml", "jsonld", "json", "nt", "n3"} or text.lstrip()[:1] in {"{", "["}:
        raise Invalid(_("Only SKOS in Turtle (.ttl) and tables (.csv) are read here."), "kind", "file")
    found = table.read(text) if ending in {"csv", "tsv", "txt"} else skos.read(text)
    found.sha256 = hashlib.sha256(data).hexdigest()
    if not found.rows and not found.faults:
        raise Invalid(_("There is no theme in this file."), "empty", "file")
    return found


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-16") if data.startswith((b"\xff\xfe", b"\xfe\xff")) else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(_("The file is not in UTF-8. Save it as UTF-8."), "encoding", "file") from error
    return text.replace("\x00", "")
