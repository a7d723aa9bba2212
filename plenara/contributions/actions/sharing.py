"""Sharing a draft by a link, ending the link, and remarks of who reads it there."""

import datetime
import secrets
from typing import Any

from django.utils.translation import gettext as _

from plenara.contributions import checks, rules
from plenara.contributions.actions.signing import held
from plenara.contributions.clearance import digest_of, token_of
from plenara.contributions.models import Draft, Remark, Share
from plenara.core import audit, clock
from plenara.core.refusals import AlreadyDone, require, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing


@writing
def share(*, actor: Any, draft: Draft, days: int) -> Share:
    """Make a link by which colleagues read a draft and comment on it, for some days."""
    draft = held(draft)
    require(rules.may_clear(actor, draft))
    require_valid(
        checks.says_something(clean(draft.text)), checks.days_of_share(days), checks.room_for_share(draft.shares)
    )
    now = clock.now()
    made = Share.objects.create(
        draft=draft,
        token_digest=secrets.token_hex(32),  # until it has an id
        created_at=now,
        expires_at=now + datetime.timedelta(days=days),
    )
    made.token_digest = digest_of(token_of(made))
    made.save(update_fields=["token_digest"])
    audit.log(
        "draft.shared", actor=actor, about=draft, consultation=draft.thread.consultation, share=made.pk, days=days
    )
    return made


@writing
def revoke(*, actor: Any, share: Share) -> Share:
    """End a link before its time."""
    require(rules.may_open_draft(actor, share.draft))
    if share.revoked_at is None:
        share.revoked_at = clock.now()
        # Where the draft was sent or deleted meanwhile, the link has ended with it.
        Share.objects.filter(pk=share.pk).update(revoked_at=share.revoked_at)
        audit.log("draft.share_revoked", actor=actor, about=share.draft, share=share.pk)
    return share


@writing
def remark(*, share: Share, name: str, text: str) -> Remark:
    """Keep what a reader of a shared draft says about it. The same again, as a double click sends it, is kept once."""
    share = Share.objects.select_for_update(of=("self",)).select_related("draft__person").get(pk=share.pk)
    if not rules.is_shared(share):
        raise AlreadyDone(_("This link has ended. Your remark was not sent."), "ended")
    name, text = clean_line(name), clean(text)
    require_valid(checks.remark_name(name), checks.remark_fits(text), checks.room_for_remark(share.draft.remarks))
    same = share.draft.remarks.filter(share=share, name=name, text=text).first()
    if same:
        return same
    made = Remark.objects.create(draft=share.draft, share=share, name=name, text=text, at=clock.now())
    audit.log("draft.remarked", actor=None, about=share.draft, remark=made.pk)
    return made


@writing
def delete_remark(*, actor: Any, remark: Remark) -> None:
    """Throw away a remark on one's draft."""
    require(rules.may_open_draft(actor, remark.draft))
    remark.delete()
