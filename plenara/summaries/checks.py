"""What a summary's period and its reasons may be."""

import datetime

from django.utils.translation import gettext as _

from plenara.contributions.models import Edition
from plenara.core.refusals import Answer, No
from plenara.documents.models import Citation
from plenara.summaries.models import Summary

MOST_REASON = 1_000
MOST_GROUP_NAME = 200


def period_in_order(period_from: datetime.datetime, period_to: datetime.datetime) -> Answer:
    """A period begins before it ends."""
    return period_from <= period_to or No(_("The period ends before it begins."), "period", "period_to")


def reason_given(reason: str) -> Answer:
    """Setting aside has a reason that readers understand."""
    if not reason:
        return No(_("Say why it is set aside. Readers see the reason."), "empty", "reason")
    return len(reason) <= MOST_REASON or No(
        _("The reason has %(count)d characters. It can have %(limit)d at most.")
        % {"count": len(reason), "limit": MOST_REASON},
        "too_long",
        "reason",
    )


def not_cited(summary: Summary, edition: Edition) -> Answer:
    """What a statement cites is not set aside."""
    cited = Citation.objects.filter(
        paragraph__document_id=summary.document_id, edition__contribution_id=edition.contribution_id
    )
    number = cited.values_list("paragraph__number", flat=True).first()
    return number is None or No(
        _("Statement %(number)d cites it, so it cannot be set aside.") % {"number": number}, "cited", "reason"
    )


def of_this_consultation(summary: Summary, edition: Edition) -> Answer:
    """What is set aside was contributed to the same consultation."""
    return edition.consultation_id == summary.consultation_id or No(
        _("This contribution belongs to another consultation."), "elsewhere", "reason"
    )


def group_name_fits(name: str) -> Answer:
    """A group's name is a few words, or none."""
    return len(name) <= MOST_GROUP_NAME or No(
        _("The name has %(count)d characters. It can have %(limit)d at most.")
        % {"count": len(name), "limit": MOST_GROUP_NAME},
        "too_long",
        "name",
    )
