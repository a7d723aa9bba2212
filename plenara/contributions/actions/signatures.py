"""Asking other people to sign a text, and their answers: each confirms exact words. Sharing a draft by a link, and
remarks on it.
"""

import datetime
import secrets

from django.utils.translation import gettext as _

from plenara.accounts import limits
from plenara.accounts import validation as byline_checks
from plenara.accounts.models import Person
from plenara.contributions import emails, permissions, validation
from plenara.contributions.models import Byline, Contribution, Draft, Remark, Share, Signatory, Version
from plenara.contributions.queries.signatures import draft_digest, signatures_of, signed_digest, token_of
from plenara.core import audit, clock
from plenara.core.models import BackgroundTask
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted, require, require_valid
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writing
from plenara.core.vocabulary import Capacity


@writing
def ask_to_sign(*, actor: Person, draft: Draft, addresses: list[str], language: str) -> list[Signatory]:
    """Ask people to sign a draft: one e-mail each, whether or not they have an account. Nobody is asked twice."""
    draft = lock_draft(draft)
    require(permissions.may_clear(actor, draft))
    request = {each.address for each in draft.signatories.all() if each.address}
    addresses = [each for each in dict.fromkeys(each.strip().lower() for each in addresses) if each]
    new = [each for each in addresses if each not in request]
    require_valid(
        validation.has_text(clean(draft.text)),
        validation.addresses_to_ask(addresses, actor.email, len(request) - len(addresses) + len(new)),
    )
    made = [_ask(draft, address, language) for address in new]
    for each in made:
        _send(each, draft, actor)
    if made:
        audit.log("draft.signatures_asked", actor=actor, about=draft, count=len(made))
    return made


@writing
def ask_again(*, actor: Person, draft: Draft) -> int:
    """Send the current words to people who confirmed other words or have not answered; return to how many.

    Nobody gets a second e-mail about the same words.
    """
    draft = lock_draft(draft)
    require(permissions.may_clear(actor, draft))
    require_valid(validation.has_text(clean(draft.text)))
    sent = sum(_send(each, draft, actor) for each in signatures_of(draft).left_out if each.address)
    if sent:
        audit.log("draft.signatures_asked", actor=actor, about=draft, count=sent)
    return sent


@writing
def drop_signatory(*, actor: Person, signatory: Signatory) -> None:
    """Withdraw the request to sign one's own draft."""
    draft = signatory.draft
    if draft is None:
        raise NotPermitted(_("The text has already been submitted, so its signatures cannot be changed."), "sent")
    require(permissions.may_open_draft(actor, draft))
    audit.log("draft.signatory_dropped", actor=actor, about=draft, signatory=signatory.pk)
    _delete(signatory)


@writing
def confirm(
    *,
    signatory: Signatory,
    sha256: str,
    name: str,
    stakeholder_group: str,
    capacity: str,
    organization: str = "",
    country: str = "",
    withholds_country: bool = False,
) -> Signatory:
    """Sign the words with this digest, under one's own name. Raises `AlreadyDone` where the draft has changed."""
    signatory, draft = _answering(signatory)
    if draft_digest(draft) != sha256:
        raise AlreadyDone(_("The text changed while you were reading it. Read it again before you sign."), "changed")
    name, organization = clean_line(name), clean_line(organization)
    require_valid(
        byline_checks.a_name(name),
        byline_checks.a_byline(
            stakeholder_group=stakeholder_group,
            capacity=capacity,
            organization=organization,
            country=country,
            withholds_country=withholds_country,
        ),
    )
    byline = signatory.byline or Byline()
    byline.name, byline.stakeholder_group, byline.capacity = name, stakeholder_group, capacity
    byline.organization = organization if capacity == Capacity.ORGANIZATION else ""
    byline.country = "" if withholds_country else country
    byline.save()
    signatory.byline, signatory.sha256 = byline, sha256
    signatory.confirmed_at, signatory.declined_at = clock.now(), None
    signatory.save()
    audit.log("draft.signed", actor=None, about=draft, signatory=signatory.pk)
    return signatory


@writing
def decline(*, signatory: Signatory) -> Signatory:
    """Decline to sign a draft, or withdraw one's own signature. The data for the byline are deleted."""
    signatory, draft = _answering(signatory)
    byline = signatory.byline
    signatory.byline, signatory.sha256 = None, ""
    signatory.confirmed_at, signatory.declined_at = None, clock.now()
    signatory.save()
    if byline:
        byline.delete()
    audit.log("draft.signature_declined", actor=None, about=draft, signatory=signatory.pk)
    return signatory


def take_signatures(draft: Draft, version: Version) -> int:
    """Attach the signatures to these words to a version; return how many. Called as the version is submitted.

    The other requests end with the draft.
    """
    words = signed_digest(text=version.text.content, title=version.title, paper=version.paper)
    signatures = signatures_of(draft, words)
    taken = [each.pk for each in signatures.confirmed]
    if taken:
        Signatory.objects.filter(pk__in=taken).update(draft=None, version=version)
    for each in [*signatures.left_out, *signatures.declined]:
        _delete(each)
    return len(taken)


def carry_over(contribution: Contribution, draft: Draft) -> None:
    """Ask the co-signatories of a contribution's last version to confirm the draft that revises it, too.

    Nobody gets an e-mail yet: the author asks when the words are ready. Signatories without an address are left out.
    """
    latest = contribution.versions.latest("number")
    for signed in latest.signatories.exclude(address="").select_related("byline"):
        request = _ask(draft, signed.address, signed.language)
        if signed.byline:
            byline = signed.byline
            byline.pk, byline._state.adding = None, True
            byline.save()
            request.byline = byline
            request.save(update_fields=["byline"])


