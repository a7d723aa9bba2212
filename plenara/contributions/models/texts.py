"""Texts and their authors: texts, bylines and papers are rows of their own that only `erase` may blank."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from plenara.core import clock
from plenara.core.languages import NAMES
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
        return cls.objects.create(content=content, sha256=digest(content))


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
