"""The record: documents as they were published. Public pages read only these."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.documents.models.drafts import LANGUAGES, Document, Kind, Origin, Response, Side


class DocumentEdition(models.Model):
    """A document as it was published once. Append-only; `in_force` is false once it has a successor."""

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
    address = models.CharField(max_length=200, blank=True)  # as its document's

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "revision"], name="document_revision"),
            models.UniqueConstraint(fields=["document"], name="one_document_in_force", condition=Q(in_force=True)),
        ]
        indexes = [models.Index(fields=["consultation", "kind", "number"], name="document_address")]

    def __str__(self) -> str:
        return self.symbol


class Signature(models.Model):
    """A person who wrote or approved an edition, by the name they had then. Blank if withheld or erased."""

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
    mark = models.PositiveIntegerField(null=True)  # its permanent number, if its kind has them
    kind = models.CharField(max_length=40, choices=Kind, blank=True)  # an import may have another word, or none
    origin = models.BigIntegerField()  # the working paragraph's id, which identifies it across editions
    thread = models.ForeignKey(Thread, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="published_number"),
            models.UniqueConstraint(fields=["edition", "mark"], name="published_mark", condition=Q(mark__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} ¶{self.number}"

    @property
    def public_number(self) -> int:
        """The number for readers and links: the permanent one, if any."""
        return self.mark or self.number


class PublishedRendition(models.Model):
    """An edition in one language, also in its source language. One published later succeeds it."""

    edition = models.ForeignKey(DocumentEdition, on_delete=models.CASCADE, related_name="renditions")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    title = models.CharField(max_length=2000, blank=True)
    title_digest = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.HUMAN)
    self_reviewed = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    #: How many texts (including the title) are outdated or missing. Constant, since neither this rendition nor its
    #: edition ever changes.
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
    against = models.TextField(blank=True)
    source_digest = models.CharField(max_length=64)  # of its source text; in the source language, its own

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rendition", "paragraph"], name="published_text")]
        indexes = [models.Index(fields=["paragraph", "language"], name="published_text_language")]

    def __str__(self) -> str:
        return f"{self.paragraph_id} {self.language}"


class PublishedReason(models.Model):
    """The reason for a response in an edition of an outcome. Languages are added with its renditions."""

    edition = models.ForeignKey(DocumentEdition, on_delete=models.CASCADE, related_name="reasons")
    text = models.CharField(max_length=500)
    texts = models.JSONField(default=dict)  # translations: {lang: text}

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.text[:40]}"

    def words(self) -> dict[str, str]:
        """Return it by language, including the edition's own."""
        return {self.edition.source_language: self.text, **self.texts}


class PublishedCitation(models.Model):
    """A published paragraph's link to an edition. Indexed by edition, to find where it is cited."""

    paragraph = models.ForeignKey(PublishedParagraph, on_delete=models.CASCADE, related_name="citations")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="published_citations")
    words = models.TextField(blank=True)  # blank once the words are erased
    side = models.CharField(max_length=8, choices=Side, blank=True, default=Side.HELD)
    position = models.PositiveIntegerField()
    response = models.CharField(max_length=16, choices=Response, blank=True)
    reason = models.ForeignKey(PublishedReason, null=True, on_delete=models.SET_NULL, related_name="citations")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.paragraph_id} cites {self.edition_id}"


class PublishedReference(models.Model):
    """A published paragraph's link to a published paragraph of another document."""

    paragraph = models.ForeignKey(PublishedParagraph, on_delete=models.CASCADE, related_name="references")
    statement = models.ForeignKey(PublishedParagraph, on_delete=models.CASCADE, related_name="referred_in")
    position = models.PositiveIntegerField()
    response = models.CharField(max_length=16, choices=Response, blank=True)
    reason = models.ForeignKey(PublishedReason, null=True, on_delete=models.SET_NULL, related_name="references")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.paragraph_id} refers to {self.statement_id}"
