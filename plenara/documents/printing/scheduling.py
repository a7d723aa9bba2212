"""When documents are printed: as soon as one is published, and when what its paper shows has changed.

The act that publishes enqueues the printing itself. Whatever else changes a paper (a withdrawal, an erased name,
another name of the site) is found by the worker, which looks now and then at what has moved, and enqueues it.
"""

import datetime
import json
import time
from typing import Any

from django.db.models import QuerySet

from plenara.consultations.models import Consultation, State
from plenara.core import clock
from plenara.core.tasks import Task
from plenara.core.transaction import writes
from plenara.documents.models import DocumentEdition
from plenara.documents.printing import files, pdf
from plenara.documents.printing.files import Printer

#: A consultation's documents are looked through at most this often, unless a file is missing.
PAUSE = datetime.timedelta(minutes=5)
#: Seconds after which a task lets another go on.
ENOUGH = 55.0


def in_force(it: Printer, consultation_id: int) -> QuerySet[DocumentEdition]:
    """Return the documents of a consultation as they stand, with all that a paper needs."""
    found = DocumentEdition.objects.filter(consultation_id=consultation_id, kind=it.kind, in_force=True)
    return found.select_related("consultation", *it.related).prefetch_related("renditions").order_by("number")


def print_edition(it: Printer, edition: DocumentEdition, until: float) -> bool:
    """Print every rendition of an edition; return whether all was done before the clock said `until`.

    What cannot be set keeps nothing else from being made; then it raises `pdf.Unset`.
    """
    failure: pdf.Unset | None = None
    for rendition in edition.renditions.all():
        if not rendition.in_force:
            continue
        if time.monotonic() > until:
            return False
        try:
            it.make(edition, rendition)
        except pdf.Unset as error:
            failure = error
    if failure:
        raise failure
    return True


def print_changed(it: Printer, consultation_id: int, until: float) -> bool:
    """Print what has changed of a consultation's documents; return whether all of it was done."""
    editions = list(in_force(it, consultation_id))
    if not editions:
        return True
    consultation = editions[0].consultation
    revision = it.revision_of(consultation)
    failure: pdf.Unset | None = None
    for edition in editions:
        try:
            if not print_edition(it, edition, until):
                return False
        except pdf.Unset as error:
            failure = error
    it.clear(consultation.slug, {each.pk for one in editions for each in one.renditions.all() if each.in_force})
    if failure:
        raise failure
    told = {"of": consultation.pk, "revision": revision, "at": clock.now().isoformat(), "endings": files.endings()}
    (it.folder_of(consultation.slug) / files.CHECKED).put(json.dumps(told).encode())
    return True


def enqueue_prints(it: Printer, print_changed: Task) -> int:
    """Enqueue the printing of what has changed; return of how many consultations. The worker asks now and then."""
    published = DocumentEdition.objects.filter(kind=it.kind, in_force=True).values("consultation")
    open_ones = print_changed.pending()
    queued = {arguments.get("consultation_id") for arguments in open_ones.values_list("arguments", flat=True)}
    count = 0
    for consultation in Consultation.objects.exclude(stage=State.DRAFT).filter(pk__in=published):
        if consultation.pk in queued:
            continue
        revision, checked = it.revision_of(consultation), _checked(it, consultation)
        is_whole = bool(checked) and checked.get("endings") == files.endings()
        if is_whole and checked.get("revision") == revision:
            continue
        due = clock.now()
        if is_whole and not _is_missing(it, consultation):
            due = max(due, datetime.datetime.fromisoformat(checked["at"]) + PAUSE)
        key = f"{print_changed.label}-{consultation.pk}-{revision}-{'-'.join(files.endings())}"
        if not checked and not it.folder_of(consultation.slug).listed():
            key += f"-{clock.now():%Y%m%d%H%M}"  # somebody deleted it: what was done is to be done again
        with writes():
            print_changed.using(key=key[:200], run_after=due).enqueue(consultation_id=consultation.pk)
        count += 1
    return count


def _checked(it: Printer, consultation: Consultation) -> dict[str, Any]:
    """Return what was looked through last, and when; nothing where that is not known."""
    try:
        told = json.loads((it.folder_of(consultation.slug) / files.CHECKED).read_text())
        datetime.datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return dict(told) if told.get("of") == consultation.pk else {}


def _is_missing(it: Printer, consultation: Consultation) -> bool:
    """Say whether a rendition in force has no files at all. Two queries."""
    return any(
        it.kept(edition, rendition) is None
        for edition in in_force(it, consultation.pk)
        for rendition in edition.renditions.all()
        if rendition.in_force
    )
