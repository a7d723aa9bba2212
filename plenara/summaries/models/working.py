"""The working side: a summary in the making, what was read for it and what is set aside."""

from django.conf import settings
from django.db import models

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.documents.models import Document


class Summary(models.Model):
    """A numbered, dated account of a period of a consultation. Its statements are a document's paragraphs."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="summary")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="summaries")
    period_from = models.DateTimeField()
    period_to = models.DateTimeField()  # the last moment that belongs to it
    #: The schedule that cut the period by itself; blank of one that a person began. `due_at` is when it should be
    #: published, `translations_due_at` when its other languages should be.
    schedule = models.ForeignKey("Schedule", null=True, on_delete=models.SET_NULL, related_name="summaries")
    due_at = models.DateTimeField(null=True)
    translations_due_at = models.DateTimeField(null=True)
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


class ReadMark(models.Model):
    """A contribution of the period that somebody has read for the summary. No row: nobody has."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="read_marks")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["summary", "edition"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} read for {self.summary_id}"
