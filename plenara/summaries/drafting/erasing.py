"""What follows an erasure in drafts: a text that a model made of somebody's words goes with them."""

from plenara.accounts.erasing import Erasure, erases
from plenara.contributions.models import Edition
from plenara.summaries.models import Draft


@erases
def drafted(erasure: Erasure) -> None:
    """Blank what was refused in the consultations that the person contributed to, and what is still being made.

    A refused text does not tell which contributions it was made of. A draft in the making begins again without them.
    """
    gone = Edition.objects.filter(contribution__in=erasure.gone.get("contribution", []))
    drafts = Draft.objects.filter(summary__consultation__in=gone.values("consultation"))
    drafts.exclude(work={}).update(work={})
    for draft in drafts.exclude(refused=[]):
        draft.refused = [{**each, "text": ""} for each in draft.refused]
        draft.save(update_fields=["refused"])
