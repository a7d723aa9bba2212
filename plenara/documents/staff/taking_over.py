"""Taking over what a machine suggests, what was translated before, or what somebody else wrote: into the form alone.

Nothing is saved by it. Without a script it is a button that sends the form and gets it back, with everything that was
typed, and the words in their place.
"""

from django.http import QueryDict

from plenara.core.text import number_in
from plenara.documents import memory
from plenara.documents.staff.pairs import FIELDS
from plenara.documents.staff.rendition_page import RenditionPage


def taken_over(page: RenditionPage, data: QueryDict) -> QueryDict:
    """Return what was typed, with the words of a suggestion or an earlier translation in the place that was asked for.

    What stood in the field goes along, so that it can be shown. What is no longer there changes nothing.
    """
    typed: QueryDict = data.copy()
    field, _colon, what = data.get("take", "").partition(":")
    key = number_in(field[1:])
    page.typed = typed
    for name, text in _words_of(page, field[:1], key, what).items():
        stood = str(typed.get(name, ""))
        if stood.strip() and stood != text:
            typed[f"b{name}"] = stood
        typed[name] = text
    return typed


def _words_of(page: RenditionPage, letter: str, key: int, what: str) -> dict[str, str]:
    """Return the words to put into fields, by their names."""
    if what == "machine":
        suggestion = page.suggested.get(key or None)
        if suggestion is None:
            return {}
        if not key:
            return {"title": suggestion.text}
        return {f"{each}{key}": getattr(suggestion, name) for each, name in FIELDS.items() if getattr(suggestion, name)}
    if key not in page.texts or letter not in FIELDS:
        return {}
    source, mine = page.texts[key]
    if what == "theirs":
        now = {f"{each}{key}": getattr(mine, name) for each, name in FIELDS.items()}
        return {**now, f"w{key}": mine.digest}
    text = getattr(source, FIELDS[letter])
    segments = memory.segments(page.document, page.language, [text], [source.digest])
    found = memory.matches({0: text}, segments, headings=letter == "h").get(0, [])
    chosen = next((each for each in found if memory.name_of(each) == what), None)
    return {f"{letter}{key}": chosen.segment.target} if chosen else {}
