"""Links from imported outcomes to contributions, documents and consultations: made now, or when these are imported."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.cache_tags import invalidate
from plenara.core.rows import Json
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
from plenara.outcomes.actions.publication import write_traces
from plenara.outcomes.bundle import Row
from plenara.outcomes.bundle.queries import untraced
from plenara.outcomes.models import Opening, Outcome, OutcomeEdition, SectionThread, Trace
from plenara.outcomes.queries.consultations import cache_tags_behind

#: From the id of a contribution in the bundle and a revision to the edition; None if it is not here.
type Find = Callable[[Row], Edition | None]


@dataclass
class Loading:
    """An outcome being imported."""

    outcome: Outcome
    find: Find
    #: Working paragraphs of the last version by permanent number; for earlier deleted ones a negative id.
    origins: dict[int, int] = field(default_factory=dict)
    elsewhere: Json = field(default_factory=dict)
    bundle: Json = field(default_factory=dict)
    versions: list["Version"] = field(default_factory=list)

    @property
    def document(self) -> Document:
        return self.outcome.document


@dataclass
class Version:
    """A version being imported. Its citations are created once the paragraphs of every outcome are there."""

    made: OutcomeEdition
    is_last: bool
    reasons: dict[str, PublishedReason] = field(default_factory=dict)
    paragraphs: list[tuple[PublishedParagraph, Row]] = field(default_factory=list)


def link(loading: Loading, consultation: Consultation, matrix: Iterable[Row]) -> None:
    """Create the citations and references of an outcome's paragraphs, and its traces."""
    for version in loading.versions:
        for published, row in version.paragraphs:
            named = {key: [[*each] for each in enumerate(row.get(key, ()))] for key in ("cites", "refers")}
            link_citations(loading, version, published, named)
        write_traces(version.made)
    outcome = loading.outcome
    kept = loading.bundle | {"elsewhere": loading.elsewhere, "matrix": untraced(outcome, consultation, matrix)}
    store_unlinked(outcome, kept)


def store_unlinked(outcome: Outcome, bundle: Json) -> None:
    """Store the rows of an outcome's bundle that name things that are not here."""
    outcome.bundle = {key: value for key, value in bundle.items() if value}
    outcome.save(update_fields=["bundle"])


def link_consultations(outcome: Outcome, slugs: list[str]) -> list[str]:
    """Link the consultations that an outcome answers; return those that are not here."""
    known = {each.slug: each for each in Consultation.objects.filter(slug__in=slugs)}
    outcome.consultations.add(*known.values())
    return [each for each in slugs if each not in known]


