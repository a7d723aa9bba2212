"""Consultations, their threads, and the roles granted in them."""

import datetime
import zoneinfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.common import clock
from plenara.common.languages import NAMES

#: Minutes after closing during which a form that was opened before is still taken.
GRACE_MINUTES = 15
#: Days after closing during which a returned text may come back.
RETURN_DAYS = 7
#: What lists of consultations stand on (`ledger.Revision`): bumped when one becomes public or moves on.
LIST_SHELF = "consultations"


class State(models.TextChoices):
    """Where a consultation stands. Announced, open and closed follow the clock."""

    DRAFT = "draft", pgettext_lazy("consultation", "Draft")
    ANNOUNCED = "announced", pgettext_lazy("consultation", "Announced")
    OPEN = "open", pgettext_lazy("consultation", "Open")
    CLOSED = "closed", pgettext_lazy("consultation", "Closed")
    IN_SYNTHESIS = "in_synthesis", pgettext_lazy("consultation", "In synthesis")
    REPORTED = "reported", pgettext_lazy("consultation", "Reported")
    ARCHIVED = "archived", pgettext_lazy("consultation", "Archived")


class Moderation(models.TextChoices):
    """When moderators read: before a contribution appears, or after."""

    BEFORE = "before", _("Before publication")
    AFTER = "after", _("After publication")


class Consultation(models.Model):
    """A public question with a beginning, an end and an outcome."""

    slug = models.SlugField(max_length=80, unique=True)
    symbol = models.CharField(max_length=40, unique=True)  # WGIG/2004
    title = models.JSONField(default=dict)
    intro = models.JSONField(default=dict)
    #: The last state that somebody decided on; `state` adds what the clock says.
    stage = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    timezone = models.CharField(max_length=60, default="UTC")
    languages = models.JSONField(default=list)  # accepted for contributions
    word_limit = models.PositiveIntegerField(null=True, blank=True)
    licence = models.CharField(max_length=200, default="CC-BY-4.0")
    source = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    parent_slug = models.CharField(max_length=80, blank=True)  # of an import whose parent is not here
    moderation = models.CharField(max_length=6, choices=Moderation, default=Moderation.BEFORE)
    promise_working_days = models.PositiveSmallIntegerField(default=1)
    #: The last numbers given out; each only grows, inside the transaction that uses it.
    last_number = models.PositiveIntegerField(default=0)
    last_decision = models.PositiveIntegerField(default=0)
    last_summary = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(null=True)
    #: What the bundle that it came from had and we have no column for; an export writes it again.
    bundle = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    #: When the organizers moved it on; the clock's own steps are in `opens_at` and `closes_at`.
    announced_at = models.DateTimeField(null=True)
    synthesis_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    #: Grows at each edit, so that of two organizers who edit at once the second hears it.
    stamp = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="closes_after_opening",
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
            )
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def state(self) -> str:
        """The state at this moment: what was decided, and what the clock adds to it."""
        if self.stage not in {State.ANNOUNCED, State.OPEN, State.CLOSED}:
            return self.stage
        now = clock.now()
        if self.closes_at and now >= self.closes_at:
            return State.CLOSED
        if self.opens_at:
            return State.OPEN if now >= self.opens_at else State.ANNOUNCED
        return self.stage

    @property
    def state_label(self) -> str:
        """The word for its state at this moment, in the active language."""
        return str(State(self.state).label)

    @property
    def is_public(self) -> bool:
        return self.stage != State.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def is_premoderated(self) -> bool:
        return self.moderation == Moderation.BEFORE

    @property
    def zone(self) -> datetime.tzinfo:
        """The consultation's time zone, in which its dates are named."""
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def shelf(self) -> str:
        """What the public pages of this consultation stand on (`ledger.Revision`)."""
        return f"consultation:{self.pk}"


class Thread(models.Model):
    """One guiding question of a consultation."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="threads")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    question = models.JSONField(default=dict)
    guidance = models.JSONField(default=dict)
    themes = models.JSONField(default=list)
    stamp = models.PositiveIntegerField(default=0)  # as a consultation's
    #: Published words that were changed since, oldest first: {"language", "earlier", "until"}. Whoever answered them
    #: can still be understood. It only grows; here, not in a table, since each page of the question shows it.
    rewordings = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["consultation", "number"], name="thread_number")]

    def __str__(self) -> str:
        return f"{self.consultation_id}/{self.number}"


class RoleName(models.TextChoices):
    """What a person may be in a consultation besides a participant."""

    ORGANIZER = "organizer", _("Organizer")
    MODERATOR = "moderator", _("Moderator")
    RAPPORTEUR = "rapporteur", _("Rapporteur")
    TRANSLATOR = "translator", _("Translator")


class Role(models.Model):
    """A role granted to a person in one consultation; a translator's also names the language."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="roles")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=12, choices=RoleName)
    language = models.CharField(max_length=2, choices=list(NAMES.items()), blank=True)
    granted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "person", "name", "language"], name="role_granted_once"),
            models.CheckConstraint(name="translator_has_language", condition=Q(name="translator") ^ Q(language="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.person_id}"


class Extension(models.Model):
    """A later closing, announced with its reason."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="extensions")
    closed_at = models.DateTimeField()  # what it was before
    closes_at = models.DateTimeField()
    reason = models.JSONField(default=dict)  # {lang: text}
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.consultation_id} until {self.closes_at:%Y-%m-%d}"
