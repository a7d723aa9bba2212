"""Outcomes: bodies, their drafts, versions in the record, and meetings."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Contribution, Edition
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.models import (
    Document,
    DocumentEdition,
    Paragraph,
    PublishedParagraph,
    PublishedReason,
    Response,
)
from plenara.events.models import Event


class Body(models.Model):
    """A group of people who write outcomes. Its home is one consultation, whose organizers manage it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="bodies")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.JSONField(default=dict)  # {lang: text}, as the next
    mandate = models.JSONField(default=dict)  # in Markdown
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    #: When its page was first published; None while it is being prepared.
    published_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    stamp = models.PositiveIntegerField(default=0)  # grows at each edit

    class Meta:
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.slug

    @property
    def is_public(self) -> bool:
        return self.published_at is not None


class Member(models.Model):
    """A member of a body, with name, country and organization as its page shows them. Not everybody has an account."""

    class Part(models.TextChoices):
        CHAIR = "chair", pgettext_lazy("member of a body", "Chair")
        VICE_CHAIR = "vice_chair", pgettext_lazy("member of a body", "Vice-chair")
        RAPPORTEUR = "rapporteur", pgettext_lazy("member of a body", "Rapporteur")
        MEMBER = "member", pgettext_lazy("member of a body", "Member")
        OBSERVER = "observer", pgettext_lazy("member of a body", "Observer")
        SECRETARIAT = "secretariat", pgettext_lazy("member of a body", "Secretariat")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="memberships"
    )
    part = models.CharField(max_length=12, choices=Part, default=Part.MEMBER)
    name = models.CharField(max_length=120)
    stakeholder_group = models.CharField(max_length=20, choices=StakeholderGroup, blank=True)
    organization = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)  # after it, the member cannot act and is listed as a former one
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"], name="member_once", condition=Q(person__isnull=False, until__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.pk} of {self.body_id}"


class Outcome(models.Model):
    """The work of a body: a report, in sections. Its document's home is the body's consultation."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="outcome")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="outcomes")
    slug = models.SlugField(max_length=80)  # in its body
    #: The consultations that it answers: the home of its body and any others, besides those on its drafts (`Opening`).
    consultations = models.ManyToManyField(Consultation, related_name="outcomes")
    created_at = models.DateTimeField(default=clock.now)
    #: Of an import: values of its row without a column; an export writes them again.
    bundle = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "slug"], name="outcome_slug")]

    def __str__(self) -> str:
        return f"{self.body_id}/{self.slug}"


class Section(models.Model):
    """A section of an outcome, with a heading in up to six languages. Opened for comment, it becomes a thread."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField()  # 1, 2, … without a gap
    slug = models.SlugField(max_length=80)
    title = models.JSONField(default=dict)  # {lang: text}
    guidance = models.JSONField(default=dict)  # {lang: text}: guidance for writers and commenters
    stamp = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["outcome", "slug"], name="section_slug")]

    def __str__(self) -> str:
        return f"{self.outcome_id} §{self.number}"


class OutcomeParagraph(models.Model):
    """A paragraph in an outcome: its section, and whether and with which words the chair has declared it agreed."""

    paragraph = models.OneToOneField(Paragraph, on_delete=models.CASCADE, related_name="outcome_paragraph")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="outcome_paragraphs")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    agreed_digest = models.CharField(max_length=64, blank=True)  # of the words; other words are open again

    def __str__(self) -> str:
        return f"{self.paragraph_id} in {self.section_id}"


class Proposal(models.Model):
    """Other words for a paragraph, proposed by a member; the writers accept or decline them."""

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("proposal", "waiting")
        ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
        DECLINED = "declined", pgettext_lazy("proposal", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="proposals")
    heading = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    was = models.CharField(max_length=64)  # the digest of the words that it would change
    was_text = models.TextField()  # those words, to show the difference
    note = models.TextField(blank=True)  # the reason
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    key = models.CharField(max_length=64, blank=True, null=True, unique=True)  # of its form: sent twice, added once
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"proposal {self.pk} for {self.paragraph_id}: {self.state}"


class Position(models.Model):
    """A member's position on a paragraph's words: agrees, or objects for a reason. It lapses with other words."""

    class Holds(models.TextChoices):
        AGREES = "agrees", pgettext_lazy("position of a member", "agrees")
        OBJECTS = "objects", pgettext_lazy("position of a member", "objects")

    paragraph = models.ForeignKey(Paragraph, on_delete=models.CASCADE, related_name="positions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="positions")
    holds = models.CharField(max_length=8, choices=Holds)
    reason = models.CharField(max_length=500, blank=True)  # of an objection; published with the member's name
    digest = models.CharField(max_length=64)  # of the words that it is about
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["paragraph", "member"], name="position_once")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.holds} {self.paragraph_id}"


