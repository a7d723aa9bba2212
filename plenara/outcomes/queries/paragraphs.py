"""Published paragraphs in the reader's language with their citations, and one paragraph over all versions."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Prefetch, Q

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.languages import Localized, current, in_language
from plenara.documents.models import (
    DocumentEdition,
    Kind,
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedReference,
    PublishedRendition,
    PublishedText,
    Response,
)
from plenara.documents.queries.editions import ADDED, CHANGED, GONE, SAME, Quote, Words, quote_of, words_in
from plenara.outcomes.models import Agreement, OutcomeEdition, PublishedObjection, Trace
from plenara.outcomes.presenters.outcomes import stage_of, statement_label, statement_url
from plenara.outcomes.queries.versions import Place, version_url


@dataclass(frozen=True)
class Step:
    """A paragraph in one version, compared with the one before."""

    version: OutcomeEdition
    stage: str
    url: str  # permanent, in that version; blank if the paragraph is not in it
    what: str  # `added`, `gone`, `changed` or `same`
    before: str
    after: str
    language: str
    is_original: bool
    agreement: str  # blank if the paragraph is not in it
    section_was: dict[str, str] | None  # if it has moved
    section: dict[str, str] | None

    @property
    def state_word(self) -> str:
        return str(Agreement(self.agreement).label) if self.agreement else ""


def steps_of(place: Place, mark: int) -> list[Step]:
    """Return the versions that have a paragraph, and the one that no longer has it, the last one first."""
    texts = PublishedText.objects.filter(
        rendition__in_force=True, language__in={current(), place.version.edition.source_language}
    )
    found = PublishedParagraph.objects.filter(
        edition__in=[each.edition_id for each in place.versions], mark=mark
    ).select_related("outcome_paragraph__section")
    by_edition = {each.edition_id: each for each in found.prefetch_related(Prefetch("texts", texts))}
    steps: list[Step] = []
    was: PublishedParagraph | None = None
    for version in place.versions:
        now = by_edition.get(version.edition_id)
        if was or now:
            steps.append(_step(version, was, now, mark))
        was = now
    return steps[::-1]


def _step(version: OutcomeEdition, was: PublishedParagraph | None, now: PublishedParagraph | None, mark: int) -> Step:
    source = version.edition.source_language
    before, after, language = _words(was, now, source)
    section_was, section = (each.outcome_paragraph.section if each else None for each in (was, now))
    has_moved = bool(section_was and section and section_was.origin != section.origin)
    return Step(
        version=version,
        stage=stage_of(version),
        url=f"{version_url(version)}paragraphs/{mark}/" if now else "",
        what=ADDED if was is None else GONE if now is None else SAME if before == after else CHANGED,
        before=before,
        after=after,
        language=language,
        is_original=language != current(),
        agreement=now.outcome_paragraph.agreement if now else "",
        section_was=section_was.title if has_moved and section_was else None,
        section=section.title if section else None,
    )


def _words(was: PublishedParagraph | None, now: PublishedParagraph | None, source: str) -> tuple[str, str, str]:
    """Return the words before and after, in the reader’s language if both translations are up to date."""
    for language in (current(), source):
        before, after = (words_in(each, language, source) for each in (was, now))
        if before is not None and after is not None:
            return _joined(before), _joined(after), language
    return "", "", source


def _joined(words: Words) -> str:
    return "\n\n".join(filter(None, [words.heading, words.text]))


#: Characters of context around the words cited: none on a page with many paragraphs.
CONTEXT = 30


@dataclass(frozen=True)
class ReasonedResponse:
    """A response to a citation with its reason, in the reader's language or else in the original."""

    value: str  # of `Response`
    reason: Localized | None

    @property
    def word(self) -> str:
        return str(Response(self.value).label) if self.value in Response.values else self.value

    @property
    def mark(self) -> str:
        """The class of its mark."""
        return MARKS.get(self.value, "none")


#: The CSS class of the mark of a response.
MARKS: dict[str, str] = {
    Response.TAKEN_UP: "open",
    Response.IN_PART: "open half",
    Response.NOTED: "none",
    Response.NOT_TAKEN_UP: "stop none",
}


@dataclass(frozen=True)
class CitedEdition:
    """A contribution that a paragraph cites."""

    quote: Quote
    slug: str  # its consultation's
    response: ReasonedResponse


@dataclass(frozen=True)
class CitedStatement:
    """A statement of a summary, or a paragraph of another outcome, that a paragraph cites."""

    label: str
    url: str  # its permanent address
    words: Localized
    is_superseded: bool  # another edition of its document is in force
    response: ReasonedResponse


@dataclass(frozen=True)
class ReadParagraph:
    """A published paragraph of an outcome as a reader sees it."""

    pk: int
    number: int  # permanent
    kind: str
    heading: str
    text: str
    language: str
    is_outdated: bool  # its source has changed since it was translated
    is_untranslated: bool
    agreement: str
    objections: list[PublishedObjection] = field(default_factory=list)
    cited: list[CitedEdition] = field(default_factory=list)
    statements: list[CitedStatement] = field(default_factory=list)
    citations: int = 0  # of contributions, all of them
    responses: list[tuple[ReasonedResponse, int]] = field(default_factory=list)  # with the number of contributions
    rests_on_gone: bool = False  # on a withdrawn or removed contribution

    @property
    def is_frame(self) -> bool:
        return self.kind == Kind.FRAME

    @property
    def kind_label(self) -> str:
        return str(dict(Kind.choices).get(self.kind, self.kind))

    @property
    def is_bracketed(self) -> bool:
        return self.agreement == Agreement.BRACKETED

    @property
    def state(self) -> str:
        """The class of its mark."""
        return {Agreement.AGREED: "open", Agreement.BRACKETED: "wait half"}.get(Agreement(self.agreement), "none")

    @property
    def state_word(self) -> str:
        return str(Agreement(self.agreement).label)

    @property
    def beads(self) -> list[CitedEdition]:
        """One citation of each quoted contribution."""
        return list({(each.slug, each.quote.number): each for each in self.cited}.values())

    @property
    def more(self) -> int:
        """The number of citations that are not quoted here."""
        return self.citations - len(self.cited)


