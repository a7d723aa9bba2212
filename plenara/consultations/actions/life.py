"""A consultation's life: created, edited, extended, closed early, moved on. `opening.py` announces and opens it."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from plenara.consultations import checks, rules, states, tasks
from plenara.consultations.actions.common import (
    clean_texts,
    invalidate_public,
    require_current,
    require_possible,
    take_hold,
)
from plenara.consultations.actions.originals import follow_originals
from plenara.consultations.models import Consultation, Extension, Role, RoleName, State
from plenara.consultations.own_texts import Place
from plenara.consultations.states import Verb
from plenara.core import audit, clock
from plenara.core.models import Act
from plenara.core.refusals import AlreadyDone, Invalid, No, require, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing

#: What an edit can change, and the verb that the table of states asks for it.
VERB_OF = {
    "title": Verb.EDIT,
    "intro": Verb.EDIT,
    "slug": Verb.RENAME,
    "symbol": Verb.RENAME,
    "licence": Verb.RELICENSE,
    "opens_at": Verb.RESCHEDULE,
    "closes_at": Verb.RESCHEDULE,
    "timezone": Verb.RESCHEDULE,
    "languages": Verb.SET_TERMS,
    "word_limit": Verb.SET_TERMS,
    "moderation": Verb.SET_TERMS,
    "promise_working_days": Verb.SET_TERMS,
    "working_days": Verb.EDIT,
    "holidays": Verb.EDIT,
    "moderation_guide": Verb.EDIT,
    "suggestions_off": Verb.EDIT,
}
#: What pages outside the consultation's own show of it.
_LISTED = {"title", "opens_at", "closes_at", "languages", "timezone"}


@writing
def create(*, actor: Any, title: Mapping[str, str], symbol: str, slug: str = "", **details: Any) -> Consultation:
    """Make a draft, its maker the first organizer. The same twice (a double click) returns what the first made."""
    require(rules.may_create_consultation(actor))
    blank = Consultation(languages=["en"])
    given = _cleaned({"title": title, "symbol": symbol, "slug": slug or slugify(title.get("en", ""))[:80], **details})
    earlier = Consultation.objects.filter(slug=given["slug"], symbol=given["symbol"], stage=State.DRAFT).first()
    if earlier and earlier.title == given["title"] and rules.has_role(actor, earlier, RoleName.ORGANIZER):
        return earlier
    consultation = Consultation(languages=["en"])
    _set(consultation, given)
    require_valid(*checks.details_fit(consultation, given, blank))
    keep(consultation)
    Role.objects.create(consultation=consultation, person=actor, name=RoleName.ORGANIZER)
    rules.forget_roles(actor)
    audit.log("consultation.created", actor=actor, about=consultation, consultation=consultation)
    return consultation


@writing
def edit(*, actor: Any, consultation: Consultation, stamp: int | None = None, **changes: Any) -> Consultation:
    """Change some of `VERB_OF`'s fields. `stamp` is the consultation's when the form was opened."""
    require(rules.may_organize(actor, consultation))
    return change_details(actor, consultation, stamp, changes)


def change_details(
    actor: Any, consultation: Consultation, stamp: int | None, changes: Mapping[str, Any]
) -> Consultation:
    """Change fields for somebody who may: an organizer, or the reviewer of a translation. Within a transaction."""
    consultation = take_hold(consultation)
    before = Consultation.objects.get(pk=consultation.pk)
    given = {name: value for name, value in _cleaned(changes).items() if value != getattr(before, name)}
    if not given:
        return consultation  # a form sent twice, or nothing changed
    require_current(stamp, consultation.stamp)
    for name in given:
        answer = states.allows(before.state, VERB_OF[name])
        if isinstance(answer, No):
            raise Invalid(answer.sentence, answer.code, name)
    _set(consultation, given)
    require_valid(*checks.details_fit(consultation, given, before))
    if before.is_public:
        _stays_complete(consultation)
    consultation.stamp += 1
    keep(consultation, update_fields=[*given, "stamp"])
    _record_edit(actor, before, consultation, given)
    if places := [Place(name, name, getattr(before, name)) for name in ("title", "intro") if name in given]:
        follow_originals(consultation, places, given)
    if before.is_public and {"opens_at", "closes_at"} & set(given):
        enqueue_turns(consultation)
    invalidate_public(consultation, lists=bool(_LISTED & set(given)))
    return consultation


@writing
def extend(
    *, actor: Any, consultation: Consultation, closes_at: datetime.datetime, reason: Mapping[str, str]
) -> Extension:
    """Move the closing to later, in public, with a reason; a closed consultation opens again. Participants are told."""
    consultation = take_hold(consultation)
    require(rules.may_organize(actor, consultation))
    reason = clean_texts(reason, clean)
    latest = consultation.extensions.last()
    if latest and latest.closes_at == closes_at == consultation.closes_at:
        raise AlreadyDone(_("It has been extended until then already."), "already")
    require_possible(actor, consultation, Verb.EXTEND)
    require_valid(*checks.extension_fits(consultation, closes_at, reason))
    if consultation.stage == State.CLOSED or not consultation.opens_at:
        consultation.stage = State.OPEN  # an import's: its stage was decided, not calculated from dates
    return _move_closing("consultation.extended", actor, consultation, closes_at, reason)


@writing
def close_early(*, actor: Any, consultation: Consultation, reason: Mapping[str, str]) -> Extension:
    """Close an open consultation now, in public, with a reason. Participants are notified."""
    consultation = take_hold(consultation)
    reason = clean_texts(reason, clean)
    require_possible(actor, consultation, Verb.CLOSE)
    require_valid(*checks.early_closing_fits(reason))
    return _move_closing("consultation.closed_early", actor, consultation, clock.now(), reason)


def _move_closing(
    verb: str, actor: Any, consultation: Consultation, closes_at: datetime.datetime, reason: Mapping[str, str]
) -> Extension:
    extension = Extension.objects.create(
        consultation=consultation, closed_at=consultation.closes_at or closes_at, closes_at=closes_at, reason=reason
    )
    consultation.closes_at = closes_at
    consultation.stamp += 1
    consultation.save(update_fields=["closes_at", "stage", "stamp"])
    audit.log(
        verb,
        actor=actor,
        about=consultation,
        consultation=consultation,
        extension=extension.pk,
        languages=sorted(reason),
    )
    tasks.announce_extension.using(key=f"extension:{extension.pk}").enqueue(extension_id=extension.pk)
    enqueue_turns(consultation)
    invalidate_public(consultation, lists=True)
    return extension


_MOMENT_OF = {
    Verb.BEGIN_SYNTHESIS: ("synthesis_at", "consultation.synthesis_begun"),
    Verb.REPORT: ("reported_at", "consultation.reported"),
    Verb.ARCHIVE: ("archived_at", "consultation.archived"),
}


@writing
def move_on(*, actor: Any, consultation: Consultation, verb: Verb) -> Consultation:
    """Begin the synthesis, mark as reported, or archive: closed → in synthesis → reported → archived."""
    consultation = take_hold(consultation)
    require_possible(actor, consultation, verb)
    field, what = _MOMENT_OF[verb]
    consultation.stage = states.LEADS_TO[verb]
    setattr(consultation, field, clock.now())
    consultation.save(update_fields=["stage", field])
    audit.log(what, actor=actor, about=consultation, consultation=consultation)
    invalidate_public(consultation, lists=True)
    return consultation


def enqueue_turns(consultation: Consultation) -> None:
    """Enqueue what makes its pages stale when the clock opens and closes it. A moment that moved is enqueued anew."""
    for turn in ("opens_at", "closes_at"):
        at = getattr(consultation, turn)
        if at and at > clock.now():
            tasks.turn.using(key=f"consultation:{consultation.pk}:{turn}:{at.isoformat()}", run_after=at).enqueue(
                consultation_id=consultation.pk, turn=turn, at=at.isoformat()
            )


def _cleaned(changes: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = dict(changes)
    for name in cleaned:
        if name not in VERB_OF:
            raise TypeError(name)
    for name, cleaner in (("title", clean_line), ("intro", clean), ("moderation_guide", clean)):
        if name in cleaned:
            cleaned[name] = clean_texts(cleaned[name], cleaner)
    for name in ("slug", "symbol"):
        if name in cleaned:
            cleaned[name] = clean_line(cleaned[name])
    return cleaned


def _set(consultation: Consultation, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        setattr(consultation, name, value)


def keep(consultation: Consultation, **how: Any) -> None:
    """Save; refuse an address or symbol that another transaction took since we looked (PostgreSQL alone lets it)."""
    try:
        with transaction.atomic():
            consultation.save(**how)
    except IntegrityError:
        sentence = _("Another consultation has this address or symbol. Choose a different one.")
        raise Invalid(sentence, "taken", "slug") from None


def _stays_complete(consultation: Consultation) -> None:
    """What announcing asked for stays true while it is public. An import may lack it, and is not made worse."""
    if consultation.imported_at is None:
        missing = checks.complete(consultation, list(consultation.threads.all()))
        for each in missing:
            if isinstance(each, No):
                sentence = _("It is announced, so this must stay: %(what)s") % {"what": each.sentence}
                raise Invalid(sentence, "incomplete", each.field)


def _record_edit(actor: Any, before: Consultation, after: Consultation, given: Mapping[str, Any]) -> Act:
    """Record which fields were changed, texts by their languages: the act holds no words."""
    languages = {
        name: sorted(
            code
            for code in {*getattr(before, name), *given[name]}
            if getattr(before, name).get(code) != given[name].get(code)
        )
        for name in ("title", "intro", "moderation_guide")
        if name in given
    }
    return audit.log(
        "consultation.edited",
        actor=actor,
        about=after,
        consultation=after,
        fields=sorted(given),
        languages=languages,
        was_public=before.is_public,
    )
