"""What is new for those who follow a consultation's summaries."""

import datetime

from plenara.consultations.models import Follow
from plenara.consultations.news import MOST, Line, news
from plenara.documents.models import DocumentEdition
from plenara.summaries.kind import NAME


@news(Follow.What.SUMMARIES)
def summaries(follow: Follow, since: datetime.datetime, until: datetime.datetime) -> list[Line]:
    """Return the summaries of a consultation that were published, or corrected, between two moments. One query."""
    found = DocumentEdition.objects.filter(
        consultation=follow.consultation, kind=NAME, minted_at__gt=since, minted_at__lte=until, in_force=True
    )
    return [
        Line(
            "summaries/mail/news_line.txt",
            f"consultations/{each.consultation.slug}/summaries/{each.number}/",
            {"edition": each},
        )
        for each in found.select_related("consultation").order_by("minted_at", "pk")[: MOST + 1]
    ]
