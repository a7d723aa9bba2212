"""Every type of page, in three languages, at a desk and on a phone: accessible, and nothing scrolls sideways."""

import re

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from tests.journeys.looking import OF_ROOM, OF_WIDTH_AND_LANGUAGE, RULES, Onlooker
from tests.journeys.pages import OTHERWISE, PAGES, WALKED

pytestmark = pytest.mark.once


def looked_at(onlooker, place, *, once=False):
    """Open every page, of whoever may; or one of each type. Tell of each whether it is to be walked through."""
    for role, paths in PAGES.items():
        onlooker.comes_as(role, place.people.get(role))
        seen: set[str] = set()
        for path in paths:
            address = path.format(**place.ids)
            is_new = (kind := type_of(address)) not in seen
            if once and not is_new:
                continue
            seen.add(kind)
            onlooker.opens(address, OTHERWISE.get(path, 200))
            yield is_new and path in WALKED.get(role, ())


def type_of(address):
    """Return the pattern that an address follows."""
    try:
        return resolve(f"/en/{address.partition('?')[0]}").route
    except Resolver404:
        return "nowhere"


def test_every_page_is_accessible(place, looks):
    """What colours and structure are asked is asked once: they change neither with the language nor with the width."""
    onlooker = Onlooker(looks(), "en")
    for is_walked in looked_at(onlooker, place):
        for width in onlooker.widths():
            onlooker.is_at(width)
            onlooker.unfolds()
            if width == "desk":
                onlooker.asks_axe(RULES)
                onlooker.looks_at_colours()
                if is_walked:
                    onlooker.walks()
    assert not onlooker.errors, "\n".join(onlooker.errors)


def test_every_page_is_accessible_from_right_to_left_on_a_phone(place, looks):
    onlooker = Onlooker(looks(language="ar"), "ar", scripts=False)
    for is_walked in looked_at(onlooker, place, once=True):
        for width in onlooker.widths():
            onlooker.is_at(width)
            onlooker.unfolds()
            if width == "phone":
                onlooker.asks_axe(OF_WIDTH_AND_LANGUAGE)
                if is_walked:
                    onlooker.goes_from_stop_to_stop()
    assert not onlooker.errors, "\n".join(onlooker.errors)


def test_every_page_has_room_on_a_phone_in_chinese(place, looks):
    """Nothing scrolls sideways, and a finger finds what it can press, where words are shortest."""
    onlooker = Onlooker(looks(language="zh", width="phone"), "zh", width="phone", scripts=False)
    for _is_walked in looked_at(onlooker, place, once=True):
        onlooker.unfolds()
        onlooker.asks_axe(OF_ROOM)
    assert not onlooker.errors, "\n".join(onlooker.errors)


def test_no_chinese_page_has_a_space_after_a_full_width_mark(place):
    """Within a line, whatever elements it has; what people wrote is not ours."""
    a_space = re.compile(r".{0,20}[，。：；？！、」』）》】][ \n]+[^\s<–·].{0,20}")
    between_lines = re.compile(r"</?(?:a|b|bdi|cite|em|i|q|small|span|strong|time)\b[^>]*>")
    found = {}
    for role, paths in PAGES.items():
        visitor = Client()
        if person := place.people.get(role):
            visitor.force_login(person)
        for path in paths:
            answer = visitor.get(f"/zh/{path.format(**place.ids)}")
            assert answer.status_code == OTHERWISE.get(path, 200), path
            page = answer.content.decode()
            words = re.sub(r"<(script|style|textarea|template)\b.*?</\1>", "", page, flags=re.DOTALL)
            words = re.sub(r'<p class="[^"]*\brow\b.*?</p>', "", words, flags=re.DOTALL)  # its parts stand apart
            if spaces := a_space.findall(between_lines.sub("", words)):
                found[path] = spaces
    assert not found, "\n".join(f"{path}: {spaces}" for path, spaces in found.items())
