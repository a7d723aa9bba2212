"""Every address of the list of themes, and who gets in."""

from typing import Any

from plenara.themes import actions
from plenara.themes.models import Theme
from tests import world

#: What a file says that waits to be confirmed.
ROWS = [{"code": "X1", "labels": {"en": "Space"}}, {"code": "C9", "labels": {"en": "The press"}}]

PUBLIC = ["themes/", "themes/C7/", "themes/C7-e-health/", "themes/C9/"]
DESK = ["", "new/", "C7-e-health/", "C9/", "C10/retire/", "import/", "import/{theme_file}/"]


def places() -> dict[str, Any]:
    """Return the ids that the addresses below name: the Action Lines, one of them retired, and a file."""
    actions.install_wsis()
    curator = world.person("Keeper of the themes", is_organizer=True)
    actions.retire(actor=curator, theme=Theme.objects.get(code="C9"))
    file = actions.store_file(actor=curator, name="themes.csv", sha256="0" * 64, vocabulary="wsis", rows=ROWS)
    return {"theme_file": file.pk}


def addresses(*, everybody: set[str]) -> list[tuple[str, set[str]]]:
    """Return addresses with who gets in."""
    return [
        *((f"/en/{page}", everybody) for page in PUBLIC),
        *((f"/en/desk/themes/{page}", {"organizer"}) for page in DESK),
    ]


def forms() -> list[tuple[str, dict[str, str], set[str]]]:
    """Return forms with who may send them."""
    return [
        ("/en/desk/themes/new/", {"code": "Owned", "label_en": "Owned"}, {"organizer"}),
        ("/en/desk/themes/C7-e-health/", {"label_en": "Owned"}, {"organizer"}),
        ("/en/desk/themes/C9/", {"do": "offer"}, {"organizer"}),
        ("/en/desk/themes/C10/retire/", {"replaced_by": ""}, {"organizer"}),
        ("/en/desk/themes/import/", {"vocabulary": "owned"}, {"organizer"}),
        ("/en/desk/themes/import/{theme_file}/", {"do": "bring"}, {"organizer"}),
        ("/en/desk/themes/import/{theme_file}/", {"do": "drop"}, {"organizer"}),
    ]
