"""What a file would change in the list: shown before it is confirmed, and the same again when it is."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from plenara.core.refusals import No
from plenara.themes import checks
from plenara.themes.checks import Fault
from plenara.themes.concepts import ATTRIBUTES, Concept, as_row, cleaned


@dataclass(frozen=True)
class Change:
    """A theme that would be otherwise, and in what."""

    before: Concept
    after: Concept
    attributes: list[str]

    @property
    def was(self) -> list[tuple[str, str]]:
        """What differs, as it is now: names as in the table's columns."""
        return self._lines(self.before, self.after)

    @property
    def becomes(self) -> list[tuple[str, str]]:
        """What differs, as it would be."""
        return self._lines(self.after, self.before)

    def _lines(self, one: Concept, other: Concept) -> list[tuple[str, str]]:
        from plenara.themes.files.table import cells

        there = cells(other)
        return [(name, cell) for name, cell in cells(one).items() if cell != there[name]]


@dataclass
class Plan:
    """What would become of the list."""

    new: list[Concept] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.new and not self.changed

    @property
    def digest(self) -> str:
        """What stands for all that would change: who confirms has seen just this."""
        said = [
            [as_row(each) for each in self.new],
            [[as_row(each.before), as_row(each.after)] for each in self.changed],
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def concepts(self) -> list[Concept]:
        """Return what is to be written."""
        return [*self.new, *(each.after for each in self.changed)]


def plan(rows: Iterable[Mapping[str, Any]], there: Mapping[str, Concept], vocabulary: str) -> Plan:
    """Return what rows of a file would change. A row says of a theme what it has keys for; all else stays as it is."""
    made = Plan()
    given: dict[str, Concept] = {}
    for row in rows:
        code = str(row["code"])
        before = there.get(code)
        begin = before or Concept(code=code)
        concept = cleaned(replace(begin, **_said(row, begin)))
        concept = replace(concept, vocabulary=concept.vocabulary or vocabulary)
        if code in given:
            made.faults.append(Fault(code, No(_("The file has this theme twice."), "twice", "code")))
        elif before and isinstance(answer := checks.stays(before.vocabulary, row.get("vocabulary") or vocabulary), No):
            made.faults.append(Fault(code, answer))
        given[code] = concept
    given = _both_ways(given)
    given = placed(given, there)
    for code, concept in given.items():
        before = there.get(code)
        attributes = [name for name in ATTRIBUTES if before and getattr(before, name) != getattr(concept, name)]
        if before is None:
            made.new.append(concept)
        elif attributes:
            made.changed.append(Change(before, concept, attributes))
        else:
            made.same += 1
    touched = [each.code for each in made.concepts()]
    made.faults += [fault for each in made.concepts() for fault in checks.alone(each)]
    made.faults += checks.together({**there, **given}, touched)
    return made


def _said(row: Mapping[str, Any], begin: Concept) -> dict[str, Any]:
    """Return what a row says of a theme; of texts it says something of those languages alone that it names."""
    said = {name: row[name] for name in ATTRIBUTES if name in row}
    for name in ("labels", "alternatives", "definition"):
        if name in said:
            said[name] = {**getattr(begin, name), **said[name]}
    return said


def _both_ways(given: Mapping[str, Concept]) -> dict[str, Concept]:
    """Return concepts each of which is related to those that are related to it."""
    related = {code: set(each.related) for code, each in given.items()}
    for code, each in given.items():
        for other in each.related:
            if other in related:
                related[other].add(code)
    return {code: replace(each, related=sorted(related[code])) for code, each in given.items()}


def placed(given: Mapping[str, Concept], there: Mapping[str, Concept]) -> dict[str, Concept]:
    """Return concepts with a place among those beside them: where the file gives none, after them, in its order."""
    last: dict[str, int] = {}
    for each in [*there.values(), *given.values()]:
        last[each.broader] = max(last.get(each.broader, 0), each.position)
    found = {}
    for code, each in given.items():
        if not each.position:
            last[each.broader] += 1
            each = replace(each, position=last[each.broader])
        found[code] = each
    return found
