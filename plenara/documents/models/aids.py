"""What helps writers and translators: nearness in meaning, a glossary, a memory of translations."""

from django.conf import settings
from django.db import models

from plenara.common import clock
from plenara.consultations.models import Consultation
from plenara.documents.models.choices import LANGUAGES


class Nearness(models.Model):
    """How near in meaning two texts are, by their digests: reckoned by a worker, read by pages."""

    one = models.CharField(max_length=64)
    other = models.CharField(max_length=64)
    cosine = models.FloatField()  # 1: the same; 0: nothing alike
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="nearness_once")]

    def __str__(self) -> str:
        return f"{self.cosine:.2f}"


class Term(models.Model):
    """A term of a consultation's glossary: one concept, with the words for it in the six languages."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="terms")
    words = models.JSONField(default=dict)  # {lang: the word to use}
    also = models.JSONField(default=dict)  # {lang: [other words that are right too]}
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return next(iter(self.words.values()), "")


class MemoryUnit(models.Model):
    """A sentence or paragraph and its translation that came from outside (TMX). Our own are read from the record."""

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
