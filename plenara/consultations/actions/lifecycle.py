"""A consultation: created, edited, extended, closed early, moved on. Its announcement is in `announcement.py`."""

import datetime
from collections.abc import Callable, Collection, Mapping

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations import emails, permissions, states, validation
from plenara.consultations.models import (
    LIST_CACHE_TAG,
    Consultation,
    Extension,
    Role,
    RoleName,
    State,
    TextTranslation,
)
from plenara.consultations.queries import Place, original_of
from plenara.consultations.states import Verb
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, Denied, InvalidInput, require, require_valid
from plenara.core.rows import Json
from plenara.core.tasks import task
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writes, writing


def lock_consultation(consultation: Consultation) -> Consultation:
    """Lock a consultation and return its present row; on PostgreSQL nobody else can change it in this transaction."""
    return Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)


def require_possible(actor: Person, consultation: Consultation, verb: states.Verb) -> None:
    """Refuse what the actor may not do, or what the state does not allow; `AlreadyDone` where it was done before."""
    require(permissions.may_organize(actor, consultation))
    answer = states.allows(consultation.state, verb)
    if isinstance(answer, Denied) and answer.code == "already":
        raise AlreadyDone(answer.sentence, answer.code)
    require(answer)


def require_current(stamp: int | None, saved: int) -> None:
    """Refuse an edit that began before another one was saved. A stamp of None refuses nothing: no form was shown."""
    if stamp is not None and stamp != saved:
        raise InvalidInput(
            _("Someone else has saved changes since you opened this page. Check the changes, then save again."), "stale"
        )


def clean_texts(texts: Mapping[str, str] | None, clean: Callable[[str], str]) -> dict[str, str]:
    """Return a text in several languages as it will be saved: cleaned, in one order, without the empty ones."""
    cleaned = {code: clean(text) for code, text in (texts or {}).items()}
    order = [*NAMES, *(code for code in cleaned if code not in NAMES)]
    return {code: cleaned[code] for code in order if cleaned.get(code)}


def invalidate_public(consultation: Consultation, *, lists: bool = False) -> None:
    """Make the consultation's pages stale, and with `lists` the pages that name it; a draft has none."""
    if consultation.is_public:
        invalidate(consultation.cache_tag, nothing_withdrawn=True)
        if lists:
            invalidate(LIST_CACHE_TAG, nothing_withdrawn=True)


def follow_originals(
    consultation: Consultation, places: Collection[Place], after: Mapping[str, Mapping[str, str]]
) -> None:
    """Record which original each translation was made from, when the form of all six languages changes a text.

    `places` are the texts as they were, `after` the texts now, by place. A translation that is changed with its
    original belongs to the new one; a translation that did not change becomes outdated.
    """
    rows = {(each.place, each.language): each for each in consultation.text_translations.all()}
    for place in places:
        now = after[place.key]
        known = {language for key, language in rows if key == place.key}
        original = original_of(place.texts, known)
        for language, text in now.items():
            if not original or language == original:
                continue
            row = rows.get((place.key, language))
            if row is not None and row.reviewed_at is None:
                continue  # a draft waits for its review
            has_changed = text != place.texts.get(language)
            if has_changed:
                made_from = digest(now.get(original, ""))
            elif row is None and now.get(original) != place.texts.get(original):
                made_from = digest(place.texts[original])
            else:
                continue
            TextTranslation.objects.update_or_create(
                consultation=consultation, place=place.key, language=language,
                defaults={
                    "thread": place.thread, "text": text, "source_digest": made_from, "machine": "",
                    "translator": None, "reviewed_at": clock.now(), "changed_at": clock.now(),
                },
            )  # fmt: skip


#: What an edit can change, and the verb for it in the table of states.
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
#: Fields that pages outside the consultation show.
_LISTED = {"title", "opens_at", "closes_at", "languages", "timezone"}


