"""The record: what an edition of a summary covered, and what it left out."""

from django.db import models

from plenara.contributions.models import Edition
from plenara.documents.models import DocumentEdition


class SummaryEdition(models.Model):
    """What an edition of a summary covered: its period, and the figures as they were when it was published."""

    edition = models.OneToOneField(DocumentEdition, on_delete=models.CASCADE, related_name="summary")
    period_from = models.DateTimeField()
    period_to = models.DateTimeField()
    #: `ticks`: one character a contribution, 1 where it is cited; `groups`, `threads`: [all, cited]; `languages`: all.
    figures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.edition)


class LeftOut(models.Model):
    """A contribution that no statement cites, or that was set aside; then with the reason."""

    summary = models.ForeignKey(SummaryEdition, on_delete=models.CASCADE, related_name="left_out")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    is_set_aside = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.summary_id} without {self.edition_id}"