def renditions_of(edition: DocumentEdition) -> dict[str, PublishedRendition]:
    """Return the renditions in force, by language. One query."""
    return {each.language: each for each in edition.renditions.filter(in_force=True)}


def read_paragraphs(
    edition: DocumentEdition,
    renditions: dict[str, PublishedRendition],
    language: str,
    chosen: Iterable[int],
    *,
    quoted: int,
    context: int = CONTEXT,
) -> list[ReadParagraph]:
    """Return the paragraphs with these keys, in their order, as read in a language. Eight queries."""
    source = renditions[edition.source_language]
    rendition = renditions.get(language, source)
    paragraphs = list(_with_all(edition, language, {rendition.pk, source.pk}, list(chosen), quoted))
    responses = _responses(each.pk for each in paragraphs)
    citations = dict(
        PublishedCitation.objects.filter(paragraph__in=paragraphs).values_list("paragraph").annotate(Count("pk"))
    )
    slugs = dict(
        Consultation.objects.filter(
            pk__in={cited.edition.consultation_id for each in paragraphs for cited in each.citations.all()}
        ).values_list("pk", "slug")
    )
    return [
        _read(each, rendition, source, language, citations, responses.get(each.pk, []), slugs, context)
        for each in paragraphs
    ]


def _with_all(edition: DocumentEdition, language: str, renditions: set[int], chosen: list[int], quoted: int):  # type: ignore[no-untyped-def]
    cited = PublishedCitation.objects.select_related("edition__text", "edition__byline", "reason")
    references = PublishedReference.objects.select_related("statement__edition__consultation", "reason")
    in_words = Q(language=language) | Q(language=F("paragraph__edition__source_language"))
    return (
        PublishedParagraph.objects.filter(edition=edition, pk__in=chosen)
        .select_related("outcome_paragraph")
        .order_by("number")
        .prefetch_related(
            Prefetch("texts", PublishedText.objects.filter(rendition__in=renditions)),
            Prefetch("citations", cited.filter(position__lte=quoted).order_by("position")),
            Prefetch("references", references.filter(position__lte=quoted).order_by("position")),
            Prefetch("references__statement__texts", PublishedText.objects.filter(in_words, rendition__in_force=True)),
            "outcome_paragraph__objections",
        )
    )


def _responses(paragraphs: Iterable[int]) -> dict[int, list[tuple[str, int, int]]]:
    """Return by paragraph: response, number of contributions, and number of removed ones among them."""
    rows = Trace.objects.filter(paragraph__in=list(paragraphs)).values_list("paragraph", "response")
    is_gone = ~Q(cited__status=Edition.Status.PUBLISHED)
    found: dict[int, list[tuple[str, int, int]]] = {}
    for paragraph, response, count, gone in rows.annotate(
        count=Count("contribution", distinct=True), gone=Count("contribution", filter=is_gone)
    ).order_by("paragraph", "response"):
        found.setdefault(paragraph, []).append((response, count, gone))
    return found


def _read(
    paragraph: PublishedParagraph,
    rendition: PublishedRendition,
    source: PublishedRendition,
    language: str,
    citations: dict[int, int],
    responses: list[tuple[str, int, int]],
    slugs: dict[int, str],
    context: int,
) -> ReadParagraph:
    texts = {text.rendition_id: text for text in paragraph.texts.all()}
    original, translated = texts.get(source.pk), texts.get(rendition.pk)
    text = translated or original
    order = list(Response.values)
    known = sorted(responses, key=lambda each: order.index(each[0]) if each[0] in order else len(order))
    return ReadParagraph(
        pk=paragraph.pk,
        number=paragraph.public_number,
        kind=paragraph.kind,
        heading=text.heading if text else "",
        text=text.text if text else "",
        language=text.language if text else source.language,
        is_outdated=bool(translated and original and translated.source_digest != original.source_digest),
        is_untranslated=translated is None and rendition.pk != source.pk,
        agreement=paragraph.outcome_paragraph.agreement,
        objections=list(paragraph.outcome_paragraph.objections.all()),
        cited=[
            CitedEdition(
                quote_of(each, context),
                slugs[each.edition.consultation_id],
                reasoned_response(each.response, each.reason, source.language, language),
            )
            for each in paragraph.citations.all()
        ],
        statements=[_statement(each, source.language, language) for each in paragraph.references.all()],
        citations=citations.get(paragraph.pk, 0),
        responses=[(ReasonedResponse(response, None), count) for response, count, _gone in known if response],
        rests_on_gone=any(gone for _response, _count, gone in responses),
    )


def reasoned_response(response: str, reason: PublishedReason | None, source: str, language: str) -> ReasonedResponse:
    """Return a response with its reason in a language, or else in the version's own."""
    if reason is None:
        return ReasonedResponse(response, None)
    words = {source: reason.text, **reason.texts}
    return ReasonedResponse(
        response, Localized(words[language], language) if words.get(language) else Localized(reason.text, source)
    )


def _statement(reference: PublishedReference, source: str, language: str) -> CitedStatement:
    it = reference.statement
    return CitedStatement(
        label=statement_label(it),
        url=statement_url(it),
        words=in_language({each.language: each.text or each.heading for each in it.texts.all()}, language),
        is_superseded=not it.edition.in_force,
        response=reasoned_response(reference.response, reference.reason, source, language),
    )
