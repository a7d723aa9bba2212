"""This installation: its row, and how a page shows it."""

from dataclasses import dataclass

from plenara.accounts.models import Installation
from plenara.common.languages import in_language


@dataclass(frozen=True)
class Shown:
    """An installation as a page's frame shows it, in one language."""

    name: str
    language: str
    contact: str
    controller: str
    mark_url: str
    is_set_up: bool
    rules_version: str

    def __str__(self) -> str:
        return self.name


def row() -> Installation:
    """Return the installation's row, which the first migration made."""
    return Installation.objects.get_or_create(pk=1)[0]


def installation(language: str | None = None) -> Shown:
    """Return the installation as shown in a language (default: the active one)."""
    it = Installation.objects.filter(pk=1).first() or Installation()
    name = in_language(it.name, language)
    return Shown(
        name=name.text or "Plenara",
        language=name.language,
        contact=it.contact,
        controller=in_language(it.controller, language).text,
        mark_url=f"/mark/{it.mark}.png" if it.mark else "",
        is_set_up=it.is_set_up,
        rules_version=it.rules_version,
    )
