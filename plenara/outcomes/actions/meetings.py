"""Actions on meetings of a body: dossier, agenda, decisions, report, and the dossier as files."""

import datetime
from collections.abc import Mapping, Sequence

from django.db.models import F

from plenara.accounts.models import Person
from plenara.consultations.actions.lifecycle import clean_texts, require_current
from plenara.contributions.models import Contribution
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES
from plenara.core.models import AuditEntry
from plenara.core.refusals import Answer, InvalidInput, require, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing
from plenara.documents.actions.paper_sets import key_of
from plenara.documents.models import Document
from plenara.events.models import CACHE_TAG, Event
from plenara.outcomes import emails, permissions, tasks
from plenara.outcomes.actions.bodies import invalidate_body
from plenara.outcomes.models import (
    AgendaItem,
    Body,
    DecisionParagraph,
    Dossier,
    DossierFile,
    ItemMatter,
    MeetingDecision,
    Outcome,
)
from plenara.outcomes.validation import meetings as validation
from plenara.outcomes.validation.contents import home_is_public


@writing
def make_dossier(*, actor: Person, body: Body, event: Event) -> Dossier:
    """Create the dossier of a meeting of a body; not public yet. A second time returns the same one."""
    require(permissions.may_manage_meeting(actor, body))
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if there := Dossier.objects.filter(event=event, body=body).first():
        return there
    require_valid(validation.may_have_a_dossier(event, body))
    dossier = Dossier.objects.create(event=event, body=body, created_by=actor)
    audit.log("dossier.made", actor=actor, about=dossier, consultation=body.consultation, event=event.pk)
    return dossier


@writing
def edit_dossier(*, actor: Person, dossier: Dossier, intro: Mapping[str, str], stamp: int | None = None) -> Dossier:
    """Change the introduction of the agenda."""
    dossier = lock_dossier(actor, dossier)
    intro = clean_texts(intro, clean)
    if intro == dossier.intro:
        return dossier
    require_current(stamp, dossier.stamp)
    require_valid(validation.meeting_texts_fit("intro", intro))
    _save_stamped(dossier, intro=intro)
    log_change("dossier.edited", actor, dossier)
    return dossier


@writing
def publish_dossier(*, actor: Person, dossier: Dossier) -> Dossier:
    """Publish the agenda, and notify the authors of the contributions on it. A second time changes nothing."""
    dossier = lock_dossier(actor, dossier)
    if dossier.published_at is None:
        require_valid(home_is_public(dossier.body), validation.has_items(dossier))
        dossier.published_at = clock.now()
        dossier.save(update_fields=["published_at"])
        log_change("dossier.published", actor, dossier)
        emails.notify_discussions.using(key=f"outcome-discussed-{dossier.pk}").enqueue(dossier_id=dossier.pk)
    return dossier


@writing
def delete_dossier(*, actor: Person, dossier: Dossier) -> None:
    """Delete a dossier that was never published, such as one for the wrong event."""
    found = Dossier.objects.filter(pk=dossier.pk, published_at=None).first()
    if found is None:
        require(permissions.may_manage_meeting(actor, dossier.body))
        return
    dossier = lock_dossier(actor, found)
    audit.log("dossier.deleted", actor=actor, about=dossier.body, consultation=dossier.body.consultation)
    dossier.delete()


@writing
def write_report(
    *, actor: Person, dossier: Dossier, report: Mapping[str, str], is_shown: bool = False, stamp: int | None = None
) -> Dossier:
    """Save the report of a meeting; with `is_shown`, publish it and the decisions permanently."""
    dossier = lock_dossier(actor, dossier)
    report = clean_texts(report, clean)
    is_new = is_shown and dossier.reported_at is None
    if report == dossier.report and not is_new:
        return dossier
    if report != dossier.report:
        require_current(stamp, dossier.stamp)
    require_valid(validation.meeting_texts_fit("report", report))
    if is_new:
        require_valid(home_is_public(dossier.body))
    if is_new or dossier.reported_at:
        require_valid(validation.something_to_report(report, dossier), validation.has_begun(dossier.event))
    if is_new:
        now = clock.now()
        _save_stamped(dossier, report=report, reported_at=now, published_at=dossier.published_at or now)
    else:
        _save_stamped(dossier, report=report)
    log_change("meeting.reported" if is_new else "meeting.report_written", actor, dossier)
    return dossier


