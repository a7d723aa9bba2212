"""Personal data in documents: export, erasure (also of quotations), retention."""

import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import Erasure, erases
from plenara.accounts.personal_data.export import Purpose, Rows, exports
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.cache_tags import invalidate
from plenara.core.tasks import task
from plenara.core.transaction import writes, writing
from plenara.documents.models import (
    Change,
    Citation,
    Comment,
    Document,
    IncomingFile,
    MemoryUnit,
    Paragraph,
    ParagraphText,
    PublishedCitation,
    Reason,
    Reference,
    Rendition,
    Signature,
    Term,
)


@task
def forget_words(*, edition_id: int) -> None:
    """Blank the quotations of an edition whose text was erased. The citations stay."""
    with writes():
        quoted = PublishedCitation.objects.filter(edition_id=edition_id).exclude(words="")
        cache_tags = {each.edition.consultation.cache_tag for each in quoted.select_related("edition__consultation")}
        quoted.update(words="")
        _forget_unaccepted(edition_id)
        Citation.objects.filter(edition_id=edition_id).exclude(words="").update(words="")
        for cache_tag in cache_tags:
            invalidate(cache_tag)


def _forget_unaccepted(edition_id: int) -> None:
    """Blank statements that a machine copied from an edition and nobody accepted, and their history."""
    copied = Paragraph.objects.filter(citations__edition=edition_id, accepted_at=None).exclude(machine="")
    ids = list(copied.values_list("pk", flat=True).distinct())
    ParagraphText.objects.filter(paragraph__in=ids).update(text="", against="", source_text="")
    Change.objects.filter(paragraph__in=ids).update(text="", against="")


@erases
def erase_signatures(erasure: Erasure) -> None:
    """Blank the person's name in signatures; done here, since the link to the person is lost afterwards."""
    signatures = Signature.objects.filter(person=erasure.person).exclude(name="")
    found = signatures.select_related("edition__consultation")
    erasure.cache_tags |= {each.edition.consultation.cache_tag for each in found}
    signatures.update(name="")


@erases
def erase_comments(erasure: Erasure) -> None:
    """Blank the person's comments and answers as a reviewer. The rows stay."""
    Comment.objects.filter(by=erasure.person).exclude(text="").update(text="")
    Comment.objects.filter(resolved_by=erasure.person).exclude(answer="").update(answer="")


@erases
def erase_quotations(erasure: Erasure) -> None:
    """Enqueue blanking of the words quoted from removed texts. No page shows them from this moment on."""
    gone = Edition.objects.filter(contribution__in=erasure.erased.get("contribution", []))
    cited = gone.filter(Q(citations__isnull=False) | Q(published_citations__isnull=False)).distinct()
    for pk in cited.values_list("pk", flat=True):
        forget_words.using(key=f"forget-words-{pk}").enqueue(edition_id=pk)


@erases
def erase_unconfirmed_files(erasure: Erasure) -> None:
    """Delete the person's unconfirmed translators' files."""
    IncomingFile.objects.filter(by=erasure.person).delete()


@exports(
    "documents",
    _("Documents that you started, wrote in, approved, translated or reviewed, and your words in them"),
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
    purpose=Purpose.WORK,
)
def export_documents(person: Person) -> Rows:
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
            "cites": f"{reference.statement.edition.symbol} § {reference.statement.public_number}",
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


@exports(
    "documents_reviewing",
    _("Changes that you made in documents, machine texts that you accepted, comments that you made or resolved"),
    of=[
        "documents.Change.by",
        "documents.Comment.by",
        "documents.Comment.resolved_by",
        "documents.Paragraph.accepted_by",
    ],
    purpose=Purpose.WORK,
)
def export_reviews(person: Person) -> Rows:
    """Yield the person's changes, acceptances, comments and answers."""
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
        is_author, is_answered = comment.by_id == person.pk, comment.resolved_by_id == person.pk
        yield {
            "what": "comment",
            "document": comment.document_id,
            "number": comment.number,
            "text": comment.text if is_author else None,
            "at": comment.at if is_author else None,
            "answer": comment.answer if is_answered else None,
            "resolved_at": comment.resolved_at if is_answered else None,
        }


@exports(
    "translators_aids",
    _("Glossary terms that you changed, translations that you imported, and files that you uploaded"),
    of=["documents.Term.by", "documents.MemoryUnit.by", "documents.IncomingFile.by"],
    purpose=Purpose.WORK,
)
def export_translation_aids(person: Person) -> Rows:
    """Yield the person's additions to glossaries and memories, and their unconfirmed files."""
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


#: How long an unconfirmed file is stored.
UNCONFIRMED = datetime.timedelta(days=7)


@writing
def delete_unconfirmed_files() -> int:
    """Delete the files uploaded more than seven days ago; return how many. Rows taken from them stay."""
    files, _by_model = IncomingFile.objects.filter(at__lt=clock.now() - UNCONFIRMED).delete()
    return files
