"""Refusals of permissions and validation, with a sentence in the person's language."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: Rendered now, or in the language of the reader.
type Sentence = str | StrPromise


class Denied:
    """A falsy answer with a sentence that says what to do."""

    def __init__(self, sentence: Sentence, code: str = "refused", field: str | None = None):
        self.sentence = sentence
        self.code = code
        self.field = field

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"Denied({self.code!r})"


type Answer = bool | Denied


class ActionRefused(Exception):
    """An action that was not permitted or not possible. Nothing was written."""

    status = 422

    def __init__(self, sentence: Sentence, code: str = "refused", field: str | None = None):
        super().__init__(code)
        self.sentence = sentence
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class NotPermitted(ActionRefused, PermissionDenied):
    """The person may not."""

    status = 403


class InvalidInput(ActionRefused, ValidationError):  # type: ignore[misc]  # its code is always a text
    """The input is not valid."""


class AlreadyDone(ActionRefused):
    """Another person, or the same person a moment ago, has done it already."""


def require(*answers: Answer) -> None:
    """Raise `NotPermitted` for the first denial."""
    _raise_first(NotPermitted, answers)


def require_valid(*answers: Answer) -> None:
    """Raise `InvalidInput` for the first denial."""
    _raise_first(InvalidInput, answers)


def _raise_first(kind: type[ActionRefused], answers: tuple[Answer, ...]) -> None:
    from django.utils.translation import gettext as _

    for answer in answers:
        if not answer:
            if isinstance(answer, Denied):
                raise kind(answer.sentence, answer.code, answer.field)
            raise kind(_("You do not have permission to do this."))
