"""Words that a moderator proposes to leave out: what is asked of an author, and what a proposal may change."""

from itertools import groupby
from typing import Any

from plenara.core.differences import ADDED, GONE, SAME, runs, tokens
from plenara.moderation import reasons
from plenara.moderation.models import Redaction

#: The mark that stands in the place of words that were left out.
OMITTED = "[…]"
_ONE = "\ue000"


def asked(kind: str, pk: int) -> Redaction | None:
    """Return the proposal that a thing's author has not answered yet, with its reason in words. One query."""
    found = Redaction.objects.filter(kind=kind, object_id=pk, consented_at=None, declined_at=None)
    proposal = found.select_related("moderator").order_by("pk").last()
    if proposal:
        proposal.reason_label = reasons.label(proposal.reason)  # type: ignore[attr-defined]
    return proposal


def of_version(kind: str, version_id: int) -> Redaction | None:
    """Return what was proposed about a version, answered or not. One query."""
    return Redaction.objects.filter(kind=kind, version_id=version_id).select_related("moderator").first()


def end(kind: str, thing: Any) -> None:
    """Forget a proposal that nobody has to answer any more: the thing was decided on, sent again or withdrawn."""
    Redaction.objects.filter(kind=kind, object_id=thing.pk, consented_at=None, declined_at=None).delete()


def of_redacted(kind: str, pk: int) -> Redaction | None:
    """Return the proposal that a thing's author agreed to last. One query."""
    agreed = Redaction.objects.filter(kind=kind, object_id=pk, consented_at__isnull=False)
    return agreed.order_by("consented_at").last()


def marked(before: str, after: str) -> str:
    """Return a redacted text with the mark wherever words were left out without one."""
    # One character for the mark: its brackets could be taken for those of the text.
    found = runs(before.replace(OMITTED, _ONE), after.replace(OMITTED, _ONE))
    made: list[str] = []
    for is_same, group in groupby(found, lambda run: run.kind == SAME):
        change = list(group)
        gone, added = ("".join(run.text for run in change if run.kind == kind) for kind in (GONE, ADDED))
        if is_same:
            made += [run.text for run in change]
        elif _ONE in added or not _words(gone.replace(_ONE, " ")):
            made.append(added)
        elif added.strip():  # too much has changed to find the very place: it is at the head of the passage
            made += [_ONE, " ", added]
        else:
            made += _in_place_of(tokens(gone))
    return "".join(made).replace(_ONE, OMITTED)


def _in_place_of(gone: list[str]) -> list[str]:
    """Return the mark between the punctuation and the white space at the edges of what it takes the place of."""
    words = [at for at, token in enumerate(gone) if any(letter.isalnum() for letter in token)]
    words = words or [at for at, token in enumerate(gone) if not token.isspace()]
    return [*gone[: words[0]], _ONE, *gone[words[-1] + 1 :]]


def same_words(before: str, after: str) -> bool:
    """Say whether two texts have the same words, marks aside."""
    return _words(before) == _words(after)


def first_added(before: str, after: str) -> str | None:
    """Return the first word of a redacted text that is not, in its order, one of the text's own; marks aside."""
    own = iter(_words(before))
    return next((word for word in _words(after) if word not in own), None)


def _words(text: str) -> list[str]:
    return [token for token in tokens(text.replace(OMITTED, " ")) if not token.isspace()]