def link_openings(outcome: Outcome, found: list[Row], versions: Mapping[int, OutcomeEdition]) -> list[Row]:
    """Link the versions that were opened for comment; return those whose consultation is not here.

    A consultation here with another parent, or none, was not opened for this outcome.
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
        # Its threads are the sections in order, then "What is missing?".
        SectionThread.objects.bulk_create(
            SectionThread(opening=made, thread=thread, section=section)
            for thread, section in zip(child.threads.order_by("number"), [*version.sections.all(), None], strict=False)
        )
    return left


def link_citations(
    loading: Loading, version: Version, published: PublishedParagraph, named: Mapping[str, list]
) -> None:
    """Create a paragraph's citations and references. Rows that name things not here stay in the outcome's bundle.

    `named` has the rows of `cites` and `refers`, each with its place in the paragraph.
    """
    edition, reasons = version.made.edition, version.reasons
    working = Paragraph.objects.filter(pk=published.origin).first() if version.is_last else None
    away: dict[str, list] = {}
    for place, row in named.get("cites", ()):
        cited = loading.find(row)
        if cited is None:
            away.setdefault("cites", []).append([place, row])
            continue
        how = {"response": row.get("treatment", ""), "words": row.get("words", ""), "position": place + 1}
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
            paragraph=published, statement=statement, reason=reason, response=refer.get("treatment", ""),
            position=place + 1,
        )  # fmt: skip
        if working:
            kept = _working_reason(loading.document, refer.get("reason", {}))
            Reference.objects.create(
                paragraph=working, statement=statement, reason=kept, response=refer.get("treatment", ""),
                position=place + 1,
            )  # fmt: skip
    if away:
        loading.elsewhere[f"{edition.revision}/{published.public_number}"] = away


def _statement(refer: Row) -> PublishedParagraph | None:
    found = PublishedParagraph.objects.filter(edition__symbol=refer["symbol"]).select_related("edition")
    return found.filter(mark=refer["number"]).first() or found.filter(mark=None, number=refer["number"]).first()


def _published_reason(
    edition: DocumentEdition, words: Mapping[str, str], reasons: dict[str, PublishedReason]
) -> PublishedReason | None:
    text = words.get(edition.source_language, "")
    if not text:
        return None
    # A shared reason stays one row; two with different translations are two rows.
    key = key_of(words)
    if key not in reasons:
        others = {code: each for code, each in words.items() if code != edition.source_language}
        reasons[key] = PublishedReason.objects.create(edition=edition, text=text, texts=others)
    return reasons[key]


def key_of(words: Mapping[str, str]) -> str:
    """Return the key of a reason: its words in all languages."""
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


def link_with(consultation: Consultation, find: Find) -> set[str]:
    """Link outcomes to an imported consultation; return the slugs of the outcomes' consultations.

    Called in the transaction of the import, after its own outcomes.
    """
    linked: list[Outcome] = []
    changed: list[int] = []
    for outcome in _imported():
        paragraphs = _link(outcome, consultation, find)
        if paragraphs is not None:
            linked.append(outcome)
            changed += paragraphs
    # Traces also lead through a cited paragraph.
    lead = Q(edition__paragraphs__in=changed) | Q(edition__paragraphs__references__statement__in=changed)
    versions = OutcomeEdition.objects.filter(lead).distinct() if changed else OutcomeEdition.objects.none()
    for version in versions.select_related("outcome__body__consultation").order_by("pk"):
        _trace_again(version)
    homes = {each.body.consultation for each in linked}
    if linked:
        for cache_tag in cache_tags_behind([each.pk for each in linked], *homes):
            invalidate(cache_tag, nothing_withdrawn=True)
    return {each.slug for each in homes} - {consultation.slug}


def unlinked_names(consultation: Consultation) -> tuple[Counter[str], Counter[str]]:
    """Return how often its outcomes name consultations, by slug, and documents, by symbol, that are not linked."""
    consultations: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for outcome in _imported().filter(body__consultation=consultation):
        kept = outcome.bundle
        consultations.update(kept.get("answers", ()))
        consultations.update(each["consultation"] for each in kept.get("openings", ()))
        for named in kept.get("elsewhere", {}).values():
            consultations.update(row["consultation"] for _place, row in named.get("cites", ()))
            documents.update(row["symbol"] for _place, row in named.get("refers", ()))
    return consultations, documents


def _imported() -> QuerySet[Outcome]:
    """Return the imported outcomes that name things that were not here."""
    found = Outcome.objects.exclude(bundle={}).select_related("body__consultation", "document")
    return found.order_by("pk")


def _link(outcome: Outcome, consultation: Consultation, find: Find) -> list[int] | None:
    """Link an outcome to a consultation; return the paragraphs that changed, None if it does not name it."""
    kept, slug = dict(outcome.bundle), consultation.slug
    answers, openings = kept.get("answers", []), kept.get("openings", [])
    elsewhere = {place: _split(named, consultation) for place, named in kept.get("elsewhere", {}).items()}
    is_named = slug in answers or any(each["consultation"] == slug for each in openings)
    if not is_named and not any(here for here, _others in elsewhere.values()):
        return None
    versions = {each.edition.revision: each for each in outcome.editions.select_related("edition")}
    loading = Loading(outcome, find)
    ready: dict[int, Version] = {}
    paragraphs = []
    for place, (here, _others) in elsewhere.items():
        revision, number = (int(each) for each in place.split("/"))
        if here:
            version = ready.setdefault(revision, _version(versions[revision]))
            paragraph = PublishedParagraph.objects.get(edition=version.made.edition_id, mark=number)
            link_citations(loading, version, paragraph, here)
            paragraphs.append(paragraph.pk)
    left = {place: _joined(others, loading.elsewhere.get(place, {})) for place, (_here, others) in elsewhere.items()}
    kept["answers"], kept["openings"] = link_consultations(outcome, answers), link_openings(outcome, openings, versions)
    store_unlinked(outcome, kept | {"elsewhere": {place: named for place, named in left.items() if named}})
    return paragraphs


def _split(named: Json, consultation: Consultation) -> tuple[Json, Json]:
    """Return the rows that name a consultation or its documents, and the others."""
    found: tuple[Json, Json] = defaultdict(list), defaultdict(list)
    for key, rows in named.items():
        for place, row in rows:
            is_here = (
                row["symbol"].startswith(f"{consultation.symbol}/")
                if key == "refers"
                else row["consultation"] == consultation.slug
            )
            found[not is_here][key].append([place, row])
    return found


def _joined(one: Json, other: Json) -> Json:
    rows = {key: [*one.get(key, ()), *other.get(key, ())] for key in ("cites", "refers")}
    return {key: sorted(some, key=lambda each: each[0]) for key, some in rows.items() if some}


def _version(made: OutcomeEdition) -> Version:
    """Return a version with its reasons."""
    return Version(made, made.edition.in_force, {key_of(each.words()): each for each in made.edition.reasons.all()})


def _trace_again(version: OutcomeEdition) -> None:
    """Write the traces of a version again, and delete the lines of the outcome's bundle that they now have."""
    Trace.objects.filter(edition=version).delete()
    write_traces(version)
    outcome = version.outcome
    if lines := [line for _revision, _place, line in outcome.bundle.get("matrix", ())]:
        store_unlinked(outcome, outcome.bundle | {"matrix": untraced(outcome, outcome.body.consultation, lines)})
