"""Links to a draft for people without an account, and the words that a co-signatory confirms.

A link contains its row's id and time, signed with the installation's key. The table stores only its digest: a reader of
the database cannot open a draft, and the author can be shown the link again. A link whose row is gone is still
recognized as one of ours, so that a colleague who comes late gets an explanation.
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
    """Return the token in the address of a share or of a request to sign."""
    at = row.created_at if isinstance(row, Share) else row.asked_at
    kind = "d" if isinstance(row, Share) else "s"
    return _signer().sign_object([kind, row.pk, int(at.timestamp() * 1_000_000)])


def is_ours(token: str) -> bool:
    """Return whether we signed a token, even if its row is gone."""
    try:
        _signer().unsign_object(token)
    except (signing.BadSignature, ValueError):
        return False
    return True


def share_of(token: str) -> Share | None:
    """Return the share of a link, open or not, with its draft."""
    found = Share.objects.select_related("draft__person", "draft__paper", "draft__thread__consultation")
    return found.filter(token_digest=digest(token)).first()


def signatory_of(token: str) -> Signatory | None:
    """Return the signatory of a link, with the draft or the version."""
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
    """Return the SHA-256 of what a signatory confirms: the words, the title if any, the paper and its name if any."""
    text, title = clean(text), clean_line(title)
    if not title and paper is None:
        return digest(text)
    # The separator is in no clean text: words cannot pass for a title or a paper.
    parted = digest("\x00".join([title, text, paper.sha256 if paper else ""]))
    return digest(f"{parted}\x00{paper.name}") if paper else parted


def draft_digest(draft: Draft) -> str:
    """Return the digest of a draft's current words."""
    return signed_digest(text=draft.text, title=draft.title, paper=draft.paper)


@dataclass(frozen=True)
class Signatures:
    """The people who were asked to sign a draft, by their answers to its current words."""

    confirmed: list[Signatory]
    outdated: list[Signatory]  # confirmed other words
    waiting: list[Signatory]
    declined: list[Signatory]

    @property
    def all(self) -> list[Signatory]:
        """All of them, in the order for the author."""
        return [*self.confirmed, *self.outdated, *self.waiting, *self.declined]

    @property
    def left_out(self) -> list[Signatory]:
        """Return those who would be left out if the draft were sent now."""
        return [*self.outdated, *self.waiting]

    @property
    def bylines(self) -> list[Byline]:
        """The bylines of the text besides its author's."""
        return [each.byline for each in in_order(self.confirmed) if each.byline]


def in_order(signatories: list[Signatory]) -> list[Signatory]:
    """Return signatories in the order of their confirmations."""
    return sorted(signatories, key=lambda each: (each.confirmed_at or each.asked_at, each.pk))


def signatures_of(draft: Draft | None, words: str | None = None) -> Signatures:
    """Return the signatories of a draft, compared with its current words, or with `words` (a digest). One query."""
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
    """Return the texts of other authors that a person signed, if their address is still known."""
    own = person.emailaddress_set.filter(verified=True)  # type: ignore[attr-defined]
    signed = Signatory.objects.filter(
        confirmed_at__isnull=False, address__in=own.values(address=Lower("email")), version__isnull=False
    )
    return Contribution.objects.filter(pk__in=signed.values("version__contribution"))
