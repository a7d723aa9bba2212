"""`contributions.jsonl` of a consultation, and the documents that it names. Made from editions, never from versions."""

from array import array
from collections.abc import Iterator
from itertools import batched
from pathlib import PurePosixPath

from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import NullIf

from plenara.bundles.format import DOCUMENTS
from plenara.consultations.models import Consultation
from plenara.contributions.models import Byline, Contribution, Dispute, Edition, Paper, Translation
from plenara.contributions.organizations.queries import attach_byline_statuses, is_verified
from plenara.contributions.queries.record import SIGNATORIES
from plenara.contributions.validation.papers import ending_of_type
from plenara.core.life_cycle import State
from plenara.core.rows import Json, without_absent, written
from plenara.core.text import clean_line

CHUNK = 200
#: More revisions than a text ever has: what is of the edition in force stands last.
MANY = 10**9


def public(consultation: Consultation) -> QuerySet[Contribution]:
    """Return what was ever published or rejected: imported rows in their file's order, then ours by number."""
    found = Contribution.objects.filter(Q(number__isnull=False) | Q(state=State.REJECTED), consultation=consultation)
    return found.order_by(NullIf("place", 0).asc(nulls_last=True), F("number").asc(nulls_last=True), "pk")


def rows(consultation: Consultation) -> Iterator[Json]:
    """Yield the contributions as a bundle says them, some hundred at a time; only their keys are held together."""
    editions = (
        Edition.objects.order_by("revision").select_related("text", "byline", "paper").prefetch_related(SIGNATORIES)
    )
    readable = Translation.objects.filter(is_public=True)
    editions = editions.prefetch_related(Prefetch("text__translations", readable))
    contributions = Contribution.objects.select_related("thread", "in_reply_to").prefetch_related(
        Prefetch("editions", editions)
    )
    leads = _leads(consultation)
    has_marks = _is_spoken_of(consultation)
    # Eight bytes each: a list of numbers takes five times as much.
    every = array("q", public(consultation).values_list("pk", flat=True).iterator(chunk_size=2000))
    for keys in batched(every, CHUNK):
        found = contributions.in_bulk(keys)
        if has_marks:
            attach_byline_statuses(edition for each in found.values() for edition in each.editions.all())
        for key in keys:
            yield _row(found[key], leads, has_marks=has_marks)


def _is_spoken_of(consultation: Consultation) -> bool:
    """Say whether any organization stands behind an edition, or was found not to. Three queries at most."""
    editions = Edition.objects.filter(consultation=consultation)
    return (
        editions.filter(organization_marks__isnull=False).exists()
        or editions.filter(disputes__status=Dispute.Status.UPHELD).exists()
        or editions.filter(byline__is_disowned=True).exists()
    )


def _leads(consultation: Consultation) -> dict[int, str]:
    """Return the ids of what leads campaigns, by number. One query."""
    numbers = Edition.objects.filter(consultation=consultation, in_force=True, campaign_of__isnull=False)
    found = Contribution.objects.filter(consultation=consultation, number__in=numbers.values("campaign_of"))
    return {each.number: name_of(each) for each in found if each.number}


def name_of(contribution: Contribution) -> str:
    """Return a contribution's id in a bundle."""
    return contribution.bundle_id or contribution.public_id or ""


def _row(contribution: Contribution, leads: dict[int, str], *, has_marks: bool) -> Json:
    editions = list(contribution.editions.all())
    answered = contribution.in_reply_to
    if answered and (not name_of(answered) or answered.thread_id != contribution.thread_id):
        answered = None
    common = without_absent(
        id=name_of(contribution),
        thread=contribution.thread.number,
        in_reply_to=name_of(answered) if answered else None,
    )
    if not editions:
        return common | _rejected(contribution)
    edition = next(each for each in reversed(editions) if each.in_force)
    common |= without_absent(
        number=contribution.number,
        campaign=leads.get(edition.campaign_of) if edition.campaign_of else None,
        symbol=contribution.symbol,
        paragraph=edition.part,
        submitted_at=written(edition.submitted_at),
        published_at=written(edition.published_at),
    )
    if edition.is_gone or edition.text is None or edition.byline is None or not edition.text.content:
        return common | _gone(edition, editions)
    return common | _published(contribution, edition, editions, has_marks=has_marks)


def _rejected(contribution: Contribution) -> Json:
    submitted_at = None if contribution.bundle_id else written(contribution.created_at)
    return without_absent(
        status="rejected",
        reason=contribution.reason,
        submitted_at=contribution.bundle.get("submitted_at", submitted_at),
    )


