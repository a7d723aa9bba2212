"""A rendition on the working side: its texts beside their sources, with remarks, comments and matches."""

from collections.abc import Collection, Mapping
from functools import cached_property

from plenara.core.text import digest, number_in
from plenara.documents.actions import suggestions
from plenara.documents.models import (
    Asking,
    Citation,
    Comment,
    Document,
    Paragraph,
    ParagraphText,
    Rendition,
    RenditionState,
    Suggestion,
    Term,
)
from plenara.documents.queries import nearness, translations
from plenara.documents.queries.drafts import Finding, Phrase, phrases_of
from plenara.documents.queries.history import Former, former_sources
from plenara.documents.queries.translations import Match, is_missing, is_old
from plenara.documents.validation.contents import rendition_errors
from plenara.documents.validation.renditions import Remark, remarks_of

#: The key of one of a statement's texts: the statement's id, and the letter of its field.
type Key = tuple[int, str]


class RenditionDraft:
    """A rendition as it is now; if nobody has begun it, the row is unsaved. Everything is read once."""

    def __init__(self, document: Document, row: Rendition):
        self.document, self.row = document, row
        self.language, self.source = row.language, document.source_language
        self.state = RenditionState(row.state)

    @property
    def is_source(self) -> bool:
        return self.language == self.source

    @cached_property
    def paragraphs(self) -> dict[int, Paragraph]:
        """Every statement by its id, in order."""
        return {each.pk: each for each in self.document.paragraphs.all()}

    @cached_property
    def texts(self) -> dict[int, tuple[ParagraphText, ParagraphText]]:
        """Every source and its translation; an unsaved one if there is none."""
        found = ParagraphText.objects.filter(
            paragraph__document=self.document, language__in=[self.source, self.language]
        ).select_related("changed_by")
        by_place = {(each.paragraph_id, each.language): each for each in found}

        def text(key: int, language: str) -> ParagraphText:
            return by_place.get((key, language)) or ParagraphText(paragraph_id=key, language=language)

        return {key: (text(key, self.source), text(key, self.language)) for key in self.paragraphs}

    @cached_property
    def terms(self) -> list[Term]:
        """The consultation's glossary."""
        return list(Term.objects.filter(consultation=self.document.consultation_id))

    @cached_property
    def remarks(self) -> dict[int, list[Remark]]:
        """The remarks by statement."""
        near = nearness.of_renditions(self.document, self.language)
        return remarks_of(self.texts, self.source, self.language, self.terms, near)

    @cached_property
    def comments(self) -> dict[int, list[Comment]]:
        """The open comments on this language, by statement."""
        found: dict[int, list[Comment]] = {}
        comments = Comment.objects.filter(document=self.document, language=self.language, resolved_at=None)
        for each in comments.select_related("by"):
            found.setdefault(each.paragraph_id or 0, []).append(each)
        return found

    @cached_property
    def kinds(self) -> dict[str, list[int]]:
        """The statements that each filter shows."""
        return {
            "all": list(self.paragraphs),
            "missing": [key for key, (source, target) in self.texts.items() if is_missing(target, source)],
            "outdated": [key for key, (source, target) in self.texts.items() if is_old(target, source)],
            "remarks": [key for key in self.paragraphs if key in self.remarks or key in self.comments],
            "machine": [key for key, (_source, target) in self.texts.items() if target.machine],
        }

    @cached_property
    def suggested(self) -> dict[int | None, Suggestion]:
        """The suggestions by statement; the title's under None."""
        return suggestions.suggestions_for(self.document, self.language)

    @cached_property
    def phrases(self) -> list[Phrase]:
        """The headings and reasons."""
        return phrases_of(self.document, self.language)

    @cached_property
    def errors(self) -> list[Finding]:
        """The errors that prevent its review; none in the document's own language."""
        return [] if self.is_source else rendition_errors(self.document, self.language)

    @cached_property
    def asking(self) -> Asking | None:
        """The last request to a machine."""
        return Asking.objects.filter(document=self.document, language=self.language).first()

    def former(self, chosen: Collection[int]) -> dict[int, Former]:
        """Return the sources from which outdated statements among some were translated."""
        pairs = [self.texts[key] for key in chosen]
        return former_sources(self.document, [target for source, target in pairs if is_old(target, source)])

    def citations(self, chosen: Collection[int]) -> dict[int, list[Citation]]:
        """Return the citations of some statements. One query."""
        found: dict[int, list[Citation]] = {}
        related = ("edition__byline", "edition__text", "edition__consultation")
        for each in Citation.objects.filter(paragraph__in=chosen).select_related(*related):
            found.setdefault(each.paragraph_id, []).append(each)
        return found

    def matches(self, texts: Mapping[Key, str]) -> dict[Key, list[Match]]:
        """Return earlier translations of texts like these."""
        made_from = [self.texts[key][0].digest for key in dict.fromkeys(key for key, _letter in texts)]
        segments = translations.segments(self.document, self.language, texts.values(), made_from)
        headings = {key: text for key, text in texts.items() if key[1] == "h"}
        rest = {key: text for key, text in texts.items() if key[1] != "h"}
        found = translations.memory_matches(headings, segments, headings=True, most=1)
        return found | translations.memory_matches(rest, segments)

    def lost(self, typed: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the typed heading and text of statements that somebody deleted in the meantime."""
        keys = [name[1:] for name in typed if name[:1] == "t" and number_in(name[1:])]
        return [
            (typed.get(f"h{key}", ""), "\n\n".join(filter(None, (typed[f"t{key}"], typed.get(f"a{key}", "")))))
            for key in keys
            if int(key) not in self.paragraphs and typed[f"t{key}"].strip()
        ]

    @property
    def title_is_outdated(self) -> bool:
        """Whether the title is translated from another source than the present one."""
        source = self.document.title.get(self.source, "")
        return bool(self.document.title.get(self.language)) and self.row.title_digest != digest(source)
