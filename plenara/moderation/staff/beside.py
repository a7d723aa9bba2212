"""What stands beside a text that is decided on: its question, what was noticed, who wrote it, what others noted.

Each part is a function that returns a template and what it needs, or nothing; `PARTS` is their order. A part that has a
form posts it to an address of its own, which leads back here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plenara.contributions.papers import SHOWN
from plenara.contributions.translating.reading import at_desk
from plenara.core.languages import current
from plenara.core.text import word_count
from plenara.moderation import reasons
from plenara.moderation.models import Decision, Item, Note
from plenara.moderation.publishable import KINDS
from plenara.moderation.rules import may_note
from plenara.moderation.suggesting import shown

#: Notes, and decisions on the author's texts, that are shown: the newest.
MOST = 20


@dataclass(frozen=True)
class Subject:
    """What is decided on, and by whom: what each part is made of."""

    person: Any
    kind: str
    thing: Any
    version: Any
    item: Item | None  # nothing where it waits no more


@dataclass(frozen=True)
class Part:
    """One part beside the text."""

    name: str  # the id of its heading
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


def checked(subject: Subject) -> Part:
    """Show what was checked when it was sent: its length and its language as declared."""
    limit = KINDS[subject.kind].word_limit(subject.thing)
    context = {"words": word_count(subject.version.text.content), "limit": limit}
    return Part("checked", _("Checked before you"), "moderation/beside_checked.html", context)


def entered(subject: Subject) -> Part | None:
    """Show how a letter or a meeting's statement came, who entered it, and how its author agreed."""
    if not getattr(subject.thing, "is_entered", False):
        return None
    context = {"contribution": subject.thing, "received": subject.version.submitted_at}
    return Part("entered", _("Entered by the secretariat"), "moderation/beside_entered.html", context)


def guide(subject: Subject) -> Part | None:
    """Show what the organizer asks moderators to know, in the moderator's language where it is there."""
    written = subject.thing.consultation.moderation_guide
    return (
        Part("guide", _("Guide for moderators"), "moderation/beside_guide.html", {"guide": written})
        if written
        else None
    )


def history(subject: Subject) -> Part | None:
    """Show what was decided on the author's other texts in this consultation. Two queries."""
    author = subject.thing.author_id
    if author is None or author == subject.person.pk:
        return None
    things = KINDS[subject.kind].by_author(author, subject.thing.consultation_id)
    found = Decision.objects.filter(kind=subject.kind, object_id__in=things, undone_at=None)
    decisions = list(found.select_related("consultation").order_by("-number")[: MOST + 1])
    context = {
        "decisions": [(each, reasons.label(each.reason)) for each in decisions[:MOST]],
        "more": len(decisions) > MOST,
        "sent": len(things),
        "kind": KINDS[subject.kind],
    }
    title = _("The author in this consultation")
    if subject.thing.consultation.is_community:
        title = _("What else its owner proposed")
    return Part("history", title, "moderation/beside_history.html", context)


def notes(subject: Subject) -> Part | None:
    """Show what moderators noted for one another, with a form to add to it."""
    if not may_note(subject.person, subject.thing):
        return None
    found = Note.objects.filter(kind=subject.kind, object_id=subject.thing.pk).select_related("person")
    address = reverse("moderation:notes", args=[subject.kind, subject.thing.pk])
    address += f"?item={subject.item.pk}" if subject.item else ""
    context = {"notes": list(found.order_by("-pk")[:MOST])[::-1], "address": address}
    return Part("notes", _("Notes for the next moderator"), "moderation/beside_notes.html", context)


def paper(subject: Subject) -> Part | None:
    """Show the longer paper that goes with the text, and its words where they could be read."""
    its = getattr(subject.version, "paper", None)
    if its is None:
        return None
    context = {"paper": its, "shown": its.text[:SHOWN], "is_cut": len(its.text) > SHOWN}
    return Part("paper", _("A longer paper"), "moderation/beside_paper.html", context)


def noticed(subject: Subject) -> Part | None:
    """Show what a machine noticed about the text. Three queries at most."""
    found = shown.hints(subject.kind, subject.version)
    context = {"hints": found, "marked": shown.marked(subject.version, found)}
    return Part("noticed", _("Suggestions"), "moderation/beside_noticed.html", context) if found else None


def in_your_language(subject: Subject) -> Part | None:
    """Show the text in the moderator's language, where it is in another; only the original is decided on. One query."""
    version = subject.version
    # A text in the language of who reads it needs none; of another kind than contributions nobody keeps one.
    if subject.kind != "contribution" or version.language.split("-")[0].lower() == current():
        return None
    context = {
        "translation": at_desk(version.text_id), "text_id": version.text_id, "lang": current(),
        "consultation": subject.thing.consultation,
    }  # fmt: skip
    return Part("in_your_language", _("In your language"), "moderation/beside_translated.html", context)


type Function = Callable[[Subject], Part | None]
PARTS: list[Function] = [entered, in_your_language, checked, noticed, paper, notes, history, guide]


def parts(subject: Subject) -> list[Part]:
    """Return what stands beside a text, in order."""
    return [part for function in PARTS if (part := function(subject))]


def marked(made: list[Part]) -> SafeString | str:
    """Return the words with what was noticed marked in them, for the page that shows them; nothing without a mark."""
    return next((part.context["marked"] for part in made if part.name == "noticed"), "")
