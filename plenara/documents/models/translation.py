"""Aids for writers and translators: nearness in meaning, glossary, translation memory, files, machine suggestions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.documents.models.drafts import LANGUAGES, Document, Paragraph


class Nearness(models.Model):
    """How near in meaning two texts are, by their digests. A worker calculates it, pages read it."""

    one = models.CharField(max_length=64)
    other = models.CharField(max_length=64)
    cosine = models.FloatField()  # 1: the same; 0: unrelated
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="nearness_once")]

    def __str__(self) -> str:
        return f"{self.cosine:.2f}"


class Term(models.Model):
    """A term of a consultation's glossary: one concept, with the words for it in the six languages."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="terms")
    words = models.JSONField(default=dict)  # {lang: the word to use}
    also = models.JSONField(default=dict)  # {lang: [other correct words]}
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)  # of its form: sent twice, it adds once

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return next(iter(self.words.values()), "")


class MemoryUnit(models.Model):
    """An imported sentence or paragraph with its translation (TMX). Our own are read from the record."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="memory_units")
    source_language = models.CharField(max_length=2, choices=LANGUAGES)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    source = models.TextField()
    target = models.TextField()
    source_digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "source_language", "language", "source_digest"], name="memory_unit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_language} → {self.language} {self.pk}"


class IncomingFile(models.Model):
    """An uploaded translators' file. Its rows are stored until somebody confirms them, and are taken once."""

    class What(models.TextChoices):
        RENDITION = "rendition", pgettext_lazy("incoming file", "translation")
        GLOSSARY = "glossary", pgettext_lazy("incoming file", "glossary")
        MEMORY = "memory", pgettext_lazy("incoming file", "translation memory")

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="incoming_files")
    what = models.CharField(max_length=10, choices=What)
    #: Of a rendition: of which document, into which language.
    document = models.ForeignKey(Document, null=True, on_delete=models.CASCADE, related_name="incoming_files")
    language = models.CharField(max_length=2, choices=LANGUAGES, blank=True)
    name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)  # as its reader returns them; empty once they are taken
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["taken_at", "at"], name="incoming_file_waits")]

    def __str__(self) -> str:
        return f"{self.what} {self.pk}"


class Suggestion(models.Model):
    """A machine's words for a paragraph, or for the title, in one language. A later one replaces it."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="suggestions")
    paragraph = models.ForeignKey(Paragraph, null=True, on_delete=models.CASCADE, related_name="suggestions")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    source_digest = models.CharField(max_length=64)  # of its source; it is not offered for another source
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
    """The last request to a machine for the missing texts in a language, and its result."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="askings")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=20, blank=True)  # a code of `common.machines`
    unusable = models.PositiveIntegerField(default=0)  # texts for which it returned nothing usable

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "language"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.language}"