@writing
def create(*, actor: Person, title: Mapping[str, str], symbol: str, slug: str = "", **details: object) -> Consultation:
    """Create a draft with the actor as first organizer. The same again (a double click) returns the first draft."""
    require(permissions.may_create_consultation(actor))
    blank = Consultation(languages=["en"])
    given = _cleaned({"title": title, "symbol": symbol, "slug": slug or slugify(title.get("en", ""))[:80], **details})
    earlier = Consultation.objects.filter(slug=given["slug"], symbol=given["symbol"], stage=State.DRAFT).first()
    if earlier and earlier.title == given["title"] and permissions.has_role(actor, earlier, RoleName.ORGANIZER):
        return earlier
    consultation = Consultation(languages=["en"])
    _set_state(consultation, given)
    require_valid(*validation.details_fit(consultation, given, blank))
    save_details(consultation)
    Role.objects.create(consultation=consultation, person=actor, name=RoleName.ORGANIZER)
    permissions.forget_roles(actor)
    audit.log("consultation.created", actor=actor, about=consultation, consultation=consultation)
    return consultation


@writing
def edit(*, actor: Person, consultation: Consultation, stamp: int | None = None, **changes: object) -> Consultation:
    """Change some of `VERB_OF`'s fields. `stamp` is the consultation's stamp when the form was opened."""
    require(permissions.may_organize(actor, consultation))
    return change_details(actor, consultation, stamp, changes)


def change_details(actor: Person, consultation: Consultation, stamp: int | None, changes: Json) -> Consultation:
    """Change fields for an organizer or for the reviewer of a translation. Call it within a transaction."""
    consultation = lock_consultation(consultation)
    before = Consultation.objects.get(pk=consultation.pk)
    given = {name: value for name, value in _cleaned(changes).items() if value != getattr(before, name)}
    if not given:
        return consultation  # a form sent twice, or nothing changed
    require_current(stamp, consultation.stamp)
    for name in given:
        answer = states.allows(before.state, VERB_OF[name])
        if isinstance(answer, Denied):
            raise InvalidInput(answer.sentence, answer.code, name)
    _set_state(consultation, given)
    require_valid(*validation.details_fit(consultation, given, before))
    if before.is_public:
        _stays_complete(consultation)
    consultation.stamp += 1
    save_details(consultation, update_fields=[*given, "stamp"])
    _record_edit(actor, before, consultation, given)
    if places := [Place(name, name, getattr(before, name)) for name in ("title", "intro") if name in given]:
        follow_originals(consultation, places, given)
    if before.is_public and {"opens_at", "closes_at"} & set(given):
        enqueue_turns(consultation)
    invalidate_public(consultation, lists=bool(_LISTED & set(given)))
    return consultation


@writing
def extend(
    *, actor: Person, consultation: Consultation, closes_at: datetime.datetime, reason: Mapping[str, str]
) -> Extension:
    """Move the closing to later, in public, with a reason; a closed consultation opens again. Notify participants."""
    consultation = lock_consultation(consultation)
    require(permissions.may_organize(actor, consultation))
    reason = clean_texts(reason, clean)
    latest = consultation.extensions.last()
    if latest and latest.closes_at == closes_at == consultation.closes_at:
        raise AlreadyDone(_("The consultation has already been extended to this closing date."), "already")
    require_possible(actor, consultation, Verb.EXTEND)
    require_valid(*validation.extension_fits(consultation, closes_at, reason))
    if consultation.stage == State.CLOSED or not consultation.opens_at:
        consultation.stage = State.OPEN  # imported: its stage was decided, not calculated from dates
    return _move_closing("consultation.extended", actor, consultation, closes_at, reason)


@writing
def close_early(*, actor: Person, consultation: Consultation, reason: Mapping[str, str]) -> Extension:
    """Close an open consultation now, in public, with a reason. Notify participants."""
    consultation = lock_consultation(consultation)
    reason = clean_texts(reason, clean)
    require_possible(actor, consultation, Verb.CLOSE)
    require_valid(*validation.early_closing_fits(reason))
    return _move_closing("consultation.closed_early", actor, consultation, clock.now(), reason)


