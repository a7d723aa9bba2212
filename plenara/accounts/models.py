"""Persons, the installation, invitations, and counts for the rate limits."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.vocabulary import Capacity, StakeholderGroup


class SuspensionReason(models.TextChoices):
    """Why an organizer suspended a person: shown to the person, in their language."""

    SPAM = "spam", _("Advertising, or texts sent in bulk")
    RULES = "rules", _("Breaking the rules repeatedly")
    IMPERSONATION = "impersonation", _("Speaking in the name of someone else")
    SEVERAL_ACCOUNTS = "several_accounts", _("Several accounts for one person")
    SAFETY = "safety", _("Someone else may be using the account")


class IdentityProof(models.TextChoices):
    """How an organizer made sure that it is the person who lost a passkey: shown to the person, in their language.

    The labels are parts of a sentence.
    """

    MET = "met", _("in a meeting or a video call")
    CALLED = "called", _("by a call to a telephone number that we already knew")
    ORGANIZATION = "organization", _("by written confirmation from the organization")


class Persons(BaseUserManager["Person"]):
    """Creates and finds persons by their address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Person":
        """Create a person; the address is stored in lower case, since mailboxes that differ by case do not exist."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """A registered individual. The address never leaves this table and the sign-in tables beside it."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, choices=list(NAMES.items()), default="en")
    stakeholder_group = models.CharField(max_length=20, choices=StakeholderGroup, blank=True)
    capacity = models.CharField(max_length=12, choices=Capacity, blank=True)
    organization = models.CharField(max_length=160, blank=True)
    country = models.CharField(max_length=2, blank=True, validators=[RegexValidator(r"^[A-Z]{2}$")])
    withholds_name = models.BooleanField(default=False)
    withholds_country = models.BooleanField(default=False)
    is_organizer = models.BooleanField(default=False)  # may create consultations and set up the installation
    is_operator = models.BooleanField(default=False)  # sees the installation's state; no rights in consultations
    is_active = models.BooleanField(default=True)
    suspended_at = models.DateTimeField(null=True)
    suspension_reason = models.CharField(max_length=20, choices=SuspensionReason, blank=True)
    joined_at = models.DateTimeField(default=clock.now)
    #: A keyed hash of the network that the account was made from, to notice sign-ups in bulk; blank after some days.
    joined_from = models.CharField(max_length=64, blank=True)
    rules_version = models.CharField(max_length=20, blank=True)
    rules_accepted_at = models.DateTimeField(null=True)

    objects = Persons()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("person")
        indexes = [
            models.Index(fields=["joined_from", "joined_at"], name="person_joined", condition=~Q(joined_from=""))
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def is_suspended(self) -> bool:
        """Whether the person may read and sign in, but not act."""
        return self.suspended_at is not None

    @property
    def mail_domain(self) -> str:
        """The domain of the address: all of it that a moderator may see."""
        return self.email.rpartition("@")[2].lower()

    @property
    def has_byline(self) -> bool:
        """Whether group, capacity and country were given, as required before the first contribution."""
        return bool(self.stakeholder_group and self.capacity and (self.country or self.withholds_country))


class Installation(models.Model):
    """This installation's name, contact and pages: one row, created when it is first needed."""

    name = models.JSONField(default=dict)
    contact = models.EmailField(blank=True)
    controller = models.JSONField(default=dict)  # responsible for personal data
    pages = models.JSONField(default=dict)  # {page: {lang: Markdown}} where the default texts were changed
    mark = models.CharField(max_length=64, blank=True)  # SHA-256 of a picture among the documents
    mark_type = models.CharField(max_length=3, choices=[("png", "PNG"), ("svg", "SVG")], default="png")
    mark_is_name = models.BooleanField(default=False)  # it has the name in it, which is not written beside it
    #: Colours such as "#00594a" that replace the stylesheet's: of links and buttons, and of the header.
    accent = models.CharField(max_length=7, blank=True)
    header = models.CharField(max_length=7, blank=True)
    #: Grows when the rules or the licence change, which people must then accept again.
    rules_version = models.CharField(max_length=20, default="1")
    is_set_up = models.BooleanField(default=False)
    #: A second organizer confirms before a consultation is announced (`consultations/queries.py`).
    announcing_takes_two = models.BooleanField(default=False)
    #: People with a role can open the desk only if they have a second factor (`queries.SECOND_FACTORS`).
    requires_second_factor = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.name.get("en", "Plenara"))


class Invitation(models.Model):
    """A role offered to an address. `purpose` names the role; name and address are blanked when it has ended."""

    address = models.EmailField(blank=True)
    name = models.CharField(max_length=120, blank=True)  # of the person, as the inviter wrote it
    token_digest = models.CharField(max_length=64, unique=True)
    purpose = models.JSONField(default=dict)  # {"kind": as registered with `invitations.opens`, and ids and codes}
    language = models.CharField(max_length=2, choices=list(NAMES.items()), default="en")  # of its e-mail
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="invitation_expires", condition=~Q(address=""))]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def is_pending(self) -> bool:
        """Whether it can still be accepted."""
        return not self.accepted_at and not self.revoked_at and self.expires_at > clock.now()


class Visit(models.Model):
    """A count of attempts in an hour, for the rate limits; deleted after a few days.

    The person or place is stored as a keyed hash only: this table has neither IP addresses nor e-mail addresses.
    """

    who = models.CharField(max_length=64)
    hour = models.DateTimeField()
    purpose = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "purpose", "hour"], name="visit_once_an_hour")]
        indexes = [models.Index(fields=["hour"], name="visit_hour")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.hour:%Y-%m-%d %H}"


class Session(AbstractBaseSession):
    """A session of a browser, and whose it is. Neither the browser nor its address is stored."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    used_at = models.DateTimeField(default=clock.now)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from plenara.accounts.sessions import SessionStore

        return SessionStore
