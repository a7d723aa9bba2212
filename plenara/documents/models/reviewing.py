"""What is kept of the writing: every change of a paragraph, and what reviewers say."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Thread
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.documents.models.choices import LANGUAGES, Side
from plenara.documents.models.working import Document, Paragraph


class Change(models.Model):
    """One change of a paragraph in one language, with its words after it: every version of a document is kept."""

    class What(models.TextChoices):
        ADDED = "added", pgettext_lazy("change of a paragraph", "added")
        EDITED = "edited", pgettext_lazy("change of a paragraph", "edited")
        ACCEPTED = "accepted", pgettext_lazy("change of a paragraph", "accepted")
        MOVED = "moved", pgettext_lazy("change of a paragraph", "moved")
        CITED = "cited", pgettext_lazy("change of a paragraph", "citation added")
        UNCITED = "uncited", pgettext_lazy("change of a paragraph", "citation taken away")
        TRANSLATED = "translated", pgettext_lazy("change of a paragraph", "translated")
        DELETED = "deleted", pgettext_lazy("change of a paragraph", "deleted")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="changes")
    paragraph = models.BigIntegerField()  # the paragraph's id, which it may outlive; 0: the title, kept as a heading
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=What)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    kind = models.CharField(max_length=40, blank=True)
    heading = models.CharField(max_length=2000, blank=True)
    text = models.TextField(blank=True)
    against = models.TextField(blank=True)
    thread = models.ForeignKey(Thread, null=True, on_delete=models.SET_NULL, related_name="+")
    machine = models.CharField(max_length=100, blank=True)  # what wrote the words, if a machine did
    #: Of a citation added or taken away: the edition. Its words are not kept a second time, for erasure's sake.
    edition = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")
    side = models.CharField(max_length=8, choices=Side, blank=True, default=Side.HELD)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["document", "paragraph", "language"], name="change_paragraph")]

    def __str__(self) -> str:
        return f"{self.document_id} ¶{self.number} {self.what}"


class Comment(models.Model):
    """What a reviewer says of a paragraph, or of the whole; resolved one by one, never edited."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="comments")
    #: Nothing: of the document as a whole, or of a paragraph that was deleted since (then `number` is what it had).
    paragraph = models.ForeignKey(Paragraph, null=True, on_delete=models.SET_NULL, related_name="comments")
    number = models.PositiveIntegerField(default=0)
    #: Of a rendition: its language; of the source it is blank.
    language = models.CharField(max_length=2, choices=LANGUAGES, blank=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)  # of its form: sent twice, taken once
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)  # what whoever resolved it says

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.document_id} comment {self.pk}"
