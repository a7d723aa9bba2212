"""The personal data of the desk, of authors, readers and moderators: exported, erased with the account, deleted on
expiry.
"""

import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import Erasure, erases
from plenara.accounts.personal_data.export import Purpose, Rows, exports
from plenara.accounts.queries import verified_addresses
from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.transaction import writing
from plenara.moderation.kinds import KINDS
from plenara.moderation.models import (
    Appeal,
    CampaignMember,
    Decision,
    Item,
    Likeness,
    Note,
    Preference,
    Redaction,
    Report,
    Suggestion,
)
from plenara.moderation.queries.timeline import is_final


@erases
def erase_submitted(erasure: Erasure) -> None:
    """Blank the texts about the person's things, and remove what is pending before publication."""
    for kind, ids in erasure.submitted.items():
        forget_submitted(erasure, kind, ids)
    for kind, ids in erasure.erased.items():
        forget_deleted(kind, ids)


def forget_submitted(erasure: Erasure, kind: str, ids: list[int]) -> None:
    """Blank the texts about things of the person. A package above this one calls it for a kind of its own."""
    about = Q(kind=kind, object_id__in=ids)
    # Pending e-mails to the author and pending publications are deleted. Without them nothing can be
    # undone either: there is nothing left that could become pending again.
    decisions = list(Decision.objects.filter(about).values_list("pk", flat=True))
    queued = [f"{what}-{pk}" for pk in decisions for what in ("decision", "publish-moved", "publish-approved")]
    BackgroundTask.objects.filter(key__in=queued, done_at=None).delete()
    Decision.objects.filter(about).exclude(sentence="").update(sentence="", sentence_language="")
    Item.objects.filter(about, why=Item.Why.PENDING).delete()
    Redaction.objects.filter(about).update(text="", sentence="", sentence_language="")
    Redaction.objects.filter(about, consented_at=None, declined_at=None).update(declined_at=erasure.at)
    Suggestion.objects.filter(about).delete()


def forget_deleted(kind: str, ids: list[int]) -> None:
    """Delete notes, suggestions and bands of things whose texts were deleted."""
    about = Q(kind=kind, object_id__in=ids)
    Note.objects.filter(about).delete()
    Likeness.objects.filter(about).delete()
    CampaignMember.objects.filter(about).delete()


@erases
def erase_appeals(erasure: Erasure) -> None:
    """Withdraw pending appeals, and blank the words of all."""
    appeals = Appeal.objects.filter(person=erasure.person)
    Item.objects.filter(appeal__in=appeals).delete()
    concerned = Consultation.objects.filter(pk__in=appeals.values("decision__consultation"))
    erasure.cache_tags |= {each.cache_tag for each in concerned}
    appeals.filter(status=Appeal.Status.PENDING).update(status=Appeal.Status.WITHDRAWN, decided_at=erasure.at)
    appeals.update(text="", answer="", answer_language="")


@erases
def erase_reports(erasure: Erasure) -> None:
    """Blank words and addresses of the person's reports; delete those whose address was never verified."""
    reports = Report.objects.filter(Q(person=erasure.person) | Q(address__in=erasure.addresses))
    reports.filter(verified_at=None, person=None).delete()
    reports.update(text="", address="", token_digest="")


def _submitted(person: Person) -> Q:
    """Return the rows about the person's own things, of any kind."""
    found = Q()
    for kind, moderated_kind in KINDS.items():
        found |= Q(kind=kind, object_id__in=moderated_kind.of_author(person).values("pk"))
    return found


@exports(
    "decisions",
    _(
        "Decisions on your contributions: code, reason, and what the moderator wrote to you, without the names of "
        "moderators"
    ),
    of=[],
    purpose=Purpose.MODERATION,
)
def export_decisions(person: Person) -> Rows:
    """Yield the decisions on the person's contributions that they were notified of: undone ones never were."""
    found = Decision.objects.filter(_submitted(person), undone_at=None)
    for each in found.select_related("consultation").order_by("at", "pk"):
        if not is_final(each):
            continue
        yield {**_decision(each), "sentence": each.sentence, "sentence_language": each.sentence_language}


def _decision(decision: Decision) -> dict[str, object]:
    return {
        "number": decision.symbol,
        "consultation": decision.consultation.slug,
        decision.kind: decision.object_id,
        "at": decision.at,
        "code": decision.code,
        "ground": decision.ground,
        "reason": decision.reason,
        "role": decision.role,
        "undone_at": decision.undone_at,
    }


@exports(
    "redactions",
    _("What moderators proposed to leave out of your texts, and your answers"),
    of=[],
    purpose=Purpose.MODERATION,
)
def export_redactions(person: Person) -> Rows:
    """Yield the proposals about the person's texts."""
    for each in Redaction.objects.filter(_submitted(person)).order_by("at", "pk"):
        yield {
            "contribution": each.object_id,
            "at": each.at,
            "text": each.text,
            "sentence": each.sentence,
            "consented_at": each.consented_at,
            "declined_at": each.declined_at,
        }


