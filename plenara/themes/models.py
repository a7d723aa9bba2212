"""Themes: concepts in six languages, as SKOS has them."""

from django.db import models
from django.db.models import Q

from plenara.core import clock

#: The cache tag of pages of themes (`core.models.Revision`).
CACHE_TAG = "themes"


class Theme(models.Model):
    """A concept of the theme list. Its code never changes: addresses, threads, events and listings name it.

    Texts are JSON by language ({"fr": …}); of alternative labels there may be several ({"fr": [… , …]}).
    """

    code = models.CharField(max_length=100, unique=True)  # "C7", "C7-e-health": the SKOS notation, and in addresses
    labels = models.JSONField(default=dict)
    alternatives = models.JSONField(default=dict)
    definition = models.JSONField(default=dict)
    own_labels = models.JSONField(default=list)  # languages whose label is our own translation: pages say so
    broader = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="narrower")
    related = models.ManyToManyField("self", blank=True)
    exact_match = models.JSONField(default=list)  # addresses of the same concept in other vocabularies
    vocabulary = models.CharField(max_length=60, default="own")  # its vocabulary: "wsis", or the name in an import
    position = models.PositiveIntegerField(default=0)  # its position among those with the same broader one
    retired_at = models.DateTimeField(null=True)  # it is retired, and its page redirects to the successor
    replaced_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces")
    stamp = models.PositiveIntegerField(default=0)  # grows at each edit

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                name="theme_replaced_when_retired", condition=Q(replaced_by=None) | Q(retired_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_retired(self) -> bool:
        """Whether it is retired."""
        return self.retired_at is not None


class ThemeFile(models.Model):
    """The content of a file of themes, stored until a person has seen its changes and confirms them."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    vocabulary = models.CharField(max_length=60)  # the vocabulary of its themes, unless the file names it
    rows = models.JSONField(default=list)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "vocabulary"], name="theme_file_once")]

    def __str__(self) -> str:
        return self.name
