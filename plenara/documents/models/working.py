"""The working side: a document as it is written, and its renditions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.documents.models.choices import (
    LANGUAGES,
    Kind,
    Origin,
    RenditionState,
    Side,
    State,
    Treatment,
    digest_of,
)


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
    #: Of a kind that does not stand under its consultation: where it stands below the language, such as
    #: "outcomes/wgig/report/". Its editions keep the address that they were published at.
    address = models.CharField(max_length=200, blank=True)
    #: Of a kind whose paragraphs are numbered for good: the last number given to one. It only grows.
    last_mark = models.PositiveIntegerField(default=0)

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
    #: Of a kind that numbers for good (`DocumentKind.numbers_for_good`): its number since it was first published,
    #: wherever it stands by now. Never another's.
    mark = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=40, choices=Kind, blank=True)  # an import may have another word, or none
    #: The question under which it stands; none for what is said of the whole.
    thread = models.ForeignKey(Thread, null=True, on_delete=models.SET_NULL, related_name="+")
    #: Of the form that made it: sent twice, it is taken once.
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)
    #: What wrote its words, if a machine did: "extract", or the name of a language model. Marked until accepted.
    machine = models.CharField(max_length=100, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["document", "number"], name="paragraph_number")]

    def __str__(self) -> str:
        return f"{self.document_id} ¶{self.number}"

    @property
    def awaits_acceptance(self) -> bool:
        """Whether a machine wrote it and nobody has accepted it yet."""
        return bool(self.machine) and self.accepted_at is None


class ParagraphText(models.Model):
    """A paragraph in one language."""

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    heading = models.CharField(max_length=2000, blank=True)
    text = models.TextField(blank=True)
    against = models.TextField(blank=True)  # of a disagreement: what is held against it
    #: Of a translation: the digest of what it was made from, and that text itself, to show what changed since.
    source_digest = models.CharField(max_length=64, blank=True)
    source_text = models.TextField(blank=True)
    #: Of a translation: what made it, if a machine did and no person has changed it since.
    machine = models.CharField(max_length=100, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paragraph", "language"], name="paragraph_language")]

    def __str__(self) -> str:
        return f"{self.paragraph_id} {self.language}"

    @property
    def digest(self) -> str:
        return digest_of(self.heading, self.text, self.against)


class Reason(models.Model):
    """Why an outcome treats what it cites as it does: one sentence in six languages, for one or for many."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="reasons")
    text = models.CharField(max_length=500)  # in the document's language
    digest = models.CharField(max_length=64)
    texts = models.JSONField(default=dict)  # translations: {lang: text}
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "digest"], name="reason_once")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.text[:40]}"


class Citation(models.Model):
    """A paragraph's link to an edition, with the words cited: exactly as a reader sees them there.

    In a kind that treats what it cites (`DocumentKind.treats`), words may be blank: then it is the whole of it.
    """

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="citations")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="citations")
    words = models.TextField()
    side = models.CharField(max_length=8, choices=Side, blank=True, default=Side.HELD)
    position = models.PositiveIntegerField()
    cited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    treatment = models.CharField(max_length=16, choices=Treatment, blank=True)
    reason = models.ForeignKey(Reason, null=True, on_delete=models.SET_NULL, related_name="citations")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.paragraph_id} cites {self.edition_id}"


class Reference(models.Model):
    """A paragraph's link to a published paragraph of another document: a statement of a summary, say."""

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="references")
    statement = models.ForeignKey("PublishedParagraph", on_delete=models.CASCADE, related_name="referred_by")
    position = models.PositiveIntegerField()
    cited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    treatment = models.CharField(max_length=16, choices=Treatment, blank=True)
    reason = models.ForeignKey(Reason, null=True, on_delete=models.SET_NULL, related_name="references")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["paragraph", "statement"], name="reference_once")]

    def __str__(self) -> str:
        return f"{self.paragraph_id} refers to {self.statement_id}"


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
