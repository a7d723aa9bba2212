"""Events, their dates, and the marks by which they are found."""

from typing import TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Q

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.rows import Json
from plenara.directory.models import Entry, EntryVersion, Listing

#: The cache tag of the calendar's pages (`core.models.Revision`).
CACHE_TAG = "events"


class Event(Entry):
    """A meeting or workshop, on one date or on several: a series is one event with its dates."""

    kind = "event"

    cancelled_at = models.DateTimeField(null=True)  # the whole event; it stays, marked
    #: The same as in `details`, for queries.
    prepares = models.ForeignKey(Consultation, null=True, on_delete=models.SET_NULL, related_name="events")
    organizer = models.ForeignKey(Listing, null=True, on_delete=models.SET_NULL, related_name="events")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="event_number")]
        indexes = [
            models.Index(fields=["owner"], name="event_owner"),
            models.Index(fields=["changed_at", "id"], name="event_changed"),
        ]

    def __str__(self) -> str:
        return f"event {self.number or self.pk}"


class EventVersion(EntryVersion):
    """One version of an event as it was sent."""

    thing_field = "event"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="versions")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="event_version")]

    def __str__(self) -> str:
        return f"{self.event_id} v{self.number}"


class Occurrence(models.Model):
    """One date of a published event: a line of the calendar. Cancelled ones stay.

    The local hours were announced: `starts_local`, `ends_local` and `timezone`. The moments in UTC are calculated from
    them, and again when the rules of the zone change. For whole days the moments are midnight in UTC of the first day
    and of the day after the last one.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="occurrences")
    number = models.PositiveSmallIntegerField()  # in its event, from 1, for good: a part of the UID
    starts_local = models.CharField(max_length=16)  # "2026-12-01T09:00", or "2026-12-01" of whole days
    ends_local = models.CharField(max_length=16)  # of whole days the last one
    timezone = models.CharField(max_length=60)  # IANA
    is_whole_days = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    sequence = models.PositiveIntegerField(default=0)  # RFC 5545: grows at each change
    changed_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of what calendars show of it
    is_shown = models.BooleanField(default=True)  # its event is published

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="occurrence_number"),
            models.CheckConstraint(name="occurrence_ends_later", condition=Q(ends_at__gte=models.F("starts_at"))),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="occurrence_begin", condition=Q(is_shown=True)),
            models.Index(fields=["ends_at", "id"], name="occurrence_end", condition=Q(is_shown=True)),
        ]

    def __str__(self) -> str:
        return f"event {self.event_id}, date {self.number}"


class EventMark(models.Model):
    """A mark by which a date of the calendar is found, in the calendar's order."""

    class What(models.TextChoices):
        THEME = "theme"
        COUNTRY = "country"
        LANGUAGE = "language"
        CONSULTATION = "consultation"  # its slug
        ORGANIZATION = "organization"  # number of the listing

    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="marks")
    what = models.CharField(max_length=12, choices=What)
    value = models.CharField(max_length=100)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["occurrence", "what", "value"], name="event_mark_once")]
        indexes = [
            models.Index(fields=["what", "value", "starts_at", "occurrence"], name="event_mark_begin"),
            models.Index(fields=["what", "value", "ends_at", "occurrence"], name="event_mark_end"),
        ]

    def __str__(self) -> str:
        return f"{self.occurrence_id} {self.what} {self.value}"


class ZoneRules(models.Model):
    """The rules of a time zone by which the moments of the calendar were last calculated."""

    timezone = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64)  # SHA-256 of its data

    def __str__(self) -> str:
        return self.timezone


class CalendarFile(models.Model):
    """A calendar file that somebody sent: its rows are pending until they confirm it, a week at most."""

    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(default=clock.now)
    name = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=2, choices=list(NAMES.items()))  # of titles that name none
    rows = models.JSONField(default=list)  # as `calendar_files.Row`; emptied once it is confirmed
    confirmed_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)  # number of proposed events

    class Meta:
        constraints = [models.UniqueConstraint(fields=["uploaded_by", "sha256"], name="calendar_file_once")]
        indexes = [models.Index(fields=["confirmed_at", "uploaded_at"], name="calendar_file_waits")]

    def __str__(self) -> str:
        return f"calendar file {self.sha256[:12]}"


# --- The details of an event: empty keys are left out; texts are {"fr": text}. ---


class Date(TypedDict, total=False):
    """One date of an event, by its local hours. `number`, `start` and `end` are always there."""

    number: int  # from 1, for good
    start: str  # "2026-12-01T09:00", or "2026-12-01" of whole days
    end: str  # of whole days the last one
    cancelled: bool


class DocumentLink(TypedDict):
    """A document of an event, elsewhere on the web."""

    title: str
    url: str


class EventReport(TypedDict, total=False):
    """The outcome of an event, reported afterwards: an address, words, or both."""

    url: str
    text: dict[str, str]


class Details(TypedDict, total=False):
    """An event. `title`, `dates` and `timezone` are always there, and a place or a link."""

    title: dict[str, str]
    description: dict[str, str]
    dates: list[Date]
    timezone: str  # IANA
    place: str  # as its organizer writes it: "Palais des Nations, room XX, Geneva"
    online: str  # https://…
    country: str  # ISO 3166-1 alpha-2
    organizer: int  # number of an organization of the directory
    organizer_name: str  # as written, where it is not in the directory
    themes: list[str]
    languages: list[str]  # of the meeting, BCP 47
    prepares: str  # slug of a consultation
    documents: list[DocumentLink]
    report: EventReport
    cancelled: bool  # the whole event


#: Details, and a date, as they are stored or as they came: with any keys, and not validated.
type GivenDetails = Details | Json
type GivenDate = Date | Json
