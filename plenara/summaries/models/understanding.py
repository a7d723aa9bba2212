"""What a machine offers a rapporteur: groups of like sentences, a first draft. A person's hand is told apart."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.summaries.models.working import Summary


class Grouping(models.Model):
    """The groups of a summary's period. Made by a task once its contributions are embedded; then a person's."""

    summary = models.OneToOneField(Summary, on_delete=models.CASCADE, related_name="grouping")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    paused_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    of = models.CharField(max_length=64, blank=True)  # digest of what it was made from: the same gives the same groups
    is_running = models.BooleanField(default=False)  # asked for, and not made since; paused, perhaps
    run = models.PositiveIntegerField(default=0)  # how often it was asked for: what an earlier asking enqueues is void
    #: How far the reading of the period's contributions is: texts, a campaign's once.
    done = models.PositiveIntegerField(default=0)
    wanted = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"groups of {self.summary_id}"


class Group(models.Model):
    """Sentences that say nearly the same, in whatever language."""

    grouping = models.ForeignKey(Grouping, on_delete=models.CASCADE, related_name="groups")
    number = models.PositiveIntegerField()  # its place, the largest first
    name = models.CharField(max_length=300, blank=True)  # blank: none but its most typical sentence
    #: Who made it, or changed it last; nobody: it is as the machine made it.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    by_person = models.BooleanField(default=False)  # stays when the person's account does not
    is_rest = models.BooleanField(default=False)  # what is like nothing else: not grouped
    is_set_aside = models.BooleanField(default=False)  # by a person: not for this summary
    stamp = models.PositiveIntegerField(default=0)  # changes with every change of it, to tell whether a form is old

    class Meta:
        ordering = ["number", "pk"]

    def __str__(self) -> str:
        return f"group {self.number} of {self.grouping_id}"


class Member(models.Model):
    """A sentence of a contribution in a group, exactly as it stands there."""

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
    """A first draft that somebody asked for, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("draft by a machine", "being made")
        DONE = "done", pgettext_lazy("draft by a machine", "made")
        FAILED = "failed", pgettext_lazy("draft by a machine", "could not be made")

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="drafts")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    most = models.PositiveSmallIntegerField()  # statements, at most
    is_rephrased = models.BooleanField(default=False)  # by the language model that is configured
    takes_several = models.BooleanField(default=False)  # sentences of one contribution; else one at most
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)  # of its form: sent twice, asked once
    machine = models.CharField(max_length=100, blank=True)  # the model that was asked, by its name then
    from_groups = models.BooleanField(default=False)  # else from the words that sentences share
    #: While a model rephrases it part by part: what is planned and what came back, by ids and places. Then empty.
    work = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(null=True)
    made = models.PositiveSmallIntegerField(default=0)
    discarded_at = models.DateTimeField(null=True)  # when its statements that nobody had accepted were deleted
    #: What a model returned and we did not take, [{"text", "reason": code}], and the contributions whose view could not
    #: be taken over as it is, [{"text": "", "reason": code, "number"}].
    refused = models.JSONField(default=list)
    #: A code of `drafting.words`, or of `common.machines`: then what was made is extractive.
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"draft {self.pk} of {self.summary_id}"
