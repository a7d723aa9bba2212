"""What paragraphs of outcomes cite and refer to, made once the paragraphs of every outcome of a bundle are there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plenara.common.text import digest
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.documents.models import (
    Citation,
    Document,
    DocumentEdition,
    Paragraph,
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedReference,
    Reason,
    Reference,
)
from plenara.outcomes.bundling import Row
from plenara.outcomes.bundling.matrix import untraced
from plenara.outcomes.models import Outcome, OutcomeEdition
from plenara.outcomes.tracing import keep_traces

#: From the id of a contribution in the bundle and a revision to the edition; nothing where it is not here.
type Find = Callable[[Row], Edition | None]


@dataclass
class Loading:
    """An outcome on its way in."""

    outcome: Outcome
    find: Find
    #: Working paragraphs of the last version by their numbers for good; of one that went before it, a number below 0.
    origins: dict[int, int] = field(default_factory=dict)
    elsewhere: dict[str, Any] = field(default_factory=dict)
    bundle: dict[str, Any] = field(default_factory=dict)
    versions: list["Version"] = field(default_factory=list)

    @property
    def document(self) -> Document:
        return self.outcome.document


@dataclass
class Version:
    """A version on its way in: what its paragraphs cite comes once the paragraphs of every outcome are there."""

    made: OutcomeEdition
    is_last: bool
    reasons: dict[str, PublishedReason] = field(default_factory=dict)
    paragraphs: list[tuple[PublishedParagraph, Row]] = field(default_factory=list)


def link(loading: Loading, consultation: Consultation, matrix: Iterable[Row]) -> None:
    """Make what an outcome's paragraphs cite and refer to, and what follows from it."""
    for version in loading.versions:
        for published, row in version.paragraphs:
            _cite(loading, version, published, row)
        keep_traces(version.made)
    outcome = loading.outcome
    kept = loading.bundle | {"elsewhere": loading.elsewhere, "matrix": untraced(outcome, consultation, matrix)}
    outcome.bundle = {key: value for key, value in kept.items() if value}
    outcome.save(update_fields=["bundle"])


def _cite(loading: Loading, version: Version, published: PublishedParagraph, row: Row) -> None:
    """Make what a paragraph cites and refers to; what of it is not here stays in the outcome's bundle as it came."""
    edition, reasons = version.made.edition, version.reasons
    working = Paragraph.objects.filter(pk=published.origin).first() if version.is_last else None
    away: dict[str, list[Any]] = {}
    for place, cite in enumerate(row["cites"]):
        cited = loading.find(cite)
        if cited is None:
            away.setdefault("cites", []).append([place, cite])
            continue
        how = {"treatment": cite.get("treatment", ""), "words": cite.get("words", ""), "position": place + 1}
        reason = _published_reason(edition, cite.get("reason", {}), reasons)
        PublishedCitation.objects.create(paragraph=published, edition=cited, reason=reason, **how)
        if working:
            kept = _working_reason(loading.document, cite.get("reason", {}))
            Citation.objects.create(paragraph=working, edition=cited, reason=kept, **how)
    for place, refer in enumerate(row.get("refers", [])):
        statement = _statement(refer)
        if statement is None:
            away.setdefault("refers", []).append([place, refer])
            continue
        reason = _published_reason(edition, refer.get("reason", {}), reasons)
        PublishedReference.objects.create(
            paragraph=published, statement=statement, reason=reason, treatment=refer.get("treatment", ""),
            position=place + 1,
        )  # fmt: skip
        if working:
            kept = _working_reason(loading.document, refer.get("reason", {}))
            Reference.objects.create(
                paragraph=working, statement=statement, reason=kept, treatment=refer.get("treatment", ""),
                position=place + 1,
            )  # fmt: skip
    if away:
        loading.elsewhere[f"{edition.revision}/{row['number']}"] = away


def _statement(refer: Row) -> PublishedParagraph | None:
    found = PublishedParagraph.objects.filter(edition__symbol=refer["symbol"]).select_related("edition")
    return found.filter(mark=refer["number"]).first() or found.filter(mark=None, number=refer["number"]).first()


def _published_reason(
    edition: DocumentEdition, words: Mapping[str, str], reasons: dict[str, PublishedReason]
) -> PublishedReason | None:
    text = words.get(edition.source_language, "")
    if not text:
        return None
    # One reason that many have is one row, as it was; of two with other translations each is its own.
    key = digest("\n".join(f"{code} {words[code]}" for code in sorted(words)))
    if key not in reasons:
        others = {code: each for code, each in words.items() if code != edition.source_language}
        reasons[key] = PublishedReason.objects.create(edition=edition, text=text, texts=others)
    return reasons[key]


def _working_reason(document: Document, words: Mapping[str, str]) -> Reason | None:
    text = words.get(document.source_language, "")
    if not text:
        return None
    others = {code: each for code, each in words.items() if code != document.source_language}
    found, _made = Reason.objects.get_or_create(
        document=document, digest=digest(text), defaults={"text": text, "texts": others}
    )
    return found
