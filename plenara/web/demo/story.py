"""What the makers of the demo's history share: its content, its timeline, and whom and what they have made so far."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Contribution
from plenara.web.demo.timeline import Timeline

CONTENT = Path(__file__).parent / "content"
#: The sample consultations. The first has summaries.
SLUGS = ("internet-governance", "digital-cooperation")


def content(name: str) -> Any:
    """Return what a file of the demo's content says; an empty list where there is no such file."""
    file = CONTENT / f"{name}.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else []


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
        """Return the moment that a row of a consultation's content names: days ago, and the time of day there.

        What waits came so many hours ago: how long it has waited is then the same at any time of day.
        """
        if "hours_ago" in row:
            return after(self.timeline.now, hours=-row["hours_ago"])
        return self.timeline.day(row["days_ago"], row["time"], self.zones[slug])


def after(moment: datetime.datetime, **span: float) -> datetime.datetime:
    """Return the moment that is so much later."""
    return moment + datetime.timedelta(**span)
