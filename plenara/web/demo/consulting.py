"""A consultation of the demo: how it was made and announced, what was sent to it, and what moderators decided."""

import datetime
from functools import partial
from typing import Any

from django.utils import translation

from plenara.consultations import actions as consultations
from plenara.contributions import actions as contributions
from plenara.contributions.models import State, Version
from plenara.core.languages import django_code
from plenara.moderation import actions as moderation
from plenara.moderation.models import Code, Suggestion
from plenara.web.demo import clearing, office, people
from plenara.web.demo.story import Story, after, content

#: What a consultation's content says of it and an action takes as it is.
DETAILS = ("title", "symbol", "slug", "intro", "timezone", "languages", "word_limit", "licence", "promise_working_days")
#: Who decides, in turn.
MODERATORS = {"internet-governance": ("moderator-1", "moderator-2"), "digital-cooperation": ("moderator-3",)}
#: What a fate begins with, where that is not an approval. Who sent again what was returned waits anew.
CODES = {"returned": Code.RETURNED, "sent again": Code.RETURNED, "rejected": Code.REJECTED}

type Row = dict[str, Any]


def hold(story: Story, slug: str) -> None:
    """Add a consultation's whole history to the timeline."""
    told, zone = content(f"{slug}/consultation"), story.zones[slug]
    add, day = story.timeline.add, story.timeline.day
    opens_at = day(told["opens_days_ago"], "09:00", zone)
    closes_at = day(-told["closes_in_days"], "23:59", zone)
    add(day(told["opens_days_ago"] + 13, "10:00", zone), slug, partial(_create, story, told, opens_at, closes_at))
    add(after(opens_at, days=-7), f"{slug} announced", partial(_announce, story, slug))
    add(opens_at, f"{slug} opened", lambda: None)  # the clock opens it; what that enqueues is done at this moment
    rows = content(f"{slug}/contributions")
    _let_in(story, slug, rows)
    for place, row in enumerate(rows):
        _contribute(story, slug, row, rows, place)


def _create(story: Story, told: Row, opens_at: datetime.datetime, closes_at: datetime.datetime) -> None:
    organizer, slug = story.people["organizer"], told["slug"]
    details = {name: told[name] for name in DETAILS}
    made = consultations.create(
        actor=organizer,
        opens_at=opens_at,
        closes_at=closes_at,
        holidays=[day.isoformat() for day in office.holidays(story, slug)],
        moderation_guide=content(f"{slug}/guide"),
        suggestions_off=[what for what in Suggestion.What.values if what != Suggestion.What.SAME],
        **details,
    )
    for thread in told["threads"]:
        consultations.add_thread(
            actor=organizer,
            consultation=made,
            question=thread["question"],
            guidance=thread["guidance"],
            themes=thread["themes"],
        )
    story.consultations[slug] = made
    people.grant_roles(story, slug)


def _announce(story: Story, slug: str) -> None:
    made = consultations.announce(actor=story.people["organizer"], consultation=story.consultations[slug])
    story.consultations[slug] = made
    for thread in made.threads.select_related("consultation"):
        story.threads[slug, thread.number] = thread


def want_all_hints(story: Story, slug: str) -> None:
    """Let a machine point out to moderators all that it can notice."""
    consultations.edit(actor=story.people["organizer"], consultation=story.consultations[slug], suggestions_off=[])


def _let_in(story: Story, slug: str, rows: list[Row]) -> None:
    """Let each participant register shortly before they first write."""
    first = {row["author"]: row for row in reversed(rows)}
    for person in content(f"{slug}/people"):
        at = after(story.day(slug, first[person["key"]]), minutes=-50)
        story.timeline.add(at, person["key"], partial(people.register, story, person, wants_no_mail=True))


