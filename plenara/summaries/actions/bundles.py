"""Loading the summaries of a bundle."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core.cache_tags import invalidate
from plenara.core.languages import in_language
from plenara.core.metadata import lasting_symbol
from plenara.core.rows import read_moment
from plenara.core.text import digest, revision_in
from plenara.documents.actions import search_index
from plenara.documents.actions.publication import Words, add_rendition, sign
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
from plenara.summaries.actions.summaries import record_coverage
from plenara.summaries.corrections.actions.bundles import load as load_corrections
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.models import LeftOut, SetAside, Summary, SummaryEdition
from plenara.summaries.queries.bundle_rows import COVERAGE, Row

#: The editions of a bundle's contributions: by the contribution's id in the bundle, then by revision.
type Editions = Mapping[str, Mapping[int, Edition]]


def load(consultation: Consultation, found: Iterable[Row], editions: Editions) -> int:
    """Create the summaries of a bundle's rows, which were checked before; return how many.

    They are created as published, on both sides, so that they can be corrected, translated further and published again.
    Called in the transaction of the import, after its contributions.
    """
    rows = sorted(found, key=lambda each: each["number"])
    for row in rows:
        _load(consultation, row, editions)
    if rows:
        consultation.last_summary = max(consultation.last_summary, rows[-1]["number"])
        consultation.save(update_fields=["last_summary"])
        invalidate(consultation.cache_tag, nothing_withdrawn=True)
    return len(rows)


@dataclass
class _Loading:
    """A summary being imported."""

    document: Document
    summary: Summary
    editions: Editions
    threads: Mapping[int, Thread]


def _load(consultation: Consultation, row: Row, editions: Editions) -> None:
    status = row.get("status", {})
    title = {code: text for code, text in row.get("title", {}).items() if _is_published(status, code)}
    symbol = row.get("symbol") or f"{consultation.symbol}/{SUMMARY.letters}/{row['number']}"
    last = row | {"title": title, "symbol": symbol, "revision": row.get("revision", revision_in(symbol))}
    document = Document.objects.create(
        kind=NAME,
        consultation=consultation,
        source_language=row["source_language"],
        state=State.PUBLISHED,
        title=title,
        number=row["number"],
        symbol=lasting_symbol(symbol),
    )
    summary = Summary.objects.create(
        document=document,
        consultation=consultation,
        period_from=read_moment(row["period"]["from"]),
        period_to=read_moment(row["period"]["to"]),
    )
    SetAside.objects.bulk_create(
        SetAside(summary=summary, edition=_edition(editions, each), reason=each.get("reason", ""))
        for each in row.get("set_aside", [])
    )
    loading = _Loading(document, summary, editions, {each.number: each for each in consultation.threads.all()})
    rows = [*row.get("earlier", ()), last]
    made: dict[int, DocumentEdition] = {}
    for each, origins in zip(rows, _origins(loading, rows, status), strict=True):
        made[each["revision"]] = _load_edition(loading, each, origins, status if each is last else None)
    edition = made[last["revision"]]
    search_index.index_edition(edition)
    languages = set(edition.renditions.values_list("language", flat=True))
    listed = {code: state for code, state in status.items() if code not in languages}
    summary.bundle = {"status": listed, "unsaid": sorted(languages - set(status))}
    summary.save(update_fields=["bundle"])
    load_corrections(made, edition, row.get("corrections", ()), read_moment, lambda named: _edition(editions, named))


def _origins(loading: _Loading, rows: list[Row], status: Mapping[str, str]) -> list[dict[int, int]]:
    """Create the working statements of the last edition; return their ids by their numbers in each edition.

    The id of a statement that a later edition left out is negative.
    """
    *earlier, last = rows
    origins = {
        each["number"]: _make_paragraph(loading, place, each, status) for place, each in enumerate(_in_order(last), 1)
    }
    found, gone = [origins], count(-1, -1)
    for row in reversed(earlier):
        later = origins
        origins = {each["number"]: later[each["next"]] if "next" in each else next(gone) for each in _in_order(row)}
        found.append(origins)
    return found[::-1]


def _in_order(row: Row) -> list[Row]:
    return sorted(row["statements"], key=lambda each: each["number"])


def _load_edition(
    loading: _Loading, row: Row, origins: Mapping[int, int], status: Mapping[str, str] | None
) -> DocumentEdition:
    """Create an edition. `status` is that of the languages of the one in force; an earlier one has none."""
    document, symbol = loading.document, row["symbol"]
    edition = DocumentEdition.objects.create(
        document=document,
        consultation=document.consultation,
        kind=NAME,
        number=document.number or 0,
        revision=row["revision"],
        is_correction=symbol.removeprefix(lasting_symbol(symbol)).startswith("/Corr."),
        symbol=symbol,
        source_language=document.source_language,
        published_at=read_moment(row.get("published_at")),
        in_force=status is not None,
        self_approved=bool(row.get("self_approved")),
    )
    sign(edition, row)
    states = dict.fromkeys(row.get("outdated", ()), RenditionState.OUTDATED) if status is None else status
    texts: dict[str, dict[int, Words]] = {}
    paragraphs = []
    for each in _in_order(row):
        origin, words = origins[each["number"]], _words(document.source_language, each, states)
        paragraphs.append(_publish_paragraph(loading, edition, origin, each))
        for code, one in words.items():
            texts.setdefault(code, {})[origin] = one
    for language in sorted(texts, key=lambda code: code != document.source_language):
        _load_rendition(edition, language, texts[language], row, states.get(language), paragraphs)
    if "coverage" in row or status is None:
        _load_coverage(loading, edition, row)
    else:
        record_coverage(loading.summary, edition)
    return edition


def _load_rendition(
    edition: DocumentEdition,
    language: str,
    texts: dict[int, Words],
    row: Row,
    state: str | None,
    paragraphs: list[PublishedParagraph],
) -> None:
    title, origin = row.get("title", {}), Origin.MACHINE if language in row.get("machine", ()) else Origin.HUMAN
    source_title = digest(title.get(edition.source_language, ""))
    rendition = add_rendition(
        edition, language, texts, title=title.get(language, ""), title_digest=source_title,
        published_at=edition.published_at, paragraphs=paragraphs, origin=origin,
        self_reviewed=language in row.get("self_reviewed", ()),
    )  # fmt: skip
    # An older bundle marks a whole language as outdated, not its statements: so does the edition.
    is_outdated = state == RenditionState.OUTDATED
    if bool(rendition.outdated) != is_outdated:
        rendition.outdated = int(is_outdated)
        rendition.save(update_fields=["outdated"])
    if edition.in_force and language != edition.source_language:
        Rendition.objects.create(
            document=edition.document,
            language=language,
            state=RenditionState.OUTDATED if is_outdated else RenditionState.PUBLISHED,
            origin=origin,
            title_digest=source_title,
            published_at=edition.published_at,
        )


def _load_coverage(loading: _Loading, edition: DocumentEdition, row: Row) -> SummaryEdition:
    """Save the coverage of an edition in the record, from its row."""
    coverage = row.get("coverage", {})
    figures = {key: coverage[key] for key in COVERAGE if key in coverage}
    figures["languages"] = {code: counts[0] for code, counts in coverage.get("by_language", {}).items()}
    if row.get("by_schedule"):
        figures["by_schedule"] = True
    period_from, period_to = (read_moment(row["period"][key]) for key in ("from", "to"))
    kept = SummaryEdition.objects.create(edition=edition, period_from=period_from, period_to=period_to, figures=figures)
    aside = [(each, True, each.get("reason", "")) for each in row.get("set_aside", [])]
    left = [({"contribution": name}, False, "") for name in coverage.get("left_out", [])]
    LeftOut.objects.bulk_create(
        LeftOut(summary=kept, edition=_edition(loading.editions, each), is_set_aside=is_aside, reason=reason)
        for each, is_aside, reason in [*aside, *left]
    )
    return kept


def _is_published(status: Mapping[str, str], language: str) -> bool:
    """Return whether a row's texts in a language are published. Unpublished ones in a bundle are dropped."""
    return status.get(language, "published") in {"published", "outdated"}


