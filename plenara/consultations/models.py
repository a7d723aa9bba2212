"""Consultations, their threads, and the roles granted in them."""

import datetime
import zoneinfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.core import clock
from plenara.core.languages import NAMES

#: Minutes after closing during which a form that was opened before is still accepted.
GRACE_MINUTES = 15
#: Days after closing during which a returned text may be submitted again.
RETURN_DAYS = 7
#: The cache tag of lists of consultations (`core.models.Revision`): invalidated when one becomes public or moves on.
LIST_CACHE_TAG = "consultations"


class State(models.TextChoices):
    """The state of a consultation. Announced, open and closed follow the clock."""

    DRAFT = "draft", pgettext_lazy("consultation", "Draft")
    ANNOUNCED = "announced", pgettext_lazy("consultation", "Announced")
    OPEN = "open", pgettext_lazy("consultation", "Open")
    CLOSED = "closed", pgettext_lazy("consultation", "Closed")
    IN_SYNTHESIS = "in_synthesis", pgettext_lazy("consultation", "Being summarized")
    REPORTED = "reported", pgettext_lazy("consultation", "Summary delivered")
    ARCHIVED = "archived", pgettext_lazy("consultation", "Archived")


class Moderation(models.TextChoices):
    """Whether moderators read a contribution before or after it appears."""

    BEFORE = "before", _("Before publication")
    AFTER = "after", _("After publication")


def monday_to_friday() -> list[int]:
    """Return the working week that most secretariats have."""
    return [1, 2, 3, 4, 5]


class Consultation(models.Model):
    """A public question with a beginning, an end and an outcome."""

    slug = models.SlugField(max_length=80, unique=True)
    symbol = models.CharField(max_length=40, unique=True)  # WGIG/2004
    title = models.JSONField(default=dict)
    intro = models.JSONField(default=dict)
    #: The last state that a person decided on; `state` adds the clock.
    stage = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    timezone = models.CharField(max_length=60, default="UTC")
    languages = models.JSONField(default=list)  # accepted for contributions
    word_limit = models.PositiveIntegerField(null=True, blank=True)
    licence = models.CharField(max_length=200, default="CC-BY-4.0")
    source = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    parent_slug = models.CharField(max_length=80, blank=True)  # an import whose parent is missing
    moderation = models.CharField(max_length=6, choices=Moderation, default=Moderation.BEFORE)
    promise_working_days = models.PositiveSmallIntegerField(default=1)
    #: The secretariat's calendar: the days of the week that it works (1 is Monday), and dates on which it does not.
    working_days = models.JSONField(default=monday_to_friday)
    holidays = models.JSONField(default=list)  # ["2026-12-25", …]
    moderation_guide = models.JSONField(default=dict)  # {lang: Markdown}, shown beside what is decided on
    suggestions_off = models.JSONField(default=list)  # kinds of suggestions that this desk does not show
    #: The operator's machine translates contributions for readers; each translation is labelled.
    shows_machine_translations = models.BooleanField(default=False)
    #: The last numbers given out; each only grows, inside the transaction that uses it.
    last_number = models.PositiveIntegerField(default=0)
    last_decision = models.PositiveIntegerField(default=0)
    last_summary = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(null=True)
    #: Fields of the bundle that have no column here; an export writes them again.
    bundle = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    #: When the organizers moved it on; the clock's steps are in `opens_at` and `closes_at`.
    announced_at = models.DateTimeField(null=True)
    synthesis_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    #: Grows at each edit, so that a second organizer who edits at the same time sees a conflict.
    stamp = models.PositiveIntegerField(default=0)
    #: The one row that is no consultation: the scope of calendar and directory (`community.py`). Never public.
    is_community = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_community"], name="one_community", condition=Q(is_community=True)),
            models.CheckConstraint(
                name="community_is_not_public", condition=Q(is_community=False) | Q(stage=State.DRAFT)
            ),
            models.CheckConstraint(
                name="closes_after_opening",
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=models.F("opens_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def state(self) -> str:
        """The state now: the decided state, and what the clock adds to it."""
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
        """The name of its state now, in the active language."""
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
        """The consultation's time zone, in which its dates are shown."""
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def cache_tag(self) -> str:
        """The cache tag of this consultation's public pages (`core.models.Revision`)."""
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
    #: Published words that were changed since, oldest first: {"language", "earlier", "until"}. Answers to them
    #: can still be understood. It only grows. It is not a table, since each page of the question shows it.
    rewordings = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["consultation", "number"], name="thread_number")]

    def __str__(self) -> str:
        return f"{self.consultation_id}/{self.number}"


