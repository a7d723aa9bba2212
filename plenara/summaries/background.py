"""The letters that follow what is done to a summary."""

from typing import Any

from plenara.accounts.models import Person
from plenara.core.languages import in_language
from plenara.core.transaction import writes
from plenara.documents.models import Document, DocumentEdition, PublishedCitation
from plenara.mail import letters
from plenara.summaries import tasks


def tell_cited(edition_id: int) -> None:
    """Enqueue each author whose words an edition cites one letter, and never a second one for the same summary."""
    edition = DocumentEdition.objects.get(pk=edition_id)
    authors = (
        PublishedCitation.objects.filter(paragraph__edition=edition, edition__status="published")
        .exclude(edition__contribution__author=None)
        .order_by("edition__contribution__author")
        .values_list("edition__contribution__author", flat=True)
        .distinct()
    )
    with writes():
        for person in authors:
            tasks.cited_letter.using(key=f"summary-cited-letter-{edition.document_id}-{person}").enqueue(
                edition_id=edition_id, person_id=person
            )


def cited_letter(edition_id: int, person_id: int) -> None:
    """Tell an author in which statements their contributions are cited."""
    edition = DocumentEdition.objects.select_related("consultation").get(pk=edition_id)
    person = _reader(person_id)
    cited = (
        PublishedCitation.objects.filter(
            paragraph__edition=edition, edition__contribution__author_id=person_id, edition__status="published"
        )
        .order_by("edition__number", "paragraph__number")
        .values_list("edition__number", "edition__symbol", "paragraph__number")
        .distinct()
    )
    statements: dict[tuple[int, str], list[int]] = {}
    for number, symbol, statement in cited:
        statements.setdefault((number, symbol), []).append(statement)
    if person is None or not statements:
        return  # erased, or everything cited was withdrawn meanwhile
    found = [
        {"number": number, "symbol": symbol, "statements": numbers} for (number, symbol), numbers in statements.items()
    ]
    _send(
        person,
        "cited",
        edition.consultation,
        key=f"summary-cited-letter-{edition.document_id}-{person_id}",
        number=edition.number,
        symbol=edition.symbol,
        contributions=found,
        path=f"consultations/{edition.consultation.slug}/summaries/{edition.number}/",
    )


def approval_letter(occasion: int, document_id: int, person_id: int) -> None:
    """Tell an organizer that a summary waits for approval."""
    _about(occasion, document_id, person_id, "approval", "review/")


def sent_back_letter(occasion: int, document_id: int, person_id: int) -> None:
    """Tell a writer that a summary came back."""
    _about(occasion, document_id, person_id, "sent_back", "")


def rendition_letter(occasion: int, document_id: int, person_id: int, language: str) -> None:
    """Tell a translator that a summary waits to be translated."""
    _about(occasion, document_id, person_id, "rendition", f"renditions/{language}/", rendition=language)


def _about(occasion: int, document_id: int, person_id: int, template: str, tail: str, **more: Any) -> None:
    document = Document.objects.select_related("consultation", "summary").get(pk=document_id)
    person = _reader(person_id)
    if person is None:
        return
    consultation = document.consultation
    _send(
        person,
        template,
        consultation,
        key=f"summary-{template}-{occasion}-{person_id}-{more.get('rendition', '')}",
        number=document.number,
        document=document,
        summary=document.summary,
        path=f"desk/consultations/{consultation.slug}/summaries/{document.summary.pk}/{tail}",
        **more,
    )


def _reader(person_id: int) -> Person | None:
    return Person.objects.filter(pk=person_id, is_active=True).first()


def _send(person: Person, template: str, consultation: Any, *, key: str, **context: Any) -> None:
    letters.send(
        to=person,
        template=f"summaries/mail/{template}",
        context={
            "consultation": consultation,
            "consultation_title": in_language(consultation.title, person.language).text,
            **context,
        },
        key=key,
    )
