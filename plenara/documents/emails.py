"""What the e-mails about documents have in common: to whom they go, and how those about the review are enqueued."""

from dataclasses import dataclass
from typing import Any

from plenara.accounts.models import Person
from plenara.core.models import AuditEntry
from plenara.core.tasks import Task
from plenara.documents.models import Document


def recipient(person_id: int | None) -> Person | None:
    """Return a person who may still be written to."""
    return Person.objects.filter(pk=person_id, is_active=True).first() if person_id else None


@dataclass(frozen=True)
class ReviewEmails:
    """The tasks that write to those whom the review of a kind of document concerns.

    Each takes `occasion`, `document_id` and `person_id`; the last one also `language`.
    """

    approval: Task  # to those who approve
    sent_back: Task  # to its writers
    rendition: Task  # to a translator, once it is approved
    #: Whether a person who asks for approval, and gives it too, is asked by e-mail as well.
    to_submitter: bool = True


#: By the kind of document: packages above us have them.
review_emails: dict[str, ReviewEmails] = {}


def enqueue_about_review(document: Document, letter: Task, person_id: int, **more: Any) -> None:
    """Enqueue an e-mail about what was just done to a document, once for each time that it is done."""
    entry = AuditEntry.objects.filter(about_kind="document", about_id=str(document.pk)).latest("pk")
    key = "-".join([document.kind, letter.name, str(entry.pk), str(person_id), *more.values()])
    letter.using(key=key).enqueue(occasion=entry.pk, document_id=document.pk, person_id=person_id, **more)
