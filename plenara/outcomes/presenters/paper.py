"""A version of an outcome as a paper: its sections and paragraphs with their notes, and how it is printed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.core.languages import NAMES, current, django_code, in_language
from plenara.core.templatetags.plenara import date_in_words, language_name, number
from plenara.core.vocabulary import licence_name
from plenara.documents.models import (
    DocumentEdition,
    Kind,
    PublishedCitation,
    PublishedParagraph,
    PublishedReason,
    PublishedReference,
    PublishedRendition,
    PublishedText,
    Side,
    Treatment,
)
from plenara.documents.presenters import paper
from plenara.documents.presenters.paper import (
    Block,
    Heading,
    Name,
    Note,
    Notes,
    Paper,
    Passage,
    Point,
    Table,
    Words,
    anchor_of,
    isolated,
    words_in,
)
from plenara.documents.printed_files import Printer
from plenara.outcomes.kind import NAME
from plenara.outcomes.models import (
    Agreement,
    Outcome,
    OutcomeEdition,
    PublishedObjection,
    PublishedSection,
    PublishedStand,
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

#: Notes that a paper has. Of more, each paragraph has the first ones, and says where the others are told.
MOST_NOTES = 600


def notes_per_paragraph(paragraphs: Iterable[int]) -> int:
    """Return the notes that each of some paragraphs may have in one paper; 0: all of them. Two queries."""
    ids = list(paragraphs)
    cited = PublishedCitation.objects.filter(paragraph__in=ids).count()
    cited += PublishedReference.objects.filter(paragraph__in=ids).count()
    return 0 if cited <= MOST_NOTES else max(1, MOST_NOTES // len(ids))


@dataclass
class NotedParagraphs:
    """Paragraphs in their order, and the notes to them in the order of their numbers."""

    statements: list[tuple[PublishedParagraph, paper.Statement]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    #: Contributions that are in full in the same paper: notes lead there.
    whole: frozenset[int] = frozenset()
    #: Contributions that each paragraph cites in a note, and statements; 0: all.
    most: int = 0

    def add(self, paragraphs: QuerySet[PublishedParagraph], *, prefix: str = "") -> list[PublishedParagraph]:
        """Tell more paragraphs. With a prefix, for anchors, each says where it stands."""
        found = list(_with_all(paragraphs, self.most))
        attach_byline_statuses(citation.edition for each in found for citation in each.cited)  # type: ignore[attr-defined]
        for each in found:
            if statement := self._statement(each, prefix):
                self.statements.append((each, statement))
        return found

    def _statement(self, it: PublishedParagraph, prefix: str) -> paper.Statement | None:
        texts = {text.language: text for text in it.texts.all()}
        source = texts.get(it.edition.source_language)
        text = texts.get(current()) or source
        if text is None:
            return None
        stand = getattr(it, "stand", None)
        anchor = f"{prefix}s{it.public_number}"
        sided = next((one for one in (text, source) if one and one.against), None)
        cited: list[PublishedCitation] = it.cited  # type: ignore[attr-defined]
        against = [each for each in cited if sided and each.side == Side.AGAINST]
        held = [each for each in cited if each not in against]
        body = f"[{text.text}]" if stand and stand.agreement == Agreement.BRACKETED else text.text
        first = paper.Side(
            words_in(body, text.language),
            (*self._notes(held, anchor, it.public_number), *self._references(it, anchor)),
            label=str(Side.HELD.label) if sided else "",
            holder=" · ".join(filter(None, [_state(it, stand), self._further(it)])),
        )
        sides = [first]
        if sided:
            numbers = tuple(self._notes(against, anchor, it.public_number))
            sides.append(paper.Side(words_in(sided.against, sided.language), numbers, label=str(Side.AGAINST.label)))
        return paper.Statement(
            number=it.public_number,
            anchor=anchor,
            sides=tuple(sides),
            kind=_kind(it),
            is_frame=it.kind == Kind.FRAME,
            heading=words_in(text.heading, text.language) if text.heading else None,
            source=f"{statement_label(it)} ({it.edition.symbol})" if prefix else "",
            remarks=tuple(_remarks(text, source)),
            said=tuple(_objection(each) for each in stand.objections.all()) if stand else (),
        )

    def _further(self, it: PublishedParagraph) -> str:
        """Say that a paragraph cites more than its notes tell."""
        rest = it.count - len(it.cited) if self.most else 0  # type: ignore[attr-defined]
        if rest <= 0:
            return ""
        said = ngettext(
            "%(count)s further contribution in the traceability matrix",
            "%(count)s further contributions in the traceability matrix",
            rest,
        )
        return said % {"count": number(rest)}

    def _notes(self, citations: list[PublishedCitation], anchor: str, number: int) -> Iterator[int]:
        """Add a note for each citation, with its treatment and reason, and yield their numbers."""
        for each, made in zip(citations, paper.notes_of(citations, self.notes, anchor, number), strict=True):
            edition = each.edition
            self.notes[-1] = paper.treated(
                self.notes[-1],
                _response(each.treatment),
                _reason(each.reason),
                anchor_of(edition) if edition.contribution_id in self.whole else "",
            )
            yield made

    def _references(self, it: PublishedParagraph, anchor: str) -> Iterator[int]:
        """Add a note for each statement or paragraph of another document that is cited."""
        for each in it.referred_to:  # type: ignore[attr-defined]
            statement = each.statement
            texts = {text.language: text.text for text in statement.texts.all()}
            said = in_language(texts)
            number = len(self.notes) + 1
            self.notes.append(
                Note(
                    number=number,
                    anchor=anchor,
                    statement=it.public_number,
                    symbol=statement.edition.symbol,
                    address=f"{settings.SITE_URL}{statement_url(statement)}",
                    byline=(Name(statement_label(statement)), Name(statement.edition.symbol, is_own=True)),
                    words=words_in(said.text, said.language),
                    treatment=_response(each.treatment),
                    reason=_reason(each.reason),
                )
            )
            yield number


def _with_all(paragraphs: QuerySet[PublishedParagraph], most: int) -> Iterable[PublishedParagraph]:
    in_words = Q(language=current()) | Q(language=F("paragraph__edition__source_language"))
    texts = PublishedText.objects.filter(in_words, rendition__in_force=True)
    cited = PublishedCitation.objects.select_related("edition__text", "edition__byline", "reason__edition")
    references = PublishedReference.objects.select_related("statement__edition__consultation", "reason__edition")
    cited, references = cited.order_by("position"), references.order_by("position")
    if most:
        paragraphs = paragraphs.annotate(count=Count("citations"))
        cited, references = cited[:most], references[:most]
    return paragraphs.select_related("edition__consultation", "stand__section", "thread").prefetch_related(
        Prefetch("texts", texts),
        Prefetch("citations", cited, to_attr="cited"),
        Prefetch("references", references, to_attr="referred_to"),
        Prefetch("referred_to__statement__texts", texts),  # type: ignore[misc]
        "stand__objections",
    )


def _kind(it: PublishedParagraph) -> str:
    return str(Kind(it.kind).label) if it.kind in Kind.values and it.kind != Kind.FRAME else ""


def _state(it: PublishedParagraph, stand: PublishedStand | None) -> str:
    """Return where a paragraph of an outcome stands, and what it is: "agreed · Recommendation"."""
    if stand is None:
        return ""
    return " · ".join(filter(None, [str(Agreement(stand.agreement).label), _kind(it)]))


def _objection(it: PublishedObjection) -> Point:
    who = Name(it.name, is_own=True) if it.name else Name(pgettext("of a body", "A member"))
    return Point(words_in(it.reason, it.language), byline=(who,), label=_("Objection by"))


def _remarks(text: PublishedText, source: PublishedText | None) -> Iterator[str]:
    if text.language != current():
        yield _("not translated yet")
    elif source and text.source_digest != source.source_digest:
        yield _("outdated: the original has changed")


def _response(code: str) -> str:
    return str(Treatment(code).label) if code in Treatment.values else ""


def _reason(it: PublishedReason | None) -> paper.Words | None:
    if it is None:
        return None
    found = in_language(it.words())
    return words_in(found.text, found.language)


def outcome_paper(edition: DocumentEdition, language: str) -> Paper:
    """Return a version of an outcome as it is shown in a language. `edition` comes with `RELATED`.

    Fifteen queries, whatever its length.
    """
    with translation.override(django_code(language)):
        version: OutcomeEdition = edition.outcome
        renditions = {each.language: each for each in edition.renditions.all() if each.in_force}
        rendition = renditions.get(language, renditions[edition.source_language])
        title, body = title_of(renditions, edition.source_language), body_name(version.outcome.body)
        noted = NotedParagraphs(most=notes_per_paragraph(edition.paragraphs.values_list("pk", flat=True)))
        noted.add(edition.paragraphs.order_by("number"))
        blocks = list(sections(version, noted))
        if noted.notes:
            blocks += [Heading(Words(_("Notes: what is cited, and how it is treated")), anchor="notes")]
            blocks += [Notes(tuple(noted.notes))]
        blocks += _answered(version)
        blocks += _about(version, renditions)
        return Paper(
            language=language,
            symbol=edition.symbol,
            eyebrow=stage_of(version),
            title=words_in(outcome_name(version, title), title.language)
            if title.text
            else Words(outcome_name(version, title)),
            author=installation().name,
            about=body.text,
            dated_at=rendition.published_at or edition.published_at or edition.minted_at,
            head=tuple(_head(version, rendition, len(noted.statements))),
            blocks=tuple(blocks),
        )


#: What of an edition its paper needs.
RELATED = ("outcome__outcome__body__consultation",)


def sections(version: OutcomeEdition, noted: NotedParagraphs, *, level: int = 2) -> Iterator[Block]:
    """Yield each section of a version with its paragraphs, and that nothing stands there where that is so."""
    under: dict[int, list[Block]] = {}
    for paragraph, statement in noted.statements:
        under.setdefault(paragraph.stand.section_id, []).append(statement)
    for each in PublishedSection.objects.filter(edition=version):
        title = in_language(each.title)
        yield Heading(words_in(f"{each.number}. {title.text}", title.language), level=level)
        yield from under.get(each.pk, [Passage(Words(_("Nothing stands here yet.")), "soft")])


def _head(version: OutcomeEdition, rendition: PublishedRendition, count: int) -> Iterator[Passage]:
    edition, body = version.edition, body_name(version.outcome.body)
    yield Passage(words_in(body.text, body.language), "lede")
    yield Passage(
        Words(
            ngettext(
                "%(count)s paragraph. Its notes say what it rests on, how it treats that and why.",
                "%(count)s paragraphs. The notes to each say what it rests on, how it treats that and why.",
                count,
            )
            % {"count": number(count)}
        )
    )
    published = (
        _("Published on %(date)s.") % {"date": date_in_words(edition.published_at)}
        if edition.published_at
        else _("Undated.")
    )
    yield Passage(Words(" ".join([*signature_sentences(version, list(edition.signatures.all())), published])), "soft")
    if rendition.language != current():
        yield Passage(
            Words(
                _("This text is not there in this language yet (%(asked)s). You read the original (%(shown)s).")
                % {"asked": language_name(current()), "shown": language_name(rendition.language)}
            ),
            "notice",
        )
    elif rendition.outdated:
        yield Passage(
            Words(_("The original has changed since this was translated. What is outdated is marked.")), "notice"
        )
    if rendition.origin == "machine":
        yield Passage(Words(_("Machine translation, reviewed by a person.")), "notice")


def _answered(version: OutcomeEdition) -> Iterator[Block]:
    """Yield how many contributions have a treatment and a reason, and why others have none."""
    answered, left = (int(version.figures.get(name, 0)) for name in ("answered", "left"))
    if not answered and not left:
        return
    yield Heading(Words(_("Contributions answered")), anchor="answered")
    yield Passage(
        Words(
            ngettext(
                "%(answered)s of %(all)s contribution has a treatment and a reason.",
                "%(answered)s of %(all)s contributions have a treatment and a reason.",
                answered + left,
            )
            % {"answered": number(answered), "all": number(answered + left)}
        )
    )
    why = in_language(version.why_left)
    if left and why.text:
        yield Passage(Words(_("Why the others have none:")), "soft")
        yield Passage(words_in(why.text, why.language))


def _about(version: OutcomeEdition, renditions: dict[str, PublishedRendition]) -> Iterator[Block]:
    edition = version.edition
    yield Heading(Words(_("In six languages")))
    yield Table(
        _("Where this text stands in each language"),
        (_("Language"), _("State")),
        tuple((name, _rendered(renditions.get(code), edition, code)) for code, name in NAMES.items()),
    )
    yield Heading(Words(_("Where this stands")))
    permanent = f"{settings.SITE_URL}/s/{edition.symbol}"
    yield Passage(Words(_("Permanent address: %(address)s") % {"address": isolated(permanent)}), "soft", permanent)
    page = f"{settings.SITE_URL}/{current()}/{edition.address}"
    matrix = f"{page}matrix/"
    yield Passage(Words(_("Page: %(address)s") % {"address": isolated(page)}), "soft", page)
    yield Passage(Words(_("Traceability matrix: %(address)s") % {"address": isolated(matrix)}), "soft", matrix)
    licence = licence_name(edition.consultation.licence)
    yield Passage(Words(_("Licence: %(licence)s") % {"licence": isolated(licence)}), "soft")


def _rendered(rendition: PublishedRendition | None, edition: DocumentEdition, code: str) -> str:
    if rendition is None:
        return _("not there yet")
    if code == edition.source_language:
        return _("original, published")
    return _("outdated") if rendition.outdated else _("published")


def cache_tags(consultation: Consultation) -> list[str]:
    """Return the cache tags of all whose contributions the outcomes of a consultation cite. One query."""
    return cache_tags_behind(Outcome.objects.filter(body__consultation=consultation).values("pk"), consultation)


PRINTER = Printer(
    kind=NAME,
    package="outcomes",
    folder="outcomes.files",
    paper=outcome_paper,
    cache_tags=cache_tags,
    related=RELATED,
)