def lock_dossier(actor: Person, dossier: Dossier) -> Dossier:
    """Return a dossier as it is now, locked, for a person who manages the body's meetings."""
    found = Dossier.objects.select_for_update(of=("self",)).select_related("body__consultation", "event")
    dossier = found.get(pk=dossier.pk)
    require(permissions.may_manage_meeting(actor, dossier.body))
    return dossier


def log_change(
    verb: str, actor: Person, dossier: Dossier, *, something_goes: bool = False, **what: object
) -> AuditEntry:
    """Add an audit entry on a dossier, invalidate the pages that show it, and return the entry."""
    act = audit.log(verb, actor=actor, about=dossier, consultation=dossier.body.consultation, **what)
    if dossier.published_at is not None:
        invalidate(CACHE_TAG, nothing_withdrawn=True)
        invalidate_body(dossier.body, nothing_withdrawn=not something_goes)
    return act


def _save_stamped(thing: Dossier | AgendaItem | MeetingDecision, **changes: object) -> None:
    """Save changes with a new stamp, so that open forms of other people are outdated."""
    for name, value in changes.items():
        setattr(thing, name, value)
    thing.stamp += 1
    thing.save(update_fields=[*changes, "stamp"])


@writing
def add_item(
    *, actor: Person, dossier: Dossier, title: Mapping[str, str], note: Mapping[str, str] | None = None
) -> AgendaItem:
    """Add an item at the end. The same twice (a double click) is added once."""
    dossier = lock_dossier(actor, dossier)
    title, note = clean_texts(title, clean_line), clean_texts(note, clean)
    if there := dossier.items.filter(title=title, note=note).first():
        return there
    count = dossier.items.count()
    require_valid(*_item_fits(title, note), validation.one_more_item_fits(count))
    item = AgendaItem.objects.create(dossier=dossier, number=count + 1, title=title, note=note)
    log_change("dossier.item_added", actor, dossier, item=item.pk)
    return item


@writing
def edit_item(
    *, actor: Person, item: AgendaItem, title: Mapping[str, str], note: Mapping[str, str], stamp: int | None = None
) -> AgendaItem:
    """Change an item's title and note."""
    dossier = lock_dossier(actor, item.dossier)
    item = current_item(item, dossier)
    title, note = clean_texts(title, clean_line), clean_texts(note, clean)
    if (title, note) == (item.title, item.note):
        return item
    require_current(stamp, item.stamp)
    require_valid(*_item_fits(title, note))
    _save_stamped(item, title=title, note=note)
    log_change("dossier.item_edited", actor, dossier, item=item.pk)
    return item


@writing
def move_item(*, actor: Person, item: AgendaItem, to: int) -> AgendaItem:
    """Move an item to another place, and renumber the others."""
    dossier = lock_dossier(actor, item.dossier)
    items = list(dossier.items.all())
    item = current_item(item, dossier)
    to = max(1, min(to, len(items)))
    if item.number == to:
        return item
    others = [each for each in items if each.pk != item.pk]
    others.insert(to - 1, item)
    _number_items(others)
    log_change("dossier.item_moved", actor, dossier, item=item.pk)
    item.refresh_from_db()
    return item


@writing
def delete_item(*, actor: Person, item: AgendaItem) -> None:
    """Remove an item from the agenda with its matters. If it was already removed, do nothing."""
    dossier = lock_dossier(actor, item.dossier)
    gone, _kinds = AgendaItem.objects.filter(pk=item.pk, dossier=dossier).delete()
    if gone:
        _number_items(list(dossier.items.all()))
        log_change("dossier.item_deleted", actor, dossier, something_goes=True, item=item.pk)