def _words(source_language: str, statement: Row, status: Mapping[str, str]) -> dict[str, Words]:
    """Return a statement's words by language."""
    texts = {code: text for code, text in statement["text"].items() if _is_published(status, code)}
    headings, sides = statement.get("heading", {}), statement.get("against", {})
    # A statement without words in its source language shows those that it has.
    texts.setdefault(source_language, in_language(texts or statement["text"]).text)
    source = digest_of(headings.get(source_language, ""), texts[source_language], sides.get(source_language, ""))
    made_from = dict.fromkeys(texts, source) | dict.fromkeys(set(statement.get("outdated", ())) - {source_language}, "")
    return {
        code: Words(headings.get(code, ""), text, made_from[code], sides.get(code, "")) for code, text in texts.items()
    }


def _cites(loading: _Loading, statement: Row) -> Iterator[dict[str, object]]:
    for position, cite in enumerate(statement["cites"], 1):
        cited, words, side = _edition(loading.editions, cite), cite.get("words", ""), cite.get("side", "")
        yield {"edition": cited, "words": words, "side": side, "position": position}


def _make_paragraph(loading: _Loading, place: int, statement: Row, status: Mapping[str, str]) -> int:
    """Create a statement on the working side; return its id."""
    document, thread = loading.document, loading.threads.get(statement.get("thread", 0))
    made = Paragraph.objects.create(document=document, number=place, kind=statement.get("kind", ""), thread=thread)
    words = _words(document.source_language, statement, status)
    for code, one in words.items():
        is_source = code == document.source_language
        ParagraphText.objects.create(
            paragraph=made,
            language=code,
            heading=one.heading,
            text=one.text,
            against=one.against,
            source_digest="" if is_source else one.source_digest,
            source_text="" if is_source or not one.source_digest else words[document.source_language].text,
        )
    for cite in _cites(loading, statement):
        Citation.objects.create(paragraph=made, **cite)
    return made.pk


def _publish_paragraph(loading: _Loading, edition: DocumentEdition, origin: int, statement: Row) -> PublishedParagraph:
    kind, thread = statement.get("kind", ""), loading.threads.get(statement.get("thread", 0))
    published = PublishedParagraph.objects.create(
        edition=edition, number=statement["number"], kind=kind, origin=origin, thread=thread
    )
    for cite in _cites(loading, statement):
        PublishedCitation.objects.create(paragraph=published, **cite)
    return published


def _edition(editions: Editions, cite: Row) -> Edition:
    """Return the edition that a row names: a revision of a contribution, or its latest."""
    revisions = editions[cite["contribution"]]
    return revisions[cite.get("revision", max(revisions))]
