"""Marks on editions signed for a verified organization, appended at publication; disputes of bylines, and decisions on
them.
"""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.contributions import emails, validation
from plenara.contributions.models import Dispute, Edition, OrganizationMark
from plenara.contributions.organizations import permissions
from plenara.contributions.organizations.queries import CONTEXT, marks_for
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import AlreadyDone, InvalidInput, require, require_valid
from plenara.core.tasks import task
from plenara.core.text import clean
from plenara.core.transaction import lock_row, writing
from plenara.directory import permissions as directory_permissions
from plenara.directory.actions.entries import on_merging, on_representing
from plenara.directory.actions.listings import have_one_domain
from plenara.directory.models import CACHE_TAG, Kind, Listing, Representative
from plenara.directory.queries import lookup


@writing
def dispute(*, actor: Person, edition: Edition, organization: Listing, text: str, language: str) -> Dispute:
    """Dispute for an organization that an edition speaks for it. The edition is marked until it is decided."""
    # Against a decision that removes it at this moment.
    edition = lock_row(edition, "consultation", "byline", "contribution")
    text = clean(text)
    pending = edition.disputes.filter(organization=organization, status=Dispute.Status.PENDING).first()
    if pending and pending.person_id == actor.pk and pending.text == text:
        return pending  # a double click
    require(permissions.may_dispute(actor, edition, organization))
    directory_permissions.lock_sender(actor)
    require_valid(
        validation.dispute_words_fit(text, "text"),
        validation.dispute_language_known(language, "language"),
        validation.disputes_not_too_often(actor),
    )
    try:
        with transaction.atomic():
            made = Dispute.objects.create(
                edition=edition, organization=organization, person=actor, text=text, language=language
            )
    except IntegrityError as error:
        raise AlreadyDone(
            _("The organization has already disputed this byline. An organization can dispute a byline only once."),
            "once",
        ) from error
    _after_change(made, "byline.disputed", actor)
    return made


@writing
def withdraw_dispute(*, actor: Person, dispute: Dispute) -> Dispute:
    """Withdraw a dispute. The mark is removed from the edition."""
    dispute = lock_row(dispute, *CONTEXT)
    if dispute.status == Dispute.Status.WITHDRAWN:
        return dispute  # a double click
    require(permissions.may_withdraw_dispute(actor, dispute))
    _set_status(dispute, Dispute.Status.WITHDRAWN)
    _after_change(dispute, "byline.dispute_withdrawn", actor)
    return dispute


@writing
def decide_dispute(*, actor: Person, dispute: Dispute, status: str, answer: str, language: str) -> Dispute:
    """Uphold a dispute, which marks the edition for good; or dismiss it, which unmarks it. Notifies both sides.

    Raises `AlreadyDone` where somebody else has decided in the meantime.
    """
    dispute = lock_row(dispute, *CONTEXT)
    answer = clean(answer)
    if dispute.status != Dispute.Status.PENDING:
        if (dispute.decided_by_id, dispute.status, dispute.answer) == (actor.pk, status, answer):
            return dispute  # a double click
        raise AlreadyDone(
            _("This dispute has already been decided or withdrawn. Your answer was not saved."), "decided"
        )
    require(permissions.may_decide_dispute(actor, dispute))
    if status not in {Dispute.Status.UPHELD, Dispute.Status.DISMISSED}:
        raise InvalidInput(pgettext("text", "Choose a decision."), "status", "status")
    require_valid(
        validation.dispute_words_fit(answer, "answer"), validation.dispute_language_known(language, "answer_language")
    )
    dispute.answer, dispute.answer_language, dispute.decided_by = answer, language, actor
    _set_status(dispute, status)
    _after_change(dispute, f"byline.dispute_{status}", actor)
    return dispute


def _set_status(dispute: Dispute, status: str) -> None:
    dispute.status, dispute.decided_at = status, clock.now()
    dispute.save()


def _after_change(dispute: Dispute, verb: str, actor: Person) -> None:
    """Log it, invalidate its pages, and enqueue the e-mails: to the author, and of a decision to both."""
    consultation = dispute.edition.consultation
    audit.log(verb, actor=actor, about=dispute, consultation=consultation, edition=dispute.edition_id)
    invalidate(consultation.cache_tag, nothing_withdrawn=True)
    invalidate(CACHE_TAG, nothing_withdrawn=True)
    if dispute.status == Dispute.Status.WITHDRAWN:
        return
    parties = {dispute.edition.contribution.author_id}
    if dispute.status != Dispute.Status.PENDING:
        parties.add(dispute.person_id)
    for person_id in sorted(each for each in parties if each):
        emails.notify_dispute.using(key=f"dispute-{dispute.pk}-{dispute.status}-{person_id}").enqueue(
            dispute_id=dispute.pk, status=dispute.status, person_id=person_id
        )


