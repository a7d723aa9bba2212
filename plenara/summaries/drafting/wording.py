"""Which words can be a statement of a summary: in its language, and not said in the first person of somebody else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from plenara.core.machines import Failed, translation
from plenara.summaries.drafting.first_person import is_first_person
from plenara.summaries.drafting.said import Said
from plenara.summaries.drafting.statements import Quote, Statement

#: Why an idea is left out of a draft: codes of `words.py`.
OTHER_LANGUAGE, FIRST_PERSON = "other_language", "first_person"
#: Seconds that a translation of a draft's statements may take.
SECONDS = 60.0


def why_left_out(statement: Statement, language: str, *, translates: bool = False) -> str:
    """Return why a statement made of sentences as they are cannot be in a summary; nothing where it can."""
    for said in leads(statement):
        if is_first_person(said.words, said.language):
            return FIRST_PERSON
        if said.language != language and not translates:
            return OTHER_LANGUAGE
    return ""


def leads(statement: Statement) -> list[Said]:
    """Return the sentences that are the words of a statement: of a disagreement, one for each side."""
    by_words = {quote.said.words: quote.said for quote in statement.quotes}
    return [by_words[each] for each in (statement.text, statement.against) if each in by_words]


def translated(statements: Sequence[Statement], language: str) -> list[Statement]:
    """Return statements in the language of the summary: those in another as a machine translates them.

    What the machine cannot translate is not among them. For a background task: it asks a server.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for statement in statements:
        for said in leads(statement):
            if said.language != language:
                wanted[said.language].append(said.words)
    made: dict[str, str] = {}
    for source, texts in wanted.items():
        try:
            made |= zip(texts, translation.translate(texts, source, language, seconds=SECONDS), strict=True)
        except (Failed, ValueError):
            continue  # these stay in another language, and are left out
    return [in_words(each, made) for each in statements if not _lacks(each, language, made)]


def _lacks(statement: Statement, language: str, made: dict[str, str]) -> bool:
    return any(said.language != language and not made.get(said.words) for said in leads(statement))


def in_words(statement: Statement, made: dict[str, str]) -> Statement:
    """Return a statement with its words as they were translated, in the name of the machine that did it."""
    text, against = made.get(statement.text, statement.text), made.get(statement.against, statement.against)
    if (text, against) == (statement.text, statement.against):
        return statement
    return replace(statement, text=text, against=against, machine=translation.name())


def contributions_of(quotes: Sequence[Quote]) -> set[int]:
    """Return the numbers of the contributions that are quoted; a campaign is one."""
    return {quote.said.campaign for quote in quotes}
