"""Links to a draft for people without an account, and the words that a co-signatory confirms.

A link is made of its row's id and time, signed with the installation's key. The table keeps its digest alone: whoever
reads the database cannot open a draft, and the author can be shown the link again. A link whose row is gone is still
known for one of ours, so that a colleague who comes late is told so.
"""

from dataclasses import dataclass

from django.core import signing
from django.db.models import QuerySet
from django.db.models.functions import Lower

from plenara.accounts.models import Person
from plenara.contributions.models import Byline, Contribution, Draft, Paper, Share, Signatory
from plenara.core.text import clean, clean_line, digest

_SALT = "plenara.contributions.clearance"


def _signer() -> signing.Signer:
    return signing.Signer(salt=_SALT, sep=".")


def token_of(row: Share | Signatory) -> str:
    """Return what the address of a share or of a request to sign ends in."""
    at = row.created_at if isinstance(row, Share) else row.asked_at
    kind = "d" if isinstance(row, Share) else "s"
    return _signer().sign_object([kind, row.pk, int(at.timestamp() * 1_000_000)])


def is_ours(token: str) -> bool:
    """Say whether we made a token, whatever became of what it led to."""
    try:
        _signer().unsign_object(token)
    except (signing.BadSignature, ValueError):
        return False
    return True


def share_of(token: str) -> Share | None:
    """Return the share that a link leads to, open or not, with its draft."""
    found = Share.objects.select_related("draft__person", "draft__paper", "draft__thread__consultation")
    return found.filter(token_digest=digest(token)).first()


def signatory_of(token: str) -> Signatory | None:
    """Return who was asked to sign by a link, with the draft or the version that it is about."""
    found = Signatory.objects.select_related(
        "byline",
        "draft__person",
        "draft__paper",
        "draft__thread__consultation",
        "version__text",
        "version__contribution__thread__consultation",
    )
    return found.filter(token_digest=digest(token)).first()


def signed_digest(*, text: str, title: str = "", paper: Paper | None = None) -> str:
    """Return the SHA-256 of what a signatory confirms: the words; with a title or a paper and its name, these too."""
    text, title = clean(text), clean_line(title)
    if not title and paper is None:
        return digest(text)
    # Parted by what no clean text holds: no words can pass for a title or a paper that were not there.
    parted = digest("\x00".join([title, text, paper.sha256 if paper else ""]))
    return digest(f"{parted}\x00{paper.name}") if paper else parted


def draft_digest(draft: Draft) -> str:
    """Return the digest of a draft's words as they stand now."""
    return signed_digest(text=draft.text, title=draft.title, paper=draft.paper)


@dataclass(frozen=True)
class Signatures:
    """Who was asked to sign a draft, and how they stand to its words as these are now."""

    confirmed: list[Signatory]
    outdated: list[Signatory]  # confirmed other words
    waiting: list[Signatory]
    declined: list[Signatory]

    @property
    def all(self) -> list[Signatory]:
        """All of them, in the order in which the author is shown them."""
        return [*self.confirmed, *self.outdated, *self.waiting, *self.declined]

    @property
    def left_out(self) -> list[Signatory]:
        """Who is left out, were the draft sent now."""
        return [*self.outdated, *self.waiting]

    @property
    def bylines(self) -> list[Byline]:
        """The bylines that the text would have besides its author's."""
        return [each.byline for each in in_order(self.confirmed) if each.byline]


def in_order(signatories: list[Signatory]) -> list[Signatory]:
    """Return signatories as they are listed: who confirmed first stands first."""
    return sorted(signatories, key=lambda each: (each.confirmed_at or each.asked_at, each.pk))


def signatures_of(draft: Draft | None, words: str | None = None) -> Signatures:
    """Return who was asked to sign a draft, held against its words now, or against `words` (a digest). One query."""
    rows = list(draft.signatories.select_related("byline")) if draft else []
    words = words or (draft_digest(draft) if draft else "")
    declined = [each for each in rows if each.declined_at]
    answered = [each for each in rows if each.confirmed_at and not each.declined_at]
    return Signatures(
        confirmed=[each for each in answered if each.sha256 == words],
        outdated=[each for each in answered if each.sha256 != words],
        waiting=[each for each in rows if not each.confirmed_at and not each.declined_at],
        declined=declined,
    )


def signed_by(person: Person) -> QuerySet[Contribution]:
    """Return what a person signed besides its author, as far as their address is still known."""
    own = person.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]
    signed = Signatory.objects.filter(
        confirmed_at__isnull=False, address__in=own.values(address=Lower("email")), version__isnull=False
    )
    return Contribution.objects.filter(pk__in=signed.values("version__contribution"))
