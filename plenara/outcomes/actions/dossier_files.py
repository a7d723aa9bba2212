"""Asking for a dossier as files, and what becomes of it."""

import datetime
from typing import Any

from django.db.models import F

from plenara.core import audit, clock
from plenara.core.languages import NAMES
from plenara.core.refusals import Invalid, require_valid
from plenara.core.transaction import writing
from plenara.outcomes import meeting_checks as checks
from plenara.outcomes import tasks
from plenara.outcomes.actions.meetings import held
from plenara.outcomes.models import Dossier, DossierFile

#: Hours after which files that are still being made count as failed: their task was given up.
MOST_HOURS = 48
_UNDER_WAY = (DossierFile.State.ASKED, DossierFile.State.MAKING)


@writing
def ask_files(*, actor: Any, dossier: Dossier, language: str) -> DossierFile:
    """Ask for the files of a dossier in a language, for the first time or anew.

    Asked again while they are made, they are made once: a button pressed twice.
    """
    dossier = held(actor, dossier)
    if language not in NAMES:
        raise Invalid(checks.choose_a_language(), "language", "language")
    require_valid(checks.has_items(dossier))
    now = clock.now()
    it, is_new = DossierFile.objects.get_or_create(
        dossier=dossier, language=language, defaults={"asked_by": actor, "asked_at": now}
    )
    if not is_new:
        if it.state in _UNDER_WAY:
            return it
        it.state, it.done, it.of, it.asked_by, it.asked_at = DossierFile.State.ASKED, 0, 0, actor, now
        it.save(update_fields=["state", "done", "of", "asked_by", "asked_at"])
    audit.log("dossier.files_asked", actor=actor, about=dossier, consultation=dossier.body.consultation, file=it.pk)
    tasks.make_dossier.using(key=f"dossier-{_name(it)}-0").enqueue(file_id=it.pk)
    return it


@writing
def progress(*, it: DossierFile, done: int, of: int) -> None:
    """Say how far the files are."""
    DossierFile.objects.filter(pk=it.pk, state__in=_UNDER_WAY).update(state=DossierFile.State.MAKING, done=done, of=of)


@writing
def go_on(*, it: DossierFile, piece: int) -> None:
    """Enqueue the next papers."""
    tasks.make_dossier.using(key=f"dossier-{_name(it)}-{piece}").enqueue(file_id=it.pk, piece=piece)


@writing
def files_are_made(*, it: DossierFile, digest: str) -> None:
    """Say that the files are there."""
    ready = DossierFile.State.READY
    DossierFile.objects.filter(pk=it.pk).update(state=ready, done=F("of"), digest=digest, made_at=clock.now())
    consultation = it.dossier.body.consultation
    audit.log("dossier.files_made", actor=None, about=it.dossier, consultation=consultation, file=it.pk)


@writing
def files_failed(*, it: DossierFile, failure: str) -> None:
    """Say that the files could not be made, and why (a code)."""
    DossierFile.objects.filter(pk=it.pk, state__in=_UNDER_WAY).update(state=DossierFile.State.FAILED)
    consultation = it.dossier.body.consultation
    audit.log("dossier.files_failed", actor=None, about=it.dossier, consultation=consultation, failure=failure)


def hanging() -> list[DossierFile]:
    """Return those whose task must have been given up."""
    since = clock.now() - datetime.timedelta(hours=MOST_HOURS)
    found = DossierFile.objects.filter(state__in=_UNDER_WAY, asked_at__lt=since)
    return list(found.select_related("dossier__body__consultation"))


def _name(it: DossierFile) -> str:
    """Return what names files in the keys of tasks: also of a database that was made anew."""
    return f"{it.pk}-{it.asked_at:%Y%m%d%H%M%S%f}"
