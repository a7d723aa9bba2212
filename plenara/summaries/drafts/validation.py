"""Validation of drafts; checks that a language model's statements must all pass."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from plenara.core.language_guess import guess
from plenara.core.languages import CODES
from plenara.core.machines import chat
from plenara.core.machines.requests import addresses
from plenara.core.refusals import Answer, Denied
from plenara.core.text import first_words
from plenara.documents.models import Kind, Side
from plenara.documents.validation.counts import GROUPS
from plenara.documents.validation.figures import figures
from plenara.documents.validation.support import Cited, analyse, names_lacking, negations
from plenara.documents.validation.words import WORD, fold
from plenara.summaries.drafts.sentences import Sentence, is_first_person, shared, terms
from plenara.summaries.drafts.statements import Quote, Statement, kind_of

#: The most statements of one draft: as many as a person can accept one by one.
FEWEST, MOST, USUAL = 1, 60, 12


def number_of_statements(most: int) -> Answer:
    """A draft has some statements, and not too many."""
    return FEWEST <= most <= MOST or Denied(
        _("Choose a number from %(fewest)d to %(most)d.") % {"fewest": FEWEST, "most": MOST}, "number", "most"
    )


def one_at_a_time() -> str:
    """Return the refusal of a request while another draft is being made."""
    return _("A draft is already being created. Wait until it is ready.")


MOST_CHARACTERS = 600
#: Characters stored of a refused text, and refusals stored of one draft.
MOST_QUOTED, MOST_REFUSED = 400, 60
#: The cosine that a statement needs with each of its citations, or the share of common words. Stricter than the
#: publication checks, since people may condense and the model was instructed to repeat the sentences' meaning.
NEAR, SHARED = 0.3, 0.25

_MARKS = re.compile(r"[<>{}\\`|#*_\[\]]|&\w+;|^\s*(?:[-–•]|\d+[.)])\s", re.MULTILINE)
_MACHINE_TALK = re.compile(
    r"""\b(?:prompts?|instructions?|language\smodel|assistant|chatbot|as\san\sai)\b|\bmy\srules\b
    |\b(?:modèle\sde\slangage|modelo\sde\slenguaje|consignes|instrucciones)\b|языков\w+\sмодел|инструкци|نموذج\sلغوي|تعليمات
    |语言模型|指令|提示词""",
    re.VERBOSE | re.IGNORECASE,
)
#: "All", "most", "the majority of" before the speakers: contributions are not a poll.
_ALL = {
    "en": r"all|every|each|most|many|majority|minority|unanimous\w*|nobody|no one|no"
    r"|everyone|everybody|few|half|consensus",
    "fr": r"tous|toutes|chaque|la plupart|majorité|minorité|unanim\w*|personne|aucun\w*|beaucoup|peu|moitié|consensus",
    "es": r"todos|todas|cada|la mayoría|minoría|unánim\w*|nadie|ningún\w*|muchos|muchas|pocos|mitad|consenso",
    "ru": r"все|всех|каждый|каждая|большинств\w*|меньшинств\w*|единоглас\w*|единодуш\w*"
    r"|никто|многие|немногие|половина|консенсус\w*",
    "ar": r"جميع|كل|كافة|معظم|أغلبية|غالبية|أقلية|بالإجماع|إجماع|لا أحد|كثير\w*|قليل\w*|نصف|توافق",
    "zh": r"所有|全部|全体|每个|大多数|多数|少数|一致|无人|没有人|许多|很多|半数|共识|都",
}
_SPEAK = {
    "en": r"contribut\w+|participants?|respondents?|stakeholders?|people|citizens?|countr\w+|agree\w*|groups?",
    "fr": r"contribut\w+|participants?|répondants?|parties prenantes|gens|citoyens?|pays|accord|groupes?",
    "es": r"contribu\w+|participantes?|interesad\w+|personas|ciudadan\w+|países|acuerdo|grupos?",
    "ru": r"материал\w*|участник\w*|сторон\w*|люд\w+|граждан\w*|стран\w*|соглас\w*|групп\w*",
    "ar": r"\w*مساهم\w*|\w*مشارك\w*|\w*أصحاب المصلحة|\w*ناس|\w*مواطن\w*|\w*دول|\w*بلدان|\w*تفق\w*",
    "zh": r"意见|参与者|参加者|利益攸关方|人们|公民|国家|同意|赞成",
}  # fmt: skip
_LATIN = {"en", "fr", "es"}


@dataclass(frozen=True)
class Refusal:
    """A model's statement that was not taken."""

    text: str
    reason: str

    def as_row(self) -> dict[str, str]:
        """Return it as a draft stores it."""
        return {"text": first_words(self.text, MOST_QUOTED), "reason": self.reason}


