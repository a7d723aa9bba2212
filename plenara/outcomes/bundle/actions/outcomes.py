"""Import of bodies, outcomes and their versions from the rows of a bundle, which were checked before.

Citations from a consultation that is not here are stored with the outcome as rows: an export writes them again, and
`links` creates them when that consultation is imported.
"""

import datetime
from collections.abc import Iterable, Mapping

from plenara.consultations.models import Consultation
from plenara.core.cache_tags import invalidate
from plenara.core.rows import read_moment
from plenara.core.text import digest
from plenara.documents.actions import search_index
from plenara.documents.actions.publication import Words, add_rendition, sign
from plenara.documents.models import (
    Document,
    DocumentEdition,
    Origin,
    Paragraph,
    ParagraphText,
    PublishedParagraph,
    Rendition,
    RenditionState,
    State,
    digest_of,
)
from plenara.outcomes.bundle import Row
from plenara.outcomes.bundle.actions.links import Find, Loading, Version, link, link_consultations, link_openings
from plenara.outcomes.kind import NAME, address
from plenara.outcomes.models import (
    Agreement,
    Body,
    Member,
    Outcome,
    OutcomeEdition,
    OutcomeParagraph,
    PublishedObjection,
    PublishedOutcomeParagraph,
    PublishedSection,
    Section,
)


def load(
    consultation: Consultation,
    found: Iterable[Row],
    paragraphs: Mapping[str, Mapping[int, list[Row]]],
    matrix: Mapping[str, list[Row]],
    find: Find,
) -> int:
    """Create the bodies and outcomes of a bundle's rows; return how many outcomes.

    `paragraphs` has the rows of each outcome ("body/outcome") by version, `matrix` its lines of the matrix. Called in
    the transaction of the import, after its summaries.
    """
    bodies: dict[str, Body] = {}
    loadings: dict[str, Loading] = {}
    for row in found:
        slug = row["body"]["slug"]
        if slug not in bodies:
            bodies[slug] = _load_body(consultation, row["body"])
        if "slug" in row:
            name = f"{slug}/{row['slug']}"
            loadings[name] = _load_outcome(bodies[slug], row, paragraphs.get(name, {}), find)
    for name, loading in loadings.items():
        link(loading, consultation, matrix.get(name, []))
    if bodies:
        invalidate(consultation.cache_tag, nothing_withdrawn=True)
    return len(loadings)


def _load_body(consultation: Consultation, row: Row) -> Body:
    body = Body.objects.create(
        consultation=consultation,
        slug=row["slug"],
        name=row["name"],
        mandate=row.get("mandate", {}),
        begins_on=_day(row.get("begins_on")),
        ends_on=_day(row.get("ends_on")),
        published_at=read_moment(row["published_at"]),
    )
    Member.objects.bulk_create(
        Member(
            body=body,
            part=each["part"],
            name=each.get("name", ""),
            stakeholder_group=each.get("stakeholder_group", ""),
            organization=each.get("organization", ""),
            country=each.get("country", ""),
            since=_day(each.get("since")),
            until=_day(each.get("until")),
            position=place,
        )
        for place, each in enumerate(row.get("members", []), 1)
    )
    return body


def _load_outcome(body: Body, row: Row, paragraphs: Mapping[int, list[Row]], find: Find) -> Loading:
    last = row["versions"][-1]
    document = Document.objects.create(
        kind=NAME,
        consultation=body.consultation,
        source_language=row["source_language"],
        state=State.PUBLISHED,
        title=last.get("title", {}),
        number=row["number"],
        symbol=row["symbol"],
        address=address(body.slug, row["slug"]),
    )
    outcome = Outcome.objects.create(document=document, body=body, slug=row["slug"])
    outcome.consultations.add(body.consultation)
    loading = Loading(outcome, find)
    sections = {
        each["slug"]: Section.objects.create(
            outcome=outcome, number=each["number"], slug=each["slug"], title=each["title"]
        )
        for each in last["sections"]
    }
    _make_paragraphs(loading, last, paragraphs.get(last["revision"], []), list(sections.values()))
    marks = [each["number"] for rows in paragraphs.values() for each in rows]
    document.last_mark = max(marks, default=0)
    document.save(update_fields=["last_mark"])
    versions = {}
    for version in row["versions"]:
        versions[version["revision"]] = _load_version(
            loading, version, paragraphs.get(version["revision"], []), sections, is_last=version is last
        )
    loading.bundle = {
        "answers": link_consultations(outcome, row.get("answers", [])),
        "openings": link_openings(outcome, row.get("openings", []), versions),
    }
    return loading


