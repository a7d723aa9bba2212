"""A version of an outcome as a paper: its sections and paragraphs with notes, and its printer."""

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Prefetch, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation
from plenara.core.languages import NAMES, current, django_code, in_language, join_sentences
from plenara.core.templatetags.plenara import isolated, number
from plenara.documents.actions.printed_files import Printer
from plenara.documents.models import (
    DocumentEdition,
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedReference,
    PublishedRendition,
    PublishedText,
    Response,
    Side,
)
from plenara.documents.presenters.editions import (
    address_passage,
    licence_passage,
    published_in_words,
    translation_notices,
)
from plenara.documents.presenters.noted_paragraphs import (
    Noted,
    NotedParagraphs,
    cited_by,
    kind_in_words,
    shown_texts,
)
from plenara.documents.presenters.paper import (
    Block,
    Heading,
    Name,
    Note,
    Paper,
    Passage,
    Point,
    Table,
    Words,
    anchor_of,
    localized,
    passage,
    words_in,
)
from plenara.outcomes.kind import NAME
from plenara.outcomes.models import (
    Agreement,
    Outcome,
    OutcomeEdition,
    PublishedObjection,
    PublishedOutcomeParagraph,
    PublishedSection,
)
from plenara.outcomes.presenters.outcomes import (
    body_name,
    outcome_name,
    signature_sentences,
    stage_of,
    statement_label,
    statement_url,
    title_of,
)
from plenara.outcomes.queries.consultations import cache_tags_behind

#: Notes of one paper. If there are more, each paragraph has the first ones and the number of the others.
MOST_NOTES = 600


