"""Entering letters and statements made at meetings: singly or by spreadsheet; correcting and withdrawing them.

The person who entered one does not decide on it: it is pending for another moderator, even without premoderation.
"""

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.contributions import permissions
from plenara.contributions.actions import papers
from plenara.contributions.actions.publication import take_down
from plenara.contributions.models import Byline, Contribution, Paper, Sheet, Text, Version
from plenara.contributions.validation import spreadsheets
from plenara.contributions.validation.entries import Entry, Known, entered_already, read_entry
from plenara.core import audit, clock, life_cycle
from plenara.core.life_cycle import State
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted, require, require_valid
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.transaction import lock_row, writing

_CHUNK = 200


def enter(
    *,
    actor: Person,
    consultation: Consultation,
    values: Mapping[str, str],
    key: str,
    original: tuple[str, bytes] | None = None,
    publishes_original: bool = False,
) -> Contribution:
    """Enter one letter or statement, pending for another moderator. The same `key` again changes nothing.

    `original` is the name and the bytes of the document it was taken from: for moderators alone, unless it is published
    as the contribution's paper.
    """
    if original and permissions.may_enter(actor, consultation):
        papers.upload(original[1])  # which may take long, so before the transaction
    return _enter(actor, consultation, values, key, original, publishes_original)


@writing
def _enter(
    actor: Person,
    consultation: Consultation,
    values: Mapping[str, str],
    key: str,
    original: tuple[str, bytes] | None,
    publishes_original: bool,
) -> Contribution:
    if earlier := Contribution.objects.filter(submission_key=key).first():
        return _same_hand(earlier, actor)
    require(permissions.may_enter(actor, consultation))
    entry = _checked(values, consultation)
    if entered_already(consultation, [entry]) & {entry.same}:
        # The same form, sent at the same time to two processes, may be what has been entered since.
        if earlier := Contribution.objects.filter(submission_key=key).first():
            return _same_hand(earlier, actor)
        raise InvalidInput(
            _("This text has already been entered, for the same author and the same question. Do not enter it again."),
            "twice",
            "text",
        )
    try:
        with transaction.atomic():
            paper = papers.save_paper(name=original[0], data=original[1]) if original else None
            contribution = _contribution(entry, actor, key=key, original=paper)
            contribution.save()
    except IntegrityError:
        # The same form, sent at the same time to two processes: the other one was first.
        return _same_hand(Contribution.objects.get(submission_key=key), actor)
    text, byline = Text.of(entry.text), entry.byline()
    byline.save()
    version = _version(contribution, entry, text=text, byline=byline, paper=paper if publishes_original else None)
    version.save()
    audit.log("contribution.entered", actor=actor, about=contribution, consultation=consultation, version=version.pk)
    life_cycle.review_queue.add(contribution, version)
    return contribution


def _same_hand(contribution: Contribution, actor: Person) -> Contribution:
    if contribution.entered_by_id != actor.pk:
        raise InvalidInput(_("This form was opened with another account. Open the form again from the list."), "key")
    return contribution


def _checked(values: Mapping[str, str], consultation: Consultation) -> Entry:
    entry, errors = read_entry(values, Known.of(consultation, [values]))
    require_valid(*errors)
    assert entry is not None
    return entry


def _contribution(entry: Entry, actor: Person, *, key: str, original: Paper | None = None) -> Contribution:
    return Contribution(
        thread=entry.thread,
        consultation_id=entry.thread.consultation_id,
        in_reply_to_id=entry.in_reply_to,
        channel=entry.channel,
        submission_key=key,
        entered_by=actor,
        occasion=entry.occasion,
        consent=entry.consent,
        original=original,
    )


def _version(
    contribution: Contribution, entry: Entry, *, text: Text, byline: Byline, paper: Paper | None = None, number: int = 1
) -> Version:
    return Version(
        contribution=contribution,
        number=number,
        title=entry.title,
        text=text,
        byline=byline,
        language=entry.language,
        paper=paper,
        submitted_at=entry.received_at,
    )


