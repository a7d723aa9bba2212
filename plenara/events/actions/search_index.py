"""Search of events: the published ones, in each language of their texts."""

from collections.abc import Iterable, Iterator
from itertools import batched

from django.db.models import QuerySet
from django.utils.translation import pgettext

from plenara.core.languages import current, in_language
from plenara.core.life_cycle import State
from plenara.events.models import Details, Event
from plenara.search.actions import index
from plenara.search.entries import Content, Found, register

_BATCH = 200


def findable() -> QuerySet[Event]:
    """Return the events that the index contains."""
    return Event.objects.filter(state=State.PUBLISHED, number__isnull=False)


def index_events(event_ids: Iterable[int]) -> None:
    """Index these events, or remove them from the index. In the transaction that changes them."""
    for some in batched(event_ids, _BATCH):
        index.lock_rows(Event, some)
        there = [_content(each) for each in findable().filter(pk__in=some).select_related("prepares").order_by("pk")]
        index.take_out(EVENT.code, set(some) - {each.object_id for each in there})
        index.put(there)


def index_new_events(events: Iterable[Event]) -> None:
    """Index public events that the index never had."""
    index.put(map(_content, events), are_new=True)


class Events:
    """Meetings and workshops of the calendar."""

    code, number = "event", 5

    @property
    def name(self) -> str:
        return pgettext("option", "Event")

    @property
    def names(self) -> str:
        return pgettext("option", "Events")

    def keep(self, object_ids: Iterable[int]) -> None:
        """`index_events`."""
        index_events(object_ids)

    def everything(self) -> Iterator[Content]:
        """Yield all that the index should have."""
        last = 0
        while rows := list(findable().filter(pk__gt=last).select_related("prepares").order_by("pk")[:_BATCH]):
            yield from map(_content, rows)
            last = rows[-1].pk

    def found(self, object_ids: Iterable[int]) -> dict[int, Found]:
        """Return events as a list shows them. One query."""
        rows = findable().filter(pk__in=list(object_ids)).select_related("prepares")
        return {each.pk: _found(each) for each in rows}


def _found(event: Event) -> Found:
    title, text = in_language(event.details["title"]), in_language(event.details.get("description"))
    return Found(
        url=f"/{current()}/events/{event.number}/",
        symbol="",
        title=title.text,
        text=text.text or str(event.details.get("place", "")),
        language=text.language if text.text else title.language,
        at=event.published_at,
        consultation=event.prepares,
    )


def _content(event: Event) -> Content:
    details: Details = event.details
    title, description = details["title"], details.get("description", {})
    report = details.get("report", {}).get("text", {})
    languages = list(dict.fromkeys([*title, *description]))
    words = [*title.values(), *description.values(), *report.values()]
    words += [details.get("place", ""), details.get("organizer_name", ""), *_document_titles(details)]
    return Content(
        kind=EVENT.code,
        object_id=event.pk,
        at=event.published_at,
        language=languages[0],
        title=in_language(title, languages[0]).text,
        text="\n\n".join(filter(None, words)),
        filters={
            "consultation": [str(event.prepares_id)] if event.prepares_id else [],
            "country": [details["country"]] if details.get("country") else [],
            # The languages of its texts, as of every search result; the calendar filters by those of the meeting.
            "language": languages,
            "theme": details.get("themes", []),
        },
    )


def _document_titles(details: Details) -> list[str]:
    return [each["title"] for each in details.get("documents", [])]


EVENT = Events()
register(EVENT)