#: Editions that are marked in one transaction.
BATCH = 200


def mark_edition(edition: Edition, author_id: int | None) -> list[OrganizationMark]:
    """Mark an edition at publication, if its author represents an organization in its byline."""
    made = _marked(edition, author_id)
    if made:
        invalidate(CACHE_TAG, nothing_withdrawn=True)
    return made


def _marked(edition: Edition, author_id: int | None) -> list[OrganizationMark]:
    made = []
    for organization, verification in marks_for(edition.byline, author_id):
        found, is_new = OrganizationMark.objects.get_or_create(
            edition=edition, organization=organization, defaults={"verification": verification}
        )
        if is_new:
            made.append(found)
            audit.log(
                "edition.marked", actor=None, about=edition, consultation=edition.consultation,
                organization=organization.number,
            )  # fmt: skip
    return made


@task
@writing
def mark_organization(*, representative_id: int, after: int = 0) -> None:
    """Mark a batch of a representative's publications since their nomination, and enqueue the next batch."""
    found = Representative.objects.filter(pk=representative_id, until=None, person__isnull=False)
    representative = found.select_related("organization").first()
    if representative is None:
        return  # ended in the meantime
    if last := mark_published(representative, after):
        verifications = representative.organization.verifications.filter(ended_at=None).values_list("pk", flat=True)
        key = f"mark-{representative_id}-{verifications.last()}-{representative.organization.revision}-{last}"
        mark_organization.using(key=key).enqueue(representative_id=representative_id, after=last)


def mark_published(representative: Representative, after: int = 0) -> int:
    """Mark what a representative has published since they are one; return the last edition that was looked at.

    A batch at a time, in the order of the rows; 0 where nothing is left. A second run marks nothing twice.
    """
    found = Edition.objects.filter(
        contribution__author=representative.person_id,
        status=Edition.Status.PUBLISHED,
        minted_at__gte=representative.since,
        pk__gt=after,
    )
    rows = list(found.select_related("byline", "consultation").order_by("pk")[:BATCH])
    cache_tags = {each.consultation.cache_tag for each in rows if _marked(each, representative.person_id)}
    # The directory's last, as where a decision publishes: two writers never wait for each other.
    for cache_tag in [*sorted(cache_tags), *([CACHE_TAG] if cache_tags else [])]:
        invalidate(cache_tag, nothing_withdrawn=True)
    return rows[-1].pk if len(rows) == BATCH else 0


@on_representing
def enqueue_marks(representative: Representative) -> None:
    """Enqueue the marks of existing publications, once for each change that may bring some."""
    verification = lookup.current_verifications([representative.organization_id]).get(representative.organization_id)
    if verification is None or representative.person_id is None:
        return
    revision = representative.organization.revision
    mark_organization.using(key=f"mark-{representative.pk}-{verification.pk}-{revision}").enqueue(
        representative_id=representative.pk
    )


@on_merging
def merge_organizations(source: Listing, target: Listing) -> None:
    """Move the disputes of a merged organization to the target; its marks too, if they have one domain.

    Otherwise the marks stay with the source, and are no longer shown.
    """
    if source.of != Kind.ORGANIZATION:
        return
    # One order for the cache tags of both: two mergers never wait for each other.
    for cache_tag in _cache_tags(source, target):
        invalidate(cache_tag, nothing_withdrawn=True)
    if have_one_domain(source, target):
        _move_marks(source, target)
    pending = Dispute.objects.filter(organization=target, status=Dispute.Status.PENDING).values("edition")
    twice = Dispute.objects.filter(organization=source, status=Dispute.Status.PENDING, edition__in=pending)
    twice.update(status=Dispute.Status.WITHDRAWN, decided_at=clock.now())
    Dispute.objects.filter(organization=source).update(organization=target)


def _move_marks(source: Listing, target: Listing) -> None:
    both = OrganizationMark.objects.filter(organization=target).values("edition")
    OrganizationMark.objects.filter(organization=source, edition__in=both).delete()
    OrganizationMark.objects.filter(organization=source).update(organization=target)


def _cache_tags(*organizations: Listing) -> list[str]:
    """Return the cache tags of the consultations with marks or disputes of organizations."""
    marked = OrganizationMark.objects.filter(organization__in=organizations).values("edition__consultation")
    disputed = Dispute.objects.filter(organization__in=organizations).values("edition__consultation")
    ids = {row["edition__consultation"] for row in (*marked.distinct(), *disputed.distinct())}
    return sorted(f"consultation:{pk}" for pk in ids)
