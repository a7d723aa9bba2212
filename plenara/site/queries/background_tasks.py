"""Counts and ages of queued tasks, in a fixed number of queries; names of the kinds of background task, and
recipients of their e-mails.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Count, F, Min, Model, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts.models import Invitation, Person
from plenara.consultations.models import Role
from plenara.contributions.models import Contribution, Signatory, Version
from plenara.core import clock
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.directory.models import Kind, Listing, ListingVersion
from plenara.events.models import Event, EventVersion
from plenara.exports import tasks as archive_tasks
from plenara.moderation.models import Appeal, Decision, Item, Redaction
from plenara.moderation.queries.queue import pending
from plenara.outcomes.models import Member, Proposal
from plenara.search.models import Unread
from plenara.summaries.models import Correction, CorrectionVersion

#: Tasks that send one e-mail each.
_EMAILS = {
    "accounts.ask_to_confirm_passkeys": _("E-mail that asks an organizer to confirm the removal of passkeys"),
    "accounts.letter": _("E-mail about signing in"),
    "accounts.send_invitation": pgettext_lazy("label", "Invitation"),
    "accounts.notify_identity": _("E-mail about a connected account"),
    "accounts.notify_passkeys_removed": _("E-mail about passkeys that an organizer removed"),
    "accounts.notify_suspended": _("E-mail about the suspension of an account"),
    "accounts.notify_unsuspended": _("E-mail about the end of the suspension of an account"),
    "consultations.ask_to_confirm": _("E-mail that asks an organizer to confirm an announcement"),
    "consultations.send_news": _("E-mail about what a person follows"),
    "consultations.notify_extension": _("E-mail about the extension of a consultation"),
    "consultations.notify_role_granted": _("E-mail about a new role in a consultation"),
    "consultations.notify_role_revoked": _("E-mail about the end of a role in a consultation"),
    "contributions.ask_to_sign": _("E-mail that asks someone to sign a text"),
    "contributions.send_receipt": _("Receipt for a contribution"),
    "contributions.notify_signatory": _("E-mail about a signed text that was published"),
    "contributions.notify_dispute": _("E-mail about a byline that an organization disputes"),
    "directory.ask_owner": _("E-mail that asks whether directory entries are still correct"),
    "directory.receipt": _("Receipt for a directory entry"),
    "directory.send_proof": _("E-mail that verifies an organization"),
    "events.receipt": _("Receipt for an event"),
    "moderation.ask_redaction": _("E-mail about words to leave out"),
    "moderation.ask_reporter": _("E-mail to verify a reader’s address"),
    "moderation.send_digest": _("E-mail to a moderator about decisions to take"),
    "moderation.send_late": _("E-mail to a moderator about overdue decisions"),
    "moderation.notify_of_appeal": _("E-mail about an appeal"),
    "moderation.notify_author": _("E-mail about a decision"),
    "moderation.notify_reporter": _("E-mail to a reader about a report"),
    "outcomes.approval_email": _("E-mail about an outcome to approve"),
    "outcomes.member_email": _("E-mail about becoming a member of a body"),
    "outcomes.rendition_email": _("E-mail about a translation of an outcome"),
    "outcomes.sent_back_email": _("E-mail about an outcome that was sent back"),
    "outcomes.lapsed_email": _("E-mail about paragraphs that changed"),
    "outcomes.proposal_email": _("E-mail about the answer to a proposal"),
    "summaries.approval_email": _("E-mail about a summary to approve"),
    "summaries.cited_email": _("E-mail to an author who is cited"),
    "summaries.due_email": _("E-mail about a summary that is due"),
    "summaries.late_email": _("E-mail about a summary that is late"),
    "summaries.period_email": _("E-mail about a period that has ended"),
    "summaries.correction_answered": _("E-mail about the answer to a request for correction"),
    "summaries.correction_made": _("E-mail about a correction that was made"),
    "summaries.correction_receipt": _("Receipt for a request for correction"),
    "summaries.correction_waits": _("E-mail that asks someone to answer a request for correction"),
    "summaries.rendition_email": _("E-mail about a translation"),
    "summaries.sent_back_email": _("E-mail about a summary that was sent back"),
    "summaries.translation_due_email": _("E-mail about a translation that is due"),
    "summaries.translation_late_email": _("E-mail about a translation that is late"),
}
_OTHERS = {
    "accounts.list_erasures": _("Recording which accounts were erased"),
    "exports.make_community_export": _("Creating the file of the calendar, directory and themes"),
    "exports.make_export": _("Creating the files of the record"),
    "consultations.announce_extension": _("Preparing e-mails about the extension of a consultation"),
    "consultations.send_digests": _("Preparing daily and weekly e-mails"),
    "consultations.notify_followers": _("Preparing e-mails to followers"),
    "consultations.translate_texts": _("Machine translation of a consultation’s own texts"),
    "consultations.turn": _("Opening or closing of a consultation"),
    "contributions.forget_paper": _("Deleting an unused document"),
    "contributions.index_thread": _("Indexing contributions by the themes of their question"),
    "contributions.read_paper": _("Reading the text of an attached document"),
    "contributions.translate": _("Machine translation of a contribution"),
    "contributions.translate_all": _("Requesting translations of contributions"),
    "contributions.mark_organization": _("Marking contributions made for a verified organization"),
    "directory.ask_owners": _("Daily check for entries that no one has confirmed"),
    "directory.carry_out": _("Carrying out a decision on a directory entry"),
    "documents.compare": _("Comparing the meaning of texts"),
    "documents.forget_words": _("Erasing words from documents"),
    "documents.index_thread": _("Indexing statements by the themes of their question"),
    "documents.suggest": _("Machine suggestions for translators"),
    "events.recalculate_zones": _("Daily check of time zone rules"),
    "moderation.decide_campaign": _("Deciding on the other texts of a campaign"),
    "moderation.learn": _("Checking the texts of an import"),
    "moderation.make_suggestions": _("Suggestions for moderators"),
    "moderation.publish_approved": _("Publishing an approved text or entry"),
    "moderation.publish_moved": _("Publishing a contribution that was moved to another question"),
    "moderation.remind": _("Checking for overdue decisions"),
    "outcomes.make_dossier": _("Creating the files of a meeting’s dossier"),
    "outcomes.print_edition": _("Creating the files of an outcome"),
    "outcomes.print_changed": _("Creating the files of outcomes again"),
    "search.read": _("Indexing texts by meaning, for the search"),
    "summaries.forget_vectors": _("Deleting the data that a machine used to compare erased texts"),
    "summaries.group": _("Grouping similar sentences for a summary"),
    "summaries.read_period": _("Reading a period’s contributions to group them"),
    "summaries.keep_time": _("Hourly check for summaries that are due"),
    "summaries.make_draft": _("Creating a first draft of a summary"),
    "summaries.notify_answerers": _("Preparing e-mails about a request for correction"),
    "summaries.make_pack": _("Creating a conference pack"),
    "summaries.print_edition": _("Creating the files of a summary"),
    "summaries.print_changed": _("Creating the files of changed summaries again"),
    "outcomes.notify_responses": _("Preparing e-mails about an outcome’s responses to contributions"),
    "outcomes.notify_discussions": _("Preparing e-mails about contributions on an agenda"),
    "summaries.notify_cited": _("Preparing e-mails to authors who are cited"),
    "themes.forget_file": _("Deleting a file of themes that no one confirmed"),
    "operations.index": _("Comparing the search index with the record"),
    "operations.sweep": _("Deleting data whose storage period has ended"),
}
_WORDS = _EMAILS | _OTHERS


def is_email(kind: str) -> bool:
    """Return whether a task of a kind sends one e-mail."""
    return kind in _EMAILS


def words_of(kind: str) -> str:
    """Return what a task does, in words; for an unknown kind, the kind itself."""
    return str(_WORDS.get(kind, kind))


#: Minutes that a due task may wait before there is a warning that no worker runs.
PATIENCE = 10
EXPORTS = frozenset({archive_tasks.make_export.label, archive_tasks.make_community_export.label})


@dataclass(frozen=True)
class Queued:
    """The tasks of one kind, or of several, that are not done."""

    kind: str = ""
    waiting: int = 0  # not failed permanently, due or not
    due: int = 0
    again: int = 0  # of those that are pending: failed at least once
    late: int = 0  # due for longer than `PATIENCE`, and not leased
    failed: int = 0  # failed permanently
    oldest: datetime.datetime | None = None  # the earliest time at which one was due


def tasks() -> list[Queued]:
    """Return the queued tasks of each kind, by its name. Two queries, each with a partial index of open tasks."""
    now = clock.now()
    late = now - datetime.timedelta(minutes=PATIENCE)
    pending = BackgroundTask.objects.filter(done_at=None, failed_at=None).values(kind=F("task")).order_by()
    found = {
        row["kind"]: Queued(**row)
        for row in pending.annotate(
            waiting=Count("pk"),
            due=Count("pk", filter=Q(due_at__lte=now)),
            again=Count("pk", filter=Q(attempts__gt=0, lease_until=None)),
            late=Count("pk", filter=Q(due_at__lt=late, lease_until=None)),
            oldest=Min("due_at", filter=Q(due_at__lte=now)),
        )
    }
    given_up = BackgroundTask.objects.filter(failed_at__isnull=False, done_at=None).values(kind=F("task")).order_by()
    for row in given_up.annotate(failed=Count("pk")):
        found[row["kind"]] = replace(found.get(row["kind"], Queued(row["kind"])), failed=row["failed"])
    return [found[kind] for kind in sorted(found)]


def together(some: Iterable[Queued]) -> Queued:
    """Return several kinds combined."""
    each = list(some)
    return Queued(
        waiting=sum(one.waiting for one in each),
        due=sum(one.due for one in each),
        again=sum(one.again for one in each),
        late=sum(one.late for one in each),
        failed=sum(one.failed for one in each),
        oldest=min((one.oldest for one in each if one.oldest), default=None),
    )


def emails_of(queued: Iterable[Queued]) -> Queued:
    """Return those of them that are e-mails."""
    return together(one for one in queued if is_email(one.kind))


def exports_of(queued: Iterable[Queued]) -> Queued:
    """Return those of them that make files of the record."""
    return together(one for one in queued if one.kind in EXPORTS)


@dataclass(frozen=True)
class Queue:
    """The review queue of a consultation: its size, and the time of the oldest."""

    consultation_id: int | None
    waiting: int
    oldest: datetime.datetime


def queues() -> list[Queue]:
    """Return the queue of each consultation in which something is pending. One query."""
    rows = Item.objects.filter(pending()).values("consultation_id").order_by()
    return [Queue(**row) for row in rows.annotate(waiting=Count("pk"), oldest=Min("since"))]


def unread() -> int:
    """Return how many texts are unread by meaning. One query."""
    return Unread.objects.count()


def database_bytes() -> int:
    """Return the size of the database. One query."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        else:
            cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def clock_difference() -> float:
    """Return the clock's difference in seconds from the database's or a later audit entry. At most two queries."""
    last = AuditEntry.objects.order_by("-pk").values_list("at", flat=True).first()
    behind = max((last - clock.now()).total_seconds(), 0.0) if last else 0.0
    if connection.vendor != "postgresql":
        return behind
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return max(behind, abs((cursor.fetchone()[0] - clock.now()).total_seconds()))