LANGUAGES = list(NAMES.items())


class Dossier(models.Model):
    """The agenda of a meeting of a body, item by item; afterwards its report and decisions."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="dossier")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="dossiers")
    intro = models.JSONField(default=dict)  # {lang: Markdown}, as `report`
    report = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True)  # when the agenda was first published
    reported_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    stamp = models.PositiveIntegerField(default=0)
    bundle = models.JSONField(default=dict)  # of an import: its matters and changes that are not here yet

    def __str__(self) -> str:
        return f"dossier of event {self.event_id}"


class WaitingDossier(models.Model):
    """An imported dossier whose event is not here yet. It is created when the calendar is imported."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="waiting_dossiers")
    event_number = models.PositiveIntegerField()
    event_published_at = models.DateTimeField()  # both identify it: elsewhere the number may be another event's
    row = models.JSONField(default=dict)  # as in the bundle

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "event_number", "event_published_at"], name="waiting_dossier")
        ]

    def __str__(self) -> str:
        return f"dossier of event {self.event_number}, which is not here"


class AgendaItem(models.Model):
    """One item of an agenda."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.JSONField(default=dict)  # {lang: text}
    note = models.JSONField(default=dict)  # {lang: Markdown}
    stamp = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.dossier_id} item {self.number}"


class ItemMatter(models.Model):
    """A matter of an item: a paragraph of an outcome by its permanent number, a summary, or a contribution."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="matters")
    position = models.PositiveSmallIntegerField()
    outcome = models.ForeignKey(Outcome, null=True, on_delete=models.CASCADE, related_name="+")
    mark = models.PositiveIntegerField(null=True)  # of the outcome's paragraph; None: the whole
    summary = models.ForeignKey(Document, null=True, on_delete=models.CASCADE, related_name="+")
    contribution = models.ForeignKey(Contribution, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="one_matter",
                condition=Q(outcome__isnull=False, summary=None, contribution=None)
                | Q(outcome=None, mark=None, summary__isnull=False, contribution=None)
                | Q(outcome=None, mark=None, summary=None, contribution__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["contribution"], name="matter_contribution")]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.outcome_id or self.summary_id or self.contribution_id}"


class MeetingDecision(models.Model):
    """A decision of a meeting, with the paragraphs that it changed."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()  # in its meeting, permanent
    text = models.JSONField(default=dict)  # {lang: text}
    item = models.ForeignKey(AgendaItem, null=True, on_delete=models.SET_NULL, related_name="decisions")
    at = models.DateTimeField(default=clock.now)
    stamp = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="meeting_decision")]

    def __str__(self) -> str:
        return f"{self.dossier_id} decision {self.number}"


class DecisionParagraph(models.Model):
    """A paragraph that a decision changed, by its permanent number."""

    decision = models.ForeignKey(MeetingDecision, on_delete=models.CASCADE, related_name="paragraphs")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="+")
    mark = models.PositiveIntegerField()

    class Meta:
        ordering = ["mark", "outcome__document__symbol"]
        constraints = [models.UniqueConstraint(fields=["decision", "outcome", "mark"], name="decision_paragraph")]
        indexes = [models.Index(fields=["outcome", "mark"], name="decision_of_paragraph")]

    def __str__(self) -> str:
        return f"{self.decision_id} changed ¶{self.mark}"


class DossierFile(models.Model):
    """A dossier as files in one language: PDF, DOCX and a folder, made by the worker on request."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("files of a dossier", "requested")
        MAKING = "making", pgettext_lazy("files of a dossier", "being created")
        READY = "ready", pgettext_lazy("files of a dossier", "ready")
        FAILED = "failed", pgettext_lazy("files of a dossier", "could not be created")

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="files")
    language = models.CharField(max_length=2, choices=LANGUAGES)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    done = models.PositiveIntegerField(default=0)  # steps, to show the progress
    of = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # of everything that the files show
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "language"], name="dossier_file")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.language}: {self.state}"