@dataclass(frozen=True)
class Verdict:
    """The result of checking a model's statements."""

    taken: list[Statement]
    refused: list[Refusal]


class _Refused(Exception):
    """A statement failed a check. The text is the code."""


def judge(
    offered: Sequence[object], sentences: Sequence[Sentence], *, language: str, question: str, thread: int, most: int
) -> Verdict:
    """Check a model's statements. `sentences` are those given, numbered from 1."""
    taken: list[Statement] = []
    refused: list[Refusal] = []
    for each in offered[:MOST_REFUSED]:
        text = str(each.get("text") or "") if isinstance(each, dict) else ""
        try:
            statement = _read(each, sentences, thread)
            if len(taken) == most:
                raise _Refused("too_many")
            if any(_same(statement, other, language) for other in taken):
                raise _Refused("repeated")
            for part, quotes in _parts(statement):
                _require_sound(part, [quote.sentence for quote in quotes], language, question)
        except _Refused as reason:
            refused.append(Refusal(text, str(reason)))
        else:
            taken.append(statement)
    return Verdict(taken, refused)


def _read(offered: object, sentences: Sequence[Sentence], thread: int) -> Statement:
    """Return a model's answer as a statement whose quotes are in the sentences that it names."""
    if not isinstance(offered, dict):
        raise _Refused("shape")
    text, against = offered.get("text"), offered.get("against") or ""
    if not isinstance(text, str) or not isinstance(against, str) or not text.strip():
        raise _Refused("shape")
    if max(len(text), len(against)) > MOST_CHARACTERS:
        raise _Refused("too_long")
    quotes = _quotes(offered.get("citations"), sentences, Side.HELD)
    answers = _quotes(offered.get("against_citations") or [], sentences, Side.AGAINST)
    if not quotes:
        raise _Refused("no_citation")
    if offered.get("kind") == Kind.DISAGREEMENT or against:
        if (
            not against
            or not answers
            or {each.sentence.key for each in quotes} & {each.sentence.key for each in answers}
        ):
            raise _Refused("sides")
        return Statement(thread, Kind.DISAGREEMENT, text, quotes + answers, against, chat.name())
    kind = offered.get("kind")
    known = kind in Kind.values and kind != Kind.FRAME
    return Statement(thread, str(kind) if known else kind_of(text), text, quotes, "", chat.name())


def _quotes(offered: object, sentences: Sequence[Sentence], side: str) -> list[Quote]:
    if not isinstance(offered, list):
        raise _Refused("shape")
    found: dict[tuple[int, str], Quote] = {}
    for each in offered:
        number, words = (each.get("number"), each.get("quote")) if isinstance(each, dict) else (each, "")
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= len(sentences):
            raise _Refused("unknown_citation")
        source = sentences[number - 1]
        words = " ".join(words.split()) if isinstance(words, str) else ""
        if words and words not in source.words:
            raise _Refused("not_exact")
        # A word or two are unclear on their own: then the whole sentence is cited.
        quote = Quote(replace(source, words=words) if len(words) >= 20 else source, side)
        found.setdefault(quote.sentence.key, quote)
    return list(found.values())


def _parts(statement: Statement) -> list[tuple[str, list[Quote]]]:
    """Return a statement's words with their citations; of a disagreement, for each side."""
    held = [each for each in statement.quotes if each.side == Side.HELD]
    against = [each for each in statement.quotes if each.side == Side.AGAINST]
    return [(statement.text, held), *([(statement.against, against)] if statement.against else [])]


