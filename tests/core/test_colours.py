"""Contrast by WCAG, and the shades that are calculated from an installation's colours."""

import random
import re

import pytest

from plenara.core import colours

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [  # as the contrast checker of WebAIM has them
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#fff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.0),
        ("#ffff00", "#000000", 19.56),
    ],
)
def test_contrast_is_that_of_wcag_whichever_colour_comes_first(one, other, ratio):
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@pytest.mark.parametrize(("text", "colour"), [(" #00594A ", "#00594a"), ("abc", "#aabbcc"), ("7A1020", "#7a1020")])
def test_a_colour_is_read_as_people_write_it(text, colour):
    assert colours.read_colour(text) == colour


@pytest.mark.parametrize("text", ["", "#", "red", "#12345", "#1234567", "#00594g", "rgb(0,0,0)", "#00594a;}", "٠٠٠"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError):
        colours.read_colour(text)


def modes(accent, header):
    """Return the colours of light and of dark pages with the stylesheet for two colours."""
    light, dark = colours.sheet(accent, header).split("@media", 1)
    assert dark.startswith(" screen and (prefers-color-scheme: dark)")
    tokens = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", each)) for each in (light, dark))
    for mode, own in zip((colours.LIGHT, colours.DARK), tokens, strict=True):
        whole = {**mode, **own}
        yield {"header": whole["accent"], **whole}


def some_colours(count):
    chance = random.Random(24)
    return [f"#{chance.randrange(1 << 24):06x}" for _each in range(count)]


def test_whatever_is_chosen_is_readable_in_both_modes_or_refused_with_a_colour_that_is():
    refused = 0
    for chosen in ["#000000", "#ffffff", "#8b0000", "#ff8c00", "#0b3d2e", "#0000ff", "#00ff00", *some_colours(300)]:
        accent = header = chosen
        if weak := colours.weakness_of_accent(chosen):
            assert weak.ratio == pytest.approx(colours.contrast(chosen, weak.ground)) and weak.ratio < 4.5
            accent, refused = weak.nearest, refused + 1
        if weak := colours.weakness_of_header(chosen):
            assert weak.ratio < 3
            header = weak.nearest
        assert not colours.weakness_of_accent(accent) and not colours.weakness_of_header(header)
        for mode in modes(accent, header):
            for ground in ("paper", "field", "tint"):
                assert colours.contrast(mode["accent"], mode[ground]) >= 4.5
                assert colours.contrast(mode["accent-2"], mode[ground]) >= 4.5
            assert colours.contrast(mode["on-accent"], mode["accent"]) >= 4.5
            assert colours.contrast(mode["on-accent"], mode["accent-2"]) >= 4.5
            assert colours.contrast(mode["accent"], mode["pale"]) >= 2.5  # beside each other in figures with numbers
            assert colours.contrast(mode["header"], mode["paper"]) >= 3
    assert 100 < refused < 250


def test_the_nearest_colour_is_no_darker_than_it_must_be():
    assert colours.contrast(colours.weakness_of_accent("#ff8c00").nearest, colours.LIGHT["tint"]) < 4.6
    assert colours.contrast(colours.weakness_of_header("#ff8c00").nearest, colours.LIGHT["paper"]) < 3.1


def test_the_default_colours_change_nothing():
    default = colours.LIGHT["accent"]
    assert re.findall("--", colours.sheet(default, default)) == []
    assert "--accent:" not in colours.sheet(default, "#a85a00")