def _contribute(story: Story, slug: str, row: Row, rows: list[Row], place: int) -> None:
    """Add a contribution's history: sent, decided, and what became of it."""
    key, timeline = row["key"], story.timeline
    told = content("decisions").get(key, {})
    sent_at = story.day(slug, row)
    clearing.prepare(story, slug, row, sent_at)
    timeline.add(sent_at, f"{key} sent", partial(_submit, story, slug, row))
    if row["fate"] == "pending":
        return
    moderator = told.get("by", MODERATORS[slug][place % len(MODERATORS[slug])])
    decided_at = min(
        office.decides_at(story, slug, sent_at, place), sent_at + (_what_follows(story, slug, row, rows) - sent_at) / 2
    )
    if "undone" in told:
        _change_mind(story, row, moderator, told["undone"], after(decided_at, minutes=-4))
    decide = partial(_decide, story, slug, row, moderator, told.get("sentence", ""))
    timeline.add(decided_at, f"{key} decided", decide)
    if revision := row.get("revision"):
        revised_at = story.day(slug, revision)
        timeline.add(revised_at, f"{key} revised", partial(_revise, story, row))
        if row["fate"] == "publish":
            other = MODERATORS[slug][(place + 1) % len(MODERATORS[slug])]
            again_at = office.decides_at(story, slug, revised_at, place)
            timeline.add(again_at, f"{key} decided again", partial(_decide, story, slug, row, other, ""))
    if row["fate"] == "withdrawn":
        at = timeline.day(told["withdrawn_days_ago"], told["time"], story.zones[slug])
        timeline.add(at, f"{key} withdrawn", partial(_withdraw, story, row))
    if row["fate"] == "removed":
        at = story.day(slug, told)
        timeline.add(at, f"{key} removed", partial(_remove, story, row, moderator, told["sentence"]))


def _what_follows(story: Story, slug: str, row: Row, rows: list[Row]) -> datetime.datetime:
    """Return when at the latest something was decided: before it was answered, translated, revised, gone, summed up."""
    sent_at, told = story.day(slug, row), content("decisions").get(row["key"], {})
    moments = [story.day(slug, each) for each in rows if each.get("in_reply_to") == row["key"]]
    moments += [
        story.day(slug, each)
        for each in (row.get("revision"), told)
        if each and {"days_ago", "hours_ago"} & each.keys()
    ]
    moments += [story.day(slug, each) for each in content(f"{slug}/desk") if each["on"] == row["key"]]
    moments += [story.day(slug, each) for each in content(f"{slug}/translations") if each["contribution"] == row["key"]]
    if "withdrawn_days_ago" in told:
        moments.append(story.timeline.day(told["withdrawn_days_ago"], told["time"], story.zones[slug]))
    for summary in content(f"{slug}/summaries"):
        # A summary's last day ends with it, and all that came in it was decided on.
        ends = story.timeline.day(summary["period_days_ago"][1] - 1, "00:00", story.zones[slug])
        moments += [ends] if sent_at < ends and summary["state"] == "published" else []
    return min([*moments, story.timeline.now])


def _submit(story: Story, slug: str, row: Row) -> None:
    answered = row.get("in_reply_to")
    made = contributions.submit(
        actor=story.people[row["author"]],
        thread=story.threads[slug, row["thread"]],
        text=row["text"],
        language=row["language"],
        title=row.get("title", ""),
        in_reply_to=story.contribution(answered) if answered else None,
        key=clearing.key_of(row),
    )
    story.contributions[row["key"]] = made.pk


def _decide(story: Story, slug: str, row: Row, moderator: str, sentence: str) -> None:
    moved_to = row.get("moved_to")
    code = Code.MOVED if moved_to else CODES.get(row["fate"], Code.APPROVED)
    refuses = code in CODES.values()
    decide(
        story,
        moderator,
        row["key"],
        code=code,
        reason=row["reason"] if refuses else "",
        sentence=sentence if refuses else "",
        thread=story.threads[slug, moved_to] if moved_to else None,
    )


def decide(story: Story, moderator: str, key: str, **what: Any) -> Any:
    """Let a moderator decide on what waits of a contribution."""
    pk = story.contributions[key]
    version = Version.objects.get(contribution=pk, state=State.PENDING)
    return decide_on(story, moderator, "contribution", pk, version.pk, **what)


def decide_on(story: Story, moderator: str, kind: str, pk: int, version_id: int, **what: Any) -> Any:
    """Let a moderator decide on a version of anything that is decided on."""
    actor = story.people[moderator]
    with translation.override(django_code(actor.language)):  # a moderator's own words are in the language of the page
        return moderation.decide(actor=actor, kind=kind, pk=pk, version_id=version_id, **what)


def _change_mind(story: Story, row: Row, moderator: str, what: Row, at: datetime.datetime) -> None:
    """Let a moderator decide, and undo it twelve seconds later."""
    decisions: list[Any] = []

    def err() -> None:
        decisions.append(decide(story, moderator, row["key"], **what))

    def undo() -> None:
        moderation.undo(actor=story.people[moderator], decision=decisions[0])

    story.timeline.add(at, f"{row['key']} decided in haste", err)
    story.timeline.add(after(at, seconds=12), f"{row['key']} undone", undo)


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
