"""Checks of a statement against the words it cites: figures, names, negation and meaning."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from plenara.documents.validation.counts import counts_the_record
from plenara.documents.validation.figures import Figure, Pair, figures, pairs
from plenara.documents.validation.words import WORD, fold, names, places, stem

#: A statement and the nearest of the words it cites. Rapporteurs condense and quote a few words of many, so this is
#: low: one of ten well-supported statements gets a warning.
CITED = 0.18
#: A statement and words about the same thing, denied or not.
ALIKE = 0.45
#: A text and its translation.
TRANSLATED = 0.32
_TRANSLATED = {"zh": 0.25}


def is_near_cited(cosine: float) -> bool:
    """Return whether a statement is near enough to the nearest words it cites."""
    return cosine >= CITED


def is_near_source(cosine: float, language: str, target: str) -> bool:
    """Return whether a translation is near enough to its source."""
    return cosine >= min(_TRANSLATED.get(language, TRANSLATED), _TRANSLATED.get(target, TRANSLATED))


_DENIES = {
    "en": r"\bnot\b|n['’]t\b|\bnever\b|\bno(?:ne|body|thing|where)?\b(?!\.)|\bneither\b|\bnor\b|\bwithout\b"
    r"|\bcannot\b|\blacks?\b|\black of\b"
    r"|\b(?:oppos|reject|refus)\w*",
    "fr": r"\bne\b(?!\s+serait-ce)|\bn['’](?=\w)|\bpas\b|\bjamais\b|\baucune?s?\b|\bsans\b|\bni\b|\brien\b|\bnon\b"
    r"|\b(?:oppos|rejet|refus)\w*",
    "es": r"\bno\b|\bnunca\b|\bjamás\b|\bning[uú]n\w*|\bsin\b|\bni\b|\bnadie\b|\bnada\b|\btampoco\b|\b(?:opon"
    r"|rechaz)\w*",
    "ru": r"\bне\b|\bнет\b|\bни\b|\bбез\b|\bнельзя\b|\bникогда\b|\bникак\w*\b|\bникто\b|\bничего\b"
    r"|\bотсутств\w*|\bневозможно\b"
    r"|\b(?:возража|отверга|отказ)\w*",
    "ar": r"(?<!\w)[وفأ]?(?:لا|لم|لن|ليس(?:ت|وا)?|غير|دون|بدون|عدم|كلا)(?!\w)|(?<!\w)ب(?:عدم|غير)(?!\w)"
    r"|(?<!\w)[وي]?(?:عارض|رفض|يرفض|يعارض)\w*",
    "zh": r"不|没有|沒有|没|沒|无|無|未(?!来|來)|非(?!常|洲|政府|法|营利|營利)|勿|毋|莫|反对|反對|拒绝|拒絕",
}
#: Phrases that look like a negation and are not.
_NOT = {
    "en": r"\bnot only\b|\bno less\b|\bno doubt\b|\bnot least\b|\bno\.\s?\d|\bnot to mention\b|\bno longer than\b"
    r"|\bno matter\b|\bwhether or not\b|\bno more than\b|\bif not\b",
    "fr": r"\bnon seulement\b|\b(?:ne\s\w+\s)?pas seulement\b|\bsans doute\b|\bnon[- ]gouvernement\w+"
    r"|\bnon[- ]lucrati\w+|\bà moins que\s\w+\sne\b"
    r"|\bn['’]est-ce pas\b|\bsinon\b|\bn['’]importe\b|\bsans cesse\b|\bne\s+\w+\s+que\b|\bn['’]\w+\s+que\b"
    r"|\bpas à pas\b",
    "es": r"\bno (?:solo|sólo|solamente|únicamente)\b|\bno obstante\b|\bsin embargo\b|\bsin duda\b"
    r"|\bno gubernamental\w*|\bsino\b",
    "ru": r"\bне только\b|\bнесмотря\b|\bтем не менее\b|\bне менее\b|\bне раз\b|\bне просто\b",
    "ar": r"لا سيما|لاسيما|ليس فقط|لا يزال|لا تزال|ما لا يقل|غير الحكومية|لا شك|غير أن|فحسب|بلا شك",
    "zh": r"不仅|不僅|不但|不同|不断|不斷|不过|不過|不少|不管|不论|不論|无论|無論|不久|不只|不光|不得不"
    r"|不可或缺|未来|不禁|差不多|不妨"
    r"|对不起|了不起|无数|無數",
}

_FOUND = {language: re.compile(words, re.IGNORECASE) for language, words in _DENIES.items()}
_LOOKS = {language: re.compile(words, re.IGNORECASE) for language, words in _NOT.items()}


def is_negation_known(language: str) -> bool:
    """Return whether we know the negations of a language."""
    return language.split("-")[0].lower() in _FOUND


def negations(text: str, language: str) -> int:
    """Return the number of negations in a text; 0 for an unknown language."""
    language = language.split("-")[0].lower()
    if language not in _FOUND:
        return 0
    return len(_FOUND[language].findall(_LOOKS[language].sub(" ", text)))


@dataclass(frozen=True)
class Analysis:
    """The figures, names and negations of a text."""

    text: str
    language: str
    figures: tuple[Figure, ...]
    pairs: tuple[Pair, ...]
    names: dict[str, str]
    places: dict[str, str]
    denies: tuple[bool, ...]  # each of its sentences

    @property
    def denies_throughout(self) -> bool:
        """Whether every sentence has a negation."""
        return bool(self.denies) and all(self.denies)

    @property
    def knows_negation(self) -> bool:
        """Whether we know the negations of its language."""
        return is_negation_known(self.language)


_SENTENCE = re.compile(r"(?<=[.!?;؟؛])\s+|(?<=[。！？；])")


@lru_cache(maxsize=8192)
def analyse(text: str, language: str) -> Analysis:
    """Analyse a text; `language` is a tag, of which only the language subtag counts."""
    language = language.split("-")[0].lower()
    return Analysis(
        text=text,
        language=language,
        figures=tuple(figures(text, language)),
        pairs=tuple(pairs(text, language)),
        names=names(text, language),
        places=places(text, language),
        denies=tuple(negations(each, language) > 0 for each in _SENTENCE.split(text) if each.strip()),
    )


@dataclass(frozen=True)
class Cited:
    """Cited words with their author."""

    read: Analysis
    number: int  # the contribution's
    byline: str = ""  # name and organization: an author may be named without being quoted
    country: str = ""


def denies_otherwise(statement: Analysis, cited: Sequence[tuple[Cited, float | None]]) -> bool:
    """Return whether a statement denies what most of its citations do not deny, or the other way round.

    Only words near in meaning count (`float`: the cosine, None if not calculated yet): other words that it sums up may
    have a "not" that it does not need. A sentence of its own may deny for each.
    """
    near = [
        each.read
        for each, cosine in cited
        if cosine is not None and cosine >= ALIKE and each.read.knows_negation and statement.knows_negation
    ]
    other = sum(
        (each.denies_throughout and not any(statement.denies)) or (statement.denies_throughout and not any(each.denies))
        for each in near
    )
    return other * 2 > len(near)


def names_lacking(statement: Analysis, cited: Sequence[Cited], known: Collection[str] = ()) -> list[str]:
    """Return the names in a statement that are neither in the words cited nor their authors'.

    `known` are texts whose names any statement may use: the consultation's title and questions. Names are compared only
    if all words cited are in the statement's language, since other languages spell them in another way; countries are
    always compared.
    """
    if not cited:
        return []
    lacking = {}
    here = {code for each in cited for code in each.read.places} | {each.country for each in cited}
    here |= {code for text in known for code in places(text, statement.language)}
    lacking = {written: True for code, written in statement.places.items() if code not in here}
    if all(each.read.language == statement.language for each in cited):
        words = {key for each in cited for key in each.read.names}
        loose = " ".join([*(each.byline for each in cited), *known, *(each.read.text for each in cited)])
        words |= {stem(word, statement.language) for word in WORD.findall(loose)}
        words |= {fold(word) for word in WORD.findall(loose)}
        in_places = {part for written in statement.places.values() for part in WORD.findall(written)}
        for key, written in statement.names.items():
            if key not in words and written not in in_places:
                lacking[written] = True
    return list(lacking)


def numbers_swapped(statement: Analysis, cited: Sequence[Cited]) -> list[str]:
    """Return a statement's small number words that its citations lack while they have others: three for four.

    Other publication checks test the figures that must be correct, such as counts of contributions; these may be a
    way of speaking.
    """
    small_numbers = [
        each
        for each in statement.figures
        if each.is_word and each.value <= 10 and not counts_the_record(statement.text, each.end, statement.language)
    ]
    theirs = [figure for each in cited for figure in each.read.figures]
    unsaid = [each for each in theirs if not any(each.says_the_same(figure) for figure in statement.figures)]
    return [
        each.written for each in small_numbers if unsaid and not any(each.says_the_same(figure) for figure in theirs)
    ]


def far_in_meaning(cosines: Sequence[float | None]) -> bool:
    """Return whether a statement is far in meaning from all the words it cites; None while one is unknown."""
    known = [each for each in cosines if each is not None]
    return bool(known) and len(known) == len(cosines) and not is_near_cited(max(known))
