"""Contributions and their versions (the working side); editions, texts and bylines (the record).

A version is submitted and never changed. Publishing mints an edition of it: symbol, number, frozen byline. Public
pages read editions alone. Texts and bylines are rows of their own, which `erase` alone may blank, with an act.
"""

import datetime
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.common import clock
from plenara.common.text import digest
from plenara.common.vocabulary import Capacity, StakeholderGroup
from plenara.consultations.models import Consultation, Thread


class State(models.TextChoices):
    """Where a contribution, or one version of it, stands."""

    PENDING = "pending", pgettext_lazy("contribution", "Waiting for a moderator")
    PUBLISHED = "published", pgettext_lazy("contribution", "Published")
    RETURNED = "returned", pgettext_lazy("contribution", "Returned for revision")
    REJECTED = "rejected", pgettext_lazy("contribution", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("contribution", "Withdrawn by its author")
    REMOVED = "removed", pgettext_lazy("contribution", "Removed by a moderator")


class Channel(models.TextChoices):
    """How it reached us."""

    WEB = "web", pgettext_lazy("channel", "Web form")
    MAIL = "mail", pgettext_lazy("channel", "E-mail")
    LETTER = "letter", pgettext_lazy("channel", "Letter")
    MEETING = "meeting", pgettext_lazy("channel", "Meeting")


#: What comes by these is entered by the secretariat.
ENTERED = (Channel.LETTER, Channel.MEETING)


class Text(models.Model):
    """Somebody's words, once. Blank after an erasure."""

    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.sha256[:12]

    @classmethod
    def of(cls, content: str) -> "Text":
        """Keep a text and return its row."""
        return cls.objects.create(content=content, sha256=digest(content))


class Byline(models.Model):
    """Who said it and for whom, as it was when submitted. A withheld name or country never enters this row."""

    name = models.CharField(max_length=200, blank=True)
    withheld = models.BooleanField(default=False)
    stakeholder_group = models.CharField(max_length=20, choices=StakeholderGroup)
    capacity = models.CharField(max_length=12, choices=Capacity, blank=True)
    organization = models.CharField(max_length=300, blank=True)
    organization_verified = models.BooleanField(null=True)
    country = models.CharField(max_length=2, blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["erased_at"], name="byline_erased", condition=Q(erased_at__isnull=False))]

    def __str__(self) -> str:
        return f"byline {self.pk}"

    @property
    def speaks_for_organization(self) -> bool:
        return self.capacity == Capacity.ORGANIZATION


class Extraction(models.TextChoices):
    """What became of drawing the words out of a paper."""

    NONE = "none", pgettext_lazy("paper", "Not asked for")
    WAITING = "waiting", pgettext_lazy("paper", "Its words are being read")
    DONE = "done", pgettext_lazy("paper", "Its words were read")
    FAILED = "failed", pgettext_lazy("paper", "Its words could not be read")


class Paper(models.Model):
    """A longer document that goes with a contribution; its bytes lie among the documents under their SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    #: Its words, for moderators and the search; drawn out of it by an errand, in a process of its own.
    text = models.TextField(blank=True)
    extraction = models.CharField(max_length=8, choices=Extraction, default=Extraction.NONE)
    uploaded_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


def new_public_id() -> str:
    """Return an id that tells nothing: not how many there are, not which was first."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _index in range(10))


