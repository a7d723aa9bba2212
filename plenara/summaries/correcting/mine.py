"""A person's own requests for correction, for their pages."""

from typing import Any

from plenara.moderation.timeline import told_state
from plenara.summaries.correcting import shown
from plenara.summaries.models import Correction

#: Requests on one page of one's own.
PAGE = 20


def of_person(person: Any, before: int = 0, most: int = PAGE) -> list[Correction]:
    """Return a person's requests with the state they are told, the newest first; one more than `most`. One query."""
    found = Correction.objects.filter(person=person).select_related("consultation", "edition").order_by("-pk")
    if before:
        found = found.filter(pk__lt=before)
    requests = list(found[: most + 1])
    for each in requests:
        each.told = told_state(each)  # type: ignore[attr-defined]
        each.label = shown.label(each)  # type: ignore[attr-defined]
    return requests
