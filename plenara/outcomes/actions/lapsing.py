"""What members held of words that changed: it lapses, and they hear of it, one letter an hour for all that changed."""

import datetime
from typing import Any

from plenara.core import clock
from plenara.documents.models import Paragraph
from plenara.outcomes import tasks
from plenara.outcomes.models import Outcome, Position
from plenara.outcomes.standing import deciding_members


def tell_lapsed(actor: Any, outcome: Outcome, paragraph: Paragraph, before: str) -> None:
    """Enqueue a letter to each member whose position was about the words with the digest `before`, but not to actor."""
    lapsed = Position.objects.filter(paragraph=paragraph, digest=before, member__in=deciding_members(outcome))
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    for member in lapsed.exclude(member__person=actor).values_list("member", flat=True):
        tasks.lapsed_letter.using(
            key=f"outcome-lapsed-{outcome.pk}-{member}-{hour:%Y%m%d%H}", run_after=hour + datetime.timedelta(hours=1)
        ).enqueue(outcome_id=outcome.pk, member_id=member, since=hour.isoformat())
