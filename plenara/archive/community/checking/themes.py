"""What `themes.json` of the community may hold: the whole list, as each theme stands."""

import re
from typing import Any

from plenara.archive.bundle.checking.fields import Row, present
from plenara.archive.community.checking.common import THEME, THEME_NAME
from plenara.core.languages import CODES

#: As `themes.checks` has them, which a database stands behind.
MOST = 5_000
ENDINGS = (".ttl", ".jsonld", ".csv", ".atom", ".ics")
TAKEN = frozenset({"new", "import"})
_SIGNS = re.compile(r"[^a-z0-9]+")


def read(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the themes, clean; what is wrong is noted."""
    found: list[dict[str, Any]] = []
    at: dict[str, int] = {}
    alike: dict[str, str] = {}
    if len(rows) > MOST:
        rows[MOST].fault("code", f"is of theme {MOST + 1}; a list has {MOST} at most")
    for row in rows[:MOST]:
        theme = present(
            code=row.code("code", THEME, 100, THEME_NAME, required=True),
            label=row.texts("label", required=True, one_line=True),
            alternatives=_alternatives(row),
            definition=row.texts("definition"),
            own_labels=sorted(row.codes("own_labels", "|".join(CODES), 2, "languages")),
            broader=row.code("broader", THEME, 100, THEME_NAME),
            related=sorted(row.codes("related", THEME, 100, "codes of themes")),
            exact_match=row.strings("exact_match", 500),
            vocabulary=row.line("vocabulary", 60),
            position=row.integer("position"),
            retired_at=row.moment("retired_at"),
            replaced_by=row.code("replaced_by", THEME, 100, THEME_NAME),
        )
        row.finish()
        code = theme.get("code", "")
        if code in at:
            row.fault("code", f"{code!r} stands twice")
        elif code:
            _may_stand(row, code, alike)
        at.setdefault(code, len(found))
        found.append(theme)
    related = {(theme.get("code"), code) for theme in found for code in theme.get("related", ())}
    for row, theme in zip(rows, found, strict=False):
        _fit(row, theme, at, found, related)
    return found


def _may_stand(row: Row, code: str, alike: dict[str, str]) -> None:
    """Note a code that no address can have, or that a search cannot tell from another one."""
    if code.lower().endswith(ENDINGS) or code.lower() in TAKEN or not code[-1].isalnum():
        row.fault("code", f"is {code!r}, which cannot stand in an address")
    if (other := alike.setdefault(_SIGNS.sub("-", code.lower()), code)) != code:
        row.fault("code", f"is {code!r}, which differs from {other!r} in signs or capitals alone")


def _alternatives(row: Row) -> dict[str, list[str]]:
    inner = row.row("alternatives")
    if inner is None:
        return {}
    found = {code: inner.strings(code, 2000) for code in CODES}
    inner.finish()
    return {code: texts for code, texts in found.items() if texts}


def _fit(
    row: Row, theme: dict[str, Any], at: dict[str, int], found: list[dict[str, Any]], related: set[tuple[Any, Any]]
) -> None:
    for key in ("broader", "replaced_by"):
        if theme.get(key) and theme[key] not in at:
            row.fault(key, f"is {theme[key]!r}, which no theme of this file is")
        elif theme.get(key):
            _is_no_circle(row, theme, key, at, found)
    for code in theme.get("related", ()):
        if code not in at:
            row.fault("related", f"names {code!r}, which no theme of this file is")
        elif code == theme.get("code") or (code, theme.get("code")) not in related:
            row.fault("related", f"names {code!r}, which does not name it")
    if theme.get("replaced_by") and not theme.get("retired_at"):
        row.fault("replaced_by", "is of a retired theme alone, and there is no retired_at")


def _is_no_circle(row: Row, theme: dict[str, Any], key: str, at: dict[str, int], found: list[dict[str, Any]]) -> None:
    seen, code = {theme.get("code")}, theme[key]
    while code in at:
        if code in seen:
            row.fault(key, "leads in a circle")
            return
        seen.add(code)
        code = found[at[code]].get(key)
