"""Summaries: the period of a document, contributions set aside, groups, drafts, packs and schedule."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.documents.models import Document, DocumentEdition
from plenara.summaries.corrections.models import Correction, CorrectionVersion


class Pack(models.Model):
    """A requested pack: a summary, or the compilation so far, in every language. Made by a task."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("conference pack", "being created")
        DONE = "done", pgettext_lazy("conference pack", "ready")
        FAILED = "failed", pgettext_lazy("conference pack", "could not be created")

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="packs")
    edition = models.ForeignKey(
        DocumentEdition, null=True, on_delete=models.CASCADE, related_name="+"
    )  # None: the compilation
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


class SummaryEdition(models.Model):
    """The coverage of a summary's edition: its period, and the figures at its publication."""

    edition = models.OneToOneField(DocumentEdition, on_delete=models.CASCADE, related_name="summary")
    period_from = models.DateTimeField()
    period_to = models.DateTimeField()
    #: `ticks`: one character a contribution, 1 where it is cited; `groups`, `threads`: [all, cited]; `languages`: all.
    figures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.edition)


class LeftOut(models.Model):
    """A contribution that no statement cites, or that was set aside; then with the reason."""

    summary = models.ForeignKey(SummaryEdition, on_delete=models.CASCADE, related_name="left_out")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    is_set_aside = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.summary_id} without {self.edition_id}"


class Schedule(models.Model):
    """ "Every two weeks on Friday": the period ends on that day, and the next begins."""

    class Every(models.TextChoices):
        WEEK = "week", pgettext_lazy("schedule of summaries", "every week")
        TWO_WEEKS = "two_weeks", pgettext_lazy("schedule of summaries", "every two weeks")
        FOUR_WEEKS = "four_weeks", pgettext_lazy("schedule of summaries", "every four weeks")
        MONTH = "month", pgettext_lazy("schedule of summaries", "every month")

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="summary_schedule")
    is_on = models.BooleanField(default=True)
    every = models.CharField(max_length=10, choices=Every, default=Every.TWO_WEEKS)
    weekday = models.PositiveSmallIntegerField(default=5)  # 1 is Monday
    source_language = models.CharField(max_length=2, choices=list(NAMES.items()), default="en")
    writing_days = models.PositiveSmallIntegerField(default=5)  # working days after the period's end
    translating_days = models.PositiveSmallIntegerField(default=5)  # working days after that
    #: The first moment that no period has covered yet. None before the end of the first period: the opening.
    covered_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # the present period's end: of a day, in the consultation's zone
    stamp = models.PositiveIntegerField(default=0)  # as a consultation's
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.every}"


class Summary(models.Model):
    """A numbered, dated account of a period of a consultation. Its statements are a document's paragraphs."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="summary")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="summaries")
    period_from = models.DateTimeField()
    period_to = models.DateTimeField()  # the last moment that belongs to it
    #: The schedule that created it; blank if a person did. `due_at` is when it should be published,
    #: `translations_due_at` when its other languages should be.
    schedule = models.ForeignKey("Schedule", null=True, on_delete=models.SET_NULL, related_name="summaries")
    due_at = models.DateTimeField(null=True)
    translations_due_at = models.DateTimeField(null=True)
    #: Of an import: values of its row that we calculate otherwise; an export writes them again.
    bundle = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "summaries"

    def __str__(self) -> str:
        return str(self.document)


class SetAside(models.Model):
    """A contribution of the period that the summary leaves out, with the reason, in the summary's own language."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="set_aside")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["summary", "edition"], name="set_aside_once")]

    def __str__(self) -> str:
        return f"{self.summary_id} leaves out {self.edition_id}"


class ReadMark(models.Model):
    """A contribution of the period that somebody has read for the summary."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="read_marks")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["summary", "edition"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.edition_id} read for {self.summary_id}"


class Grouping(models.Model):
    """The groups of a summary's period. A task makes them from its encoded contributions; people change them."""

    summary = models.OneToOneField(Summary, on_delete=models.CASCADE, related_name="grouping")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    paused_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    of = models.CharField(max_length=64, blank=True)  # digest of its input: the same input gives the same groups
    is_running = models.BooleanField(default=False)  # requested and not made yet; perhaps paused
    run = models.PositiveIntegerField(default=0)  # how often it was requested: tasks of earlier runs are void
    #: The number of the period's texts encoded so far, a campaign's once.
    done = models.PositiveIntegerField(default=0)
    wanted = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"groups of {self.summary_id}"


class Group(models.Model):
    """Sentences with nearly the same meaning, in any language."""

    grouping = models.ForeignKey(Grouping, on_delete=models.CASCADE, related_name="groups")
    number = models.PositiveIntegerField()  # its place, the largest first
    name = models.CharField(max_length=300, blank=True)  # blank: shown by its most typical sentence
    #: The person who made it, or changed it last; None if the machine made it.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    by_person = models.BooleanField(default=False)  # stays when the person's account is deleted
    is_rest = models.BooleanField(default=False)  # the ungrouped sentences
    is_set_aside = models.BooleanField(default=False)  # a person set it aside for this summary
    stamp = models.PositiveIntegerField(default=0)  # changes with every change of it, to detect an old form

    class Meta:
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return f"group {self.number} of {self.grouping_id}"


class Member(models.Model):
    """A sentence of a contribution in a group, exactly as in the contribution."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()  # of the sentence in the contribution, from 1
    words = models.TextField()  # blank once the words are erased
    rank = models.PositiveIntegerField(default=0)  # 1: the most typical of its group
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_person = models.BooleanField(default=False)  # a person put it here

    class Meta:
        ordering = ["rank", "pk"]
        indexes = [models.Index(fields=["edition"], name="member_edition")]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.place} in {self.group_id}"


class Draft(models.Model):
    """A requested first draft, and its result."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("draft by a machine", "being created")
        DONE = "done", pgettext_lazy("draft by a machine", "created")
        FAILED = "failed", pgettext_lazy("draft by a machine", "could not be created")

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="drafts")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    most = models.PositiveSmallIntegerField()  # statements, at most
    is_rephrased = models.BooleanField(default=False)  # by the language model that is configured
    takes_several = models.BooleanField(default=False)  # sentences of one contribution; else one at most
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)  # of its form: sent twice, counted once
    machine = models.CharField(max_length=100, blank=True)  # the name of the model at the time
    from_groups = models.BooleanField(default=False)  # else it was made from shared words
    #: While a model rephrases it part by part: the plan and the results, by ids and places. Then empty.
    work = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(null=True)
    made = models.PositiveSmallIntegerField(default=0)
    discarded_at = models.DateTimeField(null=True)  # when its statements that nobody had accepted were deleted
    #: The model's refused statements, [{"text", "reason": code}], and the contributions whose view could not be used as
    #: it is, [{"text": "", "reason": code, "number"}].
    refused = models.JSONField(default=list)
    #: A code of `drafts`, or of `core.machines`: then the statements are extractive.
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.summary_id}"
