"""Export of outcomes from the record to the rows of a bundle: bodies, versions, paragraphs and the matrix."""

import datetime
import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import batched, groupby
from json import dumps, loads

from django.db.models import Prefetch, QuerySet

from plenara.consultations.models import Consultation
from plenara.contributions.models import Contribution, Edition
from plenara.core.rows import without_absent, written
from plenara.documents.actions.publication import signatures_of
from plenara.documents.models import (
    Origin,
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedReference,
    PublishedRendition,
    PublishedText,
)
from plenara.outcomes.bundle import COUNTED, COVERAGE, Row
from plenara.outcomes.models import Body, Member, Outcome, OutcomeEdition, PublishedObjection, Trace

#: Paragraphs in memory at once.
_BATCH = 200


def rows(consultation: Consultation) -> Iterator[Row]:
    """Yield the public bodies of a consultation, each with its published outcomes."""
    for body in Body.objects.filter(consultation=consultation).exclude(published_at=None).order_by("slug"):
        details = _body(body)
        found = list(published(body))
        if not found:
            yield {"body": details}
        for outcome in found:
            yield {"body": details} | _outcome(outcome, consultation)


def published(body: Body) -> QuerySet[Outcome]:
    """Return the published outcomes of a body."""
    found = body.outcomes.filter(editions__isnull=False).distinct().order_by("document__number", "slug")
    return found.select_related("document").prefetch_related(
        "consultations", "openings__consultation", "openings__edition__edition"
    )


def _body(body: Body) -> Row:
    return without_absent(
        slug=body.slug,
        name=body.name,
        mandate=body.mandate,
        begins_on=_day(body.begins_on),
        ends_on=_day(body.ends_on),
        published_at=written(body.published_at),
        members=[_member(each) for each in body.members.all()],
    )


def _member(member: Member) -> Row:
    return without_absent(
        part=member.part,
        name=member.name,
        stakeholder_group=member.stakeholder_group,
        organization=member.organization,
        country=member.country,
        since=_day(member.since),
        until=_day(member.until),
    )


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _outcome(outcome: Outcome, consultation: Consultation) -> Row:
    document, kept = outcome.document, outcome.bundle
    answers = {each.slug for each in outcome.consultations.all() if each.pk != consultation.pk and each.is_public}
    openings = [
        {"revision": each.edition.edition.revision, "consultation": each.consultation.slug}
        for each in outcome.openings.all()
        if each.consultation.is_public
    ]
    openings += kept.get("openings", [])
    return without_absent(
        slug=outcome.slug,
        number=document.number,
        symbol=document.symbol,
        source_language=document.source_language,
        answers=sorted(answers | set(kept.get("answers", []))),
        openings=sorted(openings, key=lambda each: (each["revision"], each["consultation"])),
        versions=[_version(each) for each in _versions(outcome)],
    )


def _versions(outcome: Outcome) -> QuerySet[OutcomeEdition]:
    renditions = PublishedRendition.objects.filter(in_force=True).order_by("language")
    found = OutcomeEdition.objects.filter(outcome=outcome).select_related("edition").order_by("edition__revision")
    return found.prefetch_related("sections", "edition__signatures", Prefetch("edition__renditions", renditions))


def _version(version: OutcomeEdition) -> Row:
    edition = version.edition
    renditions = {each.language: each for each in edition.renditions.all()}
    source = renditions[edition.source_language]
    return without_absent(
        revision=edition.revision,
        symbol=edition.symbol,
        is_correction=edition.is_correction or None,
        stage=version.stage,
        draft=version.draft or None,
        published_at=written(edition.published_at),
        title={code: each.title for code, each in renditions.items() if each.title},
        #: Languages whose title is outdated.
        title_outdated=[
            code for code, each in renditions.items() if source.title and each.title_digest != source.title_digest
        ],
        languages=list(renditions),
        machine=[code for code, each in renditions.items() if each.origin == Origin.MACHINE],
        sections=[
            without_absent(number=each.number, slug=each.slug, title=each.title) for each in version.sections.all()
        ],
        why_left=version.why_left,
        coverage=without_absent(
            **{key: version.figures.get(key) for key in COUNTED},
            **{key: version.figures.get(key) for key in COVERAGE},
        ),
        **signatures_of(edition),
    )


# --- paragraphs ---


def paragraphs(consultation: Consultation) -> Iterator[Row]:
    """Yield the paragraphs of every version, by outcome, version and place; some hundred are in memory at once."""
    cited = PublishedCitation.objects.select_related(
        "edition__contribution", "edition__consultation", "edition__text", "reason"
    )
    referred = PublishedReference.objects.select_related("statement__edition", "reason")
    texts = PublishedText.objects.filter(rendition__in_force=True).order_by("language")
    found = PublishedParagraph.objects.select_related("outcome_paragraph__section").prefetch_related(
        Prefetch("texts", texts),
        Prefetch("citations", cited),
        Prefetch("references", referred),
        Prefetch("outcome_paragraph__objections", PublishedObjection.objects.order_by("pk")),
    )
    for body in Body.objects.filter(consultation=consultation).exclude(published_at=None).order_by("slug"):
        for outcome in published(body):
            for version in _versions(outcome):
                ids = version.edition.paragraphs.order_by("number").values_list("pk", flat=True)
                for some in batched(list(ids), _BATCH):
                    for each in found.filter(pk__in=some).order_by("number"):
                        yield _paragraph(each, version, outcome, body, consultation)


