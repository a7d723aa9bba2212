"""Rows before submission: drafts, their readers and co-signatories, spreadsheets to be confirmed."""

from django.conf import settings
from django.db import models

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models.submissions import Byline, Contribution, Paper, Version
from plenara.core import clock


class Draft(models.Model):
    """A text in progress: saved at each preview, each failed post, and every ten seconds by a script."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    in_reply_to = models.ForeignKey(Contribution, null=True, on_delete=models.CASCADE, related_name="+")
    revises = models.ForeignKey(Contribution, null=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.SET_NULL, related_name="+")
    part = models.PositiveIntegerField(null=True)  # as a version's
    key = models.CharField(max_length=64, unique=True)  # becomes the contribution's `submission_key`
    opened_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def answers(self) -> Contribution | None:
        """The contribution that the text replies to."""
        return self.in_reply_to or (self.revises.in_reply_to if self.revises else None)


class Share(models.Model):
    """A link by which colleagues read a draft, comment on it and download it without an account."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="shares")
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"share {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the link still leads to the draft."""
        return self.revoked_at is None and self.expires_at > clock.now()


class Remark(models.Model):
    """A reader's remark on a shared draft. Only its author sees it; it ends with the draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="remarks")
    share = models.ForeignKey(Share, null=True, on_delete=models.SET_NULL, related_name="remarks")
    name = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"remark {self.pk}"


class Signatory(models.Model):
    """A person whom an author asked to sign a text with them. They confirm exact words, by e-mail.

    It refers to the draft before submission, and to the version afterwards. A signatory who has not confirmed the
    submitted words is left out.
    """

    draft = models.ForeignKey(Draft, null=True, on_delete=models.CASCADE, related_name="signatories")
    version = models.ForeignKey(Version, null=True, on_delete=models.CASCADE, related_name="signatories")
    address = models.EmailField(blank=True)  # blanked once it is no longer needed
    language = models.CharField(max_length=2, default="en")  # of the e-mails to them
    token_digest = models.CharField(max_length=64, unique=True)
    byline = models.ForeignKey(Byline, null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)  # of the confirmed words
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"signatory {self.pk}"


class Sheet(models.Model):
    """A spreadsheet of letters and statements: its rows await a confirmation, and are entered once."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="sheets")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)  # [[number, {column: text}], …]; empty once they are entered
    count = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    entered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consultation", "sha256"], name="sheet_once")]

    def __str__(self) -> str:
        return f"sheet {self.pk}"