class Contribution(models.Model):
    """What a person submits to a thread; a reply is one `in_reply_to` another."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="contributions")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="contributions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="contributions"
    )
    in_reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replies")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.WEB)
    created_at = models.DateTimeField(default=clock.now)
    submission_key = models.CharField(max_length=64, null=True, unique=True)  # a form sent twice is taken once
    #: Minted at publication (a rejected one's id at its rejection), never reused.
    public_id = models.CharField(max_length=64, null=True, unique=True)
    number = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=80, null=True, unique=True)
    moved_from = models.PositiveSmallIntegerField(null=True)  # the number of the thread it was submitted to
    state_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=40, blank=True)  # the code of the decision that stands
    #: Of a letter or a meeting's statement: who of the secretariat entered it, on what occasion it was said, how its
    #: author consented (never public), and the document it was taken from.
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    occasion = models.CharField(max_length=300, blank=True)
    consent = models.CharField(max_length=500, blank=True)
    original = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")
    #: Of an import: the row's own id, its place in the file, and the keys that we have no column for.
    bundle_id = models.CharField(max_length=100, blank=True)
    place = models.PositiveIntegerField(default=0)
    bundle = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="contribution_number", condition=Q(number__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["consultation", "bundle_id"], name="contribution_bundle_id", condition=~Q(bundle_id="")
            ),
        ]
        indexes = [
            models.Index(fields=["consultation", "state", "state_at"], name="contribution_state"),
            models.Index(fields=["author", "-created_at"], name="contribution_author"),
        ]

    def __str__(self) -> str:
        return self.symbol or f"contribution {self.pk}"

    @property
    def kind(self) -> str:
        """The kind of publishable that this is (`moderation.publishable`)."""
        return "contribution"

    @property
    def is_entered(self) -> bool:
        """Whether the secretariat entered it here: a letter, or what was said at a meeting."""
        return self.channel in ENTERED and not self.bundle_id


class Version(models.Model):
    """One submitted text of a contribution; never changed."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300, blank=True)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    byline = models.ForeignKey(Byline, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=35)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=clock.now, null=True)  # unknown for some old archives
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    is_redacted = models.BooleanField(default=False)  # as a moderator proposed and its author consented

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "number"], name="version_number"),
            models.UniqueConstraint(fields=["contribution"], name="one_version_waits", condition=Q(state="pending")),
        ]
        indexes = [models.Index(fields=["submitted_at", "id"], condition=Q(state="pending"), name="version_waiting")]

    def __str__(self) -> str:
        return f"{self.contribution_id} v{self.number}"


#: What lists show: editions in force, a campaign's text once.
LISTED = Q(in_force=True, campaign_of__isnull=True)


class Edition(models.Model):
    """The published form of a version. Append-only: a later edition succeeds it, a tombstone replaces it."""

    class Status(models.TextChoices):
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn by its author")
        REMOVED = "removed", _("Removed by a moderator")

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="editions")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="editions")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="editions")
    version = models.OneToOneField(Version, null=True, on_delete=models.SET_NULL, related_name="edition")
    number = models.PositiveIntegerField()  # the contribution's, in its consultation
    revision = models.PositiveSmallIntegerField(default=0)
    symbol = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=300, blank=True)
    text = models.ForeignKey(Text, null=True, on_delete=models.PROTECT, related_name="+")
    byline = models.ForeignKey(Byline, null=True, on_delete=models.PROTECT, related_name="editions")
    language = models.CharField(max_length=35, blank=True)
    stakeholder_group = models.CharField(
        max_length=20, choices=StakeholderGroup, blank=True
    )  # the byline's, to filter by
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="editions")
    in_reply_to = models.PositiveIntegerField(null=True)  # number of the contribution it answers, if that has one
    #: Number of the top of its reply tree: a thread page hangs all replies one step in, below it.
    root = models.PositiveIntegerField()
    channel = models.CharField(max_length=8, choices=Channel, blank=True)
    #: Number of the contribution under which a thread shows a campaign's text once; nothing where it stands alone.
    campaign_of = models.PositiveIntegerField(null=True)
    admitted_after_closing = models.BooleanField(default=False)  # by an appeal
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)  # unknown for some old archives
    minted_at = models.DateTimeField(default=clock.now)
    in_force = models.BooleanField(default=True)  # false once a later revision stands
    status = models.CharField(max_length=10, choices=Status, default=Status.PUBLISHED)
    gone_at = models.DateTimeField(null=True)
    gone_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contribution", "revision"], name="edition_revision"),
            models.UniqueConstraint(fields=["consultation", "number", "revision"], name="edition_address"),
            models.UniqueConstraint(fields=["contribution"], name="one_edition_in_force", condition=Q(in_force=True)),
        ]
        indexes = [
            # A thread's page: reply trees in the order of their tops; filtered; newest first. `listed` leaves out
            # those that a campaign shows under its first.
            models.Index(fields=["thread", "root", "number"], condition=LISTED, name="edition_thread"),
            models.Index(
                fields=["thread", "stakeholder_group", "root", "number"], condition=LISTED, name="edition_group"
            ),
            models.Index(fields=["thread", "language", "root", "number"], condition=LISTED, name="edition_language"),
            models.Index(fields=["thread", "channel", "root", "number"], condition=LISTED, name="edition_channel"),
            models.Index(fields=["thread", "-number"], condition=LISTED, name="edition_newest"),
            models.Index(fields=["consultation", "-minted_at"], condition=LISTED, name="edition_latest"),
            models.Index(
                fields=["consultation", "campaign_of", "number"],
                condition=Q(campaign_of__isnull=False),
                name="edition_campaign",
            ),
        ]

    def __str__(self) -> str:
        return self.symbol

    @property
    def is_gone(self) -> bool:
        return self.status != self.Status.PUBLISHED

    @property
    def dated_at(self) -> datetime.datetime | None:
        """When it was published; of one from an archive that does not say so, when it was submitted."""
        return self.published_at or self.submitted_at

    signed_by: Iterable[Byline] = ()  # of a preview: who would have signed it

    @property
    def also_signed_by(self) -> list[Byline]:
        """Who signed it besides its author, in their order. Lists read it ahead (`reading.SIGNATORIES`)."""
        return [each.byline for each in self.signatories.all()] if self.pk else list(self.signed_by)


