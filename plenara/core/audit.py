"""The audit log: each action logs what a person did, verb and ids, in its own transaction."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.prepared import insert


def log(
    verb: str,
    *,
    actor: AbstractBaseUser | None,
    about: models.Model,
    consultation: models.Model | None = None,
    **details: object,
) -> AuditEntry:
    """Log that `actor` (a person, or None for the clock and the installation) did `verb` to `about`."""
    entry = AuditEntry(
        at=clock.now(),
        verb=verb,
        actor_id=getattr(actor, "pk", None),
        about_kind=about._meta.model_name or "",
        about_id=str(about.pk),
        consultation_id=getattr(consultation, "pk", None),
        details=details,
    )
    insert(entry)
    return entry


def log_all(
    verb: str,
    *,
    actor: AbstractBaseUser | None,
    about: Iterable[tuple[models.Model, dict[str, object]]],
    consultation: models.Model | None = None,
) -> None:
    """Log the same verb for many things, each with its details. One query for some hundred."""
    now, who, where = clock.now(), getattr(actor, "pk", None), getattr(consultation, "pk", None)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            verb=verb,
            actor_id=who,
            about_kind=thing._meta.model_name or "",
            about_id=str(thing.pk),
            consultation_id=where,
            details=details,
        )
        for thing, details in about
    )
