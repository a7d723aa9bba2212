"""A consultation of the demo: its creation and announcement, its drafts, submitted and entered contributions, and
decisions.
"""

import datetime
import io
from functools import partial
from typing import Any

from django.utils import translation

from plenara.consultations import actions as consultations
from plenara.contributions import actions as contributions
from plenara.contributions.models import Draft, Share, Version
from plenara.contributions.queries.signatures import draft_digest
from plenara.core.languages import django_code
from plenara.core.life_cycle import State
from plenara.moderation import actions as moderation
from plenara.moderation.actions.suggestions import make_suggestions
from plenara.moderation.models import Campaign, CampaignMember, Code, Suggestion
from plenara_sample import SLUGS, content, people
from plenara_sample.timeline import Story, after

type Row = dict[str, Any]


def write_drafts(story: Story) -> None:
    """Add to the timeline the cast's drafts, and remarks of colleagues."""
    for row in content("habits")["drafts"]:
        at = story.day(SLUGS[0], row)
        story.timeline.add(at, row["key"], partial(_write_draft, story, SLUGS[0], row, row["key"]))
        if "shared" in row:
            shares: list[Share] = []
            share = partial(_share, story, row, shares)
            story.timeline.add(story.day(SLUGS[0], row["shared"]), f"{row['key']} shared", share)
            for said in row["shared"]["remarks"]:
                remark = partial(_remark, shares, said)
                story.timeline.add(story.day(SLUGS[0], said), f"{row['key']} remarked", remark)


def key_of(row: Row) -> str | None:
    """Return the key of the draft of a contribution, if it had one."""
    return f"demo-{row['key']}" if "signed_by" in row or "paper" in row else None


def prepare_draft(story: Story, slug: str, row: Row, sent_at: datetime.datetime) -> None:
    """Add to the timeline the draft of a contribution with co-signatories or a paper."""
    key = key_of(row)
    if key is None:
        return
    add, signed_by = story.timeline.add, row.get("signed_by", [])
    written_at = after(sent_at, days=-3 if signed_by else 0, minutes=-25)
    add(written_at, f"{row['key']} written", partial(_write_draft, story, slug, row, key))
    if "paper" in row:
        add(after(written_at, minutes=9), f"{row['key']} paper", partial(_attach, story, row, key))
    if signed_by:
        add(after(written_at, minutes=12), f"{row['key']} signatures asked", partial(_ask, story, row, key))
    for place, who in enumerate(signed_by, 1):
        at = after(written_at, hours=place * 17, minutes=place * 11)
        add(at, f"{row['key']} signed by {who['address']}", partial(_sign, key, who))


def _write_draft(story: Story, slug: str, row: Row, key: str) -> None:
    contributions.save_draft(
        actor=story.people[row["author"]],
        thread=story.threads[slug, row["thread"]],
        key=key,
        text=row["text"],
        language=row["language"],
        title=row.get("title", ""),
    )


def _share(story: Story, row: Row, shares: list[Share]) -> None:
    draft = Draft.objects.get(key=row["key"])
    shares.append(contributions.share(actor=story.people[row["author"]], draft=draft, days=row["shared"]["days"]))


def _remark(shares: list[Share], said: Row) -> None:
    contributions.remark(share=shares[0], name=said["name"], text=said["text"])


def _ask(story: Story, row: Row, key: str) -> None:
    contributions.ask_to_sign(
        actor=story.people[row["author"]],
        draft=Draft.objects.get(key=key),
        addresses=[who["address"] for who in row["signed_by"]],
        language=row["language"],
    )


def _sign(key: str, who: Row) -> None:
    draft = Draft.objects.select_related("paper").get(key=key)
    byline = {name: value for name, value in who.items() if name != "address"}
    signatory = draft.signatories.get(address=who["address"])
    contributions.confirm(signatory=signatory, sha256=draft_digest(draft), **byline)


def _attach(story: Story, row: Row, key: str) -> None:
    paper = row["paper"]
    contributions.attach(
        actor=story.people[row["author"]],
        draft=Draft.objects.get(key=key),
        data=_document(paper),
        name=paper["name"],
    )


def _document(paper: Row) -> bytes:
    """Return a paper as a word processor writes it (DOCX)."""
    import docx

    document = docx.Document()
    document.core_properties.author = paper["author"]
    document.core_properties.title = paper["title"]
    document.add_heading(paper["title"], 0)
    for block in paper["text"].split("\n\n"):
        if block.startswith("# "):
            document.add_heading(block[2:], 1)
        else:
            document.add_paragraph(block)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


