"""What the desk keeps of a person, for the person: as an author, as a reader, and as a moderator."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.accounts.actions import verified_addresses
from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.moderation.models import Appeal, Decision, Item, Note, Preference, Redaction, Report
from plenara.moderation.publishable import KINDS
from plenara.moderation.timeline import is_final


def _submitted(person: Person) -> Q:
    """Return what is about the person's own things, whatever their kind."""
    found = Q()
    for kind, publishable in KINDS.items():
        found |= Q(kind=kind, object_id__in=publishable.of_author(person).values("pk"))
    return found


@tells(
    "decisions",
    _("Decisions on your contributions: code, reason, and what the moderator wrote to you. Their names are not told"),
    of=[],
)
def decisions(person: Person) -> Rows:
    """Yield what was decided on the person's contributions, as far as they are told: what was undone never was."""
    found = Decision.objects.filter(_submitted(person), undone_at=None)
    for each in found.select_related("consultation").order_by("at", "pk"):
        if not is_final(each):
            continue
        yield {**_decision(each), "sentence": each.sentence, "sentence_language": each.sentence_language}


def _decision(decision: Decision) -> dict[str, Any]:
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


@tells("redactions", _("What moderators proposed to leave out of your texts, and your answers"), of=[])
def redactions(person: Person) -> Rows:
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


@tells(
    "appeals",
    _("Your appeals, and what was answered"),
    of=["moderation.Appeal.person"],
)
def appeals(person: Person) -> Rows:
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


@tells("reports", _("Reports that you made, and what came of them"), of=["moderation.Report.person"])
def reports(person: Person) -> Rows:
    """Yield the person's reports, by their account or by an address of theirs."""
    mine = Q(person=person) | Q(address__in=verified_addresses(person))
    found = Report.objects.filter(mine).select_related("consultation")
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


@tells("waiting", _("What of yours waits for a moderator now"), of=["moderation.Item.author"])
def waiting(person: Person) -> Rows:
    """Yield the rows of the queue that are the person's. Who has them open is the moderators' own matter."""
    for each in Item.objects.filter(author=person).exclude(why=Item.Why.REPORT).order_by("pk"):
        yield {"what": each.why, "about": f"{each.kind} {each.object_id}", "since": each.since}


@tells(
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
)
def moderating(person: Person) -> Rows:
    """Yield what the person did at the desk, in their own words; not the texts of others."""
    for setting in Preference.objects.filter(person=person):
        yield {"what": "settings", "reads": setting.reads, "tell_late": setting.tell_late, "digest": setting.digest}
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
