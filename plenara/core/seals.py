"""What a form was opened for, carried by the form itself: readable, but not to be forged; kept nowhere."""

import secrets
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.core import signing

#: Seconds that a form may stay open.
MONTH = 30 * 24 * 3600


def fresh_key() -> str:
    """Return a key that is taken once: the same form sent twice is known by it."""
    return secrets.token_urlsafe(24)


def seal(parts: list[Any], salt: str, *, compress: bool = False) -> str:
    """Return parts as a hidden field carries them. `salt` tells one kind of form from another."""
    return signing.dumps(parts, salt=salt, compress=compress)


def unseal(sealed: str, salt: str, count: int) -> list[Any] | None:
    """Return the `count` parts; nothing where they are forged, older than a month, or another kind's."""
    try:
        parts = signing.loads(sealed, salt=salt, max_age=MONTH)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return parts if isinstance(parts, list) and len(parts) == count else None


@dataclass(frozen=True)
class Seal:
    """What a form was opened for: by whom, about what; and a key that is taken once. Each kind has its own salt."""

    key: str
    person: int
    about: str
    salt: ClassVar[str]

    def sealed(self) -> str:
        """Return it as the hidden field carries it."""
        return seal([self.key, self.person, self.about], self.salt)

    @classmethod
    def fresh(cls, person: Any, about: str) -> Self:
        """Return the seal of a form that is opened now."""
        return cls(fresh_key(), person.pk, about)

    @classmethod
    def read(cls, sealed: str, person: Any, about: str) -> Self | None:
        """Return the seal; nothing where it is forged, older than a month, or another form's."""
        found = cls._of(sealed)
        return found if found and (found.person, found.about) == (person.pk, about) else None

    @classmethod
    def owner(cls, sealed: str) -> int | None:
        """Return the id of the person whose form carries this seal; nothing where it is forged or too old."""
        found = cls._of(sealed)
        return found.person if found else None

    @classmethod
    def _of(cls, sealed: str) -> Self | None:
        parts = unseal(sealed, cls.salt, 3)
        return cls(*parts) if parts else None
