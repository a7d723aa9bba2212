"""An outcome's way to its approval, with the letters that tell those who come next. Publishing: `publishing.py`."""

from typing import Any

from plenara.consultations.models import Role, RoleName
from plenara.core.models import Act
from plenara.core.tasks import Task
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents.models import Document
from plenara.documents.renditions import standings
from plenara.outcomes import tasks
from plenara.outcomes.models import Outcome
from plenara.outcomes.rules import PERMISSIONS


@writing
def ask_approval(*, actor: Any, outcome: Outcome) -> Document:
    """Send it to review; those who may approve it, and did not write in it where there are such, get a letter."""
    document = document_actions.submit_for_review(actor=actor, document=outcome.document)
    everybody = PERMISSIONS.approvers(document) - {actor.pk}
    writers = set(document.writers.values_list("pk", flat=True))
    for person in sorted(everybody - writers or everybody):
        _enqueue_letter(document, tasks.approval_letter, person)
    return document


@writing
def send_back(*, actor: Any, outcome: Outcome, note: str = "") -> Document:
    """Give it back to its writers, who get a letter with the note."""
    document = document_actions.send_back(actor=actor, document=outcome.document, note=note)
    for person in document.writers.exclude(pk=actor.pk).order_by("pk").values_list("pk", flat=True):
        _enqueue_letter(document, tasks.sent_back_letter, person)
    return document


@writing
def approve(*, actor: Any, outcome: Outcome) -> Document:
    """Approve it; the translators of its body's home whose language is not ready get a letter."""
    document = document_actions.approve(actor=actor, document=outcome.document)
    waiting = {each.code for each in standings(document) if not each.is_source and not each.is_ready}
    translators = Role.objects.filter(
        consultation=document.consultation_id, name=RoleName.TRANSLATOR, language__in=waiting,
        person__is_active=True, person__suspended_at=None,
    )  # fmt: skip
    for person, language in translators.order_by("pk").values_list("person_id", "language"):
        _enqueue_letter(document, tasks.rendition_letter, person, language=language)
    return document


@writing
def reopen(*, actor: Any, outcome: Outcome) -> Document:
    """Open what is published for changes: the next draft begins."""
    return document_actions.reopen(actor=actor, document=outcome.document)


def _enqueue_letter(document: Document, letter: Task, person: int, **more: Any) -> None:
    act = Act.objects.filter(about_kind="document", about_id=str(document.pk)).latest("pk")
    key = "-".join(["outcome", letter.name, str(act.pk), str(person), *more.values()])
    letter.using(key=key).enqueue(occasion=act.pk, document_id=document.pk, person_id=person, **more)
