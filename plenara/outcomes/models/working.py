"""The working side: an outcome as its body writes it. Its paragraphs, citations and renditions are a document's."""

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.documents.models import Document, Paragraph
from plenara.outcomes.models.bodies import Body, Member


class Outcome(models.Model):
    """What a body hands over: a report, in sections. Its document's home is the body's consultation."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="outcome")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="outcomes")
    slug = models.SlugField(max_length=80)  # in its body
    #: Whose contributions it answers: the home of its body and any others. What is said of its drafts joins them
    #: (`Opening`).
    consultations = models.ManyToManyField(Consultation, related_name="outcomes")
    created_at = models.DateTimeField(default=clock.now)
    #: Of an import: what its row says and we have no column for; an export writes it again.
    bundle = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "slug"], name="outcome_slug")]

    def __str__(self) -> str:
        return f"{self.body_id}/{self.slug}"


class Section(models.Model):
    """A part of an outcome, under a heading in up to six languages. Opened for comment, it becomes a thread."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField()  # 1, 2, … without a gap
    slug = models.SlugField(max_length=80)
    title = models.JSONField(default=dict)  # {lang: text}
    guidance = models.JSONField(default=dict)  # {lang: text}: what belongs here, for who writes and who comments
    stamp = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["outcome", "slug"], name="section_slug")]

    def __str__(self) -> str:
        return f"{self.outcome_id} §{self.number}"


class Stand(models.Model):
    """A paragraph in an outcome: its section, and whether the chair has declared it agreed, and with which words."""

    paragraph = models.OneToOneField(Paragraph, on_delete=models.CASCADE, related_name="stand")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="stands")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    agreed_digest = models.CharField(max_length=64, blank=True)  # of the words; of others it is open again

    def __str__(self) -> str:
        return f"{self.paragraph_id} in {self.section_id}"


class Proposal(models.Model):
    """Other words for a paragraph, proposed by a member; taken or declined by who writes."""

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("proposal", "waits")
        ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
        DECLINED = "declined", pgettext_lazy("proposal", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="proposals")
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    was = models.CharField(max_length=64)  # the digest of the words that it would change
    was_text = models.TextField()  # and those words, to show the difference
    note = models.TextField(blank=True)  # why
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)  # of its form: sent twice, taken once
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"proposal {self.pk} for {self.paragraph_id}: {self.state}"


class Position(models.Model):
    """What a member holds of a paragraph's words: agrees, or objects for a reason. Other words, and it lapses."""

    class Holds(models.TextChoices):
        AGREES = "agrees", pgettext_lazy("position of a member", "agrees")
        OBJECTS = "objects", pgettext_lazy("position of a member", "objects")

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="positions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="positions")
    holds = models.CharField(max_length=8, choices=Holds)
    reason = models.CharField(max_length=500, blank=True)  # of an objection; published with the member's name
    digest = models.CharField(max_length=64)  # of the words that it is about
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["paragraph", "member"], name="position_once")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.holds} {self.paragraph_id}"
