"""A contribution, a summary or a whole consultation as a reference: BibTeX, RIS, and CSL-JSON for everything else.

What people wrote, their names above all, is data to the programs that read these, and none of it may end a field.
"""

import datetime
import enum
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from plenara.core.describing import REFERENCES

#: Characters that mean something to TeX. A brace is counted by BibTeX even where TeX would not see it.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


class Kind(enum.Enum):
    """What it is that is cited: in BibTeX, in RIS and in CSL-JSON."""

    POST = ("misc", "ELEC", "post")
    REPORT = ("techreport", "RPRT", "report")
    DATASET = ("misc", "DATA", "dataset")


@dataclass(frozen=True)
class Reference:
    """What is cited."""

    symbol: str
    title: str
    container: str  # the consultation
    publisher: str
    url: str
    language: str
    kind: Kind = Kind.POST
    authors: list[str] = field(default_factory=list)  # whole: which part is a family name, nobody knows
    on: datetime.datetime | None = None
    note: str = ""
    licence: str = ""

    @property
    def is_report(self) -> bool:
        return self.kind is Kind.REPORT

    @property
    def date(self) -> datetime.date | None:
        return self.on.astimezone(datetime.UTC).date() if self.on else None


def as_bibtex(reference: Reference) -> str:
    """Return a BibTeX entry in UTF-8. Names stand in braces of their own, so that none is cut at an "and"."""
    date = reference.date
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in reference.authors),
        "title": f"{{{_tex(reference.title)}}}",
        "series" if reference.is_report else "howpublished": _tex(reference.container),
        "institution" if reference.is_report else "publisher": _tex(reference.publisher),
        "number": _tex(reference.symbol),
        "year": str(date.year) if date else "",
        "month": str(date.month) if date else "",
        "date": date.isoformat() if date else "",
        "url": reference.url,
        "language": _tex(reference.language),
        "type": "Dataset" if reference.kind is Kind.DATASET else "",
        "note": _tex(reference.note),
        "copyright": _tex(reference.licence),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{reference.kind.value[0]}{{{_key(reference.symbol)},\n{lines}}}\n"


def as_ris(reference: Reference) -> str:
    """Return an RIS record, with CRLF as the format has it."""
    date = reference.date
    fields = [
        ("TY", reference.kind.value[1]),
        *(("AU", name) for name in reference.authors),
        ("TI", reference.title),
        ("T2", reference.container),
        ("PB", reference.publisher),
        ("SN" if reference.is_report else "M1", reference.symbol),
        ("PY", str(date.year) if date else ""),
        ("DA", date.strftime("%Y/%m/%d") if date else ""),
        ("UR", reference.url),
        ("LA", reference.language),
        ("N1", reference.note),
        ("C1", reference.licence),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in fields if value) + "ER  - \r\n"


def as_csl(reference: Reference) -> str:
    """Return CSL-JSON: a list of one item."""
    date = reference.date
    item: dict[str, Any] = {
        "id": reference.symbol,
        "type": reference.kind.value[2],
        "author": [{"literal": name} for name in reference.authors],
        "title": reference.title,
        "container-title": "" if reference.is_report else reference.container,
        "collection-title": reference.container if reference.is_report else "",
        "publisher": reference.publisher,
        "number": reference.symbol,
        "issued": {"date-parts": [[date.year, date.month, date.day]]} if date else None,
        "URL": reference.url,
        "language": reference.language,
        "note": reference.note,
        "license": reference.licence,
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"


def _key(symbol: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", ":", symbol)


def _line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _line(text))


#: By the ending of the address: media type, and how it is written.
FORMS: dict[str, tuple[str, Callable[[Reference], str]]] = {
    ending: (f"{REFERENCES[ending]}; charset=utf-8", write)
    for ending, write in (("bib", as_bibtex), ("ris", as_ris), ("json", as_csl))
}
