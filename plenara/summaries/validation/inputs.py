"""Validation of inputs: a period, a reason, a group's name, a schedule, the summary of a conference pack."""

import datetime

from django.utils.translation import gettext as _

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.languages import NAMES
from plenara.core.refusals import Answer, Denied
from plenara.core.validation import short_enough
from plenara.documents.models import Citation, DocumentEdition
from plenara.summaries.kind import NAME
from plenara.summaries.models import Schedule, Summary

MOST_REASON = 1_000
MOST_GROUP_NAME = 200


def period_in_order(period_from: datetime.datetime, period_to: datetime.datetime) -> Answer:
    """A period begins before it ends."""
    return period_from <= period_to or Denied(
        _("Enter a last day that is not before the first day of the period."), "period", "period_to"
    )


def reason_given(reason: str) -> Answer:
    """Setting a contribution aside needs a reason."""
    if not reason:
        return Denied(_("Say why this contribution is set aside. Readers will see the reason."), "empty", "reason")
    sentence = _("The reason has %(count)d characters. The limit is %(limit)d: shorten the reason.")
    return short_enough(reason, MOST_REASON, "reason", sentence)


def not_cited(summary: Summary, edition: Edition) -> Answer:
    """A contribution that a statement cites is not set aside."""
    cited = Citation.objects.filter(
        paragraph__document_id=summary.document_id, edition__contribution_id=edition.contribution_id
    )
    number = cited.values_list("paragraph__number", flat=True).first()
    return number is None or Denied(
        _("Statement %(number)d cites this contribution. Remove the citation before you set the contribution aside.")
        % {"number": number},
        "cited",
        "reason",
    )


def of_this_consultation(summary: Summary, edition: Edition) -> Answer:
    """The contribution belongs to the same consultation."""
    return edition.consultation_id == summary.consultation_id or Denied(
        _("This contribution belongs to another consultation. Choose a different contribution."), "elsewhere", "reason"
    )


def group_name_fits(name: str) -> Answer:
    """A group's name is a few words, or none."""
    sentence = _("The name has %(count)d characters. The limit is %(limit)d: shorten the name.")
    return short_enough(name, MOST_GROUP_NAME, "name", sentence)


def something_published(consultation: Consultation) -> Answer:
    """There is a summary in force."""
    return DocumentEdition.objects.filter(consultation=consultation, kind=NAME, in_force=True).exists() or Denied(
        _("No summary has been published yet. You can create a pack once a summary has been published."), "empty"
    )


def in_force_here(edition: DocumentEdition | None, consultation: Consultation) -> Answer:
    """The summary chosen is in force in this consultation."""
    is_one = edition is None or (
        edition.consultation_id == consultation.pk and edition.kind == NAME and edition.in_force
    )
    return is_one or Denied(_("Choose a summary from the list."), "choose", "about")


#: Working days, at most, that writing and translating may be given.
MOST_WORKING_DAYS = 30


def known_pace(every: str) -> Answer:
    """A summary is due every week, every two or four weeks, or every month."""
    return every in Schedule.Every.values or Denied(_("Choose how often a summary is due."), "every", "every")


def known_weekday(weekday: int) -> Answer:
    """Its periods end on a day of the week."""
    return 1 <= weekday <= 7 or Denied(_("Choose the day on which a period ends."), "weekday", "weekday")


def known_language(language: str) -> Answer:
    """Its summaries are begun in one of the six languages."""
    return language in NAMES or Denied(_("Choose one of the six languages."), "language", "source_language")


def possible_days(days: int, field: str) -> Answer:
    """Writing and translating have at least a day, and at most some weeks."""
    return 1 <= days <= MOST_WORKING_DAYS or Denied(
        _("Enter a number of working days from 1 to %(limit)d.") % {"limit": MOST_WORKING_DAYS}, "days", field
    )