@exports(
    "appeals",
    _("Your appeals and their results"),
    of=["moderation.Appeal.person"],
    purpose=Purpose.MODERATION,
)
def export_appeals(person: Person) -> Rows:
    """Yield the person's appeals."""
    for each in Appeal.objects.filter(person=person).select_related("decision__consultation").order_by("at", "pk"):
        yield {
            "against": _decision(each.decision),
            "at": each.at,
            "text": each.text,
            "language": each.language,
            "status": each.status,
            "decided_at": each.decided_at,
            "answer": each.answer,
            "answer_language": each.answer_language,
        }


@exports("reports", _("Your reports and their results"), of=["moderation.Report.person"], purpose=Purpose.MODERATION)
def export_reports(person: Person) -> Rows:
    """Yield the person's reports, by their account or by an address of theirs."""
    own = Q(person=person) | Q(address__in=verified_addresses(person))
    found = Report.objects.filter(own).select_related("consultation")
    for each in found.order_by("at", "pk"):
        yield {
            "consultation": each.consultation.slug,
            "about": f"{each.kind} {each.object_id}",
            "at": each.at,
            "reason": each.reason,
            "text": each.text,
            "verified_at": each.verified_at,
            "outcome": each.outcome,
            "decided_at": each.decided_at,
        }


@exports(
    "waiting",
    _("Your submissions that are waiting for a moderator"),
    of=["moderation.Item.author"],
    purpose=Purpose.MODERATION,
)
def export_pending(person: Person) -> Rows:
    """Yield the person's rows of the queue. Claims are the moderators' own matter."""
    for each in Item.objects.filter(author=person).exclude(why=Item.Why.REPORT).order_by("pk"):
        yield {"what": each.why, "about": f"{each.kind} {each.object_id}", "since": each.since}


@exports(
    "moderating",
    _("As a moderator: your settings, your decisions with what you wrote to authors, your notes and proposals"),
    of=[
        "moderation.Preference.person",
        "moderation.Decision.moderator",
        "moderation.Appeal.decided_by",
        "moderation.Note.person",
        "moderation.Redaction.moderator",
        "moderation.Item.claimed_by",
        "moderation.Item.held_by",
    ],
    purpose=Purpose.MODERATION,
)
def export_moderation(person: Person) -> Rows:
    """Yield what the person did at the desk, in their own words; not the texts of others."""
    for setting in Preference.objects.filter(person=person):
        yield {"what": "settings", "reads": setting.reads, "tell_late": setting.notify_late, "digest": setting.digest}
    taken = Decision.objects.filter(moderator=person).select_related("consultation").order_by("at", "pk")
    for decision in taken.iterator(chunk_size=500):
        yield {"what": "decision", **_decision(decision), "sentence": decision.sentence}
    answered = Appeal.objects.filter(decided_by=person).select_related("decision__consultation").order_by("decided_at")
    for appeal in answered:
        yield {
            "what": "appeal decided",
            "against": appeal.decision.symbol,
            "consultation": appeal.decision.consultation.slug,
            "at": appeal.decided_at,
            "outcome": appeal.status,
            "answer": appeal.answer,
        }
    for note in Note.objects.filter(person=person).order_by("at", "pk"):
        yield {"what": "note", "about": f"{note.kind} {note.object_id}", "at": note.at, "text": note.text}
    for it in Redaction.objects.filter(moderator=person).order_by("at", "pk"):
        yield {"what": "redaction", "contribution": it.object_id, "at": it.at, "sentence": it.sentence}
    for item in Item.objects.filter(Q(claimed_by=person) | Q(held_by=person)).order_by("pk"):
        is_held = item.held_by_id == person.pk
        yield {
            "what": "on hold" if is_held else "open",
            "about": f"{item.kind} {item.object_id}",
            "until": item.held_until if is_held else item.claimed_until,
            "reason": item.held_reason if is_held else "",
        }


@writing
def delete_expired() -> dict[str, int]:
    """Delete reports whose address was never verified, blank what is left of old ones; return how many of each."""
    unverified, _by_model = Report.objects.filter(verified_at=None, at__lt=_before("unverified")).delete()
    over = Report.objects.filter(decided_at__isnull=False)
    # A failed e-mail's address is stored no longer than that of an unverified report.
    addresses = over.filter(decided_at__lt=_before("unverified")).exclude(address="")
    words = over.filter(decided_at__lt=_before("rejected")).exclude(text="")
    return {
        "reports": unverified,
        "addresses": addresses.update(address="", token_digest=""),
        "words": words.update(text=""),
    }


def _before(kind: str) -> datetime.datetime:
    return clock.now() - datetime.timedelta(days=settings.KEEP_DAYS[kind])
