"""That an organization is who it says: by a message to an address of its own domain, or by the secretariat."""

import datetime
import secrets
from typing import Any

from django.utils.translation import gettext as _

from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import Invalid, require, require_valid
from plenara.core.text import clean_line
from plenara.core.transaction import lock, writing
from plenara.directory import entries, following, limits, rules, tasks, verifying
from plenara.directory.identifiers import host_of
from plenara.directory.models import Listing, Proof, Verification


@writing
def ask_for_proof(*, actor: Any, organization: Listing, mailbox: str) -> None:
    """Send a link to an address of the organization's own domain. Only what stands before the “@” is the asker's.

    Nothing is returned, and nothing tells whether there is such an address. The address is kept nowhere but in the
    task that sends the message, and goes from there when it is sent.
    """
    organization = entries.held(organization)
    require(rules.may_prove(actor, organization))
    domain = host_of(str(organization.details.get("site", "")))
    mailbox = mailbox.strip()
    limits.hold(actor)
    lock(f"proof {domain}")  # messages to a domain are counted whoever asks, about whatever organization
    require_valid(verifying.is_own_domain(domain), verifying.is_mailbox(mailbox), verifying.not_too_often(
        actor, organization, domain))  # fmt: skip
    address = f"{mailbox}@{domain}".lower()
    if verifying.had_enough(address):
        return  # somebody's mailbox gets no third message a day, whoever asks; who asked is told the same
    token = secrets.token_urlsafe(32)
    proof = Proof.objects.create(
        organization=organization,
        asked_by=actor,
        domain=domain,
        address_digest=verifying.hidden(address),
        token_digest=verifying.digest_of(token),
        at=clock.now(),
        expires_at=clock.now() + verifying.LIFE,
    )
    audit.log("organization.proof_asked", actor=actor, about=organization, domain=domain)
    tasks.send_proof.using(key=f"proof-{proof.pk}").enqueue(proof_id=proof.pk, token=token, address=address)


@writing
def prove(*, token: str) -> Verification:
    """Verify the organization of a link that reached its domain. A link is used once."""
    proof = Proof.objects.select_for_update().filter(token_digest=verifying.digest_of(token)).first()
    if proof is None:
        raise Invalid(_("This link is not known. Ask for a new one."), "unknown")
    organization = entries.held(proof.organization)
    if proof.used_at:
        standing = organization.verifications.filter(ended_at=None, domain=proof.domain).last()
        if standing:
            return standing  # a double click
        raise Invalid(_("This link was used already. Ask for a new one."), "used")
    if proof.expires_at <= clock.now():
        raise Invalid(_("This link is over: it was good for three days. Ask for a new one."), "over")
    if not rules.may_prove(proof.asked_by, organization) or proof.domain != host_of(
        str(organization.details.get("site", ""))
    ):
        raise Invalid(_("The entry was changed since this link was sent. Ask for a new one."), "changed")
    proof.used_at = clock.now()
    proof.save(update_fields=["used_at"])
    return _verified(organization, Verification.Method.MAIL, proof.domain, by=None, actor=proof.asked_by)


@writing
def verify(*, actor: Any, organization: Listing, note: str) -> Verification:
    """Verify an organization as the secretariat, which says how it knows."""
    organization = entries.held(organization)
    require(rules.may_vouch(actor, organization))
    note = clean_line(note)
    require_valid(verifying.says_how(note))
    standing = organization.verifications.filter(ended_at=None).last()
    if standing and clock.now() - standing.at < datetime.timedelta(minutes=1):
        return standing  # a double click
    domain = host_of(str(organization.details.get("site", "")))
    return _verified(organization, Verification.Method.SECRETARIAT, domain, by=actor, actor=actor, note=note)


@writing
def end_verification(*, actor: Any, organization: Listing) -> None:
    """End what verifies an organization, as the secretariat. What was marked under it stays marked."""
    organization = entries.held(organization)
    require(rules.may_vouch(actor, organization))
    for each in organization.verifications.filter(ended_at=None):
        following.end(each, actor=actor, why="secretariat")
    invalidate("directory")


def _verified(organization: Listing, method: str, domain: str, *, by: Any, actor: Any, note: str = "") -> Verification:
    organization.verifications.filter(ended_at=None).update(ended_at=clock.now())
    made = Verification.objects.create(organization=organization, method=method, domain=domain, by=by, note=note)
    audit.log("organization.verified", actor=actor, about=organization, method=method, domain=domain)
    following.represented(organization)
    invalidate("directory", nothing_goes=True)
    return made
