"""What follows an erasure in documents: names that were signed go, and words that were quoted are enqueued to go."""

from django.db.models import Q

from plenara.accounts.erasing import Erasure, erases
from plenara.contributions.models import Edition
from plenara.documents import tasks
from plenara.documents.models import Comment, IncomingFile, Signature


@erases
def signed(erasure: Erasure) -> None:
    """Blank the name under what the person wrote or approved: here, since afterwards nobody knows whose it was."""
    mine = Signature.objects.filter(person=erasure.person).exclude(name="")
    found = mine.select_related("edition__consultation")
    erasure.cache_tags |= {each.edition.consultation.cache_tag for each in found}
    mine.update(name="")


@erases
def commented(erasure: Erasure) -> None:
    """Blank what the person said as a reviewer, and what they answered. That there was a comment stays."""
    Comment.objects.filter(by=erasure.person).exclude(text="").update(text="")
    Comment.objects.filter(resolved_by=erasure.person).exclude(answer="").update(answer="")


@erases
def quoted(erasure: Erasure) -> None:
    """Enqueue that words quoted from texts that went are blanked. No page shows them from this moment on."""
    gone = Edition.objects.filter(contribution__in=erasure.gone.get("contribution", []))
    cited = gone.filter(Q(citations__isnull=False) | Q(published_citations__isnull=False)).distinct()
    for pk in cited.values_list("pk", flat=True):
        tasks.forget_words.using(key=f"forget-words-{pk}").enqueue(edition_id=pk)


@erases
def waiting_files(erasure: Erasure) -> None:
    """Delete translators' files of the person that nobody confirmed: what they would bring is nobody's then."""
    IncomingFile.objects.filter(by=erasure.person).delete()