def correct(
    *,
    actor: Person,
    contribution: Contribution,
    values: Mapping[str, str],
    original: tuple[str, bytes] | None = None,
    publishes_original: bool = False,
) -> Version:
    """Send a corrected version of a returned entry. Its question and what it replies to stay; moderators move it.

    Without a new `original` the earlier one stays.
    """
    if original and permissions.may_correct(actor, contribution):
        papers.upload(original[1])
    return _correct(actor, contribution, values, original, publishes_original)


@writing
def _correct(
    actor: Person,
    contribution: Contribution,
    values: Mapping[str, str],
    original: tuple[str, bytes] | None,
    publishes_original: bool,
) -> Version:
    contribution = lock_row(contribution, "consultation", "thread")
    latest = contribution.versions.select_related("text").latest("number")
    answered = contribution.in_reply_to
    fixed = {
        "question": str(contribution.thread.number),
        "in_reply_to": str(answered.number) if answered and answered.state == State.PUBLISHED else "",
    }
    if contribution.state == State.PENDING and latest.number > 1 and contribution.entered_by_id == actor.pk:
        entry, _errors = read_entry({**values, **fixed}, Known.of(contribution.consultation, [fixed]))
        if entry and entry.text == latest.text.content:
            return latest  # sent twice
        raise NotPermitted(
            _("A version of this contribution is already waiting for a moderator. Wait for the decision."), "waits"
        )
    require(permissions.may_correct(actor, contribution), life_cycle.allows(contribution, "send_again"))
    entry = _checked({**values, **fixed}, contribution.consultation)
    contribution.channel, contribution.occasion, contribution.consent = entry.channel, entry.occasion, entry.consent
    if original:
        contribution.original = papers.save_paper(name=original[0], data=original[1])
    contribution.entered_by = actor  # the person who corrects it does not decide on it either
    life_cycle.set_state(contribution, State.PENDING, reason=contribution.reason)
    text, byline = Text.of(entry.text), entry.byline()
    byline.save()
    paper = contribution.original if publishes_original else None
    version = _version(contribution, entry, text=text, byline=byline, paper=paper, number=latest.number + 1)
    version.save()
    audit.log(
        "contribution.corrected",
        actor=actor,
        about=contribution,
        consultation=contribution.consultation,
        version=version.pk,
    )
    life_cycle.review_queue.add(contribution, version)
    return version


@writing
def take_back(*, actor: Person, contribution: Contribution) -> Contribution:
    """Withdraw an entry, as its author wishes: before publication it vanishes, after it leaves a tombstone."""
    contribution = lock_row(contribution, "consultation")
    if contribution.state == State.WITHDRAWN and permissions.answers_for(actor, contribution):
        return contribution  # a double click
    require(permissions.may_take_back(actor, contribution), life_cycle.allows(contribution, "withdraw"))
    audit.log("contribution.withdrawn", actor=actor, about=contribution, consultation=contribution.consultation)
    return take_down(contribution, State.WITHDRAWN, reason="WITHDRAWN")


# --- by spreadsheet ---


def errors_of(consultation: Consultation, rows: Sequence[tuple[int, dict[str, str]]]) -> list[spreadsheets.CellError]:
    """Return all errors in the rows of a spreadsheet, by row."""
    return _read(consultation, rows)[1]


def _read(
    consultation: Consultation, rows: Sequence[tuple[int, dict[str, str]]]
) -> tuple[list[tuple[int, Entry]], list[spreadsheets.CellError]]:
    known = Known.of(consultation, [values for _number, values in rows])
    found: list[tuple[int, Entry]] = []
    errors: list[spreadsheets.CellError] = []
    first: dict[tuple[int, str, str, str], int] = {}
    for number, values in rows:
        entry, wrong = read_entry(values, known)
        errors += [spreadsheets.CellError(number, str(each.field), str(each.sentence)) for each in wrong]
        if entry is None:
            continue
        found.append((number, entry))
        if not (entry.name or entry.organization):
            continue
        if (earlier := first.setdefault(entry.same, number)) != number:
            sentence = _("Row %(number)d has the same text from the same author. Delete one of the two rows.") % {
                "number": earlier
            }
            errors.append(spreadsheets.CellError(number, "text", sentence))
    there = entered_already(consultation, [entry for _number, entry in found])
    errors += [
        spreadsheets.CellError(
            number,
            "text",
            _("This text has already been entered, for the same author and the same question. Do not enter it again."),
        )
        for number, entry in found
        if entry.same in there
    ]
    return found, sorted(errors, key=lambda error: error.row)


