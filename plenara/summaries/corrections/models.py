"""Participants' requests for correction of a published summary, and the answers."""

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.contributions.models import Byline, Edition, Text
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.life_cycle import Moderated, ModeratedVersion, State
from plenara.documents.models import DocumentEdition

#: Words that a request and its answer may have.
MOST_WORDS = 300
#: The states of a request for correction, and of a version of it.
STATES = {
    State.PENDING: pgettext_lazy("correction", "Waiting for a moderator"),
    State.RETURNED: pgettext_lazy("correction", "Returned for revision"),
    State.REJECTED: pgettext_lazy("correction", "Rejected"),
    State.WITHDRAWN: pgettext_lazy("correction", "Withdrawn by its author"),
    State.PUBLISHED: pgettext_lazy("correction", "Published"),
    State.REMOVED: pgettext_lazy("correction", "Removed by a moderator"),
}


class Correction(Moderated):
    """A request that a statement be corrected, or an omission repaired; in any of the six languages."""

    kind = "correction"
    wrong_state = _(
        "This action is no longer possible, because the state of the request is “%(state)s”. Reload the page."
    )

    class Verdict(models.TextChoices):
        UPHELD = "upheld", pgettext_lazy("correction", "Upheld")
        PARTLY = "partly", pgettext_lazy("correction", "Upheld in part")
        REFUSED = "refused", pgettext_lazy("correction", "Not upheld")

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="corrections")
    edition = models.ForeignKey(
        DocumentEdition, on_delete=models.CASCADE, related_name="corrections"
    )  # that the request is about
    statement = models.PositiveIntegerField(null=True)  # its number; None for an omission
    about = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")  # that was left out
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    name = models.CharField(max_length=120, blank=True)  # at the time of the request; blank if withheld or erased
    stakeholder_group = models.CharField(max_length=20, blank=True)
    #: The same with capacity, organization and country; nothing of an import.
    byline = models.ForeignKey(Byline, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, blank=True)
    text = models.TextField(blank=True)  # its public words: blank before publication and after removal
    state = models.CharField(max_length=10, choices=STATES, default=State.PENDING)
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
    self_answered = models.BooleanField(default=False)  # by a person who wrote in it: there was nobody else
    corrected_by = models.ForeignKey(  # the edition that corrects it
        DocumentEdition, null=True, on_delete=models.SET_NULL, related_name="corrects"
    )

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["consultation", "state"], name="correction_state")]

    def __str__(self) -> str:
        return f"correction {self.pk} of {self.edition_id}"

    @property
    def author(self) -> Person | None:
        return self.person

    @property
    def author_id(self) -> int | None:  # type: ignore[override] # never set
        return self.person_id

    @property
    def word_limit(self) -> int:
        return MOST_WORDS

    @property
    def is_omission(self) -> bool:
        """Whether it is about an omission."""
        return self.statement is None

    @property
    def is_gone(self) -> bool:
        """Whether a notice replaces it."""
        return self.state in {State.WITHDRAWN, State.REMOVED}

    @property
    def is_answered(self) -> bool:
        return bool(self.verdict)

    @property
    def is_upheld(self) -> bool:
        """Whether a correction is due."""
        return self.verdict in {self.Verdict.UPHELD, self.Verdict.PARTLY}

    @property
    def is_late(self) -> bool:
        """Whether its answer is overdue."""
        due = self.answer_due_at
        return self.state == State.PUBLISHED and not self.verdict and due is not None and due < clock.now()

    @property
    def due_day(self) -> datetime.date | None:
        """The last day for its answer, by its consultation's calendar."""
        return self.answer_due_at.astimezone(self.consultation.zone).date() if self.answer_due_at else None

    @property
    def signed(self) -> Byline:
        """The requester, as shown to readers."""
        if self.byline:
            return self.byline
        return Byline(name=self.name, stakeholder_group=self.stakeholder_group)


class CorrectionVersion(ModeratedVersion):
    """One text of a request as it was submitted; never changed."""

    thing_field = "correction"

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="versions")
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    byline = models.ForeignKey(Byline, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=list(NAMES.items()))
    submitted_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=STATES, default=State.PENDING)
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)  # of the form that sent it again

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["correction", "number"], name="correction_version")]

    def __str__(self) -> str:
        return f"{self.correction_id} v{self.number}"

    #: It has no title and cannot be redacted: it is short, so a moderator returns it instead.
    title, is_redacted = "", False
