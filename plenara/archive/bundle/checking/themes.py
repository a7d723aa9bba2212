"""What `themes.json` may hold: the vocabulary that the bundle uses."""

from typing import Any

from plenara.archive.bundle.checking.fields import Row, present


def read(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the themes, clean; what is wrong is noted."""
    themes = []
    codes: set[str] = set()
    for row in rows:
        theme = present(
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
