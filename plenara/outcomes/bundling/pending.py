"""What outcomes that came in say of consultations that are not here yet: linked once these come in, and counted."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Q, QuerySet

from plenara.consultations.models import Consultation
from plenara.core.cache_tags import invalidate
from plenara.documents.models import PublishedParagraph
from plenara.outcomes.behind import cache_tags_behind
from plenara.outcomes.bundling.linking import Find, Loading, Version, answer, cite, keep, key_of, open_versions
from plenara.outcomes.bundling.matrix import untraced
from plenara.outcomes.models import Outcome, OutcomeEdition, Trace
from plenara.outcomes.tracing import keep_traces


def link_with(consultation: Consultation, find: Find) -> set[str]:
    """Link what outcomes here say of a consultation that has come in; return the slugs of their consultations.

    To be called in the transaction of the import, after its own outcomes.
    """
    linked: list[Outcome] = []
    changed: list[int] = []
    for outcome in _imported():
        paragraphs = _link(outcome, consultation, find)
        if paragraphs is not None:
            linked.append(outcome)
            changed += paragraphs
    # What a paragraph cites is also reached through it.
    lead = Q(edition__paragraphs__in=changed) | Q(edition__paragraphs__references__statement__in=changed)
    versions = OutcomeEdition.objects.filter(lead).distinct() if changed else OutcomeEdition.objects.none()
    for version in versions.select_related("outcome__body__consultation").order_by("pk"):
        _trace_again(version)
    homes = {each.body.consultation for each in linked}
    if linked:
        for cache_tag in cache_tags_behind([each.pk for each in linked], *homes):
            invalidate(cache_tag, nothing_goes=True)
    return {each.slug for each in homes} - {consultation.slug}


def pending(consultation: Consultation) -> tuple[Counter[str], Counter[str]]:
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
    """Return the outcomes that came in and name what was not here."""
    found = Outcome.objects.exclude(bundle={}).select_related("body__consultation", "document")
    return found.order_by("pk")


def _link(outcome: Outcome, consultation: Consultation, find: Find) -> list[int] | None:
    """Link what an outcome says of a consultation; return the paragraphs that changed, None where it says nothing."""
    kept, slug = dict(outcome.bundle), consultation.slug
    answers, openings = kept.get("answers", []), kept.get("openings", [])
    elsewhere = {place: _split(named, consultation) for place, named in kept.get("elsewhere", {}).items()}
    is_named = slug in answers or any(each["consultation"] == slug for each in openings)
    if not is_named and not any(mine for mine, _others in elsewhere.values()):
        return None
    versions = {each.edition.revision: each for each in outcome.editions.select_related("edition")}
    loading = Loading(outcome, find)
    ready: dict[int, Version] = {}
    paragraphs = []
    for place, (mine, _others) in elsewhere.items():
        revision, number = (int(each) for each in place.split("/"))
        if mine:
            version = ready.setdefault(revision, _version(versions[revision]))
            paragraph = PublishedParagraph.objects.get(edition=version.made.edition_id, mark=number)
            cite(loading, version, paragraph, mine)
            paragraphs.append(paragraph.pk)
    left = {place: _joined(others, loading.elsewhere.get(place, {})) for place, (_mine, others) in elsewhere.items()}
    kept["answers"], kept["openings"] = answer(outcome, answers), open_versions(outcome, openings, versions)
    keep(outcome, kept | {"elsewhere": {place: named for place, named in left.items() if named}})
    return paragraphs


def _split(named: dict[str, Any], consultation: Consultation) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what of these rows names a consultation or its documents, and what does not."""
    found: tuple[dict[str, Any], dict[str, Any]] = defaultdict(list), defaultdict(list)
    for key, rows in named.items():
        for place, row in rows:
            is_mine = (
                row["symbol"].startswith(f"{consultation.symbol}/")
                if key == "refers"
                else row["consultation"] == consultation.slug
            )
            found[not is_mine][key].append([place, row])
    return found


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    rows = {key: [*one.get(key, ()), *other.get(key, ())] for key in ("cites", "refers")}
    return {key: sorted(some, key=lambda each: each[0]) for key, some in rows.items() if some}


def _version(made: OutcomeEdition) -> Version:
    """Return a version that is here, with the reasons that it has."""
    return Version(made, made.edition.in_force, {key_of(each.words()): each for each in made.edition.reasons.all()})


def _trace_again(version: OutcomeEdition) -> None:
    """Write the traces of a version again, and leave out of the outcome's bundle the lines that they give now."""
    Trace.objects.filter(edition=version).delete()
    keep_traces(version)
    outcome = version.outcome
    if lines := [line for _revision, _place, line in outcome.bundle.get("matrix", ())]:
        keep(outcome, outcome.bundle | {"matrix": untraced(outcome, outcome.body.consultation, lines)})
