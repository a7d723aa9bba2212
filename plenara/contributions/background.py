"""What follows a submission: a receipt by mail."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from plenara.contributions import searching
from plenara.contributions.actions.signing import forget_address
from plenara.contributions.clearance import draft_digest, token_of
from plenara.contributions.extraction import Unreadable, words_of
from plenara.contributions.models import Edition, Extraction, Paper, Signatory, State, Version
from plenara.contributions.papers import ending_of_type, file_of
from plenara.contributions.quarantine import is_quarantined
from plenara.core.languages import django_code
from plenara.core.transaction import writes
from plenara.core.vocabulary import licence_name
from plenara.mail import letters


def send_receipt(version_id: int) -> None:
    """Send the author a receipt: number, time, digest, text, licence."""
    version = (
        Version.objects.select_related(
            "text", "contribution__author", "contribution__thread", "contribution__consultation"
        )
        .filter(pk=version_id)
        .first()
    )
    if version is None or version.contribution.author is None:
        return  # erased meanwhile
    consultation = version.contribution.consultation
    letters.send(
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


def ask_to_sign(signatory_id: int) -> None:
    """Ask somebody by mail to sign a draft, unless it was sent or they were dropped meanwhile."""
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
    letters.send(
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


def tell_signatory(signatory_id: int) -> None:
    """Tell who signed a text that it is published, and forget the address."""
    found = Signatory.objects.select_related("version__contribution__thread", "version__contribution__consultation")
    signatory = found.filter(pk=signatory_id, confirmed_at__isnull=False).first()
    if signatory is None or signatory.version is None or not signatory.address:
        return
    contribution = signatory.version.contribution
    edition = Edition.objects.filter(version=signatory.version, status=Edition.Status.PUBLISHED).first()
    if edition:
        letters.send(
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
    forget_address(signatory_id)


def read_paper(paper_id: int) -> None:
    """Draw the words out of a paper that waits for it. A paper that cannot be read says so, and is not tried again."""
    paper = Paper.objects.filter(pk=paper_id, extraction=Extraction.WAITING).first()
    if paper is None:
        return
    try:
        text, became = words_of(file_of(paper), ending_of_type(paper.media_type)), Extraction.DONE
    except (Unreadable, FileNotFoundError):
        text, became = "", Extraction.FAILED
    with writes():
        Paper.objects.filter(pk=paper_id).update(text=text, extraction=became)
        searching.keep_paper(paper_id)


def index_thread(thread_id: int) -> None:
    """Let what was contributed to a question be found by the themes that the question has now."""
    last = 0
    while ids := list(
        Edition.objects.filter(thread_id=thread_id, in_force=True, pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:200]
    ):
        with writes():  # some at a time, so that others write in between
            searching.keep(ids)
        last = ids[-1]
