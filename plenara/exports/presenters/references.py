"""References to an edition, an outcome, a consultation or a question, as BibTeX, RIS and CSL-JSON."""

import datetime
import enum
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core.languages import current, html_code, in_language
from plenara.core.metadata import REFERENCES
from plenara.core.vocabulary import licence_name
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedRendition, Signature
from plenara.exports import addresses
from plenara.exports.presenters import attribution
from plenara.exports.queries import record
from plenara.outcomes.presenters.outcomes import body_name, outcome_name, stage_of, title_of
from plenara.outcomes.queries.paragraphs import renditions_of
from plenara.outcomes.queries.versions import Place

#: Characters with a meaning in TeX. BibTeX counts a brace even where TeX would not see it.
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
    """The type of a reference: in BibTeX, in RIS and in CSL-JSON."""

    POST = ("misc", "ELEC", "post")
    REPORT = ("techreport", "RPRT", "report")
    DATASET = ("misc", "DATA", "dataset")


@dataclass(frozen=True)
class Reference:
    """The data of a reference."""

    symbol: str
    title: str
    container: str  # the consultation
    publisher: str
    url: str
    language: str
    kind: Kind = Kind.POST
    authors: list[str] = field(default_factory=list)  # whole: nobody knows which part is a family name
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
    """Return a BibTeX entry in UTF-8. Names are in braces of their own, so that none is cut at an "and"."""
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
    """Return an RIS record, with the CRLF of the format."""
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
    item: dict[str, object] = {
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


#: By the ending of the address: media type, and the function that writes it.
FORMS: dict[str, tuple[str, Callable[[Reference], str]]] = {
    ending: (f"{REFERENCES[ending]}; charset=utf-8", write)
    for ending, write in (("bib", as_bibtex), ("ris", as_ris), ("json", as_csl))
}


def of_edition(edition: Edition, consultation: Consultation) -> Reference:
    """Return the permanent reference to one edition of a contribution. One query."""
    byline = edition.byline
    question = in_language(edition.thread.question).text
    place = _("Contribution %(number)d to Question %(question)d: %(words)s")
    return Reference(
        symbol=edition.symbol,
        title=edition.title or place % {"number": edition.number, "question": edition.thread.number, "words": question},
        container=in_language(consultation.title).text,
        publisher=installation().name,
        url=record.for_good(edition),
        language=edition.language,
        authors=[attribution.name(byline) or attribution.name_in_words(byline)],
        on=edition.dated_at,
        note=" · ".join(attribution.affiliation_of(edition)),
        licence=licence_name(consultation.licence),
    )


def of_document(edition: DocumentEdition, consultation: Consultation) -> Reference:
    """Return the reference to one edition of a document, in the active language or its source's. Three queries."""
    renditions = {each.language: each for each in PublishedRendition.objects.filter(edition=edition, in_force=True)}
    source = renditions.get(edition.source_language)
    rendition = renditions.get(current()) or source
    signed = Signature.objects.filter(edition=edition, part=Signature.Part.WROTE).exclude(name="")
    name, title = kind_of(edition.kind).label(edition.number), rendition.title if rendition else ""
    publisher = installation().name
    return Reference(
        symbol=edition.symbol,
        title=_("%(name)s: %(title)s") % {"name": name, "title": title} if title else name,
        container=in_language(consultation.title).text,
        publisher=publisher,
        url=record.for_good(edition),
        language=html_code(rendition.language if rendition else edition.source_language),
        kind=Kind.REPORT,
        authors=[each.name for each in signed] or [publisher],
        on=edition.published_at,
        licence=licence_name(consultation.licence),
    )


def of_outcome(
    place: Place, mark: int | None = None, renditions: dict[str, PublishedRendition] | None = None
) -> Reference:
    """Return the permanent reference to a version of an outcome, or to a paragraph of it, by its body. Two queries."""
    edition = place.version.edition
    renditions = renditions_of(edition) if renditions is None else renditions
    title = title_of(renditions, edition.source_language)
    known = {"title": outcome_name(place.version, title), "stage": stage_of(place.version), "number": mark}
    return Reference(
        symbol=f"{edition.symbol}#s{mark}" if mark is not None else edition.symbol,
        title=(_("%(title)s (%(stage)s), paragraph %(number)d") if mark is not None else _("%(title)s (%(stage)s)"))
        % known,
        container=in_language(place.consultation.title).text,
        publisher=installation().name,
        url=place.for_good if mark is None else f"{place.for_good}#s{mark}",
        language=html_code(title.language),
        kind=Kind.REPORT,
        authors=[body_name(place.body).text],
        on=edition.published_at,
        licence=licence_name(place.consultation.licence),
    )


def of_consultation(consultation: Consultation) -> Reference:
    """Return the reference to a consultation: a data set, by its organizer. One query."""
    title = in_language(consultation.title)
    return _dataset(consultation, consultation.symbol, title.text, title.language)


def of_thread(thread: Thread, consultation: Consultation) -> Reference:
    """Return the reference to a question with all its contributions. One query."""
    question = in_language(thread.question)
    title = pgettext("label", "Question %(number)d: %(question)s") % {
        "number": thread.number,
        "question": question.text,
    }
    symbol, container = f"{consultation.symbol}/Q{thread.number}", in_language(consultation.title).text
    return _dataset(consultation, symbol, title, question.language, container)


def _dataset(consultation: Consultation, symbol: str, title: str, language: str, container: str = "") -> Reference:
    publisher = installation().name
    return Reference(
        symbol=symbol,
        title=title,
        container=container or publisher,
        publisher=publisher,
        url=addresses.of_symbol(symbol),
        language=html_code(language),
        kind=Kind.DATASET,
        authors=[publisher],
        on=consultation.opens_at,
        licence=licence_name(consultation.licence),
    )
