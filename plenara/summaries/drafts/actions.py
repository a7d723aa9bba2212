"""Requesting a draft, and making it: all of its statements in one transaction, or none."""

import datetime
import secrets
from collections import Counter
from dataclasses import replace

from django.db.models import QuerySet

from plenara.accounts.models import Person
from plenara.consultations.models import Thread
from plenara.contributions.models import Edition
from plenara.core import audit, clock
from plenara.core.languages import in_language
from plenara.core.machines import EXTRACT, Failed, chat
from plenara.core.machines.requests import failure_sentence
from plenara.core.refusals import ActionRefused, AlreadyDone, InvalidInput, NotPermitted, require, require_valid
from plenara.core.tasks import task
from plenara.core.text import number_in
from plenara.core.transaction import writes, writing
from plenara.documents import actions as document_actions
from plenara.documents import permissions, states
from plenara.documents.models import Kind, Paragraph
from plenara.summaries.drafts import validation
from plenara.summaries.drafts.queries import (
    LeftOut,
    Plan,
    as_rows,
    frames_of,
    from_rows,
    plan,
    sound_statements,
    still_in_force,
)
from plenara.summaries.drafts.rephrasing import AT_ONCE, Work, rephrase
from plenara.summaries.drafts.statements import OTHER_LANGUAGE, Statement, contributions_of, translated
from plenara.summaries.drafts.validation import MOST_REFUSED, Refusal
from plenara.summaries.models import Draft, Summary

#: Time after which a silent draft counts as ended: another can be requested.
SILENCE = datetime.timedelta(minutes=30)


def is_running(draft: Draft | None) -> bool:
    """Return whether a draft is still being made."""
    return draft is not None and draft.state == Draft.State.WAITING and clock.now() - draft.asked_at < SILENCE


@writing
def ask_draft(
    *,
    actor: Person,
    summary: Summary,
    most: int,
    is_rephrased: bool = False,
    takes_several: bool = False,
    key: str | None = None,
) -> Draft:
    """Request at most `most` statements. A worker makes them. `key` names the form: sent twice, it requests once.

    At most one sentence of each contribution is taken, unless it `takes_several`.
    """
    document = document_actions.lock_document(summary.document)
    require(permissions.may_write(actor, document))
    states.after(document.state, "edit")
    if key and (earlier := Draft.objects.filter(key=key, summary=summary).first()):
        return earlier
    require_valid(validation.number_of_statements(most))
    if is_rephrased and not chat.is_configured():
        raise InvalidInput(failure_sentence("unset"), "unset", "is_rephrased")
    if is_running(summary.drafts.first()):
        raise AlreadyDone(validation.one_at_a_time(), "running")
    draft = Draft.objects.create(
        summary=summary,
        asked_by=actor,
        most=most,
        is_rephrased=is_rephrased,
        takes_several=takes_several,
        machine=chat.name() if is_rephrased else EXTRACT,
        key=key,
    )
    audit.log("summary.draft_asked", actor=actor, about=summary, consultation=summary.consultation, draft=draft.pk)
    make_draft.using(key=f"draft-{draft.pk}-0").enqueue(draft_id=draft.pk)
    return draft


@task
def make_draft(*, draft_id: int) -> None:
    """Make a draft, or its next part; safe to run twice and to kill at any point."""
    draft = (
        Draft.objects.select_related("summary__document__consultation", "summary__consultation", "asked_by")
        .filter(pk=draft_id, state=Draft.State.WAITING)
        .first()
    )
    if draft is None:
        return
    try:
        _require_allowed(draft)
        if not draft.is_rephrased:
            planned = plan(draft.summary, draft.most, takes_several=draft.takes_several)
            _write(draft, in_its_language(planned, draft.summary.document.source_language), [])
            return
        work = Work.read(draft)
        if work is None:
            planned = plan(
                draft.summary, draft.most, takes_several=draft.takes_several, is_rephrased=draft.is_rephrased
            )
            begun = Work.of(as_rows(planned.statements), AT_ONCE, len(planned.frames))
            _save(draft, begun, from_groups=planned.from_groups)
        elif work.waits:
            _ask_model(draft, work)
        else:
            _finish(draft, work)
    except ActionRefused as refused:
        with writes():
            Draft.objects.filter(pk=draft.pk, state=Draft.State.WAITING).update(
                state=Draft.State.FAILED, failure=_failure(refused), made_at=clock.now(), work={}
            )


