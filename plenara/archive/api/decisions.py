"""The register of moderation as the API tells it: the rows of `decisions/data.json`, with words by language."""

from typing import Any

from django.utils import translation

from plenara.archive.api.parameters import Parameters
from plenara.archive.formats import statements
from plenara.consultations.models import Consultation
from plenara.core.languages import CODES, django_code
from plenara.moderation.models import Appeal, Code
from plenara.moderation.register import FILED, Entry, Wanted

#: What of a row is words for people. The rest is codes.
_WORDS = ("decision_facts", "illegal_content_explanation", "incompatible_content_explanation")


def wanted(parameters: Parameters) -> Wanted:
    """Return the filters that an address asks for: those of the register's page."""
    return Wanted(
        code=parameters.choice("code", Code.values) or "",
        thread=parameters.number("thread", least=1, most=32_767) or 0,
        language=parameters.language("language") or "",
        appeal=parameters.choice("appeal", [FILED, *Appeal.Status.values]) or "",
    )


def row(entry: Entry, consultation: Consultation) -> dict[str, Any]:
    """Return what is told of a decision. No query."""
    found: dict[str, Any] = {}
    words: dict[str, dict[str, str]] = {}
    for code in CODES:
        with translation.override(django_code(code)):
            found = statements.row(entry, consultation)
        for name in _WORDS:
            if name in found:
                words.setdefault(name, {})[code] = found[name]
    return found | words
