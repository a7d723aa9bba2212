"""What a machine notices about a text that waits: hints for a moderator, computed here, deciding nothing.

A module for each kind of hint; each gives codes and figures or nothing. A task asks them after a text has come in
(`look`), so nobody waits for them, and the desk works without. `likeness` and `grouping` find what is nearly the same.
"""

from collections.abc import Callable
from typing import Any

from plenara.core import personal_details
from plenara.moderation.models import CampaignMember, Suggestion
from plenara.moderation.publishable import KINDS
from plenara.moderation.suggesting import language, links, question, sign_ups

What = Suggestion.What


def scanned(version: Any) -> str:
    """Return what is looked through for personal data: title and text, in which places are counted."""
    return f"{version.title}\n{version.text.content}"


def look(kind: str, version: Any) -> dict[str, dict[str, Any]]:
    """Return what is noticed about a version by itself, by kind of hint; nothing of what is switched off."""
    thing = KINDS[kind].thing_of(version)
    consultation, text = thing.consultation, version.text.content
    threads = list(consultation.threads.all())
    first = thing.author_id is not None and KINDS[kind].facts(version)["by_newcomer"]
    functions: dict[str, Callable[[], dict[str, Any] | None]] = {
        What.LANGUAGE: lambda: language.look(text, version.language),
        What.QUESTION: lambda: (
            question.look(version.title, text, version.language, thing.thread.number, threads)
            if thing.in_reply_to_id is None and thing.number is None
            else None
        ),
        What.PERSONAL: lambda: personal_details.look(scanned(version), version.byline.country),
        What.LINKS: lambda: links.look(text) if first else None,
        What.SIGN_UPS: lambda: sign_ups.look(thing.author),
    }
    asked = KINDS[kind].hints - set(consultation.suggestions_off)
    wanted = {what: function for what, function in functions.items() if what in asked}
    return {str(what): found for what, function in wanted.items() if (found := function())}


def noticed(kind: str, pk: int, version_id: int) -> dict[str, Any]:
    """Return what the queue's row tells of what was noticed about a version already. Two queries."""
    found = dict(
        Suggestion.objects.filter(kind=kind, object_id=pk, version_id=version_id).values_list("what", "details")
    )
    campaign = found.get(What.SAME, {}).get("campaign")
    member = CampaignMember.objects.filter(kind=kind, object_id=pk, campaign_id=campaign or 0, taken_out_at=None)
    return {"is_flagged": bool(found), "campaign_id": campaign if member.exists() else None}
