"""The conference pack: what a conference that reviews first results reads."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.documents.models import DocumentEdition


class Pack(models.Model):
    """A pack that somebody asked for: a summary, or the compilation so far, in every language. Made by a task."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("conference pack", "being made")
        DONE = "done", pgettext_lazy("conference pack", "ready")
        FAILED = "failed", pgettext_lazy("conference pack", "could not be made")

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="packs")
    edition = models.ForeignKey(
        DocumentEdition, null=True, on_delete=models.CASCADE, related_name="+"
    )  # none: compilation
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    failure = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(null=True)
    revision = models.BigIntegerField(default=0)  # of the record, when it was made
    sha256 = models.CharField(max_length=64, blank=True)  # its file, among the exports
    size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"pack {self.pk} of {self.consultation_id}"
