"""Meetings: what an event of the calendar discusses (its dossier), and what was decided there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from plenara.contributions.models import Contribution
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.documents.models import Document
from plenara.events.models import Event
from plenara.outcomes.models.bodies import Body
from plenara.outcomes.models.working import Outcome

LANGUAGES = list(NAMES.items())


class Dossier(models.Model):
    """What a meeting of a body discusses, item by item; afterwards its report and what it decided."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="dossier")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="dossiers")
    intro = models.JSONField(default=dict)  # {lang: Markdown}, as `report`
    report = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True)  # when the agenda was first shown
    reported_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    stamp = models.PositiveIntegerField(default=0)
    bundle = models.JSONField(default=dict)  # of an import: what it discusses and changed that is not here yet

    def __str__(self) -> str:
        return f"dossier of event {self.event_id}"


class WaitingDossier(models.Model):
    """A dossier that came in with its body, and whose event is not here yet: it is made when the calendar has come."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="waiting_dossiers")
    event_number = models.PositiveIntegerField()
    event_published_at = models.DateTimeField()  # by both it is known: elsewhere the number may be another event's
    row = models.JSONField(default=dict)  # as the bundle has it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "event_number", "event_published_at"], name="waiting_dossier")
        ]

    def __str__(self) -> str:
        return f"dossier of event {self.event_number}, which is not here"


class AgendaItem(models.Model):
    """One item of an agenda."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.JSONField(default=dict)  # {lang: text}
    note = models.JSONField(default=dict)  # {lang: Markdown}
    stamp = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.dossier_id} item {self.number}"


class ItemMatter(models.Model):
    """What an item discusses: a paragraph of an outcome by its number for good, a summary, or a contribution."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="matters")
    position = models.PositiveSmallIntegerField()
    outcome = models.ForeignKey(Outcome, null=True, on_delete=models.CASCADE, related_name="+")
    mark = models.PositiveIntegerField(null=True)  # of the outcome's paragraph; nothing: the whole
    summary = models.ForeignKey(Document, null=True, on_delete=models.CASCADE, related_name="+")
    contribution = models.ForeignKey(Contribution, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="one_matter",
                condition=Q(outcome__isnull=False, summary=None, contribution=None)
                | Q(outcome=None, mark=None, summary__isnull=False, contribution=None)
                | Q(outcome=None, mark=None, summary=None, contribution__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["contribution"], name="matter_contribution")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.outcome_id or self.summary_id or self.contribution_id}"


class MeetingDecision(models.Model):
    """Something a meeting decided, and which paragraphs it changed."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()  # in its meeting, for good
    text = models.JSONField(default=dict)  # {lang: text}
    item = models.ForeignKey(AgendaItem, null=True, on_delete=models.SET_NULL, related_name="decisions")
    at = models.DateTimeField(default=clock.now)
    stamp = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="meeting_decision")]

    def __str__(self) -> str:
        return f"{self.dossier_id} decision {self.number}"


class DecisionParagraph(models.Model):
    """That a decision changed a paragraph, by its number for good."""

    decision = models.ForeignKey(MeetingDecision, on_delete=models.CASCADE, related_name="paragraphs")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="+")
    mark = models.PositiveIntegerField()

    class Meta:
        ordering = ["mark", "outcome__document__symbol"]
        constraints = [models.UniqueConstraint(fields=["decision", "outcome", "mark"], name="decision_paragraph")]
        indexes = [models.Index(fields=["outcome", "mark"], name="decision_of_paragraph")]

    def __str__(self) -> str:
        return f"{self.decision_id} changed ¶{self.mark}"


class DossierFile(models.Model):
    """A dossier as files in one language: PDF, DOCX and a folder, made by the worker when they are asked for."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("files of a dossier", "asked for")
        MAKING = "making", pgettext_lazy("files of a dossier", "being made")
        READY = "ready", pgettext_lazy("files of a dossier", "ready")
        FAILED = "failed", pgettext_lazy("files of a dossier", "could not be made")

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="files")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    done = models.PositiveIntegerField(default=0)  # steps, for the progress that is shown
    of = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # of everything that the files show
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "language"], name="dossier_file")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.language}: {self.state}"
