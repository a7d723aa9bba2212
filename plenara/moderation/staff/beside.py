"""What stands beside a text that is decided on: its question, what was noticed, who wrote it, what others noted.

Each part is a function that returns a template and what it needs, or nothing; `PARTS` is their order. A part that has a
form posts it to an address of its own, which leads back here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from plenara.common.text import word_count
from plenara.moderation.models import Item


@dataclass(frozen=True)
class Subject:
    """What is decided on, and by whom: what each part is made of."""

    person: Any
    kind: str
    thing: Any
    version: Any
    item: Item | None  # nothing where it waits no more


@dataclass(frozen=True)
class Part:
    """One part beside the text."""

    name: str  # the id of its heading
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


def checked(subject: Subject) -> Part:
    """Show what was checked when it was sent: its length and its language as declared."""
    context = {"words": word_count(subject.version.text.content)}
    return Part("checked", _("Checked before you"), "moderation/beside_checked.html", context)


type Function = Callable[[Subject], Part | None]
PARTS: list[Function] = [checked]


def parts(subject: Subject) -> list[Part]:
    """Return what stands beside a text, in order."""
    return [part for function in PARTS if (part := function(subject))]
