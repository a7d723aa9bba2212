"""The personal data of contributions: exported, erased with the account or left under “A participant”, deleted on
expiry.
"""

import datetime
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import (
    Erasure,
    ErasureChoice,
    PublishedTexts,
    counts_published,
    erases,
    locks_before_erasure,
)
from plenara.accounts.personal_data.export import Purpose, Rows, encloses, exports
from plenara.accounts.queries import verified_addresses
from plenara.consultations.models import Consultation
from plenara.consultations.models import State as ConsultationState
from plenara.contributions.actions import papers as contribution_papers
from plenara.contributions.actions import search_index
from plenara.contributions.actions.publication import take_down
from plenara.contributions.models import (
    ENTERED,
    Byline,
    Contribution,
    Dispute,
    Draft,
    Edition,
    EditionSignatory,
    OrganizationMark,
    Paper,
    Sheet,
    Signatory,
    Tally,
    Text,
    Translation,
    Version,
)
from plenara.contributions.queries.papers import file_of
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.store import Stored
from plenara.core.transaction import writing
from plenara.directory.models import CACHE_TAG

REASON = "ERASED"
#: The states in which a person can withdraw; erasing an account withdraws them.
_UNDECIDED = frozenset({State.PENDING, State.RETURNED, State.PUBLISHED})


@counts_published
def count_published(person: Person) -> PublishedTexts:
    """Return the number of a person's contributions in the record. One query."""
    counts = Contribution.objects.filter(author=person, state=State.PUBLISHED).aggregate(
        all=Count("pk"), bound=Count("pk", filter=Q(consultation__stage=ConsultationState.ARCHIVED))
    )
    return PublishedTexts(free=counts["all"] - counts["bound"], bound=counts["bound"])


@locks_before_erasure
def lock_contributions(person: Person) -> None:
    """Wait for decisions in progress on the person's contributions, and lock the contributions."""
    _lock_rows(Contribution.objects.filter(author=person))


def _lock_rows(rows: QuerySet) -> None:
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


@erases
def erase_contributions(erasure: Erasure) -> None:
    """Erase every contribution internally, and remove the chosen ones from the record."""
    _lock_all(erasure.person)
    papers: set[int] = set()
    contributions = Contribution.objects.filter(author=erasure.person).select_related("consultation", "thread")
    for each in contributions.order_by("consultation_id", "pk"):
        erasure.submitted.setdefault(each.kind, []).append(each.pk)
        if _stays_published(each, erasure.choice):
            papers |= _keep_without_name(each, erasure)
            erasure.cache_tags.add(each.consultation.cache_tag)
        else:
            erasure.erased.setdefault(each.kind, []).append(each.pk)
            papers |= _take_away(each, erasure)
    papers |= _erase_drafts(erasure.person)
    _erase_signatures(erasure)
    contribution_papers.delete_orphans(papers)


def _lock_all(person: Person) -> None:
    """Lock everything in the same order as publishing: no two writers wait for each other."""
    contributions = Contribution.objects.filter(author=person)
    _lock_rows(contributions)
    _lock_rows(Consultation.objects.filter(pk__in=contributions.values("consultation")))
    _lock_rows(Tally.objects.filter(thread__in=contributions.filter(state=State.PUBLISHED).values("thread")))


def _stays_published(contribution: Contribution, choice: str) -> bool:
    is_archived = contribution.consultation.stage == ConsultationState.ARCHIVED
    return contribution.state == State.PUBLISHED and (choice == ErasureChoice.PARTICIPANT or is_archived)


def _keep_without_name(contribution: Contribution, erasure: Erasure) -> set[int]:
    """Leave the published texts and blank the rest: pending versions, and those that were never published."""
    loose = contribution.versions.filter(edition=None)
    papers = _blank(loose, erasure)
    loose.filter(state=State.PENDING).update(state=State.WITHDRAWN)
    _unname(Byline.objects.filter(pk__in=contribution.versions.values("byline")), erasure)
    _unname(Byline.objects.filter(pk__in=contribution.editions.values("byline")), erasure)
    search_index.index_contribution(contribution.pk)
    return papers


