"""What documents keep of a person, for the person: as a rapporteur, a translator, an organizer."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.my_data import Rows, tells
from plenara.documents.models import (
    Change,
    Citation,
    Comment,
    Document,
    IncomingFile,
    MemoryUnit,
    Paragraph,
    ParagraphText,
    Reason,
    Reference,
    Rendition,
    Signature,
    Term,
)


@tells(
    "documents",
    _("Documents that you began, wrote in, approved, translated or reviewed, and the words in them that are yours"),
    of=[
        "documents.Document.created_by",
        "documents.Document.approved_by",
        "documents.Document_writers.person",
        "documents.ParagraphText.changed_by",
        "documents.Citation.cited_by",
        "documents.Reference.cited_by",
        "documents.Reason.made_by",
        "documents.Rendition.translator",
        "documents.Rendition.reviewer",
        "documents.Signature.person",
    ],
)
def documents(person: Person) -> Rows:
    """Yield the person's part in documents."""
    part = Q(created_by=person) | Q(approved_by=person) | Q(writers=person)
    for document in Document.objects.filter(part).select_related("consultation").distinct().order_by("pk"):
        yield {
            "what": "document",
            "number": document.pk,
            "consultation": document.consultation.slug,
            "symbol": document.symbol,
            "began": document.created_by_id == person.pk,
            "approved_at": document.approved_at if document.approved_by_id == person.pk else None,
        }
    words = ParagraphText.objects.filter(changed_by=person).select_related("paragraph").order_by("pk")
    for text in words.iterator(chunk_size=500):
        yield {
            "what": "paragraph",
            "document": text.paragraph.document_id,
            "number": text.paragraph.number,
            "language": text.language,
            "heading": text.heading,
            "text": text.text,
            "at": text.changed_at,
        }
    cited = Citation.objects.filter(cited_by=person).select_related("paragraph", "edition").order_by("pk")
    for citation in cited.iterator(chunk_size=500):
        yield {
            "what": "citation",
            "document": citation.paragraph.document_id,
            "number": citation.paragraph.number,
            "cites": citation.edition.symbol,
        }
    referred = (
        Reference.objects.filter(cited_by=person).select_related("paragraph", "statement__edition").order_by("pk")
    )
    for reference in referred.iterator(chunk_size=500):
        yield {
            "what": "citation",
            "document": reference.paragraph.document_id,
            "number": reference.paragraph.number,
            "cites": f"{reference.statement.edition.symbol} § {reference.statement.told_as}",
        }
    for reason in Reason.objects.filter(made_by=person).order_by("pk").iterator(chunk_size=500):
        yield {"what": "reason", "document": reason.document_id, "text": reason.text}
    for rendition in Rendition.objects.filter(Q(translator=person) | Q(reviewer=person)).order_by("pk"):
        yield {
            "what": "rendition",
            "document": rendition.document_id,
            "language": rendition.language,
            "translated": rendition.translator_id == person.pk,
            "reviewed": rendition.reviewer_id == person.pk,
        }
    for signature in Signature.objects.filter(person=person).select_related("edition").order_by("pk"):
        yield {"what": "signature", "symbol": signature.edition.symbol, "part": signature.part, "name": signature.name}


@tells(
    "documents_reviewing",
    _("Changes that you made in documents, machine texts that you accepted, comments that you made or resolved"),
    of=[
        "documents.Change.by",
        "documents.Comment.by",
        "documents.Comment.resolved_by",
        "documents.Paragraph.accepted_by",
    ],
)
def reviewing(person: Person) -> Rows:
    """Yield every change that the person made, what they accepted, and their comments and answers."""
    changes = Change.objects.filter(by=person).select_related("edition").order_by("pk")
    for change in changes.iterator(chunk_size=500):
        yield {
            "what": "change",
            "document": change.document_id,
            "number": change.number,
            "did": change.what,
            "language": change.language,
            "heading": change.heading,
            "text": change.text,
            "against": change.against,
            "cites": change.edition.symbol if change.edition else "",
            "at": change.at,
        }
    accepted = Paragraph.objects.filter(accepted_by=person).order_by("pk")
    for paragraph in accepted.iterator(chunk_size=500):
        yield {
            "what": "accepted",
            "document": paragraph.document_id,
            "number": paragraph.number,
            "machine": paragraph.machine,
            "at": paragraph.accepted_at,
        }
    for comment in Comment.objects.filter(Q(by=person) | Q(resolved_by=person)).order_by("pk"):
        is_mine, is_answered = comment.by_id == person.pk, comment.resolved_by_id == person.pk
        yield {
            "what": "comment",
            "document": comment.document_id,
            "number": comment.number,
            "text": comment.text if is_mine else None,
            "at": comment.at if is_mine else None,
            "answer": comment.answer if is_answered else None,
            "resolved_at": comment.resolved_at if is_answered else None,
        }


@tells(
    "translators_aids",
    _("Terms of glossaries that you changed, translations that you brought from elsewhere, files that wait for you"),
    of=["documents.Term.by", "documents.MemoryUnit.by", "documents.IncomingFile.by"],
)
def translators_aids(person: Person) -> Rows:
    """Yield what the person put into glossaries and memories, and the files of theirs that nobody has confirmed yet."""
    for term in Term.objects.filter(by=person).select_related("consultation").order_by("pk"):
        yield {
            "what": "term",
            "number": term.pk,
            "consultation": term.consultation.slug,
            "words": term.words,
            "also": term.also,
            "note": term.note,
            "at": term.at,
        }
    units = MemoryUnit.objects.filter(by=person).select_related("consultation").order_by("pk")
    for unit in units.iterator(chunk_size=500):
        yield {
            "what": "translation",
            "consultation": unit.consultation.slug,
            "from": unit.source_language,
            "into": unit.language,
            "source": unit.source,
            "target": unit.target,
            "at": unit.at,
        }
    for file in IncomingFile.objects.filter(by=person).order_by("pk").iterator(chunk_size=5):
        yield {"what": "file", "name": file.name, "of": file.what, "at": file.at, "rows": file.rows}
