"""That an organization stands behind an edition's byline, or says that it does not: appended, never rewritten."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from plenara.contributions.models.record import Edition
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.directory.models import Listing, Verification


class OrganizationMark(models.Model):
    """An edition signed for a verified organization by one of its representatives. It stays when either ends."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="organization_marks")
    organization = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "organization"], name="organization_mark_once")]
        indexes = [models.Index(fields=["organization", "edition"], name="organization_mark_of")]

    def __str__(self) -> str:
        return f"{self.organization_id} on {self.edition_id}"


class Dispute(models.Model):
    """A verified organization says that an edition does not speak for it. The edition is marked until it is decided."""

    class Status(models.TextChoices):
        PENDING = "pending", pgettext_lazy("dispute", "Waiting for a moderator")
        UPHELD = "upheld", pgettext_lazy("dispute", "Upheld: it does not speak for the organization")
        DISMISSED = "dismissed", pgettext_lazy("dispute", "Dismissed: the byline stands")
        WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "Taken back by the organization")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="disputes")
    organization = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="disputes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(blank=True)  # why, to the moderators; never public
    language = models.CharField(max_length=2, choices=list(NAMES.items()), blank=True)
    at = models.DateTimeField(default=clock.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.TextField(blank=True)  # to the organization and the author; never public
    answer_language = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "organization"], name="disputed_once_at_a_time", condition=Q(status="pending")
            )
        ]
        indexes = [models.Index(fields=["status", "at"], name="dispute_status")]

    def __str__(self) -> str:
        return f"dispute of {self.edition_id}"
