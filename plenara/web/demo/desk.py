"""What happened around the decisions of the demo: notes, holds, claims, reports, appeals, words to leave out.

Each row of a consultation's `desk.json` is one act: what is done (`do`), on which contribution, by whom, and when.
"""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils import translation

from plenara.contributions.models import State
from plenara.core.languages import django_code
from plenara.core.models import BackgroundTask
from plenara.moderation import actions as moderation
from plenara.moderation import appeals
from plenara.moderation.models import Appeal, Item
from plenara.web.demo.story import SLUGS, Story, content

type Row = dict[str, Any]

KIND = "contribution"


def work(story: Story, slug: str) -> None:
    """Add to the timeline what moderators, authors and readers did."""
    for row in content(f"{slug}/desk"):
        act = partial(_in_their_language, story, slug, row)
        story.timeline.add(story.day(slug, row), f"{row['do']} {row['on']}", act)


def prefer(story: Story) -> None:
    """Add to the timeline which languages moderators read, and when they want mail."""
    for told in content("habits")["preferences"]:

        def act(told: Row = told) -> None:
            what = {name: told[name] for name in ("reads", "tell_late", "digest")}
            moderation.set_preference(actor=story.people[told["person"]], **what)

        story.timeline.add(story.day(SLUGS[0], told), f"{told['person']} preferences", act)


def open_some(story: Story) -> None:
    """Add to the timeline, as the last thing, what a moderator has just opened. It is theirs for 15 minutes."""
    for told in content("habits")["claims"]:

        def act(told: Row = told) -> None:
            item = _item(story, told["on"])
            moderation.claim(actor=story.people[told["by"]], item=item)

        story.timeline.add(story.timeline.now, f"{told['on']} open", act)


def _in_their_language(story: Story, slug: str, row: Row) -> None:
    """Do an act; words of one's own are in the language of the page on which they are written."""
    actor = story.people[row["by"]] if row.get("by") else None
    with translation.override(django_code(actor.language if actor else row.get("language", "en"))):
        _ACTS[row["do"]](story, row, actor, {"kind": KIND, "pk": story.contributions[row["on"]]})


def _item(story: Story, key: str, why: str = Item.Why.PENDING) -> Item:
    return Item.objects.get(kind=KIND, object_id=story.contributions[key], why=why)


def _note(story: Story, row: Row, actor: Any, thing: Row) -> None:
    moderation.leave_note(actor=actor, **thing, text=row["text"])


def _hold(story: Story, row: Row, actor: Any, thing: Row) -> None:
    item = _item(story, row["on"])
    assert item.consultation
    today = story.timeline.now.astimezone(item.consultation.zone).date()
    until = today + datetime.timedelta(days=row["for_days"])
    moderation.hold(actor=actor, item=item, reason=row["text"], until=until)


def _propose(story: Story, row: Row, actor: Any, thing: Row) -> None:
    version = story.contribution(row["on"]).versions.select_related("text").get(state=State.PENDING)
    text = version.text.content
    for words, instead in row["leaves_out"]:
        assert words in text, words
        text = text.replace(words, instead)
    told = {"reason": row["reason"], "sentence": row["text"]}
    moderation.propose_redaction(actor=actor, **thing, version_id=version.pk, text=text, **told)


def _report(story: Story, row: Row, actor: Any, thing: Row) -> None:
    told = {name: row[name] for name in ("reason", "text", "language")}
    made = moderation.report(actor=actor, **thing, address=row.get("address", ""), **told)
    if actor is None:
        # The link in the letter, which its reader opens at once.
        moderation.confirm_report(token=BackgroundTask.objects.get(key=f"ask-{made.pk}").arguments["token"])


def _remove(story: Story, row: Row, actor: Any, thing: Row) -> None:
    moderation.remove(actor=actor, **thing, reason=row["reason"], sentence=row["text"])


def _appeal(story: Story, row: Row, actor: Any, thing: Row) -> None:
    decision = appeals.decision_on(KIND, story.contribution(row["on"]))
    assert decision
    moderation.appeal(actor=actor, **thing, decision_id=decision.pk, text=row["text"])


def _decide_appeal(story: Story, row: Row, actor: Any, thing: Row) -> None:
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
