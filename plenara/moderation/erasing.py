"""What the desk keeps of a person goes with their account; that something was decided stays, and by which role."""

from django.db.models import Q

from plenara.accounts.erasing import Erasure, erases
from plenara.consultations.models import Consultation
from plenara.core.models import BackgroundTask
from plenara.moderation.models import (
    Appeal,
    CampaignMember,
    Decision,
    Item,
    Likeness,
    Note,
    Redaction,
    Report,
    Suggestion,
)


@erases
def what_was_submitted(erasure: Erasure) -> None:
    """Blank what was written about the person's things, and let nothing of theirs wait before publication."""
    for kind, ids in erasure.submitted.items():
        forget_submitted(erasure, kind, ids)
    for kind, ids in erasure.gone.items():
        forget_gone(kind, ids)


def forget_submitted(erasure: Erasure, kind: str, ids: list[int]) -> None:
    """Blank what was written about things of the person. A package above this one calls it for a kind of its own."""
    about = Q(kind=kind, object_id__in=ids)
    # What was to be told to the author, or to be published from what waited, is deleted. Without it nothing can be
    # undone either: there is nothing left that could wait again.
    decisions = list(Decision.objects.filter(about).values_list("pk", flat=True))
    queued = [f"{what}-{pk}" for pk in decisions for what in ("decision", "publish-moved", "publish-approved")]
    BackgroundTask.objects.filter(key__in=queued, done_at=None).delete()
    Decision.objects.filter(about).exclude(sentence="").update(sentence="", sentence_language="")
    Item.objects.filter(about, why=Item.Why.PENDING).delete()
    Redaction.objects.filter(about).update(text="", sentence="", sentence_language="")
    Redaction.objects.filter(about, consented_at=None, declined_at=None).update(declined_at=erasure.at)
    Suggestion.objects.filter(about).delete()


def forget_gone(kind: str, ids: list[int]) -> None:
    """Delete what moderators and machines kept about things whose words went."""
    about = Q(kind=kind, object_id__in=ids)
    Note.objects.filter(about).delete()
    Likeness.objects.filter(about).delete()
    CampaignMember.objects.filter(about).delete()


@erases
def appeals(erasure: Erasure) -> None:
    """Take back appeals that wait, and blank the words of all."""
    mine = Appeal.objects.filter(person=erasure.person)
    Item.objects.filter(appeal__in=mine).delete()
    concerned = Consultation.objects.filter(pk__in=mine.values("decision__consultation"))
    erasure.cache_tags |= {each.cache_tag for each in concerned}
    mine.filter(status=Appeal.Status.PENDING).update(status=Appeal.Status.WITHDRAWN, decided_at=erasure.at)
    mine.update(text="", answer="", answer_language="")


@erases
def reports(erasure: Erasure) -> None:
    """Blank words and addresses of the person's reports; one whose address was never verified counted for nothing."""
    mine = Report.objects.filter(Q(person=erasure.person) | Q(address__in=erasure.addresses))
    mine.filter(verified_at=None, person=None).delete()
    mine.update(text="", address="", token_digest="")