def _take_away(contribution: Contribution, erasure: Erasure) -> set[int]:
    """Leave a tombstone where something was published, and blank every version."""
    if contribution.state in _UNDECIDED:
        take_down(contribution, State.WITHDRAWN, reason=REASON)
    elif contribution.state == State.REMOVED:
        # Its tombstone does not change; a withdrawn contribution is never restored.
        Contribution.objects.filter(pk=contribution.pk).update(state=State.WITHDRAWN, reason=REASON)
    EditionSignatory.objects.filter(edition__contribution=contribution).delete()
    _delete_signatories(Signatory.objects.filter(version__contribution=contribution))
    papers = _blank(contribution.versions.all(), erasure)
    papers.add(contribution.original_id or 0)
    Contribution.objects.filter(pk=contribution.pk).update(original=None, occasion="", consent="")
    _unname(Byline.objects.filter(pk__in=contribution.versions.values("byline")), erasure)
    return papers


def _blank(versions: QuerySet, erasure: Erasure) -> set[int]:
    """Blank texts and titles of versions, remove their papers, and return those papers."""
    rows = list(versions.values_list("pk", "text_id", "paper_id"))
    texts = [text for _pk, text, _paper in rows]
    # First the texts: a translation locks its text, and finds afterwards that it is erased.
    Text.objects.filter(pk__in=texts, erased_at=None).update(content="", erased_at=erasure.at)
    Translation.objects.filter(text__in=texts).delete()
    Version.objects.filter(pk__in=[pk for pk, _text, _paper in rows]).update(title="", paper=None)
    return {paper for _pk, _text, paper in rows if paper}


def _unname(bylines: QuerySet, erasure: Erasure) -> None:
    """Blank the name and organization in bylines. Group, capacity and country stay: the published figures need them."""
    keys = list(bylines.values_list("pk", flat=True))
    Byline.objects.filter(pk__in=keys).update(
        name="", withheld=False, organization="", organization_verified=None, is_disowned=False, erased_at=erasure.at
    )
    # Harvesters must learn to drop the name.
    signed = EditionSignatory.objects.filter(byline__in=keys).values("edition")
    Edition.objects.filter(Q(byline__in=keys) | Q(pk__in=signed)).update(changed_at=erasure.at)


def _erase_drafts(person: Person) -> set[int]:
    """Delete the person's drafts, with their links, remarks and signatories; return their papers."""
    drafts = Draft.objects.filter(person=person)
    papers = {paper for paper in drafts.values_list("paper_id", flat=True) if paper}
    _delete_signatories(Signatory.objects.filter(draft__in=drafts))
    drafts.delete()
    return papers


def _delete_signatories(signatories: QuerySet) -> None:
    """Delete signatories, with the data for their bylines."""
    bylines = [pk for pk in signatories.values_list("byline_id", flat=True) if pk]
    signatories.delete()
    Byline.objects.filter(pk__in=bylines).delete()


def _erase_signatures(erasure: Erasure) -> None:
    """Remove the person's name from other people's texts that they signed, if the address is still known."""
    signed = Signatory.objects.filter(address__in=erasure.addresses)
    _delete_signatories(signed.filter(Q(version=None) | Q(version__edition=None)))
    published_ones = signed.filter(version__edition__isnull=False)
    _unname(Byline.objects.filter(pk__in=published_ones.values("byline")), erasure)
    editions = Edition.objects.filter(version__in=published_ones.values("version"))
    erasure.cache_tags |= _cache_tags(editions.values_list("consultation_id", flat=True))
    search_index.index_editions(editions.values_list("pk", flat=True))
    published_ones.update(address="")


def _cache_tags(consultations: Iterable[int]) -> set[str]:
    return {each.cache_tag for each in Consultation.objects.filter(pk__in=set(consultations))}


@erases
def erase_translator(erasure: Erasure) -> None:
    """Blank the name under the person's translations; the words are other people's and stay."""
    translations = Translation.objects.filter(by=erasure.person)
    erasure.cache_tags |= {
        f"consultation:{pk}"
        for pk in Edition.objects.filter(text__in=translations.values("text")).values_list("consultation_id", flat=True)
    }
    translations.update(maker="")


@exports(
    "contributions",
    _("Your contributions with every version as you submitted it, their states and their symbols"),
    of=["contributions.Contribution.author"],
    purpose=Purpose.CONTRIBUTIONS,
)
def export_contributions(person: Person) -> Rows:
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


def _version(version: Version) -> dict[str, object]:
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


def _byline(byline: Byline) -> dict[str, object]:
    names = ("name", "withheld", "stakeholder_group", "capacity", "organization", "country")
    return {name: getattr(byline, name) for name in names}


