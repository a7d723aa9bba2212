"""What there is to look at in a rendition, statement by statement, and whether anything of it keeps it from review."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils.translation import ngettext

from plenara.core.languages import current
from plenara.core.refusals import Answer, No
from plenara.documents.models import Document, ParagraphText, Term
from plenara.documents.rendition_checks import Found, checks_of
from plenara.documents.support.words import WORD, fold, stem

type Words = tuple[str, str, str]
#: Of a term, the words in the source's language and in the translation's.
type Said = tuple[tuple[str, ...], tuple[str, ...]]


def remarks_of(
    pairs: Mapping[int, tuple[ParagraphText, ParagraphText]],
    source_language: str,
    language: str,
    terms: Iterable[Term],
    nearness: Mapping[int, float],
) -> dict[int, list[Found]]:
    """Return what is to be looked at, by paragraph; `pairs` are sources and their translations. No query."""
    languages = (source_language, language)
    glossary = tuple((_said(each, source_language), _said(each, language)) for each in terms)
    glossary = tuple(each for each in glossary if all(each))
    found = {
        key: _looked_at(_words(source), _words(mine), languages, glossary, nearness.get(key), current())
        for key, (source, mine) in pairs.items()
    }
    return {key: list(some) for key, some in found.items() if some}


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


@lru_cache(maxsize=4096)
def _looked_at(
    source: Words,
    mine: Words,
    languages: tuple[str, str],
    terms: tuple[Said, ...],
    nearness: float | None,
    _reader: str,  # the sentences are in the reader's language
) -> tuple[Found, ...]:
    # A statement takes some milliseconds, and a page looks at all of them each time: what has not changed is known.
    text = _comparable(" ".join(source), languages[0])
    glossary = [
        Term(
            words={code: words[0] for code, words in zip(languages, each, strict=True)},
            also={code: list(words[1:]) for code, words in zip(languages, each, strict=True)},
        )
        for each in terms
        if any(_may_stand(word, languages[0], text) for word in each[0])
    ]
    return tuple(checks_of(*source, *mine, *languages, glossary, nearness))


def _comparable(text: str, language: str) -> str:
    return "".join(text.split()).casefold() if language == "zh" else fold(text)


def _may_stand(word: str, language: str, text: str) -> bool:
    """Say whether a term can stand in a text at all: most of a glossary does not, and to be sure takes long."""
    return all(each in text for each in _beginnings(word, language))


@lru_cache(maxsize=8192)
def _beginnings(word: str, language: str) -> tuple[str, ...]:
    if language == "zh":
        return (_comparable(word, language),)
    return tuple(stem(each, language) for each in WORD.findall(word) if len(each) > 2) or (fold(word),)


def _words(text: ParagraphText) -> Words:
    return (text.heading, text.text, text.against)


def _said(term: Term, language: str) -> tuple[str, ...]:
    return tuple(each for each in (term.words.get(language, ""), *term.also.get(language, ())) if each)
