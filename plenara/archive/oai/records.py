"""Records as a harvester gets them: identifier, datestamp, sets, and what is told in Dublin Core."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Substr

from plenara.accounts.installation import installation
from plenara.archive import told
from plenara.archive.feeds import MOST
from plenara.archive.oai import dublin_core, sets
from plenara.archive.oai.dublin_core import Element
from plenara.archive.oai.streams import documents, editions
from plenara.archive.scope import with_words
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Edition
from plenara.core.describing import oai_identifier
from plenara.core.languages import Localized
from plenara.documents.models import DocumentEdition
from plenara.themes.reading import labels

#: What the name of a repository may be (oai-identifier, 2006); an address of this machine alone is none.
DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+", re.ASCII)


@dataclass(frozen=True)
class Record:
    """A record. One that is deleted has nothing to tell but that."""

    identifier: str
    changed_at: datetime.datetime
    sets: list[str]
    is_deleted: bool = False
    told: list[Element] = field(default_factory=list)


def domain() -> str:
    """Return the name under which this repository's identifiers stand."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def identifier(name: str) -> str:
    """Return the identifier of a contribution by its id, of a summary by its symbol."""
    return oai_identifier(name)


def find(wanted: str, *, told: bool = True) -> Record | None:
    """Return the record with an identifier, if there is one. At most eight queries."""
    start = f"oai:{domain()}:"
    name = unquote(wanted.removeprefix(start))
    if not wanted.startswith(start) or "\0" in name or identifier(name) != wanted:
        return None
    found = of_editions(editions().filter(contribution__public_id=name), told=told)
    found = found or of_documents(documents().filter(document__symbol=name), told=told)
    return next(iter(found.values()), None)


def of_editions(rows: QuerySet[Edition], *, told: bool, asked: str = "") -> dict[int, Record]:
    """Return contributions as records, by key; without what is told of them where headers do. Five queries.

    `asked` is the set that is gone through: a tombstone has lost its language, and names the one that is asked for.
    """
    read = with_words(rows).select_related("contribution").defer("text__content", "paper__text")
    read = read.annotate(opening=Substr("text__content", 1, MOST + 1 if told else 1))
    found = list(read if told else read.prefetch_related(None))
    consultations = _consultations(each.consultation_id for each in found)
    threads = Thread.objects.only("number", "themes").in_bulk({each.thread_id for each in found})
    publisher = installation().name if told else ""
    called = labels({code for each in threads.values() for code in each.themes}, "en") if told else {}
    return {
        each.pk: _of_edition(
            each, consultations[each.consultation_id], threads[each.thread_id], publisher, asked, called
        )
        for each in found
    }


def _of_edition(
    edition: Edition,
    consultation: Consultation,
    thread: Thread,
    publisher: str,
    asked: str,
    called: dict[str, Localized],
) -> Record:
    if edition.text:
        edition.text.content = edition.opening  # type: ignore[attr-defined]
    is_there = told.is_told(edition)
    own = [sets.of_thread(consultation.slug, thread.number), *(sets.of_theme(code) for code in thread.themes)]
    if is_there:
        own.append(sets.of_language(edition.language))
    elif asked.startswith(f"{sets.LANGUAGES}:"):
        own.append(asked)
    is_described = is_there and publisher
    return Record(
        identifier(edition.public_id),  # type: ignore[attr-defined]
        edition.changed_at,
        own,
        not is_there,
        list(dublin_core.of_edition(edition, consultation, thread, publisher, called)) if is_described else [],
    )


def of_documents(rows: QuerySet[DocumentEdition], *, told: bool) -> dict[int, Record]:
    """Return summaries and outcomes as records, by key. Five queries."""
    read = rows.select_related("document", "outcome__outcome__body").prefetch_related(
        "renditions", *(["signatures"] if told else [])
    )
    found = list(read)
    consultations = _consultations(each.consultation_id for each in found)
    publisher = installation().name if told and found else ""
    records = {}
    for each in found:
        consultation = consultations[each.consultation_id]
        languages = sorted(it.language for it in each.renditions.all() if it.in_force)
        records[each.pk] = Record(
            identifier(each.document.symbol or each.symbol),
            each.changed_at,  # type: ignore[attr-defined]
            [sets.of_consultation(consultation.slug), *map(sets.of_language, languages)],
            told=list(dublin_core.of_document(each, consultation, publisher)) if told else [],
        )
    return records


def _consultations(keys: Iterable[int]) -> dict[int, Consultation]:
    return Consultation.objects.only("slug", "symbol", "title", "licence", "source").in_bulk(set(keys))
