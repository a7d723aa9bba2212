"""What waits to be translated, across all consultations and languages of a person. A fixed number of queries."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.common import clock
from plenara.common.languages import NAMES
from plenara.consultations.models import Role, RoleName
from plenara.consultations.rules import roles_of
from plenara.documents.models import Rendition, RenditionState, State
from plenara.documents.workload import Left, workload
from plenara.summaries.kind import SUMMARY
from plenara.summaries.models import Summary

#: Roles that see where every language stands, whether they translate or not.
SEE_ALL = (RoleName.RAPPORTEUR, RoleName.ORGANIZER)
_NONE_DUE = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Waiting:
    """A summary in one language that somebody has still to translate, review or publish."""

    summary: Summary
    left: Left
    is_mine: bool  # whether the person is a translator into the language
    translators: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the summary is called."""
        number = self.summary.document.number
        return SUMMARY.label(number) if number else _("A summary in the making")

    @property
    def url(self) -> str:
        """Where it is translated."""
        here = [self.summary.consultation.slug, self.summary.pk, self.left.language]
        return reverse("summaries:rendition", args=here)

    @property
    def is_settled(self) -> bool:
        """Whether the original is approved: before that it may still change."""
        return self.summary.document.state in (State.APPROVED, State.PUBLISHED)

    @property
    def due_at(self) -> datetime.datetime | None:
        """When it should be published."""
        return self.summary.translations_due_at

    @property
    def is_late(self) -> bool:
        """Whether that moment has passed."""
        return self.due_at is not None and self.due_at < clock.now()

    @property
    def since(self) -> datetime.datetime:
        """When it could be begun."""
        return self.summary.document.approved_at or self.summary.document.created_at


def translations_waiting(person: Any) -> list[Waiting]:
    """Return what is not published yet, the most urgent and oldest first. Five queries at most."""
    languages = _languages(person)
    if not languages:
        return []
    summaries = list(
        Summary.objects.filter(consultation__in=languages).select_related("document__consultation", "consultation")
    )
    done = _done(summaries)
    wanted = {
        each.document_id: [code for code in languages[each.consultation_id] if (each.document_id, code) not in done]
        for each in summaries
    }
    summaries = [
        each for each in summaries if any(code != each.document.source_language for code in wanted[each.document_id])
    ]
    by_document = {each.document_id: each for each in summaries}
    translators = _translators(languages)
    mine = {(where, code) for where, name, code in roles_of(person) if name == RoleName.TRANSLATOR}
    found = [
        Waiting(
            by_document[left.document.pk],
            left,
            (left.document.consultation_id, left.language) in mine,
            translators.get((left.document.consultation_id, left.language), []),
        )
        for left in workload([each.document for each in summaries], wanted)
        if left.total
    ]
    return sorted(found, key=lambda each: (each.due_at or _NONE_DUE, each.since, each.summary.pk))


def _languages(person: Any) -> dict[int, list[str]]:
    """Return, by consultation, the languages whose state a person may see."""
    found: dict[int, set[str]] = {}
    for where, name, code in roles_of(person):
        if name in SEE_ALL:
            found.setdefault(where, set()).update(NAMES)
        elif name == RoleName.TRANSLATOR:
            found.setdefault(where, set()).add(code)
    return {where: [code for code in NAMES if code in codes] for where, codes in found.items()}


def _done(summaries: Iterable[Summary]) -> set[tuple[int, str]]:
    """Return the documents and languages in which nothing is left: published, or only the original is waited for."""
    states = {each.document_id: each.document.state for each in summaries}
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
