"""How a rule or a check says no: with a sentence, in the language of who asked."""

from typing import Any


class No:
    """A falsy answer that carries the reason, a sentence that says what to do."""

    def __init__(self, sentence: Any, code: str = "refused", field: str | None = None):
        self.sentence = sentence
        self.code = code
        self.field = field

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"No({self.code!r})"


type Answer = bool | No


class Refused(Exception):
    """An act that was not allowed or not possible. Nothing was written."""

    def __init__(self, sentence: Any, code: str = "refused", field: str | None = None):
        super().__init__(code)
        self.sentence = sentence
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class NotAllowed(Refused):
    """A rule of `rules.py` said no: the person may not."""


class Invalid(Refused):
    """A check of `checks.py` said no: the input may not."""


class AlreadyDone(Refused):
    """Somebody else, or the same person a moment ago, has done it already."""


def require(*answers: Answer) -> None:
    """Raise `NotAllowed` for the first answer that is no."""
    _raise_first(NotAllowed, answers)


def require_valid(*answers: Answer) -> None:
    """Raise `Invalid` for the first answer that is no."""
    _raise_first(Invalid, answers)


def _raise_first(kind: type[Refused], answers: tuple[Answer, ...]) -> None:
    from django.utils.translation import gettext as _

    for answer in answers:
        if not answer:
            if isinstance(answer, No):
                raise kind(answer.sentence, answer.code, answer.field)
            raise kind(_("You may not do this."))
