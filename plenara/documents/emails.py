"""E-mails about documents: their recipients, and how those about the review are enqueued."""

from dataclasses import dataclass

from plenara.accounts.models import Person
from plenara.core.models import AuditEntry
from plenara.core.tasks import Task
from plenara.documents.models import Document


def recipient(person_id: int | None) -> Person | None:
    """Return the person, if we may still send them e-mails."""
    return Person.objects.filter(pk=person_id, is_active=True).first() if person_id else None


@dataclass(frozen=True)
class ReviewEmails:
    """The tasks that send the e-mails about the review of a kind of document.

    Each takes `occasion`, `document_id` and `person_id`; the last one also `language`.
    """

    approval: Task  # to the people who approve it
    sent_back: Task  # to its writers
    rendition: Task  # to a translator, once it is approved
    #: Whether a person who submits and may approve gets the e-mail too.
    to_submitter: bool = True


#: By the kind of document. `summaries` and `outcomes` register theirs: they are above and cannot be imported.
review_emails: dict[str, ReviewEmails] = {}


def enqueue_about_review(document: Document, email: Task, person_id: int, **more: str) -> None:
    """Enqueue an e-mail about a document's last audit entry, once for each entry."""
    entry = AuditEntry.objects.filter(about_kind="document", about_id=str(document.pk)).latest("pk")
    key = "-".join([document.kind, email.name, str(entry.pk), str(person_id), *more.values()])
    email.using(key=key).enqueue(occasion=entry.pk, document_id=document.pk, person_id=person_id, **more)