class EditionSignatory(models.Model):
    """Somebody who signed an edition besides its author: the text counts once, with all bylines."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="signatories")
    byline = models.ForeignKey(Byline, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["edition", "place"], name="edition_signatory")]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.place}"


class Tally(models.Model):
    """The published figures of a thread by group, language, country and channel, kept in the publishing transaction.

    Pages show counts whatever the size of the archive, so counts are not counted again at each reading.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="tallies")
    stakeholder_group = models.CharField(max_length=20, choices=StakeholderGroup)
    language = models.CharField(max_length=35)
    country = models.CharField(max_length=2, blank=True)
    channel = models.CharField(max_length=8, choices=Channel, blank=True)
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "stakeholder_group", "language", "country", "channel"], name="tally_cell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.stakeholder_group} {self.language}: {self.count}"


class Draft(models.Model):
    """What somebody is writing: kept at each preview, each failed post, and every ten seconds by a script."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    in_reply_to = models.ForeignKey(Contribution, null=True, on_delete=models.CASCADE, related_name="+")
    revises = models.ForeignKey(Contribution, null=True, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=35, blank=True)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.SET_NULL, related_name="+")
    key = models.CharField(max_length=64, unique=True)  # becomes the contribution's `submission_key`
    opened_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-saved_at"]

    def __str__(self) -> str:
        return f"draft {self.pk}"


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
    """What somebody said about a draft that was shared with them. Its author alone sees it; it ends with the draft."""

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
    """Somebody whom an author asked to sign a text with them. They confirm the very words, by mail.

    It hangs on the draft while that is written, and on the version once it is submitted. Whoever has not confirmed the
    words as submitted is left out.
    """

    draft = models.ForeignKey(Draft, null=True, on_delete=models.CASCADE, related_name="signatories")
    version = models.ForeignKey(Version, null=True, on_delete=models.CASCADE, related_name="signatories")
    address = models.EmailField(blank=True)  # blanked once it is no longer needed
    language = models.CharField(max_length=2, default="en")  # of the letters to them
    token_digest = models.CharField(max_length=64, unique=True)
    byline = models.ForeignKey(Byline, null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)  # of the words that were confirmed
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"signatory {self.pk}"


class Sheet(models.Model):
    """A spreadsheet of letters and statements: its rows wait until somebody confirms them, and are entered once."""

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
