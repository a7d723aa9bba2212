"""The record: versions of an outcome, their sections and states, and what became of each contribution."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Contribution, Edition
from plenara.documents.models import DocumentEdition, PublishedParagraph, PublishedReason, Treatment
from plenara.outcomes.models.working import Outcome


class Stage(models.TextChoices):
    """How far a version of an outcome is."""

    ZERO_DRAFT = "zero_draft", pgettext_lazy("version of an outcome", "Zero draft")
    DRAFT = "draft", pgettext_lazy("version of an outcome", "Draft")
    FINAL = "final", pgettext_lazy("version of an outcome", "Final text")


class Agreement(models.TextChoices):
    """Where a paragraph stands among the members."""

    AGREED = "agreed", pgettext_lazy("paragraph of an outcome", "agreed")
    BRACKETED = "bracketed", pgettext_lazy("paragraph of an outcome", "in brackets")
    OPEN = "open", pgettext_lazy("paragraph of an outcome", "open")


class OutcomeEdition(models.Model):
    """A version of an outcome: how far it was, and the figures as they were when it was published."""

    edition = models.OneToOneField(DocumentEdition, on_delete=models.CASCADE, related_name="outcome")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="editions")
    stage = models.CharField(max_length=10, choices=Stage)
    draft = models.PositiveSmallIntegerField(default=0)  # of drafts: 1, 2, …
    #: Of a final text that leaves contributions unanswered: the public sentence why, {lang: text}.
    why_left = models.JSONField(default=dict)
    #: `answered`, `left`: contributions with and without a treatment and a reason; and by group, country, … as
    #: `outcomes.figures` writes them.
    figures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.stage} {self.edition_id}"


class PublishedSection(models.Model):
    """A section of a version."""

    edition = models.ForeignKey(OutcomeEdition, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    title = models.JSONField(default=dict)
    origin = models.BigIntegerField()  # the working section's id: what is the same one in the next version

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="published_section")]

    def __str__(self) -> str:
        return f"{self.edition_id} §{self.number}"


class PublishedStand(models.Model):
    """A paragraph of a version: its section, and where it stood among the members."""

    paragraph = models.OneToOneField(PublishedParagraph, on_delete=models.CASCADE, related_name="stand")
    section = models.ForeignKey(PublishedSection, on_delete=models.CASCADE, related_name="stands")
    agreement = models.CharField(max_length=10, choices=Agreement, default=Agreement.OPEN)

    def __str__(self) -> str:
        return f"{self.paragraph_id} {self.agreement}"


class PublishedObjection(models.Model):
    """Who objected to a paragraph in brackets, and why. The name goes with their account."""

    stand = models.ForeignKey(PublishedStand, on_delete=models.CASCADE, related_name="objections")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=2)  # the reason's

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"objection to {self.stand_id}"


class Trace(models.Model):
    """That a paragraph of a version treats a contribution: because it cites it, or a statement that cites it.

    Written with the version, one row for each citation that leads there; the matrix, "where your words went" and the
    count of those who are unanswered all read it. Of a contribution treated both ways, what cites it itself counts.
    """

    edition = models.ForeignKey(OutcomeEdition, on_delete=models.CASCADE, related_name="traces")
    paragraph = models.ForeignKey(PublishedParagraph, on_delete=models.CASCADE, related_name="traces")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="traces")
    cited = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")  # the edition of it that is cited
    #: The statement through which it is reached; nothing: it is cited itself.
    statement = models.ForeignKey(PublishedParagraph, null=True, on_delete=models.CASCADE, related_name="+")
    treatment = models.CharField(max_length=16, choices=Treatment, blank=True)
    reason = models.ForeignKey(PublishedReason, null=True, on_delete=models.SET_NULL, related_name="+")
    #: The contribution's, for the order of the matrix.
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["edition", "consultation", "number", "id"], name="trace_matrix"),
            models.Index(fields=["contribution", "edition"], name="trace_contribution"),
            models.Index(fields=["paragraph", "id"], name="trace_paragraph"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} in {self.paragraph_id}: {self.treatment}"


class Opening(models.Model):
    """A version opened for comment: a child consultation whose threads are its sections, and "What is missing?"."""

    edition = models.OneToOneField(OutcomeEdition, on_delete=models.CASCADE, related_name="opening")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="openings")
    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="opening")

    def __str__(self) -> str:
        return f"{self.edition_id} opened as {self.consultation_id}"


class SectionThread(models.Model):
    """The thread in which a section is commented on; without a section: "What is missing?"."""

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="threads")
    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="section_thread")
    section = models.ForeignKey(PublishedSection, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opening"], name="one_thread_for_what_is_missing", condition=Q(section__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} on {self.section_id}"