#: The lookup from the argument of a kind to the address; arguments of every kind are in `_COMMON`. A person who
#: reported something is not shown.
_OF_KIND: dict[str, tuple[str, type[Model], str]] = {
    "consultations.notify_role_granted": ("role_id", Role, "person__email"),
    "contributions.ask_to_sign": ("signatory_id", Signatory, "address"),
    "contributions.send_receipt": ("version_id", Version, "contribution__author__email"),
    "contributions.notify_signatory": ("signatory_id", Signatory, "address"),
    "directory.receipt": ("version_id", ListingVersion, "listing__owner__email"),
    "events.receipt": ("version_id", EventVersion, "event__owner__email"),
    "moderation.notify_of_appeal": ("appeal_id", Appeal, "person__email"),
    "outcomes.lapsed_email": ("member_id", Member, "person__email"),
    "outcomes.member_email": ("member_id", Member, "person__email"),
    "outcomes.proposal_email": ("proposal_id", Proposal, "by__email"),
    "summaries.correction_answered": ("correction_id", Correction, "person__email"),
    "summaries.correction_made": ("correction_id", Correction, "person__email"),
    "summaries.correction_receipt": ("version_id", CorrectionVersion, "correction__person__email"),
}
_COMMON: dict[str, tuple[type[Model], str]] = {"person_id": (Person, "email"), "invitation_id": (Invitation, "address")}
#: For these the argument is a moderated item, by its kind and id, and the recipient its author.
_TO_AUTHOR: dict[str, tuple[str, type[Model]]] = {
    "moderation.ask_redaction": ("redaction_id", Redaction),
    "moderation.notify_author": ("decision_id", Decision),
}
_AUTHORS: dict[str, tuple[type[Model], str]] = {
    "contribution": (Contribution, "author__email"),
    "correction": (Correction, "person__email"),
    "event": (Event, "owner__email"),
    **dict.fromkeys(Kind.values, (Listing, "owner__email")),
}