#: Keys of a consultation's content that an action takes unchanged.
DETAILS = ("title", "symbol", "slug", "intro", "timezone", "languages", "word_limit", "licence", "promise_working_days")
#: The moderators, in turn.
MODERATORS = {"internet-governance": ("moderator-1", "moderator-2"), "digital-cooperation": ("moderator-3",)}
#: What a fate begins with, where that is not an approval. What was returned and sent again is pending again.
CODES = {"returned": Code.RETURNED, "sent again": Code.RETURNED, "rejected": Code.REJECTED}


def hold_consultation(story: Story, slug: str) -> None:
    """Add a consultation's whole history to the timeline."""
    details, zone = content(f"{slug}/consultation"), story.zones[slug]
    add, day = story.timeline.add, story.timeline.day
    opens_at = day(details["opens_days_ago"], "09:00", zone)
    closes_at = day(-details["closes_in_days"], "23:59", zone)
    add(day(details["opens_days_ago"] + 13, "10:00", zone), slug, partial(_create, story, details, opens_at, closes_at))
    add(after(opens_at, days=-7), f"{slug} announced", partial(_announce, story, slug))
    add(opens_at, f"{slug} opened", lambda: None)  # the clock opens it; its tasks run at this moment
    rows = content(f"{slug}/contributions")
    _let_in(story, slug, rows)
    for place, row in enumerate(rows):
        _contribute(story, slug, row, rows, place)


def _create(story: Story, row: Row, opens_at: datetime.datetime, closes_at: datetime.datetime) -> None:
    organizer, slug = story.people["organizer"], row["slug"]
    details = {name: row[name] for name in DETAILS}
    made = consultations.create(
        actor=organizer,
        opens_at=opens_at,
        closes_at=closes_at,
        holidays=[day.isoformat() for day in people.holidays(story, slug)],
        moderation_guide=content(f"{slug}/guide"),
        suggestions_off=[what for what in Suggestion.What.values if what != Suggestion.What.SAME],
        **details,
    )
    for thread in row["threads"]:
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
    """Switch on all hints of the machine for moderators."""
    consultations.edit(actor=story.people["organizer"], consultation=story.consultations[slug], suggestions_off=[])


def _let_in(story: Story, slug: str, rows: list[Row]) -> None:
    """Let each participant register shortly before they first write."""
    first = {row["author"]: row for row in reversed(rows)}
    for person in content(f"{slug}/people"):
        at = after(story.day(slug, first[person["key"]]), minutes=-50)
        story.timeline.add(at, person["key"], partial(people.register, story, person, wants_no_mail=True))


def _contribute(story: Story, slug: str, row: Row, rows: list[Row], place: int) -> None:
    """Add a contribution's history: its submission, its decision, and later events."""
    key, timeline = row["key"], story.timeline
    verdict = content("decisions").get(key, {})
    sent_at = story.day(slug, row)
    prepare_draft(story, slug, row, sent_at)
    timeline.add(sent_at, f"{key} sent", partial(_submit, story, slug, row))
    if row["fate"] == "pending":
        return
    moderator = verdict.get("by", MODERATORS[slug][place % len(MODERATORS[slug])])
    decided_at = min(
        people.decides_at(story, slug, sent_at, place), sent_at + (_what_follows(story, slug, row, rows) - sent_at) / 2
    )
    if "undone" in verdict:
        _change_mind(story, row, moderator, verdict["undone"], after(decided_at, minutes=-4))
    decide = partial(_decide, story, slug, row, moderator, verdict.get("sentence", ""))
    timeline.add(decided_at, f"{key} decided", decide)
    if revision := row.get("revision"):
        revised_at = story.day(slug, revision)
        timeline.add(revised_at, f"{key} revised", partial(_revise, story, row))
        if row["fate"] == "publish":
            other = MODERATORS[slug][(place + 1) % len(MODERATORS[slug])]
            again_at = people.decides_at(story, slug, revised_at, place)
            timeline.add(again_at, f"{key} decided again", partial(_decide, story, slug, row, other, ""))
    if row["fate"] == "withdrawn":
        at = timeline.day(verdict["withdrawn_days_ago"], verdict["time"], story.zones[slug])
        timeline.add(at, f"{key} withdrawn", partial(_withdraw, story, row))
    if row["fate"] == "removed":
        at = story.day(slug, verdict)
        timeline.add(at, f"{key} removed", partial(_remove, story, row, moderator, verdict["sentence"]))


def _what_follows(story: Story, slug: str, row: Row, rows: list[Row]) -> datetime.datetime:
    """Return the latest time of a decision: before a reply, translation, revision, withdrawal or summary."""
    sent_at, verdict = story.day(slug, row), content("decisions").get(row["key"], {})
    moments = [story.day(slug, each) for each in rows if each.get("in_reply_to") == row["key"]]
    moments += [
        story.day(slug, each)
        for each in (row.get("revision"), verdict)
        if each and {"days_ago", "hours_ago"} & each.keys()
    ]
    moments += [story.day(slug, each) for each in content(f"{slug}/desk") if each["on"] == row["key"]]
    moments += [story.day(slug, each) for each in content(f"{slug}/translations") if each["contribution"] == row["key"]]
    if "withdrawn_days_ago" in verdict:
        moments.append(story.timeline.day(verdict["withdrawn_days_ago"], verdict["time"], story.zones[slug]))
    for summary in content(f"{slug}/summaries"):
        # Everything of a summary's last day was decided on before it.
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
        key=key_of(row),
    )
    story.contributions[row["key"]] = made.pk


