"""A body's meetings as its page lists them, and what meetings decided on a paragraph. Two queries each."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from plenara.core.languages import Localized, current, in_language
from plenara.events import reading as events
from plenara.events.calendar import Dated, Key
from plenara.events.models import Occurrence
from plenara.events.reading import Line
from plenara.outcomes.models import Body, DecisionParagraph, Outcome

#: Meetings that a body's page lists.
MOST = 30


def meetings_of(body: Body) -> list[Line]:
    """Return the meetings of a body whose agenda is shown, the last one first: a line for the first date of each."""
    found = Occurrence.objects.filter(
        event__dossier__body=body, event__dossier__published_at__isnull=False, is_shown=True
    )
    first: dict[int, Occurrence] = {}
    for each in found.select_related("event__prepares").order_by("-starts_at", "pk")[: 4 * MOST]:
        first[each.event_id] = each
    return events.told([Dated(Key(each.starts_at, 0, each.pk), each) for each in first.values()][:MOST])


@dataclass(frozen=True)
class Decided:
    """What a meeting decided on a paragraph."""

    number: int
    text: Localized
    meeting: Localized
    url: str  # of its dossier
    on: datetime.datetime


def decisions_on(outcome: Outcome, mark: int) -> list[Decided]:
    """Return the decisions of meetings that changed a paragraph, in their order."""
    found = DecisionParagraph.objects.filter(
        outcome=outcome, mark=mark, decision__dossier__reported_at__isnull=False
    ).select_related("decision__dossier__event")
    rows = []
    for each in found.order_by("decision__at", "pk"):
        decision, event = each.decision, each.decision.dossier.event
        rows.append(
            Decided(
                number=decision.number,
                text=in_language(decision.text),
                meeting=in_language(event.details.get("title") or {current(): _("no longer published")}),
                url=f"/{current()}/events/{event.number}/dossier/",
                on=decision.at,
            )
        )
    return rows