@writing
def add_matter(
    *,
    actor: Person,
    item: AgendaItem,
    outcome: Outcome | None = None,
    mark: int | None = None,
    summary: Document | None = None,
    contribution: Contribution | None = None,
) -> ItemMatter:
    """Add a matter to an item: a paragraph of an outcome, a whole outcome, a summary or a contribution.

    A matter that is there already is not added again.
    """
    dossier = lock_dossier(actor, item.dossier)
    item, body = current_item(item, dossier), dossier.body
    if outcome:
        require_valid(validation.outcome_is_shown(outcome, body), validation.has_paragraph(outcome, mark))
        mark = mark or None
    elif summary:
        require_valid(validation.summary_is_shown(summary, body))
    elif contribution:
        require_valid(validation.contribution_is_shown(contribution, body))
    what = {
        "outcome": outcome, "mark": mark if outcome else None, "summary": None if outcome else summary,
        "contribution": None if outcome or summary else contribution,
    }  # fmt: skip
    if there := item.matters.filter(**what).first():
        return there
    require_valid(validation.one_more_matter_fits(item.matters.count()))
    last = item.matters.order_by("-position").values_list("position", flat=True).first() or 0
    matter = ItemMatter.objects.create(item=item, position=last + 1, **what)
    log_change("dossier.matter_added", actor, dossier, item=item.pk)
    if contribution and dossier.published_at:
        key = f"outcome-discussed-{dossier.pk}-{matter.pk}"
        emails.notify_discussions.using(key=key).enqueue(dossier_id=dossier.pk)
    return matter


@writing
def take_matter(*, actor: Person, matter: ItemMatter) -> None:
    """Remove a matter from an item. If it was already removed, do nothing."""
    dossier = lock_dossier(actor, matter.item.dossier)
    gone, _kinds = ItemMatter.objects.filter(pk=matter.pk).delete()
    if gone:
        log_change("dossier.matter_taken", actor, dossier, something_goes=True, item=matter.item_id)


def current_item(item: AgendaItem, dossier: Dossier) -> AgendaItem:
    """Return an item as it is now; refuse one that somebody has removed."""
    found = dossier.items.filter(pk=item.pk).first()
    if found is None:
        raise InvalidInput(validation.item_is_gone(), "gone")
    return found


def _number_items(items: list[AgendaItem]) -> None:
    for number, each in enumerate(items, 1):
        if each.number != number:
            each.number = number
            each.save(update_fields=["number"])


def _item_fits(title: Mapping[str, str], note: Mapping[str, str]) -> list[Answer]:
    return [
        validation.meeting_texts_fit("title", title),
        validation.meeting_in_some_language("title", title),
        validation.meeting_texts_fit("note", note),
    ]


#: A paragraph of an outcome, by its permanent number.
type Marked = tuple[Outcome, int]


@writing
def write_decision(
    *,
    actor: Person,
    dossier: Dossier,
    text: Mapping[str, str],
    item: AgendaItem | None = None,
    paragraphs: Sequence[Marked] = (),
) -> MeetingDecision:
    """Add a decision with the next number. The same twice (a double click) is added once.

    Readers see it with the report of the meeting, or at once if the report is public already.
    """
    dossier = lock_dossier(actor, dossier)
    text = clean_texts(text, clean_line)
    if there := dossier.decisions.filter(text=text, item=item).first():
        return there
    count = dossier.decisions.count()
    require_valid(
        validation.has_begun(dossier.event),
        *_decision_fits(text, item, dossier, paragraphs),
        validation.one_more_decision_fits(count),
    )
    last = dossier.decisions.order_by("-number").values_list("number", flat=True).first() or 0
    decision = MeetingDecision.objects.create(dossier=dossier, number=last + 1, text=text, item=item)
    _set_paragraphs(decision, paragraphs)
    log_change("meeting.decided", actor, dossier, decision=decision.pk, number=decision.number)
    return decision


@writing
def edit_decision(
    *,
    actor: Person,
    decision: MeetingDecision,
    text: Mapping[str, str],
    item: AgendaItem | None,
    paragraphs: Sequence[Marked],
    stamp: int | None = None,
) -> MeetingDecision:
    """Correct a decision: its words, its item, the paragraphs that it changed. Its number stays."""
    dossier = lock_dossier(actor, decision.dossier)
    decision = MeetingDecision.objects.get(pk=decision.pk)
    text = clean_texts(text, clean_line)
    wanted = {(outcome.pk, mark) for outcome, mark in paragraphs}
    kept = set(decision.paragraphs.values_list("outcome", "mark"))
    if (text, item and item.pk, wanted) == (decision.text, decision.item_id, kept):
        return decision
    require_current(stamp, decision.stamp)
    require_valid(*_decision_fits(text, item, dossier, paragraphs))
    _save_stamped(decision, text=text, item=item)
    _set_paragraphs(decision, paragraphs)
    log_change("meeting.decision_edited", actor, dossier, decision=decision.pk, number=decision.number)
    return decision