def _move_closing(
    verb: str, actor: Person, consultation: Consultation, closes_at: datetime.datetime, reason: Mapping[str, str]
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
    emails.announce_extension.using(key=f"extension:{extension.pk}").enqueue(extension_id=extension.pk)
    enqueue_turns(consultation)
    invalidate_public(consultation, lists=True)
    return extension


_MOMENT_OF = {
    Verb.BEGIN_SYNTHESIS: ("synthesis_at", "consultation.synthesis_begun"),
    Verb.REPORT: ("reported_at", "consultation.reported"),
    Verb.ARCHIVE: ("archived_at", "consultation.archived"),
}


@writing
def move_on(*, actor: Person, consultation: Consultation, verb: Verb) -> Consultation:
    """Start summarizing, confirm the delivery, or archive: closed → in synthesis → reported → archived."""
    consultation = lock_consultation(consultation)
    require_possible(actor, consultation, verb)
    field, what = _MOMENT_OF[verb]
    consultation.stage = states.LEADS_TO[verb]
    setattr(consultation, field, clock.now())
    consultation.save(update_fields=["stage", field])
    audit.log(what, actor=actor, about=consultation, consultation=consultation)
    invalidate_public(consultation, lists=True)
    return consultation


def enqueue_turns(consultation: Consultation) -> None:
    """Enqueue the tasks that make its pages stale when it opens and closes. A moment that moved is enqueued again."""
    for name in ("opens_at", "closes_at"):
        at = getattr(consultation, name)
        if at and at > clock.now():
            turn.using(key=f"consultation:{consultation.pk}:{name}:{at.isoformat()}", run_after=at).enqueue(
                consultation_id=consultation.pk, turn=name, at=at.isoformat()
            )


_VERBS = {"opens_at": "consultation.opened", "closes_at": "consultation.closed"}


@task
def turn(*, consultation_id: int, turn: str, at: str) -> None:
    """Make the pages stale when a consultation opens or closes by the clock. Do nothing if that moment was moved."""
    with writes():
        consultation = Consultation.objects.select_for_update(no_key=True).filter(pk=consultation_id).first()
        due = datetime.datetime.fromisoformat(at)
        if consultation is None or consultation.stage == State.DRAFT or getattr(consultation, turn) != due:
            return
        invalidate(consultation.cache_tag, nothing_withdrawn=True)
        invalidate(LIST_CACHE_TAG, nothing_withdrawn=True)
        done = AuditEntry.objects.filter(
            about_kind="consultation", about_id=str(consultation.pk), verb=_VERBS[turn], details__at=at
        )
        if not done.exists():
            audit.log(_VERBS[turn], actor=None, about=consultation, consultation=consultation, at=at)


def _cleaned(changes: Json) -> Json:
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


def _set_state(consultation: Consultation, given: Mapping[str, object]) -> None:
    for name, value in given.items():
        setattr(consultation, name, value)


def save_details(consultation: Consultation, *, update_fields: Collection[str] | None = None) -> None:
    """Save; refuse an address or symbol that another transaction took after the check (possible on PostgreSQL only)."""
    try:
        with transaction.atomic():
            consultation.save(update_fields=update_fields)
    except IntegrityError:
        sentence = _("Another consultation has this web address or symbol. Choose a different one.")
        raise InvalidInput(sentence, "taken", "slug") from None


def _stays_complete(consultation: Consultation) -> None:
    """What an announcement requires stays true while it is public. An import may lack some of it, but not more."""
    if consultation.imported_at is None:
        missing = validation.complete(consultation, list(consultation.threads.all()))
        for each in missing:
            if isinstance(each, Denied):
                sentence = _("The consultation has been announced, so you cannot remove this: %(what)s") % {
                    "what": each.sentence
                }
                raise InvalidInput(sentence, "incomplete", each.field)


def _record_edit(actor: Person, before: Consultation, after: Consultation, given: Json) -> AuditEntry:
    """Log which fields were changed, and texts by their languages: an audit entry holds no words."""
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
