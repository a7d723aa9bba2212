"""A consultation that belongs to another: what a draft opened for comment becomes. Made and announced in one act.

For actions that have asked their own rules: who opens a draft need not be an organizer of the installation. Whoever
organizes and moderates the parent does so here too, and from then on it is a consultation as any other.
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.text import slugify

from plenara.consultations import checks, rules
from plenara.consultations.actions.common import clean_texts, invalidate_public, take_hold
from plenara.consultations.actions.life import enqueue_turns, keep
from plenara.consultations.models import Consultation, Role, RoleName, State, Thread
from plenara.core import audit, clock
from plenara.core.refusals import require_valid
from plenara.core.text import clean, clean_line

#: The roles of the parent that hold in the child.
COPIED = (RoleName.ORGANIZER, RoleName.MODERATOR)
#: What the child takes over from its parent where nothing else is said.
TAKEN_OVER = ("timezone", "licence", "promise_working_days", "working_days", "holidays", "moderation_guide")


class Question(NamedTuple):
    """A question as it is asked: a short name for exports, its words and its guidance."""

    slug: str
    question: Mapping[str, str]
    guidance: Mapping[str, str]


def announce_child(
    *,
    actor: Any,
    parent: Consultation,
    slug: str,
    symbol: str,
    title: Mapping[str, str],
    intro: Mapping[str, str],
    questions: Sequence[Question],
    languages: Sequence[str],
    closes_at: datetime.datetime | None,
    opens_at: datetime.datetime | None = None,
    **terms: Any,
) -> Consultation:
    """Make a consultation below another and announce it. Without an opening it opens at once."""
    parent = take_hold(parent)
    now = clock.now()
    given = {
        **{name: getattr(parent, name) for name in TAKEN_OVER},
        "slug": clean_line(slug),
        "symbol": clean_line(symbol),
        "title": clean_texts(title, clean_line),
        "intro": clean_texts(intro, clean),
        "languages": list(languages),
        "opens_at": opens_at or now,
        "closes_at": closes_at,
        **terms,
    }
    child = Consultation(parent=parent, stage=State.ANNOUNCED, announced_at=now, **given)
    threads = [
        Thread(
            consultation=child,
            number=number,
            slug=slugify(each.slug)[:60],
            question=clean_texts(each.question, clean_line),
            guidance=clean_texts(each.guidance, clean),
        )
        for number, each in enumerate(questions, 1)
    ]
    require_valid(
        *checks.details_fit(child, given, Consultation(licence=parent.licence)),
        *checks.complete(child, threads),
        *checks.dates_lie_ahead(opens_at, closes_at),
    )
    keep(child)
    Thread.objects.bulk_create(threads)
    held = parent.roles.filter(name__in=COPIED).order_by("pk")
    Role.objects.bulk_create(Role(consultation=child, person_id=each.person_id, name=each.name) for each in held)
    rules.forget_roles(actor)
    audit.log("consultation.created", actor=actor, about=child, consultation=child, parent=parent.pk)
    audit.log("consultation.announced", actor=actor, about=child, consultation=child)
    enqueue_turns(child)
    invalidate_public(child, lists=True)
    invalidate_public(parent)
    return child
