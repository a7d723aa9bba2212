"""Words that a moderator proposes to leave out: what is asked of an author, and what a proposal may change."""

from typing import Any

from plenara.common.differences import tokens
from plenara.moderation.models import Redaction

#: The mark that stands in the place of words that were left out.
OMITTED = "[…]"


def asked(kind: str, pk: int) -> Redaction | None:
    """Return the proposal that a thing's author has not answered yet. One query."""
    found = Redaction.objects.filter(kind=kind, object_id=pk, consented_at=None, declined_at=None)
    return found.select_related("moderator").order_by("pk").last()


def of_version(kind: str, version_id: int) -> Redaction | None:
    """Return what was proposed about a version, answered or not. One query."""
    return Redaction.objects.filter(kind=kind, version_id=version_id).select_related("moderator").first()


def end(kind: str, thing: Any) -> None:
    """Forget a proposal that nobody has to answer any more: the thing was decided on, sent again or withdrawn."""
    Redaction.objects.filter(kind=kind, object_id=thing.pk, consented_at=None, declined_at=None).delete()


def first_added(before: str, after: str) -> str | None:
    """Return the first word of a redacted text that is not, in its order, one of the text's own; marks aside."""
    own = iter(_words(before))
    return next((word for word in _words(after) if word not in own), None)


def _words(text: str) -> list[str]:
    return [token for token in tokens(text.replace(OMITTED, " ")) if not token.isspace()]
