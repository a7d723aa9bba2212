"""Submitting, sending again, withdrawing: the actions of authors. Publishing is in `publication.py`."""

import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.actions import follow_replies
from plenara.consultations.models import Thread
from plenara.contributions import emails, permissions, validation
from plenara.contributions.actions.publication import publish, take_down
from plenara.contributions.actions.signatures import forget_addresses, take_signatures
from plenara.contributions.models import Byline, Channel, Contribution, Draft, Paper, Text, Version
from plenara.contributions.queries.submissions import is_quarantined
from plenara.core import audit, clock, life_cycle
from plenara.core.life_cycle import State
from plenara.core.models import AuditEntry
from plenara.core.prepared import insert, parameters, planned_once, planning_cursor
from plenara.core.refusals import Answer, InvalidInput, NotPermitted, require, require_valid
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import lock_row, writing
from plenara.core.vocabulary import Capacity


def byline_of(person: Person) -> Byline:
    """Return the byline of a person's next contribution, unsaved. Withheld data are left out, not hidden."""
    return Byline(
        name="" if person.withholds_name else person.name,
        withheld=person.withholds_name,
        stakeholder_group=person.stakeholder_group,
        capacity=person.capacity,
        organization=person.organization if person.capacity == Capacity.ORGANIZATION else "",
        country="" if person.withholds_country else person.country,
    )


def submit(
    *,
    actor: Person,
    thread: Thread,
    text: str,
    language: str,
    title: str = "",
    in_reply_to: Contribution | None = None,
    opened_at: datetime.datetime | None = None,
    key: str | None = None,
    part: int | None = None,
) -> Contribution:
    """Submit a new contribution for moderation, or publish it where the consultation's policy allows.

    `key` names the form: the same key again returns the contribution that the first created. `opened_at` is when the
    form was opened, which allows it for fifteen minutes after closing. `part` is the number of the paragraph that a
    comment on a draft is about.
    """
    text, title = clean(text), clean_line(title)
    # Validated before we take the write lock, for which everybody else waits.
    answers = [
        validation.has_text(text),
        validation.short_enough(text, thread.consultation),
        validation.accepted_language(language, thread.consultation),
        validation.title_fits(title),
        validation.same_thread(thread.pk, in_reply_to),
        validation.known_part(part, thread),
        validation.not_too_often(actor.pk),
    ]
    return _submit(
        actor, thread, in_reply_to, opened_at, key, answers, text=text, title=title, language=language, part=part
    )


@writing
def _submit(
    actor: Person,
    thread: Thread,
    in_reply_to: Contribution | None,
    opened_at: datetime.datetime | None,
    key: str | None,
    answers: list[Answer],
    *,
    text: str,
    title: str,
    language: str,
    part: int | None,
) -> Contribution:
    draft = _draft(actor, key)
    # A form that was sent has no draft any more.
    if key and not draft and (earlier := Contribution.objects.filter(submission_key=key).first()):
        return _same_author(earlier, actor)
    require(
        permissions.may_reply(actor, in_reply_to, opened_at=opened_at)
        if in_reply_to
        else permissions.may_contribute(actor, thread, opened_at=opened_at)
    )
    if not actor.has_byline:
        raise NotPermitted(
            _(
                "First choose your stakeholder group, and say whether you speak as an individual or for an "
                "organization."
            ),
            "byline",
        )
    require_valid(*answers, validation.not_sent_already(actor.pk, thread.pk, digest(text)))
    contribution = Contribution(
        thread=thread,
        consultation=thread.consultation,
        author=actor,
        in_reply_to=in_reply_to,
        submission_key=key,
        channel=Channel.WEB,
    )
    if not insert(contribution, ignore_conflicts=key is not None):
        # The same form, sent at the same time to two processes: the other one was first.
        return _same_author(Contribution.objects.get(submission_key=key), actor)
    paper = draft.paper if draft else None
    version = _add_version(
        contribution, actor, number=1, text=text, title=title, language=language, paper=paper, part=part
    )
    act = audit.log(
        "contribution.submitted", actor=actor, about=contribution, consultation=thread.consultation, version=version.pk
    )
    if draft:
        _end_draft(draft, version)
    follow_replies(actor)
    _queue_or_publish(version, actor, act)
    return contribution


def _queue_or_publish(version: Version, actor: Person, act: AuditEntry) -> None:
    """Enqueue a receipt, and make a new version pending, or publish it where moderators read afterwards.

    A version of an account created in bulk is always pending; its receipt is sent after those of others.
    """
    contribution = version.contribution
    is_held = is_quarantined(actor, contribution.consultation)
    queue = "bulk" if is_held else "default"
    emails.send_receipt.using(key=f"receipt-{version.pk}", queue_name=queue).enqueue(version_id=version.pk)
    if contribution.consultation.is_premoderated or is_held:
        life_cycle.review_queue.add(contribution, version)
    else:
        publish(version, actor=actor)
        life_cycle.review_queue.add_published(contribution, version)