def _require_allowed(draft: Draft) -> None:
    """Raise if the requester may no longer write, or the summary is not a draft."""
    require(permissions.may_write(draft.asked_by, draft.summary.document))
    states.after(draft.summary.document.state, "edit")


def _failure(refused: ActionRefused) -> str:
    if isinstance(refused, NotPermitted):
        return "role"
    return {"wrong_state": "state", "too_many": "too_many"}.get(refused.code, "other")


# --- part by part, with a language model ---


def _save(draft: Draft, work: Work, **changes: object) -> None:
    """Save the progress and enqueue the next part, unless an erasure or another worker has changed the draft."""
    with writes():
        current = Draft.objects.select_for_update().filter(pk=draft.pk, state=Draft.State.WAITING).first()
        if current is None or (current.work and current.work != draft.work):
            return
        # Emptied by an erasure: the work on erased words is dropped, and the draft begins again.
        new = {"work": work.as_json(), **changes} if current.work == draft.work else {"work": {}}
        Draft.objects.filter(pk=draft.pk).update(**new)
        make_draft.using(key=f"draft-{draft.pk}-{secrets.token_hex(8)}").enqueue(draft_id=draft.pk)


def _ask_model(draft: Draft, work: Work) -> None:
    """Let the model rephrase the next part, save its statements, and enqueue what comes after."""
    part = work.next_part
    document = draft.summary.document
    statements = from_rows(document, part)
    if not statements:
        work.put(part, [], [], "")
    else:
        thread = document.consultation.threads.get(number=statements[0].thread)
        question = in_language(thread.question, document.source_language).text
        try:
            verdict = rephrase(question, statements, document.source_language)
        except Failed as failed:
            # The extractive words are used for this part and the ones after it.
            work.put(part, [], [], failed.code)
        else:
            work.put(part, verdict.taken, verdict.refused, "")
    _save(draft, work)


def _finish(draft: Draft, work: Work) -> None:
    """Write the model's statements, or else the extractive words, in the planned order."""
    document = draft.summary.document
    taken = still_in_force(document, work.statements())
    places = {quote.place for each in taken for quote in each.quotes}
    plain = [each for each in from_rows(document, work.rows) if places.isdisjoint(q.place for q in each.quotes)]
    plain, left_out = sound_statements(plain, document.source_language)
    plain = translated(plain, document.source_language)
    turns = {(edition, place): turn for turn, row in enumerate(work.rows) for edition, place in row["quotes"]}
    in_order = sorted([*taken, *plain], key=lambda each: min(turns.get(q.place, len(turns)) for q in each.quotes))
    planned = Plan(frames_of(draft.summary)[: work.frames], in_order[: draft.most - work.frames], draft.from_groups)
    heard = contributions_of([quote for each in planned.statements for quote in each.quotes])
    planned.left_out.extend(each for each in left_out if each.number not in heard)
    _write(draft, planned, work.refused(), work.failure)


def in_its_language(planned: Plan, language: str) -> Plan:
    """Return a plan in the language of its summary. Other sentences are translated by a machine or left out."""
    made = translated(planned.statements, language)
    places = {each.quotes[0].place for each in made}
    gone = [each for each in planned.statements if each.quotes[0].place not in places]
    left_out = [LeftOut(each.quotes[0].sentence.number, OTHER_LANGUAGE) for each in gone]
    return replace(planned, statements=made, left_out=[*planned.left_out, *left_out])


# --- discarding ---


