"""Documents: numbered paragraphs that cite, as they are written (the working side) and as published (the record).

A summary is one, an outcome report will be one: nothing here knows which. Publishing copies a document into an edition;
public pages read editions alone. An edition is never changed: another one succeeds it, and a language that is ready
later joins it as a rendition of its own.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.common import clock
from plenara.common.languages import NAMES
from plenara.common.text import digest
from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition

LANGUAGES = list(NAMES.items())


class State(models.TextChoices):
    """Where a document stands."""

    DRAFT = "draft", pgettext_lazy("document", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("document", "In review")
    APPROVED = "approved", pgettext_lazy("document", "Approved")
    PUBLISHED = "published", pgettext_lazy("document", "Published")


class RenditionState(models.TextChoices):
    """Where a document in one language stands."""

    MISSING = "missing", pgettext_lazy("rendition", "missing")
    DRAFT = "draft", pgettext_lazy("rendition", "draft")
    REVIEWED = "reviewed", pgettext_lazy("rendition", "reviewed")
    PUBLISHED = "published", pgettext_lazy("rendition", "published")
    OUTDATED = "outdated", pgettext_lazy("rendition", "outdated")


class Origin(models.TextChoices):
    """Who made a rendition."""

    HUMAN = "human", _("by a person")
    MACHINE = "machine", _("by a machine")


class Kind(models.TextChoices):
    """What a paragraph does. A frame (period, method, an empty thread) cites nothing and claims nothing about views."""

    FRAME = "frame", pgettext_lazy("paragraph", "Frame")
    AGREEMENT = "agreement", pgettext_lazy("paragraph", "Agreement")
    DISAGREEMENT = "disagreement", pgettext_lazy("paragraph", "Disagreement")
    PROPOSAL = "proposal", pgettext_lazy("paragraph", "Proposal")
    CONCERN = "concern", pgettext_lazy("paragraph", "Concern")
    QUESTION = "question", pgettext_lazy("paragraph", "Question")


def digest_of(heading: str, text: str) -> str:
    """Return what names a paragraph's heading and text in one language: translations keep it of what they translate."""
    return digest(f"{heading}\n{text}")


# ---- the working side ----


class Document(models.Model):
    """Numbered paragraphs, written in one language and rendered in the others."""

    kind = models.CharField(max_length=20)  # one of `documents.kinds`
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="documents")
    source_language = models.CharField(max_length=2, choices=LANGUAGES)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    #: Everybody who wrote or cited in it: none of them approves it where another can.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(null=True)
    self_approved = models.BooleanField(default=False)
    note = models.TextField(blank=True)  # what whoever sent it back last said
    #: Minted when it is first published, never reused.
    number = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=80, blank=True, null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "kind", "number"], name="document_number", condition=Q(number__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.symbol or f"{self.kind} {self.pk}"


class Paragraph(models.Model):
    """One paragraph of a document. Its words are in `ParagraphText`, one row a language."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="paragraphs")
    number = models.PositiveIntegerField()  # 1, 2, … without a gap; kept by the actions
    kind = models.CharField(max_length=40, choices=Kind, blank=True)  # an import may have another word, or none
    #: Of the form that made it: sent twice, it is taken once.
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["document", "number"], name="paragraph_number")]

    def __str__(self) -> str:
        return f"{self.document_id} ¶{self.number}"


class ParagraphText(models.Model):
    """A paragraph in one language."""

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    heading = models.CharField(max_length=2000, blank=True)
    text = models.TextField(blank=True)
    #: Of a translation: the digest of what it was made from, and that text itself, to show what changed since.
    source_digest = models.CharField(max_length=64, blank=True)
    source_text = models.TextField(blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paragraph", "language"], name="paragraph_language")]

    def __str__(self) -> str:
        return f"{self.paragraph_id} {self.language}"

    @property
    def digest(self) -> str:
        return digest_of(self.heading, self.text)


class Citation(models.Model):
    """A paragraph's link to an edition, with the words cited: exactly as a reader sees them there."""

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="citations")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="citations")
    words = models.TextField()
    position = models.PositiveIntegerField()
    cited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.paragraph_id} cites {self.edition_id}"