def notes_per_paragraph(paragraphs: Iterable[int]) -> int:
    """Return how many notes each of some paragraphs may have in one paper; 0: all. Two queries."""
    ids = list(paragraphs)
    cited = PublishedCitation.objects.filter(paragraph__in=ids).count()
    cited += PublishedReference.objects.filter(paragraph__in=ids).count()
    return 0 if cited <= MOST_NOTES else max(1, MOST_NOTES // len(ids))


@dataclass
class NotedResponses(NotedParagraphs):
    """Paragraphs of outcomes and summaries with their citations, responses and reasons."""

    #: Contributions that the same paper has in full: notes link to them.
    whole: frozenset[int] = frozenset()
    #: Notes of each paragraph on contributions, and on statements; 0: all.
    most: int = 0
    #: The prefix of the paragraphs' anchors; with one, each paragraph shows its document.
    prefix: str = ""

    def read(self, paragraphs: QuerySet[PublishedParagraph]) -> QuerySet[PublishedParagraph]:
        references = PublishedReference.objects.select_related("statement__edition__consultation", "reason__edition")
        if self.most:
            paragraphs = paragraphs.annotate(count=Count("citations"))
            references = references[: self.most]
        return (
            super()
            .read(paragraphs)
            .select_related("outcome_paragraph__section")
            .prefetch_related(
                Prefetch("references", references, to_attr="referred_to"),
                Prefetch("referred_to__statement__texts", shown_texts()),  # type: ignore[misc]
                "outcome_paragraph__objections",
            )
        )

    def citations(self) -> QuerySet[PublishedCitation]:
        found = super().citations().select_related("reason__edition")
        return found[: self.most] if self.most else found

    def anchor(self, it: PublishedParagraph) -> str:
        return f"{self.prefix}{super().anchor(it)}"

    def body(self, it: PublishedParagraph, text: PublishedText) -> str:
        outcome_paragraph = _outcome_paragraph(it)
        return (
            f"[{text.text}]" if outcome_paragraph and outcome_paragraph.agreement == Agreement.BRACKETED else text.text
        )

    def holder(self, it: PublishedParagraph, side: str) -> str:
        """Return a paragraph's state, kind and number of further citations: "agreed · Recommendation"."""
        if side != Side.HELD:
            return ""
        outcome_paragraph = _outcome_paragraph(it)
        state = [str(Agreement(outcome_paragraph.agreement).label), kind_in_words(it)] if outcome_paragraph else []
        return " · ".join(filter(None, [*state, self._further(it)]))

    def source(self, it: PublishedParagraph) -> str:
        return f"{statement_label(it)} ({it.edition.symbol})" if self.prefix else ""

    def objections(self, it: PublishedParagraph) -> tuple[Point, ...]:
        outcome_paragraph = _outcome_paragraph(it)
        return tuple(_objection(each) for each in outcome_paragraph.objections.all()) if outcome_paragraph else ()

    def _further(self, it: PublishedParagraph) -> str:
        rest = it.count - len(cited_by(it)) if self.most else 0  # type: ignore[attr-defined]
        if rest <= 0:
            return ""
        sentence = ngettext(
            "%(count)s further contribution in the list of responses",
            "%(count)s further contributions in the list of responses",
            rest,
        )
        return sentence % {"count": number(rest)}

    def add_notes(self, it: PublishedParagraph, citations: list[PublishedCitation], anchor: str) -> Iterator[int]:
        """Add a note for each citation, with its response and reason, and yield their numbers."""
        for each, made in zip(citations, super().add_notes(it, citations, anchor), strict=True):
            contribution = each.edition.contribution_id
            self.notes[-1] = dataclasses.replace(
                self.notes[-1],
                response=_response(each.response),
                reason=_reason(each.reason),
                whole=anchor_of(each.edition) if contribution in self.whole else "",
            )
            yield made

    def add_references(self, it: PublishedParagraph, anchor: str) -> Iterator[int]:
        for each in it.referred_to:  # type: ignore[attr-defined]
            statement = each.statement
            number = len(self.notes) + 1
            self.notes.append(
                Note(
                    number=number,
                    anchor=anchor,
                    statement=it.public_number,
                    symbol=statement.edition.symbol,
                    address=f"{settings.SITE_URL}{statement_url(statement)}",
                    byline=(Name(statement_label(statement)), Name(statement.edition.symbol, is_own=True)),
                    words=localized(in_language({text.language: text.text for text in statement.texts.all()})),
                    response=_response(each.response),
                    reason=_reason(each.reason),
                )
            )
            yield number

    def response_notes(self) -> list[Block]:
        """Return the notes with their heading."""
        return self.note_blocks(_("Notes: sources and responses"))


def _outcome_paragraph(it: PublishedParagraph) -> PublishedOutcomeParagraph | None:
    """Return the section and agreement of an outcome's paragraph; None for a summary's."""
    return getattr(it, "outcome_paragraph", None)


def _objection(it: PublishedObjection) -> Point:
    label = _("Objection by %(name)s") % {"name": isolated(it.name)} if it.name else _("Objection by a member")
    return Point(words_in(it.reason, it.language), label=label)


def _response(code: str) -> str:
    return str(Response(code).label) if code in Response.values else ""


def _reason(it: PublishedReason | None) -> Words | None:
    return localized(in_language(it.words())) if it else None


def outcome_paper(edition: DocumentEdition, language: str) -> Paper:
    """Return a version of an outcome as a paper in a language. `edition` comes with `RELATED`.

    Fifteen queries, whatever its length.
    """
    with translation.override(django_code(language)):
        version: OutcomeEdition = edition.outcome
        renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
        rendition = renditions.get(language, renditions[edition.source_language])
        title, body = title_of(renditions, edition.source_language), body_name(version.outcome.body)
        noted = NotedResponses(most=notes_per_paragraph(edition.paragraphs.values_list("pk", flat=True)))
        noted.add(edition.paragraphs.order_by("number"))
        blocks = [
            *sections(version, noted.statements),
            *noted.response_notes(),
            *_answered(version),
            *_about(version, renditions),
        ]
        return Paper(
            language=language,
            symbol=edition.symbol,
            eyebrow=stage_of(version),
            title=localized(title) if title.text else Words(outcome_name(version, title)),
            author=installation().name,
            about=body.text,
            dated_at=rendition.published_at or edition.published_at or edition.minted_at,
            head=tuple(_head(version, rendition, len(noted.statements))),
            blocks=tuple(blocks),
        )


#: Relations of an edition that its paper reads.
RELATED = ("outcome__outcome__body__consultation",)


def sections(version: OutcomeEdition, statements: Iterable[Noted], *, level: int = 2) -> Iterator[Block]:
    """Yield each section of a version with its paragraphs, or a sentence that it has none."""
    under: dict[int, list[Block]] = {}
    for paragraph, statement in statements:
        under.setdefault(paragraph.outcome_paragraph.section_id, []).append(statement)
    for each in PublishedSection.objects.filter(edition=version):
        title = in_language(each.title)
        yield Heading(words_in(f"{each.number}. {title.text}", title.language), level=level)
        yield from under.get(each.pk, [passage(_("This section has no text yet."), "soft")])


def _head(version: OutcomeEdition, rendition: PublishedRendition, count: int) -> Iterator[Passage]:
    edition = version.edition
    yield Passage(localized(body_name(version.outcome.body)), "lede")
    sentence = ngettext(
        "%(count)s paragraph. Its notes list the sources, how the paragraph responds to them and why.",
        "%(count)s paragraphs. The notes to each paragraph list its sources, how it responds to them and why.",
        count,
    )
    yield passage(sentence % {"count": number(count)})
    signed = signature_sentences(version, list(edition.signatures.all()))
    yield passage(join_sentences(*signed, published_in_words(edition)), "soft")
    yield from translation_notices(
        rendition, _("This text is not available in %(asked)s yet. You are reading the original (%(shown)s).")
    )


def _answered(version: OutcomeEdition) -> Iterator[Block]:
    """Yield how many contributions have a response and a reason, and why others have none."""
    answered, left = (int(version.figures.get(name, 0)) for name in ("answered", "left"))
    if not answered and not left:
        return
    yield Heading(Words(pgettext("label", "Contributions answered")), anchor="answered")
    sentence = ngettext(
        "%(answered)s of %(all)s contribution has a response with a reason.",
        "%(answered)s of %(all)s contributions have a response with a reason.",
        answered + left,
    )
    yield passage(sentence % {"answered": number(answered), "all": number(answered + left)})
    why = in_language(version.why_left)
    if left and why.text:
        yield passage(_("Why the other contributions have no response:"), "soft")
        yield Passage(localized(why))


def _about(version: OutcomeEdition, renditions: dict[str, PublishedRendition]) -> Iterator[Block]:
    edition = version.edition
    yield Heading(Words(pgettext("label", "In six languages")))
    yield Table(
        _("State of this text in each language"),
        (pgettext("label", "Language"), pgettext("label", "State")),
        tuple((name, _rendered(renditions.get(code), edition, code)) for code, name in NAMES.items()),
    )
    yield Heading(Words(_("Where to find this document")))
    page = f"{settings.SITE_URL}/{current()}/{edition.address}"
    yield address_passage(
        pgettext("label", "Permanent address: %(address)s"), f"{settings.SITE_URL}/s/{edition.symbol}"
    )
    yield address_passage(_("Page: %(address)s"), page)
    yield address_passage(_("Responses to each contribution: %(address)s"), f"{page}matrix/")
    yield licence_passage(edition.consultation)


def _rendered(rendition: PublishedRendition | None, edition: DocumentEdition, code: str) -> str:
    if rendition is None:
        return pgettext("label", "not available yet")
    if code == edition.source_language:
        return pgettext("label", "original, published")
    return pgettext("label", "outdated") if rendition.outdated else pgettext("label", "published")


def cache_tags(consultation: Consultation) -> list[str]:
    """Return the cache tags of all consultations that the outcomes of a consultation cite. One query."""
    return cache_tags_behind(Outcome.objects.filter(body__consultation=consultation).values("pk"), consultation)


PRINTER = Printer(
    kind=NAME,
    package="outcomes",
    folder="outcomes.files",
    paper=outcome_paper,
    cache_tags=cache_tags,
    related=RELATED,
)