def left_of(draft: Draft) -> list[Paragraph]:
    """Return the statements of a draft that nobody has accepted or changed, the last first. One query."""
    found = _unaccepted(draft.summary).filter(key__startswith=f"draft-{draft.pk}-").select_related("document")
    return list(found.order_by("-number"))


def left_of_drafts(summary: Summary) -> Counter[int]:
    """Return how many statements are left of each draft of a summary, by its id. One query."""
    keys = _unaccepted(summary).filter(key__startswith="draft-").values_list("key", flat=True)
    return Counter(number_in(key.split("-")[1]) for key in keys if key)


def _unaccepted(summary: Summary) -> QuerySet[Paragraph]:
    return summary.document.paragraphs.filter(accepted_at=None).exclude(machine="")


@writing
def discard_draft(*, actor: Person, draft: Draft) -> int:
    """Delete every statement of a draft that nobody has accepted or changed; return how many. A second time: none."""
    document = document_actions.lock_document(draft.summary.document)
    require(permissions.may_write(actor, document))
    states.after(document.state, "edit")
    draft = Draft.objects.select_for_update(of=("self",)).select_related("summary__document").get(pk=draft.pk)
    if draft.state == Draft.State.WAITING:
        raise ActionRefused(validation.one_at_a_time(), "running")
    found = left_of(draft)
    for paragraph in found:
        document_actions.delete_paragraph(
            actor=actor,
            paragraph=paragraph,
            was=document_actions.stamp(paragraph, document_actions.source_of(paragraph, document)),
            citations=paragraph.citations.count() + paragraph.references.count(),
        )
    if found:
        draft.discarded_at = clock.now()
        draft.save(update_fields=["discarded_at"])
        audit.log(
            "summary.draft_discarded",
            actor=actor,
            about=draft.summary,
            consultation=draft.summary.consultation,
            draft=draft.pk,
            statements=len(found),
        )
    return len(found)


# --- writing ---


def _write(draft: Draft, planned: Plan, refused: list[Refusal], failure: str = "") -> None:
    """Add a draft's statements after the present ones, all in one transaction; or raise `ActionRefused`."""
    summary, actor = draft.summary, draft.asked_by
    with writes():
        document = document_actions.lock_document(summary.document)
        current = Draft.objects.select_for_update().get(pk=draft.pk)
        if current.state != Draft.State.WAITING:
            return
        require(permissions.may_write(actor, document))
        states.after(document.state, "edit")
        threads = {each.number: each for each in summary.consultation.threads.all()}
        # Contributions may have been withdrawn since the plan was made.
        statements = [*planned.frames, *still_in_force(document, planned.statements)][: draft.most]
        for place, statement in enumerate(statements, 1):
            _add(draft, statement, threads.get(statement.thread), f"draft-{draft.pk}-{place}")
        current.state, current.made_at, current.made = Draft.State.DONE, clock.now(), len(statements)
        current.from_groups, current.failure, current.work = planned.from_groups, failure, {}
        rows = [*(each.as_row() for each in refused), *(each.as_row() for each in planned.left_out)]
        current.refused = rows[:MOST_REFUSED]
        current.save()
        audit.log(
            "summary.drafted",
            actor=actor,
            about=summary,
            consultation=summary.consultation,
            draft=draft.pk,
            made=len(statements),
        )


def _add(draft: Draft, statement: Statement, thread: Thread | None, key: str) -> Paragraph:
    actor = draft.asked_by
    assert actor is not None  # nobody may not write
    paragraph = document_actions.add_paragraph(
        actor=actor,
        document=draft.summary.document,
        kind=statement.kind,
        text=statement.text,
        against=statement.against,
        thread=thread,
        key=key,
        machine=statement.machine or EXTRACT,
    )
    if statement.kind != Kind.FRAME:
        for quote in statement.quotes:
            document_actions.cite(
                actor=actor,
                paragraph=paragraph,
                edition=Edition(pk=quote.sentence.edition),
                words=quote.sentence.words,
                side=quote.side,
            )
    return paragraph
