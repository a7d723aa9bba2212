"""Statements made wrong on purpose, one way at a time: negated, another number, another country.

Each returns "" if a statement offers no place for it. The rules are not those of the checks that should find them: they
insert words by grammar, independently of the checks.
"""

import random
import re

from plenara.core.vocabulary import country_names

_DENY: dict[str, list[tuple[str, str]]] = {
    "en": [
        (r"\b(is|are|was|were|will|would|can|could|should|must|has|have|had|may|might)\b(?! not)", r"\1 not"),
    ],
    "fr": [
        (
            r"\b(est|sont|était|étaient|a|ont|avait|doit|doivent|peut|peuvent|sera|seront|fut|va|vont)\b(?! pas)",
            r"ne \1 pas",
        ),
    ],
    "es": [
        (
            r"(?<!no )\b(es|son|era|eran|ha|han|había|debe|deben|puede|pueden|será|fue|fueron|está|están|tiene"
            r"|tienen)\b",
            r"no \1",
        ),
    ],
    "ru": [
        (
            r"(?<!не )\b(является|являются|был|была|было|были|будет|будут|может|могут|должен|должна|должны|имеет|имеют"
            r"|стал|стала|стали)\b",
            r"не \1",
        ),
    ],
    "ar": [
        (r"(?<!لا )(?<!\w)(يمكن|يجب|ينبغي|يكون|تكون|يوجد|يعتبر|تعتبر|يتم|تتم)(?!\w)", r"لا \1"),
        (r"(?<!\w)(كان|كانت)(?!\w)", r"لم تكن"),
    ],
    "zh": [
        (r"(?<!不)(是|会|會|能|可以|应|應|将|將|必须|必須)", r"不\1"),
        (r"(?<!没)(?<!沒)有", "没有"),
    ],
}


def negated(text: str, language: str) -> str:
    """Return a text that denies what it said."""
    for pattern, put in _DENY[language]:
        changed, times = re.subn(pattern, put, text, count=1)
        if times:
            return changed
    return ""


def renumbered(text: str, language: str) -> str:
    """Return a text with another number than it had: one digit of it changed."""
    found = [match for match in re.finditer(r"\d+", text) if not text[match.start() - 1 : match.start()].isalpha()]
    if not found:
        return ""
    match = found[0]
    last = match[0][-1]
    return text[: match.end() - 1] + str((int(last) + 3) % 10) + text[match.end() :]


def renamed(text: str, language: str, rng: random.Random) -> str:
    """Return a text with the name of another country than it had."""
    names = [each for each in country_names(language).values() if len(each) > (1 if language == "zh" else 3)]
    here = [each for each in names if each in text]
    if not here:
        return ""
    name = max(here, key=len)
    other = rng.choice(sorted(each for each in names if each not in text and "(" not in each and " " not in each))
    return text.replace(name, other, 1)
