"""Until when a correction can be asked for and has to be answered: by the days of the consultation's own calendar."""

import datetime

from plenara.consultations.models import RETURN_DAYS, Consultation
from plenara.core import clock
from plenara.documents.models import DocumentEdition

#: Days in which a correction can be asked for, and in which it is answered; days before the end of which, if it is not,
#: those who may answer get a letter.
ASK_DAYS, ANSWER_DAYS, REMIND_DAYS = 30, 14, 4


def _end_of(day: datetime.date, consultation: Consultation) -> datetime.datetime:
    """Return the last second of a day in the consultation's zone."""
    following = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), consultation.zone)
    return following.astimezone(datetime.UTC) - datetime.timedelta(seconds=1)


def last_day(edition: DocumentEdition, consultation: Consultation) -> datetime.date | None:
    """Return the last day on which a correction of an edition can be asked for; nothing where it is undated."""
    if edition.published_at is None:
        return None
    return edition.published_at.astimezone(consultation.zone).date() + datetime.timedelta(days=ASK_DAYS)


def is_open(edition: DocumentEdition, consultation: Consultation) -> bool:
    """Say whether the days in which a correction can be asked for are still running."""
    last = last_day(edition, consultation)
    return last is not None and clock.now() <= _end_of(last, consultation)


def may_come_back(edition: DocumentEdition, consultation: Consultation) -> bool:
    """Say whether a text that was returned may be sent again: some days longer than it could be sent at first."""
    last = last_day(edition, consultation)
    return last is not None and clock.now() <= _end_of(last + datetime.timedelta(days=RETURN_DAYS), consultation)


def answer_due(published_at: datetime.datetime, consultation: Consultation) -> datetime.datetime:
    """Return by when a request that was published then has to be answered."""
    day = published_at.astimezone(consultation.zone).date() + datetime.timedelta(days=ANSWER_DAYS)
    return _end_of(day, consultation)
