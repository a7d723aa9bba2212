"""Recording an act, owing an errand, invalidating a cache tag: what every action does besides its own change."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import F

from plenara.common import clock
from plenara.ledger.models import Act, Errand, Lane, Revision


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


def owe(
    kind: str,
    *,
    key: str,
    act: Act | None = None,
    due_at: datetime.datetime | None = None,
    lane: int = Lane.IN_TURN,
    **arguments: Any,
) -> None:
    """Owe an errand once: the same key a second time changes nothing. Arguments are ids, never texts. One query."""
    owed = Errand(kind=kind, key=key, act=act, arguments=arguments, due_at=due_at or clock.now(), lane=lane)
    Errand.objects.bulk_create([owed], ignore_conflicts=True)


def owe_all(kind: str, owed: Mapping[str, dict[str, Any]]) -> None:
    """Owe many errands of a kind, each once, by their keys. One query for some hundred."""
    now = clock.now()
    Errand.objects.bulk_create(
        (Errand(key=key, kind=kind, arguments=arguments, due_at=now) for key, arguments in owed.items()),
        ignore_conflicts=True,
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
