"""Building the demo: an installation with two consultations and their history, by the actions that the product uses.

Nothing gets around the rules: a person who contributes has a byline, one who decides has a role, what is cited is in
the record. Only the clock is set. Every moment is counted back from now, so that the demo is always some weeks old.
"""

import datetime
import zoneinfo

from django.utils import translation

from plenara.consultations.models import Consultation
from plenara.core import clock, tasks
from plenara.core.transaction import writes
from plenara.demo import postbox
from plenara.exports import actions
from plenara.exports.actions import make
from plenara.exports.queries.record import public_consultations
from plenara.moderation.actions import suggestions
from plenara.moderation.models import Item
from plenara_sample import SLUGS, community, consultation_history, content, desk, outcomes, people, summaries
from plenara_sample.timeline import LEFT, Progress, Story, Timeline

#: How many days ago the installation was set up, with calendar and directory: long enough for the first of their
#: entries to have been asked about.
SET_UP_DAYS_AGO = 540


def is_built() -> bool:
    """Return whether the demo's content exists. It is written in one transaction: all of it, or nothing."""
    return Consultation.objects.filter(slug__in=SLUGS).count() == len(SLUGS)


def build(progress: Progress = lambda done, total: None) -> None:
    """Write the demo's whole content into an empty, migrated database, and its e-mails into the postbox.

    `progress` is called with how many steps are done, and of how many. A second call changes nothing.
    """
    if is_built():
        return
    postbox.empty()
    zones = {slug: zoneinfo.ZoneInfo(content(f"{slug}/consultation")["timezone"]) for slug in SLUGS}
    story = Story(Timeline(clock.now()), zones)
    _add_history(story)
    with translation.override("en"), writes():
        story.timeline.play(progress)
        tasks.run_all(besides=LEFT)
        _want_hints(story)
        desk.look_ahead(story)
    # What the worker would make within a minute: for the first visitor.
    for consultation in public_consultations():
        make(consultation)
    actions.make_community()


def _add_history(story: Story) -> None:
    """Put the whole history on the timeline."""
    first = SLUGS[0]
    people.enter(story, SET_UP_DAYS_AGO, story.zones[first])
    entries = community.gather(story, SET_UP_DAYS_AGO)
    community.change_states(entries)
    for slug in SLUGS:
        consultation_history.hold_consultation(story, slug)
        consultation_history.enter_letters(story, slug)
        consultation_history.add_campaigns(story, slug)
        desk.work(story, slug)
        summaries.summarize(story, slug, story.zones[slug])
        desk.help_along(story, slug)
        summaries.ask_for_corrections(story, slug)
        outcomes.report(story, slug, entries)
    consultation_history.write_drafts(story)
    desk.prefer(story)
    desk.follow(story)
    desk.open_some(story)


def _want_hints(story: Story) -> None:
    """Switch on all hints, and let the worker begin with pending items: it checks everything once the demo runs."""
    for slug in SLUGS:
        consultation_history.want_all_hints(story, slug)
    first = clock.now() - datetime.timedelta(days=SET_UP_DAYS_AGO + 1)
    for item in Item.objects.filter(why=Item.Why.PENDING):
        key = f"look-first-{item.kind}-{item.version_id}"
        suggestions.make_suggestions.using(key=key, run_after=first).enqueue(of=item.kind, version_id=item.version_id)
