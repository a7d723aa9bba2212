"""Does a translation say what its source says? Each finding is a sentence that says what to do.

A refusal keeps a returned file's statement from being taken; everything else is shown, and the translator decides.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.language_guess import guess
from plenara.core.languages import CODES
from plenara.core.vocabulary import language_name
from plenara.documents.sentences import sentences
from plenara.documents.support.comparing import differing_figures, differing_symbols
from plenara.documents.support.meaning import is_near_source
from plenara.documents.support.terms import has_any
from plenara.documents.support.words import CHINESE

#: Characters of a text beside those of its English, on the average of a thousand sentences in six languages.
LENGTH = {"en": 1.0, "fr": 1.15, "es": 1.11, "ru": 1.06, "ar": 0.85, "zh": 1.0}
#: A Chinese character says as much as this many letters.
CHARACTER = 3.2
#: Shorter texts than this many English characters vary too much to be measured, and to be told by language.
SHORT = 60
TOO_SHORT, TOO_LONG = 0.6, 2.0
MOST_TOLD = 5
_SCRIPTS = {
    "ar": re.compile("[\u0600-\u06ff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "zh": CHINESE,
}


@dataclass(frozen=True)
class Found:
    """One thing to look at. `code`: figures, symbols, untranslated, cut, long, term or meaning."""

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
) -> list[Found]:
    """Return what is to be looked at in a translation; nothing of one that is not there yet. No query.

    `nearness` is the cosine of the two texts (`nearness.of_renditions`); None while it is still being reckoned.
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
    # What is not translated at all needs no second remark on its meaning.
    told = any(each.code in {"untranslated", "cut"} for each in found)
    if nearness is not None and not told and not is_near_source(nearness, source_language, language):
        found.append(Found("meaning", _("It may not say what the original says: compare the two once more.")))
    return found


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _figures(source: str, target: str, source_language: str, language: str) -> Iterator[Found]:
    differing = differing_figures(source, target, source_language, language)
    for figure in differing.missing[:MOST_TOLD]:
        yield Found(
            "figures",
            _("The original has the figure “%(figure)s”, the translation does not.") % {"figure": figure.written},
            is_refusal=not figure.is_word,
        )
    for figure in differing.added[:MOST_TOLD]:
        yield Found(
            "figures",
            _("The translation has the figure “%(figure)s”, the original does not.") % {"figure": figure.written},
            is_refusal=not figure.is_word,
        )


def _symbols(source: str, target: str) -> Iterator[Found]:
    missing, added = differing_symbols(source, target)
    for symbol in missing[:MOST_TOLD]:
        yield Found(
            "symbols",
            _("“%(symbol)s” stands in the original. Let it stand in the translation as it is.") % {"symbol": symbol},
            is_refusal=True,
        )
    for symbol in added[:MOST_TOLD]:
        yield Found(
            "symbols",
            _("“%(symbol)s” does not stand in the original. Take it out.") % {"symbol": symbol},
            is_refusal=True,
        )


def _untranslated(source: str, target: str, source_language: str, language: str) -> Iterator[Found]:
    told = {"language": language_name(source_language)}
    if _flat(source) == _flat(target) and sum(each.isalpha() for each in target) >= 12:
        yield Found("untranslated", _("It is the same as the original: it is not translated yet."))
        return
    left = [each for each in sentences(target) if _is_in(each, source_language, language)]
    if left and sum(map(len, left)) * 2 > len(target.strip()):
        yield Found("untranslated", _("It is still in the language of the original (%(language)s).") % told)
    elif left:
        yield Found(
            "untranslated",
            _("“%(opening)s …” is still in the language of the original (%(language)s).")
            % {**told, "opening": left[0][:60]},
        )


def _is_in(sentence: str, source_language: str, language: str) -> bool:
    if _long(sentence) < SHORT:
        return False
    # Names stay in Latin letters within Arabic, Chinese and Russian: some words of its own script are a translation.
    if language in _SCRIPTS and len(_SCRIPTS[language].findall(sentence)) * 8 >= sum(map(str.isalpha, sentence)):
        return False
    return guess(sentence, CODES) == source_language != language


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _length(source: str, target: str, source_language: str, language: str) -> Iterator[Found]:
    whole = _long(source) / LENGTH.get(source_language, 1)
    if whole < SHORT or not target:
        return
    ratio = _long(target) / LENGTH.get(language, 1) / whole
    if ratio < TOO_SHORT:
        yield Found(
            "cut",
            ngettext(
                "It has %(percent)d per cent of the length that is usual: something may be missing.",
                "It has %(percent)d per cent of the length that is usual: something may be missing.",
                round(ratio * 100),
            )
            % {"percent": round(ratio * 100)},
        )
    elif ratio > TOO_LONG:
        yield Found("long", _("It is more than twice as long as is usual: something may have been added."))


def _long(text: str) -> float:
    return len(text) + (CHARACTER - 1) * len(CHINESE.findall(text))


def _terms(
    source: str, target: str, source_language: str, language: str, terms: Iterable[GlossaryTerm]
) -> Iterator[Found]:
    for term in terms:
        mine, theirs = _words(term, source_language), _words(term, language)
        if mine and theirs and has_any(source, mine, source_language) and not has_any(target, theirs, language):
            yield Found(
                "term",
                _("Glossary: “%(term)s” is “%(word)s” here.") % {"term": mine[0], "word": theirs[0]},
            )


def _words(term: GlossaryTerm, language: str) -> list[str]:
    return [each for each in (term.words.get(language, ""), *term.also.get(language, ())) if each]
