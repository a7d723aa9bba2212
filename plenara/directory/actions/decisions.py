"""Verifying an organization; and a moderator's decisions, delayed by half a minute so that they can be undone."""

import datetime
import secrets

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.models import UNDO_TIME, BackgroundTask
from plenara.core.refusals import ActionRefused, AlreadyDone, InvalidInput, NotPermitted, require, require_valid
from plenara.core.tasks import task
from plenara.core.text import clean_line, digest
from plenara.core.transaction import lock, lock_row, writing
from plenara.directory import permissions, tasks
from plenara.directory.actions import entries
from plenara.directory.actions.listings import merge, require_mergeable
from plenara.directory.models import Distinction, Listing, Proof, Verification
from plenara.directory.queries import verification
from plenara.directory.validation import host_of


@writing
def ask_for_proof(*, actor: Person, organization: Listing, mailbox: str) -> None:
    """Send a link to an address of the organization's own domain. The owner types only the part before the “@”.

    Returns nothing, and does not reveal whether the address exists. The address is stored only in the arguments of the
    task that sends the e-mail, and is deleted with it.
    """
    organization = lock_row(organization)
    require(permissions.may_prove(actor, organization))
    domain = host_of(str(organization.details.get("site", "")))
    mailbox = mailbox.strip()
    permissions.lock_sender(actor)
    lock(f"proof {domain}")  # e-mails to a domain are counted for all senders and organizations together
    require_valid(verification.is_own_domain(domain), verification.is_mailbox(mailbox), verification.not_too_often(
        actor, organization, domain))  # fmt: skip
    address = f"{mailbox}@{domain}".lower()
    if verification.had_enough(address):
        return  # nobody's mailbox gets a third e-mail a day; the sender sees the same page
    token = secrets.token_urlsafe(32)
    proof = Proof.objects.create(
        organization=organization,
        asked_by=actor,
        domain=domain,
        address_digest=verification.address_hash(address),
        token_digest=digest(token),
        at=clock.now(),
        expires_at=clock.now() + verification.PROOF_LIFE,
    )
    audit.log("organization.proof_asked", actor=actor, about=organization, domain=domain)
    tasks.send_proof.using(key=f"proof-{proof.pk}").enqueue(proof_id=proof.pk, token=token, address=address)


@writing
def prove(*, token: str) -> Verification:
    """Verify the organization of a link that reached its domain. A link is used once."""
    proof = Proof.objects.select_for_update().filter(token_digest=digest(token)).first()
    if proof is None:
        raise InvalidInput(_("This link is not valid. Ask for a new one."), "unknown")
    organization = lock_row(proof.organization)
    if proof.used_at:
        current = organization.verifications.filter(ended_at=None, domain=proof.domain).last()
        if current:
            return current  # a double click
        raise InvalidInput(_("This link has already been used. Ask for a new one."), "used")
    if proof.expires_at <= clock.now():
        raise InvalidInput(_("This link has expired. Links are valid for three days. Ask for a new one."), "over")
    if not permissions.may_prove(proof.asked_by, organization) or proof.domain != host_of(
        str(organization.details.get("site", ""))
    ):
        raise InvalidInput(_("The entry has been changed since this link was sent. Ask for a new link."), "changed")
    proof.used_at = clock.now()
    proof.save(update_fields=["used_at"])
    return _verified(organization, Verification.Method.MAIL, proof.domain, by=None, actor=proof.asked_by)


@writing
def verify(*, actor: Person, organization: Listing, note: str) -> Verification:
    """Verify an organization as the secretariat, with a note that gives the evidence."""
    organization = lock_row(organization)
    require(permissions.may_vouch(actor, organization))
    note = clean_line(note)
    require_valid(verification.note_fits(note))
    current = organization.verifications.filter(ended_at=None).last()
    if current and clock.now() - current.at < datetime.timedelta(minutes=1):
        return current  # a double click
    domain = host_of(str(organization.details.get("site", "")))
    return _verified(organization, Verification.Method.SECRETARIAT, domain, by=actor, actor=actor, note=note)


@writing
def end_verification(*, actor: Person, organization: Listing) -> None:
    """End an organization's verification, as the secretariat. Marks on published contributions stay."""
    organization = lock_row(organization)
    require(permissions.may_vouch(actor, organization))
    for each in organization.verifications.filter(ended_at=None):
        entries.end_verification_of(each, actor=actor, why="secretariat")
    invalidate("directory")


def _verified(
    organization: Listing, method: str, domain: str, *, by: Person | None, actor: Person, note: str = ""
) -> Verification:
    organization.verifications.filter(ended_at=None).update(ended_at=clock.now())
    verified = Verification.objects.create(organization=organization, method=method, domain=domain, by=by, note=note)
    audit.log("organization.verified", actor=actor, about=organization, method=method, domain=domain)
    entries.represented(organization)
    invalidate("directory", nothing_withdrawn=True)
    return verified


VERIFY, END, MERGE, DISTINGUISH = "verify", "end", "merge", "distinguish"