class Rendition(models.Model):
    """A document in one language that is not its source. No row: nobody has begun it."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="renditions")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    state = models.CharField(max_length=10, choices=RenditionState, default=RenditionState.MISSING)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.HUMAN)
    title_digest = models.CharField(max_length=64, blank=True)  # of the source title that its title was made from
    translator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    self_reviewed = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "language"], name="rendition_language")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.language}: {self.state}"


# ---- the record ----


class DocumentEdition(models.Model):
    """A document as it was published once. Append-only; `in_force` is false once a later one stands."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="editions")
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="document_editions")
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    revision = models.PositiveSmallIntegerField(default=0)  # counts revisions and corrections together
    is_correction = models.BooleanField(default=False)
    symbol = models.CharField(max_length=80, unique=True)
    source_language = models.CharField(max_length=2, choices=LANGUAGES)
    self_approved = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)  # unknown for some old archives
    minted_at = models.DateTimeField(default=clock.now)
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "revision"], name="document_revision"),
            models.UniqueConstraint(fields=["document"], name="one_document_in_force", condition=Q(in_force=True)),
        ]
        indexes = [models.Index(fields=["consultation", "kind", "number"], name="document_address")]

    def __str__(self) -> str:
        return self.symbol


class Signature(models.Model):
    """Who wrote or approved an edition, by the name they had then. Blank where it is withheld, or erased later."""

    class Part(models.TextChoices):
        WROTE = "wrote", pgettext_lazy("part in a document", "wrote")
        APPROVED = "approved", pgettext_lazy("part in a document", "approved")

    edition = models.ForeignKey(DocumentEdition, on_delete=models.CASCADE, related_name="signatures")
    part = models.CharField(max_length=8, choices=Part)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.part} {self.edition_id}"


class PublishedParagraph(models.Model):
    """A paragraph of an edition."""

    edition = models.ForeignKey(DocumentEdition, on_delete=models.CASCADE, related_name="paragraphs")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40, choices=Kind, blank=True)  # an import may have another word, or none
    origin = models.BigIntegerField()  # the working paragraph's id: what is the same one in the next edition

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="published_number")]

    def __str__(self) -> str:
        return f"{self.edition_id} ¶{self.number}"


class PublishedRendition(models.Model):
    """An edition in one language, its source among them. A better one published later succeeds it."""

    edition = models.ForeignKey(DocumentEdition, on_delete=models.CASCADE, related_name="renditions")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    title = models.CharField(max_length=2000, blank=True)
    title_digest = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.HUMAN)
    self_reviewed = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    #: How many texts (the title among them) were made from another source than this edition's, or are not there at all.
    #: Fixed for good, since neither this rendition nor its edition ever changes.
    outdated = models.PositiveIntegerField(default=0)
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language"], name="one_rendition_in_force", condition=Q(in_force=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.language}"


class PublishedText(models.Model):
    """A published paragraph in one language."""

    rendition = models.ForeignKey(PublishedRendition, on_delete=models.CASCADE, related_name="texts")
    paragraph = models.ForeignKey(PublishedParagraph, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    heading = models.CharField(max_length=2000, blank=True)
    text = models.TextField()
    source_digest = models.CharField(max_length=64)  # of the source text that it was made from; of the source, its own

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rendition", "paragraph"], name="published_text")]
        indexes = [models.Index(fields=["paragraph", "language"], name="published_text_language")]

    def __str__(self) -> str:
        return f"{self.paragraph_id} {self.language}"


class PublishedCitation(models.Model):
    """A published paragraph's link to an edition. Indexed by edition: where these words went."""

    paragraph = models.ForeignKey(PublishedParagraph, on_delete=models.CASCADE, related_name="citations")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="published_citations")
    words = models.TextField(blank=True)  # blank once the words are erased
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.paragraph_id} cites {self.edition_id}"
