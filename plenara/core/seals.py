"""Signed hidden fields that carry what a form was opened for: readable, but impossible to forge; not stored."""

import secrets
from dataclasses import dataclass
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing

#: The most seconds that a form may stay open.
MONTH = 30 * 24 * 3600


def fresh_key() -> str:
    """Return a key that is accepted once: it identifies a form that is sent twice."""
    return secrets.token_urlsafe(24)


def seal(parts: list, salt: str, *, compress: bool = False) -> str:
    """Return parts signed for a hidden field. `salt` distinguishes the kinds of forms."""
    return signing.dumps(parts, salt=salt, compress=compress)


def unseal(sealed: str, salt: str, count: int) -> list | None:
    """Return the `count` parts; None if they are forged, older than a month, or of another kind."""
    try:
        parts = signing.loads(sealed, salt=salt, max_age=MONTH)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return parts if isinstance(parts, list) and len(parts) == count else None


@dataclass(frozen=True)
class Seal:
    """What a form was opened for: the person, the subject, and a one-time key. Each kind has its own salt."""

    key: str
    person: int
    about: str
    salt: ClassVar[str]

    def sealed(self) -> str:
        """Return it signed, for the hidden field."""
        return seal([self.key, self.person, self.about], self.salt)

    @classmethod
    def fresh(cls, person: AbstractBaseUser, about: str) -> Self:
        """Return a new seal for a form that is opened now."""
        return cls(fresh_key(), person.pk, about)

    @classmethod
    def read(cls, sealed: str, person: AbstractBaseUser, about: str) -> Self | None:
        """Return the seal; None if it is forged, older than a month, or of another form."""
        found = cls._of(sealed)
        return found if found and (found.person, found.about) == (person.pk, about) else None

    @classmethod
    def owner(cls, sealed: str) -> int | None:
        """Return the id of the person whose form carries this seal; None if it is forged or too old."""
        found = cls._of(sealed)
        return found.person if found else None

    @classmethod
    def _of(cls, sealed: str) -> Self | None:
        parts = unseal(sealed, cls.salt, 3)
        return cls(*parts) if parts else None
