"""What members held of words that changed: it lapses, and they hear of it, one letter an hour for all that changed."""

import datetime
from typing import Any

from plenara.common import clock
from plenara.documents.models import Paragraph
from plenara.ledger.actions import owe
from plenara.outcomes.models import Outcome, Position
from plenara.outcomes.standing import deciding_members


def tell_lapsed(actor: Any, outcome: Outcome, paragraph: Paragraph, before: str) -> None:
    """Owe a letter to each member whose position was about the words before (their digest), except who changed them."""
    lapsed = Position.objects.filter(paragraph=paragraph, digest=before, member__in=deciding_members(outcome))
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    for member in lapsed.exclude(member__person=actor).values_list("member", flat=True):
        owe(
            "outcomes.lapsed_letter",
            key=f"outcome-lapsed-{outcome.pk}-{member}-{hour:%Y%m%d%H}",
            due_at=hour + datetime.timedelta(hours=1),
            outcome_id=outcome.pk,
            member_id=member,
            since=hour.isoformat(),
        )
