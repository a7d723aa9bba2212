"""Machine suggestions that translators request: made piece by piece by a worker and stored beside the rendition.

A suggestion is shown with the machine's name, only for the source that it was made from. It becomes part of the
rendition when a person takes it over; `renditions.py` keeps the label until somebody changes the words.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.machines import Failed, translation
from plenara.core.machines.requests import failure_sentence
from plenara.core.refusals import AlreadyDone, InvalidInput, require
from plenara.core.tasks import task
from plenara.core.text import clean_line, digest
from plenara.core.transaction import writes, writing
from plenara.documents import permissions
from plenara.documents.actions.changes import lock_document, log
from plenara.documents.models import Asking, Document, ParagraphText, Rendition, Suggestion
from plenara.documents.queries.translations import is_missing
from plenara.documents.validation import contents

#: Characters and statements that one task asks for, and the seconds that it may take: a model writes slowly.
MOST_CHARACTERS, MOST_TEXTS, SECONDS = 3_000, 12, 90.0
#: Seconds to wait before a machine that was busy or did not answer is asked again; after the last it has failed.
AGAIN = (20, 60)
#: Time after which a silent request counts as ended: the machine can be asked again.
SILENCE = datetime.timedelta(minutes=30)


@dataclass(frozen=True)
class _Wanted:
    """A text that needs a suggestion; for the title, `paragraph` is None."""

    paragraph: int | None
    heading: str
    text: str
    against: str
    source_digest: str

    @property
    def parts(self) -> list[str]:
        return [self.heading, self.text, self.against]


def is_running(asking: Asking | None) -> bool:
    """Return whether a machine is still working on it."""
    return asking is not None and asking.done_at is None and clock.now() - asking.at < SILENCE


@writing
def ask_for_suggestions(*, actor: Person, document: Document, language: str) -> Asking:
    """Request suggestions for everything that is missing or outdated in a language. A worker makes them."""
    document = lock_document(document)
    require(permissions.may_render(actor, document, language))
    if not translation.is_configured():
        raise InvalidInput(failure_sentence("unset"), "unset")
    if is_running(Asking.objects.filter(document=document, language=language).first()):
        raise AlreadyDone("", "running")  # a double click, or another translator's
    asking, _made = Asking.objects.update_or_create(
        document=document,
        language=language,
        defaults={"at": clock.now(), "done_at": None, "failure": "", "unusable": 0},
    )
    act = log("document.suggestions_asked", actor, document, language=language)
    _enqueue(document.pk, language, act.pk, after=0, attempt=0)
    return asking


def _enqueue(document: int, language: str, asked: int, *, after: int, attempt: int) -> None:
    wait = AGAIN[attempt - 1] if attempt else 0
    suggest.using(
        key=f"suggest-{asked}-{after}-{attempt}", run_after=clock.now() + datetime.timedelta(seconds=wait)
    ).enqueue(document_id=document, language=language, asked=asked, after=after, attempt=attempt)


@task
def suggest(*, document_id: int, language: str, asked: int, after: int, attempt: int) -> None:
    """Let the machine translate the next piece, and enqueue the one after it. Safe to run twice.

    `after` is the id of the last paragraph processed. A failure is stored as a code.
    """
    document = Document.objects.filter(pk=document_id).first()
    if document is None:
        return
    piece = _piece(document, language, after)
    if not piece:
        _end(document_id, language)
        return
    try:
        made = translation.translate(
            [part for each in piece for part in each.parts], document.source_language, language, seconds=SECONDS
        )
    except Failed as failed:
        with writes():
            if failed.is_passing and attempt < len(AGAIN):
                _enqueue(document_id, language, asked, after=after, attempt=attempt + 1)
                Asking.objects.filter(document=document_id, language=language).update(at=clock.now())
                return
        _end(document_id, language, failed.code)
        return
    with writes():
        asking = Asking.objects.select_for_update().filter(document=document_id, language=language).first()
        unusable = sum(
            not _save_suggestion(document, language, each, made[3 * n : 3 * n + 3]) for n, each in enumerate(piece)
        )
        if asking is not None:
            asking.at, asking.unusable = clock.now(), asking.unusable + unusable
            asking.save(update_fields=["at", "unusable"])
        _enqueue(document_id, language, asked, after=max(each.paragraph or 0 for each in piece) or after, attempt=0)


def _end(document_id: int, language: str, failure: str = "") -> None:
    with writes():
        Asking.objects.filter(document=document_id, language=language, done_at=None).update(
            done_at=clock.now(), failure=failure
        )


def _piece(document: Document, language: str, after: int) -> list[_Wanted]:
    piece: list[_Wanted] = []
    size = 0
    for each in _wanted(document, language, after):
        size += sum(map(len, each.parts))
        if piece and (size > MOST_CHARACTERS or len(piece) == MOST_TEXTS):
            break
        piece.append(each)
    return piece


def _wanted(document: Document, language: str, after: int) -> Iterator[_Wanted]:
    """Yield the missing or outdated texts without a suggestion from their present source, the title first."""
    there = {
        each.paragraph_id: each.source_digest
        for each in Suggestion.objects.filter(document=document, language=language, machine=translation.name())
    }
    title = document.title.get(document.source_language, "")
    made_from = digest(title)
    rendition = Rendition.objects.filter(document=document, language=language).first()
    is_done = bool(document.title.get(language)) and rendition is not None and rendition.title_digest == made_from
    if title and not after and not is_done and there.get(None) != made_from:
        yield _Wanted(None, "", title, "", made_from)
    texts: dict[int, dict[str, ParagraphText]] = {}
    for each in ParagraphText.objects.filter(
        paragraph__document=document, paragraph__gt=after, language__in=[language, document.source_language]
    ):
        texts.setdefault(each.paragraph_id, {})[each.language] = each
    for key, by_language in sorted(texts.items()):
        source, target = by_language.get(document.source_language), by_language.get(language)
        if source is None or there.get(key) == source.digest:
            continue
        if target is None or is_missing(target, source) or target.source_digest != source.digest:
            yield _Wanted(key, source.heading, source.text, source.against, source.digest)


def _save_suggestion(document: Document, language: str, it: _Wanted, made: list[str]) -> bool:
    """Save a machine's words; return whether any could be used."""
    heading, text, against = clean_line(made[0]), made[1], made[2]
    fits = len(text) <= contents.MOST_CHARACTERS and len(against) <= contents.MOST_CHARACTERS
    if not text or not fits or len(heading) > contents.MOST_TITLE:
        return False
    text = clean_line(text) if it.paragraph is None else text
    where: dict = {"document": document, "paragraph_id": it.paragraph, "language": language}
    Suggestion.objects.update_or_create(
        **where,
        defaults={
            "source_digest": it.source_digest,
            "heading": heading,
            "text": text,
            "against": against,
            "machine": translation.name(),
            "at": clock.now(),
        },
    )
    return True


def suggestions_for(document: Document, language: str) -> dict[int | None, Suggestion]:
    """Return the suggestions in a language by paragraph id; the title's under None. One query."""
    return {each.paragraph_id: each for each in Suggestion.objects.filter(document=document, language=language)}
