"""This installation: its row, how a page shows it, and its own pages in six languages."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Installation
from plenara.core.languages import NAMES, Localized, current, in_language

#: The pages that an installation has, in the order in which the desk lists them.
PAGES = {
    "how": _("How it works"),
    "rules": _("Rules and moderation"),
    "licence": _("Licence of contributions"),
    "privacy": _("Privacy"),
    "accessibility": _("Accessibility"),
}
#: What everybody accepts at sign-up: when one of these changes, it is accepted anew.
ACCEPTED_PAGES = frozenset({"rules", "licence"})

_DEFAULTS = Path(__file__).parent / "pages"


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
    """Return the installation's row; it is made where there is none."""
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


@lru_cache(maxsize=64)
def default_text(page: str, language: str) -> str:
    """Return the text that comes with the software, with its `{installation}` and other names not filled in."""
    file = _DEFAULTS / f"{page}.{language}.md"
    return file.read_text(encoding="utf-8").strip() if page in PAGES and language in NAMES and file.is_file() else ""


def page_texts(page: str, it: Installation | None = None) -> dict[str, str]:
    """Return a page's text by language: the installation's own where there is one, else the default."""
    own = ((it or row()).pages or {}).get(page, {})
    texts = {language: own.get(language) or default_text(page, language) for language in NAMES}
    return {language: text for language, text in texts.items() if text}


def page_text(page: str, language: str | None = None) -> Localized:
    """Return a page as Markdown in a language, or the next that has it, with the installation's names filled in."""
    it = row()
    text, found = in_language(page_texts(page, it), language or current())
    values = {
        "installation": _as_words(in_language(it.name, found).text or "Plenara"),
        "controller": _as_words(
            in_language(it.controller, found).text or in_language(it.name, found).text or "Plenara"
        ),
        "contact": f"[{_as_words(it.contact)}](mailto:{it.contact})" if it.contact else settings.SITE_URL,
    }
    return Localized(re.sub(r"\{(installation|controller|contact)\}", lambda match: values[match[1]], text), found)


def _as_words(text: str) -> str:
    """Return a text whose characters mean nothing to Markdown."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!<>|~&])", r"\\\1", " ".join(text.split()))
