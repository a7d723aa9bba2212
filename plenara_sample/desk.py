"""Events at the desks of the demo: notes, holds, claims, reports, appeals; a glossary, translations, a
schedule; follows, and the last digests.
"""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils import translation

from plenara.accounts.models import Person
from plenara.consultations import actions as consultations
from plenara.consultations.emails import enqueue_digests
from plenara.contributions.actions import translations as translating
from plenara.contributions.queries.translations import original_of
from plenara.core.languages import django_code
from plenara.core.life_cycle import State
from plenara.core.models import BackgroundTask
from plenara.documents.actions.glossary import Words, add_term
from plenara.moderation import actions as moderation
from plenara.moderation.emails import enqueue_reminders
from plenara.moderation.models import Appeal, Item
from plenara.moderation.queries import decisions
from plenara.summaries.groups.actions.editing import ask_groups
from plenara.summaries.models import Schedule, Summary
from plenara.summaries.schedule.actions import set_schedule
from plenara_sample import SLUGS, content
from plenara_sample.timeline import Story

type Row = dict[str, Any]

KIND = "contribution"


def work(story: Story, slug: str) -> None:
    """Add to the timeline acts of moderators, authors and readers."""
    for row in content(f"{slug}/desk"):
        act = partial(_in_their_language, story, slug, row)
        story.timeline.add(story.day(slug, row), f"{row['do']} {row['on']}", act)


def prefer(story: Story) -> None:
    """Add to the timeline the languages that moderators read, and when they want e-mails."""
    for row in content("habits")["preferences"]:

        def act(row: Row = row) -> None:
            what = {name: row[name] for name in ("reads", "notify_late", "digest")}
            moderation.set_preference(actor=story.people[row["person"]], **what)

        story.timeline.add(story.day(SLUGS[0], row), f"{row['person']} preferences", act)


def open_some(story: Story) -> None:
    """Add to the timeline, as the last thing, what a moderator has just opened. They claim it for 15 minutes."""
    for row in content("habits")["claims"]:

        def act(row: Row = row) -> None:
            item = _item(story, row["on"])
            moderation.claim(actor=story.people[row["by"]], item=item)

        story.timeline.add(story.timeline.now, f"{row['on']} open", act)


def _in_their_language(story: Story, slug: str, row: Row) -> None:
    """Take a step; a person's own words are in the language of the page on which they write."""
    actor = story.people[row["by"]] if row.get("by") else None
    with translation.override(django_code(actor.language if actor else row.get("language", "en"))):
        _ACTS[row["do"]](story, row, actor, {"kind": KIND, "pk": story.contributions[row["on"]]})


def _item(story: Story, key: str, why: str = Item.Why.PENDING) -> Item:
    return Item.objects.get(kind=KIND, object_id=story.contributions[key], why=why)


def _note(story: Story, row: Row, actor: Person, thing: Row) -> None:
    moderation.leave_note(actor=actor, **thing, text=row["text"])


def _hold(story: Story, row: Row, actor: Person, thing: Row) -> None:
    item = _item(story, row["on"])
    assert item.consultation
    today = story.timeline.now.astimezone(item.consultation.zone).date()
    until = today + datetime.timedelta(days=row["for_days"])
    moderation.hold(actor=actor, item=item, reason=row["text"], until=until)


def _propose(story: Story, row: Row, actor: Person, thing: Row) -> None:
    version = story.contribution(row["on"]).versions.select_related("text").get(state=State.PENDING)
    text = version.text.content
    for words, instead in row["leaves_out"]:
        assert words in text, words
        text = text.replace(words, instead)
    reason = {"reason": row["reason"], "sentence": row["text"]}
    moderation.propose_redaction(actor=actor, **thing, version_id=version.pk, text=text, **reason)


