"""Listings: what was proposed, what was decided, and what the directory shows of it.

`Entry` and `EntryVersion` are what a listing and an event of the calendar have in common: each has an owner, each of
its texts is a version that awaits a decision, and the published details are a copy of one version's.
"""

from typing import TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.life_cycle import Moderated, ModeratedVersion, OfKind, State

#: The cache tags of the directory's pages (`core.models.Revision`).
CACHE_TAG = "directory"


#: The states of an entry, and of a version of it.
STATES = {
    State.PENDING: pgettext_lazy("entry", "Waiting for a moderator"),
    State.PUBLISHED: pgettext_lazy("entry", "Published"),
    State.RETURNED: pgettext_lazy("entry", "Returned for revision"),
    State.REJECTED: pgettext_lazy("entry", "Rejected"),
    State.WITHDRAWN: pgettext_lazy("entry", "Withdrawn by its owner"),
    State.REMOVED: pgettext_lazy("entry", "Removed by a moderator"),
}


class Entry(Moderated):
    """An item that its owner maintains in a list of the community. `details` is what is public of it, nothing else.

    The possible `details` of each kind are in `models.py` of its package. They are empty before publication and after
    the entry was withdrawn or removed.
    """

    wrong_state = _("You cannot do this, because the state of the entry is “%(state)s”.")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default=State.PENDING)
    number = models.PositiveIntegerField(null=True)  # in its address, for good; minted at publication
    details = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)  # number of public changes since publication
    proposed_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)  # time of the last public change
    key = models.CharField(max_length=64, null=True, unique=True)  # idempotency key of its form
    imported_from = models.CharField(max_length=200, blank=True)  # mark of the imported file's entry

    class Meta:
        abstract = True

    @property
    def author(self) -> Person | None:
        """Its owner, as the desk expects it."""
        return self.owner

    @property
    def author_id(self) -> int | None:  # type: ignore[override] # never set
        """The id of its owner."""
        return self.owner_id

    #: The scope of its moderators; the moderation desk sets it, because it is a layer above.
    consultation: OfKind = None
    consultation_id: int | None = None


class EntryVersion(ModeratedVersion):
    """One text of an entry as it was sent; never changed."""

    details = models.JSONField(default=dict)
    language = models.CharField(max_length=2, choices=list(NAMES.items()))  # its original language
    submitted_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=STATES, default=State.PENDING)
    key = models.CharField(max_length=64, null=True, unique=True)  # idempotency key of the form that sent it

    class Meta:
        abstract = True


class Counter(models.Model):
    """The last number of a kind of entry; it only grows, inside the transaction that uses it."""

    kind = models.CharField(max_length=20, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.kind} {self.last}"


class Kind(models.TextChoices):
    """What a listing is."""

    ORGANIZATION = "organization", pgettext_lazy("option", "Organization")
    PERSON = "person", pgettext_lazy("listing", "Person")
    PROJECT = "project", pgettext_lazy("option", "Project")


class Listing(Entry):
    """An organization, a person or a project in the directory."""

    of = models.CharField(max_length=12, choices=Kind)
    #: Once a year its owner is asked to confirm it; unanswered it is marked, then archived. Never deleted.
    confirmed_at = models.DateTimeField(null=True)  # publication, a change or a confirmation
    asked_at = models.DateTimeField(null=True)
    doubted_at = models.DateTimeField(null=True)  # unconfirmed: marked
    archived_at = models.DateTimeField(null=True)  # unconfirmed for longer: in no list any more, its page stays
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="listing_number")]
        indexes = [
            models.Index(fields=["owner", "of"], name="listing_owner"),
            models.Index(fields=["confirmed_at"], name="listing_confirmed", condition=Q(state="published")),
            models.Index(fields=["merged_into"], name="listing_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.of} {self.number or self.pk}"

    @property
    def kind(self) -> str:  # type: ignore[override]
        """Its kind among moderated items."""
        return self.of

    @property
    def is_listed(self) -> bool:
        """Whether it is in the lists."""
        return self.is_published and self.archived_at is None and self.merged_into_id is None


class ListingVersion(EntryVersion):
    """One text of a listing as it was sent."""

    thing_field = "listing"

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="versions")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["listing", "number"], name="listing_version")]

    def __str__(self) -> str:
        return f"{self.listing_id} v{self.number}"