def _make_paragraphs(loading: Loading, last: Row, rows: list[Row], sections: list[Section]) -> None:
    """Create the working side from the last version, so that it can be reopened."""
    document, source = loading.document, loading.document.source_language
    by_number = {each.number: each for each in sections}
    for row in sorted(rows, key=lambda each: each["place"]):
        paragraph = Paragraph.objects.create(
            document=document, number=row["place"], kind=row.get("kind", ""), mark=row["number"]
        )
        loading.origins[row["number"]] = paragraph.pk
        made_from = _source_digest(row, source)
        for code, text in row["text"].items():
            is_outdated = code in row.get("outdated", ())
            ParagraphText.objects.create(
                paragraph=paragraph,
                language=code,
                heading=row.get("heading", {}).get(code, ""),
                text=text,
                source_digest="" if code == source or is_outdated else made_from,
                source_text="" if code == source or is_outdated else row["text"].get(source, ""),
            )
        is_agreed = row["agreement"] == Agreement.AGREED
        OutcomeParagraph.objects.create(
            paragraph=paragraph,
            section=by_number[row["section"]],
            agreed_at=read_moment(last.get("published_at")) if is_agreed else None,
            agreed_digest=made_from if is_agreed else "",
        )


def _source_digest(row: Row, source: str) -> str:
    return digest_of(row.get("heading", {}).get(source, ""), row["text"].get(source, ""))


def _load_version(
    loading: Loading, version: Row, rows: list[Row], sections: Mapping[str, Section], *, is_last: bool
) -> OutcomeEdition:
    document = loading.document
    edition = DocumentEdition.objects.create(
        document=document,
        consultation=document.consultation,
        kind=NAME,
        number=document.number or 0,
        revision=version["revision"],
        is_correction=bool(version.get("is_correction")),
        symbol=version["symbol"],
        source_language=document.source_language,
        published_at=read_moment(version.get("published_at")),
        in_force=is_last,
        address=document.address,
        self_approved=bool(version.get("self_approved")),
    )
    sign(edition, version)
    made = OutcomeEdition.objects.create(
        edition=edition,
        outcome=loading.outcome,
        stage=version["stage"],
        draft=version.get("draft", 0),
        why_left=version.get("why_left", {}),
        figures=version.get("coverage", {}),
    )
    places = {
        each["number"]: PublishedSection.objects.create(
            edition=made,
            number=each["number"],
            slug=each["slug"],
            title=each["title"],
            origin=sections[each["slug"]].pk if each["slug"] in sections else -each["number"],
        )
        for each in version["sections"]
    }
    texts: dict[str, dict[int, Words]] = {code: {} for code in version["languages"]}
    coming = Version(made, is_last)
    for row in sorted(rows, key=lambda each: each["place"]):
        coming.paragraphs.append((_load_paragraph(loading, edition, row, places, texts), row))
    loading.versions.append(coming)
    _load_renditions(edition, version, texts, [each for each, _row in coming.paragraphs], is_last=is_last)
    if is_last:
        search_index.index_edition(edition)
    return made


def _load_paragraph(
    loading: Loading,
    edition: DocumentEdition,
    row: Row,
    places: Mapping[int, PublishedSection],
    texts: dict[str, dict[int, Words]],
) -> PublishedParagraph:
    mark, source = row["number"], edition.source_language
    origin = loading.origins.get(mark, -mark)
    published = PublishedParagraph.objects.create(
        edition=edition, number=row["place"], mark=mark, kind=row.get("kind", ""), origin=origin
    )
    outcome_paragraph = PublishedOutcomeParagraph.objects.create(
        paragraph=published, section=places[row["section"]], agreement=row["agreement"]
    )
    PublishedObjection.objects.bulk_create(
        PublishedObjection(
            outcome_paragraph=outcome_paragraph,
            name=each.get("name", ""),
            reason=each.get("reason", ""),
            language=each["language"],
        )
        for each in row.get("objections", [])
    )
    made_from = _source_digest(row, source)
    for code, text in row["text"].items():
        was = "" if code in row.get("outdated", ()) else made_from
        texts.setdefault(code, {})[origin] = Words(row.get("heading", {}).get(code, ""), text, was)
    return published


def _load_renditions(
    edition: DocumentEdition,
    version: Row,
    texts: Mapping[str, dict[int, Words]],
    paragraphs: list[PublishedParagraph],
    *,
    is_last: bool,
) -> None:
    source, title = edition.source_language, version.get("title", {})
    source_digest = digest(title.get(source, ""))
    for code in sorted(texts, key=lambda each: each != source):
        origin = Origin.MACHINE if code in version.get("machine", ()) else Origin.HUMAN
        title_digest = "" if code in version.get("title_outdated", ()) else source_digest
        made = add_rendition(
            edition, code, texts[code], title=title.get(code, ""), title_digest=title_digest,
            published_at=edition.published_at, paragraphs=paragraphs, origin=origin,
        )  # fmt: skip
        if is_last and code != source:
            Rendition.objects.create(
                document=edition.document,
                language=code,
                state=RenditionState.OUTDATED if made.outdated else RenditionState.PUBLISHED,
                origin=origin,
                title_digest=title_digest,
                published_at=edition.published_at,
            )


def _day(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None
