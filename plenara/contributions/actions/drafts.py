"""Saving and deleting a draft; attaching a longer paper to it, and removing it."""

import datetime

from django.utils.translation import gettext as _

from plenara.accounts import limits
from plenara.accounts.models import Person
from plenara.consultations.models import Thread
from plenara.contributions import permissions, validation
from plenara.contributions.actions import papers
from plenara.contributions.actions.signatures import carry_over, delete_with
from plenara.contributions.models import Contribution, Draft
from plenara.core import clock
from plenara.core.refusals import InvalidInput, require, require_valid
from plenara.core.rows import Json
from plenara.core.transaction import writes, writing


def attach(*, actor: Person, draft: Draft, data: bytes, name: str) -> Draft:
    """Attach a paper to a draft; an earlier one is removed.

    Raises `InvalidInput` for an invalid file and where the draft was sent or deleted in the meantime, `TooMany` where
    somebody attaches one after the other, `Away` where the storage is unavailable.
    """
    require(permissions.may_clear(actor, draft))
    with writes():
        limits.spend("paper", person=actor)
    papers.upload(data)  # which may take long, so before the transaction
    return _attach(actor=actor, draft=draft, data=data, name=name)


@writing
def _attach(*, actor: Person, draft: Draft, data: bytes, name: str) -> Draft:
    require(permissions.may_clear(actor, draft))
    if not Draft.objects.select_for_update().filter(pk=draft.pk).exists():
        raise InvalidInput(draft_gone(), "gone")
    draft.paper = papers.save_paper(data=data, name=name)
    draft.saved_at = clock.now()
    draft.save(update_fields=["paper", "saved_at"])
    return draft


def draft_gone() -> str:
    """Return the error for a draft that was sent or deleted, in another window, before its file had arrived."""
    return _(
        "This draft was submitted or deleted in another window, so the file was not attached. Your text is still in "
        "the form."
    )


@writing
def detach(*, actor: Person, draft: Draft) -> Draft:
    """Remove the paper from a draft. Does nothing if the draft was sent or deleted."""
    require(permissions.may_open_draft(actor, draft))
    draft.paper = None
    Draft.objects.filter(pk=draft.pk).update(paper=None)
    return draft


#: How long an unchanged draft counts as just saved.
RECENTLY = datetime.timedelta(hours=1)


def save_draft(
    *,
    actor: Person,
    thread: Thread,
    key: str,
    text: str,
    language: str = "",
    title: str = "",
    in_reply_to: Contribution | None = None,
    revises: Contribution | None = None,
    opened_at: datetime.datetime | None = None,
    has_paper: bool = False,
    part: int | None = None,
) -> Draft | None:
    """Save a draft, as it was typed. An empty form, or one already sent, is not saved.

    A draft that was saved a moment ago with the same words is not saved again, so that nobody waits for the write lock
    to change nothing.
    """
    words: Json = {
        "text": text[: validation.MOST_CHARACTERS * 2],  # as typed: it is cleaned when it is submitted
        "title": title[:300],
        "language": language[:35],
        "part": part,
    }
    recent = Draft.objects.filter(key=key, person=actor, saved_at__gt=clock.now() - RECENTLY, **words).first()
    if recent:
        return recent
    return _save(actor, thread, key, words, in_reply_to, revises, opened_at, has_paper)


@writing
def _save(
    actor: Person,
    thread: Thread,
    key: str,
    words: Json,
    in_reply_to: Contribution | None,
    revises: Contribution | None,
    opened_at: datetime.datetime | None,
    has_paper: bool,
) -> Draft | None:
    if not (words["text"].strip() or has_paper) or Contribution.objects.filter(submission_key=key).exists():
        return None
    draft = Draft.objects.filter(key=key).first()
    if draft is None:
        require_valid(validation.room_for_draft(actor.pk))
        draft, made = Draft.objects.get_or_create(
            key=key,
            defaults={
                "person": actor,
                "thread": thread,
                "in_reply_to": in_reply_to,
                "revises": revises,
                "opened_at": opened_at or clock.now(),
            },
        )
        if made and revises:
            carry_over(revises, draft)
            draft.paper = revises.versions.select_related("paper").latest("number").paper
    require(permissions.may_open_draft(actor, draft))
    for name, value in words.items():
        setattr(draft, name, value)
    draft.saved_at = clock.now()
    draft.save()
    return draft


@writing
def delete_draft(*, actor: Person, draft: Draft) -> None:
    """Delete one's own draft with its links, remarks and requests to sign. Its links show that it has ended."""
    require(permissions.may_open_draft(actor, draft))
    delete_with(draft)
    draft.delete()
