"""Where words went: the published paragraphs that cite given editions."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from plenara.core.languages import current
from plenara.documents.kinds import kind_of
from plenara.documents.models import PublishedCitation, PublishedText, Side


@dataclass(frozen=True)
class Place:
    """A published paragraph that cites an edition: where it stands, and what it says."""

    kind: str
    document: int  # the document's number
    symbol: str
    number: int  # the paragraph's
    slug: str  # the consultation's
    words: str  # the words cited
    text: str  # the paragraph's, in `language`; of a disagreement, the side for which they are cited
    language: str
    treatment: str = ""  # `Treatment`, of an outcome
    address: str = ""  # of a document that does not stand under its consultation

    @property
    def label(self) -> str:
        """What a link to it says: "Cited in Summary 2, statement 7"."""
        return kind_of(self.kind).place(self.document, self.number)

    @property
    def url(self) -> str:
        """Where it stands."""
        return f"{kind_of(self.kind).url(self.slug, self.document, address=self.address)}#s{self.number}"


def cited_in(edition_ids: Iterable[int], language: str | None = None) -> dict[int, list[Place]]:
    """Return, by edition id, the paragraphs in force that cite it, in the order of documents and numbers.

    Their words are in `language` (default: the active one) where they are published in it, else in their source's.
    One query.
    """
    texts = PublishedText.objects.filter(paragraph=OuterRef("paragraph"), rendition__in_force=True)
    mine = texts.filter(language=language or current())
    source = texts.filter(language=OuterRef("paragraph__edition__source_language"))
    rows = (
        PublishedCitation.objects.filter(edition_id__in=list(edition_ids), paragraph__edition__in_force=True)
        .annotate(
            held=Coalesce(Subquery(mine.values("text")[:1]), Subquery(source.values("text")[:1])),
            against=Coalesce(Subquery(mine.values("against")[:1]), Subquery(source.values("against")[:1])),
            shown=Case(When(Q(side=Side.AGAINST) & ~Q(against=""), then=F("against")), default=F("held")),
            told_as=Coalesce("paragraph__mark", "paragraph__number"),
            shown_in=Coalesce(Subquery(mine.values("language")[:1]), F("paragraph__edition__source_language")),
        )
        .order_by(
            F("paragraph__edition__published_at").asc(nulls_last=True),
            "paragraph__edition__symbol",
            "paragraph__number",
            "position",
        )
        .values_list(
            "edition_id",
            "paragraph__edition__kind",
            "paragraph__edition__number",
            "paragraph__edition__symbol",
            "told_as",
            "paragraph__edition__consultation__slug",
            "words",
            "shown",
            "shown_in",
            "treatment",
            "paragraph__edition__address",
        )
    )
    found: dict[int, list[Place]] = {}
    for edition, *place in rows:
        found.setdefault(edition, []).append(Place(*place))
    return found
