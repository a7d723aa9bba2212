"""Regularly: when a consultation's summaries are due."""

from django.db import models
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.languages import NAMES


class Schedule(models.Model):
    """ "Every two weeks on Friday": the period ends on that day, and the next begins."""

    class Every(models.TextChoices):
        WEEK = "week", pgettext_lazy("schedule of summaries", "every week")
        TWO_WEEKS = "two_weeks", pgettext_lazy("schedule of summaries", "every two weeks")
        FOUR_WEEKS = "four_weeks", pgettext_lazy("schedule of summaries", "every four weeks")
        MONTH = "month", pgettext_lazy("schedule of summaries", "every month")

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="summary_schedule")
    is_on = models.BooleanField(default=True)
    every = models.CharField(max_length=10, choices=Every, default=Every.TWO_WEEKS)
    weekday = models.PositiveSmallIntegerField(default=5)  # 1 is Monday
    source_language = models.CharField(max_length=2, choices=list(NAMES.items()), default="en")
    writing_days = models.PositiveSmallIntegerField(default=5)  # working days after the period's end
    translating_days = models.PositiveSmallIntegerField(default=5)  # working days after that
    #: The first moment that no period has covered yet; nothing before the first cut: the opening.
    covered_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # the next cut: the end of a day, in the consultation's zone
    stamp = models.PositiveIntegerField(default=0)  # as a consultation's
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.every}"
