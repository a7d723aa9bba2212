"""The search index of requests for correction: published ones, in their own words."""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.db.models import QuerySet
from django.utils.translation import pgettext

from plenara.consultations.models import State
from plenara.core.life_cycle import State as ItemState
from plenara.search.actions import index as search_index
from plenara.search.entries import Content, Found, register
from plenara.summaries.models import Correction

_BATCH = 200


def findable() -> QuerySet[Correction]:
    """Return the requests to index."""
    found = Correction.objects.filter(state=ItemState.PUBLISHED, number__isnull=False).exclude(text="")
    return found.exclude(consultation__stage=State.DRAFT)


def index(correction_ids: Iterable[int]) -> None:
    """Index these requests as they are now, or remove them. Called in the transaction that changes them."""
    for some in batched(correction_ids, _BATCH):
        search_index.lock_rows(Correction, some)
        rows = findable().filter(pk__in=some).select_related("edition", "byline").order_by("pk")
        there = [_content(each) for each in rows]
        search_index.take_out(CORRECTION.code, set(some) - {each.object_id for each in there})
        search_index.put(there)


class Corrections:
    """Requests for correction of summaries."""

    code, number = "correction", 4

    @property
    def name(self) -> str:
        return pgettext("option", "Request for correction")

    @property
    def names(self) -> str:
        return pgettext("option", "Requests for correction")

    def keep(self, object_ids: Iterable[int]) -> None:
        """Index the requests that have these texts."""
        index(object_ids)

    def everything(self) -> Iterator[Content]:
        """Yield all entries of the index."""
        last = 0
        while rows := list(findable().filter(pk__gt=last).select_related("edition", "byline").order_by("pk")[:_BATCH]):
            yield from map(_content, rows)
            last = rows[-1].pk

    def found(self, object_ids: Iterable[int]) -> dict[int, Found]:
        """Return requests as a list shows them. One query."""
        from plenara.summaries.corrections import presenters

        rows = findable().filter(pk__in=list(object_ids)).select_related("edition", "byline", "consultation")
        return {
            each.pk: Found(
                url=presenters.public_path(each),
                symbol=each.edition.symbol,
                title="",
                text=each.text,
                language=each.language,
                at=each.published_at,
                consultation=each.consultation,
                byline=each.signed,
                label=presenters.label(each),
            )
            for each in rows
        }


def _content(correction: Correction) -> Content:
    byline = correction.signed
    return Content(
        kind=CORRECTION.code,
        object_id=correction.pk,
        at=correction.published_at,
        language=correction.language,
        title="",
        text=correction.text,
        filters={
            "consultation": [str(correction.consultation_id)],
            "group": [correction.stakeholder_group],
            "country": [byline.country],
            "language": [correction.language],
            "author": [each for each in (byline.name, byline.organization) if each],
            "symbol": [correction.edition.symbol],
        },
    )


CORRECTION = Corrections()
register(CORRECTION)
