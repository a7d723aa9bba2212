"""What a machine proposes to translators: kept beside a rendition, never in it, until a person takes it over."""

from django.db import models
from django.db.models import Q

from plenara.core import clock
from plenara.documents.models.choices import LANGUAGES
from plenara.documents.models.working import Document, Paragraph


class Suggestion(models.Model):
    """A machine's words for a paragraph, or for the title, in one language. A later one takes its place."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="suggestions")
    paragraph = models.ForeignKey(Paragraph, null=True, on_delete=models.CASCADE, related_name="suggestions")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    source_digest = models.CharField(max_length=64)  # of what it was made from: of another source it is not offered
    heading = models.CharField(max_length=2000, blank=True)
    text = models.TextField(blank=True)
    against = models.TextField(blank=True)
    machine = models.CharField(max_length=100)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paragraph", "language"], name="suggestion_once"),
            models.UniqueConstraint(
                fields=["document", "language"], name="title_suggestion_once", condition=Q(paragraph__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.paragraph_id} {self.language}"


class Asking(models.Model):
    """That a machine was asked for what is missing in a language, and what came of it: one row, the last time."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="askings")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=20, blank=True)  # a code of `common.machines`
    unusable = models.PositiveIntegerField(default=0)  # texts for which it gave nothing that could be used

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "language"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.language}"