def _require_sound(text: str, cited: list[Sentence], language: str, question: str) -> None:
    """Raise `_Refused` for the first check that a text does not pass."""
    for code, passes in _CHECKS:
        if not passes(text, cited, language, question):
            raise _Refused(code)


def _has_no_address(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    return not addresses(text)


def _has_no_marks(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    return not _MARKS.search(text)


def _speaks_of_contributions(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    # A machine's words about itself are not a summary, even if a contribution ordered them.
    return not _MACHINE_TALK.search(text) or all(_MACHINE_TALK.search(each.words) for each in cited)


def _is_in_language(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    return guess(text, CODES) in {language, ""}


def _is_of_nobody(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    return not is_first_person(text, language)


def _figures_are_cited(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    sources = [figure for each in cited for figure in figures(each.words, each.language)]
    return all(any(one.says_the_same(other) for other in sources) for one in figures(text, language))


def _names_are_cited(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    analysis = analyse(text, language)
    words = [Cited(analyse(each.words, each.language), each.number) for each in cited]
    if names_lacking(analysis, words, [question]):
        return False
    # Names differ between languages, but in one script they begin alike: Geneva, Genève.
    known = {fold(word)[:3] for each in [question, *(each.words for each in cited)] for word in WORD.findall(each)}
    places = {part for written in analysis.places.values() for part in WORD.findall(written)}
    latin = language in _LATIN and all(each.language in _LATIN for each in cited)
    return not latin or all(fold(name)[:3] in known or name in places for name in analysis.names.values())


def _is_no_poll(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    who = "|".join([_SPEAK[language], *GROUPS.get(language, {}).values()])
    if language == "zh":
        return not re.search(
            rf"(?:{_ALL['zh']})[^，。；]{{0,8}}(?:{who})|(?:{who})[^，。；]{{0,8}}(?:{_ALL['zh']})", text
        )
    near = r"(?:\s+[\w’'-]+){0,3}?\s+"
    pattern = rf"\b(?:{_ALL[language]})\b{near}(?:{who})|(?:{who}){near}\b(?:{_ALL[language]})\b"
    for match in re.finditer(pattern, text, re.IGNORECASE):
        # "Access for all people" is not a poll if somebody wrote it.
        if not any(match[0].casefold() in each.words.casefold() for each in cited) or _claims_agreement(match[0]):
            return False
    return True


def _claims_agreement(words: str) -> bool:
    return (
        re.search(r"agree|accord|acuerdo|соглас|تفق|同意|赞成|unanim|unánim|единогл|إجماع|一致", words, re.I)
        is not None
    )


def _denies_alike(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    """Return whether a text that repeats most words of a citation has a negation if the citation has one."""
    own_terms, denies = terms(text, language), negations(text, language) > 0
    return not any(
        each.language == language
        and shared(own_terms, terms(each.words, language)) >= 0.5
        and (negations(each.words, language) > 0) != denies
        for each in cited
    )


def _rests_on(text: str, cited: list[Sentence], language: str, question: str) -> bool:
    """Return whether a text says the same as each of its citations: near in meaning, or in the same words."""
    from plenara.search.encoder import likeness

    own_terms = terms(text, language)
    near = likeness([text], [each.words for each in cited])[0]
    return all(
        float(cosine) >= NEAR
        or (each.language == language and shared(own_terms, terms(each.words, language)) >= SHARED)
        for each, cosine in zip(cited, near, strict=True)
    )


type _Check = Callable[[str, list[Sentence], str, str], bool]
_CHECKS: tuple[tuple[str, _Check], ...] = (
    ("address", _has_no_address),
    ("marks", _has_no_marks),
    ("machine_talk", _speaks_of_contributions),
    ("language", _is_in_language),
    ("first_person", _is_of_nobody),
    ("poll", _is_no_poll),
    ("figure", _figures_are_cited),
    ("name", _names_are_cited),
    ("polarity", _denies_alike),
    ("no_support", _rests_on),
)


def _same(one: Statement, other: Statement, language: str) -> bool:
    return shared(terms(one.text, language), terms(other.text, language)) > 0.9
