"""Decisions: numbered, never edited, the same for every kind of publishable."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.common import clock
from plenara.consultations.models import Consultation, RoleName


class Code(models.TextChoices):
    """What was decided, in the vocabulary of the statements of reasons, with the decisions before publication."""

    APPROVED = "APPROVED", pgettext_lazy("decision", "Approved")
    RETURNED = "RETURNED_FOR_REVISION", pgettext_lazy("decision", "Returned for revision")
    MOVED = "MOVED", pgettext_lazy("decision", "Moved to another question")
    REJECTED = "REJECTED", pgettext_lazy("decision", "Rejected")
    REMOVED = "REMOVED", pgettext_lazy("decision", "Removed")
    RESTORED = "RESTORED", pgettext_lazy("decision", "Restored")


class Ground(models.TextChoices):
    """On what a refusal rests: the law, or the rules of the consultation."""

    ILLEGAL = "ILLEGAL_CONTENT", _("The law")
    INCOMPATIBLE = "INCOMPATIBLE_CONTENT", _("The rules of this consultation")


class Decision(models.Model):
    """One decision on one publishable. The register shows number, time, role, code and reason; the rest is private."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField()  # D/17 in its consultation
    at = models.DateTimeField(default=clock.now, null=True)
    code = models.CharField(max_length=24, choices=Code)
    ground = models.CharField(max_length=24, choices=Ground, blank=True)
    reason = models.CharField(max_length=8, blank=True)  # R1 … R8
    kind = models.CharField(max_length=20, default="contribution")  # of publishable
    object_id = models.PositiveBigIntegerField(null=True)
    version_id = models.PositiveBigIntegerField(null=True)  # the version that was read
    thread = models.PositiveSmallIntegerField(null=True)  # number of the thread it stood in
    moved_to = models.PositiveSmallIntegerField(null=True)
    role = models.CharField(max_length=12, choices=RoleName, default=RoleName.MODERATOR)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sentence = models.TextField(blank=True)  # to the author, in the moderator's own words; never public
    sentence_language = models.CharField(max_length=2, blank=True)
    bundle = models.JSONField(default=dict)  # keys of an imported register that we have no column for

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="decision_number"),
            # Two moderators cannot decide twice on one version before publication, whatever else fails.
            models.UniqueConstraint(
                fields=["kind", "version_id"],
                name="decided_once",
                condition=Q(code__in=["APPROVED", "RETURNED_FOR_REVISION", "REJECTED"], version_id__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["kind", "object_id", "number"], name="decision_object")]

    def __str__(self) -> str:
        return f"D/{self.number}"

    @property
    def symbol(self) -> str:
        return f"D/{self.number}"
