"""Colours that replace two of the stylesheet's: contrast by WCAG 2.2, and the shades that are calculated from them."""

import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

#: The contrast that level AA requires of text (1.4.3) and of other graphics (1.4.11).
TEXT, GRAPHICS = 4.5, 3.0

_SHEET = Path(__file__).parent / "static" / "plenara.css"
_LIGHT, _DARK = (
    dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", part))
    for part in _SHEET.read_text("utf-8").split("prefers-color-scheme: dark", 1)
)
#: The colours of the stylesheet, by token.
LIGHT: dict[str, str] = _LIGHT
DARK: dict[str, str] = {**_LIGHT, **_DARK}
#: What links are read on. Text on a button has the colour of the paper, so that it is readable where links are.
_GROUNDS = ("paper", "field", "tint")


class Weakness(NamedTuple):
    """The lowest contrast of a colour that is too low, and the nearest colour that is not."""

    ground: str
    ratio: float
    nearest: str


def read_colour(text: str) -> str:
    """Return a colour such as "#00594a" from what a person wrote. Raises `ValueError`."""
    digits = text.strip().lower().removeprefix("#")
    if not re.fullmatch(r"[0-9a-f]{3}|[0-9a-f]{6}", digits):
        raise ValueError(text)
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, between 1 and 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def weakness_of_accent(colour: str) -> Weakness | None:
    """Return where links in this colour are not readable; None if they are readable everywhere."""
    return _weakness(colour, [LIGHT[name] for name in _GROUNDS], TEXT)


def weakness_of_header(colour: str) -> Weakness | None:
    """Return where a header in this colour is not visible; None if it is."""
    return _weakness(colour, [LIGHT["paper"]], GRAPHICS)


def sheet(accent: str, header: str) -> str:
    """Return a stylesheet with these two colours, and what is calculated from them for light and dark mode."""
    light, dark = _tokens(accent, header)
    return f":root {_block(light)}\n@media screen and (prefers-color-scheme: dark) {{ :root {_block(dark)} }}\n"


def sample_sheet(accent: str, header: str) -> str:
    """Return a stylesheet for samples of both modes on one page: `.in-light` and `.in-dark`."""
    rules = [
        "[class|=in] { background: var(--paper); color: var(--ink); border: 1px solid var(--edge) }",
        "[class|=in] > * { padding-inline: 1rem; margin-block: 0 1rem }",
        "[class|=in] .name { margin: 0 }",
    ]
    for mode, whole, own in zip(("light", "dark"), (LIGHT, DARK), _tokens(accent, header), strict=True):
        every = {"header": "var(--accent)", "ground": "var(--paper)", **whole, **own}
        rules.append(f".in-{mode} {_block(every)}\n.in-{mode} {{ color-scheme: {mode} }}")
    return "\n".join(rules)


def _tokens(accent: str, header: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the tokens that differ from the stylesheet's, for light and dark mode.

    A dark page has the nearest lighter colour that is readable there.
    """
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    if accent != LIGHT["accent"]:
        bright = _nearest(accent, [DARK[name] for name in _GROUNDS], TEXT, 1)
        light |= {"accent": accent, "accent-2": _shaded(accent, -0.09), "pale": _with(accent, 0.86, 0.35)}
        dark |= {"accent": bright, "accent-2": _shaded(bright, 0.09), "pale": _with(accent, 0.36, 0.45)}
    if header != accent:
        light["header"] = header
        dark["header"] = _nearest(header, [DARK["paper"]], GRAPHICS, 1)
    return light, dark


def _block(tokens: Mapping[str, str]) -> str:
    declarations = " ".join(f"--{name}: {value};" for name, value in tokens.items())
    return f"{{ {declarations} }}"


def _weakness(colour: str, grounds: Iterable[str], least: float) -> Weakness | None:
    ratio, ground = min((contrast(colour, each), each) for each in grounds)
    return Weakness(ground, ratio, _nearest(colour, grounds, least, 0)) if ratio < least else None


def _nearest(colour: str, grounds: Iterable[str], least: float, towards: float) -> str:
    """Return the colour of the nearest lightness, on the way to black (0) or white (1), with enough contrast."""
    start, steps = _lch(colour)[0], 200
    for step in range(steps + 1):
        found = _with(colour, start + (towards - start) * step / steps) if step else colour
        if all(contrast(found, ground) >= least for ground in grounds):
            return found
    raise ValueError(f"No shade of {colour} has a contrast of {least} on {grounds}.")


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> list[float]:
    digits = read_colour(colour)[1:]
    parts = (int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]


# --- Lightness, chroma and hue in Oklab (bottosson.github.io/posts/oklab, CSS Color 4) ---

type _Matrix = tuple[tuple[float, float, float], ...]

_TO_CONES: _Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB: _Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB: _Matrix = (
    (1, 0.3963377774, 0.2158037573),
    (1, -0.1055613458, -0.0638541728),
    (1, -0.0894841775, -1.2914855480),
)
_FROM_CONES: _Matrix = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def _times(matrix: _Matrix, vector: Iterable[float]) -> list[float]:
    values = list(vector)
    return [sum(a * b for a, b in zip(row, values, strict=True)) for row in matrix]


def _lch(colour: str) -> tuple[float, float, float]:
    lightness, a, b = _times(_TO_LAB, (math.cbrt(each) for each in _times(_TO_CONES, _linear(colour))))
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _shaded(colour: str, by: float) -> str:
    """Return a colour that is lighter or darker by a part of the way from black to white."""
    return _with(colour, _lch(colour)[0] + by)


def _with(colour: str, lightness: float, saturation: float = 1) -> str:
    """Return a colour with another lightness and a part of its chroma, or as much of it as a screen can show."""
    _lightness, chroma, hue = _lch(colour)
    lightness = min(max(lightness, 0), 1)
    for step in range(100, -1, -1):
        part = chroma * saturation * step / 100
        cones = _times(_FROM_LAB, (lightness, part * math.cos(hue), part * math.sin(hue)))
        red_green_blue = _times(_FROM_CONES, (each**3 for each in cones))
        if all(-1e-4 <= each <= 1 + 1e-4 for each in red_green_blue):
            break
    return "#" + "".join(f"{_byte(each):02x}" for each in red_green_blue)


def _byte(linear: float) -> int:
    linear = min(max(linear, 0), 1)
    return round(255 * (linear * 12.92 if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055))
