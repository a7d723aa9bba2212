"""Terms of a glossary in a text, whatever their inflection."""

import re
from collections.abc import Iterable

from plenara.documents.support.words import WORD, fold, stem, without_prefix


def has_term(text: str, term: str, language: str) -> bool:
    """Say whether a term stands in a text: in Chinese as it is, elsewhere each of its words by its beginning.

    The words of a term may be inflected and stand apart by one word: "bridge the digital divide" has "digital divides".
    """
    if language == "zh":
        return _bare(term) in _bare(text)
    wanted = [(stem(word, language), len(word)) for word in WORD.findall(term) if len(word) > 2 or word.isupper()]
    if not wanted:
        return fold(term) in fold(text)
    words = [_forms(word, language) for word in WORD.findall(text)]
    places = [{at for at, forms in enumerate(words) if any(_begins(form, *each) for form in forms)} for each in wanted]
    return all(places) and any(_together(at, places) for at in places[0])


def _begins(form: str, wanted: str, length: int) -> bool:
    # An inflected word is hardly longer than the word itself: "art" is not in "article", nor "hub" in "hubris".
    return form.startswith(wanted) and len(form) <= length + (3 if length > 4 else 2)


def _together(at: int, places: list[set[int]]) -> bool:
    reach = 2 * len(places)
    return all(any(abs(other - at) <= reach for other in each) for each in places[1:])


def _forms(word: str, language: str) -> list[str]:
    bare = fold(word)
    return without_prefix(bare) if language == "ar" else [bare]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def has_any(text: str, terms: Iterable[str], language: str) -> bool:
    """Say whether any of some terms stands in a text."""
    return any(has_term(text, term, language) for term in terms if term)