def _set_paragraphs(decision: MeetingDecision, paragraphs: Sequence[Marked]) -> None:
    decision.paragraphs.all().delete()
    DecisionParagraph.objects.bulk_create(
        DecisionParagraph(decision=decision, outcome=outcome, mark=mark) for outcome, mark in dict.fromkeys(paragraphs)
    )


def _decision_fits(
    text: Mapping[str, str], item: AgendaItem | None, dossier: Dossier, paragraphs: Sequence[Marked]
) -> list[Answer]:
    return [
        validation.meeting_texts_fit("text", text),
        validation.meeting_in_some_language("text", text),
        validation.item_is_of(item, dossier),
        *validation.paragraphs_are(paragraphs, dossier.body),
    ]


#: Hours after which unfinished files count as failed: their task has failed.
MOST_FILE_HOURS = 48
_UNDER_WAY = (DossierFile.State.ASKED, DossierFile.State.MAKING)


@writing
def ask_files(*, actor: Person, dossier: Dossier, language: str) -> DossierFile:
    """Request the files of a dossier in a language, for the first time or again.

    A second request while they are being made changes nothing.
    """
    dossier = lock_dossier(actor, dossier)
    if language not in NAMES:
        raise InvalidInput(validation.choose_a_language(), "language", "language")
    require_valid(validation.has_items(dossier))
    now = clock.now()
    it, is_new = DossierFile.objects.get_or_create(
        dossier=dossier, language=language, defaults={"asked_by": actor, "asked_at": now}
    )
    if not is_new:
        if it.state in _UNDER_WAY:
            return it
        it.state, it.done, it.of, it.asked_by, it.asked_at = DossierFile.State.ASKED, 0, 0, actor, now
        it.save(update_fields=["state", "done", "of", "asked_by", "asked_at"])
    audit.log("dossier.files_asked", actor=actor, about=dossier, consultation=dossier.body.consultation, file=it.pk)
    enqueue_more_files(it=it, piece=0)
    return it


@writing
def set_files_progress(*, it: DossierFile, done: int, of: int) -> None:
    """Save the progress of the files."""
    DossierFile.objects.filter(pk=it.pk, state__in=_UNDER_WAY).update(state=DossierFile.State.MAKING, done=done, of=of)


@writing
def enqueue_more_files(*, it: DossierFile, piece: int) -> None:
    """Enqueue the next papers."""
    tasks.make_dossier.using(key=f"dossier-{key_of(it, piece)}").enqueue(file_id=it.pk, piece=piece)


@writing
def files_are_made(*, it: DossierFile, digest: str) -> None:
    """Mark the files as made."""
    ready = DossierFile.State.READY
    DossierFile.objects.filter(pk=it.pk).update(state=ready, done=F("of"), digest=digest, made_at=clock.now())
    consultation = it.dossier.body.consultation
    audit.log("dossier.files_made", actor=None, about=it.dossier, consultation=consultation, file=it.pk)


@writing
def files_failed(*, it: DossierFile, failure: str) -> None:
    """Mark the files as failed, with a code."""
    DossierFile.objects.filter(pk=it.pk, state__in=_UNDER_WAY).update(state=DossierFile.State.FAILED)
    consultation = it.dossier.body.consultation
    audit.log("dossier.files_failed", actor=None, about=it.dossier, consultation=consultation, failure=failure)


def overdue_files() -> list[DossierFile]:
    """Return the files whose task must have failed."""
    since = clock.now() - datetime.timedelta(hours=MOST_FILE_HOURS)
    found = DossierFile.objects.filter(state__in=_UNDER_WAY, asked_at__lt=since)
    return list(found.select_related("dossier__body__consultation"))
