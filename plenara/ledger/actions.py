"""Recording an act, invalidating a cache tag: what every action does besides its own change."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F

from plenara.common import clock
from plenara.ledger.models import Act, Revision


def record(
    verb: str, *, actor: Any, about: models.Model, consultation: models.Model | None = None, **details: Any
) -> Act:
    """Record that `actor` (a person, or None for the clock and the installation) did `verb` to `about`."""
    return Act.objects.create(
        at=clock.now(),
        verb=verb,
        actor_id=getattr(actor, "pk", None),
        about_kind=about._meta.model_name or "",
        about_id=str(about.pk),
        consultation_id=getattr(consultation, "pk", None),
        details=details,
    )


def record_all(
    verb: str,
    *,
    actor: Any,
    about: Iterable[tuple[models.Model, dict[str, Any]]],
    consultation: models.Model | None = None,
) -> None:
    """Record the same act about many things, each with its details. One query for some hundred."""
    now, who, where = clock.now(), getattr(actor, "pk", None), getattr(consultation, "pk", None)
    Act.objects.bulk_create(
        Act(
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


def invalidate(cache_tag: str, *, nothing_goes: bool = False) -> None:
    """Make the pages of a cache tag stale, in the transaction that changed them.

    Unless the caller says that `nothing_goes`, something that these pages showed of people may have to disappear: the
    tag of what was withdrawn is invalidated too, and files that were made before are no longer served.
    """
    for name in [cache_tag] if nothing_goes else [cache_tag, withdrawn_from(cache_tag)]:
        changed = Revision.objects.filter(cache_tag=name).update(number=F("number") + 1, at=clock.now())
        if not changed:
            Revision.objects.get_or_create(cache_tag=name, defaults={"number": 1})


def withdrawn_from(cache_tag: str) -> str:
    """Return the cache tag whose revision says how often something was taken from another."""
    return f"{cache_tag} gone"


def revision(cache_tag: str) -> int:
    """Return a cache tag's revision number; 0 where nothing was ever published on it."""
    return Revision.objects.filter(cache_tag=cache_tag).values_list("number", flat=True).first() or 0
