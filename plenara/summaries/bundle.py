"""Summaries as rows of a bundle (`summaries.jsonl`): what is published, out and in again, the same byte for byte.

A row also has `title` {language: text} where the summary has one, and `coverage` as it was kept, where whoever writes
the bundle finds that it does not follow from the other rows.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Prefetch

from plenara.common.languages import CODES, in_language
from plenara.common.text import digest
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.documents import searching
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
from plenara.ledger.actions import bump
from plenara.summaries.actions import keep_coverage
from plenara.summaries.correcting import bundle as correcting
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.models import Correction, LeftOut, SetAside, Summary, SummaryEdition

type Row = dict[str, Any]
#: The editions of a bundle's contributions: by the contribution's id in the bundle, then by revision.
type Editions = Mapping[str, Mapping[int, Edition]]


def moment(value: datetime.datetime) -> str:
    """Return a moment as a bundle writes it: UTC, to the second, or to the microsecond where it has any."""
    value = value.astimezone(datetime.UTC)
    return value.replace(tzinfo=None).isoformat(timespec="microseconds" if value.microsecond else "seconds") + "Z"


def name_of(edition: Edition) -> str:
    """Return the id of an edition's contribution in a bundle. `contribution` is fetched."""
    return edition.contribution.bundle_id or edition.contribution.public_id or ""


# ---- out ----


def rows(consultation: Consultation, follows: Callable[[Row, Row], bool] = lambda _row, _kept: True) -> Iterator[Row]:
    """Yield the published summaries of a consultation by number. A fixed number of queries.

    `follows` says of a row whether the coverage that was kept can be reckoned again from it; else the row has it too.
    """
    cited = PublishedCitation.objects.select_related("edition__contribution", "edition__text")
    left_out = LeftOut.objects.select_related("edition__contribution")
    editions = (
        DocumentEdition.objects.filter(consultation=consultation, kind=NAME, in_force=True)
        .select_related("summary", "document__summary")
        .prefetch_related(
            "renditions__texts",
            Prefetch("paragraphs", PublishedParagraph.objects.select_related("thread")),
            Prefetch("paragraphs__citations", cited),
            Prefetch("summary__left_out", left_out),
        )
        .order_by("number")
    )
    found = list(editions)
    corrections = correcting.public(each.document_id for each in found)
    for edition in found:
        row, kept = _row(edition, corrections.get(edition.document_id, [])), kept_coverage(edition.summary)
        yield row if follows(row, kept) else row | {"coverage": kept}


def _row(edition: DocumentEdition, corrections: list[Correction]) -> Row:
    summary = edition.summary
    renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
    texts: dict[int, dict[str, Any]] = {}
    for language, rendition in sorted(renditions.items()):
        for text in rendition.texts.all():
            texts.setdefault(text.paragraph_id, {})[language] = text
    row = {
        "number": edition.number,
        "period": {"from": moment(summary.period_from), "to": moment(summary.period_to)},
        "source_language": edition.source_language,
        "title": {language: each.title for language, each in renditions.items() if each.title},
        "statements": [_statement(each, texts.get(each.pk, {})) for each in edition.paragraphs.all()],
        "status": _status(edition, {code: bool(each.outdated) for code, each in renditions.items()}),
        "published_at": moment(edition.published_at) if edition.published_at else None,
        "symbol": edition.symbol,
        "machine": sorted(code for code, each in renditions.items() if each.origin == Origin.MACHINE),
        "by_schedule": summary.figures.get("by_schedule"),
        "corrections": list(correcting.rows(corrections, moment, name_of)),
        "set_aside": [
            {"contribution": name_of(each.edition)} | ({"reason": each.reason} if each.reason else {})
            for each in summary.left_out.all()
            if each.is_set_aside
        ],
    }
    return {key: value for key, value in row.items() if value not in (None, {}, []) or key == "statements"}


#: The figures that a summary keeps of its period, as a bundle names them.
COVERAGE = ("ticks", "groups", "by_language", "countries", "channels", "threads", "held")


def kept_coverage(summary: SummaryEdition) -> Row:
    """Return what a summary's edition covered, as it was kept; `left_out` is loaded with it. No query."""
    figures = summary.figures
    left = [name_of(each.edition) for each in summary.left_out.all() if not each.is_set_aside]
    told = {**{key: figures.get(key) for key in COVERAGE}, "left_out": left}
    return {"ticks": ""} | {key: value for key, value in told.items() if value}


