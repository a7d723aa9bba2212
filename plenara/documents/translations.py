"""What waits to be translated, across all consultations and languages of a person. A fixed number of queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from plenara.consultations.models import Role, RoleName
from plenara.consultations.rules import roles_of
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.documents.kinds import Translating, kind_of, translated_kinds
from plenara.documents.models import Document, Rendition, RenditionState, State
from plenara.documents.workload import Left, workload

#: Roles that see where every language stands, whether they translate or not.
SEE_ALL = (RoleName.RAPPORTEUR, RoleName.ORGANIZER)
_NONE_DUE = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Waiting:
    """A document in one language that somebody has still to translate, review or publish."""

    left: Left
    is_mine: bool  # whether the person is a translator into the language
    translators: list[str] = field(default_factory=list)

    @property
    def document(self) -> Document:
        return self.left.document

    @property
    def name(self) -> str:
        """What the document is called."""
        number = self.document.number
        return kind_of(self.document.kind).label(number) if number else self._kind.in_making()

    @property
    def url(self) -> str:
        """Where it is translated."""
        return self._kind.url(self.document, self.left.language)

    @property
    def is_settled(self) -> bool:
        """Whether the original is approved: before that it may still change."""
        return self.document.state in (State.APPROVED, State.PUBLISHED)

    @property
    def due_at(self) -> datetime.datetime | None:
        """When it should be published."""
        return self._kind.due_at(self.document)

    @property
    def is_late(self) -> bool:
        """Whether that moment has passed."""
        return self.due_at is not None and self.due_at < clock.now()

    @property
    def since(self) -> datetime.datetime:
        """When it could be begun."""
        return self.document.approved_at or self.document.created_at

    @property
    def _kind(self) -> Translating:
        return translated_kinds()[self.document.kind]


def translations_waiting(person: Any) -> list[Waiting]:
    """Return what is not published yet, the most urgent and oldest first. Five queries at most.

    Where there are documents with reasons or sections, two more.
    """
    languages = _languages(person)
    if not languages:
        return []
    documents = _documents(languages)
    done = _done(documents)
    wanted = {
        each.pk: [code for code in languages[each.consultation_id] if (each.pk, code) not in done] for each in documents
    }
    documents = [each for each in documents if any(code != each.source_language for code in wanted[each.pk])]
    translators = _translators(languages)
    mine = {(where, code) for where, name, code in roles_of(person) if name == RoleName.TRANSLATOR}
    found = [
        Waiting(
            left,
            (left.document.consultation_id, left.language) in mine,
            translators.get((left.document.consultation_id, left.language), []),
        )
        for left in workload(documents, wanted)
        if left.total
    ]
    return sorted(found, key=lambda each: (each.due_at or _NONE_DUE, each.since, each.document.pk))


def _documents(consultations: Iterable[int]) -> list[Document]:
    kinds = translated_kinds()
    related = {name for each in kinds.values() for name in each.related}
    found = Document.objects.filter(consultation__in=list(consultations), kind__in=kinds)
    return list(found.select_related("consultation", *sorted(related)))


def _languages(person: Any) -> dict[int, list[str]]:
    """Return, by consultation, the languages whose state a person may see."""
    found: dict[int, set[str]] = {}
    for where, name, code in roles_of(person):
        if name in SEE_ALL:
            found.setdefault(where, set()).update(NAMES)
        elif name == RoleName.TRANSLATOR:
            found.setdefault(where, set()).add(code)
    return {where: [code for code in NAMES if code in codes] for where, codes in found.items()}


def _done(documents: Iterable[Document]) -> set[tuple[int, str]]:
    """Return the documents and languages in which nothing is left: published, or only the original is waited for."""
    states = {each.pk: each.state for each in documents}
    rows = Rendition.objects.filter(
        document__in=states, state__in=(RenditionState.PUBLISHED, RenditionState.REVIEWED)
    ).values_list("document", "language", "state")
    return {
        (document, code)
        for document, code, state in rows
        if state == RenditionState.PUBLISHED or states[document] != State.PUBLISHED
    }


def _translators(consultations: Iterable[int]) -> dict[tuple[int, str], list[str]]:
    rows = Role.objects.filter(
        consultation__in=list(consultations),
        name=RoleName.TRANSLATOR,
        person__is_active=True,
        person__suspended_at=None,
    )
    found: dict[tuple[int, str], list[str]] = {}
    for where, code, name in rows.order_by("pk").values_list("consultation", "language", "person__name"):
        found.setdefault((where, code), []).append(name)
    return found
