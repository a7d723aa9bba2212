"""What is new for those who follow: contributions that were published, and replies to one's own."""

import datetime

from django.db.models import QuerySet

from plenara.consultations.models import Follow
from plenara.consultations.news import MOST, Line, news
from plenara.contributions.models import Edition


@news(Follow.What.CONTRIBUTIONS)
def contributions(follow: Follow, since: datetime.datetime, until: datetime.datetime) -> list[Line]:
    """Return what others published in a consultation or a thread. One query."""
    found = _published(since, until).exclude(contribution__author_id=follow.person_id)
    found = found.filter(thread=follow.thread) if follow.thread else found.filter(consultation=follow.consultation)
    return _lines(found)


@news(Follow.What.REPLIES)
def replies(follow: Follow, since: datetime.datetime, until: datetime.datetime) -> list[Line]:
    """Return what others answered to a person's contributions. One query."""
    found = _published(since, until).filter(contribution__in_reply_to__author_id=follow.person_id)
    return _lines(found.exclude(contribution__author_id=follow.person_id))


def _published(since: datetime.datetime, until: datetime.datetime) -> QuerySet[Edition]:
    """Return what was first published between two moments and stands."""
    return Edition.objects.filter(
        minted_at__gt=since, minted_at__lte=until, revision=0, status=Edition.Status.PUBLISHED, campaign_of=None
    )


def _lines(found: QuerySet[Edition]) -> list[Line]:
    editions = found.select_related("byline", "consultation", "thread").order_by("minted_at", "pk")[: MOST + 1]
    return [
        Line(
            "contributions/mail/news_line.txt",
            f"consultations/{each.consultation.slug}/contributions/{each.number}/",
            {"edition": each},
        )
        for each in editions
    ]
