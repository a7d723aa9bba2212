"""The working side: a document as it is written, its renditions, every change of it, and the reviewers' comments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.text import digest

LANGUAGES = list(NAMES.items())


class State(models.TextChoices):
    """The state of a document."""

    DRAFT = "draft", pgettext_lazy("document", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("document", "In review")
    APPROVED = "approved", pgettext_lazy("document", "Approved")
    PUBLISHED = "published", pgettext_lazy("document", "Published")


class RenditionState(models.TextChoices):
    """The state of a document in one language."""

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
    """The kind of a paragraph. A frame (period, method, an empty thread) cites nothing and claims no views."""

    FRAME = "frame", pgettext_lazy("paragraph", "Note")
    AGREEMENT = "agreement", pgettext_lazy("paragraph", "Agreement")
    DISAGREEMENT = "disagreement", pgettext_lazy("paragraph", "Disagreement")
    PROPOSAL = "proposal", pgettext_lazy("paragraph", "Proposal")
    CONCERN = "concern", pgettext_lazy("paragraph", "Concern")
    QUESTION = "question", pgettext_lazy("paragraph", "Open question")
    #: Of an outcome: what it defines, what it finds, what it recommends.
    DEFINITION = "definition", pgettext_lazy("paragraph", "Definition")
    FINDING = "finding", pgettext_lazy("paragraph", "Finding")
    RECOMMENDATION = "recommendation", pgettext_lazy("paragraph", "Recommendation")


class Side(models.TextChoices):
    """The side of a disagreement for which words are cited. Every other kind of paragraph has one side."""

    HELD = "", pgettext_lazy("disagreement", "one view")
    AGAINST = "against", pgettext_lazy("disagreement", "opposing view")


class Response(models.TextChoices):
    """The response of an outcome's paragraph to the text that it cites."""

    TAKEN_UP = "taken_up", pgettext_lazy("treatment", "taken up")
    IN_PART = "taken_up_in_part", pgettext_lazy("treatment", "taken up in part")
    NOTED = "noted", pgettext_lazy("treatment", "noted")
    NOT_TAKEN_UP = "not_taken_up", pgettext_lazy("treatment", "not taken up")


def digest_of(heading: str, text: str, against: str = "") -> str:
    """Return the digest of a paragraph's words in one language. Translations store the digest of their source."""
    return digest(f"{heading}\n{text}\n{against}" if against else f"{heading}\n{text}")


class Document(models.Model):
    """Numbered paragraphs, written in one language and rendered in the others."""

    kind = models.CharField(max_length=20)  # one of `documents.kinds`
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="documents")
    source_language = models.CharField(max_length=2, choices=LANGUAGES)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    #: Everybody who wrote or cited in it. None of them approves it if somebody else can.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_at = models.DateTimeField(null=True)
    self_approved = models.BooleanField(default=False)
    note = models.TextField(blank=True)  # by the person who last sent it back
    #: Given when it is first published, never reused.
    number = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=80, blank=True, null=True, unique=True)
    #: For a kind that is not below its consultation: its path below the language, such as "outcomes/wgig/report/".
    #: Its editions keep the address that they were published at.
    address = models.CharField(max_length=200, blank=True)
    #: For a kind with permanent paragraph numbers: the last number given. It only grows.
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
    number = models.PositiveIntegerField()  # 1, 2, … without a gap; maintained by the actions
    #: For a kind with permanent numbers (`DocumentKind.numbers_for_good`): its number since it was first published,
    #: whatever its place now. Never reused.
    mark = models.PositiveIntegerField(null=True)
    kind = models.CharField(max_length=40, choices=Kind, blank=True)  # an import may have another word, or none
    #: The question that it is about; none if it is about the whole.
    thread = models.ForeignKey(Thread, null=True, on_delete=models.SET_NULL, related_name="+")
    #: The key of the form that made it: sent twice, it adds once.
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)
    #: The machine that wrote its words, if any: "extract", or the name of a language model. Marked until accepted.
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
    against = models.TextField(blank=True)  # of a disagreement: the opposing view
    #: Of a translation: the digest of its source and that text itself, to show later changes.
    source_digest = models.CharField(max_length=64, blank=True)
    source_text = models.TextField(blank=True)
    #: Of a translation: the machine that made it, unless a person has changed it since.
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
    """The reason for an outcome's response: one sentence in six languages, for one citation or for many."""

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
    """A paragraph's link to an edition, with the words cited, exactly as a reader sees them there.

    In a kind with responses (`DocumentKind.has_responses`), words may be blank: then the whole text is cited.
    """

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="citations")
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="citations")
    words = models.TextField()
    side = models.CharField(max_length=8, choices=Side, blank=True, default=Side.HELD)
    position = models.PositiveIntegerField()
    cited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    response = models.CharField(max_length=16, choices=Response, blank=True)
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
    response = models.CharField(max_length=16, choices=Response, blank=True)
    reason = models.ForeignKey(Reason, null=True, on_delete=models.SET_NULL, related_name="references")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["paragraph", "statement"], name="reference_once")]

    def __str__(self) -> str:
        return f"{self.paragraph_id} refers to {self.statement_id}"


class Rendition(models.Model):
    """A document in a language other than its source. Without a row, nobody has begun it."""

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


class Change(models.Model):
    """One change of a paragraph in one language, with the words after it. Every version of a document is stored."""

    class What(models.TextChoices):
        ADDED = "added", pgettext_lazy("change of a paragraph", "added")
        EDITED = "edited", pgettext_lazy("change of a paragraph", "edited")
        ACCEPTED = "accepted", pgettext_lazy("change of a paragraph", "accepted")
        MOVED = "moved", pgettext_lazy("change of a paragraph", "moved")
        CITED = "cited", pgettext_lazy("change of a paragraph", "citation added")
        UNCITED = "uncited", pgettext_lazy("change of a paragraph", "citation removed")
        TRANSLATED = "translated", pgettext_lazy("change of a paragraph", "translated")
        DELETED = "deleted", pgettext_lazy("change of a paragraph", "deleted")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="changes")
    paragraph = models.BigIntegerField()  # the paragraph's id, even if deleted; 0: the title, stored as a heading
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=What)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    kind = models.CharField(max_length=40, blank=True)
    heading = models.CharField(max_length=2000, blank=True)
    text = models.TextField(blank=True)
    against = models.TextField(blank=True)
    thread = models.ForeignKey(Thread, null=True, on_delete=models.SET_NULL, related_name="+")
    machine = models.CharField(max_length=100, blank=True)  # the machine that wrote the words, if any
    #: Of a citation added or removed: the edition. Its words are not copied, so that they can be erased.
    edition = models.ForeignKey(Edition, null=True, on_delete=models.SET_NULL, related_name="+")
    side = models.CharField(max_length=8, choices=Side, blank=True, default=Side.HELD)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["document", "paragraph", "language"], name="change_paragraph")]

    def __str__(self) -> str:
        return f"{self.document_id} ¶{self.number} {self.what}"


class Comment(models.Model):
    """A reviewer's comment on a paragraph, or on the whole; resolved one by one, never edited."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="comments")
    #: None: on the document as a whole, or on a paragraph that was deleted since (`number` is the number it had).
    paragraph = models.ForeignKey(Paragraph, null=True, on_delete=models.SET_NULL, related_name="comments")
    number = models.PositiveIntegerField(default=0)
    #: Of a rendition: its language; of the source it is blank.
    language = models.CharField(max_length=2, choices=LANGUAGES, blank=True)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)  # of its form: sent twice, it adds once
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)  # by the person who resolved it

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.document_id} comment {self.pk}"