def _draft(actor: Person, key: str | None) -> Draft | None:
    """Return the draft behind the form that was sent, locked: nobody signs other words in the meantime."""
    return next(iter(_locked_draft(actor.pk, key)), None) if key else None


@planned_once
def _locked_draft(person: int, key: str) -> QuerySet[Draft]:
    return Draft.objects.select_for_update().filter(person=person, key=key)


def _end_draft(draft: Draft, version: Version) -> None:
    """End the draft of a version; its signatures to these words become the version's, and the others end too."""
    if not delete_alone(draft):
        take_signatures(draft, version)
        draft.delete()


def delete_alone(draft: Draft) -> bool:
    """Delete a draft without links, remarks and requests to sign. Return whether it was one.

    In SQL: for a row that others refer to, Django takes longer to compile its statements than the database to run them.
    """
    others = [(each.related_model._meta.db_table, each.field.column) for each in Draft._meta.related_objects]
    alone = ' AND NOT EXISTS (SELECT 1 FROM "%s" WHERE "%s" = %%s)'
    with planning_cursor(connection) as cursor:
        cursor.execute(
            f'DELETE FROM "{Draft._meta.db_table}" WHERE id = %s'  # noqa: S608 - our own names
            + "".join(alone % names for names in others),
            parameters([draft.pk] * (1 + len(others)), connection),
        )
        return bool(cursor.rowcount)


def _same_author(contribution: Contribution, actor: Person) -> Contribution:
    if contribution.author_id != actor.pk:
        raise InvalidInput(
            _("This form was opened with another account. Open the form again from the question’s page."), "key"
        )
    return contribution


def _add_version(
    contribution: Contribution,
    actor: Person,
    *,
    number: int,
    text: str,
    title: str,
    language: str,
    paper: Paper | None = None,
    part: int | None = None,
) -> Version:
    byline = byline_of(actor)
    insert(byline)
    version = Version(
        contribution=contribution,
        number=number,
        title=title,
        text=Text.of(text),
        byline=byline,
        language=language,
        paper=paper,
        part=part,
        submitted_at=clock.now(),
    )
    insert(version)
    return version


@writing
def revise(
    *,
    actor: Person,
    contribution: Contribution,
    text: str,
    language: str,
    title: str = "",
    key: str | None = None,
    part: int | None = None,
) -> Version:
    """Submit another version: of a returned text, pending again, or of a published one, which stays in force.

    It replaces a version that is still pending.
    """
    contribution = lock_row(contribution, "consultation")
    latest = contribution.versions.select_related("text", "paper").latest("number")
    text, title = clean(text), clean_line(title)
    returned, waits = contribution.state == State.RETURNED, latest.state == State.PENDING
    draft = _draft(actor, key)
    new_paper = draft is not None and draft.paper_id != latest.paper_id
    sent = (latest.text.content, latest.title, latest.language, latest.part)
    if waits and permissions.is_author(actor, contribution) and not new_paper and sent == (text, title, language, part):
        return latest  # sent twice
    may = (
        permissions.may_correct_pending if waits else permissions.may_send_again if returned else permissions.may_revise
    )
    require(may(actor, contribution))
    require_valid(
        validation.has_text(text),
        validation.has_changed(text, latest.text)
        if not (returned or waits or new_paper or part != latest.part)
        else True,
        validation.short_enough(text, contribution.consultation),
        validation.accepted_language(language, contribution.consultation),
        validation.title_fits(title),
        validation.known_part(part, contribution.thread, latest.part),
        validation.not_too_often(actor.pk),
    )
    if waits:
        latest.state = State.WITHDRAWN
        latest.save(update_fields=["state"])
    version = _add_version(
        contribution,
        actor,
        number=contribution.versions.count() + 1,
        text=text,
        title=title,
        language=language,
        part=part,
        paper=draft.paper if draft else latest.paper,
    )
    if returned:
        life_cycle.set_state(contribution, State.PENDING, reason=contribution.reason)
    act = audit.log(
        "contribution.revised",
        actor=actor,
        about=contribution,
        consultation=contribution.consultation,
        version=version.pk,
    )
    if draft:
        _end_draft(draft, version)
    forget_addresses(contribution, besides=version)
    _queue_or_publish(version, actor, act)
    return version


@writing
def withdraw(*, actor: Person, contribution: Contribution) -> Contribution:
    """Withdraw one's own contribution: before publication it vanishes, after it leaves a tombstone."""
    contribution = lock_row(contribution, "consultation")
    if contribution.state == State.WITHDRAWN and permissions.is_author(actor, contribution):
        return contribution  # a double click
    require(permissions.may_withdraw(actor, contribution), life_cycle.allows(contribution, "withdraw"))
    audit.log("contribution.withdrawn", actor=actor, about=contribution, consultation=contribution.consultation)
    forget_addresses(contribution)
    return take_down(contribution, State.WITHDRAWN, reason="WITHDRAWN")
