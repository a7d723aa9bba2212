"""Building the demo: an installation with two consultations and their history, by the actions that the product uses.

Nothing is written past the rules: who contributes has a byline, who decides has a role, what is cited stands in the
record. Only the clock is set. The moments are reckoned from now, so that the demo is always some weeks old.
"""

import datetime
import zoneinfo

from django.utils import translation

from plenara.archive.community import exports
from plenara.archive.exports.making import make
from plenara.archive.finding import public_consultations
from plenara.consultations.models import Consultation
from plenara.core import clock, tasks
from plenara.core.transaction import writes
from plenara.moderation import tasks as moderation_tasks
from plenara.moderation.models import Item
from plenara.web.demo import (
    clearing,
    community,
    consulting,
    desk,
    languages,
    people,
    postbox,
    putting_right,
    reporting,
    secretariat,
    standing,
    summarizing,
    telling,
)
from plenara.web.demo.story import SLUGS, Story, content
from plenara.web.demo.timeline import LEFT, Progress, Timeline

#: Days ago at which the installation was set up, with calendar and directory: long enough for the first of their
#: entries to have been asked about.
SET_UP_DAYS_AGO = 540


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
    zones = {slug: zoneinfo.ZoneInfo(content(f"{slug}/consultation")["timezone"]) for slug in SLUGS}
    story = Story(Timeline(clock.now()), zones)
    _tell(story)
    with translation.override("en"), writes():
        story.timeline.play(progress)
        tasks.run_all(besides=LEFT)
        _want_hints(story)
        languages.look_ahead(story)
    # What the worker would make within a minute: the first visitor finds it there.
    for consultation in public_consultations():
        make(consultation)
    exports.make()


def _tell(story: Story) -> None:
    """Put the whole history on the timeline."""
    first = SLUGS[0]
    people.enter(story, SET_UP_DAYS_AGO, story.zones[first])
    told = community.gather(story, SET_UP_DAYS_AGO)
    standing.stand(told)
    for slug in SLUGS:
        consulting.hold(story, slug)
        secretariat.enter(story, slug)
        secretariat.campaign(story, slug)
        desk.work(story, slug)
        summarizing.summarize(story, slug, story.zones[slug])
        languages.help_along(story, slug)
        putting_right.ask(story, slug)
        reporting.report(story, slug, told)
    clearing.keep_drafts(story)
    desk.prefer(story)
    telling.follow(story)
    desk.open_some(story)


def _want_hints(story: Story) -> None:
    """Switch on all hints, and let the worker begin with what waits: it looks at everything once the demo runs."""
    for slug in SLUGS:
        consulting.want_all_hints(story, slug)
    first = clock.now() - datetime.timedelta(days=SET_UP_DAYS_AGO + 1)
    for item in Item.objects.filter(why=Item.Why.PENDING):
        key = f"look-first-{item.kind}-{item.version_id}"
        moderation_tasks.look.using(key=key, run_after=first).enqueue(of=item.kind, version_id=item.version_id)
