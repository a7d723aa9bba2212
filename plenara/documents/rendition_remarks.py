"""What there is to look at in a rendition, statement by statement, and whether anything of it keeps it from review."""

from collections.abc import Iterable, Mapping

from django.utils.translation import ngettext

from plenara.common.refusals import Answer, No
from plenara.documents.models import Document, ParagraphText, Term
from plenara.documents.rendition_checks import Found, checks_of


def remarks_of(
    pairs: Mapping[int, tuple[ParagraphText, ParagraphText]],
    source_language: str,
    language: str,
    terms: Iterable[Term],
    nearness: Mapping[int, float],
) -> dict[int, list[Found]]:
    """Return what is to be looked at, by paragraph; `pairs` are sources and their translations. No query."""
    terms = list(terms)
    found = {
        key: checks_of(
            source.heading, source.text, source.against,
            mine.heading, mine.text, mine.against,
            source_language, language, terms, nearness.get(key),
        )
        for key, (source, mine) in pairs.items()
    }  # fmt: skip
    return {key: some for key, some in found.items() if some}


def nothing_refused(document: Document, language: str) -> Answer:
    """A rendition that is reviewed has the figures and symbols of its source. One query."""
    texts: dict[int, dict[str, ParagraphText]] = {}
    for each in ParagraphText.objects.filter(
        paragraph__document=document, language__in=[document.source_language, language]
    ).select_related("paragraph"):
        texts.setdefault(each.paragraph_id, {})[each.language] = each
    pairs = {
        key: (both[document.source_language], both[language])
        for key, both in texts.items()
        if document.source_language in both and language in both
    }
    numbers = {key: mine.paragraph.number for key, (_of, mine) in pairs.items()}
    refused = [
        (numbers[key], each.sentence)
        for key, some in remarks_of(pairs, document.source_language, language, (), {}).items()
        for each in some
        if each.is_refusal
    ]
    if not refused:
        return True
    number, sentence = min(refused)
    return No(
        ngettext(
            "%(count)d thing must be put right before it is reviewed. Statement %(number)d: %(first)s",
            "%(count)d things must be put right before it is reviewed. Statement %(number)d: %(first)s",
            len(refused),
        )
        % {"count": len(refused), "number": number, "first": sentence},
        "refused",
    )
