"""Put right: what participants ask to be corrected in a published summary, and what is answered."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from plenara.common import clock
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.documents.models import DocumentEdition


class CorrectionState(models.TextChoices):
    """Where a request for correction stands: as any publishable, then with its answer."""

    PENDING = "pending", pgettext_lazy("correction", "Waiting for a moderator")
    RETURNED = "returned", pgettext_lazy("correction", "Returned for revision")
    REJECTED = "rejected", pgettext_lazy("correction", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("correction", "Withdrawn by who asked")
    PUBLISHED = "published", pgettext_lazy("correction", "Published")
    REMOVED = "removed", pgettext_lazy("correction", "Removed by a moderator")


class Correction(models.Model):
    """A request that a statement be corrected, or an omission repaired; in any of the six languages."""

    class Verdict(models.TextChoices):
        UPHELD = "upheld", pgettext_lazy("correction", "Upheld")
        PARTLY = "partly", pgettext_lazy("correction", "Upheld in part")
        REFUSED = "refused", pgettext_lazy("correction", "Not upheld")

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="corrections")
    edition = models.ForeignKey(DocumentEdition, on_delete=models.CASCADE, related_name="corrections")  # as asked about
    statement = models.PositiveIntegerField(null=True)  # its number; nothing: something is missing
    about = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")  # what was left out
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    name = models.CharField(max_length=120, blank=True)  # as it was when it was asked; blank where withheld or erased
    stakeholder_group = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2)
    text = models.TextField()  # blank after an erasure
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.PENDING)
    reason = models.CharField(max_length=40, blank=True)  # code, where it was returned, rejected or removed
    number = models.PositiveIntegerField(null=True)  # in its summary, from 1; minted when it is published
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)  # of its form
    asked_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)
    answer_due_at = models.DateTimeField(null=True)
    #: The answer, by somebody who did not write the statement; public as soon as it is given.
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    answer = models.TextField(blank=True)
    answer_language = models.CharField(max_length=2, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    corrected_by = models.ForeignKey(  # the edition that puts it right
        DocumentEdition, null=True, on_delete=models.SET_NULL, related_name="corrects"
    )

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["consultation", "state"], name="correction_state")]

    def __str__(self) -> str:
        return f"correction {self.pk} of {self.edition_id}"
