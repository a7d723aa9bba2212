"""What a person submits: contributions and their versions, which are internal; texts, bylines and papers, which they
share with the record: rows of their own, which only `erase` may blank.
"""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation, Thread
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.life_cycle import Moderated, ModeratedVersion, State
from plenara.core.prepared import insert
from plenara.core.text import digest
from plenara.core.vocabulary import Capacity, StakeholderGroup


class Channel(models.TextChoices):
    """How it was submitted."""

    WEB = "web", pgettext_lazy("channel", "Web form")
    MAIL = "mail", pgettext_lazy("channel", "E-mail")
    LETTER = "letter", pgettext_lazy("channel", "Letter")
    MEETING = "meeting", pgettext_lazy("channel", "Meeting")


#: Entered by the secretariat.
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
        """Save a text and return its row."""
        text = cls(content=content, sha256=digest(content))
        insert(text)
        return text


class Translation(models.Model):
    """A text in another language, to be read beside it. Only the original is decided on and cited."""

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=2, choices=list(NAMES.items()))
    title = models.CharField(max_length=600, blank=True)
    content = models.TextField()
    is_machine = models.BooleanField(default=False)
    #: Its translator: a machine's name, or a person's at that time; blank where it is withheld, erased or unknown.
    maker = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now, null=True)  # unknown for some imports
    #: Shown to readers. One of an unpublished text is for the desk alone.
    is_public = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["text", "language"], name="translation_language")]

    def __str__(self) -> str:
        return f"{self.text_id} {self.language}"


class Byline(models.Model):
    """The author and whom they speak for, at submission. A withheld name or country never enters this row."""

    name = models.CharField(max_length=200, blank=True)
    withheld = models.BooleanField(default=False)
    stakeholder_group = models.CharField(max_length=20, choices=StakeholderGroup)
    capacity = models.CharField(max_length=12, choices=Capacity, blank=True)
    organization = models.CharField(max_length=300, blank=True)
    organization_verified = models.BooleanField(null=True)
    #: Of an import: a moderator of its source decided that it does not speak for the organization.
    is_disowned = models.BooleanField(default=False)
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
    """The result of extracting the words of a paper."""

    NONE = "none", pgettext_lazy("paper", "Text extraction not requested")
    WAITING = "waiting", pgettext_lazy("paper", "The text is being extracted")
    DONE = "done", pgettext_lazy("paper", "The text was extracted")
    FAILED = "failed", pgettext_lazy("paper", "The text could not be extracted")


class Paper(models.Model):
    """A longer document of a contribution; its bytes are among the documents under their SHA-256.

    The same bytes under another name are another row: nobody's file is shown under the name that another person gave
    it.
    """

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    #: Its words, for moderators and the search; extracted by a task, in a process of its own.
    text = models.TextField(blank=True)
    extraction = models.CharField(max_length=8, choices=Extraction, default=Extraction.NONE)
    uploaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256", "name"], name="paper_of_a_name")]

    def __str__(self) -> str:
        return self.name


#: Letters and digits that cannot be mistaken for each other.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def new_public_id() -> str:
    """Return an id that reveals nothing: neither the number nor the order of contributions."""
    left, found = secrets.randbelow(len(_ALPHABET) ** 10), []
    for _place in range(10):
        left, at = divmod(left, len(_ALPHABET))
        found.append(_ALPHABET[at])
    return "".join(found)


#: The states of a contribution, and of a version of it.
STATES = {
    State.PENDING: pgettext_lazy("contribution", "Waiting for a moderator"),
    State.PUBLISHED: pgettext_lazy("contribution", "Published"),
    State.RETURNED: pgettext_lazy("contribution", "Returned for revision"),
    State.REJECTED: pgettext_lazy("contribution", "Rejected"),
    State.WITHDRAWN: pgettext_lazy("contribution", "Withdrawn by its author"),
    State.REMOVED: pgettext_lazy("contribution", "Removed by a moderator"),
}


class Contribution(Moderated):
    """A person's submission to a thread; a reply is one `in_reply_to` another."""

    kind = "contribution"
    wrong_state = _("You cannot do this, because the state of the contribution is “%(state)s”.")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="contributions")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="contributions")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="contributions"
    )
    in_reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="replies")
    state = models.CharField(max_length=10, choices=STATES, default=State.PENDING)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.WEB)
    created_at = models.DateTimeField(default=clock.now)
    submission_key = models.CharField(max_length=64, null=True, unique=True)  # idempotency key of the form
    #: Minted at publication (a rejected one's id at its rejection), never reused.
    public_id = models.CharField(max_length=64, null=True, unique=True)
    number = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=80, null=True, unique=True)
    moved_from = models.PositiveSmallIntegerField(null=True)  # the number of the thread it was submitted to
    #: Of a letter or a meeting's statement: who of the secretariat entered it, on what occasion it was said, how its
    #: author consented (never public), and the document it was taken from.
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    occasion = models.CharField(max_length=300, blank=True)
    consent = models.CharField(max_length=500, blank=True)
    original = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")
    #: Of an import: the row's own id, its place in the file, and the keys that have no column here.
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
            # What was submitted here last, however much was imported since.
            models.Index(fields=["id"], name="contribution_ours", condition=Q(bundle_id="")),
        ]

    def __str__(self) -> str:
        return self.symbol or f"contribution {self.pk}"

    @property
    def word_limit(self) -> int | None:
        return self.consultation.word_limit

    @property
    def is_entered(self) -> bool:
        """Whether the secretariat entered it here: a letter, or a statement made at a meeting."""
        return self.channel in ENTERED and not self.bundle_id

    @property
    def was_entered(self) -> bool:
        """Whether a secretariat entered it: here, or at its source."""
        return self.is_entered or bool(self.bundle.get("entered"))


class Version(ModeratedVersion):
    """One submitted text of a contribution; never changed."""

    thing_field = "contribution"

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="versions")
    title = models.CharField(max_length=300, blank=True)
    text = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="+")
    byline = models.ForeignKey(Byline, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=35)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=clock.now, null=True)  # unknown for some old archives
    state = models.CharField(max_length=10, choices=STATES, default=State.PENDING)
    #: Of a comment on a draft: the number of the paragraph that it is about (`contributions.parts`).
    part = models.PositiveIntegerField(null=True)
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

    @property
    def also_signed_by(self) -> list[Byline]:
        """Its co-signatories, in their order. One query."""
        signed = self.signatories.filter(confirmed_at__isnull=False).select_related("byline")
        return [each.byline for each in signed.order_by("confirmed_at", "pk") if each.byline]
