"""What contributions keep of a person, for the person."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.accounts.actions import verified_addresses
from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, encloses, tells
from plenara.contributions.models import Byline, Contribution, Draft, Paper, Sheet, Signatory, Translation, Version
from plenara.contributions.papers import file_of
from plenara.core.store import Stored


@tells(
    "contributions",
    _("Your contributions with every version, as you sent them, where they stand, and under which symbol"),
    of=["contributions.Contribution.author"],
)
def contributions(person: Person) -> Rows:
    """Yield the person's contributions, each with its versions and editions."""
    found = Contribution.objects.filter(author=person).select_related("consultation", "thread", "in_reply_to")
    read = found.prefetch_related("versions__text", "versions__byline", "versions__paper", "editions")
    for each in read.order_by("pk").iterator(chunk_size=50):
        yield {
            "number": each.pk,
            "consultation": each.consultation.slug,
            "question": each.thread.number,
            "answers": each.in_reply_to.symbol if each.in_reply_to else "",
            "state": each.state,
            "state_at": each.state_at,
            "reason": each.reason,
            "channel": each.channel,
            "created_at": each.created_at,
            "symbol": each.symbol,
            "versions": [_version(it) for it in each.versions.all()],
            "editions": [
                {
                    "symbol": it.symbol,
                    "status": it.status,
                    "published_at": it.published_at,
                    "gone_at": it.gone_at,
                    "gone_reason": it.gone_reason,
                }
                for it in sorted(each.editions.all(), key=lambda it: it.revision)
            ],
        }


def _version(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "state": version.state,
        "submitted_at": version.submitted_at,
        "language": version.language,
        "title": version.title,
        "paragraph": version.part,
        "text": version.text.content,
        "text_sha256": version.text.sha256,
        "is_redacted": version.is_redacted,
        "byline": _byline(version.byline),
        "paper": _paper_name(version.paper) if version.paper else None,
    }


def _byline(byline: Byline) -> dict[str, Any]:
    told = ("name", "withheld", "stakeholder_group", "capacity", "organization", "country")
    return {name: getattr(byline, name) for name in told}


@tells(
    "entered",
    _("Letters and statements of others that you entered as the secretariat: which, without their words"),
    of=["contributions.Contribution.entered_by"],
)
def entered(person: Person) -> Rows:
    """Yield which contributions of others the person entered."""
    found = Contribution.objects.filter(entered_by=person).select_related("consultation").order_by("pk")
    for each in found.iterator(chunk_size=500):
        yield {
            "number": each.pk,
            "consultation": each.consultation.slug,
            "symbol": each.symbol,
            "entered_at": each.created_at,
        }


@tells(
    "sheets", _("Spreadsheets of letters that you brought in: which, and when"), of=["contributions.Sheet.uploaded_by"]
)
def sheets(person: Person) -> Rows:
    """Yield which spreadsheets the person uploaded. What stands in them is others' words."""
    for each in Sheet.objects.filter(uploaded_by=person).select_related("consultation").defer("rows").order_by("pk"):
        yield {
            "name": each.name,
            "consultation": each.consultation.slug,
            "count": each.count,
            "uploaded_at": each.uploaded_at,
            "entered_at": each.entered_at,
        }


@tells(
    "drafts",
    _("What you are writing, with the links by which you shared it, what was remarked, and when signatures were asked"),
    of=["contributions.Draft.person"],
)
def drafts(person: Person) -> Rows:
    """Yield the person's drafts. Of those who were asked to sign, only when: their addresses are theirs."""
    found = Draft.objects.filter(person=person).select_related(
        "thread__consultation", "in_reply_to", "revises", "paper"
    )
    for each in found.prefetch_related("shares", "remarks", "signatories").order_by("pk"):
        yield {
            "consultation": each.thread.consultation.slug,
            "question": each.thread.number,
            "answers": each.in_reply_to.symbol if each.in_reply_to else "",
            "revises": each.revises.symbol if each.revises else "",
            "title": each.title,
            "paragraph": each.part,
            "text": each.text,
            "language": each.language,
            "paper": _paper_name(each.paper) if each.paper else None,
            "opened_at": each.opened_at,
            "saved_at": each.saved_at,
            "shares": [
                {"made_at": it.created_at, "ends_at": it.expires_at, "ended_at": it.revoked_at}
                for it in each.shares.all()
            ],
            "remarks": [{"name": it.name, "text": it.text, "at": it.at} for it in each.remarks.all()],
            "signatures": [_answer(it) for it in each.signatories.all()],
        }


def _answer(signatory: Signatory) -> dict[str, Any]:
    return {
        "asked_at": signatory.asked_at,
        "confirmed_at": signatory.confirmed_at,
        "declined_at": signatory.declined_at,
    }


@tells(
    "signatures", _("Texts of others that you were asked to sign, as far as your address is still kept there"), of=[]
)
def signatures(person: Person) -> Rows:
    """Yield what the person was asked to sign, and what they told for it."""
    mine = Signatory.objects.filter(address__in=verified_addresses(person))
    found = mine.select_related("byline", "version__contribution")
    for each in found.order_by("pk"):
        yield {
            **_answer(each),
            "byline": _byline(each.byline) if each.byline else None,
            "symbol": each.version.contribution.symbol if each.version else "",
        }


@encloses
def papers(person: Person) -> Iterator[tuple[str, Stored]]:
    """Yield the documents that the person attached, each once."""
    attached = Version.objects.filter(contribution__author=person, paper__isnull=False).values("paper")
    kept = Draft.objects.filter(person=person, paper__isnull=False).values("paper")
    originals = Contribution.objects.filter(author=person, original__isnull=False).values("original")
    for paper in Paper.objects.filter(Q(pk__in=attached) | Q(pk__in=kept) | Q(pk__in=originals)).order_by("pk"):
        yield _paper_name(paper), file_of(paper)


def _paper_name(paper: Paper) -> str:
    """Return a paper's name in the file: two papers may have one name, and a name must lead nowhere."""
    return f"{paper.pk}-{paper.name.replace('/', '_').replace(chr(92), '_')}"


@tells("translations", _("Translations of contributions that you wrote"), of=["contributions.Translation.by"])
def translations(person: Person) -> Rows:
    """Yield what the person translated for readers or for the desk."""
    for each in Translation.objects.filter(by=person).order_by("pk").iterator(chunk_size=200):
        yield {
            "text": each.text_id,
            "language": each.language,
            "title": each.title,
            "content": each.content,
            "at": each.at,
        }
