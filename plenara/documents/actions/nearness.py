"""How near in meaning texts are: a worker calculates it in pieces, and pages read it from the database."""

import uuid

from django.db.models import QuerySet

from plenara.core.models import AuditEntry
from plenara.core.prepared import prepared
from plenara.core.tasks import task
from plenara.core.text import digest
from plenara.core.transaction import writes
from plenara.documents.models import Document, Nearness
from plenara.documents.queries.nearness import Wanted, wanted
from plenara.documents.validation.words import sentences

#: Texts that one task encodes: a few seconds of work.
AT_ONCE = 40
#: Sentences of a statement that are compared on their own; a longer statement is compared only as a whole.
MOST_SENTENCES = 6


def enqueue_look(document: Document) -> None:
    """Enqueue a comparison of a document's new texts, once for each audit entry, which an action adds last."""
    last = next(iter(_last_act()), 0)
    compare.using(key=f"compare-{document.pk}-{last}").enqueue(document_id=document.pk)


@prepared
def _last_act() -> QuerySet[AuditEntry, int]:
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True)[:1]


@task
def compare(*, document_id: int) -> None:
    """Compare the new texts of a document: statements with citations, translations with sources."""
    compare_next(document_id)


def compare_next(document_id: int) -> int:
    """Compare some pairs, and enqueue the rest; return how many were compared."""
    document = Document.objects.filter(pk=document_id).first()
    left = wanted(document) if document else []
    now: list[Wanted] = []
    texts: dict[str, None] = {}
    for each in left:
        more = dict.fromkeys([*_parts(each), each.other])
        if now and len(texts | more) > AT_ONCE:
            break
        texts |= more
        now.append(each)
    if not now:
        return 0
    rows = _cosines(now, list(texts))
    with writes():
        Nearness.objects.bulk_create(rows, ignore_conflicts=True)
        if len(now) < len(left):
            compare.using(key=f"compare-{document_id}-{uuid.uuid4().hex}").enqueue(document_id=document_id)
    return len(now)


def _parts(pair: Wanted) -> list[str]:
    """Return the texts to compare, of which the nearest counts: the whole and, of a statement, its sentences."""
    parts = sentences(pair.one) if pair.by_sentence else []
    return [pair.one, *(parts if 1 < len(parts) <= MOST_SENTENCES else [])]


def _cosines(pairs: list[Wanted], texts: list[str]) -> list[Nearness]:
    from plenara.search import encoder

    rows = encoder.vectors(texts)
    place = {text: at for at, text in enumerate(texts)}

    def cosine(pair: Wanted) -> float:
        other = rows[place[pair.other]]
        return max(float(rows[place[part]] @ other) for part in _parts(pair))

    return [Nearness(one=digest(each.one), other=digest(each.other), cosine=cosine(each)) for each in pairs]
