"""The record: editions, their signatories, organizations' marks on their bylines, and the figures. Public pages read
only these.
"""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models.submissions import Byline, Channel, Contribution, Paper, Text, Version
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.vocabulary import StakeholderGroup
from plenara.directory.models import Listing, Verification

if TYPE_CHECKING:
    from plenara.contributions.organizations.queries import BylineStatus

#: The editions that lists show: those in force, a campaign's text once.
LISTED = Q(in_force=True, campaign_of__isnull=True)


class Edition(models.Model):
    """The published form of a version. Append-only: a later edition succeeds it, a tombstone replaces it."""

    class Status(models.TextChoices):
        PUBLISHED = "published", pgettext_lazy("option", "Published")
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
    in_reply_to = models.PositiveIntegerField(null=True)  # number of the contribution it replies to, if that has one
    #: Number of the top of its reply tree: a thread page shows all replies one step in, below it.
    root = models.PositiveIntegerField()
    part = models.PositiveIntegerField(null=True)  # as its version's
    channel = models.CharField(max_length=8, choices=Channel, blank=True)
    #: Number of the contribution under which a thread shows a campaign's text once; nothing if it is listed by itself.
    campaign_of = models.PositiveIntegerField(null=True)
    admitted_after_closing = models.BooleanField(default=False)  # by an appeal
    is_redacted = models.BooleanField(default=False)  # words were left out, as in its version
    submitted_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)  # unknown for some old archives
    minted_at = models.DateTimeField(default=clock.now)
    #: When it last changed: it appeared, went, came back or lost a name. Harvesters filter by it (OAI-PMH).
    changed_at = models.DateTimeField(default=clock.now)
    in_force = models.BooleanField(default=True)  # false once a later revision is in force
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
            # those that are listed under a campaign's first.
            models.Index(fields=["thread", "root", "number"], condition=LISTED, name="edition_thread"),
            models.Index(
                fields=["thread", "stakeholder_group", "root", "number"], condition=LISTED, name="edition_group"
            ),
            models.Index(fields=["thread", "language", "root", "number"], condition=LISTED, name="edition_language"),
            models.Index(fields=["thread", "channel", "root", "number"], condition=LISTED, name="edition_channel"),
            models.Index(fields=["thread", "-number"], condition=LISTED, name="edition_newest"),
            models.Index(fields=["consultation", "-minted_at", "-number"], condition=LISTED, name="edition_latest"),
            models.Index(fields=["thread", "-minted_at", "-number"], condition=LISTED, name="edition_latest_thread"),
            models.Index(
                fields=["consultation", "in_reply_to", "number"],
                condition=LISTED & Q(in_reply_to__isnull=False),
                name="edition_replies",
            ),
            models.Index(
                fields=["consultation", "campaign_of", "number"],
                condition=Q(campaign_of__isnull=False),
                name="edition_campaign",
            ),
            # Changes since a moment, in one order however long it takes to read: of all, of a consultation, of
            # a question, in a language. A tombstone has no language and is sorted with others of its kind.
            models.Index(fields=["changed_at", "id"], condition=Q(in_force=True), name="edition_changed"),
            models.Index(
                fields=["consultation", "changed_at", "id"], condition=Q(in_force=True), name="edition_changed_whole"
            ),
            models.Index(
                fields=["thread", "changed_at", "id"], condition=Q(in_force=True), name="edition_changed_thread"
            ),
            models.Index(
                fields=["language", "changed_at", "id"], condition=Q(in_force=True), name="edition_changed_language"
            ),
        ]

    def __str__(self) -> str:
        return self.symbol

    @property
    def is_gone(self) -> bool:
        return self.status != self.Status.PUBLISHED

    @property
    def dated_at(self) -> datetime.datetime | None:
        """When it was published; for one of an archive without that, when it was submitted."""
        return self.published_at or self.submitted_at

    #: The paragraph of a draft that it is about, where it was prefetched (`parts.lead`).
    part_url: str = ""

    signed_by: Iterable[Byline] = ()  # of a preview: its co-signatories
    written_by: int | None = None  # of a preview: its author, whose organization may be verified

    @cached_property
    def speaks_for(self) -> "BylineStatus | None":
        """The status of its byline from organizations, if any. Lists prefetch it (`organizations.reading.tell`)."""
        from plenara.contributions.organizations.queries import byline_status_of

        return byline_status_of(self)

    @property
    def also_signed_by(self) -> list[Byline]:
        """Its co-signatories, in their order. Lists prefetch them (`reading.SIGNATORIES`)."""
        return [each.byline for each in self.signatories.all()] if self.pk else list(self.signed_by)


class EditionSignatory(models.Model):
    """A co-signatory of an edition: the text counts once, with all bylines."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="signatories")
    byline = models.ForeignKey(Byline, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["edition", "place"], name="edition_signatory")]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.place}"


class Tally(models.Model):
    """The published figures of a thread by group, language, country and channel, updated in the publishing transaction.

    Pages show counts whatever the size of the archive, so counts are not repeated at each reading.
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


class DayTally(models.Model):
    """The number of published contributions of a thread that first appeared on a day (UTC), updated as `Tally` is."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="day_tallies")
    day = models.DateField(null=True)  # unknown for some old archives
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "day"], name="day_tally_cell"),
            models.UniqueConstraint(fields=["thread"], condition=Q(day=None), name="day_tally_undated"),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.day}: {self.count}"


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
    """A verified organization's claim that an edition does not speak for it, marked until it is decided."""

    class Status(models.TextChoices):
        PENDING = "pending", pgettext_lazy("dispute", "Waiting for a moderator")
        UPHELD = "upheld", pgettext_lazy("dispute", "Upheld: the contribution does not speak for the organization")
        DISMISSED = "dismissed", pgettext_lazy("dispute", "Dismissed: the byline does not change")
        WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "Withdrawn by the organization")

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