@writing
def decide_to_verify(*, actor: Person, organization: Listing, note: str) -> None:
    """Schedule the verification of an organization in half a minute. Changes nothing if it is scheduled already."""
    organization = lock_row(organization)
    require(permissions.may_vouch(actor, organization))
    note = clean_line(note)
    require_valid(verification.note_fits(note))
    if pending(organization):
        return  # a double click
    domain = host_of(str(organization.details.get("site", "")))
    now = clock.now()
    # Its note is stored in a row that is not in force yet: tasks have ids as arguments, no texts.
    prepared = Verification.objects.create(
        organization=organization,
        method=Verification.Method.SECRETARIAT,
        domain=domain,
        at=now,
        by=actor,
        note=note,
        ended_at=now,
    )
    _decide(actor, organization, VERIFY, other=prepared.pk)


@writing
def decide_to_end(*, actor: Person, organization: Listing) -> None:
    """Schedule the end of a verification in half a minute."""
    organization = lock_row(organization)
    require(permissions.may_vouch(actor, organization))
    if not pending(organization) and organization.verifications.filter(ended_at=None).exists():
        _decide(actor, organization, END)


@writing
def decide_to_merge(*, actor: Person, source: Listing, target: Listing) -> None:
    """Schedule a merger in half a minute. Refused as `merge` would refuse it."""
    source, target = require_mergeable(actor, source, target)
    if source.merged_into_id != target.pk and not pending(source):
        _decide(actor, source, MERGE, other=target.pk)


@writing
def decide_to_distinguish(*, actor: Person, first: Listing, second: Listing) -> None:
    """Record, in half a minute, that two listings are different. Refused as `merge` would be.

    From now on the desk does not suggest the two again.
    """
    first, second = sorted(require_mergeable(actor, first, second), key=lambda each: each.pk)
    if (first.pk, second.pk) not in distinguished():
        _decide(actor, first, DISTINGUISH, other=second.pk)


def distinguished() -> set[tuple[int, int]]:
    """Return the pairs of listings that are known to be different, also those of the last half minute. Two queries."""
    scheduled = carry_out.pending().filter(arguments__what=DISTINGUISH)
    pairs = scheduled.values_list("arguments__listing_id", "arguments__other")
    return {*Distinction.objects.values_list("first_id", "second_id"), *pairs}


def _decide(actor: Person, listing: Listing, what: str, *, other: int = 0) -> None:
    act = audit.log("listing.decided", actor=actor, about=listing, what=what, other=other)
    # The page shows the seconds that are left.
    decision = carry_out.using(
        key=f"listing-{listing.pk}-{what}-{act.pk}", run_after=clock.now() + UNDO_TIME, queue_name="urgent"
    )
    decision.enqueue(listing_id=listing.pk, actor_id=actor.pk, what=what, other=other)


def pending(listing: Listing) -> BackgroundTask | None:
    """Return the scheduled decision about a listing that has not taken effect yet. One query.

    A decision that two listings are different does not count.
    """
    scheduled = carry_out.pending().filter(arguments__listing_id=listing.pk)
    return scheduled.exclude(arguments__what=DISTINGUISH).order_by("pk").first()


@writing
def undo_decision(*, actor: Person, task: BackgroundTask) -> None:
    """Cancel a scheduled decision of one's own. A second call changes nothing.

    Raises `AlreadyDone` where it has taken effect or has begun to.
    """
    require(permissions.may_look_after(actor))
    if task.task != carry_out.label or task.arguments.get("actor_id") != actor.pk:
        raise NotPermitted(_("Only the person who took this decision can undo it."))
    # The task's row decides: once a worker has claimed it, it has begun.
    row = BackgroundTask.objects.filter(pk=task.pk, done_at=None, failed_at=None, lease_until=None, attempts=0)
    if not row.select_for_update():
        raise AlreadyDone(_("This decision has already been carried out and can no longer be undone."), "too_late")
    row.delete()
    listing = Listing.objects.get(pk=task.arguments["listing_id"])
    if task.arguments["what"] == VERIFY:
        _prepared(task.arguments["other"], listing).delete()
    audit.log("listing.decision_undone", actor=actor, about=listing, what=task.arguments["what"])


@task
@writing
def carry_out(*, listing_id: int, actor_id: int, what: str, other: int) -> None:
    """Carry out a decision after half a minute, unless something has happened since then that forbids it."""
    listing, actor = Listing.objects.filter(pk=listing_id).first(), Person.objects.filter(pk=actor_id).first()
    if listing is None or actor is None:
        return
    try:
        if what == VERIFY:
            if prepared := _prepared(other, listing).first():
                verify(actor=actor, organization=listing, note=prepared.note)
                prepared.delete()
        elif what == END:
            end_verification(actor=actor, organization=listing)
        elif target := Listing.objects.filter(pk=other).first():
            if what == DISTINGUISH:
                _distinguish(actor, listing, target)
            else:
                merge(actor=actor, source=listing, target=target)
    except ActionRefused:
        audit.log("listing.decision_lapsed", actor=None, about=listing, what=what)


def _distinguish(actor: Person, first: Listing, second: Listing) -> None:
    require_mergeable(actor, first, second)
    _row, is_new = Distinction.objects.get_or_create(first=first, second=second, defaults={"by": actor})
    if is_new:
        audit.log("listing.distinguished", actor=actor, about=first, other=second.pk)


def _prepared(pk: int, listing: Listing) -> QuerySet[Verification]:
    return listing.verifications.filter(pk=pk).exclude(ended_at=None)
