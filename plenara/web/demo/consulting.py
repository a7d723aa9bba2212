"""A consultation of the demo: how it was made and announced, what was sent to it, and what moderators decided."""

import datetime
from functools import partial
from typing import Any

from django.utils import translation

from plenara.common.languages import django_code
from plenara.consultations import actions as consultations
from plenara.contributions import actions as contributions
from plenara.contributions.models import State
from plenara.moderation import actions as moderation
from plenara.moderation.models import Code
from plenara.web.demo import people
from plenara.web.demo.story import Story, after, content
from plenara.web.demo.timeline import Timeline

#: What a consultation's content says of it and an action takes as it is.
DETAILS = ("title", "symbol", "slug", "intro", "timezone", "languages", "word_limit", "licence", "promise_working_days")
#: Who decides, in turn.
MODERATORS = {"internet-governance": ("moderator-1", "moderator-2"), "digital-cooperation": ("moderator-3",)}
CODES = {"returned": Code.RETURNED, "rejected": Code.REJECTED}

type Row = dict[str, Any]


def hold(story: Story, slug: str, zone: datetime.tzinfo) -> None:
    """Add a consultation's whole history to the timeline."""
    told = content(f"{slug}/consultation")
    add, day = story.timeline.add, story.timeline.day
    opens_at = day(told["opens_days_ago"], "09:00", zone)
    closes_at = day(-told["closes_in_days"], "23:59", zone)
    add(day(told["opens_days_ago"] + 13, "10:00", zone), slug, partial(_create, story, told, opens_at, closes_at))
    add(after(opens_at, days=-7), f"{slug} announced", partial(_announce, story, slug))
    add(opens_at, f"{slug} opened", lambda: None)  # the clock opens it; what that owes is done at this moment
    rows = content(f"{slug}/contributions")
    _let_in(story, slug, rows, zone)
    for place, row in enumerate(rows):
        _contribute(story, slug, row, rows, place, zone)


def _create(story: Story, told: Row, opens_at: datetime.datetime, closes_at: datetime.datetime) -> None:
    organizer = story.people["organizer"]
    details = {name: told[name] for name in DETAILS}
    made = consultations.create(actor=organizer, opens_at=opens_at, closes_at=closes_at, **details)
    for thread in told["threads"]:
        consultations.add_thread(
            actor=organizer, consultation=made, question=thread["question"], guidance=thread["guidance"]
        )
    story.consultations[made.slug] = made
    people.grant_roles(story, made.slug)


def _announce(story: Story, slug: str) -> None:
    made = consultations.announce(actor=story.people["organizer"], consultation=story.consultations[slug])
    story.consultations[slug] = made
    for thread in made.threads.select_related("consultation"):
        story.threads[slug, thread.number] = thread


def _let_in(story: Story, slug: str, rows: list[Row], zone: datetime.tzinfo) -> None:
    """Let each participant register shortly before they first write."""
    first = {row["author"]: row for row in reversed(rows)}
    for person in content(f"{slug}/people"):
        row = first[person["key"]]
        at = after(story.timeline.day(row["days_ago"], row["time"], zone), minutes=-50)
        story.timeline.add(at, person["key"], partial(people.register, story, person))


def _contribute(story: Story, slug: str, row: Row, rows: list[Row], place: int, zone: datetime.tzinfo) -> None:
    """Add a contribution's history: sent, decided, and what became of it."""
    key, timeline = row["key"], story.timeline
    told = content("decisions").get(key, {})
    sent_at = timeline.day(row["days_ago"], row["time"], zone)
    timeline.add(sent_at, f"{key} sent", partial(_submit, story, slug, row))
    if row["fate"] == "pending":
        return
    moderator = told.get("by", MODERATORS[slug][place % len(MODERATORS[slug])])
    decided_at = min(_some_hours_later(sent_at, place), _before(timeline, key, sent_at, rows, zone))
    timeline.add(decided_at, f"{key} decided", partial(_decide, story, slug, row, moderator, told.get("sentence", "")))
    if revision := row.get("revision"):
        revised_at = timeline.day(revision["days_ago"], revision["time"], zone)
        other = MODERATORS[slug][(place + 1) % len(MODERATORS[slug])]
        timeline.add(revised_at, f"{key} revised", partial(_revise, story, row))
        timeline.add(
            _some_hours_later(revised_at, place), f"{key} decided again", partial(_decide, story, slug, row, other, "")
        )
    if row["fate"] == "withdrawn":
        at = timeline.day(told["withdrawn_days_ago"], told["time"], zone)
        timeline.add(at, f"{key} withdrawn", partial(_withdraw, story, row))
    if row["fate"] == "removed":
        at = timeline.day(told["days_ago"], told["time"], zone)
        timeline.add(at, f"{key} removed", partial(_remove, story, row, moderator, told["sentence"]))


def _some_hours_later(at: datetime.datetime, place: int) -> datetime.datetime:
    """Return a moment two to eight hours later: another for each, the same at each start."""
    return after(at, minutes=120 + place * 37 % 360)


def _before(
    timeline: Timeline, key: str, sent_at: datetime.datetime, rows: list[Row], zone: datetime.tzinfo
) -> datetime.datetime:
    """Return the moment half-way to the first reply: what is answered was published before."""
    replies = [timeline.day(row["days_ago"], row["time"], zone) for row in rows if row.get("in_reply_to") == key]
    return sent_at + (min(replies) - sent_at) / 2 if replies else timeline.now


def _submit(story: Story, slug: str, row: Row) -> None:
    answered = row.get("in_reply_to")
    made = contributions.submit(
        actor=story.people[row["author"]],
        thread=story.threads[slug, row["thread"]],
        text=row["text"],
        language=row["language"],
        title=row.get("title", ""),
        in_reply_to=story.contribution(answered) if answered else None,
    )
    story.contributions[row["key"]] = made.pk


def _decide(story: Story, slug: str, row: Row, moderator: str, sentence: str) -> None:
    actor, contribution = story.people[moderator], story.contribution(row["key"])
    moved_to = row.get("moved_to") if contribution.number is None else None
    code = Code.MOVED if moved_to else CODES.get(row["fate"], Code.APPROVED)
    with translation.override(django_code(actor.language)):  # a moderator's own words are in the language of the page
        moderation.decide(
            actor=actor,
            kind="contribution",
            pk=contribution.pk,
            version_id=contribution.versions.get(state=State.PENDING).pk,
            code=code,
            reason=row["reason"] if code in CODES.values() else "",
            sentence=sentence if code in CODES.values() else "",
            thread=story.threads[slug, moved_to] if moved_to else None,
        )


def _revise(story: Story, row: Row) -> None:
    contributions.revise(
        actor=story.people[row["author"]],
        contribution=story.contribution(row["key"]),
        text=row["revision"]["text"],
        language=row["language"],
        title=row.get("title", ""),
    )


def _withdraw(story: Story, row: Row) -> None:
    contributions.withdraw(actor=story.people[row["author"]], contribution=story.contribution(row["key"]))


def _remove(story: Story, row: Row, moderator: str, sentence: str) -> None:
    actor = story.people[moderator]
    with translation.override(django_code(actor.language)):
        moderation.remove(
            actor=actor,
            kind="contribution",
            pk=story.contributions[row["key"]],
            reason=row["reason"],
            sentence=sentence,
        )
