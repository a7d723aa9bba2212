"""What follows a decision: one letter to the author, the publication of what was moved, and what readers are told."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from plenara.contributions.models import State
from plenara.core.languages import django_code
from plenara.core.refusals import NotAllowed
from plenara.core.tasks import Abort
from plenara.core.transaction import writes, writing
from plenara.mail import letters
from plenara.moderation import suggesting, tasks
from plenara.moderation.actions.campaigning import go_on
from plenara.moderation.actions.deciding import publish
from plenara.moderation.actions.noticing import notice
from plenara.moderation.letters import appeal_context_of, letter, redaction_letter, report_context_of
from plenara.moderation.models import Appeal, Code, Decision, Redaction, Report
from plenara.moderation.publishable import KINDS
from plenara.moderation.suggesting import likeness

#: Texts of an import that are learned in one transaction: short enough to let others write in between.
LEARNED_AT_ONCE = 200


@writing
def publish_moved(decision_id: int) -> None:
    """Publish what was moved, once the move can no longer be undone."""
    decision = Decision.objects.select_related("moderator").filter(pk=decision_id, undone_at=None).first()
    if decision is not None:
        publish(decision)


@writing
def publish_approved(decision_id: int) -> None:
    """Publish what was approved, once the approval can no longer be undone."""
    decision = Decision.objects.select_related("moderator").filter(pk=decision_id, undone_at=None).first()
    if decision is not None:
        publish(decision)


def look(of: str, version_id: int) -> None:
    """Look at a version, of this kind of publishable, for what a moderator may want to know of it."""
    version = KINDS[of].load([version_id]).get(version_id)
    if version is not None:
        notice(kind=of, version_id=version_id, found=suggesting.look(of, version))


def learn(of: str, consultation_id: int, after: int = 0) -> None:
    """Let what came by an import be found as the same as what comes now, some hundred texts at a time."""
    published = KINDS[of].published(consultation_id, after)[:LEARNED_AT_ONCE]
    if not published:
        return
    with writes():
        likeness.rebuild(of, consultation_id, published)
        key = f"learn-{of}-{consultation_id}-{published[-1]}"
        tasks.learn.using(key=key).enqueue(of=of, consultation_id=consultation_id, after=published[-1])


def decide_campaign(
    campaign_id: int, decision_id: int, items: list[int] | None = None, until: int = 0, after: int = 0
) -> None:
    """Decide on the next items of a campaign as on the first, unless its moderator may not any more."""
    try:
        go_on(campaign_id=campaign_id, decision_id=decision_id, items=items, until=until, after=after)
    except NotAllowed as refused:
        raise Abort from refused


def tell_author(decision_id: int) -> None:
    """Tell the author what was decided, why, and what can be done next, in their language."""
    decision = Decision.objects.filter(pk=decision_id).first()
    if decision is None or decision.object_id is None or decision.undone_at:
        return  # erased meanwhile, or undone
    publishable = KINDS[decision.kind]
    thing = publishable.find(decision.object_id)
    if thing is None or thing.author is None:
        return
    author = thing.author
    is_public = decision.code != Code.REMOVED and thing.state == State.PUBLISHED
    letters.send(
        to=author,
        template="moderation/mail/decision",
        context={
            "letter": letter(decision, thing, author.language),
            "kind": publishable,
            "public_path": publishable.public_path(thing, author.language) if is_public else "",
            "mine_path": publishable.mine_path(thing, author.language),
        },
        key=f"decision-{decision.pk}",
    )


def ask_redaction(redaction_id: int) -> None:
    """Ask an author about words to leave out, in their language; nothing where it was answered or decided already."""
    proposal = Redaction.objects.filter(pk=redaction_id, consented_at=None, declined_at=None).first()
    thing = KINDS[proposal.kind].find(proposal.object_id) if proposal else None
    if proposal is None or thing is None or thing.author is None:
        return
    language = thing.author.language
    letters.send(
        to=thing.author,
        template="moderation/mail/decision",
        context={
            "letter": redaction_letter(proposal, thing, language),
            "kind": KINDS[proposal.kind],
            "mine_path": KINDS[proposal.kind].mine_path(thing, language),
        },
        key=f"redaction-{proposal.pk}",
    )


def tell_appeal(appeal_id: int) -> None:
    """Tell the author what became of an appeal and why, in their language."""
    appeal = Appeal.objects.select_related("decision", "person").filter(pk=appeal_id).first()
    thing = KINDS[appeal.decision.kind].find(appeal.decision.object_id or 0) if appeal else None
    if appeal is None or appeal.person is None or thing is None:
        return
    letters.send(
        to=appeal.person,
        template="moderation/mail/appeal_outcome",
        context=appeal_context_of(appeal, thing, appeal.person.language),
        key=f"appeal-{appeal.pk}",
    )


def ask_reporter(report_id: int, token: str) -> None:
    """Ask an address whether it is its reader's own: the link opens a page, the page has a button."""
    report = Report.objects.select_related("consultation").filter(pk=report_id, verified_at=None).first()
    contribution = KINDS[report.kind].find(report.object_id) if report else None
    if report is None or contribution is None or contribution.number is None:
        return
    slug, number = report.consultation.slug, contribution.number
    with translation.override(django_code(report.language)):
        named = ("report_confirm", [slug, number, token])
        if report.kind != "contribution":
            named = (f"report_{report.kind}_confirm", [number, token])
        link = settings.SITE_URL + reverse(f"moderation:{named[0]}", args=named[1])
    letters.send(
        to=report.address,
        template="moderation/mail/report_ask",
        context={**report_context_of(report, contribution, report.language), "link": link},
        key=f"ask-report-{report.pk}",
        language=report.language,
    )


def tell_reporter(report_id: int) -> None:
    """Tell a reader once what came of what they reported, in their language; then forget the address."""
    report = Report.objects.select_related("person").filter(pk=report_id).first()
    contribution = KINDS[report.kind].find(report.object_id) if report else None
    if report is None or contribution is None or not (report.person or report.address):
        return
    language = report.person.language if report.person else report.language
    letters.send(
        to=report.person or report.address,
        template="moderation/mail/report_outcome",
        context=report_context_of(report, contribution, language),
        key=f"report-{report.pk}",
        language=language,
    )
    with writes():
        told = Report.objects.filter(kind=report.kind, object_id=report.object_id, decided_at__isnull=False)
        told.filter(address=report.address).update(address="", token_digest="")