def _paragraph(
    each: PublishedParagraph, version: OutcomeEdition, outcome: Outcome, body: Body, consultation: Consultation
) -> Row:
    source = version.edition.source_language
    texts = {text.language: text for text in each.texts.all()}
    made_from = texts[source].source_digest if source in texts else ""
    place = f"{version.edition.revision}/{each.public_number}"
    elsewhere = outcome.bundle.get("elsewhere", {}).get(place, {})
    cites = [_cite(cite, source, consultation) for cite in each.citations.all()]
    refers = [_refer(reference, source) for reference in each.references.all()]
    row = without_absent(
        outcome=f"{body.slug}/{outcome.slug}",
        version=version.edition.revision,
        number=each.public_number,
        place=each.number,
        section=each.outcome_paragraph.section.number,
        kind=each.kind,
        text={code: text.text for code, text in texts.items()},
        heading={code: text.heading for code, text in texts.items() if text.heading},
        outdated=[code for code, text in texts.items() if text.source_digest != made_from],
        agreement=each.outcome_paragraph.agreement,
        objections=[
            without_absent(name=said.name, reason=said.reason, language=said.language)
            for said in each.outcome_paragraph.objections.all()
        ],
        refers=_with_elsewhere(refers, elsewhere.get("refers", [])),
    )
    return row | {"cites": _with_elsewhere(cites, elsewhere.get("cites", []))}


def _with_elsewhere(here: list[Row], elsewhere: list) -> list[Row]:
    """Return the citations here, with those of an import that are not here, each at its place."""
    found = list(here)
    for place, row in sorted(elsewhere, key=lambda each: each[0]):
        found.insert(place, row)
    return found


def name_of(edition: Edition) -> str:
    """Return the id of an edition's contribution in a bundle."""
    return edition.contribution.bundle_id or edition.contribution.public_id or ""


def _cite(citation: PublishedCitation, source: str, consultation: Consultation) -> Row:
    edition = citation.edition
    gone = edition.is_gone or edition.text is None or edition.text.erased_at is not None
    return {"revision": edition.revision} | without_absent(
        id=name_of(edition),
        consultation=edition.consultation.slug if edition.consultation_id != consultation.pk else None,
        words=None if gone else citation.words,
        treatment=citation.response,
        reason=_reason(citation.reason, source),
    )


def _refer(reference: PublishedReference, source: str) -> Row:
    return without_absent(
        symbol=reference.statement.edition.symbol,
        number=reference.statement.public_number,
        treatment=reference.response,
        reason=_reason(reference.reason, source),
    )


def _reason(reason: PublishedReason | None, source: str) -> dict[str, str]:
    return {source: reason.text, **reason.texts} if reason else {}


#: Where a line is listed: the contribution's number, the paragraph's place, and what it leads through.
type _Place = tuple[int, int, str, int]


def matrix(consultation: Consultation) -> Iterator[Row]:
    """Yield the lines by outcome, contribution and paragraph, a stream."""
    for body in Body.objects.filter(consultation=consultation).exclude(published_at=None).order_by("slug"):
        for outcome in published(body):
            found = heapq.merge(_traced(outcome, consultation), _imported_lines(outcome), key=lambda each: each[0])
            yield from (line for _place, line in found)


def untraced(outcome: Outcome, consultation: Consultation, lines: Iterable[Row]) -> list:
    """Return the stored lines through a document that the outcome's traces do not have."""
    left = Counter(dumps(line, sort_keys=True) for line in lines if "through" in line)
    if left:
        left -= Counter(dumps(line, sort_keys=True) for _place, line in _traced(outcome, consultation))
    rows = [loads(line) for line in left.elements()]
    version = outcome.editions.select_related("edition").get(edition__in_force=True).edition
    places = dict(version.paragraphs.values_list("mark", "number")) if rows else {}
    numbers: dict[str, int] = {}
    for some in batched({row["id"] for row in rows}, _BATCH):
        known = Contribution.objects.filter(consultation=consultation, bundle_id__in=some)
        numbers |= {name: number or 0 for name, number in known.values_list("bundle_id", "number")}
    placed = [(_place(row, numbers[row["id"]], places[row["paragraph"]]), row) for row in rows]
    return [[version.revision, *each] for each in sorted(placed, key=lambda each: each[0])]


def _imported_lines(outcome: Outcome) -> Iterator[tuple[_Place, Row]]:
    """Yield the imported lines of the version in force that no trace has."""
    if kept := outcome.bundle.get("matrix"):
        in_force = outcome.editions.filter(edition__in_force=True).values_list("edition__revision", flat=True)
        last = in_force.get()
        yield from (((*place,), line) for revision, place, line in kept if revision == last)


def _traced(outcome: Outcome, consultation: Consultation) -> Iterator[tuple[_Place, Row]]:
    traces = Trace.objects.filter(edition__outcome=outcome, edition__edition__in_force=True, consultation=consultation)
    rows = traces.select_related("contribution", "paragraph", "statement__edition").order_by("number", "pk")
    # Databases sort symbols in different ways, so the lines of a contribution are sorted here.
    for _number, some in groupby(rows.iterator(chunk_size=_BATCH), key=lambda each: each.number):
        lines = [(each, _line(each, f"{outcome.body.slug}/{outcome.slug}")) for each in some]
        placed = [(_place(line, each.number, each.paragraph.number), line) for each, line in lines]
        yield from sorted(placed, key=lambda each: each[0])


def _line(trace: Trace, outcome: str) -> Row:
    statement = trace.statement
    through = {"symbol": statement.edition.symbol, "number": statement.public_number} if statement else None
    return without_absent(
        outcome=outcome,
        id=trace.contribution.bundle_id or trace.contribution.public_id,
        paragraph=trace.paragraph.public_number,
        treatment=trace.response,
        through=through,
    )


def _place(line: Row, number: int, paragraph: int) -> _Place:
    through = line.get("through", {})
    return number, paragraph, through.get("symbol", ""), through.get("number", 0)