def _decide(story: Story, slug: str, row: Row, moderator: str, sentence: str) -> None:
    moved_to = row.get("moved_to")
    code = Code.MOVED if moved_to else CODES.get(row["fate"], Code.APPROVED)
    refuses = code in CODES.values()
    decide_on_contribution(
        story,
        moderator,
        row["key"],
        code=code,
        reason=row["reason"] if refuses else "",
        sentence=sentence if refuses else "",
        thread=story.threads[slug, moved_to] if moved_to else None,
    )


def decide_on_contribution(story: Story, moderator: str, key: str, **what: Any) -> Any:
    """Let a moderator decide on the pending version of a contribution."""
    pk = story.contributions[key]
    version = Version.objects.get(contribution=pk, state=State.PENDING)
    return decide_on(story, moderator, "contribution", pk, version.pk, **what)


def decide_on(story: Story, moderator: str, kind: str, pk: int, version_id: int, **what: Any) -> Any:
    """Let a moderator decide on a version of any moderated item."""
    actor = story.people[moderator]
    with translation.override(django_code(actor.language)):  # a moderator's own words are in the language of the page
        return moderation.decide(actor=actor, kind=kind, pk=pk, version_id=version_id, **what)


def _change_mind(story: Story, row: Row, moderator: str, what: Row, at: datetime.datetime) -> None:
    """Let a moderator decide, and undo it twelve seconds later."""
    decisions: list[Any] = []

    def err() -> None:
        decisions.append(decide_on_contribution(story, moderator, row["key"], **what))

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


def enter_letters(story: Story, slug: str) -> None:
    """Add to the timeline contributions by letter or from a meeting, and their approval."""
    for place, row in enumerate(content(f"{slug}/entered")):
        at = story.day(slug, row)
        story.timeline.add(at, f"{row['key']} entered", partial(_enter_letter, story, slug, row))
        if "approved_by" in row:
            decided_at = min(people.decides_at(story, slug, at, place), at + (story.timeline.now - at) / 2)
            decide = partial(decide_on_contribution, story, row["approved_by"], row["key"], code=Code.APPROVED)
            story.timeline.add(decided_at, f"{row['key']} approved", decide)


def _enter_letter(story: Story, slug: str, row: Row) -> None:
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


def add_campaigns(story: Story, slug: str) -> None:
    """Add to the timeline the campaigns: nearly the same text from many people, decided on at once or waiting."""
    for campaign in content(f"{slug}/campaigns"):
        for place, person in enumerate(campaign["people"]):
            at = after(story.day(slug, campaign), minutes=place * campaign["minutes_between"])
            register = partial(people.register, story, person, wants_no_mail=True)
            story.timeline.add(after(at, minutes=-8), person["key"], register)
            story.timeline.add(at, f"{person['key']} sent", partial(_join_in, story, slug, campaign, person))
        if "decided_by" in campaign:
            decided_at = people.decides_at(story, slug, after(at, minutes=30), 1)
            story.timeline.add(
                min(decided_at, story.timeline.now), "campaign decided", partial(_decide_campaign, story, campaign)
            )


def _join_in(story: Story, slug: str, campaign: Row, person: Row) -> None:
    """Submit the campaign's text as a person changed it."""
    text = campaign["text"]
    for words, instead in person.get("instead", []):
        assert words in text, words
        text = text.replace(words, instead)
    made = contributions.submit(
        actor=story.people[person["key"]],
        thread=story.threads[slug, campaign["thread"]],
        text="\n\n".join(part for part in (person.get("before"), text, person.get("after")) if part),
        language=campaign["language"],
        title=campaign["title"],
    )
    story.contributions[person["key"]] = made.pk
    # Now, since moderators saw what belongs together.
    make_suggestions.call(of=made.kind, version_id=made.versions.get().pk)


def _decide_campaign(story: Story, campaign: Row) -> None:
    first = story.contributions[campaign["people"][0]["key"]]
    found = Campaign.objects.select_related("consultation").get(
        pk=CampaignMember.objects.get(kind="contribution", object_id=first).campaign_id
    )
    waiting = list(found.items.values_list("pk", flat=True))
    moderation.decide_campaign(
        actor=story.people[campaign["decided_by"]],
        campaign=found,
        code=Code.APPROVED,
        sentence=campaign["sentence"],
        until=max(waiting),
    )