@exports(
    "entered",
    _("List of the letters and statements of others that you entered for the secretariat, without their texts"),
    of=["contributions.Contribution.entered_by"],
    purpose=Purpose.CONTRIBUTIONS,
)
def export_entered(person: Person) -> Rows:
    """Yield the contributions of other people that the person entered."""
    found = Contribution.objects.filter(entered_by=person).select_related("consultation").order_by("pk")
    for each in found.iterator(chunk_size=500):
        yield {
            "number": each.pk,
            "consultation": each.consultation.slug,
            "symbol": each.symbol,
            "entered_at": each.created_at,
        }


@exports(
    "sheets",
    _("List of the spreadsheets of letters that you uploaded, with dates"),
    of=["contributions.Sheet.uploaded_by"],
    purpose=Purpose.CONTRIBUTIONS,
)
def export_sheets(person: Person) -> Rows:
    """Yield the spreadsheets that the person uploaded. Their rows are other people's words."""
    for each in Sheet.objects.filter(uploaded_by=person).select_related("consultation").defer("rows").order_by("pk"):
        yield {
            "name": each.name,
            "consultation": each.consultation.slug,
            "count": each.count,
            "uploaded_at": each.uploaded_at,
            "entered_at": each.entered_at,
        }


@exports(
    "drafts",
    _("Your drafts, the links by which you shared them, the remarks on them, and when you asked for signatures"),
    of=["contributions.Draft.person"],
    purpose=Purpose.CONTRIBUTIONS,
)
def export_drafts(person: Person) -> Rows:
    """Yield the person's drafts. Of requests to sign only the time: the addresses are other people's."""
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


def _answer(signatory: Signatory) -> dict[str, object]:
    return {
        "asked_at": signatory.asked_at,
        "confirmed_at": signatory.confirmed_at,
        "declined_at": signatory.declined_at,
    }


@exports(
    "signatures",
    _("Texts of others that you were asked to sign, as long as your e-mail address is stored with them"),
    of=[],
    purpose=Purpose.CONTRIBUTIONS,
)
def export_signatures(person: Person) -> Rows:
    """Yield the requests to sign that the person got, and their answers."""
    signatories = Signatory.objects.filter(address__in=verified_addresses(person))
    found = signatories.select_related("byline", "version__contribution")
    for each in found.order_by("pk"):
        yield {
            **_answer(each),
            "byline": _byline(each.byline) if each.byline else None,
            "symbol": each.version.contribution.symbol if each.version else "",
        }


@encloses
def export_papers(person: Person) -> Iterator[tuple[str, Stored]]:
    """Yield the documents that the person attached, each once."""
    attached = Version.objects.filter(contribution__author=person, paper__isnull=False).values("paper")
    kept = Draft.objects.filter(person=person, paper__isnull=False).values("paper")
    originals = Contribution.objects.filter(author=person, original__isnull=False).values("original")
    for paper in Paper.objects.filter(Q(pk__in=attached) | Q(pk__in=kept) | Q(pk__in=originals)).order_by("pk"):
        yield _paper_name(paper), file_of(paper)


def _paper_name(paper: Paper) -> str:
    """Return a paper's name in the file: two papers may have one name, and a name must not contain a path."""
    return f"{paper.pk}-{paper.name.replace('/', '_').replace(chr(92), '_')}"


@exports(
    "translations", _("Your translations of contributions"), of=["contributions.Translation.by"], purpose=Purpose.WORK
)
def export_translations(person: Person) -> Rows:
    """Yield the person's translations for readers or for the desk."""
    for each in Translation.objects.filter(by=person).order_by("pk").iterator(chunk_size=200):
        yield {
            "text": each.text_id,
            "language": each.language,
            "title": each.title,
            "content": each.content,
            "at": each.at,
        }


@erases
def erase_organization_marks(erasure: Erasure) -> None:
    """Delete the marks on the person's editions: their bylines name no organization any more. Decisions stay.

    The words of disputes are blanked, of their own and of those about their editions.
    """
    marks = OrganizationMark.objects.filter(edition__contribution__author=erasure.person)
    if marks.exists():
        erasure.cache_tags.add(CACHE_TAG)
        marks.delete()
    disputes = Dispute.objects.filter(Q(person=erasure.person) | Q(edition__contribution__author=erasure.person))
    about = {each.pk: each for each in disputes.select_related("edition__consultation")}
    erasure.cache_tags |= {each.edition.consultation.cache_tag for each in about.values()}
    found = Dispute.objects.filter(pk__in=about)
    found.filter(status=Dispute.Status.PENDING).update(status=Dispute.Status.WITHDRAWN, decided_at=erasure.at)
    found.update(text="", language="", answer="", answer_language="")


