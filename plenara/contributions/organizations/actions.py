"""Disputing a byline for an organization, taking that back, deciding on it."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenara.contributions import tasks
from plenara.contributions.models import Dispute, Edition
from plenara.contributions.organizations import checks, rules
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import AlreadyDone, Invalid, require, require_valid
from plenara.core.text import clean
from plenara.core.transaction import writing
from plenara.directory import limits
from plenara.directory.models import CACHE_TAG, Listing


@writing
def dispute(*, actor: Any, edition: Edition, organization: Listing, text: str, language: str) -> Dispute:
    """Say for an organization that an edition does not speak for it. The edition is marked until it is decided."""
    edition = _edition(edition.pk)
    text = clean(text)
    waiting = edition.disputes.filter(organization=organization, status=Dispute.Status.PENDING).first()
    if waiting and waiting.person_id == actor.pk and waiting.text == text:
        return waiting  # a double click
    require(rules.may_dispute(actor, edition, organization))
    limits.hold(actor)
    require_valid(
        checks.words_fit(text, "text"), checks.known_language(language, "language"), checks.not_too_often(actor)
    )
    try:
        with transaction.atomic():
            made = Dispute.objects.create(
                edition=edition, organization=organization, person=actor, text=text, language=language
            )
    except IntegrityError as error:
        raise AlreadyDone(_("The organization has disputed this already."), "once") from error
    _follow(made, "byline.disputed", actor)
    return made


@writing
def take_back(*, actor: Any, dispute: Dispute) -> Dispute:
    """Take a dispute back. The mark goes from the edition."""
    dispute = held(dispute)
    if dispute.status == Dispute.Status.WITHDRAWN:
        return dispute  # a double click
    require(rules.may_take_back(actor, dispute))
    _stand(dispute, Dispute.Status.WITHDRAWN)
    _follow(dispute, "byline.dispute_withdrawn", actor)
    return dispute


@writing
def decide_dispute(*, actor: Any, dispute: Dispute, status: str, answer: str, language: str) -> Dispute:
    """Uphold a dispute, and the edition says so for good; or dismiss it, and the mark goes. Both sides are told.

    Raises `AlreadyDone` where somebody else has decided meanwhile.
    """
    dispute = held(dispute)
    answer = clean(answer)
    if dispute.status != Dispute.Status.PENDING:
        if (dispute.decided_by_id, dispute.status, dispute.answer) == (actor.pk, status, answer):
            return dispute  # a double click
        raise AlreadyDone(_("This was decided already, or taken back. Your answer is not kept."), "decided")
    require(rules.may_decide_dispute(actor, dispute))
    if status not in {Dispute.Status.UPHELD, Dispute.Status.DISMISSED}:
        raise Invalid(_("Choose what is decided."), "status", "status")
    require_valid(checks.words_fit(answer, "answer"), checks.known_language(language, "answer_language"))
    dispute.answer, dispute.answer_language, dispute.decided_by = answer, language, actor
    _stand(dispute, status)
    _follow(dispute, f"byline.dispute_{status}", actor)
    return dispute


def held(dispute: Dispute) -> Dispute:
    """Return a dispute as it is now, held until the transaction ends."""
    Dispute.objects.select_for_update().filter(pk=dispute.pk).values_list("pk", flat=True).first()
    return found().get(pk=dispute.pk)


def found() -> Any:
    """Return disputes with what is told of them."""
    return Dispute.objects.select_related(
        "edition__consultation", "edition__thread", "edition__byline", "edition__contribution", "organization", "person"
    )


def _edition(pk: int) -> Edition:
    # Held against a decision that removes it at this moment.
    Edition.objects.select_for_update().filter(pk=pk).values_list("pk", flat=True).first()
    return Edition.objects.select_related("consultation", "byline", "contribution").get(pk=pk)


def _stand(dispute: Dispute, status: str) -> None:
    dispute.status, dispute.decided_at = status, clock.now()
    dispute.save()


def _follow(dispute: Dispute, verb: str, actor: Any) -> None:
    """Record it, invalidate its pages, and enqueue the letters: to the author, and of a decision to both."""
    consultation = dispute.edition.consultation
    audit.log(verb, actor=actor, about=dispute, consultation=consultation, edition=dispute.edition_id)
    invalidate(consultation.cache_tag, nothing_goes=True)
    invalidate(CACHE_TAG, nothing_goes=True)
    if dispute.status == Dispute.Status.WITHDRAWN:
        return
    parties = {dispute.edition.contribution.author_id}
    if dispute.status != Dispute.Status.PENDING:
        parties.add(dispute.person_id)
    for person_id in sorted(each for each in parties if each):
        tasks.tell_dispute.using(key=f"dispute-{dispute.pk}-{dispute.status}-{person_id}").enqueue(
            dispute_id=dispute.pk, status=dispute.status, person_id=person_id
        )