def _statement(paragraph: PublishedParagraph, texts: Mapping[str, Any]) -> Row:
    statement = {
        "number": paragraph.number,
        "kind": paragraph.kind,
        "text": {language: each.text for language, each in texts.items()},
        "heading": {language: each.heading for language, each in texts.items() if each.heading},
        "thread": paragraph.thread.number if paragraph.thread else None,
        "against": {language: each.against for language, each in texts.items() if each.against},
    }
    cites = [_cite(each) for each in paragraph.citations.all()]
    return {key: value for key, value in statement.items() if value not in ("", {}, None)} | {"cites": cites}


def _cite(citation: PublishedCitation) -> Row:
    edition = citation.edition
    gone = edition.is_gone or edition.text is None or edition.text.erased_at is not None
    cite: Row = {"contribution": name_of(edition), "revision": edition.revision}
    if citation.side:
        cite["side"] = citation.side
    return cite if gone or not citation.words else cite | {"words": citation.words}


def _status(edition: DocumentEdition, outdated: Mapping[str, bool]) -> dict[str, str]:
    """Return the state of all six languages; of an import also what its row said of those that are not here."""
    bundle = edition.document.summary.bundle
    said = bundle.get("status", dict.fromkeys(CODES, "missing"))
    status = {code: state for code, state in said.items() if code not in outdated}
    for code, is_outdated in outdated.items():
        if is_outdated or code not in bundle.get("unsaid", []):
            status[code] = "outdated" if is_outdated else "published"
    return status


# ---- in ----


def load(consultation: Consultation, found: Iterable[Row], editions: Editions) -> int:
    """Make the summaries of a bundle's rows, which were checked before; return how many.

    They come published, on both sides, so that they can be mended, translated further and published again. To be
    called in the transaction of the import, after its contributions.
    """
    count = 0
    for row in sorted(found, key=lambda each: each["number"]):
        _load(consultation, row, editions)
        consultation.last_summary = max(consultation.last_summary, row["number"])
        count += 1
    if count:
        consultation.save(update_fields=["last_summary"])
        bump(consultation.shelf, nothing_goes=True)
    return count


def _load(consultation: Consultation, row: Row, editions: Editions) -> None:
    source_language, status = row["source_language"], row.get("status", {})
    title = {code: text for code, text in row.get("title", {}).items() if _is_published(status, code)}
    symbol = row.get("symbol") or f"{consultation.symbol}/{SUMMARY.letters}/{row['number']}"
    ending = re.search(r"/(Rev|Corr)\.(\d+)$", symbol)
    document = Document.objects.create(
        kind=NAME,
        consultation=consultation,
        source_language=source_language,
        state=State.PUBLISHED,
        title=title,
        number=row["number"],
        symbol=symbol[: ending.start()] if ending else symbol,
    )
    published_at = _moment(row["published_at"]) if row.get("published_at") else None
    edition = DocumentEdition.objects.create(
        document=document,
        consultation=consultation,
        kind=NAME,
        number=row["number"],
        revision=int(ending[2]) if ending else 0,
        is_correction=bool(ending and ending[1] == "Corr"),
        symbol=symbol,
        source_language=source_language,
        published_at=published_at,
    )
    texts: dict[str, dict[int, Words]] = {}
    threads = {each.number: each for each in consultation.threads.all()}
    paragraphs = [
        _load_statement(document, edition, place, statement, status, editions, threads, texts)
        for place, statement in enumerate(sorted(row["statements"], key=lambda each: each["number"]), 1)
    ]
    for language in sorted(texts, key=lambda code: code != source_language):
        origin = Origin.MACHINE if language in row.get("machine", ()) else Origin.HUMAN
        _load_rendition(edition, language, texts[language], title, status.get(language), paragraphs, origin)
    searching.keep(edition)
    said = {code: state for code, state in status.items() if code not in texts}
    unsaid = [code for code in sorted(texts) if code not in status]
    summary = Summary.objects.create(
        document=document,
        consultation=consultation,
        period_from=_moment(row["period"]["from"]),
        period_to=_moment(row["period"]["to"]),
        bundle={"status": said, "unsaid": unsaid},
    )
    SetAside.objects.bulk_create(
        SetAside(summary=summary, edition=_edition(editions, each), reason=each.get("reason", ""))
        for each in row.get("set_aside", [])
    )
    correcting.load(edition, row.get("corrections", ()), _moment, lambda named: _edition(editions, named))
    kept = _keep_told(summary, edition, row, editions) if "coverage" in row else keep_coverage(summary, edition)
    if row.get("by_schedule"):
        kept.figures["by_schedule"] = True
        kept.save(update_fields=["figures"])


