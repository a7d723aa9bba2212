"""Checks of translations against their sources: remarks on each statement, and errors that prevent the review."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.core.language_guess import guess
from plenara.core.languages import CODES, current
from plenara.core.refusals import Answer, Denied
from plenara.core.vocabulary import language_in_sentence
from plenara.documents.models import Document, ParagraphText, Term
from plenara.documents.queries.drafts import part_of
from plenara.documents.validation.figures import differing_figures, differing_symbols
from plenara.documents.validation.support import is_near_source
from plenara.documents.validation.words import CHINESE, WORD, fold, has_any, sentences, stem

#: Length of a text relative to its English, averaged over a thousand sentences in six languages.
LENGTH = {"en": 1.0, "fr": 1.15, "es": 1.11, "ru": 1.06, "ar": 0.85, "zh": 1.0}
#: A Chinese character counts as this many letters.
CHARACTER = 3.2
#: Texts shorter than this many English characters vary too much to compare lengths or detect the language.
SHORT = 60
TOO_SHORT, TOO_LONG = 0.6, 2.0
MOST_LISTED = 5
_SCRIPTS = {
    "ar": re.compile("[\u0600-\u06ff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "zh": CHINESE,
}


@dataclass(frozen=True)
class Remark:
    """A remark on a translation. `code`: figures, symbols, untranslated, cut, long, term or meaning."""

    code: str
    sentence: str
    is_refusal: bool = False


class GlossaryTerm(Protocol):
    """A term of the consultation's glossary (`documents.models.Term`)."""

    words: dict[str, str]
    also: dict[str, list[str]]


def checks_of(
    source_heading: str,
    source_text: str,
    source_against: str,
    target_heading: str,
    target_text: str,
    target_against: str,
    source_language: str,
    language: str,
    terms: Iterable[GlossaryTerm] = (),
    nearness: float | None = None,
) -> list[Remark]:
    """Return the remarks on a translation; none if it is missing. No query.

    `nearness` is the cosine of the two texts (`nearness.of_renditions`); None while it is still being calculated.
    """
    if not (target_text or target_against or target_heading):
        return []
    source = _joined(source_heading, source_text, source_against)
    target = _joined(target_heading, target_text, target_against)
    found = [
        *_figures(source, target, source_language, language),
        *_symbols(source, target),
        *_untranslated(
            source_text + "\n" + source_against, target_text + "\n" + target_against, source_language, language
        ),
        *_length(source_text, target_text, source_language, language),
        *(_length(source_against, target_against, source_language, language) if target_against else ()),
        *_terms(source, target, source_language, language, terms),
    ]
    # A text that is not translated needs no second remark on its meaning.
    is_untranslated = any(each.code in {"untranslated", "cut"} for each in found)
    if nearness is not None and not is_untranslated and not is_near_source(nearness, source_language, language):
        found.append(Remark("meaning", _("The translation may not mean the same as the original. Compare the two.")))
    return found


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _figures(source: str, target: str, source_language: str, language: str) -> Iterator[Remark]:
    differing = differing_figures(source, target, source_language, language)
    for figure in differing.missing[:MOST_LISTED]:
        yield Remark(
            "figures",
            _("The figure “%(figure)s” is in the original but not in the translation. Check the figure.")
            % {"figure": figure.written},
            is_refusal=not figure.is_word,
        )
    for figure in differing.added[:MOST_LISTED]:
        yield Remark(
            "figures",
            _("The figure “%(figure)s” is in the translation but not in the original. Check the figure.")
            % {"figure": figure.written},
            is_refusal=not figure.is_word,
        )


def _symbols(source: str, target: str) -> Iterator[Remark]:
    missing, added = differing_symbols(source, target)
    for symbol in missing[:MOST_LISTED]:
        yield Remark(
            "symbols",
            _("“%(symbol)s” is in the original. Copy it to the translation without changing it.") % {"symbol": symbol},
            is_refusal=True,
        )
    for symbol in added[:MOST_LISTED]:
        yield Remark(
            "symbols",
            _("“%(symbol)s” is not in the original. Remove this symbol from the translation.") % {"symbol": symbol},
            is_refusal=True,
        )


def _untranslated(source: str, target: str, source_language: str, language: str) -> Iterator[Remark]:
    values = {"language": language_in_sentence(source_language)}
    if _flat(source) == _flat(target) and sum(each.isalpha() for each in target) >= 12:
        yield Remark("untranslated", _("The translation is the same as the original. Translate the text."))
        return
    left = [each for each in sentences(target) if _is_in(each, source_language, language)]
    if left and sum(map(len, left)) * 2 > len(target.strip()):
        yield Remark(
            "untranslated",
            _("The text is still in the language of the original (%(language)s). Translate the text.") % values,
        )
    elif left:
        yield Remark(
            "untranslated",
            _("“%(opening)s …” is still in the language of the original (%(language)s). Translate this passage.")
            % {**values, "opening": left[0][:60]},
        )


