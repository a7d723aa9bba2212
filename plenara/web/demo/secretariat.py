"""Letters and statements that the demo's secretariat entered, and a campaign that was decided on as one."""

from functools import partial
from typing import Any

from plenara.contributions import actions as contributions
from plenara.moderation import actions as moderation
from plenara.moderation.background import look
from plenara.moderation.models import Campaign, CampaignMember, Code
from plenara.web.demo import consulting, office, people
from plenara.web.demo.story import Story, after, content

type Row = dict[str, Any]


def enter(story: Story, slug: str) -> None:
    """Add to the timeline what came by letter or was said at a meeting, and who approved it."""
    for place, row in enumerate(content(f"{slug}/entered")):
        at = story.day(slug, row)
        story.timeline.add(at, f"{row['key']} entered", partial(_enter, story, slug, row))
        if "approved_by" in row:
            decided_at = min(office.decides_at(story, slug, at, place), at + (story.timeline.now - at) / 2)
            decide = partial(consulting.decide, story, row["approved_by"], row["key"], code=Code.APPROVED)
            story.timeline.add(decided_at, f"{row['key']} approved", decide)


def _enter(story: Story, slug: str, row: Row) -> None:
    received = story.timeline.day(row["received_days_ago"], "12:00", story.zones[slug])
    original = (row["original"], f"{row['values']['text']}\n".encode()) if "original" in row else None
    made = contributions.enter(
        actor=story.people[row["by"]],
        consultation=story.consultations[slug],
        values={**row["values"], "date": f"{received:%Y-%m-%d}"},
        key=f"demo-{row['key']}",
        original=original,
    )
    story.contributions[row["key"]] = made.pk


def campaign(story: Story, slug: str) -> None:
    """Add to the timeline the campaigns: nearly the same text from many people, decided on at once or waiting."""
    for told in content(f"{slug}/campaigns"):
        for place, person in enumerate(told["people"]):
            at = after(story.day(slug, told), minutes=place * told["minutes_between"])
            register = partial(people.register, story, person, wants_no_mail=True)
            story.timeline.add(after(at, minutes=-8), person["key"], register)
            story.timeline.add(at, f"{person['key']} sent", partial(_join_in, story, slug, told, person))
        if "decided_by" in told:
            decided_at = office.decides_at(story, slug, after(at, minutes=30), 1)
            story.timeline.add(min(decided_at, story.timeline.now), "campaign decided", partial(_decide, story, told))


def _join_in(story: Story, slug: str, told: Row, person: Row) -> None:
    """Submit the campaign's text as a person changed it."""
    text = told["text"]
    for words, instead in person.get("instead", []):
        assert words in text, words
        text = text.replace(words, instead)
    made = contributions.submit(
        actor=story.people[person["key"]],
        thread=story.threads[slug, told["thread"]],
        text="\n\n".join(part for part in (person.get("before"), text, person.get("after")) if part),
        language=told["language"],
        title=told["title"],
    )
    story.contributions[person["key"]] = made.pk
    look(of=made.kind, version_id=made.versions.get().pk)  # now, since moderators saw what belongs together


def _decide(story: Story, told: Row) -> None:
    first = story.contributions[told["people"][0]["key"]]
    found = Campaign.objects.select_related("consultation").get(
        pk=CampaignMember.objects.get(kind="contribution", object_id=first).campaign_id
    )
    waiting = list(found.items.values_list("pk", flat=True))
    moderation.decide_campaign(
        actor=story.people[told["decided_by"]],
        campaign=found,
        code=Code.APPROVED,
        sentence=told["sentence"],
        until=max(waiting),
    )
