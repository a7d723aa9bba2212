"""Weak support: what a statement says and the words it cites do not. Warnings: a reader judges."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from plenara.documents.support.counted import counts_the_record
from plenara.documents.support.meaning import ALIKE, is_near_cited
from plenara.documents.support.names import places
from plenara.documents.support.reading import Read
from plenara.documents.support.words import WORD, fold, stem


@dataclass(frozen=True)
class Cited:
    """Words that are cited, with who says them."""

    read: Read
    number: int  # the contribution's
    byline: str = ""  # name and organization: who speaks may be named without being quoted
    country: str = ""


def denies_otherwise(statement: Read, cited: Sequence[tuple[Cited, float | None]]) -> bool:
    """Say whether a statement denies what most of its citations do not deny, or the other way round.

    Asked only of words that are near to it in meaning (`float`: the cosine, None where it is not reckoned yet): words
    that it sums up with others may well hold a "not" that it has no need of. A sentence of its own may deny for each.
    """
    near = [
        each.read
        for each, cosine in cited
        if cosine is not None and cosine >= ALIKE and each.read.tells_negation and statement.tells_negation
    ]
    other = sum(
        (each.denies_throughout and not any(statement.denies)) or (statement.denies_throughout and not any(each.denies))
        for each in near
    )
    return other * 2 > len(near)


def names_lacking(statement: Read, cited: Sequence[Cited], known: Collection[str] = ()) -> list[str]:
    """Return the names in a statement that neither the words cited nor who says them has.

    `known` are texts whose names any statement may use: the consultation's title and questions. Names are compared
    where all the words cited are in the statement's language, since elsewhere they are spelled in another way;
    countries always.
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


def numbers_swapped(statement: Read, cited: Sequence[Cited]) -> list[str]:
    """Return the small number words of a statement that its citations lack while they have others: three for four.

    Figures that must hold are the gate's, those that count contributions among them; these may be no more than a way of
    speaking.
    """
    mine = [
        each
        for each in statement.figures
        if each.is_word and each.value <= 10 and not counts_the_record(statement.text, each.end, statement.language)
    ]
    theirs = [figure for each in cited for figure in each.read.figures]
    unsaid = [each for each in theirs if not any(each.says_the_same(figure) for figure in statement.figures)]
    return [each.written for each in mine if unsaid and not any(each.says_the_same(figure) for figure in theirs)]


def far_in_meaning(cosines: Sequence[float | None]) -> bool:
    """Say whether a statement means something else than all the words it cites; nothing while some are not reckoned."""
    known = [each for each in cosines if each is not None]
    return bool(known) and len(known) == len(cosines) and not is_near_cited(max(known))
