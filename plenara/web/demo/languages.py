"""What helps to read and translate in the demo: a glossary, contributions in other languages, a schedule, groups."""

from functools import partial
from typing import Any

from plenara.contributions.translating import actions as translating
from plenara.contributions.translating.finding import find
from plenara.documents.glossary import Words, add_term
from plenara.summaries.grouping_actions import ask_groups
from plenara.summaries.models import Schedule, Summary
from plenara.summaries.scheduling.actions import set_schedule
from plenara.web.demo.story import SLUGS, Story, content

type Told = dict[str, Any]
#: Who keeps the glossary, who set the schedule, and how many days ago.
WRITER, ASKER, DAYS_AGO = "rapporteur", "organizer", 46


def help_along(story: Story, slug: str) -> None:
    """Add the glossary, the translations and the schedule of a consultation to the timeline."""
    terms = content(f"{slug}/glossary")
    if terms:
        at = story.timeline.day(DAYS_AGO, "14:00", story.zones[slug])
        story.timeline.add(at, "glossary", partial(_keep_glossary, story, slug, terms))
    for told in content(f"{slug}/translations"):
        story.timeline.add(
            story.day(slug, told), f"{told['contribution']} in {told['language']}", partial(_translate, story, told)
        )


def look_ahead(story: Story) -> None:
    """Set the schedule of what is open, and ask for the groups of the summary in the making; all as of today."""
    consultation = story.consultations[SLUGS[0]]
    set_schedule(
        actor=story.people[ASKER],
        consultation=consultation,
        is_on=True,
        every=Schedule.Every.TWO_WEEKS,
        weekday=5,
        source_language="en",
        writing_days=5,
        translating_days=5,
        was=0,
    )
    making = Summary.objects.filter(consultation=consultation, document__number=None).first()
    if making:
        ask_groups(actor=story.people[WRITER], summary=making)


def _keep_glossary(story: Story, slug: str, terms: list[Told]) -> None:
    for told in terms:
        words = {code: Words(word, tuple(told["also"].get(code, ()))) for code, word in told["words"].items()}
        add_term(actor=story.people[WRITER], consultation=story.consultations[slug], words=words, note=told["note"])


def _translate(story: Story, told: Told) -> None:
    contribution = story.contribution(told["contribution"])
    text = contribution.editions.values_list("text", flat=True).get(in_force=True)
    original = find(contribution.consultation, text or 0)
    assert original is not None
    translating.save_translation(
        actor=story.people[told["by"]],
        original=original,
        language=told["language"],
        title=told["title"],
        content=told["text"],
        was="",
    )
