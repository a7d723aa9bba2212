"""Drafts of the demo: kept, shared with colleagues who remark on them, signed by others, sent with a longer paper."""

import datetime
import io
from functools import partial
from typing import Any

from plenara.contributions import actions as contributions
from plenara.contributions.clearance import draft_digest
from plenara.contributions.models import Draft, Share
from plenara.web.demo.story import SLUGS, Story, after, content

type Row = dict[str, Any]


def keep_drafts(story: Story) -> None:
    """Add to the timeline what the cast writes and has not sent, and what colleagues say of it."""
    for told in content("habits")["drafts"]:
        at = story.day(SLUGS[0], told)
        story.timeline.add(at, told["key"], partial(_keep, story, SLUGS[0], told, told["key"]))
        if "shared" in told:
            shares: list[Share] = []
            share = partial(_share, story, told, shares)
            story.timeline.add(story.day(SLUGS[0], told["shared"]), f"{told['key']} shared", share)
            for said in told["shared"]["remarks"]:
                remark = partial(_remark, shares, said)
                story.timeline.add(story.day(SLUGS[0], said), f"{told['key']} remarked", remark)


def key_of(row: Row) -> str | None:
    """Return the key of the draft that a contribution was before, where it was one."""
    return f"demo-{row['key']}" if "signed_by" in row or "paper" in row else None


def prepare(story: Story, slug: str, row: Row, sent_at: datetime.datetime) -> None:
    """Add to the timeline what comes before a contribution that others sign, or that a paper goes with."""
    key = key_of(row)
    if key is None:
        return
    add, signed_by = story.timeline.add, row.get("signed_by", [])
    written_at = after(sent_at, days=-3 if signed_by else 0, minutes=-25)
    add(written_at, f"{row['key']} written", partial(_keep, story, slug, row, key))
    if "paper" in row:
        add(after(written_at, minutes=9), f"{row['key']} paper", partial(_attach, story, row, key))
    if signed_by:
        add(after(written_at, minutes=12), f"{row['key']} signatures asked", partial(_ask, story, row, key))
    for place, who in enumerate(signed_by, 1):
        at = after(written_at, hours=place * 17, minutes=place * 11)
        add(at, f"{row['key']} signed by {who['address']}", partial(_sign, key, who))


def _keep(story: Story, slug: str, row: Row, key: str) -> None:
    contributions.save_draft(
        actor=story.people[row["author"]],
        thread=story.threads[slug, row["thread"]],
        key=key,
        text=row["text"],
        language=row["language"],
        title=row.get("title", ""),
    )


def _share(story: Story, told: Row, shares: list[Share]) -> None:
    draft = Draft.objects.get(key=told["key"])
    shares.append(contributions.share(actor=story.people[told["author"]], draft=draft, days=told["shared"]["days"]))


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
