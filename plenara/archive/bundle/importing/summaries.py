"""Summaries, from `summaries.jsonl`: the record, and the working side that a rapporteur revises later."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from plenara.archive.bundle.importing.consultation import moment
from plenara.common.languages import CODES
from plenara.common.text import digest
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.documents.models import (
    Citation,
    Document,
    DocumentEdition,
    Origin,
    Paragraph,
    ParagraphText,
    PublishedCitation,
    PublishedParagraph,
    Rendition,
    RenditionState,
    State,
    digest_of,
)
from plenara.documents.publishing import Words, add_rendition
from plenara.summaries.actions import keep_coverage
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.models import SetAside, Summary

_LATER = re.compile(r"(?P<first>.*)/(?P<letters>Rev|Corr)\.(?P<count>[0-9]{1,4})")


def load(consultation: Consultation, rows: Iterable[dict[str, Any]], ids: dict[str, int]) -> int:
    """Make the summaries; return the last number. `ids` are the contributions' keys by their id in the bundle."""
    last = 0
    for row in rows:
        _load(consultation, row, ids)
        last = max(last, row["number"])
    return last


def _load(consultation: Consultation, row: dict[str, Any], ids: dict[str, int]) -> None:
    symbol = row.get("symbol") or f"{consultation.symbol}/{SUMMARY.letters}/{row['number']}"
    later = _LATER.fullmatch(symbol)
    document = Document.objects.create(
        kind=NAME,
        consultation=consultation,
        source_language=row["source_language"],
        state=State.PUBLISHED,
        title=row.get("title", {}),
        number=row["number"],
        symbol=later["first"] if later else symbol,
    )
    summary = Summary.objects.create(
        document=document,
        consultation=consultation,
        period_from=datetime.datetime.fromisoformat(row["period"]["from"]),
        period_to=datetime.datetime.fromisoformat(row["period"]["to"]),
    )
    edition = DocumentEdition.objects.create(
        document=document,
        consultation=consultation,
        kind=NAME,
        number=row["number"],
        revision=int(later["count"]) if later else 0,
        is_correction=bool(later and later["letters"] == "Corr"),
        symbol=symbol,
        source_language=row["source_language"],
        published_at=moment(row.get("published_at")),
    )
    cited = _cited(row, ids)
    paragraphs = _paragraphs(document, edition, row, cited)
    _texts(document, edition, row, paragraphs)
    SetAside.objects.bulk_create(
        SetAside(summary=summary, edition_id=cited[each["contribution"], None], reason=each.get("reason", ""))
        for each in row.get("set_aside", ())
    )
    keep_coverage(summary, edition)


type Cited = dict[tuple[str, int | None], int]


def _cited(row: dict[str, Any], ids: dict[str, int]) -> Cited:
    """Return the keys of the editions that a summary names, by contribution and revision; None is the one in force."""
    names = {each["contribution"] for statement in row["statements"] for each in statement["cites"]}
    names |= {each["contribution"] for each in row.get("set_aside", ())}
    found: Cited = {}
    by_key = {ids[name]: name for name in names}
    for edition in Edition.objects.filter(contribution_id__in=list(by_key)).only(
        "contribution_id", "revision", "in_force"
    ):
        name = by_key[edition.contribution_id]
        found[name, edition.revision] = edition.pk
        if edition.in_force:
            found[name, None] = edition.pk
    return found


def _paragraphs(
    document: Document, edition: DocumentEdition, row: dict[str, Any], cited: Cited
) -> list[tuple[Paragraph, PublishedParagraph, dict[str, Any]]]:
    statements = row["statements"]
    working = Paragraph.objects.bulk_create(
        Paragraph(document=document, number=each["number"], kind=each.get("kind", "")) for each in statements
    )
    published = PublishedParagraph.objects.bulk_create(
        PublishedParagraph(edition=edition, number=each.number, kind=each.kind, origin=each.pk) for each in working
    )
    paragraphs = list(zip(working, published, statements, strict=True))
    cites = [
        (paragraph, copy, cited[each["contribution"], each.get("revision")], each.get("words", ""), place)
        for paragraph, copy, statement in paragraphs
        for place, each in enumerate(statement["cites"], 1)
    ]
    Citation.objects.bulk_create(
        Citation(paragraph=paragraph, edition_id=key, words=words, position=place)
        for paragraph, _copy, key, words, place in cites
    )
    PublishedCitation.objects.bulk_create(
        PublishedCitation(paragraph=copy, edition_id=key, words=words, position=place)
        for _paragraph, copy, key, words, place in cites
    )
    return paragraphs


def _texts(
    document: Document,
    edition: DocumentEdition,
    row: dict[str, Any],
    paragraphs: list[tuple[Paragraph, PublishedParagraph, dict[str, Any]]],
) -> None:
    source, title = row["source_language"], row.get("title", {})
    others = [code for code in CODES if code != source and _is_published(row, code)]
    for code in [source, *others]:
        # Of an outdated rendition nobody tells which of its texts are: each counts as one.
        current = row.get("status", {}).get(code) != RenditionState.OUTDATED
        words = {
            paragraph.pk: Words(
                statement.get("heading", {}).get(code, ""),
                statement["text"][code],
                _digest(statement, source) if current else "",
            )
            for paragraph, _copy, statement in paragraphs
            if code in statement["text"]
        }
        ParagraphText.objects.bulk_create(
            ParagraphText(
                paragraph_id=key, language=code, heading=each.heading, text=each.text,
                source_digest="" if code == source else each.source_digest,
            )
            for key, each in words.items()
        )  # fmt: skip
        origin = row.get("origin", {}).get(code, Origin.HUMAN)
        title_digest = digest(title.get(source, ""))
        add_rendition(
            edition, code, words, title=title.get(code, ""), title_digest=title_digest, origin=origin,
            published_at=edition.published_at, paragraphs=[copy for _paragraph, copy, _statement in paragraphs],
        )  # fmt: skip
        if code != source:
            Rendition.objects.create(
                document=document, language=code, origin=origin, title_digest=title_digest,
                state=RenditionState.PUBLISHED if current else RenditionState.OUTDATED,
                published_at=edition.published_at,
            )  # fmt: skip


def _is_published(row: dict[str, Any], code: str) -> bool:
    """Say whether a summary is there in a language; what is only being drafted stays out of the record."""
    status = row.get("status", {}).get(code, RenditionState.PUBLISHED)
    there = any(code in statement["text"] for statement in row["statements"])
    return there and status in {RenditionState.PUBLISHED, RenditionState.OUTDATED}


def _digest(statement: dict[str, Any], source: str) -> str:
    return digest_of(statement.get("heading", {}).get(source, ""), statement["text"][source])