class Place(models.Model):
    """The position of a listing in the lists, for readers of one language: alphabetical order.

    A row for each of the six languages. `sort_key` orders by the rules of that language and script, in bytes that both
    databases compare alike.
    """

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="places")
    of = models.CharField(max_length=12, choices=Kind)
    language = models.CharField(max_length=2, choices=list(NAMES.items()))
    sort_key = models.BinaryField(max_length=400)
    initial = models.CharField(max_length=4)  # the letter that it is listed under

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "language"], name="place_once")]
        indexes = [
            models.Index(fields=["of", "language", "sort_key", "listing"], name="place_order"),
            models.Index(fields=["of", "language", "initial", "sort_key", "listing"], name="place_initial"),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.language}"


class Mark(models.Model):
    """A filter value of a listing in the lists: theme, country, region, stakeholder group, language and more."""

    class What(models.TextChoices):
        THEME = "theme"
        COUNTRY = "country"
        REGION = "region"  # UN M49
        GROUP = "group"
        LANGUAGE = "language"
        ORGANIZATION = "organization"  # number of an organization that it belongs to
        STATE = "state"  # of a project

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="marks")
    of = models.CharField(max_length=12, choices=Kind)
    what = models.CharField(max_length=12, choices=What)
    value = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "what", "value"], name="listing_mark_once")]
        indexes = [models.Index(fields=["of", "what", "value", "listing"], name="listing_mark")]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.what} {self.value}"


class Verification(models.Model):
    """Evidence that an organization is what it claims to be: the method, the time, the person. Only its end changes."""

    class Method(models.TextChoices):
        MAIL = "mail", _("By e-mail to an address at its own domain")
        SECRETARIAT = "secretariat", _("By the moderators of the directory")

    organization = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="verifications")
    method = models.CharField(max_length=12, choices=Method)
    domain = models.CharField(max_length=253, blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=300, blank=True)  # the secretariat's evidence; never public
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organization", "ended_at"], name="verification_stands")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.method}"


class Proof(models.Model):
    """An e-mail on its way to an address of an organization's domain. Only a hash of the address is stored."""

    organization = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="proofs")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    domain = models.CharField(max_length=253)
    address_digest = models.CharField(max_length=64)
    token_digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="proof_expires")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.domain}"


class Representative(models.Model):
    """A person who may represent an organization of the directory. Never deleted; ended by a date."""

    organization = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="representatives")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="represents"
    )
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "person"], name="represents_once", condition=Q(until=None))
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.organization_id}"


class NameKey(models.Model):
    """A key by which a published listing is found when a similar one is proposed (`duplicates`)."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="name_keys")
    of = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "key"], name="name_key_once")]
        indexes = [models.Index(fields=["of", "key", "listing"], name="name_key_found")]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.key}"


class Distinction(models.Model):
    """Two listings that look alike but are different: a moderator has decided so, and they are not suggested again.

    The earlier listing of the two is `first`.
    """

    first = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="distinction_once")]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


# --- The details of listings. Keys are absent where there is nothing; texts are {"fr": text}. ---
#
# Organizations are named by their number in the directory, countries by ISO 3166-1 alpha-2, languages by their BCP 47
# tags, themes by their codes, days as "2026-12-01", "2026-12" or "2026".


class OrganizationDetails(TypedDict, total=False):
    """An organization. `name` and `group` are always there."""

    name: dict[str, str]
    acronym: str
    group: str  # `core.vocabulary.StakeholderGroup`
    country: str
    site: str  # https://…
    ror: str  # "05a28rw58"
    themes: list[str]
    description: dict[str, str]


class PersonDetails(TypedDict, total=False):
    """A person who asked to be listed. Only `name` is always there, the rest is their choice. Never an address."""

    name: str
    affiliation: int  # number of an organization of the directory
    affiliation_name: str  # as written, where it is not in the directory
    group: str
    country: str
    languages: list[str]
    themes: list[str]
    orcid: str  # "0000-0002-1825-0097"
    site: str
    about: dict[str, str]


class Progress(models.TextChoices):
    """The progress of a project, as its owner reports it."""

    PLANNED = "planned", pgettext_lazy("project", "Planned")
    RUNNING = "running", pgettext_lazy("project", "Running")
    COMPLETED = "completed", pgettext_lazy("project", "Completed")
    STOPPED = "stopped", pgettext_lazy("project", "Stopped")


class ProjectDetails(TypedDict, total=False):
    """A project. `title` is always there."""

    title: dict[str, str]
    description: dict[str, str]
    starts: str
    ends: str
    progress: str
    organizations: list[int]
    countries: list[str]
    themes: list[str]
    link: str
    results: dict[str, str]
    results_link: str
