"""Summaries: which period a document gives account of, and what of it was set aside.

The working side: `Summary`, `SetAside`. The record: `SummaryEdition`, `LeftOut`.
"""

from django.conf import settings
from django.db import models

from plenara.common import clock
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.documents.models import Document, DocumentEdition


class Summary(models.Model):
    """A numbered, dated account of a period of a consultation. Its statements are a document's paragraphs."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="summary")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="summaries")
    period_from = models.DateTimeField()
    period_to = models.DateTimeField()  # the last moment that belongs to it
    #: Of an import: what its row says and we reckon otherwise; an export writes it again.
    bundle = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "summaries"

    def __str__(self) -> str:
        return str(self.document)


class SetAside(models.Model):
    """A contribution of the period that the summary leaves out, with the reason, in the summary's own language."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="set_aside")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["summary", "edition"], name="set_aside_once")]

    def __str__(self) -> str:
        return f"{self.summary_id} leaves out {self.edition_id}"


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
