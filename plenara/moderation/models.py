"""Decisions: numbered, never edited, the same for every kind of moderated item."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation, RoleName
from plenara.core import clock
from plenara.core.models import UNDO_TIME as UNDO_TIME


class Code(models.TextChoices):
    """The kinds of decisions, in the vocabulary of the statements of reasons, with the decisions before publication."""

    APPROVED = "APPROVED", pgettext_lazy("decision", "Approved")
    REDACTED = "REDACTED", pgettext_lazy("decision", "Approved with words left out")
    RETURNED = "RETURNED_FOR_REVISION", pgettext_lazy("decision", "Returned for revision")
    MOVED = "MOVED", pgettext_lazy("decision", "Moved to another question")
    REJECTED = "REJECTED", pgettext_lazy("decision", "Rejected")
    REMOVED = "REMOVED", pgettext_lazy("decision", "Removed")
    RESTORED = "RESTORED", pgettext_lazy("decision", "Restored")


#: The decisions that publish the text that was read.
APPROVING = frozenset({Code.APPROVED, Code.REDACTED})
UNDOABLE = frozenset({Code.RETURNED, Code.MOVED, Code.REJECTED})  # and an approval that is not published yet
#: The decisions that their author can appeal, and within how many days.
APPEALABLE = frozenset({Code.RETURNED, Code.REJECTED, Code.REMOVED})
APPEAL_DAYS = 30


class Ground(models.TextChoices):
    """The ground of a refusal: the law, or the rules of the consultation."""

    ILLEGAL = "ILLEGAL_CONTENT", _("The law")
    INCOMPATIBLE = "INCOMPATIBLE_CONTENT", _("The rules of this consultation")


class Decision(models.Model):
    """One decision on one moderated item. The register shows number, time, role, code, reason; the rest is private."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveIntegerField()  # D/17 in its consultation
    at = models.DateTimeField(default=clock.now, null=True)
    code = models.CharField(max_length=24, choices=Code)
    ground = models.CharField(max_length=24, choices=Ground, blank=True)
    reason = models.CharField(max_length=8, blank=True)  # R1 … R8, E1 … E7, C1 … C6
    kind = models.CharField(max_length=20, default="contribution")  # of the moderated item
    object_id = models.PositiveBigIntegerField(null=True)
    version_id = models.PositiveBigIntegerField(null=True)  # the version that was read
    thread = models.PositiveSmallIntegerField(null=True)  # number of the thread it was in
    moved_to = models.PositiveSmallIntegerField(null=True)
    role = models.CharField(max_length=12, choices=RoleName, default=RoleName.MODERATOR)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sentence = models.TextField(blank=True)  # to the author, in the moderator's own words; never public
    sentence_language = models.CharField(max_length=2, blank=True)
    #: Minutes of the secretariat's working days from submission to decision; nothing after publication.
    waited = models.PositiveIntegerField(null=True)
    language = models.CharField(max_length=35, blank=True)  # of the text that was read
    overrules = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="overruled_by")
    undone_at = models.DateTimeField(null=True)  # by its moderator, within thirty seconds
    before = models.JSONField(default=dict)  # the values that undoing restores
    bundle = models.JSONField(default=dict)  # keys of an imported register that have no column here

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="decision_number"),
            # Two moderators cannot decide twice on one version before publication, even if everything else fails.
            models.UniqueConstraint(
                fields=["kind", "version_id"],
                name="decided_once",
                condition=Q(
                    code__in=["APPROVED", "REDACTED", "RETURNED_FOR_REVISION", "REJECTED"],
                    version_id__isnull=False,
                    undone_at__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "object_id", "number"], name="decision_object"),
            models.Index(fields=["consultation", "code", "at"], name="decision_code"),
            # Recent decision times; imported decisions have none.
            models.Index(fields=["consultation", "-number"], name="decision_waited", condition=Q(waited__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"D/{self.number}"

    @property
    def symbol(self) -> str:
        return f"D/{self.number}"

    @property
    def is_undoable(self) -> bool:
        """Whether it can be undone for a moment: of approvals, those that are published later."""
        return self.code in UNDOABLE or (self.code in APPROVING and bool(self.before.get("publishes")))

    @staticmethod
    def undoable() -> Q:
        """Return the decisions that can be undone for a moment, as `is_undoable` does."""
        return Q(code__in=UNDOABLE) | Q(code__in=APPROVING, before__publishes=True)


class Campaign(models.Model):
    """The same or nearly the same text from several people, to be decided on as one."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, default="contribution")
    first_id = models.PositiveBigIntegerField()  # the first thing: lists show its text once
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "first_id"], name="campaign_first")]

    def __str__(self) -> str:
        return f"campaign {self.pk}"


class CampaignMember(models.Model):
    """One thing in a campaign, and how much of its text it shares with the first."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members")
    kind = models.CharField(max_length=20, default="contribution")
    object_id = models.PositiveBigIntegerField()
    shared = models.PositiveSmallIntegerField()  # percent
    taken_out_at = models.DateTimeField(null=True)  # by a moderator; no machine reverses it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="campaign_member")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.object_id}"


class Likeness(models.Model):
    """One band of a text's signature: texts that share a band are compared. Filled as texts arrive."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, default="contribution")
    object_id = models.PositiveBigIntegerField()
    band = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["consultation", "band"], name="likeness_band"),
            models.Index(fields=["kind", "object_id"], name="likeness_object"),
        ]

    def __str__(self) -> str:
        return f"{self.object_id}/{self.band}"


class Suggestion(models.Model):
    """What a machine noticed about a pending text. It decides nothing; codes and figures, never prose."""

    class What(models.TextChoices):
        LANGUAGE = "language", _("Not in the declared language")
        QUESTION = "question", _("Closer to another question")
        PERSONAL = "personal", _("Personal data in the text")
        SAME = "same", _("Nearly the same as other texts")
        LINKS = "links", _("Links in a text by a new author")
        SIGN_UPS = "sign_ups", _("Many accounts created from one network")

    kind = models.CharField(max_length=20, default="contribution")
    object_id = models.PositiveBigIntegerField()
    version_id = models.PositiveBigIntegerField()
    what = models.CharField(max_length=12, choices=What)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version_id", "what"], name="suggested_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.object_id}"


class Appeal(models.Model):
    """An author's request that another moderator decide again: once for a decision, within thirty days."""

    class Status(models.TextChoices):
        PENDING = "pending", pgettext_lazy("appeal", "Waiting for a moderator who did not take the decision")
        UPHELD = "upheld", pgettext_lazy("appeal", "Upheld: the decision was changed")
        OVERRULED = "overruled", pgettext_lazy("appeal", "Dismissed: the decision was not changed")
        WITHDRAWN = "withdrawn", pgettext_lazy("appeal", "Withdrawn by the author")

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(blank=True)  # in the author's own words; never public
    language = models.CharField(max_length=2, blank=True)
    at = models.DateTimeField(default=clock.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    role = models.CharField(max_length=12, choices=RoleName, blank=True)
    answer = models.TextField(blank=True)  # the reason, in the moderator's own words, to the author; never public
    answer_language = models.CharField(max_length=2, blank=True)

    def __str__(self) -> str:
        return f"appeal against {self.decision_id}"


class Item(models.Model):
    """An item that is pending for a moderator: a row of the queue, of any kind. It is deleted once it is decided.

    Claim and hold are leases with an end: a row whose `claimed_until` is past is free.
    """

    class Why(models.TextChoices):
        PENDING = "pending", pgettext_lazy("queue", "To be decided before publication")
        CHECK = "check", pgettext_lazy("queue", "Published, to be checked")
        REPORT = "report", pgettext_lazy("queue", "Reported by readers")
        APPEAL = "appeal", pgettext_lazy("queue", "Appeal")

    why = models.CharField(max_length=8, choices=Why, default=Why.PENDING)
    kind = models.CharField(max_length=20, default="contribution")
    object_id = models.PositiveBigIntegerField()
    version_id = models.PositiveBigIntegerField()
    appeal = models.OneToOneField(Appeal, null=True, on_delete=models.CASCADE, related_name="item")
    consultation = models.ForeignKey(Consultation, null=True, on_delete=models.CASCADE, related_name="+")
    thread = models.PositiveSmallIntegerField(null=True)  # its number
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    #: The person who entered it for its author: they do not decide on it either.
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=35, blank=True)
    stakeholder_group = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField(default=clock.now)
    is_revision = models.BooleanField(default=False)
    by_newcomer = models.BooleanField(default=False)  # nothing of the author was published here before
    in_bulk = models.BooleanField(default=False)  # of an account created in bulk: it has a tab of its own in the queue
    was_returned = models.BooleanField(default=False)
    is_flagged = models.BooleanField(default=False)  # has a machine's suggestion
    reports = models.PositiveIntegerField(default=0)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.SET_NULL, related_name="items")
    awaits_author = models.BooleanField(default=False)  # a redaction was proposed
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    held_until = models.DateTimeField(null=True)
    held_reason = models.CharField(max_length=500, blank=True)  # never public
    late_notified_at = models.DateTimeField(null=True)  # of the e-mail that half the promise is over

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "why"], name="item_once", condition=Q(appeal__isnull=True)
            )
        ]
        indexes = [
            models.Index(fields=["consultation", "since", "id"], name="item_oldest"),
            models.Index(fields=["since", "id"], name="item_since"),  # of a person who moderates several
            models.Index(fields=["campaign", "id"], name="item_campaign", condition=Q(campaign__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.kind} {self.object_id}"

    @property
    def is_claimed(self) -> bool:
        """Whether a moderator has claimed it."""
        return bool(self.claimed_by_id and self.claimed_until and self.claimed_until > clock.now())

    @property
    def claim_minutes(self) -> int:
        """The minutes until the claim ends, the last one in full; 0 where it is free."""
        left = self.claimed_until - clock.now() if self.is_claimed and self.claimed_until else datetime.timedelta()
        return -(-left // datetime.timedelta(minutes=1))

    @property
    def claim_stamp(self) -> str:
        """The end of its claim, as a page writes it to release that claim and no later one."""
        return self.claimed_until.isoformat() if self.claimed_until else ""

    @property
    def held_day(self) -> datetime.date | None:
        """The day on which its hold ends, by its consultation's calendar."""
        if self.held_until is None or self.consultation is None:
            return None
        return self.held_until.astimezone(self.consultation.zone).date()

    @property
    def is_held(self) -> bool:
        """Whether it is on hold."""
        return bool(self.held_until and self.held_until > clock.now())


class Redaction(models.Model):
    """A moderator's proposal to leave out words. Nothing of it is published before its author consents."""

    kind = models.CharField(max_length=20, default="contribution")
    object_id = models.PositiveBigIntegerField()
    version_id = models.PositiveBigIntegerField(unique=True)  # one proposal for a version
    text = models.TextField()  # as it would be published; blanked once it is answered
    reason = models.CharField(max_length=8, blank=True)  # of the decision that publishes it
    sentence = models.TextField(blank=True)  # why, in the moderator's own words
    sentence_language = models.CharField(max_length=2, blank=True)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    consented_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id"], name="redaction_object")]

    def __str__(self) -> str:
        return f"redaction of {self.version_id}"

    @property
    def is_open(self) -> bool:
        """Whether its author has not answered yet."""
        return self.consented_at is None and self.declined_at is None


class Note(models.Model):
    """A note from one moderator to the next about a moderated thing. Never public."""

    kind = models.CharField(max_length=20, default="contribution")
    object_id = models.PositiveBigIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=2, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["kind", "object_id", "at"], name="note_object")]

    def __str__(self) -> str:
        return f"note {self.pk}"


class Report(models.Model):
    """A reader's report of something published: a reason, and an address that is verified before anybody sees it."""

    class Outcome(models.TextChoices):
        REMOVED = "removed", pgettext_lazy("report", "Removed")
        KEPT = "kept", pgettext_lazy("report", "Stays published")
        GONE = "gone", pgettext_lazy("report", "No longer public")

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, default="contribution")
    object_id = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="en")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.EmailField(blank=True)  # of a reader without an account; blanked when the outcome was sent
    token_digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(default=clock.now)
    verified_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "object_id"], name="report_object"),
            models.Index(fields=["token_digest"], name="report_token", condition=~Q(token_digest="")),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class Preference(models.Model):
    """A moderator's preferences: the languages they read, and when they want e-mail about pending items."""

    class Digest(models.TextChoices):
        DAILY = "daily", pgettext_lazy("digest", "Once a day")
        WEEKLY = "weekly", pgettext_lazy("digest", "Once a week")
        NEVER = "never", pgettext_lazy("digest", "Never")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reads = models.JSONField(default=list)  # language codes; empty means all
    notify_late = models.BooleanField(default=True)  # when something is late by half the promise
    digest = models.CharField(max_length=6, choices=Digest, default=Digest.DAILY)
    digest_at = models.DateTimeField(null=True)  # of the last digest

    def __str__(self) -> str:
        return f"preferences of {self.person_id}"
