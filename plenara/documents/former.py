"""What the source of a translation said when it was translated: so that a translator sees what has changed since."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from plenara.core.differences import ADDED, GONE, SAME, Run, runs
from plenara.documents.models import Change, Document, ParagraphText, PublishedText, digest_of

#: Of texts that are less alike than this, in a hundred, nothing is worth being marked: the one came for the other.
LEAST_ALIKE = 40


@dataclass(frozen=True)
class Former:
    """A source as it was. `heading` and `against` are None where nobody knows."""

    heading: str | None
    text: str
    against: str | None


def former_sources(document: Document, outdated: Iterable[ParagraphText]) -> dict[int, Former]:
    """Return what outdated translations were made from, by paragraph. Two queries at most.

    It is looked for in the changes that were kept, then in the record. Where neither has it, there is only the text
    that was kept beside the translation, without heading and what is held against it.
    """
    by_paragraph = {each.paragraph_id: each for each in outdated}
    if not by_paragraph:
        return {}
    wanted = {each.source_digest for each in by_paragraph.values()}
    words = ("heading", "text", "against")
    changes = Change.objects.filter(
        document=document, paragraph__in=by_paragraph, language=document.source_language
    ).values_list("paragraph", *words)
    published = PublishedText.objects.filter(
        rendition__edition__document=document, language=document.source_language, source_digest__in=wanted
    ).values_list("paragraph__origin", *words)
    found = {
        (key, digest_of(*parts)): Former(*parts) for rows in (published, changes) for key, *parts in rows.order_by()
    }
    return {
        key: former
        for key, each in by_paragraph.items()
        if (former := found.get((key, each.source_digest)) or _kept(each))
    }


def _kept(translation: ParagraphText) -> Former | None:
    return Former(None, translation.source_text, None) if translation.source_text else None


def since(before: str, after: str) -> list[Run]:
    """Return what leads from one text to another; where they have little in common, the whole of both."""
    if before == after:
        return [Run(SAME, after)]
    # Comparing texts that share nothing takes longest and shows least: a page may have forty of them.
    if not before or not after or fuzz.ratio(before, after) < LEAST_ALIKE:
        return [run for run in (Run(GONE, before), Run(ADDED, after)) if run.text]
    return runs(before, after)
