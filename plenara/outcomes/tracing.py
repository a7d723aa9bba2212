"""From a version of an outcome back to contributions: one `Trace` for each citation that leads to one.

A statement that is cited leads to the contributions that it cites. Written in pieces, so that five thousand citations
of statements that rest on ten contributions each need no more memory than fifty.
"""

from collections.abc import Iterator
from itertools import batched

from plenara.documents.models import PublishedCitation, PublishedReference
from plenara.outcomes.models import OutcomeEdition, Trace

_BATCH = 500


def keep_traces(edition: OutcomeEdition) -> int:
    """Write the traces of a version; return how many. In the transaction that publishes it."""
    count = 0
    for some in batched(_traces(edition), _BATCH):
        Trace.objects.bulk_create(some)
        count += len(some)
    return count


def _traces(edition: OutcomeEdition) -> Iterator[Trace]:
    own = PublishedCitation.objects.filter(paragraph__edition=edition.edition_id).select_related("edition")
    for each in own.order_by("paragraph__number", "position").iterator(chunk_size=_BATCH):
        yield _trace(edition, each.paragraph_id, each, each.treatment, each.reason_id)
    references = PublishedReference.objects.filter(paragraph__edition=edition.edition_id)
    for some in batched(references.order_by("paragraph__number", "position"), _BATCH):
        beneath: dict[int, list[PublishedCitation]] = {}
        cited = PublishedCitation.objects.filter(paragraph__in={each.statement_id for each in some})
        for citation in cited.select_related("edition").order_by("position"):
            beneath.setdefault(citation.paragraph_id, []).append(citation)
        for reference in some:
            for citation in beneath.get(reference.statement_id, []):
                yield _trace(
                    edition, reference.paragraph_id, citation, reference.treatment, reference.reason_id,
                    statement=reference.statement_id,
                )  # fmt: skip


def _trace(
    edition: OutcomeEdition,
    paragraph: int,
    citation: PublishedCitation,
    treatment: str,
    reason: int | None,
    statement: int | None = None,
) -> Trace:
    cited = citation.edition
    return Trace(
        edition=edition, paragraph_id=paragraph, contribution_id=cited.contribution_id, cited=cited,
        statement_id=statement, treatment=treatment, reason_id=reason, consultation_id=cited.consultation_id,
        number=cited.number,
    )  # fmt: skip
