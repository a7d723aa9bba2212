"""Building the demo: an installation with two consultations and their history, by the actions that the product uses.

Nothing is written past the rules: who contributes has a byline, who decides has a role, what is cited stands in the
record. Only the clock is set. The moments are reckoned from now, so that the demo is always some weeks old.
"""

import zoneinfo
from functools import partial

from django.utils import translation

from plenara.common import clock
from plenara.consultations.models import Consultation
from plenara.contributions.actions import save_draft
from plenara.ledger import errands
from plenara.ledger.transaction import writes
from plenara.web.demo import consulting, people, postbox, summarizing
from plenara.web.demo.story import SLUGS, Story, content
from plenara.web.demo.timeline import Progress, Timeline

#: Days before the first consultation opened at which the installation was set up.
SET_UP_BEFORE = 15


def is_built() -> bool:
    """Say whether the demo's content is there. It is written in one transaction: all of it, or nothing."""
    return Consultation.objects.filter(slug__in=SLUGS).count() == len(SLUGS)


def build(progress: Progress = lambda done, total: None) -> None:
    """Write the demo's whole content into an empty, migrated database, and its letters into the postbox.

    `progress` is told how many acts are done, and of how many. A second call changes nothing.
    """
    if is_built():
        return
    postbox.empty()
    story = Story(Timeline(clock.now()))
    _tell(story)
    with translation.override("en"), writes():
        story.timeline.play(progress)
        errands.run_all()


def _tell(story: Story) -> None:
    """Put the whole history on the timeline."""
    zones = {slug: zoneinfo.ZoneInfo(content(f"{slug}/consultation")["timezone"]) for slug in SLUGS}
    first = SLUGS[0]
    people.enter(story, content(f"{first}/consultation")["opens_days_ago"] + SET_UP_BEFORE, zones[first])
    for slug in SLUGS:
        consulting.hold(story, slug, zones[slug])
        summarizing.summarize(story, slug, zones[slug])
    for draft in content("cast")["drafts"]:
        at = story.timeline.day(draft["days_ago"], draft["time"], zones[first])
        story.timeline.add(at, draft["key"], partial(_keep_draft, story, draft))


def _keep_draft(story: Story, draft: dict[str, str]) -> None:
    save_draft(
        actor=story.people[draft["author"]],
        thread=story.threads[SLUGS[0], int(draft["thread"])],
        key=draft["key"],
        text=draft["text"],
        language=draft["language"],
        title=draft["title"],
    )