def recipients_of(tasks: Sequence[BackgroundTask]) -> dict[int, str]:
    """Return the addresses, by the task's id, of tasks with a recipient. A fixed number of queries."""
    found = {each.pk: str(each.arguments["address"]) for each in tasks if each.arguments.get("address")}
    for argument, (model, path) in _COMMON.items():
        found |= _read([each for each in tasks if argument in each.arguments], argument, model, path)
    for kind, (argument, model, path) in _OF_KIND.items():
        found |= _read([each for each in tasks if each.task == kind], argument, model, path)
    for kind, (argument, model) in _TO_AUTHOR.items():
        found |= _read_authors([each for each in tasks if each.task == kind], argument, model)
    return {pk: address for pk, address in found.items() if address}


def _read_authors(tasks: Sequence[BackgroundTask], argument: str, model: type[Model]) -> dict[int, str]:
    ids = {each.arguments.get(argument) for each in tasks}
    about = {
        pk: thing for pk, *thing in model._default_manager.filter(pk__in=ids).values_list("pk", "kind", "object_id")
    }
    addresses: dict[tuple[str, int], str] = {}
    for kind in {kind for kind, _pk in about.values()} & set(_AUTHORS):
        author, path = _AUTHORS[kind]
        things = author._default_manager.filter(pk__in=[pk for of, pk in about.values() if of == kind])
        addresses |= {(kind, pk): address for pk, address in things.values_list("pk", path)}
    return {each.pk: addresses.get(tuple(about.get(each.arguments.get(argument), ())), "") for each in tasks}


def _read(tasks: Sequence[BackgroundTask], argument: str, model: type[Model], path: str) -> dict[int, str]:
    ids = {each.arguments.get(argument) for each in tasks}
    rows = model._default_manager.filter(pk__in=ids).values_list("pk", path)
    addresses = dict(rows)
    return {each.pk: addresses.get(each.arguments.get(argument)) or "" for each in tasks}
