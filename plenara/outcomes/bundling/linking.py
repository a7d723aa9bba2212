"""What outcomes say of contributions, documents and consultations, made once all paragraphs of a bundle are there.

What is not here stays in the outcome's `bundle` as it came, and is linked when the bundle that has it is imported.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.text import digest
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
from plenara.outcomes.models import Opening, Outcome, OutcomeEdition, SectionThread
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
            named = {key: [[*each] for each in enumerate(row.get(key, ()))] for key in ("cites", "refers")}
            cite(loading, version, published, named)
        keep_traces(version.made)
    outcome = loading.outcome
    kept = loading.bundle | {"elsewhere": loading.elsewhere, "matrix": untraced(outcome, consultation, matrix)}
    keep(outcome, kept)


def keep(outcome: Outcome, bundle: dict[str, Any]) -> None:
    """Keep what an outcome's bundle says and is not here."""
    outcome.bundle = {key: value for key, value in bundle.items() if value}
    outcome.save(update_fields=["bundle"])


def answer(outcome: Outcome, slugs: list[str]) -> list[str]:
    """Link the consultations that an outcome answers; return those that are not here."""
    known = {each.slug: each for each in Consultation.objects.filter(slug__in=slugs)}
    outcome.consultations.add(*known.values())
    return [each for each in slugs if each not in known]


def open_versions(outcome: Outcome, found: list[Row], versions: Mapping[int, OutcomeEdition]) -> list[Row]:
    """Link the versions that were opened for comment; return those whose consultation is not here.

    What is here and says that another consultation is its parent, or none, was opened for nothing of this one.
    """
    left, home = [], outcome.body.consultation
    for each in found:
        children = Consultation.objects.filter(Q(parent=home) | Q(parent_slug=home.slug))
        child = children.filter(slug=each["consultation"], opening=None).first()
        if child is None:
            left.append(each)
            continue
        version = versions[each["revision"]]
        made = Opening.objects.create(edition=version, outcome=outcome, consultation=child)
        # Its threads are the sections in their order, and "What is missing?".
        SectionThread.objects.bulk_create(
            SectionThread(opening=made, thread=thread, section=section)
            for thread, section in zip(child.threads.order_by("number"), [*version.sections.all(), None], strict=False)
        )
    return left


def cite(loading: Loading, version: Version, published: PublishedParagraph, named: Mapping[str, list[Any]]) -> None:
    """Make what a paragraph cites and refers to; what of it is not here stays in the outcome's bundle as it came.

    `named` has the rows under `cites` and `refers`, each with its place in the paragraph.
    """
    edition, reasons = version.made.edition, version.reasons
    working = Paragraph.objects.filter(pk=published.origin).first() if version.is_last else None
    away: dict[str, list[Any]] = {}
    for place, row in named.get("cites", ()):
        cited = loading.find(row)
        if cited is None:
            away.setdefault("cites", []).append([place, row])
            continue
        how = {"treatment": row.get("treatment", ""), "words": row.get("words", ""), "position": place + 1}
        reason = _published_reason(edition, row.get("reason", {}), reasons)
        PublishedCitation.objects.create(paragraph=published, edition=cited, reason=reason, **how)
        if working:
            kept = _working_reason(loading.document, row.get("reason", {}))
            Citation.objects.create(paragraph=working, edition=cited, reason=kept, **how)
    for place, refer in named.get("refers", ()):
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
        loading.elsewhere[f"{edition.revision}/{published.told_as}"] = away


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
    key = key_of(words)
    if key not in reasons:
        others = {code: each for code, each in words.items() if code != edition.source_language}
        reasons[key] = PublishedReason.objects.create(edition=edition, text=text, texts=others)
    return reasons[key]


def key_of(words: Mapping[str, str]) -> str:
    """Return what two reasons with the same words, in the same languages, have in common."""
    return digest("\n".join(f"{code} {words[code]}" for code in sorted(words)))


def _working_reason(document: Document, words: Mapping[str, str]) -> Reason | None:
    text = words.get(document.source_language, "")
    if not text:
        return None
    others = {code: each for code, each in words.items() if code != document.source_language}
    found, _made = Reason.objects.get_or_create(
        document=document, digest=digest(text), defaults={"text": text, "texts": others}
    )
    return found
