"""Asking for a conference pack, and what becomes of it."""

import datetime
from typing import Any

from plenara.consultations.models import Consultation
from plenara.core import audit, clock
from plenara.core.cache_tags import revision
from plenara.core.refusals import require, require_valid
from plenara.core.transaction import writing
from plenara.documents.models import DocumentEdition
from plenara.summaries import tasks
from plenara.summaries.models import Pack
from plenara.summaries.printing import checks, packs, rules

#: Days until the file of a pack is deleted; that it was made stays told.
KEPT_DAYS = 90
#: Hours after which a pack that is still being made counts as failed: its task was given up.
MOST_HOURS = 48


@writing
def ask_pack(*, actor: Any, consultation: Consultation, edition: DocumentEdition | None) -> Pack:
    """Ask for a pack about a summary in force, or the compilation so far.

    Asked again while it is made, or while nothing has changed since it was, it is the same one: a button pressed twice
    makes one.
    """
    require(rules.may_make_packs(actor, consultation))
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    require_valid(checks.something_published(consultation), checks.in_force_here(edition, consultation))
    now = revision(consultation.cache_tag)
    same = Pack.objects.filter(consultation=consultation, edition=edition)
    for found in same.filter(state__in=[Pack.State.WAITING, Pack.State.DONE]).order_by("-pk")[:1]:
        if found.state == Pack.State.WAITING or (found.revision == now and packs.zip_of(found).exists()):
            return found
    pack = Pack.objects.create(consultation=consultation, edition=edition, asked_by=actor, revision=now)
    audit.log("pack.asked", actor=actor, about=pack, consultation=consultation)
    tasks.make_pack.using(key=f"pack-{pk_of(pack)}-0").enqueue(pack_id=pack.pk)
    return pack


def pk_of(pack: Pack) -> str:
    """Return what names a pack in the keys of tasks: also of one in a database that was made anew."""
    return f"{pack.pk}-{pack.asked_at:%Y%m%d%H%M%S%f}"


@writing
def go_on(*, pack: Pack, piece: int) -> None:
    """Enqueue the next papers of a pack."""
    tasks.make_pack.using(key=f"pack-{pk_of(pack)}-{piece}").enqueue(pack_id=pack.pk, piece=piece)


@writing
def done(*, pack: Pack, sha256: str, size: int) -> None:
    """Say that a pack is there."""
    pack.state, pack.made_at, pack.sha256, pack.size = Pack.State.DONE, clock.now(), sha256, size
    pack.save(update_fields=["state", "made_at", "sha256", "size"])
    audit.log("pack.made", actor=None, about=pack, consultation=pack.consultation)


@writing
def failed(*, pack: Pack, failure: str) -> None:
    """Say that a pack could not be made, and why (a code)."""
    Pack.objects.filter(pk=pack.pk, state=Pack.State.WAITING).update(state=Pack.State.FAILED, failure=failure)
    audit.log("pack.failed", actor=None, about=pack, consultation=pack.consultation, failure=failure)


def sweep() -> None:
    """Delete the files of packs that are older than is kept, or show what nobody may read; give up what hangs."""
    now = clock.now()
    hanging = Pack.objects.filter(state=Pack.State.WAITING, asked_at__lt=now - datetime.timedelta(hours=MOST_HOURS))
    for each in hanging:
        failed(pack=each, failure="late")
    known = {each.pk: each for each in Pack.objects.select_related("consultation", "edition__summary")}
    for pk in packs.kept():
        pack = known.get(pk)
        if pack is None:
            packs.remove(pk)
        elif pack.state == Pack.State.WAITING:
            continue
        elif pack.asked_at < now - datetime.timedelta(days=KEPT_DAYS) or not packs.holds(pack):
            packs.forget(pack)
