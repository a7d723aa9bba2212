"""What a list goes through: contributions, then summaries, each in an order of its own and a page at a time.

A page is found by the key after which it begins, in an index; the hundredth costs what the first does. What changes
while somebody reads on moves to the end of its order, so that it is read again and nothing is left out.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from plenara.archive.oai import sets
from plenara.archive.oai.asking import Period, Wrong
from plenara.consultations.models import Consultation, State, Thread
from plenara.contributions.models import Edition
from plenara.documents.models import DocumentEdition, PublishedRendition

type Key = tuple[int, datetime.datetime, int]  # question where the order goes by it, moment of change, primary key


@dataclass(frozen=True)
class Stream:
    """Rows of one table, in the order of their changes; or of several questions, one question after the other."""

    rows: QuerySet[Any]
    threads: Sequence[int] = field(default=())

    def page(self, after: Key | None, limit: int) -> list[Key]:
        """Return the keys that follow one. Three queries at most."""
        order = ["thread_id", "changed_at", "pk"] if self.threads else ["changed_at", "pk"]
        found: list[Key] = []
        for part in self._parts(after):
            if len(found) < limit:
                keys = part.order_by(*order).values_list(*order)[: limit - len(found)]
                found += [(thread[0] if thread else 0, at, pk) for *thread, at, pk in keys]
        return found

    def _parts(self, after: Key | None) -> list[QuerySet[Any]]:
        """Return what follows a key as questions that an index answers: the same moment, later ones, the rest."""
        if after is None:
            return [self.rows.filter(thread__in=self.threads) if self.threads else self.rows]
        thread, at, pk = after
        here = self.rows.filter(thread=thread) if self.threads else self.rows
        parts = [here.filter(changed_at=at, pk__gt=pk), here.filter(changed_at__gt=at)]
        if rest := [each for each in self.threads if each > thread]:
            parts.append(self.rows.filter(thread__in=rest))
        return parts


def editions() -> QuerySet[Edition]:
    """Return the contributions of the record, tombstones among them. One query, for what is a draft."""
    return _public(Edition.objects.filter(in_force=True))


def documents() -> QuerySet[DocumentEdition]:
    """Return the summaries of the record. One of them changes with each translation that joins it."""
    joined = PublishedRendition.objects.filter(edition=OuterRef("pk"), in_force=True).order_by().values("edition")
    last = Subquery(joined.annotate(last=Max("published_at")).values("last"))
    found = DocumentEdition.objects.filter(in_force=True)
    return _public(found.annotate(changed_at=Greatest("minted_at", Coalesce(last, F("minted_at")))))


def _public[Rows: QuerySet[Any]](rows: Rows) -> Rows:
    # By name, not by a join: no planner may begin with the consultations and sort all that is theirs.
    drafts = list(Consultation.objects.filter(stage=State.DRAFT).values_list("pk", flat=True))
    return rows.exclude(consultation_id__in=drafts) if drafts else rows


def streams_of(spec: str, period: Period) -> list[Stream]:
    """Return what a set is made of, as it changed in a period. Raises `Wrong` where there is no such set."""
    within: dict[str, Any] = {}
    if period.start:
        within["changed_at__gte"] = period.start
    if period.end:
        within["changed_at__lt"] = period.end
    contributions, summaries = editions().filter(**within), documents().filter(**within)
    kind, word, question = sets.parts_of(spec) if spec else (sets.CONSULTATIONS, "", None)
    if kind == sets.THEMES:
        threads = sets.threads_of_theme(word)
        return [Stream(contributions, threads)] if threads else []
    if not word:
        return [Stream(contributions), Stream(summaries)]
    if kind == sets.LANGUAGES:
        # A tombstone has lost its language: every one tells of it, or its words would stay with who has them.
        spoken = summaries.filter(renditions__language=word, renditions__in_force=True)
        return [Stream(contributions.filter(language=of)) for of in (word, "")] + [Stream(spoken)]
    consultation = Consultation.objects.filter(slug=word).values_list("pk", flat=True).first()
    if consultation is None:
        raise Wrong("noRecordsMatch", "There is no such set.")
    if question is None:
        return [Stream(each.filter(consultation=consultation)) for each in (contributions, summaries)]
    thread = Thread.objects.filter(consultation=consultation, number=question).values_list("pk", flat=True).first()
    return [Stream(contributions.filter(thread=thread))] if thread else []


def earliest() -> datetime.datetime | None:
    """Return when the first of all records, deleted ones among them, changed. Three queries."""
    moments = [
        editions().order_by("changed_at", "pk").values_list("changed_at", flat=True).first(),
        documents().aggregate(first=Min("minted_at"))["first"],
    ]
    return min((each for each in moments if each), default=None)
