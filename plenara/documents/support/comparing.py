"""Two texts that should say the same in two languages: which figures and symbols are in one and not in the other."""

from dataclasses import dataclass

from plenara.documents.support.figures import DATE, NUMBER, YEAR, Figure, all_figures, figures, in_ascii, is_one
from plenara.documents.support.symbols import symbols


@dataclass(frozen=True)
class Differing:
    """What is in one of two texts alone."""

    missing: list[Figure]  # in the source, not in the target
    added: list[Figure]  # in the target, not in the source


def differing_figures(source: str, target: str, source_language: str, language: str) -> Differing:
    """Return the figures that are in one text alone, each counted as often as it stands there.

    A figure that is a word in one language may be a dual, a pronoun or an idiom in the other, so a missing word is none
    where the number is small.
    """
    mine, theirs = figures(source, source_language), figures(target, language)
    left = list(theirs)
    missing = []
    for figure in mine:
        found = next((each for each in left if figure.says_the_same(each)), None)
        if found is None:
            missing.append(figure)
        else:
            left.remove(found)
    missing = [each for each in missing if not _stands_otherwise(each, target, theirs, language)]
    added = [each for each in left if not _stands_otherwise(each, source, mine, source_language)]
    return Differing(missing, added)


def _stands_otherwise(figure: Figure, text: str, found: list[Figure], language: str) -> bool:
    """Say whether a figure stands in the other text in a form that is not read as the same."""
    if any(figure.says_the_same(each) for each in found):
        return True  # once where the source has it twice: a pronoun, or a phrase that was drawn together
    if figure.is_word and figure.value <= 12:
        return True
    if figure.value == 1 and any(is_one(each) for each in all_figures(text, language)):
        return True  # "one" where the other writes 1
    # "1条" of "une contribution": where "one" is an article too, it is no figure, and says as much as one.
    if figure.value == 1 and any(each.value == 1 for each in all_figures(text, language)):
        return True
    digits = set(_runs(in_ascii(text)))
    mine = _runs(in_ascii(figure.written))
    if figure.kind in {DATE, YEAR, NUMBER} and mine and set(mine) <= digits:
        return True
    return bool(figure.day) and any(_is_part(figure, each) for each in found)


def _is_part(figure: Figure, other: Figure) -> bool:
    assert figure.day is not None
    return other.kind in {YEAR, NUMBER} and other.value in {figure.day.year, figure.day.day}


def _runs(text: str) -> list[str]:
    run, found = "", []
    for each in f"{text} ":
        if each.isdigit():
            run += each
        elif run:
            found.append(run)
            run = ""
    return found


def differing_symbols(source: str, target: str) -> tuple[list[str], list[str]]:
    """Return the symbols, references and addresses that are in the source alone, and in the target alone."""
    mine, theirs = symbols(source), symbols(target)
    return sorted((mine - theirs).elements()), sorted((theirs - mine).elements())
