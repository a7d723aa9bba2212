"""E-mails about contributions: receipts, requests to sign, disputed bylines, the news of a consultation."""

import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from plenara.accounts.models import Person
from plenara.consultations.emails import MOST_NEWS, NewsLine, news_provider
from plenara.consultations.models import Follow
from plenara.contributions.models import Dispute, Edition, Signatory, Version
from plenara.contributions.organizations.queries import disputes_with_context
from plenara.contributions.queries.signatures import draft_digest, token_of
from plenara.contributions.queries.submissions import is_quarantined
from plenara.core.languages import django_code, in_language
from plenara.core.life_cycle import State
from plenara.core.prepared import find
from plenara.core.tasks import task
from plenara.core.transaction import writes
from plenara.core.vocabulary import licence_name
from plenara.email import delivery


@task
def send_receipt(*, version_id: int) -> None:
    """Send the author a receipt: number, time, digest, text, licence."""
    version = find(
        Version, version_id, "text", "contribution__author", "contribution__thread", "contribution__consultation"
    )
    if version is None or version.contribution.author is None:
        return  # erased in the meantime
    consultation = version.contribution.consultation
    delivery.send(
        to=version.contribution.author,
        template="contributions/mail/receipt",
        context={
            "version": version,
            "thread": version.contribution.thread,
            "consultation": consultation,
            "licence": licence_name(consultation.licence),
            "is_held": version.state == State.PENDING and is_quarantined(version.contribution.author, consultation),
        },
        key=f"receipt-{version.pk}",
    )


@task
def ask_to_sign(*, signatory_id: int) -> None:
    """Ask somebody by e-mail to sign a draft, unless it was sent or they were dropped in the meantime."""
    found = Signatory.objects.select_related("draft__person", "draft__thread__consultation")
    signatory = found.filter(pk=signatory_id, draft__isnull=False, declined_at=None).first()
    if signatory is None or signatory.draft is None or not signatory.address:
        return
    draft = signatory.draft
    words = draft_digest(draft)
    if signatory.sha256 == words or draft.person.is_suspended:
        return
    with translation.override(django_code(signatory.language)):
        link = settings.SITE_URL + reverse("contributions:sign", args=[token_of(signatory)])
    delivery.send(
        to=signatory.address,
        template="contributions/mail/sign",
        context={
            "link": link,
            "author": draft.person.name,
            "thread": draft.thread,
            "consultation": draft.thread.consultation,
            "again": bool(signatory.sha256),
        },
        key=f"sign-{signatory.pk}-{words}",
        language=signatory.language,
    )


@task
def notify_signatory(*, signatory_id: int) -> None:
    """Notify a signatory that the text is published, and delete the address."""
    found = Signatory.objects.select_related("version__contribution__thread", "version__contribution__consultation")
    signatory = found.filter(pk=signatory_id, confirmed_at__isnull=False).first()
    if signatory is None or signatory.version is None or not signatory.address:
        return
    contribution = signatory.version.contribution
    edition = Edition.objects.filter(version=signatory.version, status=Edition.Status.PUBLISHED).first()
    if edition:
        delivery.send(
            to=signatory.address,
            template="contributions/mail/signed",
            context={
                "edition": edition,
                "contribution": contribution,
                "thread": contribution.thread,
                "consultation": contribution.consultation,
                "licence": licence_name(contribution.consultation.licence),
            },
            key=f"signed-{signatory.pk}",
            language=signatory.language,
        )
    with writes():
        Signatory.objects.filter(pk=signatory_id).update(address="")


@news_provider(Follow.What.CONTRIBUTIONS)
def news_of_contributions(follow: Follow, since: datetime.datetime, until: datetime.datetime) -> list[NewsLine]:
    """Return other people's publications in a consultation or a thread. One query."""
    found = _published_between(since, until).exclude(contribution__author_id=follow.person_id)
    found = found.filter(thread=follow.thread) if follow.thread else found.filter(consultation=follow.consultation)
    return _news_lines(found)


@news_provider(Follow.What.REPLIES)
def news_of_replies(follow: Follow, since: datetime.datetime, until: datetime.datetime) -> list[NewsLine]:
    """Return other people's replies to a person's contributions. One query."""
    found = _published_between(since, until).filter(contribution__in_reply_to__author_id=follow.person_id)
    return _news_lines(found.exclude(contribution__author_id=follow.person_id))


def _published_between(since: datetime.datetime, until: datetime.datetime) -> QuerySet[Edition]:
    """Return what was first published between two moments and is still public."""
    return Edition.objects.filter(
        minted_at__gt=since, minted_at__lte=until, revision=0, status=Edition.Status.PUBLISHED, campaign_of=None
    )


def _news_lines(found: QuerySet[Edition]) -> list[NewsLine]:
    editions = found.select_related("byline", "consultation", "thread").order_by("minted_at", "pk")[: MOST_NEWS + 1]
    return [
        NewsLine(
            "contributions/mail/news_line.txt",
            f"consultations/{each.consultation.slug}/contributions/{each.number}/",
            {"edition": each},
        )
        for each in editions
    ]


@task
def notify_dispute(*, dispute_id: int, status: str, person_id: int) -> None:
    """Notify an author of a disputed byline; and both sides of the decision."""
    dispute = disputes_with_context().filter(pk=dispute_id, status=status).first()
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if dispute is None or person is None or dispute.edition.is_gone:
        return
    edition, language = dispute.edition, person.language
    delivery.send(
        to=person,
        template="contributions/organizations/mail/" + ("disputed" if status == Dispute.Status.PENDING else "decided"),
        context={
            "dispute": dispute,
            "symbol": edition.symbol,
            "consultation_title": in_language(edition.consultation.title, language).text,
            "organization": in_language(dispute.organization.details.get("name"), language).text,
            "is_author": edition.contribution.author_id == person_id,
            "is_upheld": status == Dispute.Status.UPHELD,
            "foreign": dispute.answer_language if dispute.answer_language != language else "",
            "public": f"{settings.SITE_URL}/{language}/consultations/{edition.consultation.slug}"
            f"/contributions/{edition.number}/",
        },
        key=f"dispute-{dispute_id}-{status}-{person_id}",
    )
