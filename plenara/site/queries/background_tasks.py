"""Counts and ages of queued tasks, in a fixed number of queries; names of the kinds of background task, and
recipients of their e-mails.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Count, F, Min, Model, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

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

_WORDS = {
    "accounts.ask_to_confirm_passkeys": _("E-mail that asks an organizer to confirm the removal of passkeys"),
    "accounts.letter": _("Letter about signing in"),
    "accounts.list_erasures": _("Writing down which accounts were erased"),
    "accounts.send_invitation": _("Invitation"),
    "accounts.notify_passkeys_removed": _("E-mail about passkeys that an organizer removed"),
    "accounts.notify_suspended": _("Letter about a suspension"),
    "accounts.notify_unsuspended": _("Letter about the end of a suspension"),
    "exports.make_community_export": _("Making the file of calendar, directory and themes"),
    "exports.make_export": _("Making the files of the record"),
    "consultations.ask_to_confirm": _("E-mail that asks an organizer to confirm an announcement"),
    "consultations.announce_extension": _("Letters about an extension, to be addressed"),
    "consultations.send_digests": _("Daily and weekly letters, to be addressed"),
    "consultations.notify_followers": _("Letters to those who follow, to be addressed"),
    "consultations.send_news": _("Letter about what somebody follows"),
    "consultations.notify_extension": _("Letter about an extension"),
    "consultations.notify_role_granted": _("Letter about a role"),
    "consultations.notify_role_revoked": _("Letter about the end of a role"),
    "consultations.translate_texts": _("Translation of a consultation’s own texts by a machine"),
    "consultations.turn": _("Opening or closing of a consultation"),
    "contributions.ask_to_sign": _("Letter that asks somebody to sign a text"),
    "contributions.forget_paper": _("Deleting a document that belongs to nothing"),
    "contributions.index_thread": _("Finding contributions by the themes of their question"),
    "contributions.read_paper": _("Reading the words of a paper"),
    "contributions.send_receipt": _("Receipt for a contribution"),
    "contributions.translate": _("Translation of a contribution by a machine"),
    "contributions.translate_all": _("Translations of contributions, to be asked for"),
    "contributions.notify_signatory": _("Letter about a signed text that was published"),
    "contributions.mark_organization": _("Marking what was said for a verified organization"),
    "contributions.notify_dispute": _("Letter about a byline that an organization disputes"),
    "directory.ask_owner": _("Letter that asks whether entries of the directory still hold"),
    "directory.ask_owners": _("The day's look at which entries nobody has confirmed"),
    "directory.carry_out": _("Carrying out a decision on an entry of the directory"),
    "directory.receipt": _("Receipt for an entry of the directory"),
    "directory.send_proof": _("Letter that verifies an organization"),
    "documents.compare": _("Comparing the meaning of texts"),
    "documents.forget_words": _("Erasing words from documents"),
    "documents.index_thread": _("Finding statements by the themes of their question"),
    "documents.suggest": _("Suggestions of a machine for translators"),
    "events.receipt": _("Receipt for an event"),
    "events.recalculate_zones": _("The day's look at the rules of time zones"),
    "moderation.ask_redaction": _("Letter about words to leave out"),
    "moderation.ask_reporter": _("Letter to verify a reader’s address"),
    "moderation.decide_campaign": _("Deciding on the rest of a campaign"),
    "moderation.learn": _("Looking through the texts of an import"),
    "moderation.look": _("Suggestions for moderators"),
    "moderation.publish_approved": _("Publishing what was approved"),
    "moderation.publish_moved": _("Publishing what was moved to another question"),
    "moderation.remind": _("Looking for what waits too long"),
    "moderation.send_digest": _("Letter to a moderator about what waits"),
    "moderation.send_late": _("Letter to a moderator about what waits too long"),
    "moderation.notify_of_appeal": _("Letter about an appeal"),
    "moderation.notify_author": _("Letter about a decision"),
    "moderation.notify_reporter": _("Letter to a reader about a report"),
    "outcomes.approval_email": _("Letter about an outcome to approve"),
    "outcomes.member_email": _("Letter about becoming a member of a body"),
    "outcomes.rendition_email": _("Letter about a translation of an outcome"),
    "outcomes.sent_back_email": _("Letter about an outcome that was sent back"),
    "outcomes.make_dossier": _("Making the files of a meeting’s dossier"),
    "outcomes.print_edition": _("Making the files of an outcome"),
    "outcomes.print_changed": _("Making files of outcomes anew"),
    "outcomes.lapsed_email": _("Letter about paragraphs that changed"),
    "outcomes.proposal_email": _("Letter about a proposal"),
    "search.read": _("Reading texts by their meaning, for the search"),
    "summaries.forget_vectors": _("Forgetting what a machine read of erased words"),
    "summaries.group": _("Groups of like sentences for a summary"),
    "summaries.read_period": _("Reading a period’s contributions, to group them"),
    "summaries.approval_email": _("Letter about a summary to approve"),
    "summaries.cited_email": _("Letter about being cited"),
    "summaries.due_email": _("Letter about a summary that is due"),
    "summaries.keep_time": _("The hour's look at which summaries are due"),
    "summaries.late_email": _("Letter about a summary that is late"),
    "summaries.period_email": _("Letter about a period that has ended"),
    "summaries.make_draft": _("Making a first draft of a summary"),
    "summaries.correction_answered": _("Letter about the answer to a request for correction"),
    "summaries.correction_made": _("Letter about a correction that was made"),
    "summaries.correction_receipt": _("Receipt for a request for correction"),
    "summaries.correction_waits": _("Letter about a request for correction to answer"),
    "summaries.notify_answerers": _("Letters about a request for correction, to be addressed"),
    "summaries.make_pack": _("Making a conference pack"),
    "summaries.print_edition": _("Making the files of a summary"),
    "summaries.print_changed": _("Making anew the files of summaries that changed"),
    "summaries.rendition_email": _("Letter about a translation"),
    "summaries.sent_back_email": _("Letter about a summary that was sent back"),
    "summaries.translation_due_email": _("Letter about a translation that is due"),
    "summaries.translation_late_email": _("Letter about a translation that is late"),
    "outcomes.notify_responses": _("Letters about what an outcome does with contributions, to be addressed"),
    "outcomes.notify_discussions": _("Letters about contributions on an agenda, to be addressed"),
    "summaries.notify_cited": _("Letters about being cited, to be addressed"),
    "themes.forget_file": _("Forgetting a file of themes that nobody confirmed"),
    "operations.index": _("Comparing the search index with the record"),
    "operations.sweep": _("Deleting what is not kept longer"),
}


_ONE_EMAIL = ("Letter ", "E-mail ", "Receipt ", "Invitation")


def is_email(kind: str) -> bool:
    """Return whether a task of a kind sends one e-mail, by its name: a letter, a receipt or an invitation."""
    with override("en"):
        words = words_of(kind)
    return words.startswith(_ONE_EMAIL)


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