@exports(
    "disputes",
    _("Bylines that you disputed for an organization"),
    of=["contributions.Dispute.person"],
    purpose=Purpose.CONTRIBUTIONS,
)
def export_disputes(person: Person) -> Rows:
    """Yield the person's disputes, and the decisions on them."""
    for each in Dispute.objects.filter(person=person).select_related("edition", "organization").order_by("pk"):
        yield {
            "contribution": each.edition.symbol,
            "organization": each.organization.number,
            "at": each.at,
            "text": each.text,
            "language": each.language,
            "status": each.status,
            "answer": each.answer,
            "decided_at": each.decided_at,
        }


@exports(
    "disputes_decided",
    _("Disputed bylines that you decided on"),
    of=["contributions.Dispute.decided_by"],
    purpose=Purpose.MODERATION,
)
def export_decided_disputes(person: Person) -> Rows:
    """Yield the person's decisions on disputes."""
    for each in Dispute.objects.filter(decided_by=person).select_related("edition").order_by("pk"):
        yield {
            "contribution": each.edition.symbol,
            "status": each.status,
            "answer": each.answer,
            "language": each.answer_language,
            "at": each.decided_at,
        }


#: How long the rows of a spreadsheet are stored until somebody confirms them.
UNCONFIRMED_SHEETS = datetime.timedelta(days=7)


@writing
def delete_expired() -> dict[str, int]:
    """Delete old drafts, blank old rejected texts and words of disputes, as `KEEP_DAYS` says; return how many of each.

    The decision stays, with its code; the digest stays too, so that a receipt can still be checked against it.
    """
    now = clock.now()
    untouched = Draft.objects.filter(saved_at__lt=now - _retention_of("draft"))
    bylines = list(Signatory.objects.filter(draft__in=untouched, byline__isnull=False).values_list("byline", flat=True))
    drafts = untouched.count()
    untouched.delete()
    Byline.objects.filter(pk__in=bylines).delete()
    old = Version.objects.filter(
        state=State.REJECTED,
        contribution__state=State.REJECTED,
        contribution__state_at__lt=now - _retention_of("rejected"),
    )
    addresses = _forget_addresses(now - _retention_of("rejected"))
    texts = Text.objects.filter(pk__in=old.values("text"), erased_at=None).update(content="", erased_at=now)
    # After the texts: a translation locks its text, and finds afterwards that it is erased.
    Translation.objects.filter(text__in=old.values("text")).delete()
    _forget_consents(now - _retention_of("rejected"))
    sheets, _by_model = Sheet.objects.filter(entered_at=None, uploaded_at__lt=now - UNCONFIRMED_SHEETS).delete()
    disputes = _forget_disputes(now - _retention_of("rejected"))
    return {"drafts": drafts, "rejected": texts, "addresses": addresses, "sheets": sheets, "disputes": disputes}


def _forget_disputes(before: datetime.datetime) -> int:
    """Blank the words of disputes that were decided or withdrawn. The outcome stays."""
    over = Dispute.objects.exclude(status=Dispute.Status.PENDING).alias(ended_at=Coalesce("decided_at", "at"))
    expired = over.filter(ended_at__lt=before).exclude(text="", answer="")
    return expired.update(text="", language="", answer="", answer_language="")


def _forget_consents(before: datetime.datetime) -> None:
    """Delete the consents of authors of letters to a publication that did not happen, and their documents."""
    over = Contribution.objects.filter(
        channel__in=ENTERED, state__in=[State.REJECTED, State.WITHDRAWN], number=None, state_at__lt=before
    )
    over.update(consent="", original=None)


def _forget_addresses(before: datetime.datetime) -> int:
    """Blank the addresses of co-signatories of texts that are gone, or were decided on long ago."""
    kept = Signatory.objects.filter(version__isnull=False).exclude(address="")
    over = Q(version__contribution__state__in=[State.WITHDRAWN, State.REMOVED]) | Q(
        ~Q(version__state=State.PENDING), version__contribution__state_at__lt=before
    )
    return kept.filter(over).update(address="")


def _retention_of(kind: str) -> datetime.timedelta:
    return datetime.timedelta(days=settings.KEEP_DAYS[kind])
