"""A history that is planned and then replayed, every event at its moment; and its results so far."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Contribution
from plenara.core import clock, tasks

#: Events in the future when the demo is built (later on the same day) happened so long ago.
FRESH = datetime.timedelta(minutes=3)
#: Tasks that are left for the worker of a running demo: those that load the sentence encoder or other models, and
#: printing, which takes seconds each.
LEFT = (
    "moderation.make_suggestions",
    "documents.compare",
    "summaries.read_period",
    "summaries.group",
    "summaries.print_edition",
    "summaries.print_changed",
    "outcomes.print_edition",
    "outcomes.print_changed",
    "outcomes.make_dossier",
    "search.read",
)
#: Between two such steps.
STEP = datetime.timedelta(minutes=1)

type Progress = Callable[[int, int], None]


@dataclass
class Event:
    """One step of the history: its moment, and what is done then."""

    at: datetime.datetime
    name: str
    act: Callable[[], object]


@dataclass
class Timeline:
    """The steps of a history, in any order until they are played."""

    now: datetime.datetime
    events: list[Event] = field(default_factory=list)

    def add(self, at: datetime.datetime, name: str, act: Callable[[], object]) -> None:
        """Add an act at a moment. Of two at one moment the one added first is first."""
        self.events.append(Event(at, name, act))

    def day(self, days_ago: float, time: str, zone: datetime.tzinfo) -> datetime.datetime:
        """Return the moment, in UTC, of a time of day in a zone, so many days before the present day there."""
        date = self.now.astimezone(zone).date() - datetime.timedelta(days=days_ago)
        return datetime.datetime.combine(date, datetime.time.fromisoformat(time), zone).astimezone(datetime.UTC)

    def in_order(self) -> list[Event]:
        """Return the steps in the order of time, none of them in the future."""
        events = sorted(self.events, key=lambda event: event.at)
        latest = self.now - FRESH
        for event in reversed(events):
            if event.at <= latest:
                break
            event.at, latest = latest, latest - STEP
        return events

    def play(self, progress: Progress) -> None:
        """Take each step with the clock set to its moment, then run what it enqueues, but for what is `LEFT`."""
        events = self.in_order()
        for done, event in enumerate(events, 1):
            with clock.at(event.at):
                try:
                    event.act()
                except Exception as error:
                    error.add_note(f"in the demo's history: {event.name}, {event.at:%Y-%m-%d %H:%M} UTC")
                    raise
                tasks.run_all(besides=LEFT)
            progress(done, len(events))


@dataclass
class Story:
    """The history, and the cast and things in it by their keys in the content."""

    timeline: Timeline
    zones: Mapping[str, datetime.tzinfo]  # of each consultation
    people: dict[str, Person] = field(default_factory=dict)
    consultations: dict[str, Consultation] = field(default_factory=dict)
    threads: dict[tuple[str, int], Thread] = field(default_factory=dict)
    contributions: dict[str, int] = field(default_factory=dict)  # key → id

    def contribution(self, key: str) -> Contribution:
        """Return a contribution as it is at this point of the history."""
        found = Contribution.objects.select_related("thread__consultation", "consultation", "author")
        return found.get(pk=self.contributions[key])

    def day(self, slug: str, row: dict[str, Any]) -> datetime.datetime:
        """Return the moment of a row of a consultation's content: days ago, and the time of day there.

        Pending items have hours ago: their waiting time is then the same at any time of day.
        """
        if "hours_ago" in row:
            return after(self.timeline.now, hours=-row["hours_ago"])
        return self.timeline.day(row["days_ago"], row["time"], self.zones[slug])


def after(moment: datetime.datetime, **span: float) -> datetime.datetime:
    """Return a later moment."""
    return moment + datetime.timedelta(**span)