def _gone(edition: Edition, editions: list[Edition]) -> Json:
    return without_absent(
        # A text that was erased without more is gone by its author's wish.
        status=edition.status if edition.is_gone else "withdrawn",
        reason=edition.gone_reason,
        gone_at=written(edition.gone_at),
        revisions=[_dated(each) for each in editions] if _has_history(editions) else None,
    )


def _published(contribution: Contribution, edition: Edition, editions: list[Edition], *, has_marks: bool) -> Json:
    assert edition.text and edition.byline
    kept = contribution.bundle
    return without_absent(
        status="published",
        language=edition.language,
        title=edition.title,
        text=edition.text.content,
        redacted=edition.is_redacted or None,
        # That a verified organization signed it: elsewhere, this is what the site that it comes from said.
        author=_author(edition.byline)
        | ({"organization_verified": True} if has_marks and is_verified(edition) else {}),
        disowned=_is_disowned(edition) if has_marks else None,
        signatories=[_author(byline) for byline in edition.also_signed_by],
        channel=contribution.channel,
        occasion=contribution.occasion,
        moved_from=contribution.moved_from,
        entered=contribution.was_entered or None,
        **(_document(contribution, edition.paper) if edition.paper else {}),
        revisions=[
            _revision(each, edition, has_marks=has_marks) for each in editions if each.text and each.text.content
        ]
        if _has_history(editions)
        else None,
        translations=_translations(editions, edition, kept.get("translations", [])),
        **{key: kept.get(key) for key in ("keywords", "themes", "stance", "tallies")},
    )


def _translations(editions: list[Edition], in_force: Edition, kept: list[Json]) -> list[Json] | None:
    """Return the translations that readers see; of one of an earlier text, which edition's. And what has no column."""
    found = [
        without_absent(
            language=each.language,
            text=each.content,
            title=each.title,
            made_by=each.maker,
            origin="machine" if each.is_machine else "human" if each.at else None,
            at=written(each.at),
            revision=edition.revision if edition is not in_force else None,
        )
        for edition in editions
        if edition.text
        for each in edition.text.translations.all()
    ]
    return sorted([*found, *kept], key=lambda each: (each.get("revision", MANY), each["language"])) or None


def _has_history(editions: list[Edition]) -> bool:
    return len(editions) > 1 or editions[0].revision > 0


def _dated(edition: Edition) -> Json:
    at = written(edition.published_at)
    return without_absent(number=edition.revision, published_at=at)


def _is_disowned(edition: Edition) -> bool | None:
    return bool(edition.speaks_for and edition.speaks_for.is_upheld) or None


def _revision(edition: Edition, in_force: Edition, *, has_marks: bool) -> Json:
    assert edition.text
    return _dated(edition) | without_absent(
        text=edition.text.content,
        redacted=edition.is_redacted or None,
        disowned=_is_disowned(edition) if has_marks else None,
        language=edition.language,
        title=edition.title if edition.title != in_force.title else None,
        paragraph=(edition.part or 0) if edition.part != in_force.part else None,
        submitted_at=written(edition.submitted_at) if edition.submitted_at and edition is not in_force else None,
    )


def _author(byline: Byline) -> Json:
    named = bool(byline.name) and not byline.withheld
    return without_absent(
        name=byline.name if named else None,
        withheld=None if named else True,
        stakeholder_group=byline.stakeholder_group,
        capacity=byline.capacity,
        organization=byline.organization,
        organization_verified=byline.organization_verified,
        country=byline.country,
    )


def document_path(contribution: Contribution, paper: Paper) -> str:
    """Return where a contribution's paper lies in the bundle."""
    # An import knows by the ending what kind of file it is.
    suffix = PurePosixPath(paper.name).suffix.lower() or f".{ending_of_type(paper.media_type)}".rstrip(".")
    return str(contribution.bundle.get("document", f"{DOCUMENTS}{name_of(contribution)}{suffix}"))


def _document(contribution: Contribution, paper: Paper) -> dict[str, str]:
    path = document_path(contribution, paper)
    # What its author called it, which its path does not say.
    name = clean_line(paper.name)
    return {"document": path} | ({"document_name": name} if name and name != PurePosixPath(path).name else {})


def documents(consultation: Consultation) -> Iterator[tuple[str, Paper]]:
    """Yield path and paper of each document that the rows name, each path once."""
    papers = Edition.objects.filter(
        consultation=consultation, in_force=True, status=Edition.Status.PUBLISHED, paper__isnull=False
    ).select_related("contribution", "paper")
    paths: set[str] = set()
    for edition in papers.order_by("number").iterator(chunk_size=CHUNK):
        if edition.paper and (path := document_path(edition.contribution, edition.paper)) not in paths:
            paths.add(path)
            yield path, edition.paper