def _keep_told(summary: Summary, edition: DocumentEdition, row: Row, editions: Editions) -> SummaryEdition:
    """Keep in the record what an edition covered, as its row tells it."""
    told = row["coverage"]
    figures = {key: told[key] for key in COVERAGE if key in told}
    figures["languages"] = {code: counts[0] for code, counts in told.get("by_language", {}).items()}
    kept = SummaryEdition.objects.create(
        edition=edition, period_from=summary.period_from, period_to=summary.period_to, figures=figures
    )
    aside = [(each, True, each.get("reason", "")) for each in row.get("set_aside", [])]
    left = [({"contribution": name}, False, "") for name in told.get("left_out", [])]
    LeftOut.objects.bulk_create(
        LeftOut(summary=kept, edition=_edition(editions, each), is_set_aside=is_aside, reason=reason)
        for each, is_aside, reason in [*aside, *left]
    )
    return kept


def _is_published(status: Mapping[str, str], language: str) -> bool:
    """Say whether a row's texts in a language are published: an unpublished one in a bundle is dropped."""
    return status.get(language, "published") in {"published", "outdated"}


def _load_statement(
    document: Document,
    edition: DocumentEdition,
    place: int,
    statement: Row,
    status: Mapping[str, str],
    editions: Editions,
    threads: Mapping[int, Thread],
    texts: dict[str, dict[int, Words]],
) -> PublishedParagraph:
    """Make a statement on both sides, and add its words to `texts`, by language and the working paragraph's id."""
    kind, thread = statement.get("kind", ""), threads.get(statement.get("thread", 0))
    paragraph = Paragraph.objects.create(document=document, number=place, kind=kind, thread=thread)
    published = PublishedParagraph.objects.create(
        edition=edition, number=statement["number"], kind=kind, origin=paragraph.pk, thread=thread
    )
    said = {code: text for code, text in statement["text"].items() if _is_published(status, code)}
    headings, sides = statement.get("heading", {}), statement.get("against", {})
    # A statement without its source's words shows those that it has.
    said.setdefault(document.source_language, in_language(said or statement["text"]).text)
    source_language = document.source_language
    source = digest_of(headings.get(source_language, ""), said[source_language], sides.get(source_language, ""))
    for code, text in said.items():
        heading, against = headings.get(code, ""), sides.get(code, "")
        texts.setdefault(code, {})[paragraph.pk] = Words(heading, text, source, against)
        is_source = code == document.source_language
        ParagraphText.objects.create(
            paragraph=paragraph,
            language=code,
            heading=heading,
            text=text,
            against=against,
            source_digest="" if is_source else source,
            source_text="" if is_source else said[document.source_language],
        )
    for position, cite in enumerate(statement["cites"], 1):
        cited, words, side = _edition(editions, cite), cite.get("words", ""), cite.get("side", "")
        Citation.objects.create(paragraph=paragraph, edition=cited, words=words, side=side, position=position)
        PublishedCitation.objects.create(paragraph=published, edition=cited, words=words, side=side, position=position)
    return published


def _load_rendition(
    edition: DocumentEdition,
    language: str,
    texts: dict[int, Words],
    title: Mapping[str, str],
    state: str | None,
    paragraphs: list[PublishedParagraph],
    origin: str,
) -> None:
    source_title = digest(title.get(edition.source_language, ""))
    rendition = add_rendition(
        edition, language, texts, title=title.get(language, ""), title_digest=source_title,
        published_at=edition.published_at, paragraphs=paragraphs, origin=origin,
    )  # fmt: skip
    # A bundle says that a language is outdated, not which of its statements: none is marked, the language is.
    is_outdated = state == RenditionState.OUTDATED
    if bool(rendition.outdated) != is_outdated:
        rendition.outdated = int(is_outdated)
        rendition.save(update_fields=["outdated"])
    if language != edition.source_language:
        Rendition.objects.create(
            document=edition.document,
            language=language,
            state=RenditionState.OUTDATED if is_outdated else RenditionState.PUBLISHED,
            origin=origin,
            title_digest=source_title,
            published_at=edition.published_at,
        )


def _edition(editions: Editions, cite: Row) -> Edition:
    """Return the edition that a row names: a revision of a contribution, or its latest."""
    revisions = editions[cite["contribution"]]
    return revisions[cite.get("revision", max(revisions))]


def _moment(value: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(value)
