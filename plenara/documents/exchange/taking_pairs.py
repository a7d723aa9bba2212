"""What a file would add to a consultation's memory of translations; and taking it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from plenara.consultations.models import Consultation
from plenara.core import audit, clock
from plenara.core.refusals import require
from plenara.core.text import digest
from plenara.core.transaction import writing
from plenara.documents.exchange.taking import What, done, held, languages_of, may_bring
from plenara.documents.exchange.tmx import MOST_UNITS, Pair
from plenara.documents.models import IncomingFile, MemoryUnit

_BATCH = 500


@dataclass
class MemoryChanges:
    """What becomes of a memory's file: how many pairs of each kind."""

    added: list[MemoryUnit] = field(default_factory=list)
    replaced: list[MemoryUnit] = field(default_factory=list)  # the source is there with another translation
    known: int = 0  # the same is there already, or stands in the file before
    refused: int = 0  # into a language into which the person does not translate
    too_many: int = 0


def memory_changes(actor: Any, consultation: Consultation, rows: Sequence[Sequence[str]]) -> MemoryChanges:
    """Return what a file would add to a memory. One query for each pair of languages."""
    mine, found = set(languages_of(actor, consultation)), MemoryChanges()
    present = MemoryUnit.objects.filter(consultation=consultation)
    room = MOST_UNITS - present.count()
    by_pair: dict[tuple[str, str], list[Pair]] = {}
    for row in rows:
        pair = Pair(*row)
        if pair.language in mine:
            by_pair.setdefault((pair.source_language, pair.language), []).append(pair)
        else:
            found.refused += 1
    for (source_language, language), pairs in by_pair.items():
        units = present.filter(source_language=source_language, language=language)
        there = {each.source_digest: each for each in units.iterator(chunk_size=2000)}
        seen: set[str] = set()
        for pair in pairs:
            key = digest(pair.source)
            unit = there.get(key)
            if key in seen or (unit and unit.target == pair.target):
                found.known += 1
            elif unit:
                unit.target = pair.target
                found.replaced.append(unit)
            elif room <= 0:
                found.too_many += 1
            else:
                room -= 1
                found.added.append(
                    MemoryUnit(
                        consultation=consultation, source_language=source_language, language=language,
                        source=pair.source, target=pair.target, source_digest=key,
                    )
                )  # fmt: skip
            seen.add(key)
    return found


@writing
def take_memory(*, actor: Any, file: IncomingFile) -> MemoryChanges:
    """Add the pairs of a file to the consultation's memory; return how many of each kind there were."""
    file = held(file, What.MEMORY)
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=file.consultation_id)
    require(may_bring(actor, consultation, What.MEMORY, None, ""))
    found = memory_changes(actor, consultation, file.rows)
    now = clock.now()
    for unit in (*found.added, *found.replaced):
        unit.by, unit.at = actor, now
    MemoryUnit.objects.bulk_create(found.added, batch_size=_BATCH)
    for unit in found.replaced:
        unit.pk = None  # told again as what it is, whatever row it has
    MemoryUnit.objects.bulk_create(
        found.replaced,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["consultation", "source_language", "language", "source_digest"],
        update_fields=["target", "by", "at"],
    )
    done(file)
    audit.log(
        "memory.file_taken",
        actor=actor,
        about=consultation,
        consultation=consultation,
        added=len(found.added),
        replaced=len(found.replaced),
        known=found.known,
        refused=found.refused,
    )
    return found
