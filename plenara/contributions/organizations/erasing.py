"""What goes with an account: that an organization stood behind a name which is gone, and the words of disputes."""

from django.db.models import Q

from plenara.accounts.erasing import Erasure, erases
from plenara.contributions.models import Dispute, OrganizationMark
from plenara.directory.models import CACHE_TAG


@erases
def organizations(erasure: Erasure) -> None:
    """Delete the marks on what the person wrote: its byline names no organization any more. Decisions stay.

    Of disputes, their own and those about what they wrote, the words go.
    """
    marks = OrganizationMark.objects.filter(edition__contribution__author=erasure.person)
    if marks.exists():
        erasure.cache_tags.add(CACHE_TAG)
        marks.delete()
    disputes = Dispute.objects.filter(Q(person=erasure.person) | Q(edition__contribution__author=erasure.person))
    about = {each.pk: each for each in disputes.select_related("edition__consultation")}
    erasure.cache_tags |= {each.edition.consultation.cache_tag for each in about.values()}
    found = Dispute.objects.filter(pk__in=about)
    found.filter(status=Dispute.Status.PENDING).update(status=Dispute.Status.WITHDRAWN, decided_at=erasure.at)
    found.update(text="", language="", answer="", answer_language="")
