"""What `consultation.json` and `themes.json` may hold."""

import zoneinfo
from typing import Any

from plenara.bundles.format import COMMUNITY_SLUG as COMMUNITY
from plenara.bundles.format import FORMAT
from plenara.bundles.validation.fields import SMALL, Row
from plenara.core.languages import CODES
from plenara.core.rows import without_absent

SLUG = r"[A-Za-z0-9_-]+"
SLUG_NAME = "letters, digits, - and _ (at most 80)"
#: A symbol is part of addresses, and of paths in static copies: "." and ".." are no parts of it.
_SYMBOL = r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*"
#: A draft is not public, and a bundle holds nothing that is not.
STATES = ("announced", "open", "closed", "in_synthesis", "reported", "archived")

#: When the organizers moved it on, as its page says.
MOVED_ON = ("announced_at", "synthesis_at", "reported_at", "archived_at")


def symbol(row: Row, most: int, *, required: bool = False) -> str | None:
    """Return a symbol, at most so many characters."""
    name = f"letters, digits, . _ - and single / between its parts, none of which begins with . (at most {most})"
    return row.code("symbol", _SYMBOL, most, name, required=required)


def read(row: Row) -> dict[str, Any]:
    """Return the consultation with the keys that have a value, clean; what is wrong is noted."""
    made_for = row.line("format", 40, required=True)
    if made_for not in {None, FORMAT}:
        row.fault("format", f"is {made_for!r}; this version reads {FORMAT}")
    slug = row.code("slug", SLUG, 80, SLUG_NAME, required=True)
    if slug == COMMUNITY:
        row.fault("slug", f"is {COMMUNITY!r}, which is no consultation's: calendar and directory have it")
    parent = row.code("parent", SLUG, 80, SLUG_NAME)
    if parent and parent == slug:
        row.fault("parent", "is the consultation itself")
    opens_at, closes_at = row.moment("opens_at"), row.moment("closes_at")
    if opens_at and closes_at and not opens_at < closes_at:
        row.fault("closes_at", "is not after opens_at")
    timezone = row.line("timezone", 60)
    if timezone and timezone not in zoneinfo.available_timezones():
        row.fault("timezone", f"is {timezone!r}, which is no IANA time zone")
    consultation = without_absent(
        format=made_for,
        slug=slug,
        symbol=symbol(row, 40, required=True),
        title=row.texts("title", required=True, one_line=True),
        intro=row.texts("intro"),
        state=row.choice("state", STATES, required=True),
        opens_at=opens_at,
        closes_at=closes_at,
        **{key: row.moment(key) for key in MOVED_ON},
        extensions=_extensions(row),
        timezone=timezone or "UTC",
        languages=row.languages("languages", required=True),
        word_limit=row.integer("word_limit", least=1),
        licence=row.line("licence", 200),
        source=row.line("source", 200),
        parent=parent,
        threads=_threads(row),
    )
    row.finish()
    return consultation


def _extensions(row: Row) -> list[dict[str, Any]]:
    """Return how the closing was moved, in the order in which that was announced."""
    extensions = []
    for each in row.rows("extensions"):
        extension = without_absent(
            at=each.moment("at", required=True),
            closed_at=each.moment("closed_at", required=True),
            closes_at=each.moment("closes_at", required=True),
            reason=each.texts("reason"),
        )
        each.finish()
        extensions.append(extension)
    return sorted(extensions, key=lambda each: _in_time(each.get("at")))


def _rewordings(row: Row) -> list[dict[str, Any]]:
    """Return the earlier published words of a question, oldest first."""
    rewordings = []
    for each in row.rows("rewordings"):
        rewording = without_absent(
            language=each.choice("language", CODES, required=True),
            earlier=each.text("earlier", required=True),
            until=each.moment("until", required=True),
        )
        each.finish()
        rewordings.append(rewording)
    return sorted(rewordings, key=lambda each: _in_time(each.get("until")))


def _in_time(moment: str | None) -> str:
    """Return what sorts moments as they are written: with the Z, half a second would come before its whole one."""
    return (moment or "").removesuffix("Z")


def _threads(row: Row) -> list[dict[str, Any]]:
    threads: list[dict[str, Any]] = []
    numbers: set[Any] = set()
    rows = row.rows("threads", required=True)
    if not rows and row.has("threads"):
        row.fault("threads", "is empty; a consultation has a question")
    for each in rows:
        thread = without_absent(
            number=each.integer("number", least=1, most=SMALL, required=True),
            slug=each.code("slug", SLUG, 80, SLUG_NAME, required=True),
            question=each.texts("question", required=True),
            guidance=each.texts("guidance"),
            themes=each.strings("themes", 100),
            rewordings=_rewordings(each),
        )
        each.finish()
        each.once("number", thread.get("number"), numbers)
        threads.append(thread)
    return threads


def read_themes(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the themes, clean; what is wrong is noted."""
    themes = []
    codes: set[str] = set()
    for row in rows:
        theme = without_absent(
            code=row.line("code", 100, required=True),
            label=row.texts("label", required=True, one_line=True),
            broader=row.line("broader", 100),
            exact_match=row.strings("exact_match", 500),
        )
        row.finish()
        if (code := theme.get("code")) in codes:
            row.fault("code", f"{code!r} stands twice")
        codes.add(code or "")
        themes.append(theme)
    for row, theme in zip(rows, themes, strict=True):
        if theme.get("broader") and theme["broader"] not in codes:
            row.fault("broader", f"is {theme['broader']!r}, which no theme of this file is")
    return themes