def forget_addresses(contribution: Contribution, *, besides: Version | None = None) -> None:
    """Blank the addresses of a contribution's co-signatories, or of all its versions but one: they get no e-mail."""
    rows = Signatory.objects.filter(version__contribution=contribution).exclude(address="")
    rows.exclude(version=besides).update(address="")


def delete_with(draft: Draft) -> None:
    """Delete a draft's signatories, with the data for their bylines. Called as the draft is deleted."""
    for each in draft.signatories.select_related("byline"):
        _delete(each)


def lock_draft(draft: Draft) -> Draft:
    """Return a draft, locked until the transaction ends. Raises `InvalidInput` where it was sent or deleted."""
    drafts = Draft.objects.select_for_update(of=("self",)).select_related("thread__consultation", "paper")
    found = drafts.filter(pk=draft.pk).first()
    if found is None:
        raise InvalidInput(
            _("This draft was submitted or deleted in another window. Open “My page” to see your texts."), "gone"
        )
    return found


def _answering(signatory: Signatory) -> tuple[Signatory, Draft]:
    """Return the person who answers and the draft, locked: a text is not sent while somebody signs it.

    Raises `AlreadyDone` where it was sent or deleted.
    """
    where = Signatory.objects.filter(pk=signatory.pk).values("draft")
    drafts = Draft.objects.select_for_update(of=("self",)).select_related("person", "paper")
    draft = drafts.filter(pk__in=where).first()
    found = draft.signatories.select_related("byline").filter(pk=signatory.pk).first() if draft else None
    if draft is None or found is None or draft.person.is_suspended:
        raise AlreadyDone(
            _("This text has been submitted or deleted in the meantime. Your answer was not saved."), "ended"
        )
    return found, draft


def _ask(draft: Draft, address: str, language: str) -> Signatory:
    made = Signatory.objects.create(
        draft=draft,
        address=address,
        language=language,
        token_digest=secrets.token_hex(32),  # until it has an id
        asked_at=clock.now(),
    )
    made.token_digest = digest(token_of(made))
    made.save(update_fields=["token_digest"])
    return made


def _send(signatory: Signatory, draft: Draft, actor: Person) -> bool:
    """Enqueue an e-mail to a signatory about the draft's words, once for these words; return whether it is new."""
    key = f"sign-{signatory.pk}-{draft_digest(draft)[:16]}"
    if BackgroundTask.objects.filter(key=key).exists():
        return False
    limits.spend("cosign", person=actor, address=signatory.address)
    emails.ask_to_sign.using(key=key).enqueue(signatory_id=signatory.pk)
    return True


def _delete(signatory: Signatory) -> None:
    byline = signatory.byline
    signatory.delete()
    if byline:
        byline.delete()


@writing
def share(*, actor: Person, draft: Draft, days: int) -> Share:
    """Create a link by which colleagues read a draft and comment on it, for some days."""
    draft = lock_draft(draft)
    require(permissions.may_clear(actor, draft))
    require_valid(
        validation.has_text(clean(draft.text)),
        validation.days_of_share(days),
        validation.room_for_share(draft.shares),
    )
    now = clock.now()
    made = Share.objects.create(
        draft=draft,
        token_digest=secrets.token_hex(32),  # until it has an id
        created_at=now,
        expires_at=now + datetime.timedelta(days=days),
    )
    made.token_digest = digest(token_of(made))
    made.save(update_fields=["token_digest"])
    audit.log(
        "draft.shared", actor=actor, about=draft, consultation=draft.thread.consultation, share=made.pk, days=days
    )
    return made


@writing
def revoke(*, actor: Person, share: Share) -> Share:
    """End a link before its time."""
    require(permissions.may_open_draft(actor, share.draft))
    if share.revoked_at is None:
        share.revoked_at = clock.now()
        # Where the draft was sent or deleted in the meantime, the link has ended with it.
        Share.objects.filter(pk=share.pk).update(revoked_at=share.revoked_at)
        audit.log("draft.share_revoked", actor=actor, about=share.draft, share=share.pk)
    return share


@writing
def remark(*, share: Share, name: str, text: str) -> Remark:
    """Save a reader's remark on a shared draft. The same remark again, as a double click sends it, is saved once."""
    share = Share.objects.select_for_update(of=("self",)).select_related("draft__person").get(pk=share.pk)
    if not permissions.is_shared(share):
        raise AlreadyDone(
            _("This link no longer works. Your remark was not sent. Ask the author for a new link."), "ended"
        )
    name, text = clean_line(name), clean(text)
    require_valid(
        validation.remark_name(name), validation.remark_fits(text), validation.room_for_remark(share.draft.remarks)
    )
    same = share.draft.remarks.filter(share=share, name=name, text=text).first()
    if same:
        return same
    made = Remark.objects.create(draft=share.draft, share=share, name=name, text=text, at=clock.now())
    audit.log("draft.remarked", actor=None, about=share.draft, remark=made.pk)
    return made


@writing
def delete_remark(*, actor: Person, remark: Remark) -> None:
    """Delete a remark on one's own draft."""
    require(permissions.may_open_draft(actor, remark.draft))
    remark.delete()