class Stage(models.TextChoices):
    """The stage of a version of an outcome."""

    ZERO_DRAFT = "zero_draft", pgettext_lazy("version of an outcome", "Zero draft")
    DRAFT = "draft", pgettext_lazy("version of an outcome", "Draft")
    FINAL = "final", pgettext_lazy("version of an outcome", "Final text")


class Agreement(models.TextChoices):
    """The agreement of the members on a paragraph."""

    AGREED = "agreed", pgettext_lazy("paragraph of an outcome", "agreed")
    BRACKETED = "bracketed", pgettext_lazy("paragraph of an outcome", "in brackets")
    OPEN = "open", pgettext_lazy("paragraph of an outcome", "not yet agreed")


class OutcomeEdition(models.Model):
    """A version of an outcome: its stage, and the figures at its publication."""

    edition = models.OneToOneField(DocumentEdition, on_delete=models.CASCADE, related_name="outcome")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="editions")
    stage = models.CharField(max_length=10, choices=Stage)
    draft = models.PositiveSmallIntegerField(default=0)  # of drafts: 1, 2, …
    #: Of a final text that leaves contributions unanswered: the public reason, {lang: text}.
    why_left = models.JSONField(default=dict)
    #: `answered`, `left`: contributions with and without a response and a reason; and by group, country, … from
    #: `count_figures`.
    figures = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.stage} {self.edition_id}"


class PublishedSection(models.Model):
    """A section of a version."""

    edition = models.ForeignKey(OutcomeEdition, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    title = models.JSONField(default=dict)
    origin = models.BigIntegerField()  # the working section's id, which identifies it across versions

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["edition", "number"], name="published_section")]

    def __str__(self) -> str:
        return f"{self.edition_id} §{self.number}"


class PublishedOutcomeParagraph(models.Model):
    """A paragraph of a version: its section, and the members' agreement."""

    paragraph = models.OneToOneField(PublishedParagraph, on_delete=models.CASCADE, related_name="outcome_paragraph")
    section = models.ForeignKey(PublishedSection, on_delete=models.CASCADE, related_name="outcome_paragraphs")
    agreement = models.CharField(max_length=10, choices=Agreement, default=Agreement.OPEN)

    def __str__(self) -> str:
        return f"{self.paragraph_id} {self.agreement}"


class PublishedObjection(models.Model):
    """A member's objection to a paragraph in brackets. The name is erased with the account."""

    outcome_paragraph = models.ForeignKey(
        PublishedOutcomeParagraph, on_delete=models.CASCADE, related_name="objections"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=2)  # the reason's

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"objection to {self.outcome_paragraph_id}"


class Trace(models.Model):
    """A response of a version's paragraph to a contribution, which it cites itself or through a statement.

    Written with the version, one row for each citation that leads there; the matrix, "where your words went" and the
    count of unanswered contributions all read it. If there are both, the direct citation counts.
    """

    edition = models.ForeignKey(OutcomeEdition, on_delete=models.CASCADE, related_name="traces")
    paragraph = models.ForeignKey(PublishedParagraph, on_delete=models.CASCADE, related_name="traces")
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="traces")
    cited = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")  # the edition of it that is cited
    #: The statement through which it is cited; None: it is cited itself.
    statement = models.ForeignKey(PublishedParagraph, null=True, on_delete=models.CASCADE, related_name="+")
    response = models.CharField(max_length=16, choices=Response, blank=True)
    reason = models.ForeignKey(PublishedReason, null=True, on_delete=models.SET_NULL, related_name="+")
    #: The contribution's, for the order of the matrix.
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["edition", "consultation", "number", "id"], name="trace_matrix"),
            models.Index(fields=["contribution", "edition"], name="trace_contribution"),
            models.Index(fields=["paragraph", "id"], name="trace_paragraph"),
        ]

    def __str__(self) -> str:
        return f"{self.contribution_id} in {self.paragraph_id}: {self.response}"


class Opening(models.Model):
    """A version opened for comment: a child consultation whose threads are its sections, and "What is missing?"."""

    edition = models.OneToOneField(OutcomeEdition, on_delete=models.CASCADE, related_name="opening")
    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="openings")
    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="opening")

    def __str__(self) -> str:
        return f"{self.edition_id} opened as {self.consultation_id}"


class SectionThread(models.Model):
    """The thread in which a section is commented on; without a section: "What is missing?"."""

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="threads")
    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="section_thread")
    section = models.ForeignKey(PublishedSection, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["opening"], name="one_thread_for_what_is_missing", condition=Q(section__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} on {self.section_id}"
