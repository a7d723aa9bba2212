"""The calendar's desk: events by title, possible duplicates, events with an unverified organizer."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from plenara.core.languages import Localized, in_language
from plenara.core.refusals import Answer
from plenara.core.text import clean_line, number_in
from plenara.core.views import StaffView
from plenara.directory.permissions import may_look_after
from plenara.events.models import Event, Occurrence
from plenara.events.presenters.proposals import hours_in_words
from plenara.events.queries import events
from plenara.events.queries.events import DESK_PAGE, MOST_ASKED


@dataclass(frozen=True)
class Row:
    """An event in a list of the desk."""

    event: Event
    title: Localized
    when: str
    organizer_name: str


def row_of(event: Event, date: Occurrence | None) -> Row:
    """Return an event with its title, a date and its organizer in words."""
    name = event.organizer.details.get("name") if event.organizer else None
    return Row(
        event=event,
        title=in_language(event.details.get("title")),
        when=hours_in_words({"start": date.starts_local, "end": date.ends_local}, date.timezone) if date else "",
        organizer_name=in_language(name).text if name else str(event.details.get("organizer_name") or ""),
    )


class Desk(StaffView):
    """Knows `q`, the search, and `unverified`, the key of that list's next page."""

    template_name = "events/desk.html"

    def allowed(self, *args: object, **kwargs: object) -> Answer:
        return may_look_after(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = clean_line(request.GET.get("q", ""))[:MOST_ASKED]
        found, pairs = events.found_by_title(asked), events.doubles()
        unverified, after = events.unverified(number_in(request.GET.get("unverified", "")))
        all_of_them = [*found, *unverified, *(event for each in pairs for event in (each.first, each.second))]
        dates = events.dates_of(all_of_them)
        rows = {each.pk: row_of(each, dates.get(each.pk)) for each in all_of_them}
        return self.page(
            request,
            {
                "asked": asked,
                "found": [rows[each.pk] for each in found[:DESK_PAGE]],
                "is_more": len(found) > DESK_PAGE,
                "pairs": [(rows[each.first.pk], rows[each.second.pk], each.percent) for each in pairs[:DESK_PAGE]],
                "more_pairs": len(pairs) > DESK_PAGE,
                "unverified": [rows[each.pk] for each in unverified],
                "unverified_after": after,
                "nav_current": "desk",
            },
        )
