"""What an outcome can begin with: the sections of a template, in six languages."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from plenara.core.languages import NAMES, django_code

#: An address, a heading and what belongs there, each in six languages.
type Part = tuple[str, dict[str, str], dict[str, str]]

_REPORT = (
    (
        "definition",
        gettext_noop("Working definition"),
        gettext_noop("What the words mean that the rest of the report uses."),
    ),
    (
        "policy-issues",
        gettext_noop("Public policy issues"),
        gettext_noop("The issues that were identified, and how much each of them matters to whom."),
    ),
    (
        "roles",
        gettext_noop("Roles and responsibilities"),
        gettext_noop(
            "What governments, intergovernmental and international organizations, the private sector and civil society"
            " do, and should do."
        ),
    ),
    (
        "recommendations",
        gettext_noop("Report and recommendations"),
        gettext_noop("What the group concludes, what it recommends to whom, and by when."),
    ),
)


def working_group_report() -> list[Part]:
    """Return the four sections of a working group's report."""
    return [(slug, in_six(title), in_six(guidance)) for slug, title, guidance in _REPORT]


def in_six(text: str) -> dict[str, str]:
    """Return an interface's text in the six languages."""
    found = {}
    for code in NAMES:
        with override(django_code(code)):
            found[code] = _(text)
    return found


#: By the name that a form has.
TEMPLATES: dict[str, Callable[[], Iterable[Part]]] = {"working_group_report": working_group_report}
