"""What members hold of a paragraph's words, and that its chair declares them agreed.

Each act names the words that it is about: of other words, somebody else's by now, it is refused and they are shown.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from plenara.core import audit, clock
from plenara.core.refusals import NotAllowed, Refused, require, require_valid
from plenara.core.text import clean_line
from plenara.core.transaction import writing
from plenara.documents.actions import ChangedMeanwhile
from plenara.documents.models import Document, Paragraph, ParagraphText
from plenara.outcomes import checks, rules, states
from plenara.outcomes.actions.present import held, present
from plenara.outcomes.models import Body, Member, Position, Stand
from plenara.outcomes.standing import deciding_members

#: Paragraphs that one act agrees with at once: more than a page of them.
MOST_AT_ONCE = 60


@writing
def agree(*, actor: Any, paragraph: Paragraph, was: str) -> Position:
    """Agree with a paragraph's words; an objection of the same member ends. `was` is the digest of the words shown."""
    return _hold(actor, paragraph, Position.Holds.AGREES, was)


@writing
def object_to(*, actor: Any, paragraph: Paragraph, reason: str, was: str) -> Position:
    """Object to a paragraph's words, for a reason that is published with the member's name if it stays in brackets."""
    return _hold(actor, paragraph, Position.Holds.OBJECTS, was, clean_line(reason))


@writing
def take_back_position(*, actor: Any, paragraph: Paragraph) -> None:
    """Hold nothing of a paragraph any more. What is gone already stays so."""
    document, body = held(paragraph)
    member = _deciding(actor, document, body)
    gone, _kinds = Position.objects.filter(paragraph=paragraph, member=member).delete()
    if gone:
        _record("outcome.position_taken_back", actor, document, paragraph, member=member.pk)


@writing
def declare_agreed(*, actor: Any, paragraph: Paragraph, was: str) -> Stand:
    """Declare a paragraph's words agreed: by its chair, while nobody objects. A second time changes nothing."""
    document, body = held(paragraph)
    _leading(actor, document, body)
    source = _words(document, paragraph, was)
    stand = Stand.objects.select_for_update(of=("self",)).get(paragraph=paragraph)
    objections = Position.objects.filter(
        paragraph=paragraph, digest=source.digest, holds=Position.Holds.OBJECTS,
        member__in=deciding_members(document.outcome),
    )  # fmt: skip
    require_valid(checks.nobody_objects(objections.select_related("member")))
    if stand.agreed_at is None or stand.agreed_digest != source.digest:
        stand.agreed_by, stand.agreed_at, stand.agreed_digest = actor, clock.now(), source.digest
        stand.save(update_fields=["agreed_by", "agreed_at", "agreed_digest"])
        _record("outcome.declared_agreed", actor, document, paragraph)
    return stand


@writing
def agree_with_many(*, actor: Any, chosen: Sequence[tuple[Paragraph, str]]) -> int:
    """Agree with the words of several paragraphs, each with the digest of the words shown; return with how many.

    Those that were deleted or changed since are left out.
    """
    return _each(chosen, lambda paragraph, was: agree(actor=actor, paragraph=paragraph, was=was))


@writing
def declare_many_agreed(*, actor: Any, chosen: Sequence[tuple[Paragraph, str]]) -> int:
    """Declare several paragraphs agreed; return how many.

    Those that were deleted or changed since, or that a member objects to, are left out.
    """
    return _each(chosen, lambda paragraph, was: declare_agreed(actor=actor, paragraph=paragraph, was=was))


def _each(chosen: Sequence[tuple[Paragraph, str]], act: Callable[[Paragraph, str], Any]) -> int:
    require_valid(checks.few_enough_paragraphs(len(chosen), MOST_AT_ONCE))
    done = 0
    for paragraph, was in chosen:
        try:
            act(paragraph, was)
        except Refused as refused:
            if refused.code not in {"changed", "gone", "objections"}:
                raise
        else:
            done += 1
    return done


@writing
def open_again(*, actor: Any, paragraph: Paragraph) -> Stand:
    """Take the declaration back. What was not declared stays as it is."""
    document, body = held(paragraph)
    _leading(actor, document, body)
    stand = Stand.objects.select_for_update(of=("self",)).get(paragraph=paragraph)
    if stand.agreed_at is not None:
        stand.agreed_by, stand.agreed_at, stand.agreed_digest = None, None, ""
        stand.save(update_fields=["agreed_by", "agreed_at", "agreed_digest"])
        _record("outcome.opened_again", actor, document, paragraph)
    return stand


def _hold(actor: Any, paragraph: Paragraph, holds: str, was: str, reason: str = "") -> Position:
    document, body = held(paragraph)
    member = _deciding(actor, document, body)
    if holds == Position.Holds.OBJECTS:
        require_valid(checks.objection_explained(reason))
    source = _words(document, paragraph, was)
    wanted = {"holds": holds, "reason": reason, "digest": source.digest}
    there = Position.objects.filter(paragraph=paragraph, member=member).first()
    if there and all(getattr(there, name) == value for name, value in wanted.items()):
        return there  # a double click
    position, _made = Position.objects.update_or_create(
        paragraph=paragraph, member=member, defaults={**wanted, "at": clock.now()}
    )
    _record(f"outcome.{holds}", actor, document, paragraph, member=member.pk)
    return position


def _deciding(actor: Any, document: Document, body: Body) -> Member:
    require(rules.may_take_position(actor, body))
    require_valid(states.takes_positions(document.state))
    member = rules.member_of(actor, body)
    if member is None:
        raise NotAllowed(_("Only members of this body can do this."))
    return member


def _leading(actor: Any, document: Document, body: Body) -> None:
    require(rules.may_declare(actor, body))
    require_valid(states.takes_positions(document.state))


def _words(document: Document, paragraph: Paragraph, was: str) -> ParagraphText:
    source = present(document, paragraph)
    if was != source.digest:
        raise ChangedMeanwhile(source)
    return source


def _record(verb: str, actor: Any, document: Document, paragraph: Paragraph, **what: int) -> None:
    audit.log(verb, actor=actor, about=document, consultation=document.consultation, paragraph=paragraph.pk, **what)
