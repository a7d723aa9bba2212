"""What was read of texts that are not published any more: withdrawn, removed, or revised since."""

from itertools import batched

from plenara.contributions.models import Edition
from plenara.core.transaction import writes
from plenara.search import actions as search_actions
from plenara.search.models import Vector
from plenara.summaries.models import Member
from plenara.summaries.understanding.names import KIND


def sweep() -> int:
    """Forget the vectors of editions that are not in force, and the sentences of those that are gone.

    Returns how many editions. Of one that was revised the sentences stay where a person put them, until the groups are
    made again and find them in the revision.
    """
    standing = Edition.objects.filter(in_force=True, status=Edition.Status.PUBLISHED)
    over = Vector.objects.filter(kind=KIND, place=0).exclude(object_id__in=standing.values("pk"))
    swept = 0
    for some in batched(list(over.values_list("object_id", flat=True)), 500):
        with writes():
            search_actions.forget(KIND, some)
        swept += len(some)
    with writes():
        Member.objects.exclude(edition__status=Edition.Status.PUBLISHED).delete()
    return swept
