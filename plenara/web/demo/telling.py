"""Mail of the demo that nobody asked for singly: who follows what, and the digests of the last mornings."""

from functools import partial
from typing import Any

from plenara.consultations import actions as consultations
from plenara.consultations.telling import enqueue_digests
from plenara.moderation.reminding import enqueue_reminders
from plenara.web.demo.story import SLUGS, Story, content

type Row = dict[str, Any]

#: Mornings, in days ago, on which the worker looked at whom to write to. Of earlier ones no letter is kept.
MORNINGS = (3, 2, 1, 0)


def follow(story: Story) -> None:
    """Add to the timeline what the cast follows, and what they had in their mail."""
    for told in content("habits")["follows"]:
        story.timeline.add(story.day(SLUGS[0], told), f"{told['person']} follows", partial(_follow, story, told))
    for days_ago in MORNINGS:
        at = story.timeline.day(days_ago, "08:45", story.zones[SLUGS[0]])
        story.timeline.add(at, "reminders", enqueue_reminders)
        story.timeline.add(at, "digests", enqueue_digests)


def _follow(story: Story, told: Row) -> None:
    slug, number = told.get("consultation", ""), told.get("thread")
    consultations.follow(
        actor=story.people[told["person"]],
        what=told["what"],
        pace=told["pace"],
        consultation=story.consultations[slug] if slug and not number else None,
        thread=story.threads[slug, number] if number else None,
    )
