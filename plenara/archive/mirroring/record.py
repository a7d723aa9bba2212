"""What there is of a consultation: the numbers that its addresses are made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import batched

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q

from plenara.archive import told
from plenara.archive.exports import making
from plenara.archive.feeds import BLOCK, full_blocks
from plenara.archive.mirroring.outcomes import Outcomes
from plenara.consultations.models import Consultation
from plenara.contributions import campaigns
from plenara.contributions.models import LISTED, Edition, Paper
from plenara.contributions.reading import PAGE as THREAD_PAGE
from plenara.documents.models import DocumentEdition
from plenara.moderation.models import Decision
from plenara.moderation.register import PAGE as DECISIONS_PAGE
from plenara.summaries import compilation
from plenara.summaries.correcting import shown as corrections
from plenara.summaries.kind import NAME
from plenara.summaries.since import last_covered, new_since

#: A page of a list: the number with which its address begins it, and all the numbers on it.
type Pages = list[tuple[int, tuple[int, ...]]]


@dataclass(frozen=True)
class Told:
    """What is to be known of an edition to name its addresses."""

    number: int
    revision: int
    in_force: bool
    is_gone: bool
    symbol: str
    of_contribution: str  # the symbol without /Rev.1
    public_id: str
    paper_ending: str  # of the file that goes with it, where there is one that may be read


class Record:
    """The numbers in a consultation's record. Everything is asked as it stands in the snapshot around it."""

    def __init__(self, consultation: Consultation):
        self.consultation = consultation

    @cached_property
    def threads(self) -> dict[int, int]:
        """The keys of the threads, by number."""
        return dict(self.consultation.threads.order_by("number").values_list("number", "pk"))

    @cached_property
    def exports(self) -> list[str]:
        """The files of the whole record, which are made where they are not there."""
        return list(making.make(self.consultation).files)

    def editions(self) -> Iterator[Told]:
        """Yield every edition by number, some hundred in memory at a time."""
        has_words = ExpressionWrapper(Q(text__isnull=False) & ~Q(text__content=""), output_field=BooleanField())
        found = Edition.objects.filter(consultation=self.consultation).order_by("number", "revision")
        rows = found.annotate(has_words=has_words).values_list(
            "number", "revision", "in_force", "status", "symbol", "contribution__symbol", "contribution__public_id",
            "paper__media_type", "has_words",
        )  # fmt: skip
        for number, revision, in_force, status, symbol, of_contribution, public_id, media_type, words in rows.iterator(
            500
        ):
            is_gone = status != Edition.Status.PUBLISHED
            ending = ""
            if media_type is not None and words and not is_gone:
                ending = told.paper_name(Paper(media_type=media_type)).removeprefix("document.")
            yield Told(number, revision, in_force, is_gone, symbol, of_contribution or "", public_id or "", ending)

    def blocks(self, thread: int | None) -> list[int]:
        """Return the archive pages of a feed that hold anything."""
        last = full_blocks(self.consultation)
        found = Edition.objects.filter(consultation=self.consultation, in_force=True, number__lte=last * BLOCK)
        if thread is not None:
            found = found.filter(thread=self.threads[thread])
        held = found.annotate(block=(F("number") - 1) / BLOCK).values_list("block", flat=True).distinct()
        return sorted(int(block) + 1 for block in held.order_by("block"))

    def thread_pages(self, thread: int) -> Pages:
        """Return the pages of a thread, oldest first."""
        found = Edition.objects.filter(LISTED, thread=self.threads[thread]).order_by("root", "number")
        return _pages(found.values_list("number", flat=True).iterator(2_000), THREAD_PAGE)

    def decision_pages(self) -> Pages:
        """Return the pages of the register, newest first."""
        found = Decision.objects.filter(consultation=self.consultation).order_by("-number")
        return _pages(found.values_list("number", flat=True).iterator(2_000), DECISIONS_PAGE)

    @cached_property
    def campaigns(self) -> dict[int, int]:
        """How many pages of signatories there are, by the number of the contribution that leads."""
        led = Edition.objects.filter(consultation=self.consultation, in_force=True, campaign_of__isnull=False)
        led = led.filter(status=Edition.Status.PUBLISHED)
        counts = dict(led.values_list("campaign_of").annotate(Count("pk")).order_by("campaign_of"))
        leads = Edition.objects.filter(consultation=self.consultation, in_force=True, number__in=list(counts))
        leads = leads.filter(status=Edition.Status.PUBLISHED).order_by("number")
        return {number: -(-counts[number] // campaigns.PAGE) for number in leads.values_list("number", flat=True)}

    @cached_property
    def summary_editions(self) -> list[tuple[int, int]]:
        """(number, revision) of every edition of a summary."""
        found = DocumentEdition.objects.filter(consultation=self.consultation, kind=NAME)
        return list(found.order_by("number", "revision").values_list("number", "revision"))

    @cached_property
    def summaries(self) -> dict[int, int]:
        """The keys of the documents whose summaries are published, by number."""
        found = DocumentEdition.objects.filter(consultation=self.consultation, kind=NAME, in_force=True)
        return dict(found.order_by("number").values_list("number", "document_id"))

    def documents(self) -> Iterator[tuple[str, str]]:
        """Yield (symbol, what follows the consultation's address) of each summary and of every edition of it."""
        found = DocumentEdition.objects.filter(consultation=self.consultation, kind=NAME).order_by("number", "revision")
        for number, revision, in_force, symbol, whole in found.values_list(
            "number", "revision", "in_force", "symbol", "document__symbol"
        ):
            if in_force and whole:
                yield whole, f"summaries/{number}/"
            if symbol != whole:
                yield symbol, f"summaries/{number}/rev/{revision}/"

    @cached_property
    def outcomes(self) -> Outcomes:
        """The outcomes of the bodies whose home it is."""
        return Outcomes(self.consultation)

    def correction_pages(self, summary: int) -> Pages:
        """Return the pages of the requests for correction of a summary, oldest first."""
        found = corrections.public_ones(self.summaries[summary]).order_by("number")
        return _pages((number for number in found.values_list("number", flat=True) if number), corrections.PAGE)

    def since_pages(self) -> Iterator[int]:
        """Yield the numbers with which the further pages of what is new since the last summary begin."""
        last, start = last_covered(self.consultation), 0
        while following := new_since(self.consultation, last, start).next:
            yield following
            start = following

    def compiled_pages(self) -> Iterator[tuple[int, int]]:
        """Yield (question, summary that begins the page) of the pages of the compilation; 0 for a first one."""
        threads = list(self.consultation.threads.all())
        for number in compilation.counts(self.consultation):
            start: int | None = 0
            while start is not None:
                yield number, start
                _parts, start = compilation.of_thread(self.consultation, threads, number, start)


def _pages(numbers: Iterable[int], size: int) -> Pages:
    return [(members[0], members) for members in batched(numbers, size)]
