"""The themes of a bundle and the list that is here: what is new, what takes the bundle's words, what stays."""

from dataclasses import dataclass, field
from typing import Any

from plenara.archive.bundle.importing.consultation import moment
from plenara.archive.community.exporting import theme_row, themes_with_all
from plenara.themes.actions.writing import take_hold
from plenara.themes.models import Theme

#: The stamp of a theme that was written once, when the list was installed, and never since.
_ONCE = 1


@dataclass
class Compared:
    """Themes of a bundle held against those that are here."""

    #: Rows of themes that come in or whose words are taken: no such code is here, or nobody edited it.
    taken: list[dict[str, Any]] = field(default_factory=list)
    #: Codes of themes that were edited here and say something else: they stay.
    kept: list[str] = field(default_factory=list)


def compared(rows: list[dict[str, Any]]) -> Compared:
    """Hold the themes of a bundle against those that are here. Two queries."""
    found = Compared()
    here = {each.code: each for each in themes_with_all(Theme.objects.order_by())}
    for row in rows:
        theme = here.get(row["code"])
        if theme is None:
            found.taken.append(row)
        elif theme_row(theme) != row:
            if theme.stamp > _ONCE:
                found.kept.append(theme.code)
            else:
                found.taken.append(row)
    return found


def bring_in(rows: list[dict[str, Any]]) -> None:
    """Make or change the themes that these rows say. All that they name is here or among them."""
    if not rows:
        return
    take_hold()
    themes = {each.code: each for each in Theme.objects.order_by()}
    for row in rows:
        theme = themes.setdefault(row["code"], Theme(code=row["code"]))
        theme.labels = row["label"]
        theme.alternatives = row.get("alternatives", {})
        theme.definition = row.get("definition", {})
        theme.own_labels = row.get("own_labels", [])
        theme.exact_match = row.get("exact_match", [])
        theme.vocabulary = row.get("vocabulary", "own")
        theme.position = row.get("position", 0)
        theme.retired_at = moment(row.get("retired_at"))
        theme.broader = theme.replaced_by = None
        theme.stamp = max(theme.stamp, _ONCE) + 1  # it stays as it is from now on
        theme.save()
    for row in rows:
        theme = themes[row["code"]]
        theme.broader, theme.replaced_by = (themes.get(row.get(name, "")) for name in ("broader", "replaced_by"))
        theme.save(update_fields=["broader", "replaced_by"])
        theme.related.set(themes[code] for code in row.get("related", ()))