def _is_in(sentence: str, source_language: str, language: str) -> bool:
    if _long(sentence) < SHORT:
        return False
    # Names stay in Latin letters within Arabic, Chinese and Russian. Some words in its own script make a translation.
    if language in _SCRIPTS and len(_SCRIPTS[language].findall(sentence)) * 8 >= sum(map(str.isalpha, sentence)):
        return False
    return guess(sentence, CODES) == source_language != language


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _length(source: str, target: str, source_language: str, language: str) -> Iterator[Remark]:
    whole = _long(source) / LENGTH.get(source_language, 1)
    if whole < SHORT or not target:
        return
    ratio = _long(target) / LENGTH.get(language, 1) / whole
    if ratio < TOO_SHORT:
        yield Remark(
            "cut",
            ngettext(
                "The translation has %(percent)d per cent of the usual length. Something may be missing. "
                "Compare the translation with the original.",
                "The translation has %(percent)d per cent of the usual length. Something may be missing. "
                "Compare the translation with the original.",
                round(ratio * 100),
            )
            % {"percent": round(ratio * 100)},
        )
    elif ratio > TOO_LONG:
        yield Remark(
            "long",
            _(
                "The translation is more than twice the usual length. Something may have been added. Compare "
                "the translation with the original."
            ),
        )


def _long(text: str) -> float:
    return len(text) + (CHARACTER - 1) * len(CHINESE.findall(text))


def _terms(
    source: str, target: str, source_language: str, language: str, terms: Iterable[GlossaryTerm]
) -> Iterator[Remark]:
    for term in terms:
        source_words, target_words = _as_words(term, source_language), _as_words(term, language)
        if (
            source_words
            and target_words
            and has_any(source, source_words, source_language)
            and not has_any(target, target_words, language)
        ):
            yield Remark(
                "term",
                _("The glossary has “%(word)s” for “%(term)s”. Check that your translation fits.")
                % {"term": source_words[0], "word": target_words[0]},
            )


def _as_words(term: GlossaryTerm, language: str) -> list[str]:
    return [each for each in (term.words.get(language, ""), *term.also.get(language, ())) if each]


type StatementWords = tuple[str, str, str]
#: The words for a term in the source language and in the translation's.
type TermWords = tuple[tuple[str, ...], tuple[str, ...]]


def remarks_of(
    pairs: Mapping[int, tuple[ParagraphText, ParagraphText]],
    source_language: str,
    language: str,
    terms: Iterable[Term],
    nearness: Mapping[int, float],
) -> dict[int, list[Remark]]:
    """Return the remarks by paragraph; `pairs` are sources and their translations. No query."""
    languages = (source_language, language)
    glossary = tuple((_term_words(each, source_language), _term_words(each, language)) for each in terms)
    glossary = tuple(each for each in glossary if all(each))
    found = {
        key: _looked_at(
            _statement_words(source), _statement_words(target), languages, glossary, nearness.get(key), current()
        )
        for key, (source, target) in pairs.items()
    }
    return {key: list(some) for key, some in found.items() if some}


def nothing_refused(document: Document, language: str) -> Answer:
    """A rendition has the figures and symbols of its source. One query."""
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
    paragraphs = {key: target.paragraph for key, (_of, target) in pairs.items()}
    refused = [
        (paragraphs[key].number, each.sentence, part_of(document, paragraphs[key]))
        for key, some in remarks_of(pairs, document.source_language, language, (), {}).items()
        for each in some
        if each.is_refusal
    ]
    if not refused:
        return True
    _number, sentence, name = min(refused)
    return Denied(
        ngettext(
            "%(count)d problem must be corrected before the review. %(first)s",
            "%(count)d problems must be corrected before the review. %(first)s",
            len(refused),
        )
        % {
            "count": len(refused),
            "first": pgettext("text", "%(name)s: %(sentence)s") % {"name": name, "sentence": sentence},
        },
        "refused",
    )


@lru_cache(maxsize=4096)
def _looked_at(
    source: StatementWords,
    target: StatementWords,
    languages: tuple[str, str],
    terms: tuple[TermWords, ...],
    nearness: float | None,
    _reader: str,  # the sentences are in the reader's language
) -> tuple[Remark, ...]:
    # A statement takes some milliseconds, and a page checks all of them each time, so results are cached.
    text = _comparable(" ".join(source), languages[0])
    glossary = [
        Term(
            words={code: words[0] for code, words in zip(languages, each, strict=True)},
            also={code: list(words[1:]) for code, words in zip(languages, each, strict=True)},
        )
        for each in terms
        if any(_may_contain(word, languages[0], text) for word in each[0])
    ]
    return tuple(checks_of(*source, *target, *languages, glossary, nearness))


def _comparable(text: str, language: str) -> str:
    return "".join(text.split()).casefold() if language == "zh" else fold(text)


def _may_contain(word: str, language: str, text: str) -> bool:
    """Return whether a term may be in a text: a quick test, since most terms are not, and the exact one is slow."""
    return all(each in text for each in _beginnings(word, language))


@lru_cache(maxsize=8192)
def _beginnings(word: str, language: str) -> tuple[str, ...]:
    if language == "zh":
        return (_comparable(word, language),)
    return tuple(stem(each, language) for each in WORD.findall(word) if len(each) > 2) or (fold(word),)


def _statement_words(text: ParagraphText) -> StatementWords:
    return (text.heading, text.text, text.against)


def _term_words(term: Term, language: str) -> tuple[str, ...]:
    return tuple(each for each in (term.words.get(language, ""), *term.also.get(language, ())) if each)