class ThreadTheme(models.Model):
    """A question's theme, the same as in `Thread.themes`, for queries from the theme."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="theme_marks")
    theme = models.CharField(max_length=100)  # its code

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "thread"], name="thread_theme")]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.theme}"


class TextTranslation(models.Model):
    """A translation of one of a consultation's own texts, and the original that it was made from.

    Before its review it is a draft, which readers do not see. Then its text is in the consultation or its question.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="text_translations")
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="text_translations")
    place = models.CharField(max_length=40)  # "title", "intro", "question:12", "guidance:12"
    language = models.CharField(max_length=2, choices=list(NAMES.items()))
    text = models.TextField(blank=True)
    source_digest = models.CharField(max_length=64)  # of the original that it was made from
    machine = models.CharField(max_length=100, blank=True)  # the machine that wrote it, unless a person changed it
    translator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consultation", "place", "language"], name="text_translated_once")
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.place} {self.language}"


class RoleName(models.TextChoices):
    """The roles in a consultation, besides participants."""

    ORGANIZER = "organizer", pgettext_lazy("option", "Organizer")
    MODERATOR = "moderator", _("Moderator")
    RAPPORTEUR = "rapporteur", pgettext_lazy("option", "Rapporteur")
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
    """An announced change of the closing, with its reason: to later, or to the moment of an early closing."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="extensions")
    closed_at = models.DateTimeField()  # the closing before; the new one where none was announced
    closes_at = models.DateTimeField()
    reason = models.JSONField(default=dict)  # {lang: text}
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.consultation_id} until {self.closes_at:%Y-%m-%d}"

    @property
    def is_early_closing(self) -> bool:
        return self.closes_at <= self.closed_at

    @property
    def had_closing(self) -> bool:
        return self.closes_at != self.closed_at


class Pace(models.TextChoices):
    """How often a person wants e-mails about something."""

    AT_ONCE = "at_once", _("Immediately")
    DAILY = "daily", _("Once a day, in one e-mail")
    WEEKLY = "weekly", _("Once a week, in one e-mail")
    NEVER = "never", _("Never")


class Follow(models.Model):
    """What a person follows: contributions of a consultation or thread, its summaries, replies to themselves."""

    class What(models.TextChoices):
        CONTRIBUTIONS = "contributions", _("New contributions")
        SUMMARIES = "summaries", _("New summaries")
        REPLIES = "replies", _("Replies to my contributions")  # of no consultation in particular
        TREATED = "treated", _("How my contributions are used")  # likewise

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    what = models.CharField(max_length=14, choices=What)
    consultation = models.ForeignKey(Consultation, null=True, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=40, blank=True)  # "consultation:7" or "thread:12": NULLs are never unique
    pace = models.CharField(max_length=8, choices=Pace, default=Pace.DAILY)
    since = models.DateTimeField(default=clock.now)
    notified_until = models.DateTimeField(default=clock.now)  # later news is for the next digest

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "what", "about"], name="follow_once"),
        ]
        indexes = [
            models.Index(fields=["consultation", "what", "pace"], name="follow_consultation"),
            models.Index(fields=["pace", "notified_until"], name="follow_due"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.what} {self.pace}"
