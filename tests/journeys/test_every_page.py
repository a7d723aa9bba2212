"""Every type of page, in three languages, at a desk and on a phone: accessible, and nothing scrolls sideways."""

import re

import pytest
from django.urls import Resolver404, resolve

from tests.journeys.looking import OF_ROOM, OF_WIDTH_AND_LANGUAGE, RULES, Onlooker
from tests.journeys.pages import OTHERWISE, PAGES, WALKED

pytestmark = pytest.mark.once


#: A space after a full-width mark, with what is around it.
A_SPACE = re.compile(r".{0,20}[，。：；？！、」』）》】][ \n]+[^\s<–·].{0,20}")
#: The tags of what is within a line.
WITHIN_LINES = re.compile(r"</?(?:a|b|bdi|cite|em|i|q|small|span|strong|time)\b[^>]*>")


def visits(onlooker, place):
    """Yield (address, status, is new, is walked) of every page, for whoever may open it.

    A page is new when its role has opened none of its type.
    """
    for role, paths in PAGES.items():
        onlooker.comes_as(role, place.people.get(role))
        seen: set[str] = set()
        for path in paths:
            address = path.format(**place.ids)
            is_new = (kind := type_of(address)) not in seen
            seen.add(kind)
            yield address, OTHERWISE.get(path, 200), is_new, is_new and path in WALKED.get(role, ())


def type_of(address):
    """Return the pattern that an address follows."""
    try:
        return resolve(f"/en/{address.partition('?')[0]}").route
    except Resolver404:
        return "nowhere"


def test_every_page_is_accessible(place, looks):
    """What colours and structure are asked is asked once: they change neither with the language nor with the width.

    Each kind of page has room at 320 pixels, and for text that is set further apart (WCAG 1.4.10 and 1.4.12). A screen
    of 1280 pixels has 320 when it is enlarged four times (1.4.4).
    """
    onlooker = Onlooker(looks(alone=True), "en")
    for address, status, is_new, is_walked in visits(onlooker, place):
        onlooker.opens(address, status)
        for width in onlooker.widths():
            onlooker.is_at(width)
            onlooker.unfolds()
            if width == "desk":
                onlooker.asks_axe(RULES)
                onlooker.looks_at_colours()
                if is_walked:
                    onlooker.walks()
        if is_new:
            onlooker.is_at("narrow")
            onlooker.unfolds()
            onlooker.spaces_text()
    assert not onlooker.errors, "\n".join(onlooker.errors)


def test_every_page_is_accessible_from_right_to_left_on_a_phone(place, looks):
    onlooker = Onlooker(looks(language="ar", alone=True), "ar", scripts=False)
    for address, status, is_new, is_walked in visits(onlooker, place):
        if not is_new:
            continue
        onlooker.opens(address, status)
        for width in onlooker.widths():
            onlooker.is_at(width)
            onlooker.unfolds()
            if width == "phone":
                onlooker.asks_axe(OF_WIDTH_AND_LANGUAGE)
                if is_walked:
                    onlooker.goes_from_stop_to_stop()
    assert not onlooker.errors, "\n".join(onlooker.errors)


def test_every_page_has_room_on_a_phone_in_chinese(place, looks):
    """Nothing scrolls sideways, and a finger finds what it can press, where words are shortest.

    In the source of each page no space is behind a full-width mark within a line.
    """
    onlooker = Onlooker(looks(language="zh", width="phone", alone=True), "zh", width="phone", scripts=False)
    for address, status, is_new, _is_walked in visits(onlooker, place):
        if is_new:
            onlooker.opens(address, status)
            onlooker.unfolds()
            onlooker.asks_axe(OF_ROOM)
        else:
            onlooker.reads(address, status)
        onlooker.errors += [f"{address}: a space: {each}" for each in spaces_in(onlooker.source)]
    assert not onlooker.errors, "\n".join(onlooker.errors)


def spaces_in(page):
    """Return the words around each space that is behind a full-width mark; what people wrote is not ours."""
    words = re.sub(r"<(script|style|textarea|template)\b.*?</\1>", "", page, flags=re.DOTALL)
    words = re.sub(r'<p class="[^"]*\brow\b.*?</p>', "", words, flags=re.DOTALL)  # its parts stand apart
    return A_SPACE.findall(WITHIN_LINES.sub("", words))
