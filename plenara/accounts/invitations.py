"""Kinds of invitations. The packages above register them here, since accounts know nothing of them.

`purpose["kind"]` names what an invitation is for. For each of its kinds, a package registers what accepting it does,
and its sentence:

    @opens("consultation_role")
    def grant(invitation, person) -> str | None: …    # returns the address of the page to go to, if any

    @says("consultation_role")
    def sentence(purpose) -> str: …                   # "You are invited to moderate …", in the active language
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Invitation, Person
from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.rows import Json
from plenara.core.text import digest
from plenara.email.delivery import Reply, reply_in

#: How long an invitation can be accepted.
INVITATION_LIFE = datetime.timedelta(days=14)

type Opener = Callable[[Invitation, Person], str | None]
type Sentence = Callable[[Json], str]

_openers: dict[str, Opener] = {}
_sentences: dict[str, Sentence] = {}


def opens(kind: str) -> Callable[[Opener], Opener]:
    """Register what accepting an invitation of a kind does; it runs in the same transaction."""

    def register(function: Opener) -> Opener:
        _openers[kind] = function
        return function

    return register


def says(kind: str) -> Callable[[Sentence], Sentence]:
    """Register the sentence that describes an invitation of a kind."""

    def register(function: Sentence) -> Sentence:
        _sentences[kind] = function
        return function

    return register


@dataclass(frozen=True)
class InvitationStatus:
    """An invitation and its status, for those who may see its recipient."""

    invitation: Invitation
    mark: str
    word: str
    at: datetime.datetime | None = None
    reply: Reply | None = None  # the mail server's

    @property
    def to(self) -> str:
        """The person who accepted; otherwise the name and the address, until both are deleted."""
        it = self.invitation
        if it.accepted_by:
            return it.accepted_by.name
        return it.name if it.is_pending else ""

    @property
    def address(self) -> str:
        return self.invitation.address if self.invitation.is_pending else ""


def pending(kind: str, **purpose: int) -> QuerySet[Invitation]:
    """Return the invitations of a kind that may still be accepted, the latest first; `purpose` filters them."""
    wanted = {f"purpose__{name}": value for name, value in {"kind": kind, **purpose}.items()}
    found = Invitation.objects.select_related("invited_by").filter(**wanted, accepted_at=None, revoked_at=None)
    return found.filter(expires_at__gt=clock.now()).order_by("-created_at", "-pk")


def statuses(found: Iterable[Invitation]) -> list[InvitationStatus]:
    """Return the status of each invitation. One query, besides that of the invitations."""
    known = list(found)
    keys = {f"invitation-{each.pk}" for each in known if each.is_pending}
    sending = {each.key: each for each in BackgroundTask.objects.filter(task="accounts.send_invitation", key__in=keys)}
    return [_status(each, sending.get(f"invitation-{each.pk}")) for each in known]


def _status(it: Invitation, sending: BackgroundTask | None) -> InvitationStatus:
    if it.accepted_at:
        return InvitationStatus(it, "open", pgettext("invitation", "accepted"), it.accepted_at)
    if it.revoked_at:
        return InvitationStatus(it, "none", pgettext("invitation", "withdrawn"), it.revoked_at)
    if not it.is_pending:
        return InvitationStatus(it, "none", pgettext("invitation", "expired"), it.expires_at)
    if sending is None or sending.done_at:
        return InvitationStatus(
            it, "wait", pgettext("invitation", "sent"), sending.done_at if sending else it.created_at
        )
    reply = reply_in(sending.last_error)
    if sending.failed_at:
        return InvitationStatus(it, "stop", pgettext("invitation", "not delivered"), sending.failed_at, reply)
    return InvitationStatus(it, "wait half", pgettext("invitation", "waiting to be sent"), None, reply)


def is_kind(kind: object) -> bool:
    """Return whether a package has registered this kind."""
    return kind in _openers


def open_for(invitation: Invitation, person: Person) -> str | None:
    """Run what the kind of the invitation registered; return the address of the next page, if any."""
    return _openers[invitation.purpose["kind"]](invitation, person)


def sentence_of(purpose: Json) -> str:
    """Return what an invitation is for, in the active language."""
    function = _sentences.get(purpose.get("kind", ""))
    return function(purpose) if function else _("You are invited to take part in the work of this site.")


def find(token: str) -> Invitation | None:
    """Return the invitation of a link, whether it is still open or not."""
    return Invitation.objects.select_related("invited_by").filter(token_digest=digest(token)).first()