def _report(story: Story, row: Row, actor: Person | None, thing: Row) -> None:
    details = {name: row[name] for name in ("reason", "text", "language")}
    made = moderation.report(actor=actor, **thing, address=row.get("address", ""), **details)
    if actor is None:
        # The link in the e-mail, which its reader opens at once.
        moderation.confirm_report(token=BackgroundTask.objects.get(key=f"ask-{made.pk}").arguments["token"])


def _remove(story: Story, row: Row, actor: Person, thing: Row) -> None:
    moderation.remove(actor=actor, **thing, reason=row["reason"], sentence=row["text"])


def _appeal(story: Story, row: Row, actor: Person, thing: Row) -> None:
    decision = decisions.decision_on(KIND, story.contribution(row["on"]))
    assert decision
    moderation.appeal(actor=actor, **thing, decision_id=decision.pk, text=row["text"])


def _decide_appeal(story: Story, row: Row, actor: Person, thing: Row) -> None:
    waiting = Appeal.objects.get(decision__object_id=thing["pk"], status=Appeal.Status.PENDING)
    moderation.decide_appeal(actor=actor, appeal_id=waiting.pk, outcome=row["outcome"], answer=row["text"])


_ACTS: dict[str, Callable[[Story, Row, Any, Row], None]] = {
    "note": _note,
    "hold": _hold,
    "propose": _propose,
    "report": _report,
    "remove": _remove,
    "appeal": _appeal,
    "decide appeal": _decide_appeal,
}


type Described = dict[str, Any]
#: The editor of the glossary, the author of the schedule, and how many days ago.
WRITER, ASKER, DAYS_AGO = "rapporteur", "organizer", 46


def help_along(story: Story, slug: str) -> None:
    """Add the glossary, the translations and the schedule of a consultation to the timeline."""
    terms = content(f"{slug}/glossary")
    if terms:
        at = story.timeline.day(DAYS_AGO, "14:00", story.zones[slug])
        story.timeline.add(at, "glossary", partial(_write_glossary, story, slug, terms))
    for row in content(f"{slug}/translations"):
        story.timeline.add(
            story.day(slug, row), f"{row['contribution']} in {row['language']}", partial(_translate, story, row)
        )


def look_ahead(story: Story) -> None:
    """Set the schedule of open consultations, and request the groups of the next summary; all as of today."""
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


def _write_glossary(story: Story, slug: str, terms: list[Described]) -> None:
    for term in terms:
        words = {code: Words(word, tuple(term["also"].get(code, ()))) for code, word in term["words"].items()}
        add_term(actor=story.people[WRITER], consultation=story.consultations[slug], words=words, note=term["note"])


def _translate(story: Story, row: Described) -> None:
    contribution = story.contribution(row["contribution"])
    text = contribution.editions.values_list("text", flat=True).get(in_force=True)
    original = original_of(contribution.consultation, text or 0)
    assert original is not None
    translating.save_translation(
        actor=story.people[row["by"]],
        original=original,
        language=row["language"],
        title=row["title"],
        content=row["text"],
        was="",
    )


#: Mornings, in days ago, on which the worker looked at whom to write to. Of earlier ones there are no e-mails.
MORNINGS = (3, 2, 1, 0)


def follow(story: Story) -> None:
    """Add to the timeline the cast's follows, and their digests."""
    for row in content("habits")["follows"]:
        story.timeline.add(story.day(SLUGS[0], row), f"{row['person']} follows", partial(_follow, story, row))
    for days_ago in MORNINGS:
        at = story.timeline.day(days_ago, "08:45", story.zones[SLUGS[0]])
        story.timeline.add(at, "reminders", enqueue_reminders)
        story.timeline.add(at, "digests", enqueue_digests)


def _follow(story: Story, row: Row) -> None:
    slug, number = row.get("consultation", ""), row.get("thread")
    consultations.follow(
        actor=story.people[row["person"]],
        what=row["what"],
        pace=row["pace"],
        consultation=story.consultations[slug] if slug and not number else None,
        thread=story.threads[slug, number] if number else None,
    )