@writing
def save_sheet(
    *, actor: Person, consultation: Consultation, name: str, sha256: str, rows: Sequence[tuple[int, dict[str, str]]]
) -> Sheet:
    """Save a spreadsheet without errors until somebody confirms it. A file that was entered already is refused."""
    require(permissions.may_enter(actor, consultation))
    sheet = Sheet.objects.select_for_update(of=("self",)).filter(consultation=consultation, sha256=sha256).first()
    if sheet and sheet.entered_at:
        raise _entered(sheet)
    if sheet is None:
        sheet = Sheet(consultation=consultation, sha256=sha256)
    sheet.name, sheet.rows, sheet.count = name[:200], list(rows), len(rows)
    sheet.uploaded_by, sheet.uploaded_at = actor, clock.now()
    try:
        with transaction.atomic():
            sheet.save()
    except IntegrityError:
        # Uploaded twice at the same time: the other one was first, and has the same rows.
        return Sheet.objects.get(consultation=consultation, sha256=sha256)
    return sheet


def _entered(sheet: Sheet) -> AlreadyDone:
    return AlreadyDone(
        _("This file was entered on %(date)s. You cannot enter it a second time.")
        % {"date": date_in_words(sheet.entered_at)},
        "entered",
        "file",
    )


@writing
def enter_sheet(*, actor: Person, sheet: Sheet) -> int:
    """Enter all rows of a spreadsheet, or none; return how many.

    Raises `AlreadyDone` where it was entered, `InvalidInput` where something has changed since it was checked.
    """
    sheet = Sheet.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=sheet.pk)
    if sheet.entered_at:
        raise _entered(sheet)
    require(permissions.may_enter(actor, sheet.consultation))
    if not sheet.rows:
        raise InvalidInput(_("The file was not confirmed in time. Upload it again."), "gone", "file")
    found, errors = _read(sheet.consultation, [(number, values) for number, values in sheet.rows])
    if errors:
        raise InvalidInput(
            _("The consultation has changed since the file was checked. Upload the file again."), "changed", "file"
        )
    for start in range(0, len(found), _CHUNK):
        _enter_some(sheet, actor, found[start : start + _CHUNK])
    audit.log("contribution.sheet_entered", actor=actor, about=sheet, consultation=sheet.consultation, count=len(found))
    sheet.rows, sheet.entered_at = [], clock.now()
    sheet.save(update_fields=["rows", "entered_at"])
    return len(found)


def _enter_some(sheet: Sheet, actor: Person, some: Sequence[tuple[int, Entry]]) -> None:
    contributions = Contribution.objects.bulk_create(
        _contribution(entry, actor, key=f"sheet-{sheet.pk}-{number}") for number, entry in some
    )
    texts = Text.objects.bulk_create(Text(content=entry.text, sha256=entry.same[1]) for _number, entry in some)
    bylines = [entry.byline() for _number, entry in some]
    type(bylines[0]).objects.bulk_create(bylines)
    versions = Version.objects.bulk_create(
        _version(contribution, entry, text=text, byline=byline)
        for contribution, (_number, entry), text, byline in zip(contributions, some, texts, bylines, strict=True)
    )
    new = list(zip(contributions, versions, strict=True))
    audit.log_all(
        "contribution.entered",
        actor=actor,
        about=[(contribution, {"version": version.pk, "sheet": sheet.pk}) for contribution, version in new],
        consultation=sheet.consultation,
    )
    life_cycle.review_queue.add_all(new)
